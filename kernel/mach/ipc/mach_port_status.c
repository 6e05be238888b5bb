/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls on receive rights and sets (Mach 3.0 kernel interface, mach_port_*; Y87 table 3-2: port_enable,
 * port_disable, port_set_backlog, port_status): what waits there, and who is to be told of what.
 */
#include "mach_port_server.h"
#include "ipc/ipc_entry.h"
#include "ipc/ipc_pset.h"
#include "ipc/ipc_right.h"
#include "kern/zalloc.h"

/* The entry of a name that has this kind of right: KERN_INVALID_NAME, _RIGHT, KERN_INVALID_TASK. */
static kern_return_t find(struct ipc_space *space, mach_port_t name, mach_port_type_t type, ipc_object_t *object)
{
	const struct ipc_entry *entry = ipc_right_lookup(space, name);
	if (!entry)
		return space->active ? KERN_INVALID_NAME : KERN_INVALID_TASK;
	if (!(entry->bits & type))
		return KERN_INVALID_RIGHT;
	*object = entry->object;
	return KERN_SUCCESS;
}

static kern_return_t find_receive(struct ipc_space *space, mach_port_t name, ipc_port_t *port)
{
	ipc_object_t object = NULL;
	const kern_return_t result = find(space, name, MACH_PORT_TYPE_RECEIVE, &object);
	*port = (ipc_port_t)object;
	return result;
}

kern_return_t mach_port_set_qlimit(ipc_space_t space, mach_port_t name, mach_port_msgcount_t qlimit)
{
	ipc_port_t port;
	if (qlimit > MACH_PORT_QLIMIT_MAX)
		return KERN_INVALID_VALUE;
	const kern_return_t result = find_receive(space, name, &port);
	if (result)
		return result;
	port->qlimit = qlimit;
	ipc_port_wake_senders(port, false);
	return KERN_SUCCESS;
}

kern_return_t mach_port_set_mscount(ipc_space_t space, mach_port_t name, mach_port_mscount_t mscount)
{
	ipc_port_t port;
	const kern_return_t result = find_receive(space, name, &port);
	if (result == KERN_SUCCESS)
		port->mscount = mscount;
	return result;
}

kern_return_t mach_port_set_seqno(ipc_space_t space, mach_port_t name, mach_port_seqno_t seqno)
{
	ipc_port_t port;
	const kern_return_t result = find_receive(space, name, &port);
	if (result == KERN_SUCCESS)
		port->seqno = seqno;
	return result;
}

kern_return_t mach_port_get_receive_status(ipc_space_t space, mach_port_t name, mach_port_status_t *status)
{
	ipc_port_t port;
	const kern_return_t result = find_receive(space, name, &port);
	if (result)
		return result;
	*status = (mach_port_status_t){
		.mps_pset = port->pset ? port->pset->name : MACH_PORT_NULL, .mps_seqno = port->seqno,
		.mps_mscount = port->mscount, .mps_qlimit = port->qlimit, .mps_msgcount = port->msgcount,
		.mps_sorights = port->sorights, .mps_srights = port->srights > 0,
		.mps_pdrequest = port->pdrequest != IP_NULL, .mps_nsrequest = port->nsrequest != IP_NULL,
	};
	return KERN_SUCCESS;
}

static natural_t count_members(const struct ipc_pset *pset)
{
	natural_t n = 0;
	for (const struct ipc_port *port = pset->members; port; port = port->pset_next)
		n++;
	return n;
}

kern_return_t mach_port_get_set_status(ipc_space_t space, mach_port_t name, vm_map_copy_t *members,
                                       mach_msg_type_number_t *members_count)
{
	for (;;) {
		ipc_object_t object;
		kern_return_t result = find(space, name, MACH_PORT_TYPE_PORT_SET, &object);
		if (result)
			return result;
		*members = VM_MAP_COPY_NULL;
		const natural_t number = *members_count = count_members((struct ipc_pset *)object);
		if (!number)
			return KERN_SUCCESS;
		mach_port_t *names = kalloc(number * sizeof *names);
		if (!names)
			return KERN_RESOURCE_SHORTAGE;
		/* Other threads may have run while this one waited for memory. */
		if (find(space, name, MACH_PORT_TYPE_PORT_SET, &object) == KERN_SUCCESS &&
		    count_members((struct ipc_pset *)object) == number) {
			natural_t n = 0;
			for (const struct ipc_port *port = ((struct ipc_pset *)object)->members; port;
			     port = port->pset_next)
				names[n++] = port->receiver_name;
			result = vm_map_copyin_kernel(names, number * sizeof *names, members);
			kfree(names, number * sizeof *names);
			return result;
		}
		kfree(names, number * sizeof *names);
	}
}

kern_return_t mach_port_move_member(ipc_space_t space, mach_port_t member, mach_port_t after)
{
	ipc_port_t port;
	ipc_object_t pset = NULL;
	kern_return_t result = find_receive(space, member, &port);
	if (result == KERN_SUCCESS && after != MACH_PORT_NULL)
		result = find(space, after, MACH_PORT_TYPE_PORT_SET, &pset);
	return result ? result : ipc_pset_move(port, (struct ipc_pset *)pset);
}

kern_return_t mach_port_request_notification(ipc_space_t space, mach_port_t name, mach_msg_id_t id,
                                             mach_port_mscount_t sync, ipc_port_t notify, ipc_port_t *previous)
{
	ipc_port_t port;
	kern_return_t result;
	if (!space->active)
		return KERN_INVALID_TASK;
	if (notify == IP_DEAD)
		return KERN_INVALID_CAPABILITY;
	switch (id) {
	case MACH_NOTIFY_PORT_DESTROYED:
		if (sync)
			return KERN_INVALID_VALUE;
		result = find_receive(space, name, &port);
		if (result == KERN_SUCCESS)
			ipc_port_pdrequest(port, notify, previous);
		return result;
	case MACH_NOTIFY_NO_SENDERS:
		result = find_receive(space, name, &port);
		if (result == KERN_SUCCESS)
			ipc_port_nsrequest(port, sync, notify, previous);
		return result;
	case MACH_NOTIFY_DEAD_NAME:
		return ipc_right_dnrequest(space, name, sync != 0, notify, previous);
	default:
		return KERN_INVALID_VALUE;
	}
}
