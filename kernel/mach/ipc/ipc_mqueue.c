/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending to and receiving from queues (Mach 3.0 ipc/ipc_mqueue).
 *
 *   1. A queue has messages or waiting receivers, not both, but for messages that no waiting receiver has room for:
 *      such a receiver (MACH_RCV_LARGE) is woken with MACH_RCV_TOO_LARGE.
 *   2. port->msgcount is the number of messages of that port in a queue. A message that is handed to a receiver who
 *      waits is never counted.
 *   3. A thread is in a queue of threads just while its ith_state is ..._IN_PROGRESS: who takes it out sets why.
 *
 *   sender:    room, or send-once, or the kernel's --> delivered
 *              no room --> in port->blocked --(a message received, a limit raised, the port dead)--> looks again
 *                                           --(timeout, thread_abort)--> MACH_SEND_TIMED_OUT, MACH_SEND_INTERRUPTED
 *   receiver:  a message there --> takes it
 *              none --> in mqueue->threads --(deliver)--> MACH_MSG_SUCCESS, MACH_RCV_TOO_LARGE
 *                                          --(ipc_mqueue_changed)--> MACH_RCV_PORT_DIED, MACH_RCV_PORT_CHANGED
 *                                          --(timeout, thread_abort)--> MACH_RCV_TIMED_OUT, MACH_RCV_INTERRUPTED
 */
#include "base/panic.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_notify.h"
#include "ipc/ipc_pset.h"
#include "ipc/ipc_right.h"
#include "kern/probes.h"
#include "kern/task.h"
#include "kern/thread.h"

/* --- Rings --- */

void ipc_kmsg_enqueue(struct ipc_kmsg_queue *queue, ipc_kmsg_t kmsg)
{
	ipc_kmsg_t first = queue->first;
	if (!first) {
		queue->first = kmsg->ikm_next = kmsg->ikm_prev = kmsg;
		return;
	}
	kmsg->ikm_next = first;
	kmsg->ikm_prev = first->ikm_prev;
	first->ikm_prev->ikm_next = kmsg;
	first->ikm_prev = kmsg;
}

void ipc_kmsg_rmqueue(struct ipc_kmsg_queue *queue, ipc_kmsg_t kmsg)
{
	if (kmsg->ikm_next == kmsg) {
		queue->first = IKM_NULL;
		return;
	}
	kmsg->ikm_next->ikm_prev = kmsg->ikm_prev;
	kmsg->ikm_prev->ikm_next = kmsg->ikm_next;
	if (queue->first == kmsg)
		queue->first = kmsg->ikm_next;
}

void ipc_thread_enqueue(struct ipc_thread_queue *queue, struct thread *thread)
{
	struct thread *first = queue->first;
	if (!first) {
		queue->first = thread->ith_next = thread->ith_prev = thread;
		return;
	}
	thread->ith_next = first;
	thread->ith_prev = first->ith_prev;
	first->ith_prev->ith_next = thread;
	first->ith_prev = thread;
}

void ipc_thread_rmqueue(struct ipc_thread_queue *queue, struct thread *thread)
{
	if (thread->ith_next == thread) {
		queue->first = NULL;
		return;
	}
	thread->ith_next->ith_prev = thread->ith_prev;
	thread->ith_prev->ith_next = thread->ith_next;
	if (queue->first == thread)
		queue->first = thread->ith_next;
}

/* --- Delivery --- */

/* A waiting receiver goes on, with this state. */
static void wake_receiver(struct ipc_mqueue *mqueue, struct thread *receiver, mach_msg_return_t state)
{
	ipc_thread_rmqueue(&mqueue->threads, receiver);
	receiver->ith_state = state;
	thread_go(receiver);
}

/* Why a wait has ended that was for a message, and has got none. */
static mach_msg_return_t why_ended(const struct thread *receiver)
{
	return receiver->wait_result == THREAD_TIMED_OUT ? MACH_RCV_TIMED_OUT : MACH_RCV_INTERRUPTED;
}

/* To the first receiver that waits and has room. False: there is none.  One whose time is over, or who is to end, and
 * has not run since, gets nothing any more. */
static bool deliver(struct ipc_mqueue *mqueue, ipc_port_t port, ipc_kmsg_t kmsg)
{
	while (mqueue->threads.first) {
		struct thread *receiver = mqueue->threads.first;
		if (!(receiver->state & TH_WAIT)) {
			wake_receiver(mqueue, receiver, why_ended(receiver));
			continue;
		}
		if (kmsg->ikm_header.msgh_size <= receiver->ith_msize) {
			receiver->ith_kmsg = kmsg;
			receiver->ith_seqno = port->seqno++;
			wake_receiver(mqueue, receiver, MACH_MSG_SUCCESS);
			return true;
		}
		receiver->ith_msize = kmsg->ikm_header.msgh_size;
		wake_receiver(mqueue, receiver, MACH_RCV_TOO_LARGE);
	}
	return false;
}

void ipc_port_wake_senders(ipc_port_t port, bool all)
{
	for (mach_port_msgcount_t room = port->msgcount; port->blocked.first && (all || room < port->qlimit); room++) {
		struct thread *sender = port->blocked.first;
		ipc_thread_rmqueue(&port->blocked, sender);
		sender->ith_state = MACH_MSG_SUCCESS;
		thread_go(sender);
	}
}

/* Into a queue, where the message is its sender's burden (NULL: the kernel's); and out. */
static void queue_in(struct ipc_mqueue *mqueue, ipc_port_t port, ipc_kmsg_t kmsg, struct ipc_space *charged)
{
	ipc_kmsg_enqueue(&mqueue->messages, kmsg);
	port->msgcount++;
	kmsg->ikm_charged = charged;
	if (charged) {
		charged->queued_bytes += kmsg->ikm_size;
		is_reference(charged);
	}
}

static void queue_out(struct ipc_mqueue *mqueue, ipc_port_t port, ipc_kmsg_t kmsg)
{
	struct ipc_space *charged = kmsg->ikm_charged;
	ipc_kmsg_rmqueue(&mqueue->messages, kmsg);
	port->msgcount--;
	if (charged) {
		charged->queued_bytes -= kmsg->ikm_size;
		is_release(charged);
	}
}

ipc_kmsg_t ipc_mqueue_drain(ipc_port_t port)
{
	ipc_kmsg_t kmsg = port->messages.messages.first;
	if (kmsg)
		queue_out(&port->messages, port, kmsg);
	return kmsg;
}

/* A message leaves its queue, for a receiver. Result: who is to be told of that (ipc_marequest_accepted). */
static struct ipc_marequest *take(struct ipc_mqueue *mqueue, ipc_port_t port, ipc_kmsg_t kmsg)
{
	struct ipc_marequest *request = kmsg->ikm_marequest;
	kmsg->ikm_marequest = NULL;
	queue_out(mqueue, port, kmsg);
	if (port->blocked.first)
		ipc_port_wake_senders(port, false);
	return request;
}

void ipc_mqueue_move(struct ipc_mqueue *to, struct ipc_mqueue *from, const struct ipc_port *port)
{
	struct ipc_kmsg_queue others = { IKM_NULL };
	struct ipc_marequest *accepted = NULL;
	if (!port->msgcount)
		return;
	while (from->messages.first) {
		ipc_kmsg_t kmsg = from->messages.first;
		ipc_port_t of = ipc_port_of_word(kmsg->ikm_header.msgh_remote_port);
		if (of != port) {
			ipc_kmsg_rmqueue(&from->messages, kmsg);
			ipc_kmsg_enqueue(&others, kmsg);
		} else if (!to->messages.first && deliver(to, of, kmsg)) {
			accepted = ipc_marequest_chain(take(from, of, kmsg), accepted);
		} else {
			ipc_kmsg_rmqueue(&from->messages, kmsg);
			ipc_kmsg_enqueue(&to->messages, kmsg);
		}
	}
	from->messages = others;
	ipc_marequest_accepted(accepted);
}

void ipc_mqueue_changed(struct ipc_mqueue *mqueue, mach_msg_return_t why)
{
	while (mqueue->threads.first)
		wake_receiver(mqueue, mqueue->threads.first, why);
}

/* --- Sending --- */

/* Waits until the port may have room. */
static mach_msg_return_t wait_for_room(ipc_port_t port, mach_msg_option_t option, mach_msg_timeout_t timeout)
{
	struct thread *self = current_thread();
	if (option & MACH_SEND_TIMEOUT) {
		if (timeout == 0)
			return MACH_SEND_TIMED_OUT;
		thread_set_timeout(timeout);
	}
	self->ith_state = MACH_SEND_IN_PROGRESS;
	self->wait_reason = "room in a port's queue";
	thread_will_wait(self, true);
	ipc_thread_enqueue(&port->blocked, self);
	thread_block(NULL);
	if (self->ith_state == MACH_MSG_SUCCESS)
		return MACH_MSG_SUCCESS;
	ipc_thread_rmqueue(&port->blocked, self);
	return self->wait_result == THREAD_TIMED_OUT ? MACH_SEND_TIMED_OUT : MACH_SEND_INTERRUPTED;
}

static bool has_room(const struct ipc_port *port, const struct ipc_kmsg *kmsg)
{
	return port->msgcount < port->qlimit ||
	       MACH_MSGH_BITS_REMOTE(kmsg->ikm_header.msgh_bits) == MACH_MSG_TYPE_PORT_SEND_ONCE;
}

/* Whether a task has let so much wait that it may not add to it. */
static bool has_too_much_queued(const struct ipc_space *space)
{
	if (space->queued_bytes <= IPC_QUEUED_BYTES_SHORT || current_thread()->vm_privilege)
		return false;
	return space->queued_bytes > IPC_QUEUED_BYTES_MAX || ipc_memory_is_short();
}

/* To a receiver or the queue of a port that lives; charged: whose burden it is there, NULL: the kernel's. */
static mach_msg_return_t post(ipc_port_t port, ipc_kmsg_t kmsg, struct ipc_space *charged)
{
	struct ipc_mqueue *mqueue = ipc_mqueue_of_port(port);
	if (!mqueue->messages.first && deliver(mqueue, port, kmsg))
		return MACH_MSG_SUCCESS;
	if (charged && has_too_much_queued(charged))
		return MACH_SEND_NO_BUFFER;
	queue_in(mqueue, port, kmsg, charged);
	return MACH_MSG_SUCCESS;
}

/* Sent to nobody: it is as if it had been received, and thrown away. */
static bool is_lost(const struct ipc_port *port, const struct ipc_kmsg *kmsg)
{
	return !ip_active(port) || kmsg->ikm_header.msgh_bits & MACH_MSGH_BITS_CIRCULAR;
}

mach_msg_return_t ipc_mqueue_send(ipc_kmsg_t kmsg, mach_msg_option_t option, mach_msg_timeout_t timeout)
{
	ipc_port_t port = ipc_port_of_word(kmsg->ikm_header.msgh_remote_port);
	probe_msg_send(port, kmsg->ikm_header.msgh_id, kmsg->ikm_header.msgh_size);
	if (port->receiver == ipc_space_kernel) {
		ipc_kmsg_t reply = ipc_kobject_server(kmsg);
		if (reply)
			ipc_mqueue_send_always(reply);
		return MACH_MSG_SUCCESS;
	}
	while (!is_lost(port, kmsg)) {
		if (has_room(port, kmsg))
			return post(port, kmsg, current_task()->itk_space);
		const mach_msg_return_t result = wait_for_room(port, option, timeout);
		if (result)
			return result;
	}
	ipc_kmsg_destroy(kmsg);
	return MACH_MSG_SUCCESS;
}

void ipc_mqueue_send_always(ipc_kmsg_t kmsg)
{
	ipc_port_t port = ipc_port_of_word(kmsg->ikm_header.msgh_remote_port);
	probe_msg_send(port, kmsg->ikm_header.msgh_id, kmsg->ikm_header.msgh_size);
	if (port->receiver == ipc_space_kernel) {
		ipc_kmsg_t reply = ipc_kobject_server(kmsg);
		if (reply)
			ipc_mqueue_send_always(reply);
	} else if (is_lost(port, kmsg)) {
		ipc_kmsg_destroy(kmsg);
	} else {
		(void)post(port, kmsg, NULL); /* nothing to refuse */
	}
}

/* --- Receiving --- */

mach_msg_return_t ipc_mqueue_copyin(struct ipc_space *space, mach_port_t name, struct ipc_mqueue **mqueue,
                                    struct ipc_object **object)
{
	const struct ipc_entry *entry = ipc_entry_lookup(space, name);
	if (!entry || !(entry->bits & (MACH_PORT_TYPE_RECEIVE | MACH_PORT_TYPE_PORT_SET)))
		return MACH_RCV_INVALID_NAME;
	if (entry->bits & MACH_PORT_TYPE_RECEIVE) {
		ipc_port_t port = (ipc_port_t)entry->object;
		if (port->pset)
			return MACH_RCV_IN_SET;
		*mqueue = &port->messages;
	} else {
		*mqueue = &((struct ipc_pset *)entry->object)->messages;
	}
	*object = entry->object;
	entry->object->references++;
	return MACH_MSG_SUCCESS;
}

void ipc_mqueue_wait(struct thread *self)
{
	self->ith_state = MACH_RCV_IN_PROGRESS;
	self->ith_msize = self->ith_receive.option & MACH_RCV_LARGE ? self->ith_receive.rcv_size : MACH_MSG_SIZE_MAX;
	self->wait_reason = "message";
	thread_will_wait(self, true);
	ipc_thread_enqueue(&self->ith_receive.mqueue->threads, self);
}

/* Takes the first message, which is there. */
static mach_msg_return_t receive_first(struct thread *self, struct ipc_mqueue *mqueue)
{
	ipc_kmsg_t kmsg = mqueue->messages.first;
	if (self->ith_receive.option & MACH_RCV_LARGE && kmsg->ikm_header.msgh_size > self->ith_receive.rcv_size) {
		self->ith_msize = kmsg->ikm_header.msgh_size;
		return MACH_RCV_TOO_LARGE;
	}
	ipc_port_t port = ipc_port_of_word(kmsg->ikm_header.msgh_remote_port);
	self->ith_kmsg = kmsg;
	self->ith_seqno = port->seqno++;
	struct ipc_marequest *request = take(mqueue, port, kmsg);
	if (request)
		ipc_marequest_accepted(request);
	return MACH_MSG_SUCCESS;
}

mach_msg_return_t ipc_mqueue_receive(void (*continuation)(void))
{
	struct thread *self = current_thread();
	if (self->ith_receive.mqueue->messages.first)
		return receive_first(self, self->ith_receive.mqueue);
	if (self->ith_receive.option & MACH_RCV_TIMEOUT) {
		if (self->ith_receive.timeout == 0)
			return MACH_RCV_TIMED_OUT;
		thread_set_timeout(self->ith_receive.timeout);
	}
	ipc_mqueue_wait(self);
	thread_block(continuation);
	return ipc_mqueue_received();
}

mach_msg_return_t ipc_mqueue_received(void)
{
	struct thread *self = current_thread();
	if (self->ith_state != MACH_RCV_IN_PROGRESS)
		return self->ith_state;
	ipc_thread_rmqueue(&self->ith_receive.mqueue->threads, self);
	return why_ended(self);
}
