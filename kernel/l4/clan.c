/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clans and chiefs (L95 §2.2, "Supervising IPC"): the tasks that a task has created are its clan, it is their chief.
 * IPC within a clan, and between a chief and its clan, is free; any other message goes to the next chief on its way:
 *
 *            K
 *           / \          a -> b   direct            (same clan)
 *          A   B         a -> A   direct            (own chief)
 *         /|    \        a -> c   to A, redirected  (outer)
 *        a b     c       A -> c   to B, redirected  (inner)
 *
 * Chiefs stand for their clans with their thread 0.
 */
#include "l4/ipc_kernel.h"
#include "l4/syscalls.h"
#include "l4/task.h"

static l4_u32 chief_of(l4_u32 task) { return task_table[task].chief; }

bool clan_contains(l4_u32 chief_task, l4_u32 task)
{
	while (task > L4_KERNEL_TASK) {
		task = chief_of(task);
		if (task == chief_task)
			return true;
	}
	return false;
}

static bool task_is_of_version(l4_threadid_t id)
{
	const struct task *task = &task_table[l4_id_task(id)];
	return task->active && task->version == l4_id_version(id);
}

static struct tcb *thread_0(l4_u32 task)
{
	struct tcb *t = tcb_of(task, 0);
	return task > L4_KERNEL_TASK && t->state != ABSENT ? t : NULL;
}

struct route clan_route(const struct tcb *from, l4_threadid_t to)
{
	const l4_u32 mine = from->task, my_chief = chief_of(mine), target = l4_id_task(to);
	if (!task_is_of_version(to))
		return (struct route){ NULL, false, L4_SAME_CLAN };
	if (target == mine || chief_of(target) == my_chief)
		return (struct route){ tcb_find(to), false, L4_SAME_CLAN };
	if (target == my_chief)
		return (struct route){ tcb_find(to), false, L4_OUTER_CLAN };
	l4_u32 hop = target;
	while (hop > L4_KERNEL_TASK && chief_of(hop) != mine && chief_of(hop) != my_chief)
		hop = chief_of(hop);
	if (hop <= L4_KERNEL_TASK)
		return (struct route){ thread_0(my_chief), true, L4_OUTER_CLAN };
	if (hop == target)
		return (struct route){ tcb_find(to), false, L4_INNER_CLAN };
	return (struct route){ thread_0(hop), true, L4_INNER_CLAN };
}

bool clan_may_deceive(const struct tcb *chief, l4_threadid_t as, const struct tcb *to)
{
	return clan_contains(chief->task, l4_id_task(as)) != clan_contains(chief->task, to->task);
}
