/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walking over a message's body: see ipc_item.h, and mach/message.h for descriptors.
 */
#include "ipc/ipc_item.h"

enum { RIGHT_BITS = 32 };

static bool left(const struct ipc_items *items, uint64_t bytes)
{
	return (uint64_t)(items->end - items->next) >= bytes;
}

/* The descriptor's fields, of either form. */
static mach_msg_return_t read_descriptor(struct ipc_items *items, struct ipc_item *item, natural_t *element_bits)
{
	if (!left(items, sizeof(mach_msg_type_t)))
		return MACH_SEND_MSG_TOO_SMALL;
	mach_msg_type_t *type = (mach_msg_type_t *)(void *)items->next;
	*item = (struct ipc_item){
		.name = type->msgt_name, .number = type->msgt_number, .longform = type->msgt_longform,
		.in_line = type->msgt_inline, .deallocate = type->msgt_deallocate, .descriptor = type,
	};
	*element_bits = type->msgt_size;
	if (!item->longform) {
		items->next += sizeof *type;
		return type->msgt_unused ? MACH_SEND_INVALID_TYPE : MACH_MSG_SUCCESS;
	}
	if (!left(items, sizeof(mach_msg_type_long_t)))
		return MACH_SEND_MSG_TOO_SMALL;
	const mach_msg_type_long_t *longer = (const mach_msg_type_long_t *)(void *)type;
	if (item->name || item->number || *element_bits || type->msgt_unused)
		return MACH_SEND_INVALID_TYPE;
	item->name = longer->msgtl_name;
	item->number = longer->msgtl_number;
	*element_bits = longer->msgtl_size;
	items->next += sizeof *longer;
	return MACH_MSG_SUCCESS;
}

static mach_msg_return_t read_item(struct ipc_items *items, struct ipc_item *item)
{
	natural_t bits;
	const mach_msg_return_t error = read_descriptor(items, item, &bits);
	if (error)
		return error;
	item->is_port = MACH_MSG_TYPE_PORT_ANY(item->name);
	if ((item->is_port && bits != RIGHT_BITS) || (item->deallocate && item->in_line))
		return MACH_SEND_INVALID_TYPE;
	const uint64_t bytes = ((uint64_t)item->number * bits + 7) / 8;
	const uint64_t here = item->in_line ? (bytes + 3) / 4 * 4 : sizeof(vm_offset_t);
	if (!left(items, here))
		return MACH_SEND_MSG_TOO_SMALL;
	if (bytes > UINT32_MAX)
		return MACH_SEND_INVALID_TYPE;
	item->bytes = (vm_size_t)bytes;
	item->data = (natural_t *)(void *)items->next;
	items->next += here;
	return MACH_MSG_SUCCESS;
}

bool ipc_item_next(struct ipc_items *items, struct ipc_item *item, mach_msg_return_t *error)
{
	*error = MACH_MSG_SUCCESS;
	if (items->next >= items->end)
		return false;
	*error = read_item(items, item);
	return !*error;
}

void ipc_item_set_name(const struct ipc_item *item, mach_msg_type_name_t name)
{
	if (item->longform)
		((mach_msg_type_long_t *)(void *)item->descriptor)->msgtl_name = (uint16_t)name;
	else
		item->descriptor->msgt_name = name & 0xff;
}
