/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kinds of exceptions, and their codes on x86 (Mach 3.0 mach/exception.h, mach/i386/exception.h).
 */
#pragma once
#include "mach/kern_return.h"

enum {
	EXC_BAD_ACCESS = 1,             /* code: the fault's kern_return_t; subcode: the address */
	EXC_BAD_INSTRUCTION = 2,
	EXC_ARITHMETIC = 3,
	EXC_EMULATION = 4,
	EXC_SOFTWARE = 5,
	EXC_BREAKPOINT = 6,
};
/* EXC_BAD_INSTRUCTION */
enum {
	EXC_I386_INVOP = 1,
	EXC_I386_INVTSSFLT = 10,
	EXC_I386_SEGNPFLT = 11,
	EXC_I386_STKFLT = 12,
	EXC_I386_GPFLT = 13,
	EXC_I386_ALIGNFLT = 17,
};
/* EXC_ARITHMETIC */
enum {
	EXC_I386_DIV = 1,
	EXC_I386_INTO = 2,
	EXC_I386_NOEXT = 3,             /* there is no floating-point unit */
	EXC_I386_EXTOVR = 4,
	EXC_I386_EXTERR = 5,
	EXC_I386_BOUND = 7,
};
/* EXC_BREAKPOINT */
enum { EXC_I386_SGL = 1, EXC_I386_BPT = 2 };
