/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What threads of Mach can do with an x86 without a library, right and wrong.  Included once, by a program that has
 * claim() (pager/lib).
 */
#pragma once
#include "mach/exception.h"
#include "mach/syscalls.h"
#include "mach/thread_status.h"

enum { FLAG_IF = 0x200, FLAG_IOPL = 0x3000, FLAG_NT = 0x4000, FLAG_FIXED = 2 };
#define KERNEL_ADDRESS 0xc0100000u

/* Registers of a thread that begins in body(argument), on a stack that ends there. */
static inline machine_thread_state_t raw_registers(natural_t body, natural_t stack_end, natural_t argument)
{
	natural_t *stack = (natural_t *)stack_end;

	*--stack = argument;
	*--stack = 0;
	return (machine_thread_state_t){ .eip = body, .uesp = (natural_t)stack };
}

/* The same with chaos in the registers that a kernel must look at. */
static inline machine_thread_state_t chaotic_registers(natural_t body, natural_t stack_end, natural_t any, bool mild)
{
	return (machine_thread_state_t){ .eip = body, .uesp = stack_end - 64, .efl = mild ? 2 : any, .eax = any };
}

/* A kernel call by number, with the stack where it is said to be. */
static inline natural_t raw_call(natural_t number, natural_t stack)
{
	natural_t result = number, saved;

	__asm__ volatile("movl %%esp,%1\n\tmovl %3,%%esp\n\tlcall $7,$0\n\tmovl %1,%%esp"
	                 : "=a"(result), "=&S"(saved)
	                 : "0"(number), "r"(stack)
	                 : "ecx", "edx", "memory", "cc");
	return result;
}

/* A kernel call by number with these words as its arguments. */
static inline natural_t raw_trap(natural_t number, const natural_t *words)
{
	return raw_call(number, (natural_t)(words - 1));
}

/* Calls, by what this processor does in them. */
static inline void processor_traps(void)
{
	natural_t flags;
	__asm__ volatile("pushfl\n\torl %1,(%%esp)\n\tpopfl\n\tmovl $17,%%eax\n\tlcall $7,$0\n\tpushfl\n\tpopl %0\n\t"
	                 "pushl $2\n\tpopfl"
	                 : "=&r"(flags)
	                 : "i"(FLAG_NT | 0x400)
	                 : "eax", "ecx", "edx", "memory", "cc");
	claim((flags & (FLAG_NT | 0x400 | FLAG_IF)) == (FLAG_NT | 0x400 | FLAG_IF),
	      "a call gives the caller's flags back, also NT and DF");
	uint32_t ds, es, odd;
	__asm__ volatile("pushl %%ds\n\tmovl $0x1b,%%eax\n\tmovl %%eax,%%es\n\tmovl %%eax,%%ds\n\tmovl $17,%%eax\n\t"
	                 "lcall $7,$0\n\tmovl %%ds,%0\n\tmovl %%es,%1\n\tpopl %%ecx"
	                 : "=&S"(ds), "=&D"(es)
	                 :
	                 : "eax", "ecx", "edx", "memory");
	uint32_t fs, spins = 2000000;
	__asm__ volatile("movl $0x1b,%%eax\n\tmovl %%eax,%%es\n\tmovl %%eax,%%fs\n1:\tdecl %2\n\tjnz 1b\n\t"
	                 "movl %%es,%0\n\tmovl %%fs,%1\n\tmovl $0x23,%%eax\n\tmovl %%eax,%%es\n\tmovl %%eax,%%fs"
	                 : "=&S"(odd), "=&D"(fs), "+r"(spins)
	                 :
	                 : "eax", "memory", "cc");
	claim((odd & 0xffff) == 0x1b && (fs & 0xffff) == 0x1b, "and stay after interrupts");
	claim((ds & 0xffff) == 0x23 && (es & 0xffff) == 0x23, "odd segments do not disturb a call, and are flat after it");
}

/* The state of a stopped thread: what it has of the kernel's, and cannot be given.  set and get: thread_set_state,
 * thread_get_state of it. */
static inline void processor_state(machine_thread_state_t *state, kern_return_t (*set)(const machine_thread_state_t *state),
                                   kern_return_t (*get)(machine_thread_state_t *state))
{
	claim(state->efl & FLAG_IF && !(state->efl & FLAG_IOPL), "interrupts are on there");
	state->efl = FLAG_IOPL | FLAG_NT | FLAG_FIXED;
	claim(set(state) == KERN_SUCCESS && get(state) == KERN_SUCCESS && state->efl == (FLAG_IF | FLAG_FIXED),
	      "it cannot be given the kernel's flags");
	state->ds = 0x10;
	claim(set(state) == KERN_INVALID_ARGUMENT, "nor the kernel's segments");
}

/* --- Exceptions --- */

static inline void undefined(natural_t u) { (void)u; __asm__ volatile("ud2"); }
static inline void privileged(natural_t u) { (void)u; __asm__ volatile("cli"); }
static inline void port_access(natural_t u) { (void)u; __asm__ volatile("outb %al,$0x80"); }
static inline void breakpoint(natural_t u) { (void)u; __asm__ volatile("int3"); }
static inline void other_interrupt(natural_t u) { (void)u; __asm__ volatile("int $0x80"); }
static inline void task_return(natural_t u) { (void)u; __asm__ volatile("pushl %0\n\tpopfl\n\tiret" : : "i"(FLAG_NT)); }
static inline void segment_load(natural_t u) { (void)u; __asm__ volatile("movl %0,%%ds" : : "r"(0x7f)); }
static inline void gate_jump(natural_t u) { (void)u; __asm__ volatile("ljmp $7,$0"); }
static inline void task_gate(natural_t u) { (void)u; __asm__ volatile("lcall $0x28,$0"); }
static inline void float_it(natural_t u) { (void)u; __asm__ volatile("fld1"); }
static inline void step(natural_t u) { (void)u; __asm__ volatile("pushfl\n\torl $0x100,(%esp)\n\tpopfl\n\tnop"); }
/* Whatever the step over the call comes to, the breakpoint behind it is one. */
static inline void step_over_call(natural_t u)
{
	(void)u;
	__asm__ volatile("pushfl\n\torl $0x100,(%esp)\n\tmovl $17,%eax\n\tpopfl\n\tlcall $7,$0\n\tint3");
}

enum { ANY_CODE = -1 };
#define DIVISION_BY_ZERO EXC_I386_DIV
static const struct {
	void (*body)(natural_t argument);
	natural_t argument;
	integer_t exception, code;
	const char *what;
} processor_exceptions[] = {
	{ undefined, 0, EXC_BAD_INSTRUCTION, EXC_I386_INVOP, "an undefined instruction" },
	{ privileged, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "cli" },
	{ port_access, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "an I/O port" },
	{ other_interrupt, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "an interrupt instruction that is nobody's" },
	{ float_it, 0, EXC_ARITHMETIC, EXC_I386_NOEXT, "a floating-point instruction" },
	{ task_return, 0, EXC_BAD_INSTRUCTION, EXC_I386_INVTSSFLT, "a return to a task that is none" },
	{ segment_load, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "a segment that is none" },
	{ gate_jump, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "a jump to the call gate" },
	{ task_gate, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "a call of the kernel's task segment" },
	{ breakpoint, 0, EXC_BREAKPOINT, EXC_I386_BPT, "a breakpoint" },
	{ step, 0, EXC_BREAKPOINT, EXC_I386_SGL, "a step" },
	{ step_over_call, 0, EXC_BREAKPOINT, ANY_CODE, "a step over a kernel call" },
};
