/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trap on MIPS: syscall, not in a branch's delay slot, with the number in v0 and the arguments where a C function
 * finds them, in a0 to a3 and from 16(sp) on; the result comes in v0.  s0 to s8, gp, sp and ra are as before.
 */
#pragma once
#include "mach/kern_return.h"

/* X(number, name, words of arguments) */
#define MACHINE_TRAPS(X) X(62, mips_restartable, 1)

/*
 * The task's restartable atomic sequence begins at this address from now on (Bershad, Redell and Ellis 1992): two
 * instructions.  A thread that is to run its second one when another takes the processor goes on at the first when its
 * turn comes again.  0: there is none.  KERN_INVALID_ARGUMENT: no address of a user's instruction.
 */
kern_return_t mips_restartable(vm_offset_t address);
