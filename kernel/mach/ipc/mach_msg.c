/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trap mach_msg (Mach 3.0 ipc/mach_msg; Draves et al. 1991 for continuations and hand-off).
 *
 * What an RPC of 24 bytes does, from a client to a server that waits for it (mach_msg_trap with MACH_SEND_MSG and
 * MACH_RCV_MSG, nothing else), step by step:
 *
 *   client   copyin   the message into the block that is kept for this (ipc_kmsg_get), two names looked up, two
 *                     references counted (copyin_request)
 *            handoff  the server is the first in its queue, without a stack, and the client's own queue is empty: the
 *                     client is put into that, the server is made the current thread on the client's stack
 *   server   copyout  a name for the reply (ipc_object_copyout), the message to the user (ipc_kmsg_put), the block is
 *                     kept; out to user mode
 *
 * and back, the server's trap: the name given up (copyin_reply), the hand-off the other way, no name needed
 * (copyout_short).  No run queue, no queue of messages, no zone is touched.  If the port is the kernel's, the request
 * is answered where it stands (ipc_kobject_server), and the reply received without having been sent.
 *
 *   receive  --message there--> finish --------------------------------> return
 *            --none, user-----> wait, with mach_msg_continue: no stack --> finish --> thread_syscall_return
 *            --none, in kernel> wait, with its stack -------------------> finish --> return
 */
#include "ipc/mach_msg.h"
#include "mach_port_server.h"
#include "base/memory.h"
#include "ipc/ipc_entry.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_notify.h"
#include "ipc/ipc_pset.h"
#include "ipc/ipc_right.h"
#include "kern/probes.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "machine/copyio.h"

static struct ipc_space *current_space(void) { return current_task()->itk_space; }
static struct vm_map *current_map(void) { return current_task()->map; }

/* --- Receiving --- */

/* The message at hand cannot be received as it is: what is left of it goes to the user. */
static mach_msg_return_t put_rest(mach_msg_header_t *msg, ipc_kmsg_t kmsg, mach_msg_return_t why)
{
	const mach_msg_size_t room = current_thread()->ith_receive.rcv_size;
	ipc_kmsg_copyout_dest(kmsg, current_space());
	const mach_msg_return_t put = ipc_kmsg_put(msg, kmsg, room < sizeof *msg ? room : sizeof *msg);
	return put ? put : why;
}

/* Gives the current thread the message at hand, as its ith_receive says. */
static mach_msg_return_t deliver(struct thread *self)
{
	ipc_kmsg_t kmsg = self->ith_kmsg;
	mach_msg_header_t *msg = self->ith_receive.msg, *header = &kmsg->ikm_header;
	const mach_msg_option_t option = self->ith_receive.option;
	probe_msg_receive(ipc_port_of_word(header->msgh_remote_port), header->msgh_id, header->msgh_size);
	header->msgh_seqno = self->ith_seqno;
	if (header->msgh_size > self->ith_receive.rcv_size)
		return put_rest(msg, kmsg, MACH_RCV_TOO_LARGE);
	mach_port_t notify = MACH_PORT_NULL;
	if (option & MACH_RCV_NOTIFY) {
		notify = self->ith_receive.notify;
		if (notify == MACH_PORT_NULL)
			return put_rest(msg, kmsg, MACH_RCV_INVALID_NOTIFY);
	}
	MUK_SPAN_BEGIN("rpc.copyout");
	mach_msg_return_t result = ipc_kmsg_copyout(kmsg, current_space(), current_map(), notify);
	if (result && (result & ~MACH_MSG_MASK) != MACH_RCV_BODY_ERROR) {
		result = put_rest(msg, kmsg, result);
	} else {
		const mach_msg_return_t put = ipc_kmsg_put(msg, kmsg, header->msgh_size);
		result = put ? put : result;
	}
	MUK_SPAN_END("rpc.copyout");
	return result;
}

/* The current thread's wait, or look, has ended so. */
static mach_msg_return_t finish(struct thread *self, mach_msg_return_t result)
{
	ipc_object_release(self->ith_receive.object);
	if (result == MACH_MSG_SUCCESS)
		return deliver(self);
	if (result == MACH_RCV_TOO_LARGE && self->ith_receive.rcv_size >= sizeof(mach_msg_header_t) &&
	    !copyout(&self->ith_msize, &self->ith_receive.msg->msgh_size, sizeof self->ith_msize))
		return MACH_RCV_INVALID_DATA;
	return result;
}

void mach_msg_continue(void)
{
	struct thread *self = current_thread();
	thread_syscall_return(finish(self, ipc_mqueue_received()));
}

/* What is to be received, and where. */
static mach_msg_return_t prepare(struct thread *self, mach_msg_header_t *msg, mach_msg_option_t option,
                                 mach_msg_size_t rcv_size, mach_port_t rcv_name)
{
	self->ith_receive.msg = msg;
	self->ith_receive.option = option;
	self->ith_receive.rcv_size = rcv_size;
	return ipc_mqueue_copyin(current_space(), rcv_name, &self->ith_receive.mqueue, &self->ith_receive.object);
}

static mach_msg_return_t receive(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t rcv_size,
                                 mach_port_t rcv_name, mach_msg_timeout_t timeout, mach_port_t notify)
{
	struct thread *self = current_thread();
	const mach_msg_return_t result = prepare(self, msg, option, rcv_size, rcv_name);
	if (result)
		return result;
	self->ith_receive.timeout = timeout;
	self->ith_receive.notify = notify;
	return finish(self, ipc_mqueue_receive(self->kernel_loaded ? NULL : mach_msg_continue));
}

/* --- Sending --- */

/* The queue is full, and the message goes there all the same: the sender is told when it has left it. */
static mach_msg_return_t send_and_notify(ipc_kmsg_t kmsg, mach_msg_option_t option, mach_msg_timeout_t timeout,
                                         mach_port_t notify)
{
	mach_msg_return_t result = ipc_mqueue_send(kmsg, MACH_SEND_TIMEOUT, option & MACH_SEND_TIMEOUT ? timeout : 0);
	if (result != MACH_SEND_TIMED_OUT)
		return result;
	result = ipc_marequest_create(current_space(), ipc_port_of_word(kmsg->ikm_header.msgh_remote_port), notify,
	                              &kmsg->ikm_marequest);
	if (result)
		return result;
	ipc_mqueue_send_always(kmsg);
	return MACH_SEND_WILL_NOTIFY;
}

static mach_msg_return_t send(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                              mach_msg_timeout_t timeout, mach_port_t notify)
{
	ipc_kmsg_t kmsg;
	if (option & MACH_SEND_CANCEL && notify == MACH_PORT_NULL)
		return MACH_SEND_INVALID_NOTIFY;
	mach_msg_return_t result = ipc_kmsg_get(msg, send_size, &kmsg);
	if (result)
		return result;
	result = ipc_kmsg_copyin(kmsg, current_space(), current_map(),
	                         option & MACH_SEND_CANCEL ? notify : MACH_PORT_NULL);
	if (result)
		return result;
	result = option & MACH_SEND_NOTIFY ? send_and_notify(kmsg, option, timeout, notify)
	                                   : ipc_mqueue_send(kmsg, option, timeout);
	if (result == MACH_MSG_SUCCESS || result == MACH_SEND_WILL_NOTIFY)
		return result;
	result |= ipc_kmsg_copyout_pseudo(kmsg, current_space(), current_map());
	(void)ipc_kmsg_put(msg, kmsg, kmsg->ikm_header.msgh_size);
	return result;
}

/* --- Both at once --- */

/* The kernel's answer, at hand. True: it is what this thread waits for, and nothing is before it: received. */
static bool receive_reply(struct thread *self, ipc_kmsg_t reply)
{
	ipc_port_t port = ipc_port_of_word(reply->ikm_header.msgh_remote_port);
	if (!ip_active(port) || &port->messages != self->ith_receive.mqueue || port->messages.messages.first ||
	    port->messages.threads.first || port->pset)
		return false;
	self->ith_kmsg = reply;
	self->ith_seqno = port->seqno++;
	return true;
}

/* A request to the kernel itself. */
static mach_msg_return_t rpc_kernel(struct thread *self, ipc_kmsg_t kmsg, mach_msg_header_t *msg,
                                    mach_msg_size_t rcv_size, mach_port_t rcv_name)
{
	ipc_kmsg_t reply = ipc_kobject_server(kmsg);
	const mach_msg_return_t result = prepare(self, msg, MACH_RCV_MSG, rcv_size, rcv_name);
	if (reply && !result && receive_reply(self, reply))
		return finish(self, MACH_MSG_SUCCESS);
	if (reply)
		ipc_mqueue_send_always(reply);
	if (result)
		return result;
	return finish(self, ipc_mqueue_receive(self->kernel_loaded ? NULL : mach_msg_continue));
}

/* Who can take the message and the processor at once; NULL: nobody. */
static struct thread *ready_receiver(ipc_port_t port, const struct ipc_kmsg *kmsg)
{
	if (!ip_active(port) || kmsg->ikm_header.msgh_bits & MACH_MSGH_BITS_CIRCULAR)
		return NULL;
	struct thread *receiver = ipc_mqueue_of_port(port)->threads.first;
	if (!receiver || kmsg->ikm_header.msgh_size > receiver->ith_msize || !thread_can_handoff(receiver))
		return NULL;
	return receiver;
}

/* The message, and the processor with the stack, go to the receiver; the current thread waits in its own queue, which
 * is empty.  If it must keep its stack (thread_wire), or is to end, the receiver's turn comes as anybody's. */
static _Noreturn void hand_over(struct thread *self, struct thread *receiver, ipc_port_t port, ipc_kmsg_t kmsg)
{
	MUK_SPAN_BEGIN("rpc.handoff");
	const continuation_t resume = receiver->continuation;
	struct ipc_mqueue *mqueue = ipc_mqueue_of_port(port);
	probe_msg_send(port, kmsg->ikm_header.msgh_id, kmsg->ikm_header.msgh_size);
	ipc_thread_rmqueue(&mqueue->threads, receiver);
	receiver->ith_state = MACH_MSG_SUCCESS;
	receiver->ith_kmsg = kmsg;
	receiver->ith_seqno = port->seqno++;
	ipc_mqueue_wait(self);
	if (!thread_handoff(mach_msg_continue, receiver)) {
		thread_go(receiver);
		thread_block(mach_msg_continue);
	}
	MUK_SPAN_END("rpc.handoff");
	if (resume == mach_msg_continue)
		thread_syscall_return(finish(receiver, MACH_MSG_SUCCESS));
	call_continuation(resume);
}

static mach_msg_return_t rpc(mach_msg_header_t *msg, mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                             mach_port_t rcv_name)
{
	struct thread *self = current_thread();
	ipc_kmsg_t kmsg;
	MUK_SPAN_BEGIN("rpc.copyin");
	mach_msg_return_t result = ipc_kmsg_get(msg, send_size, &kmsg);
	if (!result)
		result = ipc_kmsg_copyin(kmsg, current_space(), current_map(), MACH_PORT_NULL);
	MUK_SPAN_END("rpc.copyin");
	if (result)
		return result;
	ipc_port_t port = ipc_port_of_word(kmsg->ikm_header.msgh_remote_port);
	if (port->receiver == ipc_space_kernel)
		return rpc_kernel(self, kmsg, msg, rcv_size, rcv_name);
	struct thread *receiver = self->kernel_loaded ? NULL : ready_receiver(port, kmsg);
	if (receiver && !prepare(self, msg, MACH_RCV_MSG, rcv_size, rcv_name)) {
		if (!self->ith_receive.mqueue->messages.first)
			hand_over(self, receiver, port, kmsg);
		ipc_object_release(self->ith_receive.object);
	}
	result = ipc_mqueue_send(kmsg, MACH_MSG_OPTION_NONE, MACH_MSG_TIMEOUT_NONE);
	if (result) {
		result |= ipc_kmsg_copyout_pseudo(kmsg, current_space(), current_map());
		(void)ipc_kmsg_put(msg, kmsg, kmsg->ikm_header.msgh_size);
		return result;
	}
	return receive(msg, MACH_RCV_MSG, rcv_size, rcv_name, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

/* The interface's seven arguments (mach/message.h). A user's thread that must wait does not come back here. */
mach_msg_return_t mach_msg_trap(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                                mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                                mach_port_t notify)
{
	if (option == (MACH_SEND_MSG | MACH_RCV_MSG))
		return rpc(msg, send_size, rcv_size, rcv_name);
	if (option & MACH_SEND_MSG) {
		const mach_msg_return_t result = send(msg, option, send_size, timeout, notify);
		if (result)
			return result;
	}
	if (option & MACH_RCV_MSG)
		return receive(msg, option, rcv_size, rcv_name, timeout, notify);
	return MACH_MSG_SUCCESS;
}

mach_msg_return_t mach_msg_send_from_kernel(mach_msg_header_t *msg, mach_msg_size_t size)
{
	ipc_kmsg_t kmsg = ikm_alloc(size);
	if (!kmsg)
		return MACH_SEND_NO_BUFFER;
	memcpy(&kmsg->ikm_header, msg, size);
	kmsg->ikm_header.msgh_size = size;
	ipc_kmsg_copyin_from_kernel(kmsg);
	if (!IP_VALID(ipc_port_of_word(kmsg->ikm_header.msgh_remote_port))) {
		ipc_kmsg_destroy(kmsg);
		return MACH_SEND_INVALID_DEST;
	}
	ipc_mqueue_send_always(kmsg);
	return MACH_MSG_SUCCESS;
}

/* --- Traps that give names --- */

mach_port_t mach_reply_port(void)
{
	mach_port_t name;
	return mach_port_allocate(current_space(), MACH_PORT_RIGHT_RECEIVE, &name) ? MACH_PORT_NULL : name;
}

mach_port_t mach_thread_self(void)
{
	return ipc_port_copyout_send(ipc_port_copy_send(current_thread()->ith_sself), current_space());
}

mach_port_t mach_task_self(void)
{
	return ipc_port_copyout_send(ipc_port_copy_send(current_task()->itk_sself), current_space());
}

mach_port_t mach_host_self(void)
{
	return ipc_port_copyout_send(ipc_port_make_send(realhost_self), current_space());
}
