/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All of the kernel's calls, with arguments by chance.
 */
#pragma once
#include "mach/types.h"

enum { TARGET_PAGES = 8 };

/* What an attacker has to call on, and with. */
struct targets {
	mach_port_t self, thread, task, other_thread, host, port, set;
	vm_offset_t memory;             /* TARGET_PAGES pages */
};

/* So many turns of a manager of memory that does anything. */
void manage_badly(const struct targets *targets, unsigned calls);
/* Ends a task that an attacker has made, whatever becomes of messages. */
void end_task(mach_port_t task);
/* A number by chance, less than `below`. */
natural_t random_number(natural_t below);
/* One call of any interface of the kernel but those of the privileged ports; or of one (0 memory, 1 tasks, 2 threads,
 * 3 names, 4 the host, 5 objects and devices) if `only` is below INTERFACES, and of that one only
 * one call (its place in calls.c) if `call` is below ANY_CALL. */
enum { INTERFACES = 6, ANY_CALL = 99 };
void call_anything(const struct targets *targets, natural_t only, natural_t call);
