/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rights in a space, by what a task does with its own names: references, destruction, requests (Mach 3.0
 * ipc/ipc_right).  ipc_right_move.c has rights that come in and go out.
 */
#include "ipc/ipc_right.h"
#include "ipc/ipc_notify.h"
#include "ipc/ipc_pset.h"
#include "ipc/ipc_right_move.h"

static ipc_port_t port_of(const struct ipc_entry *entry) { return (ipc_port_t)entry->object; }

/* The entry's port has died: the name is dead. */
static void entry_dies(struct ipc_space *space, struct ipc_entry *entry)
{
	ipc_port_t port = port_of(entry);
	if (entry->bits & MACH_PORT_TYPE_SEND)
		ipc_entry_unhash(space, entry);
	ipc_marequest_cancel(space, entry);
	natural_t urefs = IE_BITS_UREFS(entry->bits);
	if (entry->request && urefs < MACH_PORT_UREFS_MAX)
		urefs++;
	entry->request = 0;
	entry->bits = (entry->bits & ~(IE_BITS_TYPE_MASK | IE_BITS_UREFS_MASK)) | MACH_PORT_TYPE_DEAD_NAME | urefs;
	entry->object = NULL;
	ip_release(port);
}

struct ipc_entry *ipc_right_lookup(struct ipc_space *space, mach_port_t name)
{
	struct ipc_entry *entry = ipc_entry_lookup(space, name);
	if (entry && entry->object && !entry->object->active)
		entry_dies(space, entry);
	return entry;
}

mach_port_type_t ipc_right_type(const struct ipc_entry *entry)
{
	return IE_BITS_TYPE(entry->bits) | (entry->request ? MACH_PORT_TYPE_DNREQUEST : 0);
}

/* --- Giving up: user references, one by one or all --- */

/* What is to be done when the entry is as it must be: all of it may block. */
struct aftermath {
	mach_port_t name;
	ipc_port_t send, send_once, receive; /* rights released */
	struct ipc_pset *pset;
	ipc_port_t deleted;
};

static void aftermath(const struct aftermath *after)
{
	if (after->send)
		ipc_port_release_send(after->send);
	if (after->send_once)
		ipc_notify_send_once(after->send_once);
	if (after->receive)
		ipc_port_destroy(after->receive);
	if (after->pset)
		ipc_pset_destroy(after->pset);
	if (after->deleted)
		ipc_notify_port_deleted(after->deleted, after->name);
}

/* The send right of an entry goes, with all its user references. */
static void give_send(struct ipc_space *space, struct ipc_entry *entry, struct aftermath *after)
{
	after->send = port_of(entry);
	if (entry->bits & MACH_PORT_TYPE_RECEIVE) {
		ip_reference(after->send);
		ipc_marequest_cancel(space, entry);
		entry->bits &= ~(MACH_PORT_TYPE_SEND | IE_BITS_UREFS_MASK);
	} else {
		after->deleted = ipc_entry_remove(space, entry);
	}
}

static void give_receive(struct ipc_space *space, struct ipc_entry *entry, struct aftermath *after)
{
	after->receive = port_of(entry);
	ipc_port_clear_receiver(after->receive);
	if (!(entry->bits & MACH_PORT_TYPE_SEND)) {
		after->deleted = ipc_entry_remove(space, entry);
		return;
	}
	entry->bits &= ~MACH_PORT_TYPE_RECEIVE;
	ipc_entry_hash(space, entry);
	ip_reference(after->receive);
}

static void give_send_once(struct ipc_space *space, struct ipc_entry *entry, struct aftermath *after)
{
	after->send_once = port_of(entry);
	after->deleted = ipc_entry_remove(space, entry);
}

static void give_pset(struct ipc_space *space, struct ipc_entry *entry, struct aftermath *after)
{
	after->pset = (struct ipc_pset *)entry->object;
	ipc_entry_free(space, entry);
}

/* delta applied to the urefs of a send right or dead name: KERN_SUCCESS, *urefs: the sum. */
static kern_return_t add_urefs(const struct ipc_entry *entry, mach_port_delta_t delta, natural_t *urefs)
{
	const int64_t sum = (int64_t)IE_BITS_UREFS(entry->bits) + delta;
	if (sum < 0)
		return KERN_INVALID_VALUE;
	if (sum > (int64_t)MACH_PORT_UREFS_MAX)
		return KERN_UREFS_OVERFLOW;
	*urefs = (natural_t)sum;
	return KERN_SUCCESS;
}

static kern_return_t delta_counted(struct ipc_space *space, struct ipc_entry *entry, mach_port_delta_t delta,
                                   struct aftermath *after)
{
	natural_t urefs;
	const kern_return_t result = add_urefs(entry, delta, &urefs);
	if (result)
		return result;
	if (urefs)
		entry->bits = (entry->bits & ~IE_BITS_UREFS_MASK) | urefs;
	else if (entry->bits & MACH_PORT_TYPE_DEAD_NAME)
		ipc_entry_free(space, entry);
	else
		give_send(space, entry, after);
	return KERN_SUCCESS;
}

/* Rights of which there is one: it stays, or goes. */
static kern_return_t delta_single(struct ipc_space *space, struct ipc_entry *entry, mach_port_delta_t delta,
                                  void (*give)(struct ipc_space *, struct ipc_entry *, struct aftermath *),
                                  struct aftermath *after)
{
	if (delta != 0 && delta != -1)
		return KERN_INVALID_VALUE;
	if (delta)
		give(space, entry, after);
	return KERN_SUCCESS;
}

static kern_return_t delta_entry(struct ipc_space *space, struct ipc_entry *entry, mach_port_right_t right,
                                 mach_port_delta_t delta, struct aftermath *after)
{
	if (!(entry->bits & MACH_PORT_TYPE(right)))
		return KERN_INVALID_RIGHT;
	switch (right) {
	case MACH_PORT_RIGHT_SEND:
	case MACH_PORT_RIGHT_DEAD_NAME:
		return delta_counted(space, entry, delta, after);
	case MACH_PORT_RIGHT_RECEIVE:
		return delta_single(space, entry, delta, give_receive, after);
	case MACH_PORT_RIGHT_SEND_ONCE:
		return delta_single(space, entry, delta, give_send_once, after);
	default:
		return delta_single(space, entry, delta, give_pset, after);
	}
}

kern_return_t ipc_right_delta(struct ipc_space *space, mach_port_t name, mach_port_right_t right,
                              mach_port_delta_t delta)
{
	if (right >= MACH_PORT_RIGHT_NUMBER)
		return KERN_INVALID_VALUE;
	struct ipc_entry *entry = ipc_right_lookup(space, name);
	if (!entry)
		return KERN_INVALID_NAME;
	struct aftermath after = { .name = name };
	const kern_return_t result = delta_entry(space, entry, right, delta, &after);
	aftermath(&after);
	return result;
}

kern_return_t ipc_right_deallocate(struct ipc_space *space, mach_port_t name)
{
	struct ipc_entry *entry = ipc_right_lookup(space, name);
	if (!entry)
		return KERN_INVALID_NAME;
	struct aftermath after = { .name = name };
	if (entry->bits & (MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_DEAD_NAME))
		(void)delta_counted(space, entry, -1, &after);
	else if (entry->bits & MACH_PORT_TYPE_SEND_ONCE)
		give_send_once(space, entry, &after);
	else
		return KERN_INVALID_RIGHT;
	aftermath(&after);
	return KERN_SUCCESS;
}

kern_return_t ipc_right_destroy(struct ipc_space *space, mach_port_t name)
{
	struct ipc_entry *entry = ipc_right_lookup(space, name);
	if (!entry)
		return KERN_INVALID_NAME;
	struct aftermath after = { .name = name };
	const natural_t type = IE_BITS_TYPE(entry->bits);
	if (type & MACH_PORT_TYPE_SEND)
		give_send(space, entry, &after);
	if (type & MACH_PORT_TYPE_RECEIVE)
		give_receive(space, entry, &after);
	else if (type == MACH_PORT_TYPE_SEND_ONCE)
		give_send_once(space, entry, &after);
	else if (type == MACH_PORT_TYPE_PORT_SET)
		give_pset(space, entry, &after);
	else if (type == MACH_PORT_TYPE_DEAD_NAME)
		ipc_entry_free(space, entry);
	aftermath(&after);
	return KERN_SUCCESS;
}

ipc_port_t ipc_entry_remove(struct ipc_space *space, struct ipc_entry *entry)
{
	ipc_port_t port = port_of(entry);
	const ipc_port_t deleted = entry->request ? ipc_port_dncancel(port, entry->request) : IP_NULL;
	if ((entry->bits & MACH_PORT_TYPE_SEND_RECEIVE) == MACH_PORT_TYPE_SEND)
		ipc_entry_unhash(space, entry);
	ipc_marequest_cancel(space, entry);
	ipc_entry_free(space, entry);
	return deleted;
}

/* --- Requests and names --- */

/* A name that is dead already, and is to be told at once. */
static kern_return_t notify_dead(struct ipc_entry *entry, mach_port_t name, ipc_port_t notify)
{
	natural_t urefs;
	if (add_urefs(entry, 1, &urefs))
		return KERN_UREFS_OVERFLOW;
	entry->bits = (entry->bits & ~IE_BITS_UREFS_MASK) | urefs;
	ipc_notify_dead_name(notify, name);
	return KERN_SUCCESS;
}

static ipc_port_t dncancel(struct ipc_entry *entry)
{
	const ipc_port_t previous = entry->request ? ipc_port_dncancel(port_of(entry), entry->request) : IP_NULL;
	entry->request = 0;
	return previous;
}

kern_return_t ipc_right_dnrequest(struct ipc_space *space, mach_port_t name, bool immediate, ipc_port_t notify,
                                  ipc_port_t *previous)
{
	for (;;) {
		struct ipc_entry *entry = ipc_right_lookup(space, name);
		if (!entry)
			return space->active ? KERN_INVALID_NAME : KERN_INVALID_TASK;
		*previous = IP_NULL;
		if (entry->bits & MACH_PORT_TYPE_DEAD_NAME)
			return immediate && notify ? notify_dead(entry, name, notify) : KERN_INVALID_ARGUMENT;
		if (!(entry->bits & MACH_PORT_TYPE_PORT_RIGHTS))
			return KERN_INVALID_RIGHT;
		if (!notify) {
			*previous = dncancel(entry);
			return KERN_SUCCESS;
		}
		/* A slot is free once there was a request: so to replace one cannot fail. */
		const ipc_port_t port = port_of(entry);
		*previous = dncancel(entry);
		if (ipc_port_dnrequest(port, name, notify, &entry->request) == KERN_SUCCESS)
			return KERN_SUCCESS;
		ip_reference(port);
		const kern_return_t result = ipc_port_dngrow(port);
		ip_release(port);
		if (result)
			return result;
	}
}

kern_return_t ipc_right_rename(struct ipc_space *space, mach_port_t old_name, mach_port_t new_name)
{
	struct ipc_entry *entry = ipc_right_lookup(space, old_name);
	if (!entry)
		return KERN_INVALID_NAME;
	if (ipc_right_lookup(space, new_name))
		return KERN_NAME_EXISTS;
	ipc_marequest_rename(space, entry, new_name);
	if (entry->bits & MACH_PORT_TYPE_RECEIVE)
		port_of(entry)->receiver_name = new_name;
	if (entry->bits & MACH_PORT_TYPE_PORT_SET)
		((struct ipc_pset *)entry->object)->name = new_name;
	if (entry->request)
		ipc_port_dnrename(port_of(entry), entry->request, new_name);
	ipc_entry_rename(space, entry, new_name);
	return KERN_SUCCESS;
}
