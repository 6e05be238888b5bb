/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpc: one byte there and back between two address spaces (L95 Table 2): call by the client, reply-and-wait by the
 * server, the byte in a register.
 *
 * Span: rpc, one round trip, user to user.  Value: count.
 * Arguments: count=N (1000); small=1 asks for small address spaces for both.
 */
#include "pager/lib/console.h"
#include "pager/lib/family.h"
#include "pager/lib/program.h"
#include "scenarios/programs/l4/echo.h"

enum { WARM_UP = 8 };

static uint8_t server_stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

int program_main(void)
{
	uint32_t count = argument_number("count", 1000), wrong = 0;
	l4_threadid_t server;

	family_open();
	server = family_start(server_stack, sizeof(server_stack), echo_server, NULL);
	for (uint32_t i = 0; i < count + WARM_UP; i++) {
		uint32_t byte = i & 0xff, rest = 0;

		if (i < WARM_UP) {
			l4_ipc_call_registers(server, &byte, &rest);
			continue;
		}
		MUK_SPAN_BEGIN("rpc");
		l4_ipc_call_registers(server, &byte, &rest);
		MUK_SPAN_END("rpc");
		wrong += byte != (i & 0xff) + 1;
	}
	MUK_VALUE("count", count);
	if (console_open())
		print("rpc: %u round trips, %u wrong\n", (unsigned)count, (unsigned)wrong);
	return wrong == 0 ? 0 : 1;
}
