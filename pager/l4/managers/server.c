/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/l4/managers/server.h"

void manager_serve(manager_answer *answer)
{
	l4_threadid_t from;
	uint32_t w0, w1;
	l4_msgdope_t dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	for (;;) {
		if (l4_dope_error(dope) != 0 || l4_is_exception(w0)) {
			dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
			continue;
		}
		uint32_t send = answer(&w0, &w1);

		dope = l4_ipc_reply_and_wait(&from, send, &w0, &w1, L4_IPC_SHORT, L4_SEND_ZERO);
	}
}
