/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps: the few calls that are no messages; an architecture has calls of its own beside them (mach/machine_syscalls.h),
 * which also says how a trap is made.
 *
 * X(number, name, words of arguments)
 */
#pragma once
#include "mach/machine_syscalls.h"

#define MACH_TRAPS(X)                                                                                          \
	X(17, mach_null, 0)                /* nothing: what a trap costs */                                    \
	X(25, mach_msg_trap, 7)                                                                                \
	X(26, mach_reply_port, 0)          /* a new receive right, for replies */                              \
	X(27, mach_thread_self, 0)         /* a send right to the caller's thread port */                      \
	X(28, mach_task_self, 0)                                                                               \
	X(29, mach_host_self, 0)                                                                               \
	X(59, swtch_pri, 1)                /* yields at lowered priority; true if somebody else ran */         \
	X(60, swtch, 0)                                                                                        \
	X(61, thread_switch, 3)            /* thread, option, milliseconds */

enum mach_trap {
#define X(number_, name_, words_) MACH_TRAP_##name_ = (number_),
	MACH_TRAPS(X) MACHINE_TRAPS(X)
#undef X
};

/* thread_switch's options. */
enum { SWITCH_OPTION_NONE = 0, SWITCH_OPTION_DEPRESS = 1, SWITCH_OPTION_WAIT = 2 };
