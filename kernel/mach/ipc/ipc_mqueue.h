/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Message queues: messages that wait for a receiver, or receivers that wait for a message, never both.
 */
#pragma once
#include "mach/message.h"

struct thread;
struct ipc_kmsg;

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
