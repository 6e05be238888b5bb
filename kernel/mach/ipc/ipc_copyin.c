/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message out of its sender's hands: names become ports with a right each, addresses become copies (Mach 3.0
 * ipc/ipc_kmsg).
 *
 *   1. Whatever is wrong with the form of a message, or with the rights of its header, is found before anything is
 *      taken: the task is as it was.
 *   2. Rights and memory of the body are taken item by item, since that may block.  If one is not there, the message
 *      ends with the item where that was found, with nothing in the place of what is missing, and is destroyed with
 *      what had been taken: so nothing is lost but to the sender, as the manual has it.
 */
#include "ipc/ipc_entry.h"
#include "ipc/ipc_item.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_notify.h"
#include "ipc/ipc_right.h"
#include "kern/zalloc.h"
#include "machine/copyio.h"
#include "vm/vm_map.h"

/* Rights out of line in one item: their names lie in the kernel's memory for a while. */
enum { RIGHTS_OUT_OF_LINE_MAX = 4096 };

/* --- The header --- */

struct copyin_header {
	struct ipc_entry *dest, *reply;     /* reply: NULL if none, or null, or dead as a name */
	mach_msg_type_name_t dest_type, reply_type;
	ipc_port_t cancel;                  /* MACH_SEND_CANCEL: whose request for news of dest ends silently */
};

static mach_msg_return_t check_bits(const mach_msg_header_t *header)
{
	const mach_msg_type_name_t dest = MACH_MSGH_BITS_REMOTE(header->msgh_bits);
	const mach_msg_type_name_t reply = MACH_MSGH_BITS_LOCAL(header->msgh_bits);
	if (header->msgh_bits & ~MACH_MSGH_BITS_USED || !MACH_MSG_TYPE_PORT_ANY_SEND(dest))
		return MACH_SEND_INVALID_HEADER;
	if (reply ? !MACH_MSG_TYPE_PORT_ANY_SEND(reply) : header->msgh_local_port != MACH_PORT_NULL)
		return MACH_SEND_INVALID_HEADER;
	return MACH_MSG_SUCCESS;
}

/* Both rights of one name: are there two to be moved? */
static bool both_of_one(const struct copyin_header *c)
{
	if (c->dest_type == MACH_MSG_TYPE_MOVE_SEND_ONCE)
		return false;
	return c->dest_type != MACH_MSG_TYPE_MOVE_SEND || c->reply_type != MACH_MSG_TYPE_MOVE_SEND ||
	       IE_BITS_UREFS(c->dest->bits) >= 2;
}

static mach_msg_return_t check_header(const mach_msg_header_t *header, struct ipc_space *space, mach_port_t notify,
                                      struct copyin_header *c)
{
	*c = (struct copyin_header){ .dest_type = MACH_MSGH_BITS_REMOTE(header->msgh_bits),
	                             .reply_type = MACH_MSGH_BITS_LOCAL(header->msgh_bits) };
	if (notify != MACH_PORT_NULL) {
		const struct ipc_entry *entry = ipc_right_lookup(space, notify);
		if (!entry || !(entry->bits & MACH_PORT_TYPE_RECEIVE))
			return MACH_SEND_INVALID_NOTIFY;
		c->cancel = (ipc_port_t)entry->object;
	}
	c->dest = ipc_right_lookup(space, header->msgh_remote_port);
	if (!c->dest || c->dest->bits & MACH_PORT_TYPE_DEAD_NAME || !ipc_right_copyin_check(c->dest, c->dest_type))
		return MACH_SEND_INVALID_DEST;
	if (!MACH_PORT_VALID(header->msgh_local_port))
		return MACH_MSG_SUCCESS;
	c->reply = ipc_right_lookup(space, header->msgh_local_port);
	if (!c->reply || !ipc_right_copyin_check(c->reply, c->reply_type) || (c->reply == c->dest && !both_of_one(c)))
		return MACH_SEND_INVALID_REPLY;
	return MACH_MSG_SUCCESS;
}

/* Takes both: where they are of one name, what is copied is copied before the other is moved. */
static void take_header(mach_msg_header_t *header, struct ipc_space *space, const struct copyin_header *c)
{
	const mach_port_t dest_name = header->msgh_remote_port, reply_name = header->msgh_local_port;
	struct ipc_right_moved dest = { IP_NULL, IP_NULL }, reply = { ipc_port_of_word(reply_name), IP_NULL };
	const bool reply_first = c->dest_type == MACH_MSG_TYPE_MOVE_SEND;
	if (!reply_first)
		dest = ipc_right_copyin(space, c->dest, c->dest_type);
	if (c->reply)
		reply = ipc_right_copyin(space, c->reply, c->reply_type);
	if (reply_first)
		dest = ipc_right_copyin(space, c->dest, c->dest_type);
	header->msgh_remote_port = ipc_port_word(dest.port);
	header->msgh_local_port = ipc_port_word(reply.port);
	header->msgh_bits = (header->msgh_bits & MACH_MSGH_BITS_COMPLEX) |
	                    MACH_MSGH_BITS(ipc_right_copyin_type(c->dest_type), ipc_right_copyin_type(c->reply_type));
	if (dest.deleted && dest.deleted == c->cancel)
		ipc_port_release_sonce(dest.deleted);
	else if (dest.deleted)
		ipc_notify_port_deleted(dest.deleted, dest_name);
	if (reply.deleted)
		ipc_notify_port_deleted(reply.deleted, reply_name);
}

/* --- The body --- */

static mach_msg_return_t check_body(mach_msg_header_t *header)
{
	struct ipc_items items = ipc_items_of(header);
	struct ipc_item item;
	mach_msg_return_t error;
	while (ipc_item_next(&items, &item, &error))
		;
	return error;
}

/* Names become rights, in place; from the first that is none, all become null. */
static mach_msg_return_t take_rights(mach_msg_header_t *header, struct ipc_space *space, mach_msg_type_name_t type,
                                     natural_t *names, natural_t number)
{
	mach_msg_return_t result = MACH_MSG_SUCCESS;
	for (natural_t i = 0; i < number; i++) {
		ipc_port_t port = ipc_port_of_word(names[i]);
		if (!result && MACH_PORT_VALID(names[i]) && ipc_object_copyin(space, names[i], type, &port))
			result = MACH_SEND_INVALID_RIGHT;
		if (result)
			port = IP_NULL;
		names[i] = ipc_port_word(port);
		if (type == MACH_MSG_TYPE_MOVE_RECEIVE && IP_VALID(port) &&
		    !ipc_port_enter_transit(port, ipc_port_of_word(header->msgh_remote_port)))
			header->msgh_bits |= MACH_MSGH_BITS_CIRCULAR;
	}
	return result;
}

static mach_msg_return_t take_rights_out_of_line(mach_msg_header_t *header, struct ipc_space *space,
                                                 struct vm_map *map, const struct ipc_item *item)
{
	const vm_offset_t address = *item->data;
	*item->data = 0;
	if (!item->bytes)
		return MACH_MSG_SUCCESS;
	natural_t *names = item->number <= RIGHTS_OUT_OF_LINE_MAX ? kalloc(item->bytes) : NULL;
	if (!names)
		return MACH_SEND_NO_BUFFER;
	if (!copyin((const void *)(uintptr_t)address, names, item->bytes)) {
		kfree(names, item->bytes);
		return MACH_SEND_INVALID_MEMORY;
	}
	if (item->deallocate)
		(void)vm_map_remove(map, trunc_page(address), round_page(address + item->bytes));
	*item->data = (natural_t)(uintptr_t)names;
	return take_rights(header, space, item->name, names, item->number);
}

static mach_msg_return_t take_memory(struct vm_map *map, const struct ipc_item *item)
{
	vm_map_copy_t copy = VM_MAP_COPY_NULL;
	const vm_offset_t address = *item->data;
	*item->data = 0;
	const kern_return_t result =
		item->bytes ? vm_map_copyin(map, address, item->bytes, item->deallocate, &copy) : KERN_SUCCESS;
	if (result)
		return result == KERN_RESOURCE_SHORTAGE ? MACH_SEND_NO_BUFFER : MACH_SEND_INVALID_MEMORY;
	*item->data = (natural_t)(uintptr_t)copy;
	return MACH_MSG_SUCCESS;
}

/* complex: set if there is more to the item than its bytes in line. */
static mach_msg_return_t take_item(mach_msg_header_t *header, struct ipc_space *space, struct vm_map *map,
                                   const struct ipc_item *item, bool *complex)
{
	if (!item->is_port && item->in_line)
		return MACH_MSG_SUCCESS;
	*complex = true;
	if (!item->is_port)
		return take_memory(map, item);
	ipc_item_set_name(item, ipc_right_copyin_type(item->name));
	return item->in_line ? take_rights(header, space, item->name, item->data, item->number)
	                     : take_rights_out_of_line(header, space, map, item);
}

static mach_msg_return_t take_body(mach_msg_header_t *header, struct ipc_space *space, struct vm_map *map)
{
	struct ipc_items items = ipc_items_of(header);
	struct ipc_item item;
	mach_msg_return_t end, result = MACH_MSG_SUCCESS;
	bool complex = false;
	while (!result && ipc_item_next(&items, &item, &end))
		result = take_item(header, space, map, &item, &complex);
	if (result)
		header->msgh_size = (mach_msg_size_t)(items.next - (char *)header);
	if (!complex)
		header->msgh_bits &= ~MACH_MSGH_BITS_COMPLEX;
	return result;
}

/* --- The two headers of every RPC, without what they cannot have --- */

/* A request: a send right copied, and a send-once right made for the reply. */
static bool copyin_request(mach_msg_header_t *header, const struct ipc_space *space)
{
	const struct ipc_entry *dest = ipc_entry_lookup(space, header->msgh_remote_port);
	const struct ipc_entry *reply = ipc_entry_lookup(space, header->msgh_local_port);
	if (!dest || !reply || !(dest->bits & MACH_PORT_TYPE_SEND) || !(reply->bits & MACH_PORT_TYPE_RECEIVE) ||
	    !dest->object->active)
		return false;
	ipc_port_t port = (ipc_port_t)dest->object, reply_port = (ipc_port_t)reply->object;
	port->srights++;
	ip_reference(port);
	header->msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND, MACH_MSG_TYPE_PORT_SEND_ONCE);
	header->msgh_remote_port = ipc_port_word(port);
	header->msgh_local_port = ipc_port_word(ipc_port_make_sonce(reply_port));
	return true;
}

/* A reply: a send-once right moved, of which nobody wants news. */
static bool copyin_reply(mach_msg_header_t *header, struct ipc_space *space)
{
	struct ipc_entry *dest = ipc_entry_lookup(space, header->msgh_remote_port);
	if (header->msgh_local_port || !dest || !(dest->bits & MACH_PORT_TYPE_SEND_ONCE) || dest->request ||
	    !dest->object->active)
		return false;
	header->msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, 0);
	header->msgh_remote_port = ipc_port_word((ipc_port_t)dest->object);
	ipc_entry_free(space, dest);
	return true;
}

static bool copyin_short(mach_msg_header_t *header, struct ipc_space *space)
{
	if (header->msgh_bits == MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE))
		return copyin_request(header, space);
	if (header->msgh_bits == MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0))
		return copyin_reply(header, space);
	return false;
}

static mach_msg_return_t check(mach_msg_header_t *header, struct ipc_space *space, mach_port_t notify,
                               struct copyin_header *c)
{
	mach_msg_return_t result = check_bits(header);
	if (!result && header->msgh_bits & MACH_MSGH_BITS_COMPLEX)
		result = check_body(header);
	return result ? result : check_header(header, space, notify, c);
}

mach_msg_return_t ipc_kmsg_copyin(ipc_kmsg_t kmsg, struct ipc_space *space, struct vm_map *map, mach_port_t notify)
{
	mach_msg_header_t *header = &kmsg->ikm_header;
	if (notify == MACH_PORT_NULL && copyin_short(header, space))
		return MACH_MSG_SUCCESS;
	struct copyin_header c;
	mach_msg_return_t result = check(header, space, notify, &c);
	if (result) {
		ikm_free(kmsg);
		return result;
	}
	take_header(header, space, &c);
	if (header->msgh_bits & MACH_MSGH_BITS_COMPLEX)
		result = take_body(header, space, map);
	if (result)
		ipc_kmsg_destroy(kmsg);
	return result;
}

/* --- From the kernel: pointers become rights --- */

static ipc_port_t right_from_kernel(ipc_port_t port, mach_msg_type_name_t type)
{
	if (!IP_VALID(port))
		return port;
	switch (type) {
	case MACH_MSG_TYPE_COPY_SEND:
		return ipc_port_copy_send(port);
	case MACH_MSG_TYPE_MAKE_SEND:
		return ipc_port_make_send(port);
	case MACH_MSG_TYPE_MAKE_SEND_ONCE:
		return ipc_port_make_sonce(port);
	default:
		return port;
	}
}

static void rights_from_kernel(mach_msg_header_t *header, const struct ipc_item *item)
{
	const ipc_port_t dest = ipc_port_of_word(header->msgh_remote_port);
	natural_t *rights = item->in_line ? item->data : (natural_t *)(uintptr_t)*item->data;
	ipc_item_set_name(item, ipc_right_copyin_type(item->name));
	for (natural_t i = 0; rights && i < item->number; i++) {
		const ipc_port_t port = right_from_kernel(ipc_port_of_word(rights[i]), item->name);
		rights[i] = ipc_port_word(port);
		if (item->name != MACH_MSG_TYPE_MOVE_RECEIVE || !IP_VALID(port))
			continue;
		ipc_port_clear_receiver(port);
		if (IP_VALID(dest) && !ipc_port_enter_transit(port, dest))
			header->msgh_bits |= MACH_MSGH_BITS_CIRCULAR;
	}
}

void ipc_kmsg_copyin_from_kernel(ipc_kmsg_t kmsg)
{
	mach_msg_header_t *header = &kmsg->ikm_header;
	const mach_msg_type_name_t dest_type = MACH_MSGH_BITS_REMOTE(header->msgh_bits);
	const mach_msg_type_name_t reply_type = MACH_MSGH_BITS_LOCAL(header->msgh_bits);
	ipc_port_t reply = right_from_kernel(ipc_port_of_word(header->msgh_local_port), reply_type);
	ipc_port_t dest = right_from_kernel(ipc_port_of_word(header->msgh_remote_port), dest_type);
	header->msgh_remote_port = ipc_port_word(dest);
	header->msgh_local_port = ipc_port_word(reply);
	header->msgh_bits = (header->msgh_bits & MACH_MSGH_BITS_COMPLEX) |
	                    MACH_MSGH_BITS(ipc_right_copyin_type(dest_type), ipc_right_copyin_type(reply_type));
	if (!(header->msgh_bits & MACH_MSGH_BITS_COMPLEX))
		return;
	struct ipc_items items = ipc_items_of(header);
	struct ipc_item item;
	mach_msg_return_t error;
	while (ipc_item_next(&items, &item, &error))
		if (item.is_port)
			rights_from_kernel(header, &item);
}
