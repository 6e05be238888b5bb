/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions (I386 9.8): faults leave EIP at the instruction, traps after it; error codes; debug exceptions
 * (I386 chapter 12); double faults (9.8.8).
 */
#include "cpu.h"

SNIPPET(divide, "divl %ecx");
SNIPPET(divide_signed, "idivl %ecx");
SNIPPET(adjust_by_zero, ".byte 0xd4, 0");
SNIPPET(check_bounds, "boundl %eax, (%esi)");
SNIPPET(breakpoint, "int3");
SNIPPET(overflow, "into");
SNIPPET(undefined_2, "ud2");
SNIPPET(lock_nop, ".byte 0xf0, 0x90");
SNIPPET(lock_register, ".byte 0xf0, 0x01, 0xc8");
SNIPPET(lock_load, ".byte 0xf0, 0x8b, 0x06");
SNIPPET(lea_register, ".byte 0x8d, 0xc1");
SNIPPET(load_cs, ".byte 0x8e, 0xc8");
SNIPPET(load_segment_6, ".byte 0x8e, 0xf0");
SNIPPET(jump_far_register, ".byte 0xff, 0xe9");
SNIPPET(group_5_member_7, ".byte 0xff, 0xff");
SNIPPET(two_byte_ff, ".byte 0x0f, 0xff, 0xc0");
SNIPPET(load_cr1, ".byte 0x0f, 0x22, 0xc8");
SNIPPET(swap_bytes, ".byte 0x0f, 0xc8");
SNIPPET(compare_exchange, ".byte 0x0f, 0xb1, 0x0e");
SNIPPET(too_long, ".byte 0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x90");
SNIPPET(just_fits, ".byte 0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x26,0x90");
SNIPPET(escape, ".byte 0xd9, 0xd0");
SNIPPET(wait_instruction, ".byte 0x9b");
SNIPPET(halt, "hlt");
SNIPPET_AT(step, "movl $1, %eax\nstep_at: movl $2, %eax");
SNIPPET_AT(step_by_popf, "popfl\nmovl $1, %eax\nstep_by_popf_at: movl $2, %eax");
SNIPPET_AT(step_over_ss, "movl %ecx, %ss\nmovl $1, %eax\nstep_over_ss_at: movl $2, %eax");
SNIPPET(step_into_int, "int $0x41");
SNIPPET_AT(step_string, "rep movsb\nstep_string_at: nop");
SNIPPET(look_at_dr0, "movl %dr0, %eax");
SNIPPET(see_flags, "pushfl\npopl %eax");
SNIPPET_AT(store, "movl %eax, (%esi)\nstore_at: nop");
SNIPPET_AT(fetch, "movl (%esi), %eax\nfetch_at: nop");

static void go(const char *code, uint32_t eax, uint32_t ecx, uint32_t edx)
{
	struct frame frame = in_ring(3, code);
	frame.eax = eax;
	frame.ecx = ecx;
	frame.edx = edx;
	run(&frame);
}

static void arithmetic(void)
{
	go(divide, 1, 0, 0);
	claim_trap("dividing by zero: #DE at the div", DE, 0, divide);
	claim("and the registers are as before", outcome.eax == 1 && outcome.edx == 0);
	go(divide, 0, 1, 1);
	claim_trap("a quotient of more than 32 bits: #DE", DE, 0, divide);
	go(divide, 100, 7, 0);
	claim("a division", outcome.vector == DONE && outcome.eax == 14 && outcome.edx == 2);
	go(divide_signed, 0x80000000, 0xffffffff, 0xffffffff);
	claim_trap("-2^31 / -1: #DE", DE, 0, divide_signed);
	go(adjust_by_zero, 7, 0, 0);
	claim_trap("aam 0: #DE", DE, 0, adjust_by_zero);
	static int bounds[2] = { -5, 5 };
	struct frame frame = in_ring(3, check_bounds);
	frame.esi = (uint32_t)bounds;
	frame.eax = 5;
	run(&frame);
	claim_done("bound: the upper bound is within");
	frame.eax = 6;
	run(&frame);
	claim_trap("bound: above: #BR at the bound", BR, 0, check_bounds);
	frame.eax = (uint32_t)-6;
	run(&frame);
	claim_trap("bound: below: #BR at the bound", BR, 0, check_bounds);
	go(breakpoint, 0, 0, 0);
	claim_trap("int3: #BP after it", BP, 0, breakpoint + 1);
	frame = in_ring(3, overflow);
	frame.eflags |= FLAG_OF;
	run(&frame);
	claim_trap("into with overflow: #OF after it", OF, 0, overflow + 1);
}

static void undefined(void)
{
	static const struct { const char *text, *code; } rows[] = {
		{ "ud2: #UD", undefined_2 }, { "lock nop: #UD", lock_nop },
		{ "lock with a register as destination: #UD", lock_register }, { "lock mov: #UD", lock_load },
		{ "lea of a register: #UD", lea_register }, { "mov to cs: #UD", load_cs },
		{ "mov to segment register 6: #UD", load_segment_6 },
		{ "far jmp through a register: #UD", jump_far_register },
		{ "ff /7: #UD", group_5_member_7 }, { "0f ff: #UD", two_byte_ff },
	};
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		go(rows[i].code, 0, 0, 0);
		if (rows[i].code == lock_load)
			not_in_qemu("QEMU lets lock stand before loads");
		claim_trap(rows[i].text, UD, 0, rows[i].code);
	}
	struct frame frame = in_ring(0, load_cr1);
	run(&frame);
	claim_trap("mov to cr1: #UD", UD, 0, load_cr1);
	go(just_fits, 0, 0, 0);
	claim_done("an instruction of 15 bytes");
	go(too_long, 0, 0, 0);
	claim_trap("an instruction of 16 bytes: #GP(0)", GP, 0, too_long);
	static uint32_t word = 5;
	frame = in_ring(3, compare_exchange);
	frame.esi = (uint32_t)&word;
	frame.eax = 5;
	frame.ecx = 9;
	run(&frame);
	if (family == 3)
		claim_trap("the i386 has no cmpxchg: #UD", UD, 0, compare_exchange);
	else
		claim("the i486 has cmpxchg", outcome.vector == DONE && word == 9);
	go(swap_bytes, 0x12345678, 0, 0);
	if (family == 3)
		claim_trap("the i386 has no bswap: #UD", UD, 0, swap_bytes);
	else
		claim("the i486 has bswap", outcome.vector == DONE && outcome.eax == 0x78563412);
}

static void no_coprocessor(void)
{
	enum { MP = 2, EM = 4, TASK_SWITCHED = 8 };
	uint32_t cr0 = read_cr0();
	write_cr0((cr0 & ~(MP | TASK_SWITCHED)) | EM);
	go(escape, 0, 0, 0);
	claim_trap("esc with CR0.EM: #NM", NM, 0, escape);
	go(wait_instruction, 0, 0, 0);
	claim_done("wait with CR0.EM alone does nothing");
	write_cr0((cr0 & ~(MP | EM)) | TASK_SWITCHED);
	go(escape, 0, 0, 0);
	claim_trap("esc with CR0.TS: #NM", NM, 0, escape);
	go(wait_instruction, 0, 0, 0);
	claim_done("wait with CR0.TS alone does nothing");
	write_cr0((cr0 & ~EM) | MP | TASK_SWITCHED);
	go(wait_instruction, 0, 0, 0);
	claim_trap("wait with CR0.MP and CR0.TS: #NM", NM, 0, wait_instruction);
	write_cr0(cr0);
}

static uint32_t take_dr6(void)
{
	uint32_t value;
	__asm__ volatile("movl %%dr6, %0\nmovl %1, %%dr6" : "=&r"(value) : "r"(0));
	return value;
}

static void single_steps(void)
{
	struct frame frame = in_ring(3, step);
	take_dr6();
	frame.eflags |= FLAG_TF;
	run(&frame);
	claim_trap("TF: #DB after one instruction", DB, 0, step_at);
	claim_equal("that instruction was executed", outcome.eax, 1);
	claim_equal("DR6 says BS", take_dr6() & 0x400f, 0x4000);
	claim_equal("TF is set in the flags pushed", outcome.eflags & FLAG_TF, FLAG_TF);
	frame = in_ring(0, step);
	frame.eflags |= FLAG_TF;
	run(&frame);
	claim_trap("TF in ring 0", DB, 0, step_at);
	frame = in_ring(3, step_by_popf);
	frame.esp -= 4;
	*(uint32_t *)frame.esp = FLAG_ONE | FLAG_TF;
	run(&frame);
	claim_trap("TF set by popf: #DB after the next instruction", DB, 0, step_by_popf_at);
	frame = in_ring(3, step_over_ss);
	frame.ecx = DATA3;
	frame.eflags |= FLAG_TF;
	run(&frame);
	claim_trap("TF and mov ss: #DB after the instruction that follows", DB, 0, step_over_ss_at);
	static uint8_t bytes[4] = { 1, 2, 3, 4 };
	frame = in_ring(3, step_string);
	frame.esi = (uint32_t)bytes;
	frame.edi = (uint32_t)bytes + 1;
	frame.ecx = 2;
	frame.eflags |= FLAG_TF;
	run(&frame);
	claim_trap("TF and a repeated string: #DB after each element, at the instruction", DB, 0, step_string);
	claim("one element was moved", outcome.ecx == 1 && bytes[1] == 1 && bytes[2] == 3);
	struct frame again = outcome;
	run(&again);
	claim("and after the last one too", outcome.vector == DB && outcome.ecx == 0 && bytes[2] == 1);
	frame = in_ring(3, step_into_int);
	frame.eflags |= FLAG_TF;
	set_vector(GATE, CODE0, see_flags, SYS_TRAP_GATE | PRESENT | DPL3);
	run(&frame);
	claim("a gate clears TF: its handler is not stepped", outcome.vector == DONE && !(outcome.eax & FLAG_TF));
	take_dr6();
	reset_tables();
}

/* A trial with a breakpoint, which is off again before anything is printed. */
static void run_with(const struct frame *frame, const void *address, uint32_t dr7)
{
	__asm__ volatile("movl %0, %%dr0\nmovl %1, %%dr7" : : "r"(address), "r"(dr7));
	run(frame);
	__asm__ volatile("movl %0, %%dr7" : : "r"(0));
}

/* DR7: L0, then R/W0 in bits 16, 17 (0 execution, 1 writes, 3 all) and LEN0 in 18, 19 (3: four bytes). */
enum { EXECUTION = 1, WRITES = 0xd0001, READS_AND_WRITES = 0xf0001 };

static void breakpoints(void)
{
	static uint32_t word;
	struct frame frame = in_ring(3, step);
	take_dr6();
	run_with(&frame, step_at, EXECUTION);
	claim_trap("an execution breakpoint: #DB at the instruction", DB, 0, step_at);
	claim_equal("the instruction before was executed", outcome.eax, 1);
	claim_equal("DR6 says B0", take_dr6() & 0x400f, 1);
	frame.eip = (uint32_t)step_at;
	frame.eflags |= FLAG_RF;
	run_with(&frame, step_at, EXECUTION);
	claim("RF lets the instruction run", outcome.vector == DONE && outcome.eax == 2);
	frame = in_ring(3, store);
	frame.esi = (uint32_t)&word;
	frame.eax = 0x5555;
	run_with(&frame, &word, WRITES);
	claim_trap("a write breakpoint: #DB after the instruction", DB, 0, store_at);
	claim_equal("the write was done", word, 0x5555);
	claim_equal("DR6 says B0 for the write", take_dr6() & 0x400f, 1);
	frame.eip = (uint32_t)fetch;
	run_with(&frame, &word, WRITES);
	claim_done("a write breakpoint does not mind reads");
	run_with(&frame, &word, READS_AND_WRITES);
	claim_trap("a read and write breakpoint minds reads", DB, 0, fetch_at);
	run_with(&frame, &word, 0);
	claim_done("breakpoints that are off");
	take_dr6();
	frame = in_ring(0, look_at_dr0);
	run_with(&frame, 0, 0x2000);
	not_in_qemu("QEMU does not guard debug registers");
	claim_trap("DR7.GD: #DB before a debug register is looked at", DB, 0, look_at_dr0);
	not_in_qemu("QEMU does not guard debug registers");
	claim_equal("DR6 says BD", take_dr6() & 0x2000, 0x2000);
}

static void double_faults(void)
{
	struct frame frame = in_ring(3, halt);
	set_vector(GP, CODE0, 0, SYS_INTERRUPT_GATE);
	run(&frame);
	claim_trap("#NP while #GP is delivered: double fault, error code 0, eip at the instruction", DF, 0, halt);
	claim_equal("it was ring 3's", outcome.cs, CODE3);
	reset_tables();
	frame.eip = (uint32_t)divide;
	set_vector(DE, GDT_END, 0, SYS_INTERRUPT_GATE | PRESENT);
	run(&frame);
	claim_trap("#GP while #DE is delivered: double fault", DF, 0, divide);
	reset_tables();
	tss_main.ss0 = 0;
	frame.eip = (uint32_t)halt;
	run(&frame);
	tss_main.ss0 = DATA0;
	claim_trap("no stack for ring 0: #TS while #GP is delivered: double fault", DF, 0, halt);
}

void chapter_exceptions(void)
{
	chapter("exceptions");
	arithmetic();
	undefined();
	no_coprocessor();
	chapter("debug exceptions");
	single_steps();
	breakpoints();
	chapter("double faults");
	double_faults();
	reset_tables();
}
