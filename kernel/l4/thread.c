/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads (L95 §2.2; states: l4/tcb.h). A thread id has the version of its task, which no other task of the same
 * number ever has: so ids are unique in time (L95 §2.3).
 */
#include "l4/thread.h"
#include "layout.h"
#include "machine.h"
#include "trap.h"
#include "base/panic.h"
#include "l4/ipc_kernel.h"
#include "l4/irq.h"
#include "l4/probes.h"
#include "l4/schedule.h"
#include "l4/syscalls.h"
#include "l4/task.h"

l4_u32 tcb_size, tcb_mask, tcb_shift;

void thread_init(l4_u32 size)
{
	tcb_size = size;
	tcb_mask = ~(size - 1);
	tcb_shift = size == 1024 ? 10 : 12;
}

struct tcb *tcb_of(l4_u32 task, l4_u32 lthread)
{
	return tcb_at(task, lthread);
}

struct tcb *tcb_find(l4_threadid_t id)
{
	const struct space *space = task_table[l4_id_task(id)].space;
	if (!space || l4_id_lthread(id) >= space->threads)
		return NULL; /* and its block is not touched: it may have no memory */
	struct tcb *t = tcb_of(l4_id_task(id), l4_id_lthread(id));
	return t->state != ABSENT && l4_id_equal(t->id, id) ? t : NULL;
}

void thread_continue_at(struct tcb *thread, void (*place)(void)) { tcb_set_switch_frame(thread, place); }

struct tcb *thread_create_idle(void)
{
	struct tcb *idle = tcb_of(L4_KERNEL_TASK, 0);
	if (!tcb_make(&idle, L4_KERNEL_ID))
		panic("no memory to begin with");
	idle->id = L4_KERNEL_ID;
	idle->task = L4_KERNEL_TASK;
	idle->number = L4_KERNEL_TASK * L4_LTHREADS;
	idle->state = READY;
	list_init(&idle->senders);
	thread_continue_at(idle, schedule_idle);
	return idle;
}

bool thread_create(struct tcb *thread, l4_threadid_t id, struct space *space, l4_u32 pc, l4_u32 sp,
                   l4_threadid_t pager, l4_u8 priority, l4_u8 mcp)
{
	if (!tcb_make(&thread, id))
		return false;
	memset(thread, 0, sizeof *thread);
	thread->id = id;
	thread->task = l4_id_task(id);
	thread->number = thread->task * L4_LTHREADS + l4_id_lthread(id);
	thread->space = space;
	if (space->threads <= l4_id_lthread(id))
		space->threads = l4_id_lthread(id) + 1;
	thread->pager = pager;
	thread->priority = priority;
	thread->mcp = mcp;
	thread->slice_parameter = L4_SCHEDULE(0, 0, SLICE_DEFAULT_EXP, SLICE_DEFAULT_MAN);
	thread->slice_ticks = (l4_u32)timeout_ticks_of_us(ipc_timeout_us(SLICE_DEFAULT_EXP, SLICE_DEFAULT_MAN));
	list_init(&thread->senders);
	machine_set_thread(thread);
	tcb_set_user_frame(thread, pc, sp);
	thread_continue_at(thread, thread_begin);
	probe_thread_create(thread->number, pc);
	schedule_ready(thread);
	return true;
}

bool thread_is_receiving(const struct tcb *thread)
{
	const l4_u32 s = thread->state;
	return s == RECEIVE_OPEN || s == RECEIVE_TIMED || s >= RECEIVE_CLOSED_LEAST;
}

bool thread_accepts(const struct tcb *thread, l4_threadid_t id)
{
	switch (thread->state) {
	case RECEIVE_OPEN:
		return true;
	case RECEIVE_TIMED:
		return l4_id_is_nil(thread->from) || l4_id_equal(thread->from, id);
	default:
		return thread->state == id.low && thread->state >= RECEIVE_CLOSED_LEAST;
	}
}

void thread_stop_receiving(struct tcb *thread)
{
	if (thread->state == RECEIVE_TIMED)
		timeout_stop(&thread->timeout);
	else
		thread_continue_at(thread, ipc_resume);
}

void thread_cancel_ipc(struct tcb *thread)
{
	if (thread_is_receiving(thread)) {
		thread_stop_receiving(thread);
		thread->ipc.dope = thread->error = L4_RECANCELED;
		schedule_ready(thread);
	} else if (thread->state == SENDING) {
		ipc_stop_sending(thread, L4_SECANCELED);
	} else if (thread->state == LOCKED || thread->state == PAGING_PARTNER) {
		ipc_break_transfer(thread);
	}
}

void thread_kill(struct tcb *thread)
{
	thread_cancel_ipc(thread);
	ipc_break_transfer(thread);
	ipc_refuse_senders(thread);
	irq_detach(thread);
	schedule_forget(thread);
	timeout_stop(&thread->timeout);
	thread->state = ABSENT;
	thread->id = L4_NIL_ID;
}

/* --- Calls --- */

void thread_switch_call(struct trap_frame *frame)
{
	const l4_threadid_t id = { frame->id_low, frame->id_high };
	struct tcb *to = l4_id_is_nil(id) ? NULL : tcb_find(id);
	if (to && to != tcb_current() && to->state == READY && to->space)
		schedule_switch_to(to);
	else
		schedule_yield();
}

static l4_u32 visible_state(const struct tcb *thread)
{
	switch (thread->state) {
	case READY:
		return L4_THREAD_READY;
	case SENDING:
		return L4_THREAD_SENDING;
	case LOCKED:
	case PAGING_PARTNER:
		return L4_THREAD_TRANSFER;
	case HALTED:
		return L4_THREAD_HALTED;
	default:
		return L4_THREAD_RECEIVING;
	}
}

static void set_parameters(struct tcb *thread, l4_u32 parameters)
{
	const l4_u32 small = parameters >> 8 & 0xff, exponent = parameters >> 20 & 0xf, mantissa = parameters >> 24;
	schedule_set_priority(thread, (l4_u8)parameters);
	if (exponent) {
		thread->slice_parameter = L4_SCHEDULE(0, 0, exponent, mantissa);
		const ticks_t ticks = timeout_ticks_of_us(ipc_timeout_us(exponent, mantissa));
		thread->slice_ticks = ticks >> 32 ? 0 : (l4_u32)ticks;
	}
	if (small == L4_SMALL_SMALL)
		pmap_make_small(thread->space);
	else if (small == L4_SMALL_LARGE)
		pmap_make_large(thread->space);
}

void thread_schedule_call(struct trap_frame *frame)
{
	const l4_u32 parameters = frame->first;
	const l4_threadid_t id = { frame->id_low, frame->id_high };
	struct tcb *me = tcb_current(), *thread = tcb_find(id);
	frame->first = L4_SCHEDULE_ASK;
	frame->second = thread ? visible_state(thread) : L4_THREAD_ABSENT;
	if (!thread || !thread->space || thread->priority > me->mcp)
		return;
	const l4_u32 small = thread_is_small(thread) ? L4_SMALL_SMALL : L4_SMALL_LARGE;
	const l4_u32 old = thread->slice_parameter | small << 8 | thread->priority;
	if (parameters != L4_SCHEDULE_ASK) {
		if ((parameters & 0xff) > me->mcp)
			return;
		set_parameters(thread, parameters);
	}
	frame->first = old;
	schedule_preempt();
}

static void change_registers(struct tcb *thread, l4_u32 pc, l4_u32 sp)
{
	l4_u32 *top = tcb_stack_top(thread);
	if (pc != 0xffffffffu)
		top[FRAME_PC] = pc;
	if (sp != 0xffffffffu)
		top[FRAME_SP] = sp;
	if (thread->state == HALTED)
		schedule_ready(thread);
	else
		thread_cancel_ipc(thread);
}

void lthread_ex_regs_call(struct trap_frame *frame)
{
	struct tcb *me = tcb_current();
	const l4_u32 lthread = frame->first & (L4_LTHREADS - 1), pc = frame->second, sp = frame->third;
	const l4_threadid_t pager = { frame->id_low, frame->id_high };
	const bool set_pager = !l4_id_equal(pager, L4_INVALID_ID), ask_only = pc == ~0u && sp == ~0u && !set_pager;
	struct tcb *thread = tcb_of(me->task, lthread);
	const bool absent = lthread >= me->space->threads || thread->state == ABSENT;
	frame->first = frame->second = frame->third = frame->id_low = frame->id_high = 0;
	if (absent) {
		if (!ask_only)
			thread_create(thread, l4_id_sibling(me->id, lthread), me->space, pc, sp,
			              set_pager ? pager : me->pager, me->priority, me->mcp);
		return;
	}
	const l4_u32 *top = tcb_stack_top(thread);
	frame->first = top[FRAME_FLAGS];
	frame->second = top[FRAME_PC];
	frame->third = top[FRAME_SP];
	frame->id_low = thread->pager.low;
	frame->id_high = thread->pager.high;
	if (set_pager)
		thread->pager = pager;
	change_registers(thread, pc, sp);
}
