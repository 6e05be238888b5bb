/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What others may know of a thread, and change: registers, priority, privileges (Mach 3.0 kernel interface).
 */
#include "kern/ipc_kobject.h"
#include "kern/probes.h"
#include "kern/sched.h"
#include "kern/stack.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "kern/times.h"
#include "mach/task_info.h"

/* --- Registers --- */

/* A thread that is held, but on its way to its stop yet, gets there before anybody looks at its registers, unless it
 * waits for something on that way. KERN_ABORTED: the caller's own wait was ended. */
static kern_return_t let_it_stop(const struct thread *thread)
{
	static const char reason[] = "thread's stop";
	while (thread->state == TH_RUN && thread_is_held(thread)) {
		assert_wait(&thread->state, true);
		thread_set_timeout(1000 / HZ);
		current_thread()->wait_reason = reason;
		if (thread_block(NULL) == THREAD_INTERRUPTED)
			return KERN_ABORTED;
	}
	return KERN_SUCCESS;
}

kern_return_t thread_get_state(struct thread *thread, int flavor, natural_t *state, natural_t *count)
{
	if (thread->kernel_loaded || thread == current_thread())
		return KERN_INVALID_ARGUMENT;
	const kern_return_t result = let_it_stop(thread);
	return result == KERN_SUCCESS ? thread_getstatus(thread, flavor, state, count) : result;
}

kern_return_t thread_set_state(struct thread *thread, int flavor, const natural_t *state, natural_t count)
{
	if (thread->kernel_loaded || thread == current_thread())
		return KERN_INVALID_ARGUMENT;
	const kern_return_t result = let_it_stop(thread);
	return result == KERN_SUCCESS ? thread_setstatus(thread, flavor, state, count) : result;
}

/* --- Scheduling --- */

kern_return_t thread_priority(struct thread *thread, int priority, bool set_max)
{
	if (priority < PRIORITY_BEST || priority > PRIORITY_WORST)
		return KERN_INVALID_ARGUMENT;
	if (priority < thread->max_priority)
		return KERN_FAILURE;
	thread->priority = priority;
	if (set_max)
		thread->max_priority = priority;
	sched_requeue(thread);
	return KERN_SUCCESS;
}

kern_return_t thread_wire(struct thread *thread, bool wired)
{
	if (!wired) {
		thread->vm_privilege &= ~(natural_t)VM_PRIVILEGE_WIRED;
		stack_clear_privilege(thread);
		return KERN_SUCCESS;
	}
	if (!stack_set_privilege(thread))
		return KERN_RESOURCE_SHORTAGE;
	thread->vm_privilege |= VM_PRIVILEGE_WIRED;
	return KERN_SUCCESS;
}

/* --- Information --- */

static integer_t run_state(const struct thread *thread)
{
	if (thread->state == TH_HALTED)
		return TH_STATE_STOPPED;
	if (!(thread->state & TH_WAIT))
		return TH_STATE_RUNNING;
	return thread->wait_interruptible ? TH_STATE_WAITING : TH_STATE_UNINTERRUPTIBLE;
}

static void basic_info(const struct thread *thread, thread_basic_info_data_t *info)
{
	*info = (thread_basic_info_data_t){
		.user_time = time_of_ticks(thread->user_ticks), .system_time = time_of_ticks(thread->system_ticks),
		.base_priority = thread->priority,
		.cur_priority = thread->depressed ? PRIORITY_WORST : thread->priority,
		.run_state = run_state(thread), .flags = thread->kernel_stack ? 0 : TH_FLAGS_SWAPPED,
		.suspend_count = thread->suspend_count,
	};
}

static void sched_info(const struct thread *thread, thread_sched_info_data_t *info)
{
	*info = (thread_sched_info_data_t){
		.base_priority = thread->priority, .max_priority = thread->max_priority,
		.cur_priority = thread->depressed ? PRIORITY_WORST : thread->priority,
		.depressed = thread->depressed, .depress_priority = thread->depressed ? PRIORITY_WORST : -1,
	};
}

kern_return_t thread_info(struct thread *thread, int flavor, natural_t *info, natural_t *count)
{
	if (flavor == THREAD_BASIC_INFO && *count >= THREAD_BASIC_INFO_COUNT) {
		basic_info(thread, (thread_basic_info_data_t *)info);
		*count = THREAD_BASIC_INFO_COUNT;
	} else if (flavor == THREAD_SCHED_INFO && *count >= THREAD_SCHED_INFO_COUNT) {
		sched_info(thread, (thread_sched_info_data_t *)info);
		*count = THREAD_SCHED_INFO_COUNT;
	} else {
		return KERN_INVALID_ARGUMENT;
	}
	return KERN_SUCCESS;
}
