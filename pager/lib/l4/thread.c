/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/l4/thread.h"

extern char thread_begin[];

uint32_t thread_prepare_stack(void *stack, size_t size, void (*function)(void *), void *argument)
{
	uint32_t *top = (uint32_t *)((uint8_t *)stack + size);

	/* thread_begin takes the function off and finds the argument as a caller leaves it. */
	*--top = (uint32_t)argument;
	*--top = (uint32_t)function;
	return (uint32_t)top;
}

l4_threadid_t thread_start(unsigned lthread, void *stack, size_t size, void (*function)(void *), void *argument)
{
	uint32_t sp = thread_prepare_stack(stack, size, function, argument);

	l4_thread_start(lthread, (uint32_t)thread_begin, sp, program_pager());
	return l4_id_sibling(l4_myself(), lthread);
}

void thread_end(void)
{
	uint32_t w0, w1;

	/* The kernel's thread never sends to a user. */
	for (;;)
		l4_ipc_receive(L4_KERNEL_ID, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
}
