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

typedef struct ipc_kmsg {
	struct ipc_kmsg *ikm_next, *ikm_prev;
	vm_size_t ikm_size;                  /* of the allocation */
	ipc_port_t ikm_marequest;            /* MACH_SEND_NOTIFY */
	mach_msg_header_t ikm_header;        /* and what follows it */
} *ipc_kmsg_t;
#define IKM_NULL ((ipc_kmsg_t)0)

/* The size that is cached for RPCs: messages up to it take no kalloc. */
enum { IKM_SAVED_MSG_SIZE = 256 - (int)offsetof(struct ipc_kmsg, ikm_header) };

/* size: of header and body, bytes. NULL without memory. */
ipc_kmsg_t ikm_alloc(mach_msg_size_t size);
void ikm_free(ipc_kmsg_t kmsg);
/* A message with everything in it: rights released, memory discarded. */
void ipc_kmsg_destroy(ipc_kmsg_t kmsg);

/* From and to user memory; then rights and memory in and out of a space and a map. */
mach_msg_return_t ipc_kmsg_get(mach_msg_header_t *msg, mach_msg_size_t size, ipc_kmsg_t *kmsg);
mach_msg_return_t ipc_kmsg_put(mach_msg_header_t *msg, ipc_kmsg_t kmsg, mach_msg_size_t size);
mach_msg_return_t ipc_kmsg_copyin(ipc_kmsg_t kmsg, struct ipc_space *space, struct vm_map *map, mach_port_t notify);
mach_msg_return_t ipc_kmsg_copyout(ipc_kmsg_t kmsg, struct ipc_space *space, struct vm_map *map, mach_port_t notify);
/* A message that the kernel itself made: rights and copies are in it as pointers. */
void ipc_kmsg_copyin_from_kernel(ipc_kmsg_t kmsg);

/* option: MACH_SEND_TIMEOUT. timeout: ms. On failure the message is the caller's again. */
mach_msg_return_t ipc_mqueue_send(ipc_kmsg_t kmsg, mach_msg_option_t option, mach_msg_timeout_t timeout);
/* Never fails and never waits: what the kernel says must arrive (queue limits do not hold). */
void ipc_mqueue_send_always(ipc_kmsg_t kmsg);

/* From inside the kernel: to, and with, the pointers. msg is copied. */
mach_msg_return_t mach_msg_send_from_kernel(mach_msg_header_t *msg, mach_msg_size_t size);
