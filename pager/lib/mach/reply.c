/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages that were received and are not wanted: what they hold is released.  For servers in user mode and in the
 * kernel alike: mach_calls.h says how the kernel is called.
 */
#include "mach/mig.h"
#include "mach_calls.h"

static void release_port(mach_port_t port, mach_msg_type_name_t type)
{
	if (!MACH_PORT_VALID(port))
		return;
	if (type == MACH_MSG_TYPE_PORT_SEND || type == MACH_MSG_TYPE_PORT_SEND_ONCE)
		(void)mach_port_deallocate(mach_task_self(), port);
	else if (type == MACH_MSG_TYPE_PORT_RECEIVE)
		(void)mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
}

/* An item of a body: what its descriptor says, and where its data is. */
struct item {
	mach_msg_type_name_t name;
	natural_t bytes, number;
	bool in_line;
	natural_t *data, *next;
};

static struct item read_item(natural_t *at)
{
	const mach_msg_type_long_t *type = (const mach_msg_type_long_t *)at;
	struct item item;
	natural_t bits;

	if (type->msgtl_header.msgt_longform) {
		item.name = type->msgtl_name;
		bits = type->msgtl_size;
		item.number = type->msgtl_number;
		item.data = at + sizeof(mach_msg_type_long_t) / sizeof(natural_t);
	} else {
		item.name = type->msgtl_header.msgt_name;
		bits = type->msgtl_header.msgt_size;
		item.number = type->msgtl_header.msgt_number;
		item.data = at + 1;
	}
	item.in_line = type->msgtl_header.msgt_inline;
	item.bytes = (item.number * bits + 7) / 8;
	item.next = item.data + (item.in_line ? mig_words(item.bytes) / sizeof(natural_t) : 1);
	return item;
}

static void release_item(const struct item *item)
{
	if (MACH_MSG_TYPE_PORT_ANY(item->name)) {
		const mach_port_t *ports = item->in_line ? item->data : (const mach_port_t *)(uintptr_t)*item->data;

		for (natural_t i = 0; i < item->number; i++)
			release_port(ports[i], item->name);
	}
	if (!item->in_line && item->bytes > 0)
		(void)vm_deallocate(mach_task_self(), *item->data, item->bytes);
}

void mach_msg_destroy(mach_msg_header_t *msg)
{
	natural_t *at = (natural_t *)(msg + 1), *const end = (natural_t *)((char *)msg + msg->msgh_size);

	release_port(msg->msgh_remote_port, MACH_MSGH_BITS_REMOTE(msg->msgh_bits));
	if ((msg->msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0)
		return;
	while (at < end) {
		const struct item item = read_item(at);

		release_item(&item);
		at = item.next;
	}
}

kern_return_t mig_reply_discard(mach_msg_header_t *reply, kern_return_t code)
{
	mach_msg_destroy(reply);
	return code;
}

kern_return_t mig_reply_mismatch(mach_msg_header_t *reply)
{
	return mig_reply_discard(reply, reply->msgh_id == MACH_NOTIFY_SEND_ONCE ? MIG_SERVER_DIED : MIG_REPLY_MISMATCH);
}

kern_return_t mig_reply_code(mach_msg_header_t *reply)
{
	const struct mig_reply_error *error = (const struct mig_reply_error *)reply;

	if (reply->msgh_size != sizeof(*error) || (reply->msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    error->RetCodeType != MIG_TYPE_RETURN_CODE)
		return mig_reply_discard(reply, MIG_TYPE_ERROR);
	return error->RetCode;
}
