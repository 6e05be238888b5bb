/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * C Threads (Cooper and Draves 1987; GD91 §5.3): threads of a task, mutexes, conditions.
 *
 * Each cthread is a thread of the kernel, and preemptible.  A mutex that is free is taken by one exchange; who finds it
 * taken waits in the kernel, for a message to a port of its own, which who lets go sends (as wired C Threads did).
 *
 *   mutex:  FREE --mutex_lock--> HELD --mutex_unlock--> FREE, and the first waiter, if there is one, is told: it tries
 *           again, and may find that somebody else was faster.
 *
 *   1. A waiter is on the queue before it looks for the last time whether the mutex is free; who lets go frees it
 *      before looking at the queue: one of the two sees the other, and no wake-up is lost.
 *   2. A queue is changed with its spin lock held, for a few instructions; who finds that held lets others run.
 *   3. A thread waits at one queue at a time, and gets one message for each time that it was taken from one.
 *
 * The stack of a thread is aligned to its size: struct cproc, what the library knows of the thread, is found from the
 * stack pointer.  A thread whose work is done keeps its stack and waits for more: cthread_fork takes such a one first.
 */
#pragma once
#include "machine.h"
#include "mach/types.h"
#include "probe.h"

/* The library's part of a thread. */
struct cproc {
	struct cproc *next;             /* of a queue of waiters, or of those without work */
	mach_port_t thread;             /* the kernel's */
	mach_port_t wait_port;          /* messages to it end a wait: receive and send right */
	mach_port_t reply_port;         /* for RPCs; made when first needed */
	struct cthread *work;           /* NULL: none */
};

struct cproc_queue {
	volatile natural_t lock;
	struct cproc *volatile first, *last;
};

typedef struct mutex {
	volatile natural_t held;
	struct cproc_queue waiters;
} *mutex_t;
typedef struct condition {
	struct cproc_queue waiters;
} *condition_t;
typedef struct cthread *cthread_t;
typedef void *(*cthread_fn_t)(void *argument);

/* Bytes of a stack, a power of 2, and the first thread's stack: 8 KB, or what a program says by CTHREAD_STACK_SIZE. */
extern const vm_size_t cthread_stack_size;
extern char cthread_first_stack[];
#define CTHREAD_STACK_SIZE(bytes_)                                                                       \
	const vm_size_t cthread_stack_size = (bytes_);                                                   \
	char cthread_first_stack[bytes_] __attribute__((aligned(bytes_)))

/* The first thread's part; called by mach_init on its new stack. */
void cthread_init(struct cproc *first);

/* A thread that runs function(argument): to be joined or detached. NULL without memory. */
cthread_t cthread_fork(cthread_fn_t function, void *argument);
/* Waits for its end: the result. The cthread_t is no more. */
void *cthread_join(cthread_t thread);
/* Nobody will join it. */
void cthread_detach(cthread_t thread);
_Noreturn void cthread_exit(void *result);
cthread_t cthread_self(void);
/* Lets others run. */
void cthread_yield(void);
/* The kernel's thread of the caller: no reference is given. */
mach_port_t cthread_port(void);
/* The calling cthread stays on its kernel thread for good, as each does: what is left is that the thread may always
 * take memory and keeps its kernel stack (thread_wire; GD91 §5.1). Result: thread_wire's. */
int cthread_wire(mach_port_t host_priv);

static inline struct cproc *cproc_self(void)
{
	return *(struct cproc **)(stack_pointer() & -cthread_stack_size);
}

/* The ways that are left when another thread is in it. */
void mutex_wait_lock(mutex_t mutex);
void mutex_wake(mutex_t mutex);

static inline void mutex_init(mutex_t mutex) { *mutex = (struct mutex){ 0 }; }
static inline void condition_init(condition_t condition) { *condition = (struct condition){ 0 }; }

static inline bool mutex_try_lock(mutex_t mutex)
{
	if (exchange(&mutex->held, 1) != 0)
		return false;
	MUK_PROBE("mutex_lock(mutex)", mutex);
	return true;
}

static inline void mutex_lock(mutex_t mutex)
{
	if (exchange(&mutex->held, 1) != 0)
		mutex_wait_lock(mutex);
	MUK_PROBE("mutex_lock(mutex)", mutex);
}

static inline void mutex_unlock(mutex_t mutex)
{
	MUK_PROBE("mutex_unlock(mutex)", mutex);
	mutex->held = 0;
	__asm__ volatile("" : : : "memory");
	if (mutex->waiters.first != NULL)
		mutex_wake(mutex);
}

/* Lets go of the mutex, waits, and takes it again. */
void condition_wait(condition_t condition, mutex_t mutex);
void condition_signal(condition_t condition);
void condition_broadcast(condition_t condition);
