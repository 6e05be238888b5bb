/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Message queues: messages that wait for a receiver, or receivers that wait for a message, never both.
 */
#pragma once
#include "mach/message.h"

struct thread;
struct ipc_kmsg;
struct ipc_object;
struct ipc_port;
struct ipc_space;

struct ipc_kmsg_queue {
	struct ipc_kmsg *first;          /* a ring by ikm_next, ikm_prev; NULL: empty */
};
struct ipc_thread_queue {
	struct thread *first;            /* a ring by ith_next, ith_prev; NULL: empty */
};
struct ipc_mqueue {
	struct ipc_kmsg_queue messages;
	struct ipc_thread_queue threads;
};

/* Behind all that are there; out of the queue, in which it is. */
void ipc_kmsg_enqueue(struct ipc_kmsg_queue *queue, struct ipc_kmsg *kmsg);
void ipc_kmsg_rmqueue(struct ipc_kmsg_queue *queue, struct ipc_kmsg *kmsg);
void ipc_thread_enqueue(struct ipc_thread_queue *queue, struct thread *thread);
void ipc_thread_rmqueue(struct ipc_thread_queue *queue, struct thread *thread);

/* The first message of a port's own queue, taken out; NULL: none. */
struct ipc_kmsg *ipc_mqueue_drain(struct ipc_port *port);
/* A port's messages go over to the queue of a set, behind what is there, or out of it; who waits there gets them. */
void ipc_mqueue_move(struct ipc_mqueue *to, struct ipc_mqueue *from, const struct ipc_port *port);
/* Nobody can receive here any more: all that wait are told why (MACH_RCV_PORT_DIED, MACH_RCV_PORT_CHANGED). */
void ipc_mqueue_changed(struct ipc_mqueue *mqueue, mach_msg_return_t why);
/* Senders that wait for room at a port go on as far as there is room; all of them: to find it dead. */
void ipc_port_wake_senders(struct ipc_port *port, bool all);

/* From where `name` receives. On success *object holds a reference. MACH_RCV_INVALID_NAME, MACH_RCV_IN_SET. */
mach_msg_return_t ipc_mqueue_copyin(struct ipc_space *space, mach_port_t name, struct ipc_mqueue **mqueue,
                                    struct ipc_object **object);

/*
 * Receives for the current thread, as its ith_receive says (mqueue, option, rcv_size, timeout): then the message is
 * its ith_kmsg, its number ith_seqno.  May block: with a continuation it does not return, and the continuation asks
 * ipc_mqueue_received for the result. MACH_RCV_TOO_LARGE: ith_msize is how large; the message stays.
 * MACH_RCV_TIMED_OUT, _INTERRUPTED, _PORT_DIED, _PORT_CHANGED.
 */
mach_msg_return_t ipc_mqueue_receive(void (*continuation)(void));
mach_msg_return_t ipc_mqueue_received(void);
/* The current thread is put among those that wait there: to be followed by thread_block or thread_handoff. */
void ipc_mqueue_wait(struct thread *self);
