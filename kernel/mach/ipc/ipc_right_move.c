/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rights that go out of a space, with a message, and come in.
 */
#include "ipc/ipc_right_move.h"
#include "base/panic.h"
#include "ipc/ipc_notify.h"

static ipc_port_t port_of(const struct ipc_entry *entry) { return (ipc_port_t)entry->object; }

/* --- Out --- */

bool ipc_right_copyin_check(const struct ipc_entry *entry, mach_msg_type_name_t type)
{
	static const natural_t needs[] = {
		[MACH_MSG_TYPE_MOVE_RECEIVE - MACH_MSG_TYPE_MOVE_RECEIVE] = MACH_PORT_TYPE_RECEIVE,
		[MACH_MSG_TYPE_MOVE_SEND - MACH_MSG_TYPE_MOVE_RECEIVE] = MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_DEAD_NAME,
		[MACH_MSG_TYPE_MOVE_SEND_ONCE - MACH_MSG_TYPE_MOVE_RECEIVE] =
			MACH_PORT_TYPE_SEND_ONCE | MACH_PORT_TYPE_DEAD_NAME,
		[MACH_MSG_TYPE_COPY_SEND - MACH_MSG_TYPE_MOVE_RECEIVE] = MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_DEAD_NAME,
		[MACH_MSG_TYPE_MAKE_SEND - MACH_MSG_TYPE_MOVE_RECEIVE] = MACH_PORT_TYPE_RECEIVE,
		[MACH_MSG_TYPE_MAKE_SEND_ONCE - MACH_MSG_TYPE_MOVE_RECEIVE] = MACH_PORT_TYPE_RECEIVE,
	};
	return entry->bits & needs[type - MACH_MSG_TYPE_MOVE_RECEIVE];
}

mach_msg_type_name_t ipc_right_copyin_type(mach_msg_type_name_t type)
{
	switch (type) {
	case MACH_MSG_TYPE_MOVE_SEND:
	case MACH_MSG_TYPE_COPY_SEND:
	case MACH_MSG_TYPE_MAKE_SEND:
		return MACH_MSG_TYPE_PORT_SEND;
	case MACH_MSG_TYPE_MOVE_SEND_ONCE:
	case MACH_MSG_TYPE_MAKE_SEND_ONCE:
		return MACH_MSG_TYPE_PORT_SEND_ONCE;
	default:
		return type;
	}
}

static struct ipc_right_moved copyin_dead(struct ipc_space *space, struct ipc_entry *entry, mach_msg_type_name_t type)
{
	if (type != MACH_MSG_TYPE_COPY_SEND && IE_BITS_UREFS(--entry->bits) == 0)
		ipc_entry_free(space, entry);
	return (struct ipc_right_moved){ IP_DEAD, IP_NULL };
}

static struct ipc_right_moved move_send(struct ipc_space *space, struct ipc_entry *entry)
{
	struct ipc_right_moved moved = { port_of(entry), IP_NULL };
	if (IE_BITS_UREFS(entry->bits) > 1) {
		entry->bits--;
		moved.port->srights++;
		ip_reference(moved.port);
	} else if (entry->bits & MACH_PORT_TYPE_RECEIVE) {
		ipc_marequest_cancel(space, entry);
		entry->bits &= ~(MACH_PORT_TYPE_SEND | IE_BITS_UREFS_MASK);
		ip_reference(moved.port);
	} else {
		moved.deleted = ipc_entry_remove(space, entry);
	}
	return moved;
}

static struct ipc_right_moved move_receive(struct ipc_space *space, struct ipc_entry *entry)
{
	struct ipc_right_moved moved = { port_of(entry), IP_NULL };
	ipc_port_clear_receiver(moved.port);
	if (entry->bits & MACH_PORT_TYPE_SEND) {
		entry->bits &= ~MACH_PORT_TYPE_RECEIVE;
		ipc_entry_hash(space, entry);
		ip_reference(moved.port);
	} else {
		moved.deleted = ipc_entry_remove(space, entry);
	}
	return moved;
}

struct ipc_right_moved ipc_right_copyin(struct ipc_space *space, struct ipc_entry *entry, mach_msg_type_name_t type)
{
	if (entry->bits & MACH_PORT_TYPE_DEAD_NAME)
		return copyin_dead(space, entry, type);
	ipc_port_t port = port_of(entry);
	switch (type) {
	case MACH_MSG_TYPE_MAKE_SEND:
		return (struct ipc_right_moved){ ipc_port_make_send(port), IP_NULL };
	case MACH_MSG_TYPE_MAKE_SEND_ONCE:
		return (struct ipc_right_moved){ ipc_port_make_sonce(port), IP_NULL };
	case MACH_MSG_TYPE_COPY_SEND:
		return (struct ipc_right_moved){ ipc_port_copy_send(port), IP_NULL };
	case MACH_MSG_TYPE_MOVE_SEND:
		return move_send(space, entry);
	case MACH_MSG_TYPE_MOVE_SEND_ONCE:
		return (struct ipc_right_moved){ port, ipc_entry_remove(space, entry) };
	default:
		return move_receive(space, entry);
	}
}

kern_return_t ipc_object_copyin(struct ipc_space *space, mach_port_t name, mach_msg_type_name_t type, ipc_port_t *port)
{
	struct ipc_entry *entry = ipc_right_lookup(space, name);
	if (!entry)
		return space->active ? KERN_INVALID_NAME : KERN_INVALID_TASK;
	if (!ipc_right_copyin_check(entry, type))
		return KERN_INVALID_RIGHT;
	const struct ipc_right_moved moved = ipc_right_copyin(space, entry, type);
	if (moved.deleted)
		ipc_notify_port_deleted(moved.deleted, name);
	*port = moved.port;
	return KERN_SUCCESS;
}

/* --- In --- */

static kern_return_t copyout_send(struct ipc_space *space, struct ipc_entry *entry, ipc_port_t port, bool overflow)
{
	if (!(entry->bits & MACH_PORT_TYPE_SEND_RECEIVE)) {
		entry->bits |= MACH_PORT_TYPE_SEND | 1;
		ipc_entry_hash(space, entry);
		return KERN_SUCCESS;
	}
	if (entry->bits & MACH_PORT_TYPE_SEND) {
		if (IE_BITS_UREFS(entry->bits) < MACH_PORT_UREFS_MAX)
			entry->bits++;
		else if (!overflow)
			return KERN_UREFS_OVERFLOW;
		port->srights--;
	} else {
		entry->bits |= MACH_PORT_TYPE_SEND | 1;
	}
	ip_release(port);
	return KERN_SUCCESS;
}

static void copyout_receive(struct ipc_space *space, struct ipc_entry *entry, ipc_port_t port)
{
	ipc_port_leave_transit(port);
	port->receiver = space;
	port->receiver_name = entry->name;
	if (entry->bits & MACH_PORT_TYPE_SEND) {
		ipc_entry_unhash(space, entry);
		ip_release(port);
	}
	entry->bits |= MACH_PORT_TYPE_RECEIVE;
}

/* The right joins an entry of the same port, or a new one, which has nothing but its name. */
static kern_return_t copyout_entry(struct ipc_space *space, struct ipc_entry *entry, ipc_port_t port,
                                   mach_msg_type_name_t type, bool overflow)
{
	entry->object = &port->object;
	if (type == MACH_MSG_TYPE_PORT_SEND)
		return copyout_send(space, entry, port, overflow);
	if (type == MACH_MSG_TYPE_PORT_RECEIVE)
		copyout_receive(space, entry, port);
	else
		entry->bits |= MACH_PORT_TYPE_SEND_ONCE | 1;
	return KERN_SUCCESS;
}

kern_return_t ipc_object_copyout(struct ipc_space *space, ipc_port_t port, mach_msg_type_name_t type, bool overflow,
                                 mach_port_t *name)
{
	for (;;) {
		if (!ip_active(port))
			return KERN_INVALID_CAPABILITY;
		struct ipc_entry *entry = NULL;
		if (type != MACH_MSG_TYPE_PORT_SEND_ONCE)
			entry = ipc_entry_of_port(space, port);
		if (!entry && space->active && space->free)
			entry = ipc_entry_take(space);
		if (entry) {
			*name = entry->name;
			return copyout_entry(space, entry, port, type, overflow);
		}
		const kern_return_t result = ipc_entry_reserve(space, 1);
		if (result)
			return result;
	}
}

kern_return_t ipc_object_copyout_name(struct ipc_space *space, ipc_port_t port, mach_msg_type_name_t type,
                                      bool overflow, mach_port_t name)
{
	const kern_return_t reserved = ipc_entry_reserve(space, 1);
	if (reserved)
		return reserved;
	if (!ip_active(port))
		return KERN_INVALID_CAPABILITY;
	struct ipc_entry *entry = ipc_right_lookup(space, name), *same = NULL;
	if (type != MACH_MSG_TYPE_PORT_SEND_ONCE)
		same = ipc_entry_of_port(space, port);
	if (entry && entry != same)
		return KERN_NAME_EXISTS;
	if (same && !entry)
		return KERN_RIGHT_EXISTS;
	if (!entry)
		entry = ipc_entry_take_name(space, name);
	return copyout_entry(space, entry, port, type, overflow);
}

void ipc_object_destroy(ipc_port_t port, mach_msg_type_name_t type)
{
	if (!IP_VALID(port))
		return;
	switch (type) {
	case MACH_MSG_TYPE_PORT_SEND:
		ipc_port_release_send(port);
		break;
	case MACH_MSG_TYPE_PORT_SEND_ONCE:
		ipc_notify_send_once(port);
		break;
	default:
		kernel_assert(type == MACH_MSG_TYPE_PORT_RECEIVE);
		ipc_port_release_receive(port);
	}
}
