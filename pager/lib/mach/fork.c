/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/thread.h"

/* What the child's first thread finds in its copy of the parent's memory. */
struct child {
	struct cproc cproc;
	void (*function)(void *argument);
	void *argument;
};

static void child_begin(void *argument)
{
	const struct child *child = argument;

	mach_init();
	child->function(child->argument);
	for (;;)
		(void)task_terminate(mach_task_self());
}

kern_return_t task_fork(void (*function)(void *argument), void *argument, mach_port_t *task)
{
	struct child child = { .function = function, .argument = argument };
	mach_port_t thread;
	vm_offset_t stack;
	kern_return_t result = stack_prepare(&child.cproc, child_begin, &child, &stack);

	if (result != KERN_SUCCESS)
		return result;
	result = task_create(mach_task_self(), true, task);
	if (result == KERN_SUCCESS) {
		result = thread_run_on(*task, stack, &thread);
		if (result == KERN_SUCCESS) {
			(void)mach_port_deallocate(mach_task_self(), thread);
		} else {
			(void)task_terminate(*task);
			(void)mach_port_deallocate(mach_task_self(), *task);
		}
	}
	stack_free(stack);
	return result;
}
