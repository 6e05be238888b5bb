/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpc: one byte there and back between two address spaces (L95 Table 2).  Client and server are two tasks of one clan,
 * whose chief is this program.  It is a procedure call to those who use it: the byte lies in the client's memory, is
 * copied to the server's, and the answer into the client's again; on the way it is in a register.  Beside it, the bare
 * thing: the two kernel calls and nothing else, words in registers on both sides.
 *
 * Spans: rpc, one round trip, user to user: from the client's call of its stub to the stub's return; registers, the same
 * with no stub and no memory.  Value: count.  Argument: count=N (1000).
 */
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/family.h"
#include "pager/lib/l4/program.h"

enum { WARM_UP = 8 };

static uint8_t server_stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint8_t client_stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint8_t echo_stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint32_t count;
static l4_threadid_t server, echo;

/* The client's stub: the argument and the result are bytes in its memory. */
static __attribute__((noinline)) uint32_t remote_increment(l4_threadid_t to, const uint8_t *argument, uint8_t *result)
{
	uint32_t word = *argument, rest = 0;
	l4_msgdope_t dope = l4_ipc_call_registers(to, &word, &rest);

	*result = (uint8_t)word;
	return dope;
}

/* The server's loop with the procedure in it. */
static void increment_server(void *unused)
{
	l4_threadid_t client;
	uint32_t word, rest;
	volatile uint8_t argument;

	(void)unused;
	l4_ipc_wait(&client, &word, &rest, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		argument = (uint8_t)word;
		word = argument + 1u;
		l4_ipc_reply_and_wait_registers(&client, &word, &rest);
	}
}

/* A server that does nothing. */
static void echo_server(void *unused)
{
	l4_threadid_t client;
	uint32_t word, rest;

	(void)unused;
	l4_ipc_wait(&client, &word, &rest, L4_IPC_SHORT, L4_NEVER);
	for (;;)
		l4_ipc_reply_and_wait_registers(&client, &word, &rest);
}

static void time_registers(void)
{
	uint32_t word = 1, rest = 0;

	for (uint32_t i = 0; i < WARM_UP; i++)
		l4_ipc_call_registers(echo, &word, &rest);
	for (uint32_t i = 0; i < count; i++) {
		MUK_SPAN_BEGIN("registers");
		l4_ipc_call_registers(echo, &word, &rest);
		MUK_SPAN_END("registers");
	}
}

/* Tells the chief how many answers were wrong. */
static void run_client(void *chief)
{
	uint8_t argument = 0, result = 0;
	uint32_t wrong = 0;

	time_registers();

	for (uint32_t i = 0; i < WARM_UP; i++)
		remote_increment(server, &argument, &result);
	for (uint32_t i = 0; i < count; i++) {
		argument = (uint8_t)i;
		MUK_SPAN_BEGIN("rpc");
		remote_increment(server, &argument, &result);
		MUK_SPAN_END("rpc");
		wrong += result != (uint8_t)(i + 1);
	}
	l4_ipc_send(*(l4_threadid_t *)chief, L4_IPC_SHORT, wrong, 0, L4_NEVER);
}

int program_main(void)
{
	l4_threadid_t self = l4_myself(), client;
	uint32_t wrong, rest;

	count = argument_number("count", 1000);
	family_open();
	server = family_start(server_stack, sizeof(server_stack), increment_server, NULL);
	echo = family_start(echo_stack, sizeof(echo_stack), echo_server, NULL);
	client = family_start(client_stack, sizeof(client_stack), run_client, &self);
	program_name_task(server, "server");
	program_name_task(echo, "echo");
	program_name_task(client, "client");
	l4_ipc_receive(client, &wrong, &rest, L4_IPC_SHORT, L4_NEVER);
	MUK_VALUE("count", count);
	if (console_open())
		print("rpc: %u round trips, %u wrong\n", (unsigned)count, (unsigned)wrong);
	return wrong == 0 ? 0 : 1;
}
