/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/device_replies.h"

static kern_return_t tell_error(mach_msg_id_t id, mach_port_t port, kern_return_t code)
{
	switch (id - device_reply_subsystem.first) {
	case 0: return device_open_reply(port, code, MACH_PORT_NULL);
	case 2: return device_write_reply(port, code, 0);
	case 3: return device_write_reply_inband(port, code, 0);
	case 4: return device_read_reply(port, code, 0, 0);
	case 5: return device_read_reply_inband(port, code, NULL, 0);
	default: return MIG_BAD_ID;
	}
}

bool device_replies(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const struct mig_reply_error *error = (const struct mig_reply_error *)request;
	const bool known = device_reply_server(request, reply);

	if (known && request->msgh_size == sizeof(*error) && (request->msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0 &&
	    error->RetCodeType == MIG_TYPE_RETURN_CODE && error->RetCode != KERN_SUCCESS)
		((struct mig_reply_error *)reply)->RetCode =
			tell_error(request->msgh_id, request->msgh_local_port, error->RetCode);
	return known;
}
