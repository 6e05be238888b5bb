/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ports (Mach 3.0 ipc/ipc_port; Y87 §3.2): a queue of messages with one receiver and any number of senders.
 *
 *   1. A right outside of all spaces (in a message, in the kernel's hands) is one reference, and one of srights or
 *      sorights if it is a send or send-once right.
 *   2. An entry of a space is one reference, whichever rights to the port it has; with a send right, one of srights.
 *   3. Who has the receive right:
 *        receiver S, destination NULL   a space (the kernel's too): messages can be received
 *        receiver NULL, destination D   in a message that is on its way to D, to which it holds a reference
 *        receiver NULL, destination NULL  in the hands of the kernel for a moment
 *      A port that is not active has none: only references are left of it.
 */
#pragma once
#include "ipc/ipc_mqueue.h"
#include "kern/ipc_kobject.h"
#include "mach/kern_return.h"
#include "mach/port.h"

struct ipc_space;

/* What a name may denote: a port or a set. First member of both. */
struct ipc_object {
	natural_t references;
	enum { IOT_PORT, IOT_PORT_SET } type;
	bool active;
};
typedef struct ipc_object *ipc_object_t;

struct ipc_port_request {        /* dead-name notifications asked for */
	struct ipc_port *notify; /* a send-once right; NULL: a free slot */
	mach_port_t name;
};

typedef struct ipc_port {
	struct ipc_object object;
	struct ipc_space *receiver;      /* who holds the receive right; NULL: it is in transit, or the port is dead */
	mach_port_t receiver_name;
	struct ipc_port *destination;    /* in transit: the port to whose queue it goes */
	struct ipc_pset *pset;           /* the set it is in */
	struct ipc_port *pset_next;      /* the next one in it */
	natural_t mscount, srights, sorights;
	enum ipc_kobject_type kotype;    /* what the kernel has to do with it; IKOT_PAGER: of a manager's own port */
	void *kobject;
	struct ipc_port *nsrequest, *pdrequest;
	struct ipc_port_request *dnrequests;
	natural_t dnrequest_count;       /* slots */
	mach_port_seqno_t seqno;
	mach_port_msgcount_t msgcount, qlimit;
	struct ipc_mqueue messages;      /* used while it is in no set */
	struct ipc_thread_queue blocked; /* senders that wait for room */
} *ipc_port_t;

#define IP_NULL ((ipc_port_t)0)
#define IP_DEAD ((ipc_port_t)(uintptr_t)~0u)
#define IP_VALID(port_) ((port_) != IP_NULL && (port_) != IP_DEAD)
#define ip_active(port_) ((port_)->object.active)

/* A port in the place of a name, in a message inside the kernel. */
static inline ipc_port_t ipc_port_of_word(natural_t word) { return (ipc_port_t)(uintptr_t)word; }
static inline natural_t ipc_port_word(ipc_port_t port) { return (natural_t)(uintptr_t)port; }

/* What is there now: 0 all over when everything that was made has been released. */
struct ipc_statistics {
	natural_t ports, sets, spaces, names, messages, message_bytes;
};
extern struct ipc_statistics ipc_statistics;

/* Its last reference is gone. */
void ipc_port_free(ipc_port_t port);
static inline void ip_reference(ipc_port_t port) { port->object.references++; }
static inline void ip_release(ipc_port_t port)
{
	if (--port->object.references == 0)
		ipc_port_free(port);
}

/* Ports, spaces, messages: as soon as there are zones. The host's ports: when memory is as it will be. */
void ipc_bootstrap(void);
void ipc_init(void);
/* So little memory is left for everybody's pages that tasks get no more of the kernel's for names and ports. */
bool ipc_memory_is_short(void);

/* A port with its receive right in the kernel: no names, no queue that anybody waits at. NULL without memory. */
ipc_port_t ipc_port_alloc_kernel(void);
void ipc_port_dealloc_kernel(ipc_port_t port);
/* The same in any space, under a name that the caller enters. One reference, for that. NULL at the limit of ports. */
ipc_port_t ipc_port_alloc_special(struct ipc_space *space, mach_port_t name);
/* One more right to the port, and one less; IP_NULL and IP_DEAD may be copied and released. */
ipc_port_t ipc_port_make_send(ipc_port_t port);
ipc_port_t ipc_port_copy_send(ipc_port_t port);     /* of a send right; IP_DEAD if the port is */
void ipc_port_release_send(ipc_port_t port);
ipc_port_t ipc_port_make_sonce(ipc_port_t port);
void ipc_port_release_sonce(ipc_port_t port);
void ipc_port_release_receive(ipc_port_t port);
/* The kernel itself asks for these; `notify` is a send-once right. Result: the right asked before. */
void ipc_port_nsrequest(ipc_port_t port, mach_port_mscount_t sync, ipc_port_t notify, ipc_port_t *previous);
void ipc_port_pdrequest(ipc_port_t port, ipc_port_t notify, ipc_port_t *previous);
/* The receive right, which its holder gives up, is nobody's now: out of its set, receivers woken, counts from 0. */
void ipc_port_clear_receiver(ipc_port_t port);
/* The port dies: messages destroyed, waiters woken, dead-name and port-destroyed notifications sent. */
void ipc_port_destroy(ipc_port_t port);
/* The receive right is put into a message to `destination`. False: it is not, since destination is itself on its way
 * to the port, or is the port; the message could never be received. */
bool ipc_port_enter_transit(ipc_port_t port, ipc_port_t destination);
/* And taken out of it. */
void ipc_port_leave_transit(ipc_port_t port);

/* Dead-name requests. request: a slot from 1 on. KERN_NO_SPACE: call ipc_port_dngrow and look at everything again. */
kern_return_t ipc_port_dnrequest(ipc_port_t port, mach_port_t name, ipc_port_t notify, natural_t *request);
kern_return_t ipc_port_dngrow(ipc_port_t port);
ipc_port_t ipc_port_dncancel(ipc_port_t port, natural_t request); /* the right that was to be notified */
void ipc_port_dnrename(ipc_port_t port, natural_t request, mach_port_t name);

/* Any object, by its type. */
void ipc_object_release(ipc_object_t object);
