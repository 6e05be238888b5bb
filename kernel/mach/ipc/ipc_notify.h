/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifications (Mach 3.0 kernel interface, mach_port_request_notification): messages of the kernel to a send-once
 * right, which each of these consumes. None fails, none waits for room in a queue; memory they may wait for.
 */
#pragma once
#include "ipc/ipc_port.h"

struct ipc_entry;
struct ipc_space;

void ipc_notify_port_deleted(ipc_port_t notify, mach_port_t name);
void ipc_notify_msg_accepted(ipc_port_t notify, mach_port_t name);
/* right: the receive right of a port, in hand. */
void ipc_notify_port_destroyed(ipc_port_t notify, ipc_port_t right);
void ipc_notify_no_senders(ipc_port_t notify, mach_port_mscount_t mscount);
void ipc_notify_dead_name(ipc_port_t notify, mach_port_t name);
/* A send-once right that is given up without having been used. */
void ipc_notify_send_once(ipc_port_t notify);

/*
 * A message that was sent in spite of a full queue (MACH_SEND_NOTIFY): who sent it is told when it is accepted.  One a
 * name, which has IE_BITS_MAREQUEST meanwhile.
 */
struct ipc_marequest {
	struct ipc_marequest *next;   /* of its space */
	struct ipc_space *space;      /* NULL: it is dead */
	mach_port_t name;             /* MACH_PORT_NULL: it denotes that right no more */
	ipc_port_t notify;
};

/* For a message to `port` from this space; notify: the name of a receive right of it. MACH_SEND_INVALID_NOTIFY,
 * MACH_SEND_NOTIFY_IN_PROGRESS: the space's right has one already; MACH_SEND_NO_NOTIFY: no memory. */
mach_msg_return_t ipc_marequest_create(struct ipc_space *space, const struct ipc_port *port, mach_port_t notify,
                                       struct ipc_marequest **request);
/* The message is accepted, or has been destroyed: for one request, or a chain of them, or NULL. May block. */
void ipc_marequest_accepted(struct ipc_marequest *request);
/* A request before others that are to be told later; its name may have another one from now on. Does not block. */
struct ipc_marequest *ipc_marequest_chain(struct ipc_marequest *request, struct ipc_marequest *others);
/* The right behind the name goes; the name changes; the whole space dies. None blocks. */
void ipc_marequest_cancel(struct ipc_space *space, struct ipc_entry *entry);
void ipc_marequest_rename(struct ipc_space *space, struct ipc_entry *entry, mach_port_t name);
void ipc_marequest_forget(struct ipc_space *space);
