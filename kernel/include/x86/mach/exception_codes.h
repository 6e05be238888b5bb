/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Codes of exceptions on x86 (Mach 3.0 mach/i386/exception.h).
 */
#pragma once

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
