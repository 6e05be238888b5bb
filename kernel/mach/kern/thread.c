/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads: how they come, are stopped, and go.
 *
 *   thread_create --> HALTED --thread_release--> RUNNABLE <--> RUNNING --thread_ast_taken (held)--> HALTED
 *                                                                 |
 *                                                    (not active) '--> thread_terminate_self --> no more
 *
 *   1. A thread stops and ends only on its way to user mode, where it holds nothing of the kernel's: `ast` sends it
 *      there.  Whoever waits in the kernel goes on waiting, but for what thread_abort or termination interrupts.
 *   2. References: one of the thread itself until it is dead, and one of each pointer that somebody keeps.
 *   3. A thread that ends leaves its task before it blocks for the last time: so it is this thread, which can wait,
 *      that takes the task's memory down if it is the last; there is no reaper.
 */
#include "kern/thread.h"
#include "base/memory.h"
#include "base/panic.h"
#include "kern/ipc_kobject.h"
#include "kern/probes.h"
#include "kern/sched.h"
#include "kern/stack.h"
#include "kern/task.h"
#include "kern/zalloc.h"

enum { THREADS_MOST = 4096 };

static zone_t thread_zone;
static natural_t last_number;

void thread_init(void) { thread_zone = zinit(sizeof(struct thread), THREADS_MOST * sizeof(struct thread), "thread"); }

void thread_reference(struct thread *thread) { thread->ref_count++; }

void thread_deallocate(struct thread *thread)
{
	if (!thread || --thread->ref_count)
		return;
	kernel_assert(!thread->state && !thread->kernel_stack);
	pcb_terminate(thread);
	zfree(thread_zone, thread);
}

/* --- Creation --- */

/* A thread of no task yet, with its port; NULL without memory. */
static struct thread *allocate(void)
{
	struct thread *thread = zalloc(thread_zone);
	if (!thread)
		return NULL;
	memset(thread, 0, sizeof *thread);
	if (ipc_thread_init(thread) == KERN_SUCCESS)
		return thread;
	zfree(thread_zone, thread);
	return NULL;
}

/* What all threads have in common; in its task, with a reference for itself. */
static void begin(struct thread *thread, struct task *task, int priority)
{
	thread->number = ++last_number;
	thread->ref_count = 1;
	thread->active = true;
	thread->priority = priority;
	thread->task = task;
	pcb_init(thread);
	task_reference(task);
	list_append(&task->threads, &thread->thread_list);
	task->thread_count++;
	probe_thread_create(task->number, thread->number);
}

void thread_adopt_boot(struct thread *thread, struct task *task, vm_offset_t stack)
{
	memset(thread, 0, sizeof *thread);
	begin(thread, task, PRIORITY_SYSTEM);
	pcb_adopt_boot(thread, stack);
	thread->state = TH_RUN;
	thread->kernel_loaded = true;
	thread->vm_privilege = VM_PRIVILEGE_WIRED;
}

kern_return_t thread_create(struct task *task, struct thread **result)
{
	if (!task->active)
		return KERN_FAILURE;
	if (task == kernel_task)
		return KERN_INVALID_ARGUMENT;
	struct thread *thread = allocate();
	if (!thread)
		return KERN_RESOURCE_SHORTAGE;
	if (!task->active) { /* while this waited for memory */
		ipc_thread_terminate(thread);
		zfree(thread_zone, thread);
		return KERN_FAILURE;
	}
	begin(thread, task, PRIORITY_USER);
	thread->max_priority = PRIORITY_USER;
	thread->state = TH_HALTED;
	thread->suspend_count = 1;
	thread->ast = true;
	thread->continuation = thread_exception_return;
	ipc_thread_enable(thread);
	thread_reference(thread);
	*result = thread;
	return KERN_SUCCESS;
}

/* A kernel thread's beginning: `start` and its argument are in saved.other. */
static void kernel_thread_begin(void)
{
	const struct thread *thread = current_thread();
	((void (*)(void *))thread->saved.other[0])((void *)thread->saved.other[1]);
	thread_terminate_self();
}

struct thread *kernel_thread(struct task *task, const char *name, void (*start)(void *argument), void *argument)
{
	struct thread *thread = allocate();
	if (!thread)
		panic("no memory for a thread of the kernel");
	begin(thread, task, PRIORITY_SYSTEM);
	thread->kernel_loaded = true;
	thread->continuation = kernel_thread_begin;
	thread->saved.other[0] = (natural_t)start;
	thread->saved.other[1] = (natural_t)argument;
	thread_set_name(thread, name);
	ipc_thread_enable(thread);
	thread_setrun(thread);
	return thread;
}

void thread_set_name(struct thread *thread, const char *name)
{
	unsigned i = 0;
	for (; i < THREAD_NAME_SIZE - 1 && name[i]; i++)
		thread->name[i] = name[i];
	thread->name[i] = '\0';
	const char *text = thread->name;
	probe_thread_name(thread->number, text);
}

/* --- Stopping --- */

bool thread_is_held(const struct thread *thread) { return thread->suspend_count || thread->task->suspend_count; }

static void send_to_exit(struct thread *thread)
{
	thread->ast = true;
	if (thread == current_thread())
		need_ast = true;
}

void thread_hold(struct thread *thread) { send_to_exit(thread); }

void thread_release(struct thread *thread)
{
	if (thread_is_held(thread) && thread->active)
		return;
	if (thread->active)
		thread->ast = false;
	if (thread->state == TH_HALTED) {
		probe_thread_run(thread->number);
		thread_setrun(thread);
	}
}

kern_return_t thread_suspend(struct thread *thread)
{
	if (!thread->active)
		return KERN_FAILURE;
	if (thread->kernel_loaded)
		return KERN_INVALID_ARGUMENT;
	if (thread->suspend_count++ == 0)
		thread_hold(thread);
	return KERN_SUCCESS;
}

kern_return_t thread_resume(struct thread *thread)
{
	if (!thread->active || thread->suspend_count == 0)
		return KERN_FAILURE;
	if (--thread->suspend_count == 0)
		thread_release(thread);
	return KERN_SUCCESS;
}

kern_return_t thread_abort(struct thread *thread)
{
	if (!thread->active)
		return KERN_FAILURE;
	clear_wait(thread, THREAD_INTERRUPTED, true);
	return KERN_SUCCESS;
}

void thread_ast_taken(void)
{
	struct thread *thread = current_thread();
	if (!thread->active)
		thread_terminate_self();
	if (thread_is_held(thread)) {
		static const char reason[] = "suspended";
		thread->state = TH_HALTED;
		probe_thread_wait(thread->number, &thread->state, reason);
		thread_wakeup(&thread->state);
	} else {
		thread->ast = false;
	}
	thread_block(thread_exception_return);
}

/* --- The end --- */

kern_return_t thread_terminate(struct thread *thread)
{
	if (!thread->active)
		return KERN_FAILURE;
	if (thread->kernel_loaded)
		return KERN_INVALID_ARGUMENT;
	thread->active = false;
	ipc_thread_disable(thread);
	send_to_exit(thread);
	clear_wait(thread, THREAD_INTERRUPTED, true);
	thread_release(thread);
	return KERN_SUCCESS;
}

static void leave_task(struct thread *thread)
{
	struct task *task = thread->task;
	list_remove(&thread->thread_list);
	task->thread_count--;
	task->user_ticks += thread->user_ticks;
	task->system_ticks += thread->system_ticks;
	thread->task = kernel_task;
	task_deallocate(task);
}

static void never_again(void) { panic("kernel defect: a dead thread runs"); }

_Noreturn void thread_terminate_self(void)
{
	struct thread *thread = current_thread();
	thread->active = false;
	ipc_thread_disable(thread);
	ipc_thread_terminate(thread);
	leave_task(thread);
	stack_clear_privilege(thread);
	thread_wakeup(&thread->state);
	probe_thread_terminate(thread->number);
	thread->state = 0;
	thread_block(never_again);
	panic("kernel defect: a dead thread runs");
}
