/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps, and their table for entry.S: the function, and the words of its arguments.
 */
#pragma once
#include "mach/kern_return.h"

struct syscall {
	void (*function)(void);        /* of whatever arguments and result */
	natural_t words;
};
extern const struct syscall syscall_table[];
extern const natural_t syscall_count;

/* Does nothing: what a trap costs . */
kern_return_t mach_null(void);
/* Let others run, if there are any: true. swtch_pri: also those of worse priority. */
natural_t swtch(void);
natural_t swtch_pri(int priority);
/* Lets `name`'s thread run (SWITCH_OPTION_NONE, _DEPRESS), or waits for so long (_WAIT). KERN_INVALID_ARGUMENT. */
kern_return_t thread_switch(mach_port_t name, int option, natural_t milliseconds);
