/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages as blocks of memory: made, read from a user, written to one, thrown away (Mach 3.0 ipc/ipc_kmsg).
 * ipc_copyin.c and ipc_copyout.c have what goes on between.
 *
 * An RPC needs one small message at a time: the one that the receiver has just been given is the one in which it
 * answers.  So one is kept aside, and no zone is asked.
 */
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_init.h"
#include "ipc/ipc_item.h"
#include "ipc/ipc_notify.h"
#include "ipc/ipc_right.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "machine/copyio.h"
#include "vm/vm_map.h"

enum { SMALL_MESSAGES_MAX = 16384, HEAD = offsetof(struct ipc_kmsg, ikm_header) };

static zone_t kmsg_zone;
static ipc_kmsg_t kept;

void ipc_kmsg_init(void)
{
	kmsg_zone = zinit(IKM_SAVED_KMSG_SIZE, SMALL_MESSAGES_MAX * IKM_SAVED_KMSG_SIZE, "messages");
}

static ipc_kmsg_t alloc_any(mach_msg_size_t size)
{
	const bool small = size <= (mach_msg_size_t)IKM_SAVED_MSG_SIZE;
	const vm_size_t bytes = small ? IKM_SAVED_KMSG_SIZE : size + HEAD;
	ipc_kmsg_t kmsg = small ? zalloc(kmsg_zone) : kalloc(bytes);
	if (!kmsg)
		return IKM_NULL;
	kmsg->ikm_size = bytes;
	ipc_statistics.messages++;
	ipc_statistics.message_bytes += bytes;
	return kmsg;
}

ipc_kmsg_t ikm_alloc(mach_msg_size_t size)
{
	ipc_kmsg_t kmsg = kept;
	if (kmsg && size <= (mach_msg_size_t)IKM_SAVED_MSG_SIZE)
		kept = IKM_NULL;
	else
		kmsg = alloc_any(size);
	if (kmsg) {
		kmsg->ikm_marequest = NULL;
		kmsg->ikm_charged = NULL;
	}
	return kmsg;
}

void ikm_free(ipc_kmsg_t kmsg)
{
	const vm_size_t bytes = kmsg->ikm_size;
	if (bytes == IKM_SAVED_KMSG_SIZE && !kept) {
		kept = kmsg;
		return;
	}
	ipc_statistics.messages--;
	ipc_statistics.message_bytes -= bytes;
	if (bytes == IKM_SAVED_KMSG_SIZE)
		zfree(kmsg_zone, kmsg);
	else
		kfree(kmsg, bytes);
}

mach_msg_return_t ipc_kmsg_get(mach_msg_header_t *msg, mach_msg_size_t size, ipc_kmsg_t *result)
{
	if (size < sizeof(mach_msg_header_t) || size & 3)
		return MACH_SEND_MSG_TOO_SMALL;
	if (size > MACH_MSG_SIZE_MAX)
		return MACH_SEND_TOO_LARGE;
	ipc_kmsg_t kmsg = ikm_alloc(size);
	if (!kmsg)
		return MACH_SEND_NO_BUFFER;
	if (!copyin(msg, &kmsg->ikm_header, size)) {
		ikm_free(kmsg);
		return MACH_SEND_INVALID_DATA;
	}
	kmsg->ikm_header.msgh_size = size;
	*result = kmsg;
	return MACH_MSG_SUCCESS;
}

mach_msg_return_t ipc_kmsg_put(mach_msg_header_t *msg, ipc_kmsg_t kmsg, mach_msg_size_t size)
{
	const bool done = copyout(&kmsg->ikm_header, msg, size);
	ikm_free(kmsg);
	return done ? MACH_MSG_SUCCESS : MACH_RCV_INVALID_DATA;
}

/* --- Destruction --- */

static void destroy_rights(const natural_t *rights, natural_t number, mach_msg_type_name_t type)
{
	for (natural_t i = 0; i < number; i++)
		ipc_object_destroy(ipc_port_of_word(rights[i]), type);
}

static void clean_item(const struct ipc_item *item)
{
	if (item->is_port && item->in_line) {
		destroy_rights(item->data, item->number, item->name);
	} else if (item->is_port && *item->data) {
		natural_t *rights = (natural_t *)(uintptr_t)*item->data;
		destroy_rights(rights, item->number, item->name);
		kfree(rights, item->bytes);
	} else if (!item->in_line && *item->data) {
		vm_map_copy_discard((vm_map_copy_t)(uintptr_t)*item->data);
	}
}

void ipc_kmsg_clean_body(ipc_kmsg_t kmsg)
{
	if (!(kmsg->ikm_header.msgh_bits & MACH_MSGH_BITS_COMPLEX))
		return;
	struct ipc_items items = ipc_items_of(&kmsg->ikm_header);
	struct ipc_item item;
	mach_msg_return_t error;
	while (ipc_item_next(&items, &item, &error))
		clean_item(&item);
}

void ipc_kmsg_received(ipc_kmsg_t kmsg)
{
	const mach_msg_header_t *header = &kmsg->ikm_header;
	ipc_port_t dest = ipc_port_of_word(header->msgh_remote_port);
	if (MACH_MSGH_BITS_REMOTE(header->msgh_bits) == MACH_MSG_TYPE_PORT_SEND)
		ipc_port_release_send(dest);
	else
		ipc_port_release_sonce(dest);
	ipc_object_destroy(ipc_port_of_word(header->msgh_local_port), MACH_MSGH_BITS_LOCAL(header->msgh_bits));
	ipc_kmsg_clean_body(kmsg);
	ikm_free(kmsg);
}

static void clean(ipc_kmsg_t kmsg)
{
	const mach_msg_header_t *header = &kmsg->ikm_header;
	if (kmsg->ikm_marequest)
		ipc_marequest_accepted(kmsg->ikm_marequest);
	ipc_object_destroy(ipc_port_of_word(header->msgh_remote_port), MACH_MSGH_BITS_REMOTE(header->msgh_bits));
	ipc_object_destroy(ipc_port_of_word(header->msgh_local_port), MACH_MSGH_BITS_LOCAL(header->msgh_bits));
	ipc_kmsg_clean_body(kmsg);
}

/* A message may hold the receive right of a port with messages that hold more such: they are destroyed one after the
 * other, however deep they are nested, by the first call of this thread. */
void ipc_kmsg_destroy(ipc_kmsg_t kmsg)
{
	struct thread *self = current_thread();
	kmsg->ikm_next = IKM_NULL;
	if (self->ith_doomed) {
		kmsg->ikm_next = self->ith_doomed->ikm_next;
		self->ith_doomed->ikm_next = kmsg;
		return;
	}
	self->ith_doomed = kmsg;
	while (self->ith_doomed) {
		kmsg = self->ith_doomed;
		clean(kmsg);
		self->ith_doomed = kmsg->ikm_next;
		ikm_free(kmsg);
	}
}
