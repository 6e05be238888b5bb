/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spaces: made with a task, dead with it (Mach 3.0 ipc/ipc_space).
 *
 * A dead space is empty and stays so: ipc_entry_reserve refuses, and no name denotes anything.
 */
#include "ipc/ipc_entry.h"
#include "ipc/ipc_init.h"
#include "ipc/ipc_notify.h"
#include "ipc/ipc_right.h"
#include "kern/zalloc.h"

enum { IPC_SPACE_MAX = 512 };

/* The kernel's two spaces are nothing but whom a receive right belongs to: they have no names. */
static struct ipc_space kernel_space = { .references = 1 }, reply_space = { .references = 1 };
ipc_space_t ipc_space_kernel = &kernel_space, ipc_space_reply = &reply_space;
static zone_t space_zone;

void ipc_space_init(void)
{
	space_zone = zinit(sizeof(struct ipc_space), IPC_SPACE_MAX * sizeof(struct ipc_space), "ipc spaces");
}

kern_return_t ipc_space_create(ipc_space_t *result)
{
	ipc_space_t space = zalloc(space_zone);
	if (!space)
		return KERN_RESOURCE_SHORTAGE;
	*space = (struct ipc_space){ .references = 1, .active = true };
	ipc_statistics.spaces++;
	const kern_return_t reserved = ipc_entry_reserve(space, 1);
	if (reserved) {
		space->active = false;
		is_release(space);
		return reserved;
	}
	*result = space;
	return KERN_SUCCESS;
}

/* Entries go one by one, since each may block; the space is not active, so none comes. */
void ipc_space_destroy(ipc_space_t space)
{
	if (!space->active)
		return;
	space->active = false;
	ipc_marequest_forget(space);
	for (natural_t slot = 1; slot < space->size; slot++)
		if (space->table[slot].name)
			(void)ipc_right_destroy(space, space->table[slot].name);
	ipc_entry_discard(space);
}

void is_reference(ipc_space_t space) { space->references++; }

void is_release(ipc_space_t space)
{
	if (--space->references)
		return;
	ipc_statistics.spaces--;
	zfree(space_zone, space);
}

mach_port_t ipc_port_copyout_send(ipc_port_t right, ipc_space_t space)
{
	mach_port_t name;
	if (right == IP_NULL)
		return MACH_PORT_NULL;
	if (right == IP_DEAD)
		return MACH_PORT_DEAD;
	if (ipc_object_copyout(space, right, MACH_MSG_TYPE_PORT_SEND, true, &name) == KERN_SUCCESS)
		return name;
	ipc_port_release_send(right);
	return MACH_PORT_DEAD;
}

static ipc_port_t translate(ipc_space_t space, mach_port_t name, natural_t type)
{
	struct ipc_entry *entry = ipc_right_lookup(space, name);
	if (!entry || !(entry->bits & type))
		return IP_NULL;
	ipc_port_t port = (ipc_port_t)entry->object;
	ip_reference(port);
	return port;
}

ipc_port_t ipc_port_translate_send(ipc_space_t space, mach_port_t name)
{
	return translate(space, name, MACH_PORT_TYPE_SEND);
}

ipc_port_t ipc_port_translate_receive(ipc_space_t space, mach_port_t name)
{
	return translate(space, name, MACH_PORT_TYPE_RECEIVE);
}
