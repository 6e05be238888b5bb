/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ports: their life, rights outside of spaces, and receive rights on their way (Mach 3.0 ipc/ipc_port).
 *
 *   made --(copyout)--> received in a space --clear_receiver--> in hand --enter_transit--> in a message
 *                              ^                                  |                            |
 *                              '----------------- copyout_receive, leave_transit --------------'
 *   in hand --ipc_port_destroy--> dead; or, if somebody asked for that (pdrequest), in a message to him
 *
 * A message with a receive right, in the queue of the very port, or of one whose own right is under way to it, could
 * never be received: enter_transit follows the destinations and refuses.
 */
#include "ipc/ipc_port.h"
#include "base/memory.h"
#include "base/panic.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_init.h"
#include "ipc/ipc_notify.h"
#include "ipc/ipc_pset.h"
#include "ipc/ipc_space.h"
#include "kern/thread.h"
#include "kern/zalloc.h"

enum { IPC_PORT_MAX = 8192, DNREQUESTS_MIN = 4 };
/* The last ones are for threads with vm_privilege: memory that is to be paged out needs a manager's ports. */
enum { IPC_PORT_RESERVED = 1024 };

static zone_t port_zone;
struct ipc_statistics ipc_statistics;

void ipc_port_init(void)
{
	port_zone = zinit(sizeof(struct ipc_port), IPC_PORT_MAX * sizeof(struct ipc_port), "ipc ports");
}

ipc_port_t ipc_port_alloc_special(struct ipc_space *space, mach_port_t name)
{
	if (ipc_statistics.ports >= IPC_PORT_MAX - IPC_PORT_RESERVED && !current_thread()->vm_privilege)
		return IP_NULL;
	ipc_port_t port = zalloc(port_zone);
	if (!port)
		return IP_NULL;
	*port = (struct ipc_port){
		.object = { 1, IOT_PORT, true }, .receiver = space, .receiver_name = name,
		.qlimit = MACH_PORT_QLIMIT_DEFAULT,
	};
	ipc_statistics.ports++;
	return port;
}

ipc_port_t ipc_port_alloc_kernel(void) { return ipc_port_alloc_special(ipc_space_kernel, MACH_PORT_NULL); }

void ipc_port_free(ipc_port_t port)
{
	kernel_assert(!port->object.active);
	ipc_statistics.ports--;
	zfree(port_zone, port);
}


void ipc_object_release(ipc_object_t object)
{
	if (object->type == IOT_PORT)
		ip_release((ipc_port_t)object);
	else
		ipc_pset_release((struct ipc_pset *)object);
}

/* --- Rights outside of spaces --- */

ipc_port_t ipc_port_make_send(ipc_port_t port)
{
	port->mscount++;
	port->srights++;
	ip_reference(port);
	return port;
}

ipc_port_t ipc_port_copy_send(ipc_port_t port)
{
	if (!IP_VALID(port))
		return port;
	if (!ip_active(port))
		return IP_DEAD;
	port->srights++;
	ip_reference(port);
	return port;
}

void ipc_port_release_send(ipc_port_t port)
{
	if (!IP_VALID(port))
		return;
	if (--port->srights == 0) {
		const ipc_port_t notify = port->nsrequest;
		port->nsrequest = IP_NULL;
		if (notify)
			ipc_notify_no_senders(notify, port->mscount);
	}
	ip_release(port);
}

ipc_port_t ipc_port_make_sonce(ipc_port_t port)
{
	port->sorights++;
	ip_reference(port);
	return port;
}

void ipc_port_release_sonce(ipc_port_t port)
{
	if (!IP_VALID(port))
		return;
	port->sorights--;
	ip_release(port);
}

void ipc_port_release_receive(ipc_port_t port)
{
	if (!IP_VALID(port))
		return;
	ipc_port_leave_transit(port);
	ipc_port_destroy(port);
}

/* --- The receive right --- */

void ipc_port_clear_receiver(ipc_port_t port)
{
	if (port->pset)
		ipc_pset_remove(port);
	else
		ipc_mqueue_changed(&port->messages, MACH_RCV_PORT_DIED);
	port->receiver = NULL;
	port->receiver_name = MACH_PORT_NULL;
	port->mscount = 0;
	port->seqno = 0;
}

bool ipc_port_enter_transit(ipc_port_t port, ipc_port_t destination)
{
	for (ipc_port_t next = destination; next; next = next->destination)
		if (next == port)
			return false;
	port->destination = destination;
	ip_reference(destination);
	return true;
}

void ipc_port_leave_transit(ipc_port_t port)
{
	const ipc_port_t destination = port->destination;
	port->destination = IP_NULL;
	if (destination)
		ip_release(destination);
}

void ipc_port_dealloc_kernel(ipc_port_t port)
{
	ipc_kobject_set(port, NULL, IKOT_NONE);
	port->receiver = NULL;
	ipc_port_destroy(port);
}

static void tell_dead_names(ipc_port_t port)
{
	struct ipc_port_request *requests = port->dnrequests;
	const natural_t count = port->dnrequest_count;
	port->dnrequests = NULL;
	port->dnrequest_count = 0;
	for (natural_t i = 0; i < count; i++)
		if (requests[i].notify)
			ipc_notify_dead_name(requests[i].notify, requests[i].name);
	if (requests)
		kfree(requests, count * sizeof *requests);
}

void ipc_port_destroy(ipc_port_t port)
{
	const ipc_port_t backup = port->pdrequest;
	if (backup) {
		port->pdrequest = IP_NULL;
		ipc_notify_port_destroyed(backup, port);
		return;
	}
	port->object.active = false;
	const ipc_port_t nsrequest = port->nsrequest;
	port->nsrequest = IP_NULL;
	ipc_port_wake_senders(port, true);
	for (ipc_kmsg_t kmsg; (kmsg = ipc_mqueue_drain(port)) != IKM_NULL;)
		ipc_kmsg_destroy(kmsg);
	if (port->kotype != IKOT_NONE)
		ipc_kobject_destroy(port);
	if (nsrequest)
		ipc_notify_send_once(nsrequest);
	tell_dead_names(port);
	ip_release(port);
}

/* --- Requests --- */

void ipc_port_nsrequest(ipc_port_t port, mach_port_mscount_t sync, ipc_port_t notify, ipc_port_t *previous)
{
	*previous = port->nsrequest;
	port->nsrequest = notify;
	if (port->srights == 0 && sync <= port->mscount && notify) {
		port->nsrequest = IP_NULL;
		ipc_notify_no_senders(notify, port->mscount);
	}
}

void ipc_port_pdrequest(ipc_port_t port, ipc_port_t notify, ipc_port_t *previous)
{
	*previous = port->pdrequest;
	port->pdrequest = notify;
}

kern_return_t ipc_port_dnrequest(ipc_port_t port, mach_port_t name, ipc_port_t notify, natural_t *request)
{
	for (natural_t i = 0; i < port->dnrequest_count; i++) {
		if (port->dnrequests[i].notify)
			continue;
		port->dnrequests[i] = (struct ipc_port_request){ notify, name };
		*request = i + 1;
		return KERN_SUCCESS;
	}
	return KERN_NO_SPACE;
}

kern_return_t ipc_port_dngrow(ipc_port_t port)
{
	const natural_t old = port->dnrequest_count, count = old ? old * 2 : DNREQUESTS_MIN;
	struct ipc_port_request *requests = kalloc(count * sizeof *requests);
	if (!requests)
		return KERN_RESOURCE_SHORTAGE;
	if (!ip_active(port) || port->dnrequest_count != old) {
		kfree(requests, count * sizeof *requests);
		return KERN_SUCCESS;
	}
	memset(requests, 0, count * sizeof *requests);
	if (old) {
		memcpy(requests, port->dnrequests, old * sizeof *requests);
		kfree(port->dnrequests, old * sizeof *requests);
	}
	port->dnrequests = requests;
	port->dnrequest_count = count;
	return KERN_SUCCESS;
}

ipc_port_t ipc_port_dncancel(ipc_port_t port, natural_t request)
{
	struct ipc_port_request *slot = &port->dnrequests[request - 1];
	const ipc_port_t notify = slot->notify;
	slot->notify = IP_NULL;
	return notify;
}

void ipc_port_dnrename(ipc_port_t port, natural_t request, mach_port_t name)
{
	port->dnrequests[request - 1].name = name;
}
