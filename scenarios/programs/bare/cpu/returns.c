/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iret and far ret (I386, the pages of IRET and RET): within a ring and to outer ones.
 *   cs null: #GP(0); RPL below CPL, beyond, not code, DPL other than RPL (conforming: above): #GP(selector); not
 *   present: #NP(selector); to an outer ring also ss: null: #GP(0); RPL other than cs's, not writable data, DPL other:
 *   #GP(selector); not present: #SS(selector); data segments of inner rings become null
 */
#include "cpu.h"

SNIPPET(do_iret, "iret");
SNIPPET(do_lret, "lret");
SNIPPET(do_lret_8, "lret $8");
SNIPPET(landing, "movl %esp, %ebx\nmovl %ss, %ecx\nmovl %cs, %edx\npushfl\npopl %eax\n"
        "movl %ds, %esi\nmovl %es, %edi\nmovl %fs, %ebp");

enum { RETURN_IRET, RETURN_LRET };

/* A trial in a ring with a return frame on its stack: eip, cs, (eflags,) esp, ss. */
static struct frame returning(unsigned ring, unsigned kind, uint32_t cs, uint32_t eflags, uint32_t esp, uint32_t ss)
{
	struct frame frame = in_ring(ring, kind == RETURN_IRET ? do_iret : do_lret);
	uint32_t *at = (uint32_t *)(frame.esp -= 20);
	*at++ = (uint32_t)landing;
	*at++ = cs;
	if (kind == RETURN_IRET)
		*at++ = eflags;
	*at++ = esp;
	*at = ss;
	return frame;
}

static uint32_t stack_top(unsigned ring)
{
	return in_ring(ring, 0).esp;
}

struct target {
	const char *text;
	unsigned ring;
	uint32_t cs, ss;
	unsigned access;      /* of SCRATCH */
	unsigned vector;      /* 0: it returns */
	uint32_t error;
};

#define P PRESENT
static const struct target targets[] = {
	{ "to ring 1", 0, CODE1, DATA1, 0, 0, 0 },
	{ "to ring 3", 0, CODE3, DATA3, 0, 0, 0 },
	{ "from ring 1 to ring 3", 1, CODE3, DATA3, 0, 0, 0 },
	{ "to conforming code in ring 3", 0, CONFORMING | 3, DATA3, 0, 0, 0 },
	{ "cs null: #GP(0)", 0, 0, DATA3, 0, GP, 0 },
	{ "cs null with RPL 3: #GP(0)", 0, 3, DATA3, 0, GP, 0 },
	{ "cs beyond the GDT: #GP(selector)", 0, GDT_END | 3, DATA3, 0, GP, GDT_END },
	{ "cs is data: #GP(selector)", 0, DATA3, DATA3, 0, GP, DATA3 & ~3 },
	{ "to an inner ring: #GP(selector)", 3, CODE0, DATA0, 0, GP, CODE0 },
	{ "from ring 1 to ring 0: #GP(selector)", 1, CODE0, DATA0, 0, GP, CODE0 },
	{ "cs of DPL 0 with RPL 3: #GP(selector)", 0, CODE0 | 3, DATA3, 0, GP, CODE0 },
	{ "cs of DPL 3 with RPL 1: #GP(selector)", 0, CODE3 & ~2, DATA1, 0, GP, CODE3 & ~3 },
	{ "conforming cs of DPL above RPL: #GP(selector)", 0, SCRATCH | 1, DATA1, P | CODE_CR | DPL3, GP, SCRATCH },
	{ "cs not present: #NP(selector)", 0, SCRATCH | 3, DATA3, CODE_R | DPL3, NP, SCRATCH },
	{ "ss null: #GP(0)", 0, CODE3, 0, 0, GP, 0 },
	{ "ss null with RPL 3: #GP(0)", 0, CODE3, 3, 0, GP, 0 },
	{ "ss beyond the GDT: #GP(selector)", 0, CODE3, GDT_END | 3, 0, GP, GDT_END },
	{ "ss of another RPL: #GP(selector)", 0, CODE3, DATA3 & ~3, 0, GP, DATA3 & ~3 },
	{ "ss of another DPL: #GP(selector)", 0, CODE3, DATA0 | 3, 0, GP, DATA0 },
	{ "ss is code: #GP(selector)", 0, CODE3, CODE3, 0, GP, CODE3 & ~3 },
	{ "ss read-only: #GP(selector)", 0, CODE3, SCRATCH | 3, P | DATA_R | DPL3, GP, SCRATCH },
};
#undef P

static void outer(unsigned kind)
{
	for (unsigned i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		const struct target *row = &targets[i];
		struct frame frame = returning(row->ring, kind, row->cs, FLAG_ONE, stack_top(3), row->ss);
		set_descriptor(SCRATCH, 0, 0xfffff, row->access, BIG | GRANULAR);
		run(&frame);
		if (row->vector)
			claim_trap(row->text, row->vector, row->error, (void *)frame.eip);
		else
			claim(row->text, outcome.vector == DONE && (outcome.edx & 0xffff) == row->cs &&
			      (outcome.ecx & 0xffff) == row->ss &&
			      outcome.ebx == stack_top(3));
		if (row->vector && row->ring == 0)
			claim_equal("a refused return leaves the stack pointer", outcome.esp, frame.esp);
	}
}

/* The manuals' descriptions say #SS, their lists of exceptions #NP. */
static void stack_not_present(unsigned kind)
{
	struct frame frame = returning(0, kind, CODE3, FLAG_ONE, stack_top(3), SCRATCH | 3);
	set_descriptor(SCRATCH, 0, 0xfffff, DATA_W | DPL3, BIG | GRANULAR);
	run(&frame);
	claim("ss not present: #SS or #NP(selector)",
	      (outcome.vector == SS || outcome.vector == NP) && outcome.error == SCRATCH && outcome.eip == frame.eip);
}

static void within(void)
{
	struct frame frame = returning(3, RETURN_IRET, CODE3, FLAG_ONE | FLAG_CF, 0, 0);
	run(&frame);
	claim("iret within ring 3 pops three words", outcome.vector == DONE && outcome.ebx == frame.esp + 12 &&
	      outcome.eax & FLAG_CF);
	frame = returning(3, RETURN_LRET, CODE3, 0, 0, 0);
	run(&frame);
	claim("ret far within ring 3 pops two words", outcome.vector == DONE && outcome.ebx == frame.esp + 8);
	frame = returning(0, RETURN_IRET, CODE0, FLAG_ONE, 0, 0);
	run(&frame);
	claim("iret within ring 0 pops three words", outcome.vector == DONE && outcome.ebx == frame.esp + 12);
	frame = returning(3, RETURN_LRET, CODE3, 0, 0, 0);
	frame.eip = (uint32_t)do_lret_8;
	run(&frame);
	claim("ret far 8 within a ring takes 8 bytes more", outcome.vector == DONE && outcome.ebx == frame.esp + 16);
}

/* ret far n to an outer ring takes n bytes from both stacks: the return frame's second half stands after them. */
static void outer_with_bytes(void)
{
	struct frame frame = in_ring(0, do_lret_8);
	uint32_t *at = (uint32_t *)(frame.esp -= 24);
	uint32_t words[6] = { (uint32_t)landing, CODE3, 0x1111, 0x2222, stack_top(3), DATA3 };
	for (unsigned i = 0; i < 6; i++)
		at[i] = words[i];
	run(&frame);
	claim("ret far 8 to ring 3 takes 8 bytes from its stack too", outcome.vector == DONE &&
	      outcome.ebx == stack_top(3) + 8);
}

static void data_segments(void)
{
	struct frame frame = returning(0, RETURN_IRET, CODE3, FLAG_ONE, stack_top(3), DATA3);
	frame.ds = DATA0;
	frame.es = DATA3;
	frame.fs = CONFORMING;
	run(&frame);
	claim_equal("a data segment of ring 0 becomes null in ring 3", outcome.esi & 0xffff, 0);
	claim_equal("a data segment of ring 3 stays", outcome.edi & 0xffff, DATA3);
	claim_equal("conforming code stays", outcome.ebp & 0xffff, CONFORMING);
	frame = returning(0, RETURN_LRET, CODE1, 0, stack_top(1), DATA1);
	frame.ds = DATA0;
	frame.es = DATA1;
	run(&frame);
	claim("ret far to ring 1 does the same", outcome.vector == DONE && (outcome.esi & 0xffff) == 0 &&
	      (outcome.edi & 0xffff) == DATA1);
}

/* IF is the business of rings within IOPL, IOPL that of ring 0. */
static void flags_of_iret(void)
{
	const uint32_t wanted = FLAG_ONE | FLAG_IF | FLAG_IOPL_3;
	struct frame frame = returning(3, RETURN_IRET, CODE3, wanted, 0, 0);
	run(&frame);
	claim_equal("iret in ring 3, IOPL 0, changes neither IF nor IOPL", outcome.eax & (FLAG_IF | FLAG_IOPL_3), 0);
	frame = returning(3, RETURN_IRET, CODE3, FLAG_ONE | FLAG_IF, 0, 0);
	frame.eflags |= FLAG_IOPL_3;
	run(&frame);
	claim_equal("iret in ring 3, IOPL 3, changes IF and not IOPL", outcome.eax & (FLAG_IF | FLAG_IOPL_3),
	            FLAG_IF | FLAG_IOPL_3);
	frame = returning(0, RETURN_IRET, CODE3, wanted, stack_top(3), DATA3);
	run(&frame);
	claim_equal("iret in ring 0 changes both", outcome.eax & (FLAG_IF | FLAG_IOPL_3), FLAG_IF | FLAG_IOPL_3);
	frame = returning(1, RETURN_IRET, CODE1, FLAG_ONE | FLAG_IF, 0, 0);
	frame.eflags |= FLAG_IOPL_1;
	run(&frame);
	claim_equal("iret in ring 1, IOPL 1, changes IF and not IOPL", outcome.eax & (FLAG_IF | FLAG_IOPL_3),
	            FLAG_IF | FLAG_IOPL_1);
}

void chapter_returns(void)
{
	chapter("iret");
	outer(RETURN_IRET);
	stack_not_present(RETURN_IRET);
	flags_of_iret();
	chapter("ret far");
	outer(RETURN_LRET);
	stack_not_present(RETURN_LRET);
	outer_with_bytes();
	chapter("returns");
	within();
	data_segments();
	reset_tables();
}
