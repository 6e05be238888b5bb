/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the library needs of the processor, on MIPS.
 *
 * The R3000 has no atomic instruction.  Where there is one processor, a sequence that is begun anew when somebody else
 * has run in its midst is as good, and costs no more than a function's call: a restartable atomic sequence (Bershad,
 * Redell and Ellis 1992, of the kind that is registered with the kernel, as Mach 3.0 had it).  The alternative, a
 * system call for each mutex that is taken, takes some 75 instructions (a null call's).
 */
#pragma once
#include "mach/types.h"
#include "pager/lib/mach/traps.h"

static inline uintptr_t stack_pointer(void)
{
	uintptr_t stack;

	__asm__("move %0, $29" : "=r"(stack));
	return stack;
}

/* Stores the value, and gives what was there: nobody comes between (exchange.S). */
natural_t exchange(volatile natural_t *word, natural_t value);

/* A task begins: the kernel learns of its sequence. */
static inline void machine_begin(void) { (void)mips_restartable((vm_offset_t)exchange); }
