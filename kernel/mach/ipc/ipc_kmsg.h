/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages in the kernel: header and items as the user had them, with pointers to ports and map copies in the place of
 * names and addresses.
 */
#pragma once
#include "ipc/ipc_port.h"
#include "mach/message.h"

struct vm_map;
struct ipc_space;
struct ipc_marequest;

typedef struct ipc_kmsg {
	struct ipc_kmsg *ikm_next, *ikm_prev;
	vm_size_t ikm_size;                  /* of the allocation */
	struct ipc_marequest *ikm_marequest; /* MACH_SEND_NOTIFY */
	struct ipc_space *ikm_charged;       /* in a queue: who fills the kernel's memory with it; a reference */
	mach_msg_header_t ikm_header;        /* and what follows it */
} *ipc_kmsg_t;
#define IKM_NULL ((ipc_kmsg_t)0)

/* Inside the kernel only: the message has a receive right that would wait for itself, and is never delivered. */
#define MACH_MSGH_BITS_CIRCULAR 0x40000000u

/* The size that is cached for RPCs: messages up to it take no kalloc. */
enum {
	IKM_SAVED_KMSG_SIZE = 256,
	IKM_SAVED_MSG_SIZE = IKM_SAVED_KMSG_SIZE - (int)offsetof(struct ipc_kmsg, ikm_header)
};

/* size: of header and body, bytes. NULL without memory. */
ipc_kmsg_t ikm_alloc(mach_msg_size_t size);
void ikm_free(ipc_kmsg_t kmsg);
/* A message with everything in it: rights released, memory discarded. */
void ipc_kmsg_destroy(ipc_kmsg_t kmsg);
/* What is in its items. */
void ipc_kmsg_clean_body(ipc_kmsg_t kmsg);
/* A message that the kernel has received: the right that it came by ends, what is left in it is destroyed. */
void ipc_kmsg_received(ipc_kmsg_t kmsg);

/* From and to user memory: put frees the message, whatever it returns. size: bytes; of put: at most the message's.
 * MACH_SEND_MSG_TOO_SMALL, MACH_SEND_TOO_LARGE, MACH_SEND_NO_BUFFER, MACH_SEND_INVALID_DATA; MACH_RCV_INVALID_DATA. */
mach_msg_return_t ipc_kmsg_get(mach_msg_header_t *msg, mach_msg_size_t size, ipc_kmsg_t *kmsg);
mach_msg_return_t ipc_kmsg_put(mach_msg_header_t *msg, ipc_kmsg_t kmsg, mach_msg_size_t size);

/* Rights and memory out of a space and a map: on failure the message is gone, with what had been taken. notify: for
 * MACH_SEND_CANCEL. MACH_SEND_INVALID_*, MACH_SEND_MSG_TOO_SMALL, MACH_SEND_NO_BUFFER. */
mach_msg_return_t ipc_kmsg_copyin(ipc_kmsg_t kmsg, struct ipc_space *space, struct vm_map *map, mach_port_t notify);
/* A message that the kernel itself made: rights and copies are in it as pointers. */
void ipc_kmsg_copyin_from_kernel(ipc_kmsg_t kmsg);

/* And into a space and a map. notify: for MACH_RCV_NOTIFY. MACH_RCV_HEADER_ERROR with a reason: nothing was done.
 * MACH_RCV_BODY_ERROR with reasons: all is in place but what the reasons say: that has become null. */
mach_msg_return_t ipc_kmsg_copyout(ipc_kmsg_t kmsg, struct ipc_space *space, struct vm_map *map, mach_port_t notify);
/* What is received of a message that cannot be: its destination's name; the rest is destroyed. */
void ipc_kmsg_copyout_dest(ipc_kmsg_t kmsg, struct ipc_space *space);
/* A message that could not be sent goes back to its sender: rights and memory are put in again. */
mach_msg_return_t ipc_kmsg_copyout_pseudo(ipc_kmsg_t kmsg, struct ipc_space *space, struct vm_map *map);

/* What a task's messages that wait in queues may take of the kernel's memory, and what they may when memory is short;
 * threads with vm_privilege are not bound. */
enum { IPC_QUEUED_BYTES_MAX = 256 * 1024, IPC_QUEUED_BYTES_SHORT = 16 * 1024 };

/* Delivers to a receiver who waits, or to the queue. option: MACH_SEND_TIMEOUT. timeout: ms. On failure the message is
 * the caller's again. MACH_SEND_TIMED_OUT, MACH_SEND_INTERRUPTED, MACH_SEND_NO_BUFFER (IPC_QUEUED_BYTES_MAX). */
mach_msg_return_t ipc_mqueue_send(ipc_kmsg_t kmsg, mach_msg_option_t option, mach_msg_timeout_t timeout);
/* Never fails and never waits: what the kernel says must arrive (queue limits do not hold). */
void ipc_mqueue_send_always(ipc_kmsg_t kmsg);

/* From inside the kernel: to, and with, the pointers. msg is copied, and what is in it is taken over, also on failure:
 * MACH_SEND_INVALID_DEST (nobody, or dead), MACH_SEND_NO_BUFFER. */
mach_msg_return_t mach_msg_send_from_kernel(mach_msg_header_t *msg, mach_msg_size_t size);
