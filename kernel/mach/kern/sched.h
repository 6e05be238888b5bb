/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the scheduler is to kern/ itself.
 */
#pragma once
#include "mach/types.h"

struct thread;

enum {
	PRIORITY_BEST = 0, PRIORITY_WORST = 31,
	PRIORITY_SYSTEM = 6,           /* threads of the kernel */
	PRIORITY_USER = 12,
	QUANTUM_TICKS = 10
};

/* Before any thread. */
void sched_init(void);
/* A tick has come upon the current thread, in user mode or not. */
void sched_tick(bool user_mode);
/* A runnable thread's priority has changed. */
void sched_requeue(struct thread *thread);
/* Goes on with this thread, if it is runnable, whatever the priorities; the caller's turn comes by its own. */
bool thread_run(struct thread *thread);
/* Lets others run, if there are any: true. depressed: anybody. */
bool thread_yield(bool depressed);
/* Where a thread without a stack begins when it has got one (stack_attach). */
_Noreturn void thread_continue(struct thread *old);
