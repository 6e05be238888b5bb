/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting, waking and running: events, continuations, hand-off (Draves et al. 1991; Mach 3.0 kern/sched_prim).
 *
 * The kernel runs with interrupts off, but for windows that it opens itself (machine/pcb.h), and is not preempted: a
 * thread keeps the processor until it blocks or leaves for user mode.  So there are no spin locks here, and between
 * assert_wait and thread_block nothing can happen; an event that comes in thread_block's own window ends the wait.
 *
 *   RUNNING --assert_wait--> RUNNING, waiting --thread_block--> WAITING --thread_wakeup, clear_wait--> RUNNABLE
 *      ^                                                                                                 |
 *      '------------------------------------- thread_block's choice -------------------------------------'
 *
 * A thread that blocks with a continuation gives its stack away; it goes on in the continuation, on any stack, and
 * finds nothing but what it left in its struct thread.
 */
#pragma once
#include "mach/types.h"

struct thread;
typedef const void *event_t; /* any address that stands for what is waited for */
typedef void (*continuation_t)(void);

enum wait_result { THREAD_AWAKENED, THREAD_TIMED_OUT, THREAD_INTERRUPTED, THREAD_RESTART };

/* The caller will wait for the event at its next thread_block. interruptible: thread_abort and termination end it. */
void assert_wait(event_t event, bool interruptible);
/* Ends the caller's or another thread's wait without the event; interrupt_only: if it is interruptible. */
void clear_wait(struct thread *thread, enum wait_result result, bool interrupt_only);
/* The next wait ends after this many milliseconds (rounded up to ticks, at least one): THREAD_TIMED_OUT. */
void thread_set_timeout(natural_t milliseconds);
/* Without an event: the caller waits until thread_go or clear_wait names it. */
void thread_will_wait(struct thread *thread, bool interruptible);
void thread_go(struct thread *thread);

/* Gives the processor up: to wait, if it was asserted, or just to let others run.  continuation NULL: returns here,
 * with the stack kept. Result: how the wait ended (also current_thread->wait_result). */
enum wait_result thread_block(continuation_t continuation);
/* assert_wait and thread_block in one. */
enum wait_result thread_sleep(event_t event, bool interruptible);
/* Blocks as thread_block does, and gives stack and processor to `next`, a waiting thread, without a look at the run
 * queues: on return the caller *is* next, which had blocked with a continuation that the caller must see to.  False,
 * and nothing has happened: next keeps its stack (see thread_can_handoff). */
bool thread_handoff(continuation_t continuation, struct thread *next);
bool thread_can_handoff(const struct thread *next);

/* The event has come: who waits for it is runnable; only the one that has waited longest. */
void thread_wakeup(event_t event);
void thread_wakeup_one(event_t event);

/* The thread, which does not wait, is to run (new or resumed). */
void thread_setrun(struct thread *thread);
/* Ends of continuations and kernel calls: leave for user mode, with `result` in the result register or with the
 * saved registers as they are.  Checks for ASTs. */
_Noreturn void thread_syscall_return(kern_return_t result);
_Noreturn void thread_exception_return(void);
/* Another thread's turn is due (quantum, better priority): taken on the way to user mode. */
extern bool need_ast;
