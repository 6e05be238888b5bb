/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenarios/programs/l4/claims/claims.h"

static uint8_t stack[HELPERS][1024] __attribute__((aligned(16)));

l4_threadid_t helper_start(unsigned n, void (*function)(void *), void *argument)
{
	return thread_start(HELPER_FIRST + n, stack[n], sizeof(stack[n]), function, argument);
}

void helper_pause(unsigned quarters)
{
	uint32_t w0, w1;

	l4_ipc_receive(L4_KERNEL_ID, &w0, &w1, L4_IPC_SHORT, L4_RECEIVE_QUARTER_MS(quarters));
}

void helper_echo(void *unused)
{
	l4_threadid_t client;
	uint32_t w0, w1;

	(void)unused;
	l4_ipc_wait(&client, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		w0++;
		w1++;
		l4_ipc_reply_and_wait(&client, L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, L4_SEND_ZERO);
	}
}

uint32_t helper_call(l4_threadid_t to, uint32_t w0, uint32_t w1, uint32_t *error)
{
	l4_msgdope_t dope = l4_ipc_call(to, L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	if (error != NULL)
		*error = l4_dope_error(dope);
	return w0;
}
