/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Codes of exceptions on MIPS: the processor's own (Cause.ExcCode), but where a compiler's break says more.
 *
 * A user's access to the kernel's addresses is EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, as on any machine.
 */
#pragma once

/* EXC_BAD_INSTRUCTION */
enum {
	EXC_MIPS_ADEL = 4,              /* unaligned; subcode: the address */
	EXC_MIPS_ADES = 5,
	EXC_MIPS_IBE = 6,               /* there is nothing at the physical address */
	EXC_MIPS_DBE = 7,
	EXC_MIPS_RI = 10,
	EXC_MIPS_CPU = 11,              /* subcode: the coprocessor, which is none of users */
};
/* EXC_ARITHMETIC */
enum {
	EXC_MIPS_DIV_OVERFLOW = 6,      /* break 6 and break 7 are what compilers say */
	EXC_MIPS_DIV_ZERO = 7,
	EXC_MIPS_OV = 12,
};
/* EXC_BREAKPOINT; subcode: the break's number */
enum { EXC_MIPS_BP = 9 };
/* EXC_SOFTWARE */
enum { EXC_MIPS_TR = 13 };              /* the R4000's conditional traps */
