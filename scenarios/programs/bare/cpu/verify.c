/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lar, lsl, verr, verw, arpl (I386, their pages): questions about selectors, which set ZF and never fault for what the
 * selector says.
 */
#include "cpu.h"

SNIPPET(ask_lar, "larl %eax, %ecx\nsetz %bl");
SNIPPET(ask_lsl, "lsll %eax, %ecx\nsetz %bl");
SNIPPET(ask_verr, "verr %ax\nsetz %bl");
SNIPPET(ask_verw, "verw %ax\nsetz %bl");
SNIPPET(do_arpl, "arpl %cx, %ax\nsetz %bl");

struct question {
	const char *text;
	unsigned ring, access, selector;
	bool lar, lsl, verr, verw;
};

#define P PRESENT
static const struct question questions[] = {
	{ "null", 0, 0, 0, false, false, false, false },
	{ "beyond the GDT", 0, 0, GDT_END, false, false, false, false },
	{ "read-only data", 0, P | DATA_R, SCRATCH, true, true, true, false },
	{ "writable data", 0, P | DATA_W, SCRATCH, true, true, true, true },
	{ "execute-only code", 0, P | CODE_X, SCRATCH, true, true, false, false },
	{ "readable code", 0, P | CODE_R, SCRATCH, true, true, true, false },
	{ "conforming code of DPL 0 in ring 3", 3, P | CODE_CR, SCRATCH | 3, true, true, true, false },
	{ "data of DPL 0 in ring 3", 3, P | DATA_W, SCRATCH, false, false, false, false },
	{ "data of DPL 0 with RPL 3 in ring 0", 0, P | DATA_W, SCRATCH | 3, false, false, false, false },
	{ "data of DPL 3 in ring 3", 3, P | DATA_W | DPL3, SCRATCH | 3, true, true, true, true },
	{ "data that is not present", 0, DATA_W, SCRATCH, true, true, true, true },
	{ "a TSS", 0, P | SYS_TSS, SCRATCH, true, true, false, false },
	{ "an LDT", 0, P | SYS_LDT, SCRATCH, true, true, false, false },
	{ "a call gate", 0, P | SYS_CALL_GATE, SCRATCH, true, false, false, false },
	{ "a task gate", 0, P | SYS_TASK_GATE, SCRATCH, true, false, false, false },
	{ "an interrupt gate", 0, P | SYS_INTERRUPT_GATE, SCRATCH, false, false, false, false },
	{ "a trap gate", 0, P | SYS_TRAP_GATE, SCRATCH, false, false, false, false },
	{ "a descriptor of all zeros", 0, 0, SCRATCH, false, false, false, false },
};
#undef P

static bool ask(const struct question *row, const char *code)
{
	struct frame frame = in_ring(row->ring, code);
	frame.eax = row->selector;
	frame.ecx = 0xdeadbeef;
	run(&frame);
	return outcome.vector == DONE && (outcome.ebx & 1);
}

static void ask_all(const struct question *row)
{
	set_descriptor(SCRATCH, 0x12345678, 0xabcde, row->access, BIG);
	chapter(row->text);
	claim_equal("lar", ask(row, ask_lar), row->lar);
	claim_equal("lar's register", row->lar ? outcome.ecx & 0x00f0ff00 : outcome.ecx,
	            row->lar ? row->access << 8 | BIG << 20 : 0xdeadbeef);
	claim_equal("lsl", ask(row, ask_lsl), row->lsl);
	claim_equal("lsl's register", outcome.ecx, row->lsl ? 0xabcde : 0xdeadbeef);
	if (row->access & 0x10 && !(row->access & PRESENT))
		return; /* manuals and processors differ on verr and verw of segments that are not present */
	claim_equal("verr", ask(row, ask_verr), row->verr);
	claim_equal("verw", ask(row, ask_verw), row->verw);
}

void chapter_verify(void)
{
	for (unsigned i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		ask_all(&questions[i]);
	chapter("lsl, arpl");
	set_descriptor(SCRATCH, 0, 0x12, PRESENT | DATA_W, BIG | GRANULAR);
	struct frame frame = in_ring(0, ask_lsl);
	frame.eax = SCRATCH;
	run(&frame);
	claim_equal("lsl of a granular limit is in bytes", outcome.ecx, 0x12fff);
	frame = in_ring(3, do_arpl);
	frame.eax = SCRATCH | 1;
	frame.ecx = 3;
	run(&frame);
	claim("arpl raises a lower RPL", (outcome.eax & 0xffff) == (SCRATCH | 3) && (outcome.ebx & 1));
	frame.eax = SCRATCH | 3;
	frame.ecx = 1;
	run(&frame);
	claim("arpl leaves a higher RPL", (outcome.eax & 0xffff) == (SCRATCH | 3) && !(outcome.ebx & 1));
	frame.ecx = 3;
	run(&frame);
	claim("arpl leaves an equal RPL", (outcome.eax & 0xffff) == (SCRATCH | 3) && !(outcome.ebx & 1));
	reset_tables();
}
