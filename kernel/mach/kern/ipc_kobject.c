/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages to the kernel's own ports: a procedure call in the caller's context (Mach 3.0 kern/ipc_kobject).
 *
 * mach/mig.h says how a server's routine answers.  Nothing is queued: who sends a request to the kernel returns with it
 * done, and the reply, which the caller of ipc_kobject_server sends, or receives at once.
 */
#include "kern/ipc_kobject.h"
#include "device_server.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_right.h"
#include "mach_host_server.h"
#include "mach_port_server.h"
#include "mach_server.h"
#include "machine/pcb.h"
#include "vm/vm_object.h"

static const struct mig_subsystem *const subsystems[] = {
	&mach_subsystem, &mach_port_subsystem, &mach_host_subsystem, &device_subsystem,
};

void ipc_kobject_set(ipc_port_t port, void *object, enum ipc_kobject_type type)
{
	port->kobject = object;
	port->kotype = type;
}

static const struct mig_routine *find_routine(mach_msg_id_t id)
{
	for (unsigned i = 0; i < sizeof subsystems / sizeof subsystems[0]; i++) {
		const struct mig_routine *routine = mig_find(subsystems[i], id);
		if (routine)
			return routine;
	}
	return NULL;
}

/* The reply as it goes out if the routine changes nothing. */
static void prepare(mach_msg_header_t *reply, const mach_msg_header_t *request)
{
	struct mig_reply_error *out = (struct mig_reply_error *)reply;
	reply->msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_LOCAL(request->msgh_bits), 0);
	reply->msgh_size = sizeof *out;
	reply->msgh_remote_port = request->msgh_local_port;
	reply->msgh_local_port = MACH_PORT_NULL;
	reply->msgh_seqno = 0;
	reply->msgh_id = request->msgh_id + 100;
	out->RetCodeType = MIG_TYPE_RETURN_CODE;
	out->RetCode = MIG_BAD_ID;
}

ipc_kmsg_t ipc_kobject_server(ipc_kmsg_t request)
{
	const struct mig_routine *routine = find_routine(request->ikm_header.msgh_id);
	ipc_kmsg_t reply = ikm_alloc(routine ? routine->reply_size : sizeof(struct mig_reply_error));
	if (!reply) {
		ipc_kmsg_destroy(request); /* who waits for an answer is told that there is none */
		return IKM_NULL;
	}
	struct mig_reply_error *out = (struct mig_reply_error *)&reply->ikm_header;
	prepare(&reply->ikm_header, &request->ikm_header);
	interrupt_window();
	if (routine)
		routine->stub(&request->ikm_header, &reply->ikm_header);
	interrupt_window();
	/* The right for the reply is in the reply now, or the routine's; so is the body if it has succeeded. */
	request->ikm_header.msgh_local_port = MACH_PORT_NULL;
	if (out->RetCode == KERN_SUCCESS || out->RetCode == MIG_NO_REPLY)
		request->ikm_header.msgh_bits &= ~MACH_MSGH_BITS_COMPLEX;
	ipc_kmsg_received(request);
	if (out->RetCode != MIG_NO_REPLY && IP_VALID(ipc_port_of_word(reply->ikm_header.msgh_remote_port)))
		return reply;
	if (out->RetCode != MIG_NO_REPLY)
		ipc_kmsg_clean_body(reply);
	ikm_free(reply);
	return IKM_NULL;
}

void ipc_kobject_destroy(ipc_port_t port)
{
	if (port->kotype == IKOT_PAGER)
		vm_object_destroy(port);
}
