/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exceptions that a program can have: X(function, number, what), each function making one. */
#pragma once

#define EXCEPTIONS(X)                                                               \
	X(raise_arithmetic, 0, "a division by zero")                                \
	X(raise_undefined, 6, "an undefined instruction")                           \
	X(raise_privileged, 13, "a privileged instruction")                         \
	X(raise_forbidden, 13, "a port that is not in the address space")

static inline void raise_arithmetic(void)
{
	__asm__ volatile("xorl %%edx, %%edx\n\txorl %%eax, %%eax\n\tdivl %%edx" : : : "eax", "edx");
}

static inline void raise_undefined(void)
{
	__asm__ volatile("ud2");
}

static inline void raise_privileged(void)
{
	__asm__ volatile("cli");
}

static inline void raise_forbidden(void)
{
	__asm__ volatile("inb $0x60, %%al" : : : "eax");
}

/* Leaves registers that only this architecture has as a program may, but none does: one of two ways. */
static inline void disturb_registers(bool way)
{
	__asm__ volatile("mov %0,%%fs\n\tmov %1,%%gs" : : "r"(way ? 0x23 : 0), "r"(0x1b));
}
