/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"
#include "pager/lib/mach/thread.h"

kern_return_t stack_prepare(struct cproc *cproc, void (*function)(void *argument), void *argument, vm_offset_t *stack)
{
	vm_offset_t base;
	const kern_return_t result = memory_allocate(&base, cthread_stack_size, cthread_stack_size - 1);
	uintptr_t *top;

	if (result != KERN_SUCCESS)
		return result;
	*(struct cproc **)base = cproc;
	top = (uintptr_t *)(base + cthread_stack_size);
	*--top = (uintptr_t)argument;
	*--top = 0; /* where the function would return to */
	*--top = (uintptr_t)function;
	*stack = (vm_offset_t)top;
	return KERN_SUCCESS;
}

void stack_free(vm_offset_t stack)
{
	(void)vm_deallocate(mach_task_self(), stack & -cthread_stack_size, cthread_stack_size);
}

kern_return_t thread_run_on(mach_port_t task, vm_offset_t stack, mach_port_t *thread)
{
	machine_thread_state_t state;
	mach_msg_type_number_t count = MACHINE_THREAD_STATE_COUNT;
	kern_return_t result = thread_create(task, thread);

	if (result != KERN_SUCCESS)
		return result;
	result = thread_get_state(*thread, MACHINE_THREAD_STATE, (natural_t *)&state, &count);
	if (result == KERN_SUCCESS) {
		state.MACHINE_STATE_PC = (natural_t)(uintptr_t)thread_begin;
		state.MACHINE_STATE_SP = stack;
		result = thread_set_state(*thread, MACHINE_THREAD_STATE, (natural_t *)&state, count);
	}
	if (result == KERN_SUCCESS)
		result = thread_resume(*thread);
	if (result != KERN_SUCCESS) {
		(void)thread_terminate(*thread);
		(void)mach_port_deallocate(mach_task_self(), *thread);
	}
	return result;
}

kern_return_t thread_start(mach_port_t task, struct cproc *cproc, void (*function)(void *argument), mach_port_t *thread)
{
	vm_offset_t stack;
	kern_return_t result = stack_prepare(cproc, function, cproc, &stack);

	if (result != KERN_SUCCESS)
		return result;
	result = thread_run_on(task, stack, thread);
	if (result != KERN_SUCCESS)
		stack_free(stack);
	return result;
}
