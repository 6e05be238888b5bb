/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks (include/l4/syscalls.h, task_new).
 *
 *                  task_create                        kill
 *   inactive, owned ----------> active, in its chief's clan ----> inactive, owned by the same
 *        |  ^
 *        '--' give: to another owner
 *
 * A version is used once: a number whose versions are used up stays inactive for ever (L95 §2.3).
 */
#include "l4/task.h"
#include "trap.h"
#include "l4/ipc_kernel.h"
#include "l4/probes.h"
#include "l4/thread.h"

struct task task_table[L4_TASKS];

void task_init(void)
{
	for (l4_u32 task = 0; task < L4_TASKS; task++)
		task_table[task].chief = L4_ROOT_TASK;
	for (l4_u32 task = 0; task <= L4_ROOT_TASK; task++)
		task_table[task].chief = L4_KERNEL_TASK;
}

bool task_create(l4_u32 number, l4_u32 chief, l4_u32 pc, l4_u32 sp, l4_threadid_t pager, l4_u8 priority, l4_u8 mcp)
{
	struct task *task = &task_table[number];
	const l4_u32 nest = task_table[chief].nest < 15 ? task_table[chief].nest + 1u : 15;
	if (task->version >= L4_VERSIONS - 1)
		return false;
	struct space *space = pmap_create(number);
	if (!space)
		return false;
	if (pmap_slot_size() && number > L4_ROOT_TASK)
		pmap_make_small(space);
	const l4_threadid_t id = { L4_ID_LOW(number, 0, task->version + 1u), L4_ID_HIGH(chief, nest) };
	if (!thread_create(tcb_of(number, 0), id, space, pc, sp, pager, priority, mcp)) {
		pmap_destroy(space);
		return false;
	}
	task->version++;
	task->space = space;
	task->chief = (l4_u16)chief;
	task->nest = (l4_u8)nest;
	task->active = true;
	probe_task_create(number, chief);
	return true;
}

static void kill_one(l4_u32 number)
{
	struct task *task = &task_table[number];
	for (l4_u32 lthread = 0; lthread < task->space->threads; lthread++) {
		struct tcb *thread = tcb_of(number, lthread);
		if (thread->state != ABSENT)
			thread_kill(thread);
	}
	space_clear(task->space);
	pmap_destroy(task->space);
	task->space = NULL;
	task->active = false;
	probe_task_kill(number);
}

/* The numbers that dead tasks owned go to the heir. */
static void inherit(l4_u32 number, l4_u16 heir)
{
	for (l4_u32 other = 0; other < L4_TASKS; other++) {
		struct task *task = &task_table[other];
		if (!task->active && other != number && task->chief > L4_ROOT_TASK && !task_table[task->chief].active)
			task->chief = heir;
	}
}

/* A task, and all tasks in its clan; its numbers go to whom it had its own from. */
static void kill(l4_u32 number)
{
	for (l4_u32 other = 0; other < L4_TASKS; other++)
		if (task_table[other].active && other != number && clan_contains(number, other))
			kill_one(other);
	kill_one(number);
	inherit(number, task_table[number].chief);
	ipc_release_orphans();
}

void task_new_call(struct trap_frame *frame)
{
	const struct tcb *me = tcb_current();
	const l4_u32 number = frame->id_low >> 17 & (L4_TASKS - 1), parameter = frame->first;
	const l4_threadid_t pager = { frame->pager_low, frame->pager_high };
	struct task *task = &task_table[number];
	frame->id_low = frame->id_high = 0;
	if (number <= L4_ROOT_TASK || task->chief != me->task || number == me->task)
		return;
	if (task->active)
		kill(number);
	if (l4_id_is_nil(pager)) {
		const l4_u32 owner = parameter & (L4_TASKS - 1);
		if (owner && task_table[owner].active)
			task->chief = (l4_u16)owner;
		return;
	}
	const l4_u8 mcp = parameter > me->mcp ? me->mcp : (l4_u8)parameter;
	const l4_u8 priority = me->priority < mcp ? me->priority : mcp;
	if (!task_create(number, me->task, frame->second, frame->third, pager, priority, mcp))
		return;
	const struct tcb *thread = tcb_of(number, 0);
	frame->id_low = thread->id.low;
	frame->id_high = thread->id.high;
}

void id_nearest_call(struct trap_frame *frame)
{
	const l4_threadid_t id = { frame->id_low, frame->id_high };
	const struct route route = clan_route(tcb_current(), id);
	frame->first = route.kind;
	frame->id_low = route.to ? route.to->id.low : 0;
	frame->id_high = route.to ? route.to->id.high : 0;
}
