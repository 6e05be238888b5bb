/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of threads in the kernel: what the user's library has for tasks (pager/lib/mach).
 */
#include "ipc/mach_msg.h"
#include "kern/thread.h"
#include "env.h"

mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                           mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                           mach_port_t notify)
{
	return mach_msg_trap(msg, option, send_size, rcv_size, rcv_name, timeout, notify);
}

/* --- Reply ports: one a thread, in the bootstrap task's space --- */

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

/* --- What a message holds --- */

static void destroy_right(mach_port_t name, mach_msg_type_name_t type)
{
	if (!MACH_PORT_VALID(name))
		return;
	if (type == MACH_MSG_TYPE_PORT_RECEIVE)
		mach_port_mod_refs(mach_task_self(), name, MACH_PORT_RIGHT_RECEIVE, -1);
	else if (type == MACH_MSG_TYPE_PORT_SEND || type == MACH_MSG_TYPE_PORT_SEND_ONCE)
		mach_port_deallocate(mach_task_self(), name);
}

/* An item's description, whichever form it has. */
struct item {
	mach_msg_type_name_t name;
	natural_t bits, number, head;   /* bits of an element, elements, bytes of the descriptor */
	bool in_line;
};

static struct item describe(const mach_msg_type_t *type)
{
	const mach_msg_type_long_t *form = (const mach_msg_type_long_t *)type;
	if (type->msgt_longform)
		return (struct item){form->msgtl_name, form->msgtl_size, form->msgtl_number, sizeof *form, type->msgt_inline};
	return (struct item){type->msgt_name, type->msgt_size, type->msgt_number, sizeof *type, type->msgt_inline};
}

void mach_msg_destroy(mach_msg_header_t *message)
{
	destroy_right(message->msgh_remote_port, MACH_MSGH_BITS_REMOTE(message->msgh_bits));
	if (!(message->msgh_bits & MACH_MSGH_BITS_COMPLEX))
		return;
	/* It came from the kernel: the items fill the message. */
	const char *at = (const char *)(message + 1), *end = (const char *)message + message->msgh_size;
	while (at < end) {
		const struct item item = describe((const mach_msg_type_t *)at);
		const vm_size_t bytes = (item.number * item.bits + 7) / 8;
		const char *data = at + item.head;
		at = data + (item.in_line ? (bytes + 3) & ~3u : sizeof(vm_offset_t));
		const vm_offset_t address = item.in_line ? (vm_offset_t)data : *(const vm_offset_t *)data;
		if (MACH_MSG_TYPE_PORT_ANY(item.name))
			for (natural_t i = 0; i < item.number; i++)
				destroy_right(((const mach_port_t *)address)[i], item.name);
		if (!item.in_line && bytes > 0)
			vm_deallocate(mach_task_self(), address, bytes);
	}
}
