/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions of user threads as messages to their exception ports (Black et al. 1988; Mach 3.0 kern/exception).
 */
#pragma once
#include "mach/types.h"

/* Asks the current user thread's exception port, then its task's: who answers KERN_SUCCESS lets the thread go on with
 * the registers that it then has.  If nobody does, the task is terminated (probe exception(type, code, subcode)). */
_Noreturn void exception(integer_t type, integer_t code, integer_t subcode);
