/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks made of the running program. */
#pragma once
#include "mach/kern_return.h"

/* A task with the caller's memory by its inheritance, and one thread in it, which runs function(argument); the task
 * ends when that returns.  It has no ports but its own and what it inherits (mach_ports_register, bootstrap).
 * *task: a send right.  No other thread of the caller may be in the library (a lock would stay taken in the child). */
kern_return_t task_fork(void (*function)(void *argument), void *argument, mach_port_t *task);
