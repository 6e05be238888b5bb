/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's three shortest ways cost, each many times warm, its first time apart (L95 §4.1.1 and table 2 have Mach's
 * figures): a trap that does nothing; a trap that looks something up; a message of one integer to another task and
 * back; a page fault that a manager of another task answers.
 *
 *   this task: client                      other task: server
 *     mach_msg(SEND | RCV) ------request---> mach_msg(SEND | RCV), for ever
 *          ^-------------------reply-------------'
 *
 * Arguments: count=N (1000 calls and RPCs), pages=N (64 faults).
 */
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/print.h"
#include "memory_object_server.h"
#include "scenarios/programs/mach/arguments.h"

enum { REQUEST_ID = 1995, EXIT_WRONG = 2 };

struct one_integer {
	mach_msg_header_t head;
	mach_msg_type_t type;
	uint32_t integer;
};

static mach_port_t service, object;

static void expect(bool holds, const char *what)
{
	if (holds)
		return;
	print("kernel-paths: %s\n", what);
	exit(EXIT_WRONG);
}

/* --- The server of RPCs --- */

static void serve_integers(void *unused)
{
	struct one_integer message;

	(void)unused;
	mach_msg_return_t result = mach_msg_trap(&message.head, MACH_RCV_MSG, 0, sizeof message, service, 0, 0);
	while (result == MACH_MSG_SUCCESS) {
		message.head.msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(message.head.msgh_bits), 0);
		message.head.msgh_local_port = MACH_PORT_NULL;
		message.integer++;
		result = mach_msg_trap(&message.head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof message, sizeof message,
		                       service, 0, 0);
	}
	expect(false, "the server's message failed");
}

static uint32_t call(mach_port_t reply, uint32_t integer)
{
	struct one_integer message = {
		.head = {
			.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE),
			.msgh_remote_port = service,
			.msgh_local_port = reply,
			.msgh_id = REQUEST_ID,
		},
		.type = { .msgt_name = MACH_MSG_TYPE_INTEGER_32, .msgt_size = 32, .msgt_number = 1, .msgt_inline = 1 },
		.integer = integer,
	};
	const mach_msg_return_t result = mach_msg_trap(&message.head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof message,
	                                               sizeof message, reply, 0, 0);

	expect(result == MACH_MSG_SUCCESS, "an RPC failed");
	return message.integer;
}
