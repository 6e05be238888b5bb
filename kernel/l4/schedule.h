/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who runs next: 256 priorities, round robin within each.
 */
#pragma once
#include "l4/tcb.h"

enum { SLICE_DEFAULT_MAN = 39, SLICE_DEFAULT_EXP = 11 }; /* 39 * 256 us: about 10 ms */

void schedule_init(struct tcb *idle);
/* A thread that does not run becomes READY, and waits for its turn. */
void schedule_ready(struct tcb *thread);
/* Switches to this thread now. The current one must be in a state to be left: not READY, or put in the queue. */
void schedule_run(struct tcb *thread);
/* The current thread, which is not READY any more, gives way to this one, or to the best if NULL. Returns when it is
 * READY again and has its turn. */
void schedule_block(struct tcb *successor);
/* If somebody better than the current thread is ready, switches there; the current one goes on first of
 * its priority. */
void schedule_preempt(void);
/* The current thread goes to the end of its priority. */
void schedule_yield(void);
/* The same, but for this thread, if it is ready (thread_switch). */
void schedule_switch_to(struct tcb *thread);
/* The timer has fired, and timeouts have been dealt with: the running thread's slice may be over. */
void schedule_tick(void);
/* Takes a thread out of the queue, if it is there. */
void schedule_forget(struct tcb *thread);
/* thread_schedule: new priority (and place) of a thread. */
void schedule_set_priority(struct tcb *thread, l4_u8 priority);
/* Where the kernel goes when nobody is ready; does not return. */
_Noreturn void schedule_idle(void);
