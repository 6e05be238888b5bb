/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scheduling is lazy (L95 §5): what runs is in no queue, so the IPC path, which only moves the processor from one
 * thread that blocks to one that waited, has no queue to touch.
 *
 *   1. A thread is in the run queue if and only if it is READY and does not run.
 *   2. IPC donates: the partner runs on in the sender's slice, whatever the priorities; who is better
 *      gets the processor at the next scheduling decision in C.
 *   3. A timeslice is timed only while somebody else is ready; so a lone thread, or a pair that call each other, is
 *      never interrupted, and an idle machine has no timer running.
 *
 *        schedule_ready            schedule_run, _block, _yield, _preempt
 *   ---------------------> queue ------------------------------------------> runs
 *                            ^       _yield (end), _preempt (front)            |
 *                            '-------------------------------------------------'
 */
#include "l4/schedule.h"
#include "cpu.h"
#include "machine.h"
#include "trap.h"
#include "l4/probes.h"

enum { PRIORITIES = 256, BITS = 32 };

static struct list queue[PRIORITIES];
static uint32_t occupied[PRIORITIES / BITS];
static struct tcb *idle_thread;

void schedule_init(struct tcb *idle)
{
	idle_thread = idle;
	for (unsigned p = 0; p < PRIORITIES; p++)
		list_init(&queue[p]);
}

/* The highest priority that has somebody; -1 if none has. */
static int best_priority(void)
{
	for (int i = PRIORITIES / BITS - 1; i >= 0; i--)
		if (occupied[i])
			return i * BITS + (BITS - 1 - __builtin_clz(occupied[i]));
	return -1;
}

static void start_slice(const struct tcb *thread)
{
	const bool timed = best_priority() >= 0 && thread != idle_thread && thread->slice_ticks;
	timeout_set_slice(timed ? timeout_now() + thread->slice_ticks : 0);
}

static void enqueue(struct tcb *thread, bool front)
{
	if (thread == idle_thread || list_is_linked(&thread->on_ready))
		return;
	const l4_u8 p = thread->priority;
	if (front)
		list_prepend(&queue[p], &thread->on_ready);
	else
		list_append(&queue[p], &thread->on_ready);
	occupied[p / BITS] |= 1u << p % BITS;
}

void schedule_forget(struct tcb *thread)
{
	const l4_u8 p = thread->priority;
	list_remove(&thread->on_ready);
	if (list_is_empty(&queue[p]))
		occupied[p / BITS] &= ~(1u << p % BITS);
}

void schedule_ready(struct tcb *thread)
{
	thread->state = READY;
	if (thread == tcb_current())
		return;
	enqueue(thread, false);
	if (!timeout_slice())
		start_slice(tcb_current());
}

static struct tcb *best(void)
{
	const int p = best_priority();
	return p < 0 ? idle_thread : LIST_OWNER(queue[p].next, struct tcb, on_ready);
}

void schedule_run(struct tcb *thread)
{
	struct tcb *me = tcb_current();
	schedule_forget(thread);
	start_slice(thread);
	if (thread == me)
		return;
	machine_activate(thread);
	probe_thread_switch(thread->task, thread->number);
	switch_stack(&me->stack_pointer, thread->stack_pointer);
}

void schedule_block(struct tcb *successor)
{
	schedule_run(successor ? successor : best());
}

void schedule_preempt(void)
{
	struct tcb *me = tcb_current();
	const int p = best_priority();
	if (p < 0 || (me != idle_thread && p <= me->priority))
		return;
	enqueue(me, true);
	schedule_run(best());
}

void schedule_yield(void)
{
	enqueue(tcb_current(), false);
	schedule_run(best());
}

void schedule_switch_to(struct tcb *thread)
{
	enqueue(tcb_current(), false);
	schedule_run(thread);
}

void schedule_tick(void)
{
	const ticks_t end = timeout_slice();
	if (end && timeout_now() >= end)
		schedule_yield();
	else
		schedule_preempt();
}

void schedule_set_priority(struct tcb *thread, l4_u8 priority)
{
	const bool queued = list_is_linked(&thread->on_ready);
	schedule_forget(thread);
	thread->priority = priority;
	if (queued)
		enqueue(thread, false);
}

_Noreturn void schedule_idle(void)
{
	for (;;) {
		cpu_wait();
		schedule_preempt();
	}
}
