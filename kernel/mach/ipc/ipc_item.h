/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The items of a message's body, one after another: for all who walk over a body, before and after copyin.
 */
#pragma once
#include "mach/message.h"

struct ipc_item {
	mach_msg_type_name_t name;
	mach_msg_type_number_t number;   /* elements */
	vm_size_t bytes;                 /* of all elements */
	bool longform, in_line, deallocate;
	bool is_port;                    /* elements are rights: 32 bits each */
	natural_t *data;                 /* in line: the elements; else the one word that stands for them */
	mach_msg_type_t *descriptor;
};

/* Where in a body one is. */
struct ipc_items {
	char *next, *end;
};

static inline struct ipc_items ipc_items_of(mach_msg_header_t *header)
{
	return (struct ipc_items){ (char *)(header + 1), (char *)header + header->msgh_size };
}

/* The next item: false at the end, or if there is an error: *error is MACH_MSG_SUCCESS at the end, else
 * MACH_SEND_MSG_TOO_SMALL (an item does not end within the message) or MACH_SEND_INVALID_TYPE. */
bool ipc_item_next(struct ipc_items *items, struct ipc_item *item, mach_msg_return_t *error);
/* The receiver's descriptor of the same data. */
void ipc_item_set_name(const struct ipc_item *item, mach_msg_type_name_t name);
