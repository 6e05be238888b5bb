/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kinds of exceptions (Mach 3.0 mach/exception.h); their codes are the architecture's.
 */
#pragma once
#include "mach/exception_codes.h"
#include "mach/kern_return.h"

enum {
	EXC_BAD_ACCESS = 1,             /* code: the fault's kern_return_t; subcode: the address */
	EXC_BAD_INSTRUCTION = 2,
	EXC_ARITHMETIC = 3,
	EXC_EMULATION = 4,
	EXC_SOFTWARE = 5,
	EXC_BREAKPOINT = 6,
};
