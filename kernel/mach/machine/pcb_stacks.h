/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Leaving a kernel stack, the same on all processors.  A part of each architecture's pcb.c, as that stands on its
 * load_thread, switch_stacks and STACK_END_MARK; what the functions promise is in machine/pcb.h.
 */
#pragma once

static void check_mark(vm_offset_t stack) { kernel_assert(*(uint32_t *)stack == STACK_END_MARK); }

vm_offset_t stack_detach(struct thread *thread)
{
	const vm_offset_t stack = thread->kernel_stack;
	check_mark(stack);
	thread->kernel_stack = 0;
	return stack;
}

void stack_handoff(struct thread *old, struct thread *new)
{
	new->kernel_stack = stack_detach(old);
	load_thread(old, new);
}

struct thread *switch_context(struct thread *old, continuation_t continuation, struct thread *new)
{
	uint32_t nowhere;
	check_mark(old->kernel_stack);
	old->continuation = continuation;
	load_thread(old, new);
	return switch_stacks(continuation ? &nowhere : &old->pcb.kernel_sp, new->pcb.kernel_sp, old);
}
