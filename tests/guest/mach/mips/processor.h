/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What threads of Mach can do with a MIPS without a library, right and wrong.  Included once, by a program that has
 * claim() (pager/lib).
 */
#pragma once
#include "mach/exception.h"
#include "mach/syscalls.h"
#include "mach/thread_status.h"

#define KERNEL_ADDRESS 0x80100000u

/* Registers of a thread that begins in body(argument), on a stack that ends there. */
static inline machine_thread_state_t raw_registers(natural_t body, natural_t stack_end, natural_t argument)
{
	return (machine_thread_state_t){ .pc = body, .sp = stack_end - 32, .a0 = argument };
}

/* The same with chaos in the registers that a kernel must look at; no odd address (QEMU's 4Kc ends itself there). */
static inline machine_thread_state_t chaotic_registers(natural_t body, natural_t stack_end, natural_t any, bool mild)
{
	return (machine_thread_state_t){ .pc = (mild ? body : body + any % 4) & ~1u, .sp = stack_end - 64, .v0 = any, .gp = any };
}

#define CALL_CHANGES                                                                                                 \
	"$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo", "memory"

/* Four arguments in registers, and others above 16 bytes on this stack. */
static inline natural_t call_with(natural_t number, natural_t stack, const natural_t *words)
{
	register natural_t v0 __asm__("$2") = number;
	register natural_t a0 __asm__("$4") = words[0];
	register natural_t a1 __asm__("$5") = words[1];
	register natural_t a2 __asm__("$6") = words[2];
	register natural_t a3 __asm__("$7") = words[3];
	register natural_t saved __asm__("$16");

	__asm__ volatile("move %1,$29\n\tmove $29,%6\n\tsyscall\n\tmove $29,%1"
	                 : "+r"(v0), "=&r"(saved), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3)
	                 : "r"(stack)
	                 : CALL_CHANGES);
	return v0;
}

/* A kernel call by number, with the stack where it is said to be. */
static inline natural_t raw_call(natural_t number, natural_t stack)
{
	static const natural_t none[4];

	return call_with(number, stack, none);
}

/* A kernel call by number with these words as its arguments. */
static inline natural_t raw_trap(natural_t number, const natural_t *words)
{
	return call_with(number, (natural_t)words, words);
}

/* The word that it is to touch in a branch's slot; 1 if it goes on where the branch goes. */
static inline natural_t touch_in_slot(volatile natural_t *word)
{
	natural_t result;

	__asm__ volatile(".set push\n\t.set noreorder\n\t"
	                 "li %0,0\n\tb 1f\n\tsw %0,0(%1)\n\tb 2f\n\tnop\n"
	                 "1:\tli %0,1\n2:\n\t.set pop"
	                 : "=&r"(result)
	                 : "r"(word)
	                 : "memory");
	return result;
}

/* Calls, by what this processor does in them. */
static inline void processor_traps(void)
{
	natural_t words[8] = { 0 };
	vm_offset_t page = 0;

	claim(raw_call(25, (natural_t)words + 2) == KERN_INVALID_ARGUMENT, "arguments on an odd stack are refused");
	claim(mips_restartable(2) == KERN_INVALID_ARGUMENT && mips_restartable(KERNEL_ADDRESS) == KERN_INVALID_ARGUMENT &&
	      mips_restartable(0x7ffffffc) == KERN_INVALID_ARGUMENT,
	      "a restartable sequence is of the user's instructions");
	register natural_t kept __asm__("$30") = 0x12345678;
	register natural_t gp __asm__("$16");
	__asm__ volatile("move $17,$28\n\tli $28,0x7654321\n\tli $2,17\n\tsyscall\n\tmove %0,$28\n\tmove $28,$17"
	                 : "=&r"(gp), "+r"(kept) : : "$2", "$4", "$5", "$6", "$7", "$17", CALL_CHANGES);
	claim(kept == 0x12345678 && gp == 0x7654321, "a call keeps what it is to keep");
	natural_t lo, hi, spins = 2000000;
	__asm__ volatile("li $8,7\n\tmtlo $8\n\tli $8,9\n\tmthi $8\n1:\taddiu %2,%2,-1\n\tbnez %2,1b\n\tmflo %0\n\tmfhi %1"
	                 : "=&r"(lo), "=&r"(hi), "+r"(spins) : : "$8", "hi", "lo");
	claim(lo == 7 && hi == 9, "LO and HI stay after interrupts");
	vm_allocate(mach_task_self(), &page, VM_PAGE_SIZE, true);
	claim(touch_in_slot((natural_t *)page) == 1, "a page fault in a branch's slot goes on with the branch");
}

/* The state of a stopped thread.  set and get: thread_set_state, thread_get_state of it. */
static inline void processor_state(machine_thread_state_t *state, kern_return_t (*set)(const machine_thread_state_t *state),
                                   kern_return_t (*get)(machine_thread_state_t *state))
{
	natural_t *words = (natural_t *)state;
	bool same = true;

	for (unsigned i = 0; i < MIPS_THREAD_STATE_COUNT; i++)
		words[i] = 0x1000004 * (i + 1);
	claim(set(state) == KERN_SUCCESS && get(state) == KERN_SUCCESS, "its registers are set and read");
	for (unsigned i = 0; i < MIPS_THREAD_STATE_COUNT; i++)
		same = same && words[i] == 0x1000004 * (i + 1);
	claim(same, "and are what they were set to");
}

/* --- Exceptions --- */

static inline void undefined(natural_t u) { (void)u; __asm__ volatile(".word 0x7c00003f"); }
static inline void privileged(natural_t u) { (void)u; __asm__ volatile("mtc0 $0,$12"); }
static inline void tlb_write(natural_t u) { (void)u; __asm__ volatile("tlbwr"); }
static inline void breakpoint(natural_t u) { (void)u; __asm__ volatile("break 5"); }
static inline void float_it(natural_t u) { (void)u; __asm__ volatile(".word 0x46000000"); }
static inline void overflow(natural_t u) { (void)u; __asm__ volatile("li $8,0x7fffffff\n\tadd $8,$8,$8" : : : "$8"); }
static inline void load_from(natural_t address) { __asm__ volatile("lw $8,0(%0)\n\tnop" : : "r"(address) : "$8"); }
static inline void store_to(natural_t address) { __asm__ volatile("sh $0,0(%0)" : : "r"(address)); }
static inline void jump_to(natural_t address) { __asm__ volatile("jr %0" : : "r"(address)); }
static inline void slot(natural_t u)
{
	(void)u;
	__asm__ volatile(".set push\n\t.set noreorder\n1:\tb 1b\n\tbreak 6\n\t.set pop");
}

#define DIVISION_BY_ZERO EXC_MIPS_DIV_ZERO
static const struct {
	void (*body)(natural_t argument);
	natural_t argument;
	integer_t exception, code;
	const char *what;
} processor_exceptions[] = {
	{ undefined, 0, EXC_BAD_INSTRUCTION, EXC_MIPS_RI, "a reserved instruction" },
	{ privileged, 0, EXC_BAD_INSTRUCTION, EXC_MIPS_CPU, "a write of Status" },
	{ tlb_write, 0, EXC_BAD_INSTRUCTION, EXC_MIPS_CPU, "a write of the TLB" },
	{ float_it, 0, EXC_BAD_INSTRUCTION, EXC_MIPS_CPU, "a floating-point instruction" },
	{ overflow, 0, EXC_ARITHMETIC, EXC_MIPS_OV, "a sum that overflows" },
	{ breakpoint, 0, EXC_BREAKPOINT, EXC_MIPS_BP, "a breakpoint" },
	{ slot, 0, EXC_ARITHMETIC, EXC_MIPS_DIV_OVERFLOW, "a break of an overflow, in a slot," },
	{ load_from, 0x10002, EXC_BAD_INSTRUCTION, EXC_MIPS_ADEL, "an unaligned load" },
	{ store_to, 0x10001, EXC_BAD_INSTRUCTION, EXC_MIPS_ADES, "an unaligned store" },
	{ jump_to, 0x10002, EXC_BAD_INSTRUCTION, EXC_MIPS_ADEL, "a jump to no word" },
	{ store_to, 0xc0000000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "a store to the page tables" },
	{ store_to, 0xb8000020, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "a store to a device" },
};
