/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the library needs of the processor, on x86. */
#pragma once
#include "mach/types.h"

static inline uintptr_t stack_pointer(void)
{
	uintptr_t stack;

	__asm__("movl %%esp, %0" : "=r"(stack));
	return stack;
}

/* Stores the value, and gives what was there: nobody comes between. */
static inline natural_t exchange(volatile natural_t *word, natural_t value)
{
	__asm__ volatile("xchgl %0, %1" : "+r"(value), "+m"(*word) : : "memory");
	return value;
}

/* A task begins. */
static inline void machine_begin(void) {}
