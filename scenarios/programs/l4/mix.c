/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mix: a client with a working set, and servers with working sets of their own, each in its address space.  A pass is
 * one RPC to one of the servers, which accesses all its pages before it answers, and then one access to each page of the
 * client's (as L95 Figure 2 has it, whose server touches two pages).
 *
 * Span: pass.  Value: count.
 * Arguments: pages=N (8) of the client, up to 128; servers=N (1), up to 8; server_pages=N (1) of each server, up to 32;
 * rpc=0|1 (1): 0 leaves the RPC out; count=N (1000) passes; seed=N (1).
 *
 * Which server is called is drawn by chance, and between passes passes a time that is drawn, too: a TLB that replaces by
 * a counter of cycles would else come into step with the passes.  Both are the same for all processors.
 */
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/family.h"
#include "pager/lib/l4/program.h"

enum { PAGES_AT_MOST = 128, SERVERS_AT_MOST = 8, SERVER_PAGES_AT_MOST = 32, WARM_UP = 16, LINE = 32 };
enum { STRIDE = PAGE_SIZE + LINE }; /* pages' accesses do not compete for one set of the data cache */

static uint8_t client_stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint8_t server_stack[SERVERS_AT_MOST][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static volatile uint8_t data[(PAGES_AT_MOST + 1) * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static volatile uint8_t server_data[SERVERS_AT_MOST][(SERVER_PAGES_AT_MOST + 1) * PAGE_SIZE]
	__attribute__((aligned(PAGE_SIZE)));
static uint32_t count, pages, servers, server_pages, random_state;
static bool rpc;
static l4_threadid_t server[SERVERS_AT_MOST], chief;

static inline __attribute__((always_inline)) void access_pages(volatile uint8_t *at, uint32_t n)
{
	for (volatile uint8_t *end = at + n * STRIDE; at != end; at += STRIDE)
		(void)*at;
}

/* A server: argument points to its own pages. */
static void serve(void *argument)
{
	volatile uint8_t *own = argument;
	l4_threadid_t client;
	uint32_t word, other;

	l4_ipc_wait(&client, &word, &other, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		access_pages(own, server_pages);
		word++;
		l4_ipc_reply_and_wait_registers(&client, &word, &other);
	}
}

static uint32_t drawn(void)
{
	random_state = random_state * 1664525u + 1013904223u;
	return random_state >> 16;
}

static __attribute__((noinline)) void wait_a_little(uint32_t turns)
{
	for (volatile uint32_t i = 0; i < turns; i++)
		;
}

static __attribute__((noinline)) void pass_with_rpc(l4_threadid_t to, uint32_t n)
{
	uint32_t word = 1, other = 0;

	MUK_SPAN_BEGIN("pass");
	l4_ipc_call_registers(to, &word, &other);
	access_pages(data, n);
	MUK_SPAN_END("pass");
}

static __attribute__((noinline)) void pass_without(uint32_t n)
{
	MUK_SPAN_BEGIN("pass");
	access_pages(data, n);
	MUK_SPAN_END("pass");
}

static void run_client(void *unused)
{
	(void)unused;
	for (uint32_t i = 0; i < WARM_UP; i++) {
		uint32_t word = 1, other = 0;

		l4_ipc_call_registers(server[i % servers], &word, &other);
		access_pages(data, pages);
	}
	for (uint32_t i = 0; i < count; i++) {
		const l4_threadid_t to = server[drawn() % servers];

		wait_a_little(drawn() % 64);
		if (rpc)
			pass_with_rpc(to, pages);
		else
			pass_without(pages);
	}
	l4_ipc_send(chief, L4_IPC_SHORT, 0, 0, L4_NEVER);
}

static bool read_arguments(void)
{
	count = argument_number("count", 1000);
	pages = argument_number("pages", 8);
	servers = argument_number("servers", 1);
	server_pages = argument_number("server_pages", 1);
	random_state = argument_number("seed", 1);
	rpc = argument_number("rpc", 1) != 0;
	return pages <= PAGES_AT_MOST && servers >= 1 && servers <= SERVERS_AT_MOST && server_pages <= SERVER_PAGES_AT_MOST;
}

int program_main(void)
{
	uint32_t w0 = 0, w1 = 0;
	l4_threadid_t client;

	if (!read_arguments())
		return 1;
	chief = l4_myself();
	family_open();
	for (uint32_t n = 0; n < servers; n++) {
		server[n] = family_start(server_stack[n], PAGE_SIZE, serve, (void *)(uintptr_t)server_data[n]);
		program_name_task(server[n], "server");
	}
	client = family_start(client_stack, sizeof(client_stack), run_client, NULL);
	program_name_task(client, "client");
	l4_ipc_receive(client, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	MUK_VALUE("count", count);
	if (console_open())
		print("mix: %u passes over %u pages, %u servers of %u pages, %s\n", count, pages, servers, server_pages,
		      rpc ? "with RPC" : "without RPC");
	return 0;
}
