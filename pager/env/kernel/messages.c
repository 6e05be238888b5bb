/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of threads in the kernel: what the user's library has for tasks (pager/lib/mach/msg.c, cthreads.c).
 *
 * Where a task would be in user mode interrupts are let in: each call's beginning and end.
 */
#include "ipc/mach_msg.h"
#include "kern/thread.h"
#include "machine/pcb.h"
#include "env.h"

mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                           mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                           mach_port_t notify)
{
	interrupt_window();
	const mach_msg_return_t result = mach_msg_trap(msg, option, send_size, rcv_size, rcv_name, timeout, notify);
	interrupt_window();
	return result;
}

/* --- Reply ports: one a thread --- */

mach_port_t mig_get_reply_port(void)
{
	mach_port_t *port = &current_thread()->server_reply_port;
	if (*port == MACH_PORT_NULL)
		*port = mach_reply_port();
	return *port;
}

void mig_dealloc_reply_port(mach_port_t port)
{
	current_thread()->server_reply_port = MACH_PORT_NULL;
	/* The call asks for a reply port itself: a new one. */
	mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
}
