/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifications, and the requests for one of them that go with messages (Mach 3.0 ipc/ipc_notify, ipc/ipc_marequest).
 *
 * How many there can be at a time is bounded by the send-once rights and entries that a task has made; none is lost but
 * when the kernel is at its limit of memory for messages: then the right is just released.
 */
#include "ipc/ipc_notify.h"
#include "ipc/ipc_entry.h"
#include "ipc/ipc_init.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_right.h"
#include "kern/zalloc.h"
#include "mach/mig.h"

enum { MAREQUESTS_MAX = 1024 };

struct notification {
	mach_msg_header_t header;
	natural_t type;
	natural_t data;           /* a name, a count, or a port */
};

static zone_t marequest_zone;

void ipc_notify_init(void)
{
	marequest_zone = zinit(sizeof(struct ipc_marequest), MAREQUESTS_MAX * sizeof(struct ipc_marequest),
	                       "msg-accepted requests");
}

/* size: of struct notification, or of its header alone. False: no memory. */
static bool send(ipc_port_t notify, mach_msg_id_t id, mach_msg_size_t size, natural_t type, natural_t data)
{
	ipc_kmsg_t kmsg = ikm_alloc(size);
	if (!kmsg)
		return false;
	struct notification *message = (struct notification *)&kmsg->ikm_header;
	const bool right = type == MIG_TYPE(MACH_MSG_TYPE_PORT_RECEIVE, 32, 1);
	message->header = (mach_msg_header_t){
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, 0) | (right ? MACH_MSGH_BITS_COMPLEX : 0),
		.msgh_size = size, .msgh_remote_port = ipc_port_word(notify), .msgh_id = id,
	};
	if (size > sizeof message->header) {
		message->type = type;
		message->data = data;
	}
	if (right && !ipc_port_enter_transit(ipc_port_of_word(data), notify))
		kmsg->ikm_header.msgh_bits |= MACH_MSGH_BITS_CIRCULAR;
	ipc_mqueue_send_always(kmsg);
	return true;
}

static void send_word(ipc_port_t notify, mach_msg_id_t id, mach_msg_type_name_t type, natural_t data)
{
	if (!ip_active(notify) || !send(notify, id, sizeof(struct notification), MIG_TYPE(type, 32, 1), data))
		ipc_port_release_sonce(notify);
}

void ipc_notify_port_deleted(ipc_port_t notify, mach_port_t name)
{
	send_word(notify, MACH_NOTIFY_PORT_DELETED, MACH_MSG_TYPE_PORT_NAME, name);
}

void ipc_notify_msg_accepted(ipc_port_t notify, mach_port_t name)
{
	send_word(notify, MACH_NOTIFY_MSG_ACCEPTED, MACH_MSG_TYPE_PORT_NAME, name);
}

void ipc_notify_no_senders(ipc_port_t notify, mach_port_mscount_t mscount)
{
	send_word(notify, MACH_NOTIFY_NO_SENDERS, MACH_MSG_TYPE_INTEGER_32, mscount);
}

void ipc_notify_dead_name(ipc_port_t notify, mach_port_t name)
{
	send_word(notify, MACH_NOTIFY_DEAD_NAME, MACH_MSG_TYPE_PORT_NAME, name);
}

void ipc_notify_send_once(ipc_port_t notify)
{
	if (!ip_active(notify) ||
	    !send(notify, MACH_NOTIFY_SEND_ONCE, sizeof(mach_msg_header_t), 0, 0))
		ipc_port_release_sonce(notify);
}

void ipc_notify_port_destroyed(ipc_port_t notify, ipc_port_t right)
{
	if (ip_active(notify) && send(notify, MACH_NOTIFY_PORT_DESTROYED, sizeof(struct notification),
	                              MIG_TYPE(MACH_MSG_TYPE_PORT_RECEIVE, 32, 1), ipc_port_word(right)))
		return;
	ipc_port_release_sonce(notify);
	ipc_port_release_receive(right);
}

/* --- Requests for msg-accepted --- */

mach_msg_return_t ipc_marequest_create(struct ipc_space *space, const struct ipc_port *port, mach_port_t notify,
                                       struct ipc_marequest **result)
{
	struct ipc_entry *to_notify = ipc_right_lookup(space, notify), *entry = ipc_entry_of_port(space, port);
	if (!to_notify || !(to_notify->bits & MACH_PORT_TYPE_RECEIVE))
		return MACH_SEND_INVALID_NOTIFY;
	if (entry && entry->bits & IE_BITS_MAREQUEST)
		return MACH_SEND_NOTIFY_IN_PROGRESS;
	struct ipc_marequest *request = zget(marequest_zone);
	if (!request)
		return MACH_SEND_NO_NOTIFY;
	*request = (struct ipc_marequest){ .notify = ipc_port_make_sonce((ipc_port_t)to_notify->object) };
	if (entry) {
		request->space = space;
		request->name = entry->name;
		request->next = space->marequests;
		space->marequests = request;
		entry->bits |= IE_BITS_MAREQUEST;
	}
	*result = request;
	return MACH_MSG_SUCCESS;
}

static struct ipc_marequest **find(struct ipc_space *space, mach_port_t name)
{
	struct ipc_marequest **link = &space->marequests;
	while ((*link)->name != name)
		link = &(*link)->next;
	return link;
}

/* The space forgets it; the name that it was for is kept. */
static void detach(struct ipc_marequest *request)
{
	if (!request->space)
		return;
	*find(request->space, request->name) = request->next;
	ipc_entry_lookup(request->space, request->name)->bits &= ~IE_BITS_MAREQUEST;
	request->space = NULL;
	request->next = NULL;
}

struct ipc_marequest *ipc_marequest_chain(struct ipc_marequest *request, struct ipc_marequest *others)
{
	if (!request)
		return others;
	detach(request);
	request->next = others;
	return request;
}

void ipc_marequest_accepted(struct ipc_marequest *request)
{
	while (request) {
		detach(request);
		struct ipc_marequest *next = request->next;
		const mach_port_t name = request->name;
		const ipc_port_t notify = request->notify;
		zfree(marequest_zone, request);
		ipc_notify_msg_accepted(notify, name);
		request = next;
	}
}

void ipc_marequest_cancel(struct ipc_space *space, struct ipc_entry *entry)
{
	if (!(entry->bits & IE_BITS_MAREQUEST))
		return;
	struct ipc_marequest *request = *find(space, entry->name);
	detach(request);
	request->name = MACH_PORT_NULL;
}

void ipc_marequest_rename(struct ipc_space *space, struct ipc_entry *entry, mach_port_t name)
{
	if (entry->bits & IE_BITS_MAREQUEST)
		(*find(space, entry->name))->name = name;
}

void ipc_marequest_forget(struct ipc_space *space)
{
	while (space->marequests) {
		struct ipc_marequest *request = space->marequests;
		detach(request);
		request->name = MACH_PORT_NULL;
	}
}
