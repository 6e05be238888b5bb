/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages: receiving that was interrupted, and servers' loop.
 */
#include "pager/lib/mach/mach.h"

/* From mach_msg.S, with its arguments: the message has been sent, and receiving was interrupted. */
mach_msg_return_t mach_msg_receive_again(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                                         mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                                         mach_port_t notify);

mach_msg_return_t mach_msg_receive_again(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                                         mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                                         mach_port_t notify)
{
	mach_msg_return_t result = MACH_RCV_INTERRUPTED;

	(void)send_size;
	while (result == MACH_RCV_INTERRUPTED && (option & MACH_RCV_INTERRUPT) == 0)
		result = mach_msg_trap(msg, option & ~MACH_SEND_MSG, 0, rcv_size, rcv_name, timeout, notify);
	return result;
}

/* After a reply that could not be sent: the message holds what it held before, in the sender's dispositions. */
static bool reply_came_back(mach_msg_return_t result)
{
	return result == MACH_SEND_INVALID_DEST || result == MACH_SEND_TIMED_OUT;
}

/* Whether there is somebody to reply to, and something to say. What the request holds goes, if nobody took it. */
static bool wants_reply(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const kern_return_t code = ((struct mig_reply_error *)reply)->RetCode;

	if (code == MIG_NO_REPLY)
		return false;
	if (code != KERN_SUCCESS) {
		/* The reply port is the reply's now. */
		request->msgh_remote_port = MACH_PORT_NULL;
		mach_msg_destroy(request);
	}
	return reply->msgh_remote_port != MACH_PORT_NULL;
}

/* A server never waits for a client: a queue that is full loses the reply. A send-once right's never is. */
static void send_reply(mach_msg_header_t *reply)
{
	const bool once = MACH_MSGH_BITS_REMOTE(reply->msgh_bits) == MACH_MSG_TYPE_MOVE_SEND_ONCE;
	const mach_msg_return_t result = mach_msg(reply, once ? MACH_SEND_MSG : MACH_SEND_MSG | MACH_SEND_TIMEOUT,
	                                          reply->msgh_size, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);

	if (reply_came_back(result))
		mach_msg_destroy(reply);
}

enum { SERVER_SIZE_MAX = 1024 };

mach_msg_return_t mach_msg_server_once(bool (*demux)(mach_msg_header_t *request, mach_msg_header_t *reply),
                                       mach_msg_size_t max_size, mach_port_t rcv_name, mach_msg_option_t option,
                                       mach_msg_timeout_t timeout)
{
	natural_t request[SERVER_SIZE_MAX / sizeof(natural_t)], reply[SERVER_SIZE_MAX / sizeof(natural_t)];
	mach_msg_header_t *in = (mach_msg_header_t *)request, *out = (mach_msg_header_t *)reply;
	mach_msg_return_t result;

	if (max_size > SERVER_SIZE_MAX)
		return KERN_INVALID_ARGUMENT;
	result = mach_msg(in, MACH_RCV_MSG | option, 0, max_size, rcv_name, timeout, MACH_PORT_NULL);
	if (result != MACH_MSG_SUCCESS)
		return result;
	(void)demux(in, out);
	if (wants_reply(in, out))
		send_reply(out);
	return MACH_MSG_SUCCESS;
}

static mach_msg_return_t receive(mach_msg_header_t *request, mach_msg_size_t size, mach_port_t name)
{
	return mach_msg(request, MACH_RCV_MSG, 0, size, name, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

/* Reply and next request in one call, where nobody can make the server wait: then the request comes where the reply
 * was, and the two change their parts. */
static mach_msg_return_t reply_and_receive(mach_msg_header_t **request, mach_msg_header_t **reply,
                                           mach_msg_size_t size, mach_port_t name)
{
	mach_msg_header_t *out = *reply;
	mach_msg_return_t result;

	if (MACH_MSGH_BITS_REMOTE(out->msgh_bits) != MACH_MSG_TYPE_MOVE_SEND_ONCE) {
		send_reply(out);
		return receive(*request, size, name);
	}
	*reply = *request;
	*request = out;
	result = mach_msg(out, MACH_SEND_MSG | MACH_RCV_MSG, out->msgh_size, size, name, MACH_MSG_TIMEOUT_NONE,
	                  MACH_PORT_NULL);
	if (!reply_came_back(result))
		return result;
	mach_msg_destroy(out);
	return receive(out, size, name);
}

mach_msg_return_t mach_msg_server(bool (*demux)(mach_msg_header_t *request, mach_msg_header_t *reply),
                                  mach_msg_size_t max_size, mach_port_t rcv_name)
{
	natural_t first[SERVER_SIZE_MAX / sizeof(natural_t)], second[SERVER_SIZE_MAX / sizeof(natural_t)];
	mach_msg_header_t *in = (mach_msg_header_t *)first, *out = (mach_msg_header_t *)second;
	mach_msg_return_t result;

	if (max_size > SERVER_SIZE_MAX)
		return KERN_INVALID_ARGUMENT;
	result = receive(in, max_size, rcv_name);
	while (result == MACH_MSG_SUCCESS) {
		(void)demux(in, out);
		result = wants_reply(in, out) ? reply_and_receive(&in, &out, max_size, rcv_name)
		                              : receive(in, max_size, rcv_name);
	}
	return result;
}
