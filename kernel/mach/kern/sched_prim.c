/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor passes from thread to thread (Draves et al. 1991; Mach 3.0 kern/sched_prim).
 *
 *   1. A runnable thread that does not run is on the queue of its priority, or waits for a kernel stack (stack.c); one
 *      that waits for an event is on the event's bucket.  Both by `link`.
 *   2. The current thread is on neither; while it looks for the next one it may be (it idles in its own context: there
 *      is no idle thread, and who is woken meanwhile just goes on).
 *   3. A thread without a stack has a continuation.
 *   4. need_ast: the current thread's ast, or somebody else's turn.  Set anew at each switch.
 *
 * Priorities are fixed, but for a thread that has lowered its own until it runs again (swtch_pri); equal ones take
 * turns of QUANTUM_TICKS.  So a server is not slower for having worked, and who computes for ever starves only those
 * that are meant to come after him.
 *
 * thread_block's ways from old to new:
 *   old gives its stack away, new has none:   stack_handoff, and the continuation is called on what is old's stack
 *   new has none, old keeps its own:          new gets one, and begins on it (thread_continue)
 *   new has its context on its stack:         switch_context
 * thread_dispatch(old) ends each, in the new thread: there old's stack is free, and old, if it is dead, gone.
 */
#include "kern/sched_prim.h"
#include "base/panic.h"
#include "kern/probes.h"
#include "kern/sched.h"
#include "kern/stack.h"
#include "kern/task.h"
#include "kern/thread.h"

enum { WAIT_BUCKETS = 64, PRIORITIES = 32, WORST = PRIORITIES - 1 };

struct thread *current_thread_;
bool need_ast;

static struct list run_queue[PRIORITIES];
static natural_t run_bits;             /* bit p: run_queue[p] has somebody */
static struct list wait_bucket[WAIT_BUCKETS];
static bool idling;
static const char default_reason[] = "event";

void sched_init(void)
{
	for (unsigned i = 0; i < PRIORITIES; i++)
		list_init(&run_queue[i]);
	for (unsigned i = 0; i < WAIT_BUCKETS; i++)
		list_init(&wait_bucket[i]);
}

/* --- Run queues --- */

static int effective_priority(const struct thread *thread) { return thread->depressed ? WORST : thread->priority; }

static void enqueue(struct thread *thread, bool first)
{
	const int priority = effective_priority(thread);
	if (first)
		list_prepend(&run_queue[priority], &thread->link);
	else
		list_append(&run_queue[priority], &thread->link);
	run_bits |= 1u << priority;
}

static struct thread *dequeue_best(void)
{
	const int priority = __builtin_ctz(run_bits);
	struct list *queue = &run_queue[priority];
	struct thread *thread = LIST_OWNER(queue->next, struct thread, link);
	list_remove(&thread->link);
	if (list_is_empty(queue))
		run_bits &= ~(1u << priority);
	thread->depressed = false;
	return thread;
}

/* Whether somebody waits for his turn who is better than this priority, or as good. */
static bool others_at(int priority, bool or_equal)
{
	return run_bits & ((or_equal ? 2u << priority : 1u << priority) - 1);
}

void thread_setrun(struct thread *thread)
{
	thread->state = TH_RUN;
	enqueue(thread, false);
	const struct thread *current = current_thread();
	const int priority = effective_priority(thread);
	if (priority < current->priority || (priority == current->priority && !current->quantum))
		need_ast = true;
}

/* Takes a runnable thread off its queue. */
static void dequeue(struct thread *thread)
{
	list_remove(&thread->link);
	for (unsigned p = 0; p < PRIORITIES; p++)
		if (list_is_empty(&run_queue[p]))
			run_bits &= ~(1u << p);
}

static bool is_queued(const struct thread *thread) { return thread->state == TH_RUN && list_is_linked(&thread->link); }

void sched_requeue(struct thread *thread)
{
	if (!is_queued(thread))
		return;
	dequeue(thread);
	thread_setrun(thread);
}

void sched_tick(bool user_mode)
{
	struct thread *thread = current_thread();
	stack_retry();
	if (idling)
		return;
	if (user_mode)
		thread->user_ticks++;
	else
		thread->system_ticks++;
	if (thread->quantum)
		thread->quantum--;
	if (!thread->quantum && others_at(thread->priority, true))
		need_ast = true;
}

/* --- Waiting --- */

static struct list *bucket_of(event_t event)
{
	const natural_t n = (natural_t)event;
	return &wait_bucket[(n >> 4 ^ n >> 10) % WAIT_BUCKETS];
}

void thread_will_wait(struct thread *thread, bool interruptible)
{
	kernel_assert(!(thread->state & TH_WAIT));
	thread->state |= TH_WAIT;
	thread->wait_event = NULL;
	thread->wait_interruptible = interruptible;
}

void assert_wait(event_t event, bool interruptible)
{
	struct thread *thread = current_thread();
	thread_will_wait(thread, interruptible);
	thread->wait_event = event;
	list_append(bucket_of(event), &thread->link);
}

static void time_is_over(void *thread) { clear_wait(thread, THREAD_TIMED_OUT, false); }

void thread_set_timeout(natural_t milliseconds)
{
	struct thread *thread = current_thread();
	thread->timer.function = time_is_over;
	thread->timer.argument = thread;
	set_timeout(&thread->timer, ticks_of_ms(milliseconds));
}

/* The thread does not wait any more; it has not been made runnable yet. */
static void end_wait(struct thread *thread, enum wait_result result)
{
	if (thread->wait_event)
		list_remove(&thread->link);
	if (list_is_linked(&thread->timer.link))
		reset_timeout(&thread->timer);
	thread->wait_event = NULL;
	thread->wait_reason = NULL;
	thread->wait_result = result;
}

void clear_wait(struct thread *thread, enum wait_result result, bool interrupt_only)
{
	if (!(thread->state & TH_WAIT) || (interrupt_only && !thread->wait_interruptible))
		return;
	end_wait(thread, result);
	if (thread->state & TH_RUN) {
		thread->state = TH_RUN; /* it has not blocked yet */
		return;
	}
	probe_thread_run(thread->number);
	thread_setrun(thread);
}

void thread_go(struct thread *thread) { clear_wait(thread, THREAD_AWAKENED, false); }

static void wakeup(event_t event, bool only_one)
{
	struct list *bucket = bucket_of(event);
	for (struct list *l = bucket->next, *next; l != bucket; l = next) {
		struct thread *thread = LIST_OWNER(l, struct thread, link);
		next = l->next;
		if (thread->wait_event != event)
			continue;
		clear_wait(thread, THREAD_AWAKENED, false);
		if (only_one)
			return;
	}
}

void thread_wakeup(event_t event) { wakeup(event, false); }
void thread_wakeup_one(event_t event) { wakeup(event, true); }

/* --- Passing the processor on --- */

/* Nobody can run: until an interrupt makes somebody runnable. */
static void idle(void)
{
	struct thread *thread = current_thread();
	probe_thread_switch(0, 0);
	idling = true;
	while (!run_bits) {
		probe_idle(timeouts_pending());
		machine_idle();
	}
	idling = false;
	probe_thread_switch(thread->task->number, thread->number);
}

/* Whether the thread that leaves the processor can leave its stack to the next one. */
static bool gives_stack(const struct thread *old, continuation_t continuation)
{
	return continuation && old->kernel_stack != old->stack_privilege;
}

/* Gives a thread that has no stack one to begin on; without memory it waits aside: false. */
static bool get_stack(struct thread *thread)
{
	const vm_offset_t stack = stack_alloc(thread);
	if (stack)
		stack_attach(thread, stack, thread_continue);
	else
		stack_wait(thread);
	return stack != 0;
}

/* The next to run, with a stack, or with one to be had from `old`. */
static struct thread *thread_select(struct thread *old, bool stack_given)
{
	for (;;) {
		if (!run_bits)
			idle();
		struct thread *new = dequeue_best();
		if (new->kernel_stack || new == old || stack_given || get_stack(new))
			return new;
	}
}

static void thread_dispatch(struct thread *old)
{
	if (old->continuation && old->kernel_stack)
		stack_free(old, stack_detach(old));
	if (!old->state)
		thread_deallocate(old);
}

/* The processor's new thread, as far as this file sees it. */
static void take_turn(struct thread *thread)
{
	if (!thread->quantum)
		thread->quantum = QUANTUM_TICKS;
	need_ast = thread->ast || others_at(thread->priority, false);
	probe_thread_switch(thread->task->number, thread->number);
}

_Noreturn void thread_continue(struct thread *old)
{
	const continuation_t continuation = current_thread()->continuation;
	thread_dispatch(old);
	current_thread()->continuation = NULL;
	call_continuation(continuation);
}

static enum wait_result switch_to(struct thread *old, continuation_t continuation, struct thread *new)
{
	take_turn(new);
	if (new->kernel_stack) {
		thread_dispatch(switch_context(old, continuation, new));
		return current_thread()->wait_result;
	}
	old->continuation = continuation;
	stack_handoff(old, new);
	thread_continue(old);
}

enum wait_result thread_block(continuation_t continuation)
{
	struct thread *old = current_thread();
	interrupt_window();
	if (old->state & TH_WAIT && old->wait_interruptible && !old->active)
		clear_wait(old, THREAD_INTERRUPTED, true);
	if (old->state & TH_WAIT) {
		old->state = TH_WAIT;
		probe_thread_wait(old->number, old->wait_event, old->wait_reason ? old->wait_reason : default_reason);
	} else if (old->state & TH_RUN) {
		enqueue(old, old->quantum && need_ast);
	}
	struct thread *new = thread_select(old, gives_stack(old, continuation));
	if (new != old)
		return switch_to(old, continuation, new);
	take_turn(old);
	if (continuation)
		call_continuation(continuation);
	return old->wait_result;
}

enum wait_result thread_sleep(event_t event, bool interruptible)
{
	assert_wait(event, interruptible);
	return thread_block(NULL);
}

bool thread_can_handoff(const struct thread *next)
{
	return !next->kernel_stack && next->state == TH_WAIT;
}

bool thread_handoff(continuation_t continuation, struct thread *next)
{
	struct thread *old = current_thread();
	if (!gives_stack(old, continuation) || !old->active || !thread_can_handoff(next))
		return false;
	end_wait(next, THREAD_AWAKENED);
	next->state = TH_RUN;
	if (old->state & TH_WAIT) {
		old->state = TH_WAIT;
		probe_thread_wait(old->number, old->wait_event, old->wait_reason ? old->wait_reason : default_reason);
	} else {
		enqueue(old, false);
	}
	old->continuation = continuation;
	next->continuation = NULL;
	probe_thread_run(next->number);
	take_turn(next);
	stack_handoff(old, next);
	return true;
}

bool thread_run(struct thread *new)
{
	struct thread *old = current_thread();
	if (!is_queued(new))
		return false;
	dequeue(new);
	if (!new->kernel_stack && !get_stack(new))
		return false;
	enqueue(old, false);
	switch_to(old, NULL, new);
	return true;
}

bool thread_yield(bool depressed)
{
	struct thread *thread = current_thread();
	if (!run_bits)
		return false;
	thread->depressed = depressed;
	thread->quantum = 0;
	thread_block(NULL);
	return true;
}
