/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exceptions that a program can have: X(function, number, what), each function making one. */
#pragma once

#define EXCEPTIONS(X)                                                               \
	X(raise_arithmetic, 12, "an overflow")                                      \
	X(raise_undefined, 10, "an undefined instruction")                          \
	X(raise_privileged, 11, "a privileged instruction")                         \
	X(raise_forbidden, 4, "a load from the kernel's memory")                    \
	X(raise_forbidden_store, 5, "a store to the kernel's memory")               \
	X(raise_unaligned, 4, "a word that is not aligned")                         \
	X(raise_break, 9, "a breakpoint")                                           \
	X(raise_bad_call, 8, "a kernel call that there is not")                     \
	X(raise_in_slot, 12, "an overflow in a branch's slot")

static inline void raise_arithmetic(void)
{
	__asm__ volatile("lui $8,0x7fff\n\tadd $8,$8,$8" : : : "$8");
}

static inline void raise_undefined(void)
{
	__asm__ volatile(".word 0x0000003f");
}

static inline void raise_privileged(void)
{
	__asm__ volatile("mfc0 $8,$12" : : : "$8");
}

static inline void raise_forbidden(void)
{
	(void)*(volatile unsigned *)0x80000000u;
}

static inline void raise_forbidden_store(void)
{
	*(volatile unsigned *)0xa0000000u = 0;
}

static inline void raise_unaligned(void)
{
	__asm__ volatile("lw $8,2($29)" : : : "$8");
}

static inline void raise_break(void)
{
	__asm__ volatile("break");
}

static inline void raise_bad_call(void)
{
	__asm__ volatile("li $2,7\n\tsyscall" : : : "$2");
}

static inline void raise_in_slot(void)
{
	__asm__ volatile(".set push\n\t.set noreorder\n\tlui $8,0x7fff\n\tb 1f\n\tadd $8,$8,$8\n1:\t.set pop" : : : "$8");
}

/* Leaves registers that only this architecture has as a program may, but none does: one of two ways. */
static inline void disturb_registers(bool way)
{
	__asm__ volatile("mthi %0\n\tmtlo %0\n\tmove $28,%0" : : "r"(way ? ~0u : 0u) : "hi", "lo");
}
