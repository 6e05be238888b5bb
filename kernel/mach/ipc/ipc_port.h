/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ports (Mach 3.0 ipc/ipc_port; Y87 §3.2): a queue of messages with one receiver and any number of senders.
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
	struct ipc_port *notify;  /* a send-once right; NULL: a free slot */
	mach_port_t name;
};

typedef struct ipc_port {
	struct ipc_object object;
	struct ipc_space *receiver;      /* who holds the receive right; NULL: it is in transit, or the port is dead */
	mach_port_t receiver_name;
	struct ipc_port *destination;    /* in transit: the port to whose queue it goes */
	struct ipc_pset *pset;           /* the set it is in */
	natural_t mscount, srights, sorights;
	enum ipc_kobject_type kotype;    /* receiver == ipc_space_kernel */
	void *kobject;
	struct ipc_port *nsrequest, *pdrequest;
	struct ipc_port_request *dnrequests;
	natural_t dnrequest_count;
	mach_port_seqno_t seqno;
	mach_port_msgcount_t msgcount, qlimit;
	struct ipc_mqueue messages;      /* used while it is in no set */
	struct ipc_thread_queue blocked; /* senders that wait for room */
} *ipc_port_t;

#define IP_NULL ((ipc_port_t)0)
#define IP_DEAD ((ipc_port_t)~0u)
#define IP_VALID(port_) ((port_) != IP_NULL && (port_) != IP_DEAD)
#define ip_active(port_) ((port_)->object.active)

void ipc_bootstrap(void);
void ipc_init(void);

/* A port with its receive right in the kernel: no names, no queue that anybody waits at. NULL without memory. */
ipc_port_t ipc_port_alloc_kernel(void);
void ipc_port_dealloc_kernel(ipc_port_t port);
ipc_port_t ipc_port_make_send(ipc_port_t port);
ipc_port_t ipc_port_copy_send(ipc_port_t port);     /* of a send right; IP_DEAD if the port is */
void ipc_port_release_send(ipc_port_t port);
ipc_port_t ipc_port_make_sonce(ipc_port_t port);
void ipc_port_release_sonce(ipc_port_t port);
void ipc_port_release_receive(ipc_port_t port);
void ip_reference(ipc_port_t port);
void ip_release(ipc_port_t port);
/* The kernel itself asks for these; `notify` is a send-once right. Result: the right asked before. */
void ipc_port_nsrequest(ipc_port_t port, mach_port_mscount_t sync, ipc_port_t notify, ipc_port_t *previous);
void ipc_port_pdrequest(ipc_port_t port, ipc_port_t notify, ipc_port_t *previous);
/* The port dies: messages destroyed, waiters woken, dead-name and port-destroyed notifications sent. */
void ipc_port_destroy(ipc_port_t port);
