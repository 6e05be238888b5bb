/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scheduler against a model: threads that run for themselves wait for events and times, wake each other, yield, and
 * hand the processor over, at random, with and without continuations.
 *
 * The model keeps of each thread only whether it may run, and why not.  Whenever the processor goes to a thread, it
 * must be one that may run, and nobody better may (but after a hand-off); whenever a wait ends, its result must be the
 * model's.  Stacks are counted: a thread that has blocked with a continuation has none.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "base/pit.h"
#include "base/panic.h"
#include "kern/clock.h"
#include "kern/sched.h"
#include "kern/stack.h"
#include "kern/startup.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "probe.h"
#include "tests/unit/random.h"
#include "vm/vm_page.h"

enum { THREADS = 12, EVENTS = 4, STACKS = THREADS + 1, STACK_BYTES = 64 << 10, NEVER = -1 };
enum { STEPS = 20000 };

/* --- Contexts --- */

static struct thread thread[THREADS + 1]; /* by number; 0 is nobody */
static struct task task;
static ucontext_t context[THREADS + 1], test_context, jump_context;
static char *stack_memory[STACKS + 1];
static bool stack_used[STACKS + 1];
static struct thread *left;              /* by the last switch_context */
static void (*resume_function)(struct thread *);
static continuation_t jump_to;
static int stacks_short;                 /* so many stack_allocs find no memory */

static void on_stack(ucontext_t *c, vm_offset_t stack, void (*function)(void))
{
	cr_assert(stack && stack_used[stack]);
	getcontext(c);
	c->uc_stack.ss_sp = stack_memory[stack];
	c->uc_stack.ss_size = STACK_BYTES;
	c->uc_link = NULL;
	makecontext(c, function, 0);
}

static void resume_here(void) { resume_function(left); }

void stack_attach(struct thread *t, vm_offset_t stack, void (*resume)(struct thread *old))
{
	cr_assert_eq(t->kernel_stack, 0);
	t->kernel_stack = stack;
	resume_function = resume;
	on_stack(&context[t->number], stack, resume_here);
}

vm_offset_t stack_detach(struct thread *t)
{
	const vm_offset_t stack = t->kernel_stack;
	t->kernel_stack = 0;
	return stack;
}

void stack_handoff(struct thread *old, struct thread *new)
{
	cr_assert_eq(new->kernel_stack, 0);
	new->kernel_stack = stack_detach(old);
	current_thread_ = new;
}

struct thread *switch_context(struct thread *old, continuation_t continuation, struct thread *new)
{
	old->continuation = continuation;
	left = old;
	current_thread_ = new;
	if (continuation)
		setcontext(&context[new->number]);
	else
		swapcontext(&context[old->number], &context[new->number]);
	return left;
}

static void jump_here(void) { jump_to(); }

void call_continuation(continuation_t continuation)
{
	jump_to = continuation;
	on_stack(&jump_context, current_thread()->kernel_stack, jump_here);
	setcontext(&jump_context);
	abort();
}

vm_offset_t stack_alloc(const struct thread *t)
{
	(void)t;
	if (stacks_short && stacks_short--)
		return 0;
	for (vm_offset_t s = 1; s <= STACKS; s++)
		if (!stack_used[s]) {
			stack_used[s] = true;
			return s;
		}
	cr_assert(false, "more stacks than threads");
	return 0;
}

static bool waits_for_stack[THREADS + 1];

void stack_wait(struct thread *t) { waits_for_stack[t->number] = true; }

void stack_retry(void)
{
	for (unsigned n = 1; n <= THREADS; n++)
		if (waits_for_stack[n]) {
			waits_for_stack[n] = false;
			thread_setrun(&thread[n]);
		}
}

void stack_free(const struct thread *t, vm_offset_t stack)
{
	(void)t;
	cr_assert(stack_used[stack]);
	stack_used[stack] = false;
	stack_retry();
}

/* --- What else the scheduler calls --- */

void pit_repeat(uint32_t ticks) { (void)ticks; }
void interrupt_handler(unsigned line, void (*handler)(unsigned line)) { (void)line, (void)handler; }
bool interrupt_of_user;
bool boot_option_is(const char *key, const char *value) { (void)key, (void)value; return false; }
void vm_page_check(void) { cr_assert(false); }
void thread_deallocate(struct thread *t) { (void)t; }
void panic(const char *text) { cr_assert(false, "%s", text); abort(); }

/* --- The model --- */

static struct {
	bool runs;
	int event;                       /* what it waits for; NEVER: nothing but time and clear_wait */
	natural_t deadline;              /* tick; 0: none */
	enum wait_result result;
} model[THREADS + 1];
static bool handed_off;
static struct random random_state = { 7 };
static const char event_address[EVENTS];
static unsigned steps, waits_over, handoffs, idles;

static unsigned below(unsigned n) { return random_below(&random_state, n); }

static void model_wake(unsigned n, enum wait_result result)
{
	model[n].runs = true;
	model[n].result = result;
	model[n].deadline = 0;
}

static void tick(bool user)
{
	for (unsigned n = 1; n <= THREADS; n++)
		if (!model[n].runs && model[n].deadline && model[n].deadline <= elapsed_ticks + 1)
			model_wake(n, THREAD_TIMED_OUT);
	clock_interrupt(user);
}

void interrupt_window(void)
{
	if (below(8) == 0)
		tick(false);
}

void machine_idle(void)
{
	for (unsigned n = 1; n <= THREADS; n++)
		cr_assert(!model[n].runs || waits_for_stack[n], "thread %u may run, and the processor idles", n);
	idles++;
	tick(false);
	/* somebody from outside, so that it does not end here */
	const unsigned n = 1 + below(THREADS);
	if (!model[n].runs && !timeouts_pending()) {
		model_wake(n, THREAD_RESTART);
		clear_wait(&thread[n], THREAD_RESTART, false);
	}
}

static int best_waiting(unsigned except)
{
	int best = PRIORITY_WORST + 1;
	for (unsigned n = 1; n <= THREADS; n++)
		if (n != except && model[n].runs && !thread[n].depressed && !waits_for_stack[n] &&
		    thread[n].priority < best)
			best = thread[n].priority;
	return best;
}

void probe_fired(const char *name, unsigned first, unsigned second)
{
	(void)first;
	if (strcmp(name, "thread_switch") != 0 || second == 0)
		return;
	cr_assert(model[second].runs, "thread %u waits, and runs", second);
	if (!handed_off)
		cr_assert_leq(thread[second].priority, best_waiting(second), "thread %u runs before a better one", second);
	handed_off = false;
}

/* --- What threads do --- */

static void live(void);

static void after_wait(void)
{
	const struct thread *self = current_thread();
	cr_assert_eq(self->wait_result, model[self->number].result, "a wait's result");
	waits_over++;
	live();
}

/* Either keeps its stack, or does not. */
static void block(bool keep, bool waited)
{
	struct thread *self = current_thread();
	if (!keep)
		thread_block(waited ? after_wait : live);
	const enum wait_result result = thread_block(NULL);
	cr_assert_eq(current_thread(), self, "another thread on this stack");
	if (waited)
		cr_assert_eq(result, model[self->number].result);
}

static void begin_wait(struct thread *self)
{
	const unsigned n = self->number;
	const bool event = below(3) != 0;
	model[n].event = event ? (int)below(EVENTS) : NEVER;
	model[n].runs = false;
	if (event)
		assert_wait(&event_address[model[n].event], true);
	else
		thread_will_wait(self, true);
	if (!event || below(3) == 0) {
		const natural_t ms = below(60);
		model[n].deadline = elapsed_ticks + (ms ? (ms + 9) / 10 : 1) + 1;
		thread_set_timeout(ms);
	}
}

static void do_wakeup(void)
{
	const int event = (int)below(EVENTS);
	const bool one = below(2);
	if (!one) {
		for (unsigned n = 1; n <= THREADS; n++)
			if (!model[n].runs && model[n].event == event)
				model_wake(n, THREAD_AWAKENED);
		thread_wakeup(&event_address[event]);
		return;
	}
	unsigned waiting_before = 0, waiting_after = 0;
	for (unsigned n = 1; n <= THREADS; n++)
		waiting_before += !model[n].runs && model[n].event == event;
	thread_wakeup_one(&event_address[event]);
	for (unsigned n = 1; n <= THREADS; n++)
		if (!model[n].runs && model[n].event == event) {
			if (thread[n].state & TH_WAIT)
				waiting_after++;
			else
				model_wake(n, THREAD_AWAKENED);
		}
	cr_assert_eq(waiting_after, waiting_before ? waiting_before - 1 : 0, "exactly one is woken");
}

static void do_handoff(struct thread *self)
{
	struct thread *next = &thread[1 + below(THREADS)];
	if (next == self || !thread_can_handoff(next))
		return;
	const continuation_t after = next->continuation;
	begin_wait(self);
	model_wake(next->number, THREAD_AWAKENED);
	handed_off = true;
	cr_assert(thread_handoff(after_wait, next));
	cr_assert_eq(current_thread(), next);
	cr_assert_eq(self->kernel_stack, 0);
	handoffs++;
	after();
}

static void do_clear(void)
{
	const unsigned n = 1 + below(THREADS);
	if (model[n].runs)
		return;
	model_wake(n, THREAD_INTERRUPTED);
	clear_wait(&thread[n], THREAD_INTERRUPTED, true);
}

static void check_stacks(void)
{
	unsigned used = 0, have = 0;
	for (vm_offset_t s = 1; s <= STACKS; s++)
		used += stack_used[s];
	for (unsigned n = 1; n <= THREADS; n++)
		have += thread[n].kernel_stack != 0;
	cr_assert_eq(used, have, "a stack is nobody's");
}

static void one_step(struct thread *self)
{
	switch (below(8)) {
	case 0: case 1:
		begin_wait(self);
		block(below(2), true);
		break;
	case 2: case 3: do_wakeup(); break;
	case 4: do_handoff(self); break;
	case 5: do_clear(); break;
	case 6: thread_yield(false); break;
	default: tick(true);
	}
	if (below(50) == 0)
		stacks_short = 1;
	check_stacks();
}

/* As on the way to user mode. */
static void leave_kernel(struct thread *self)
{
	cr_assert(need_ast || self->priority <= best_waiting(self->number), "a better thread's turn has been missed");
	if (need_ast)
		block(below(2), false);
}

static void live(void)
{
	while (steps < STEPS) {
		steps++;
		one_step(current_thread());
		leave_kernel(current_thread());
	}
	setcontext(&test_context);
}

static void start_all(void)
{
	sched_init();
	for (vm_offset_t s = 1; s <= STACKS; s++)
		stack_memory[s] = malloc(STACK_BYTES);
	for (unsigned n = 1; n <= THREADS; n++) {
		thread[n] = (struct thread){ .number = n, .task = &task, .active = true, .priority = (int)(10 + n % 4),
		                             .continuation = live };
		model[n].runs = true;
	}
	current_thread_ = &thread[1];
	thread[1].state = TH_RUN;
	thread[1].continuation = NULL;
	thread[1].kernel_stack = stack_alloc(&thread[1]);
	for (unsigned n = 2; n <= THREADS; n++)
		thread_setrun(&thread[n]);
}

Test(scheduler, runs_who_may_and_is_best_whatever_threads_do)
{
	volatile bool over = false;
	start_all();
	getcontext(&test_context);
	if (!over) {
		over = true;
		call_continuation(live);
	}
	cr_assert_eq(steps, STEPS);
	cr_assert(waits_over > 1000 && handoffs > 100 && idles > 10, "%u waits, %u hand-offs, %u idle ticks", waits_over,
	          handoffs, idles);
}

/* --- Turns --- */

static unsigned ran[THREADS + 1];

static void compute(void)
{
	while (elapsed_ticks < 1000) {
		ran[current_thread()->number]++;
		clock_interrupt(true);
		if (need_ast)
			thread_block(compute);
	}
	setcontext(&test_context);
}

Test(scheduler, gives_equals_equal_turns_and_their_inferiors_none)
{
	volatile bool over = false;
	start_all();
	for (unsigned n = 2; n <= THREADS; n++)
		thread[n].continuation = compute;
	getcontext(&test_context);
	if (!over) {
		over = true;
		call_continuation(compute);
	}
	/* threads 4, 8, 12 have priority 10; thread 1 began */
	for (unsigned n = 1; n <= THREADS; n++)
		if (n % 4 == 0)
			cr_assert(ran[n] >= 310 && ran[n] <= 350, "thread %u ran %u of 1000 ticks", n, ran[n]);
		else
			cr_assert_leq(ran[n], QUANTUM_TICKS);
}
