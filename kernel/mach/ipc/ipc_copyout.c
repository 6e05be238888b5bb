/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message into its receiver's hands: ports become names, copies become addresses (Mach 3.0 ipc/ipc_kmsg).
 *
 *   1. The header comes first, and all or nothing: without room for the reply port's name nothing is done.
 *   2. Of the body, what finds no room is destroyed and null in the message, and the result says what was short.
 *   3. The right to its destination that a message came by ends here: what the receiver gets is his own name for it.
 */
#include "ipc/ipc_entry.h"
#include "ipc/ipc_item.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_notify.h"
#include "ipc/ipc_right.h"
#include "kern/zalloc.h"
#include "machine/copyio.h"
#include "vm/vm_map.h"

/* --- One right --- */

static mach_msg_return_t shortage(kern_return_t result)
{
	return result == KERN_RESOURCE_SHORTAGE ? MACH_MSG_IPC_KERNEL : MACH_MSG_IPC_SPACE;
}

/* Into the space: its name, MACH_PORT_NULL if there is no room. */
static mach_msg_return_t copyout_right(struct ipc_space *space, ipc_port_t port, mach_msg_type_name_t type,
                                       mach_port_t *name)
{
	*name = ipc_port_word(port);
	if (!IP_VALID(port))
		return MACH_MSG_SUCCESS;
	const kern_return_t result = ipc_object_copyout(space, port, type, true, name);
	if (result == KERN_SUCCESS)
		return MACH_MSG_SUCCESS;
	ipc_object_destroy(port, type);
	*name = result == KERN_INVALID_CAPABILITY ? MACH_PORT_DEAD : MACH_PORT_NULL;
	return result == KERN_INVALID_CAPABILITY ? MACH_MSG_SUCCESS : shortage(result);
}

/* --- The header --- */

/* The receiver's name for the destination, whose right ends. */
static mach_port_t copyout_dest(struct ipc_space *space, ipc_port_t port, mach_msg_type_name_t type)
{
	const bool here = ip_active(port) && port->receiver == space;
	const mach_port_t name = here ? port->receiver_name : ip_active(port) ? MACH_PORT_NULL : MACH_PORT_DEAD;
	if (type == MACH_MSG_TYPE_PORT_SEND_ONCE && here)
		ipc_port_release_sonce(port);
	else
		ipc_object_destroy(port, type);
	return name;
}

/* MACH_RCV_NOTIFY: news of a name that has just come into being is asked for. */
static mach_msg_return_t request_news(struct ipc_space *space, mach_port_t name, mach_port_t notify)
{
	const struct ipc_entry *entry = ipc_right_lookup(space, name);
	const struct ipc_entry *to_notify = ipc_right_lookup(space, notify);
	if (!entry || entry->bits & MACH_PORT_TYPE_RECEIVE || IE_BITS_UREFS(entry->bits) != 1 || entry->request)
		return MACH_MSG_SUCCESS;
	ipc_port_t right = ipc_port_make_sonce((ipc_port_t)to_notify->object), previous;
	const kern_return_t result = ipc_right_dnrequest(space, name, true, right, &previous);
	if (result == KERN_SUCCESS)
		return MACH_MSG_SUCCESS;
	ipc_port_release_sonce(right);
	return result == KERN_RESOURCE_SHORTAGE ? MACH_RCV_HEADER_ERROR | MACH_MSG_IPC_KERNEL : MACH_MSG_SUCCESS;
}

static bool can_notify(struct ipc_space *space, mach_port_t notify)
{
	const struct ipc_entry *entry = ipc_right_lookup(space, notify);
	return entry && entry->bits & MACH_PORT_TYPE_RECEIVE;
}

static mach_msg_return_t copyout_header(mach_msg_header_t *header, struct ipc_space *space, mach_port_t notify)
{
	const mach_msg_type_name_t dest_type = MACH_MSGH_BITS_REMOTE(header->msgh_bits);
	const mach_msg_type_name_t reply_type = MACH_MSGH_BITS_LOCAL(header->msgh_bits);
	const ipc_port_t dest = ipc_port_of_word(header->msgh_remote_port);
	const ipc_port_t reply = ipc_port_of_word(header->msgh_local_port);
	mach_port_t reply_name = ipc_port_word(reply);
	if (notify != MACH_PORT_NULL && !can_notify(space, notify))
		return MACH_RCV_INVALID_NOTIFY;
	if (IP_VALID(reply)) {
		const kern_return_t result = ipc_object_copyout(space, reply, reply_type, true, &reply_name);
		if (result == KERN_INVALID_CAPABILITY) {
			reply_name = MACH_PORT_DEAD;
			ipc_object_destroy(reply, reply_type);
		} else if (result) {
			return MACH_RCV_HEADER_ERROR | shortage(result);
		} else if (notify != MACH_PORT_NULL) {
			(void)request_news(space, reply_name, notify);
		}
	}
	header->msgh_bits = (header->msgh_bits & MACH_MSGH_BITS_COMPLEX) | MACH_MSGH_BITS(reply_type, dest_type);
	header->msgh_local_port = copyout_dest(space, dest, dest_type);
	header->msgh_remote_port = reply_name;
	return MACH_MSG_SUCCESS;
}

/* --- The body --- */

static mach_msg_return_t copyout_rights(struct ipc_space *space, natural_t *rights, natural_t number,
                                        mach_msg_type_name_t type)
{
	mach_msg_return_t result = MACH_MSG_SUCCESS;
	for (natural_t i = 0; i < number; i++)
		result |= copyout_right(space, ipc_port_of_word(rights[i]), type, &rights[i]);
	return result;
}

static mach_msg_return_t copyout_rights_out_of_line(struct ipc_space *space, struct vm_map *map,
                                                    const struct ipc_item *item)
{
	natural_t *rights = (natural_t *)(uintptr_t)*item->data;
	vm_offset_t address = 0;
	*item->data = 0;
	if (!rights)
		return MACH_MSG_SUCCESS;
	const kern_return_t room = vm_map_enter(map, &address, round_page(item->bytes), 0, true, VM_OBJECT_NULL, 0,
	                                        false, VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	mach_msg_return_t result = MACH_MSG_SUCCESS;
	if (room) {
		for (natural_t i = 0; i < item->number; i++)
			ipc_object_destroy(ipc_port_of_word(rights[i]), item->name);
		result = room == KERN_RESOURCE_SHORTAGE ? MACH_MSG_VM_KERNEL : MACH_MSG_VM_SPACE;
	} else {
		result = copyout_rights(space, rights, item->number, item->name);
		if (copyout(rights, (void *)(uintptr_t)address, item->bytes))
			*item->data = address;
		else
			result |= MACH_MSG_VM_KERNEL;
	}
	kfree(rights, item->bytes);
	return result;
}

static mach_msg_return_t copyout_memory(struct vm_map *map, const struct ipc_item *item)
{
	vm_map_copy_t copy = (vm_map_copy_t)(uintptr_t)*item->data;
	vm_offset_t address = 0;
	*item->data = 0;
	if (copy == VM_MAP_COPY_NULL)
		return MACH_MSG_SUCCESS;
	const kern_return_t result = vm_map_copyout(map, &address, copy);
	if (result == KERN_SUCCESS) {
		*item->data = address;
		return MACH_MSG_SUCCESS;
	}
	vm_map_copy_discard(copy);
	return result == KERN_NO_SPACE ? MACH_MSG_VM_SPACE : MACH_MSG_VM_KERNEL;
}

static mach_msg_return_t copyout_item(struct ipc_space *space, struct vm_map *map, const struct ipc_item *item)
{
	if (item->in_line)
		return item->is_port ? copyout_rights(space, item->data, item->number, item->name) : MACH_MSG_SUCCESS;
	item->descriptor->msgt_deallocate = 1;
	return item->is_port ? copyout_rights_out_of_line(space, map, item) : copyout_memory(map, item);
}

static mach_msg_return_t copyout_body(mach_msg_header_t *header, struct ipc_space *space, struct vm_map *map)
{
	struct ipc_items items = ipc_items_of(header);
	struct ipc_item item;
	mach_msg_return_t end, result = MACH_MSG_SUCCESS;
	while (ipc_item_next(&items, &item, &end))
		result |= copyout_item(space, map, &item);
	return result;
}

/* A reply, and what else comes to a send-once right with nowhere to answer: no name is needed. */
static bool copyout_short(mach_msg_header_t *header, const struct ipc_space *space)
{
	ipc_port_t dest = ipc_port_of_word(header->msgh_remote_port);
	if (header->msgh_bits != MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, 0) || !ip_active(dest) ||
	    dest->receiver != space)
		return false;
	header->msgh_bits = MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE);
	header->msgh_local_port = dest->receiver_name;
	header->msgh_remote_port = MACH_PORT_NULL;
	dest->sorights--;
	ip_release(dest);
	return true;
}

mach_msg_return_t ipc_kmsg_copyout(ipc_kmsg_t kmsg, struct ipc_space *space, struct vm_map *map, mach_port_t notify)
{
	mach_msg_header_t *header = &kmsg->ikm_header;
	if (notify == MACH_PORT_NULL && copyout_short(header, space))
		return MACH_MSG_SUCCESS;
	mach_msg_return_t result = copyout_header(header, space, notify);
	if (result || !(header->msgh_bits & MACH_MSGH_BITS_COMPLEX))
		return result;
	result = copyout_body(header, space, map);
	return result ? result | MACH_RCV_BODY_ERROR : MACH_MSG_SUCCESS;
}

/* --- Messages that do not arrive as they were meant to --- */

void ipc_kmsg_copyout_dest(ipc_kmsg_t kmsg, struct ipc_space *space)
{
	mach_msg_header_t *header = &kmsg->ikm_header;
	const mach_msg_type_name_t dest_type = MACH_MSGH_BITS_REMOTE(header->msgh_bits);
	const ipc_port_t dest = ipc_port_of_word(header->msgh_remote_port);
	const ipc_port_t reply = ipc_port_of_word(header->msgh_local_port);
	ipc_object_destroy(reply, MACH_MSGH_BITS_LOCAL(header->msgh_bits));
	ipc_kmsg_clean_body(kmsg);
	header->msgh_bits = MACH_MSGH_BITS(0, dest_type);
	header->msgh_local_port = copyout_dest(space, dest, dest_type);
	header->msgh_remote_port = MACH_PORT_NULL;
}

mach_msg_return_t ipc_kmsg_copyout_pseudo(ipc_kmsg_t kmsg, struct ipc_space *space, struct vm_map *map)
{
	mach_msg_header_t *header = &kmsg->ikm_header;
	const mach_msg_bits_t bits = header->msgh_bits & MACH_MSGH_BITS_USED;
	mach_msg_return_t result = copyout_right(space, ipc_port_of_word(header->msgh_remote_port),
	                                         MACH_MSGH_BITS_REMOTE(bits), &header->msgh_remote_port);
	result |= copyout_right(space, ipc_port_of_word(header->msgh_local_port), MACH_MSGH_BITS_LOCAL(bits),
	                        &header->msgh_local_port);
	header->msgh_bits = bits;
	return bits & MACH_MSGH_BITS_COMPLEX ? result | copyout_body(header, space, map) : result;
}
