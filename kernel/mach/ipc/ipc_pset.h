/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Port sets: receive rights whose messages are received at one queue (Y87 §3.2: the default group of ports).
 */
#pragma once
#include "ipc/ipc_port.h"

struct ipc_pset {
	struct ipc_object object;
	mach_port_t name;             /* in the space that has it, for good */
	struct ipc_mqueue messages;   /* of all members */
	ipc_port_t members;           /* by pset_next */
};

/* With one reference, for its entry; NULL at the limit of sets. */
struct ipc_pset *ipc_pset_alloc(mach_port_t name);
void ipc_pset_release(struct ipc_pset *pset);
/* The set is no more: its members are in no set, who waits at it is told. Consumes a reference. */
void ipc_pset_destroy(struct ipc_pset *pset);
/* A port out of its set; its messages go with it. */
void ipc_pset_remove(ipc_port_t port);
/* Into a set, out of another; pset NULL: into none. KERN_NOT_IN_SET: it is in none. */
kern_return_t ipc_pset_move(ipc_port_t port, struct ipc_pset *pset);

/* The queue at which a message for this port waits, or its receiver: the port's own, or that of its set. */
static inline struct ipc_mqueue *ipc_mqueue_of_port(ipc_port_t port)
{
	return port->pset ? &port->pset->messages : &port->messages;
}
