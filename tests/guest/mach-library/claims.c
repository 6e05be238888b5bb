/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/claim.h"
#include "pager/lib/mach/mach.h"
#include "tests/guest/mach-library/claims.h"

void claim_death(mach_port_t port, const char *text)
{
	struct { mach_msg_header_t head; natural_t room[8]; } message;
	mach_port_t notify, previous;
	bool died;

	(void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &notify);
	died = mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_DEAD_NAME, 1, notify,
	                                      &previous) == KERN_SUCCESS &&
	       mach_msg(&message.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(message), notify, 5000,
	                MACH_PORT_NULL) == MACH_MSG_SUCCESS &&
	       message.head.msgh_id == MACH_NOTIFY_DEAD_NAME;
	claim(died, "%s", text);
	(void)mach_port_destroy(mach_task_self(), notify);
	(void)mach_port_deallocate(mach_task_self(), port);
}
