/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps through the IDT (I386 9.4 to 9.7, and the page of INT): interrupt and trap gates, their checks in the
 * manual's order, the stack of an inner ring from the TSS, what is pushed, and which flags are cleared.
 *   vector beyond the IDT, not a gate, DPL below CPL (software only): #GP(vector * 8 + 2); not present: #NP(the same)
 *   code selector null: #GP(0); beyond the table, not code, DPL above CPL: #GP(selector); not present: #NP(selector)
 *   stack selector of the TSS null or wrong: #TS; not present: #SS; (with its selector as error code)
 */
#include "cpu.h"

SNIPPET(software, "int $0x41");
SNIPPET(beyond_idt, "int $0x60");
SNIPPET(undefined, "ud2");
SNIPPET(breakpoint, "int3");
SNIPPET(overflow, "into");
/* In the handler's ring: flags, stack pointer and stack segment to registers. */
SNIPPET(look, "pushfl\npopl %eax\nmovl %esp, %ebx\nmovl %ss, %ecx\nmovl %cs, %edx");

enum { VECTOR_ERROR = GATE * 8 + 2 };
#define INTERRUPT (SYS_INTERRUPT_GATE | PRESENT)
#define TRAP (SYS_TRAP_GATE | PRESENT)

static void go(unsigned ring, const char *code, unsigned flags)
{
	struct frame frame = in_ring(ring, code);
	frame.eflags |= flags;
	run(&frame);
}

static void flags_of_gates(void)
{
	struct frame frame = in_ring(3, software);
	frame.eflags |= FLAG_IF | FLAG_CF;
	set_vector(GATE, CODE0, look, INTERRUPT | DPL3);
	run(&frame);
	claim_equal("an interrupt gate clears IF", outcome.eax & FLAG_IF, 0);
	set_vector(GATE, CODE0, look, TRAP | DPL3);
	run(&frame);
	claim_equal("a trap gate leaves IF", outcome.eax & FLAG_IF, FLAG_IF);
	claim_equal("a gate leaves the arithmetic flags", outcome.eax & FLAG_CF, FLAG_CF);
	frame.eflags = FLAG_ONE | FLAG_NT;
	run(&frame);
	claim_equal("a gate clears NT", outcome.eax & FLAG_NT, 0);
	frame.eflags = FLAG_ONE | FLAG_IOPL_3;
	run(&frame);
	claim_equal("a gate leaves IOPL", outcome.eax & FLAG_IOPL_3, FLAG_IOPL_3);
}

/* From ring 3 to the stack of ring 1: five words. */
static void stack_of_an_inner_ring(void)
{
	struct frame frame = in_ring(3, software);
	uint32_t *top = (uint32_t *)(stack1 + STACK);
	frame.eflags |= FLAG_IF | FLAG_CF;
	set_vector(GATE, CODE1, look, INTERRUPT | DPL3);
	run(&frame);
	claim_equal("a gate to ring 1 runs there", outcome.edx & 0xffff, CODE1);
	claim_equal("its stack segment is the TSS's ss1", outcome.ecx & 0xffff, DATA1);
	claim_equal("its stack pointer is the TSS's esp1, less five words", outcome.ebx, (uint32_t)(top - 5));
	claim_equal("ss is pushed first", top[-1] & 0xffff, DATA3);
	claim_equal("then esp", top[-2], frame.esp);
	claim_equal("then eflags, as they were", top[-3] & ~FLAG_RF, frame.eflags);
	claim_equal("then cs", top[-4] & 0xffff, CODE3);
	claim_equal("then eip, after the int", top[-5], (uint32_t)software + 2);
}

static void within_a_ring(void)
{
	struct frame frame = in_ring(1, software);
	set_vector(GATE, CODE1, look, INTERRUPT | DPL3);
	run(&frame);
	claim_equal("a gate within ring 1 stays on its stack, with three words", outcome.ebx, frame.esp - 12);
	set_vector(GATE, CONFORMING, look, INTERRUPT | DPL3);
	frame = in_ring(3, software);
	run(&frame);
	claim_equal("a gate to conforming code runs in the ring of the interrupted", outcome.edx & 0xffff,
	            CONFORMING | 3);
	claim_equal("and on its stack", outcome.ebx, frame.esp - 12);
	go(0, software, 0);
	claim_equal("in ring 0 the conforming handler runs in ring 0", outcome.edx & 0xffff, CONFORMING);
}

static void refused_gates(void)
{
	set_vector(GATE, CODE0, look, INTERRUPT);
	go(3, software, 0);
	claim_trap("int n through a gate of DPL 0 in ring 3: #GP(vector)", GP, VECTOR_ERROR, software);
	go(1, software, 0);
	claim_trap("the same in ring 1", GP, VECTOR_ERROR, software);
	go(0, software, 0);
	claim_done("the same in ring 0 goes through");
	set_vector(GATE, CODE0, look, INTERRUPT | DPL1);
	go(3, software, 0);
	claim_trap("a gate of DPL 1 in ring 3: #GP(vector)", GP, VECTOR_ERROR, software);
	go(1, software, 0);
	claim_done("a gate of DPL 1 in ring 1 goes through");
	set_vector(GATE, CODE0, look, SYS_INTERRUPT_GATE | DPL3);
	go(3, software, 0);
	claim_trap("a gate that is not present: #NP(vector)", NP, VECTOR_ERROR, software);
	set_vector(GATE, CODE0, look, SYS_INTERRUPT_GATE);
	go(3, software, 0);
	claim_trap("not present and DPL 0: #GP comes first", GP, VECTOR_ERROR, software);
	set_vector(GATE, CODE0, look, SYS_CALL_GATE | PRESENT | DPL3);
	go(3, software, 0);
	claim_trap("a call gate in the IDT: #GP(vector)", GP, VECTOR_ERROR, software);
	set_vector(GATE, CODE0, look, PRESENT | DPL3 | CODE_R);
	go(3, software, 0);
	claim_trap("a segment in the IDT: #GP(vector)", GP, VECTOR_ERROR, software);
	go(3, beyond_idt, 0);
	claim_trap("a vector beyond the limit of the IDT: #GP(vector)", GP, 0x60 * 8 + 2, beyond_idt);
}

static void refused_targets(void)
{
	set_vector(GATE, 0, look, INTERRUPT | DPL3);
	go(3, software, 0);
	claim_trap("a gate to a null selector: #GP(0)", GP, 0, software);
	set_vector(GATE, GDT_END, look, INTERRUPT | DPL3);
	go(3, software, 0);
	claim_trap("a gate beyond the GDT: #GP(selector)", GP, GDT_END, software);
	set_vector(GATE, DATA0, look, INTERRUPT | DPL3);
	go(3, software, 0);
	claim_trap("a gate to data: #GP(selector)", GP, DATA0, software);
	set_vector(GATE, TSS_OTHER, look, INTERRUPT | DPL3);
	go(3, software, 0);
	claim_trap("an interrupt gate to a TSS: #GP(selector)", GP, TSS_OTHER, software);
	set_descriptor(SCRATCH, 0, 0xfffff, CODE_R, BIG | GRANULAR);
	set_vector(GATE, SCRATCH, look, INTERRUPT | DPL3);
	go(3, software, 0);
	claim_trap("a gate to code that is not present: #NP(selector)", NP, SCRATCH, software);
	set_vector(GATE, CODE1, look, INTERRUPT | DPL3);
	go(0, software, 0);
	claim_trap("a gate from ring 0 to code of ring 1: #GP(selector)", GP, CODE1 & ~3, software);
	set_vector(GATE, CODE3, look, INTERRUPT | DPL3);
	go(1, software, 0);
	claim_trap("a gate from ring 1 to code of ring 3: #GP(selector)", GP, CODE3 & ~3, software);
	set_descriptor(SCRATCH, 0, 0xfff, PRESENT | CODE_R, BIG);
	set_vector(GATE, SCRATCH, (void *)0x1000, INTERRUPT | DPL3);
	go(3, software, 0);
	not_in_qemu("QEMU checks no limit of a gate's offset");
	claim_trap("a gate to an offset beyond the code's limit: #GP(0)", GP, 0, software);
}

/* The stack of ring 1 in the TSS is tried; the fault itself comes to ring 0, whose stack is good. */
static void refused_stack(const char *text, uint32_t ss1, unsigned vector, uint32_t error)
{
	set_vector(GATE, CODE1, look, INTERRUPT | DPL3);
	tss_main.ss1 = ss1;
	go(3, software, 0);
	claim_trap(text, vector, error, software);
	tss_main.ss1 = DATA1;
}

static void refused_stacks(void)
{
	refused_stack("TSS stack null: #TS(0)", 0, TS, 0);
	refused_stack("TSS stack beyond the GDT: #TS(selector)", GDT_END | 1, TS, GDT_END);
	refused_stack("TSS stack of RPL 0 for ring 1: #TS(selector)", DATA1 & ~3, TS, DATA1 & ~3);
	refused_stack("TSS stack of DPL 0 for ring 1: #TS(selector)", DATA0 | 1, TS, DATA0);
	refused_stack("TSS stack that is code: #TS(selector)", CODE1, TS, CODE1 & ~3);
	set_descriptor(SCRATCH, 0, 0xfffff, PRESENT | DPL1 | DATA_R, BIG | GRANULAR);
	refused_stack("TSS stack that is read-only: #TS(selector)", SCRATCH | 1, TS, SCRATCH);
	set_descriptor(SCRATCH, 0, 0xfffff, DPL1 | DATA_W, BIG | GRANULAR);
	not_in_qemu("QEMU gives #TS");
	refused_stack("TSS stack that is not present: #SS(selector)", SCRATCH | 1, SS, SCRATCH);
	set_descriptor(SCRATCH, (uint32_t)stack1, 0x0f, PRESENT | DPL1 | DATA_W, BIG);
	tss_main.esp1 = 0x10;
	tss_main.ss1 = SCRATCH | 1;
	go(3, software, 0);
	not_in_qemu("QEMU checks no limits");
	/* 0 or the selector: manuals differ */
	claim_equal("TSS stack too small for five words: #SS", outcome.vector, SS);
	tss_main.ss1 = DATA1;
	tss_main.esp1 = (uint32_t)(stack1 + STACK);
}

/* int3 and into obey the gate's DPL, exceptions do not. */
static void dpl_is_for_software(void)
{
	go(3, undefined, 0);
	claim_trap("an exception goes through a gate of DPL 0 in ring 3", UD, 0, undefined);
	set_vector(BP, CODE0, look, INTERRUPT);
	go(3, breakpoint, 0);
	claim_trap("int3 through a gate of DPL 0 in ring 3: #GP(vector)", GP, BP * 8 + 2, breakpoint);
	set_vector(OF, CODE0, look, INTERRUPT);
	go(3, overflow, FLAG_OF);
	claim_trap("into through a gate of DPL 0 in ring 3: #GP(vector)", GP, OF * 8 + 2, overflow);
	go(3, overflow, 0);
	claim_done("into without overflow does nothing");
	reset_tables();
	set_vector(UD, CODE0, look, SYS_INTERRUPT_GATE);
	go(3, undefined, 0);
	not_in_qemu("QEMU leaves EXT clear when an exception's gate is refused");
	claim_trap("an exception whose gate is not present: #NP(vector) with EXT", NP, UD * 8 + 3, undefined);
}

void chapter_interrupts(void)
{
	chapter("interrupt and trap gates");
	flags_of_gates();
	stack_of_an_inner_ring();
	within_a_ring();
	refused_gates();
	refused_targets();
	refused_stacks();
	dpl_is_for_software();
	reset_tables();
}
