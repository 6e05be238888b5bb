/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenarios/programs/mach/meeting.h"
#include "mach/mig.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"

struct offer {
	mach_msg_header_t head;
	mach_msg_type_t type;
	mach_port_t port;
	natural_t trailer[2]; /* room */
};

static kern_return_t receive_offer(mach_port_t meeting, mach_port_t *service)
{
	struct offer offer;
	const mach_msg_return_t result = mach_msg(&offer.head, MACH_RCV_MSG, 0, sizeof offer, meeting, 0, MACH_PORT_NULL);

	if (result == MACH_MSG_SUCCESS)
		*service = offer.port;
	return result;
}

kern_return_t meeting_fork(void (*serve)(void *unused), mach_port_t *service)
{
	mach_port_t meeting, task;
	kern_return_t result = mach_port_allocate_send(&meeting);

	if (result == KERN_SUCCESS)
		result = mach_ports_register(mach_task_self(), &meeting, 1);
	if (result == KERN_SUCCESS)
		result = task_fork(serve, NULL, &task);
	if (result == KERN_SUCCESS)
		result = receive_offer(meeting, service);
	return result;
}

kern_return_t meeting_offer(mach_port_t *port)
{
	struct offer offer = {
		.head = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX },
		.type = { .msgt_name = MACH_MSG_TYPE_MAKE_SEND, .msgt_size = 32, .msgt_number = 1, .msgt_inline = 1 },
	};
	mach_port_t *registered;
	mach_msg_type_number_t count;
	kern_return_t result = mach_ports_lookup(mach_task_self(), &registered, &count);

	if (result == KERN_SUCCESS)
		result = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, port);
	if (result != KERN_SUCCESS)
		return result;
	offer.head.msgh_remote_port = registered[0];
	offer.port = *port;
	return mach_msg(&offer.head, MACH_SEND_MSG, offsetof(struct offer, trailer), 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
}
