/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages and ports as Y87 names them (tables 3-1 and 3-2).
 */
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"
#include "pager/lib/mach/y87.h"

/* The default group: made when it is first asked for, by each task of the program. */
static struct {
	natural_t identity;
	mach_port_t set;
} group;

static kern_return_t default_group(mach_port_t *set)
{
	kern_return_t result = KERN_SUCCESS;

	if (group.identity != mach_identity) {
		result = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &group.set);
		if (result == KERN_SUCCESS)
			group.identity = mach_identity;
	}
	*set = group.set;
	return result;
}

mach_msg_return_t msg_send(mach_msg_header_t *message, mach_msg_option_t option, mach_msg_timeout_t timeout)
{
	return mach_msg(message, MACH_SEND_MSG | (option & MACH_SEND_TIMEOUT), message->msgh_size, 0, MACH_PORT_NULL,
	                timeout, MACH_PORT_NULL);
}

mach_msg_return_t msg_receive(mach_msg_header_t *message, mach_msg_option_t option, mach_msg_timeout_t timeout)
{
	mach_port_t from = message->msgh_local_port;

	if (from == MACH_PORT_NULL && default_group(&from) != KERN_SUCCESS)
		return MACH_RCV_INVALID_NAME;
	return mach_msg(message, MACH_RCV_MSG | (option & MACH_RCV_TIMEOUT), 0, message->msgh_size, from, timeout,
	                MACH_PORT_NULL);
}

/* Two timeouts: two calls, unless one of them has none. */
mach_msg_return_t msg_rpc(mach_msg_header_t *message, mach_msg_option_t option, mach_msg_size_t rcv_size,
                          mach_msg_timeout_t send_timeout, mach_msg_timeout_t receive_timeout)
{
	const mach_port_t reply = message->msgh_local_port;
	mach_msg_return_t result;

	if ((option & MACH_SEND_TIMEOUT) == 0)
		return mach_msg(message, MACH_SEND_MSG | MACH_RCV_MSG | (option & MACH_RCV_TIMEOUT),
		                message->msgh_size, rcv_size, reply, receive_timeout, MACH_PORT_NULL);
	result = msg_send(message, option, send_timeout);
	if (result != MACH_MSG_SUCCESS)
		return result;
	return mach_msg(message, MACH_RCV_MSG | (option & MACH_RCV_TIMEOUT), 0, rcv_size, reply, receive_timeout,
	                MACH_PORT_NULL);
}

kern_return_t port_allocate(mach_port_t task, mach_port_t *port)
{
	mach_port_t right;
	mach_msg_type_name_t type;
	kern_return_t result = mach_port_allocate(task, MACH_PORT_RIGHT_RECEIVE, port);

	if (result != KERN_SUCCESS)
		return result;
	if (task == mach_task_self())
		result = mach_port_insert_right(task, *port, *port, MACH_MSG_TYPE_MAKE_SEND);
	else {
		result = mach_port_extract_right(task, *port, MACH_MSG_TYPE_MAKE_SEND, &right, &type);
		if (result == KERN_SUCCESS) {
			result = mach_port_insert_right(task, *port, right, MACH_MSG_TYPE_COPY_SEND);
			(void)mach_port_deallocate(mach_task_self(), right);
		}
	}
	if (result != KERN_SUCCESS)
		(void)mach_port_destroy(task, *port);
	return result;
}

kern_return_t port_deallocate(mach_port_t task, mach_port_t port)
{
	return mach_port_destroy(task, port);
}

kern_return_t port_enable(mach_port_t task, mach_port_t port)
{
	mach_port_t set;
	kern_return_t result;

	if (task != mach_task_self())
		return KERN_INVALID_ARGUMENT;
	result = default_group(&set);
	return result != KERN_SUCCESS ? result : mach_port_move_member(task, port, set);
}

kern_return_t port_disable(mach_port_t task, mach_port_t port)
{
	if (task != mach_task_self())
		return KERN_INVALID_ARGUMENT;
	return mach_port_move_member(task, port, MACH_PORT_NULL);
}

/* Keeps those of the names at whose ports a message waits, in their order. */
static natural_t keep_with_messages(mach_port_t *names, natural_t count)
{
	natural_t kept = 0;

	for (natural_t i = 0; i < count; i++) {
		mach_port_status_t status;

		if (mach_port_get_receive_status(mach_task_self(), names[i], &status) == KERN_SUCCESS &&
		    status.mps_msgcount > 0)
			names[kept++] = names[i];
	}
	return kept;
}

kern_return_t port_messages(mach_port_t task, mach_port_t **ports, natural_t *ports_count)
{
	mach_port_t set;
	mach_port_array_t members;
	mach_msg_type_number_t count;
	kern_return_t result;

	if (task != mach_task_self())
		return KERN_INVALID_ARGUMENT;
	result = default_group(&set);
	if (result == KERN_SUCCESS)
		result = mach_port_get_set_status(task, set, &members, &count);
	if (result != KERN_SUCCESS)
		return result;
	*ports = members;
	*ports_count = keep_with_messages(members, count);
	if (*ports_count == 0 && count > 0)
		(void)vm_deallocate(task, (vm_offset_t)(uintptr_t)members, count * sizeof(*members));
	return KERN_SUCCESS;
}

kern_return_t port_status(mach_port_t task, mach_port_t port, mach_port_t *unrestricted, natural_t *num_msgs,
                          natural_t *backlog, bool *receiver, bool *owner)
{
	mach_port_status_t status = { 0 };
	mach_port_type_t type;
	kern_return_t result = mach_port_type(task, port, &type);

	if (result != KERN_SUCCESS)
		return result;
	*receiver = *owner = (type & MACH_PORT_TYPE_RECEIVE) != 0;
	if (*receiver)
		result = mach_port_get_receive_status(task, port, &status);
	*unrestricted = status.mps_pset;
	*num_msgs = status.mps_msgcount;
	*backlog = status.mps_qlimit;
	return result;
}

kern_return_t port_set_backlog(mach_port_t task, mach_port_t port, natural_t backlog)
{
	return mach_port_set_qlimit(task, port, backlog);
}
