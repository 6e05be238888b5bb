/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A server with as little as there can be: it answers the first word plus one. */
#pragma once
#include "pager/lib/program.h"

static inline void echo_server(void *unused)
{
	l4_threadid_t client;
	uint32_t word, other;

	(void)unused;
	l4_ipc_wait(&client, &word, &other, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		word++;
		l4_ipc_reply_and_wait_registers(&client, &word, &other);
	}
}
