/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Far calls and jumps (I386 6.3.4 "Restricting control transfers", 7.5, and the pages of CALL and JMP): directly, and
 * through call gates, with the checks in the manual's order.
 *   direct: null: #GP(0); beyond, not code: #GP(selector); conforming: DPL above CPL, nonconforming: RPL above CPL or
 *   DPL other than CPL: #GP(selector); not present: #NP(selector)
 *   gate: DPL below CPL or RPL: #GP(gate); not present: #NP(gate); its code selector: null: #GP(0); beyond, not code,
 *   DPL above CPL (jmp: nonconforming and other than CPL): #GP(selector); not present: #NP(selector)
 */
#include "cpu.h"

SNIPPET(look_around, "movl %esp, %ebx\nmovl %ss, %ecx\nmovl %cs, %edx");
/* Far through a pointer at [esi]: the trial chooses the selector. */
SNIPPET_AT(call_far, "lcall *(%esi)\ncall_far_at: nop");
SNIPPET(jump_far, "ljmp *(%esi)");
SNIPPET(call_direct, "lcall $0x18 | 1, $look_around");
SNIPPET_AT(call_and_return,
           "pushl $0x1111\npushl $0x2222\nlcall *(%esi)\ncall_and_return_at: movl %esp, %edi\nmovl %ss, %ebp");
SNIPPET(takes_two, "movl 8(%esp), %eax\nmovl 12(%esp), %ebx\nmovl %cs, %edx\nlret $8");

static struct { uint32_t offset; uint16_t selector; } pointer;

static struct frame far_frame(unsigned ring, const char *code, uint32_t selector, const char *target)
{
	struct frame frame = in_ring(ring, code);
	pointer.offset = (uint32_t)target;
	pointer.selector = (uint16_t)selector;
	frame.esi = (uint32_t)&pointer;
	return frame;
}

static void go(unsigned ring, const char *code, uint32_t selector)
{
	struct frame frame = far_frame(ring, code, selector, look_around);
	run(&frame);
}

struct direct {
	const char *text;
	unsigned ring, access;
	uint32_t selector;
	unsigned vector;    /* 0: it goes there */
	uint32_t error;     /* or the CS it has then */
};

#define P PRESENT
static const struct direct directs[] = {
	{ "null: #GP(0)", 0, 0, 0, GP, 0 },
	{ "null with RPL 3: #GP(0)", 3, 0, 3, GP, 0 },
	{ "beyond the GDT: #GP(selector)", 0, 0, GDT_END, GP, GDT_END },
	{ "data: #GP(selector)", 0, P | DATA_W, SCRATCH, GP, SCRATCH },
	{ "an LDT: #GP(selector)", 0, P | SYS_LDT, SCRATCH, GP, SCRATCH },
	{ "an interrupt gate in the GDT: #GP(selector)", 0, P | SYS_INTERRUPT_GATE, SCRATCH, GP, SCRATCH },
	{ "code of the same ring", 0, P | CODE_R, SCRATCH, 0, SCRATCH },
	{ "execute-only code of the same ring", 0, P | CODE_X, SCRATCH, 0, SCRATCH },
	{ "RPL above CPL: #GP(selector)", 0, P | CODE_R, SCRATCH | 3, GP, SCRATCH },
	{ "RPL below CPL: RPL becomes CPL", 3, P | CODE_R | DPL3, SCRATCH, 0, SCRATCH | 3 },
	{ "inner ring directly: #GP(selector)", 3, P | CODE_R, SCRATCH, GP, SCRATCH },
	{ "outer ring directly: #GP(selector)", 0, P | CODE_R | DPL3, SCRATCH, GP, SCRATCH },
	{ "not present: #NP(selector)", 0, CODE_R, SCRATCH, NP, SCRATCH },
	{ "not present and of another ring: #GP comes first", 3, CODE_R, SCRATCH | 3, GP, SCRATCH },
	{ "conforming code of ring 0 from ring 3 keeps the ring", 3, P | CODE_CR, SCRATCH, 0, SCRATCH | 3 },
	{ "conforming code of ring 3 from ring 0: #GP(selector)", 0, P | CODE_CR | DPL3, SCRATCH, GP, SCRATCH },
	{ "conforming code ignores RPL", 1, P | CODE_CR, SCRATCH | 3, 0, SCRATCH | 1 },
};
#undef P

static void try_direct(const struct direct *row, const char *code)
{
	set_descriptor(SCRATCH, 0, 0xfffff, row->access, BIG | GRANULAR);
	go(row->ring, code, row->selector);
	if (row->vector)
		claim_trap(row->text, row->vector, row->error, code);
	else
		claim_equal(row->text, outcome.vector == DONE ? outcome.edx & 0xffff : outcome.vector << 16,
		            row->error);
}

static void direct(void)
{
	chapter("jmp far");
	for (unsigned i = 0; i < sizeof(directs) / sizeof(*directs); i++)
		try_direct(&directs[i], jump_far);
	chapter("call far");
	for (unsigned i = 0; i < sizeof(directs) / sizeof(*directs); i++)
		try_direct(&directs[i], call_far);
}

static void what_a_call_pushes(void)
{
	struct frame frame = far_frame(3, call_far, CODE3, look_around);
	run(&frame);
	claim("a far call pushes cs and eip", outcome.ebx == frame.esp - 8 &&
	      *(uint32_t *)(frame.esp - 8) == (uint32_t)call_far_at &&
	      *(uint16_t *)(frame.esp - 4) == CODE3);
	frame = in_ring(1, call_direct);
	run(&frame);
	claim("a far call with the pointer in the instruction", outcome.vector == DONE &&
	      (outcome.edx & 0xffff) == CODE1 &&
	      outcome.ebx == frame.esp - 8);
	set_descriptor(SCRATCH, 0, 0xfff, PRESENT | CODE_R, BIG);
	go(0, call_far, SCRATCH);
	not_in_qemu("QEMU gives the selector");
	claim_trap("a far call beyond the limit of its code: #GP(0)", GP, 0, call_far);
	claim_equal("a refused call leaves the stack pointer", outcome.esp, in_ring(0, 0).esp);
	go(0, jump_far, SCRATCH);
	claim_trap("a far jump beyond the limit of its code: #GP(0)", GP, 0, jump_far);
}

/* What a call gate at SCRATCH2 makes of it. */
static void gate(const char *text, unsigned ring, const char *code, uint32_t selector, unsigned vector, uint32_t error)
{
	struct frame frame = far_frame(ring, code, selector, 0); /* the offset in the instruction counts for nothing */
	run(&frame);
	if (vector)
		claim_trap(text, vector, error, code);
	else
		claim_equal(text, outcome.vector == DONE ? outcome.edx & 0xffff : outcome.vector << 16, error);
}

#define CALL_GATE (SYS_CALL_GATE | PRESENT)

static void good_gates(void)
{
	set_gate(SCRATCH2, CODE0, look_around, CALL_GATE | DPL3, 0);
	gate("call from ring 3 to ring 0", 3, call_far, SCRATCH2 | 3, 0, CODE0);
	gate("call from ring 1 to ring 0", 1, call_far, SCRATCH2, 0, CODE0);
	gate("call within ring 0", 0, call_far, SCRATCH2, 0, CODE0);
	gate("jmp within ring 0", 0, jump_far, SCRATCH2, 0, CODE0);
	set_gate(SCRATCH2, CODE1, look_around, CALL_GATE | DPL3, 0);
	gate("call from ring 3 to ring 1", 3, call_far, SCRATCH2 | 3, 0, CODE1);
	gate("jmp within ring 1", 1, jump_far, SCRATCH2 | 1, 0, CODE1);
	set_gate(SCRATCH2, CODE1 & ~3, look_around, CALL_GATE | DPL3, 0);
	gate("the RPL of a gate's code selector counts for nothing", 3, call_far, SCRATCH2 | 3, 0, CODE1);
	set_gate(SCRATCH2, CONFORMING, look_around, CALL_GATE | DPL3, 0);
	not_in_qemu("QEMU forgets the RPL of CS");
	gate("call to conforming code keeps the ring", 3, call_far, SCRATCH2 | 3, 0, CONFORMING | 3);
	gate("jmp to conforming code keeps the ring", 3, jump_far, SCRATCH2 | 3, 0, CONFORMING | 3);
}

static void refused_gates(void)
{
	set_gate(SCRATCH2, CODE0, look_around, CALL_GATE, 0);
	gate("a gate of DPL 0 in ring 3: #GP(gate)", 3, call_far, SCRATCH2 | 3, GP, SCRATCH2);
	set_gate(SCRATCH2, CODE0, look_around, CALL_GATE | DPL1, 0);
	gate("a gate of DPL 1 with RPL 3: #GP(gate)", 1, call_far, SCRATCH2 | 3, GP, SCRATCH2);
	set_gate(SCRATCH2, CODE0, look_around, SYS_CALL_GATE | DPL3, 0);
	gate("a gate that is not present: #NP(gate)", 3, call_far, SCRATCH2 | 3, NP, SCRATCH2);
	set_gate(SCRATCH2, 0, look_around, CALL_GATE | DPL3, 0);
	gate("a gate to null: #GP(0)", 3, call_far, SCRATCH2 | 3, GP, 0);
	set_gate(SCRATCH2, GDT_END, look_around, CALL_GATE | DPL3, 0);
	gate("a gate beyond the GDT: #GP(selector)", 3, call_far, SCRATCH2 | 3, GP, GDT_END);
	set_gate(SCRATCH2, DATA0, look_around, CALL_GATE | DPL3, 0);
	gate("a gate to data: #GP(selector)", 3, call_far, SCRATCH2 | 3, GP, DATA0);
	set_gate(SCRATCH2, CODE3, look_around, CALL_GATE | DPL3, 0);
	gate("call through a gate to an outer ring: #GP(selector)", 0, call_far, SCRATCH2, GP, CODE3 & ~3);
	set_gate(SCRATCH2, CODE0, look_around, CALL_GATE | DPL3, 0);
	gate("jmp through a gate to an inner ring: #GP(selector)", 3, jump_far, SCRATCH2 | 3, GP, CODE0);
	set_descriptor(SCRATCH, 0, 0xfffff, CODE_R, BIG | GRANULAR);
	set_gate(SCRATCH2, SCRATCH, look_around, CALL_GATE | DPL3, 0);
	gate("a gate to code that is not present: #NP(selector)", 3, call_far, SCRATCH2 | 3, NP, SCRATCH);
}

/* Two parameters go from the stack of ring 3 to that of ring 1, and ret far 8 takes both away. */
static void parameters(void)
{
	struct frame frame = far_frame(3, call_far, SCRATCH2 | 3, 0);
	uint32_t *top = (uint32_t *)(stack1 + STACK);
	uint32_t *stack = (uint32_t *)frame.esp;
	stack[0] = 0x2222;
	stack[1] = 0x1111;
	set_gate(SCRATCH2, CODE1, look_around, CALL_GATE | DPL3, 2);
	run(&frame);
	claim_equal("six words are on the stack of the inner ring", outcome.ebx, (uint32_t)(top - 6));
	claim_equal("its stack segment is the TSS's", outcome.ecx & 0xffff, DATA1);
	claim("the caller's ss and esp come first", (top[-1] & 0xffff) == DATA3 && top[-2] == frame.esp);
	claim("the parameters are copied in their order", top[-3] == 0x1111 && top[-4] == 0x2222);
	claim("cs and eip come last", (top[-5] & 0xffff) == CODE3 && top[-6] == (uint32_t)call_far_at);
	frame = far_frame(3, call_and_return, SCRATCH2 | 3, 0);
	set_gate(SCRATCH2, CODE1, takes_two, CALL_GATE | DPL3, 2);
	run(&frame);
	claim("the callee of ring 1 finds them above its return address",
	      outcome.vector == DONE && outcome.eax == 0x2222 && outcome.ebx == 0x1111 &&
	      (outcome.edx & 0xffff) == CODE1);
	claim("ret far 8 takes them from the caller's stack too, and returns to ring 3",
	      outcome.edi == frame.esp && (outcome.ebp & 0xffff) == DATA3 && outcome.cs == CODE3);
}

static void refused_stack(const char *text, uint32_t ss1, unsigned vector, uint32_t error)
{
	set_gate(SCRATCH2, CODE1, look_around, CALL_GATE | DPL3, 0);
	tss_main.ss1 = ss1;
	go(3, call_far, SCRATCH2 | 3);
	claim_trap(text, vector, error, call_far);
	tss_main.ss1 = DATA1;
}

static void refused_stacks(void)
{
	refused_stack("TSS stack null: #TS(0)", 0, TS, 0);
	refused_stack("TSS stack of another RPL: #TS(selector)", DATA1 & ~3, TS, DATA1 & ~3);
	refused_stack("TSS stack of another DPL: #TS(selector)", DATA0 | 1, TS, DATA0);
	refused_stack("TSS stack that is code: #TS(selector)", CODE1, TS, CODE1 & ~3);
	set_descriptor(SCRATCH, 0, 0xfffff, DPL1 | DATA_W, BIG | GRANULAR);
	not_in_qemu("QEMU gives #TS");
	refused_stack("TSS stack that is not present: #SS(selector)", SCRATCH | 1, SS, SCRATCH);
}

void chapter_far(void)
{
	direct();
	what_a_call_pushes();
	chapter("call gates");
	good_gates();
	refused_gates();
	parameters();
	refused_stacks();
	reset_tables();
}
