/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pager's beginning, and what its threads do: take a message, do what it says, answer.
 */
#include "pager/default_pager/default_pager.h"
#include "pager/default_pager/object.h"
#include "memory_object_server.h"
#include "memory_object_default_server.h"
#include "default_pager_server.h"

struct default_pager default_pager;

enum { MESSAGE_BYTES = 128 };
struct message {
	mach_msg_header_t head;
	natural_t body[(MESSAGE_BYTES - sizeof(mach_msg_header_t)) / sizeof(natural_t)];
};

/* Lets the server answer that knows the message. */
static kern_return_t dispatch(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	struct mig_reply_error *answer = (struct mig_reply_error *)reply;
	if (mig_server(&seqnos_memory_object_subsystem, request, reply) ||
	    mig_server(&seqnos_memory_object_default_subsystem, request, reply) ||
	    mig_server(&default_pager_subsystem, request, reply))
		return answer->RetCode;
	if (request->msgh_id == MACH_NOTIFY_NO_SENDERS)
		answer->RetCode = default_pager_no_senders(request->msgh_local_port, request->msgh_seqno);
	/* A notification has no answer. */
	if (answer->RetCode == KERN_SUCCESS)
		answer->RetCode = MIG_NO_REPLY;
	return answer->RetCode;
}

/* Does what the request says. True: the reply is to be sent. */
static bool answer(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const kern_return_t result = dispatch(request, reply);
	if (result == MIG_NO_REPLY)
		return false;
	if (result != KERN_SUCCESS) {
		default_pager_pass_turn(request->msgh_local_port, request->msgh_seqno);
		/* The right to answer is the reply's. */
		request->msgh_remote_port = MACH_PORT_NULL;
		mach_msg_destroy(request);
	}
	return reply->msgh_remote_port != MACH_PORT_NULL;
}

/* A thread's life. The set is in the argument. */
static void serve(void *argument)
{
	const mach_port_t set = *(const mach_port_t *)argument;
	struct message one, other;
	mach_msg_header_t *request = &one.head, *reply = &other.head;
	mach_msg_option_t option = MACH_RCV_MSG;
	for (;;) {
		const mach_msg_size_t size = option & MACH_SEND_MSG ? request->msgh_size : 0;
		const mach_msg_return_t result = mach_msg(request, option, size, MESSAGE_BYTES, set,
		                                          MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
		/* Who asked has gone: the answer goes, too. (The bit is in the codes of both.) */
		if (option & MACH_SEND_MSG && result != MACH_MSG_SUCCESS && (result & 0xffff) < 0x4000)
			mach_msg_destroy(request);
		option = MACH_RCV_MSG;
		if (result != MACH_MSG_SUCCESS || !answer(request, reply))
			continue;
		/* The reply goes out of the buffer into which the next request comes. */
		mach_msg_header_t *swap = request;
		request = reply;
		reply = swap;
		option = MACH_SEND_MSG | MACH_RCV_MSG;
	}
}

static kern_return_t make_ports(void)
{
	const mach_port_t self = mach_task_self();
	kern_return_t result = mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &default_pager.port);
	if (result == KERN_SUCCESS)
		result = mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &default_pager.default_set);
	if (result == KERN_SUCCESS)
		result = mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &default_pager.internal_set);
	if (result == KERN_SUCCESS)
		result = mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &default_pager.external_set);
	if (result == KERN_SUCCESS)
		result = mach_port_move_member(self, default_pager.port, default_pager.default_set);
	return result;
}

kern_return_t default_pager_start(mach_port_t host_priv, const struct paging_file *file)
{
	objects_init();
	partitions_init();
	kern_return_t result = partition_add(file);
	if (result == KERN_SUCCESS)
		result = make_ports();
	if (result != KERN_SUCCESS)
		return result;
	env_thread("default pager", serve, &default_pager.default_set, true);
	for (unsigned i = 0; i < DEFAULT_PAGER_INTERNAL_THREADS; i++)
		env_thread("default pager, internal", serve, &default_pager.internal_set, true);
	for (unsigned i = 0; i < DEFAULT_PAGER_EXTERNAL_THREADS; i++)
		env_thread("default pager, external", serve, &default_pager.external_set, false);
	mach_port_t manager = default_pager.port;
	return vm_set_default_memory_manager(host_priv, &manager);
}
