/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workset: an application with a stable working set executes a short RPC to a server with a small one, and then
 * accesses all its pages again (L95 Figure 2).  The same is run without the RPC; the difference is what the RPC
 * costs, the working set's return to the TLB included.
 *
 * Span: pass, the RPC (if any) and one access to each page of the working set.  Value: count.
 * Arguments: pages=N (8) data pages, up to 64; rpc=0|1 (1); count=N (1000) passes.
 * server=small|large (small), client=small|large (large): in what kind of address space each is to live, where the
 * kernel has both.  Application and server are two tasks of one clan, whose chief is this program.
 *
 * The data pages are accessed at different offsets, so that they do not compete for one set of the data cache (footnote
 * to §4.1.2); the server's working set is two pages, its stack's and one of data.
 */
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/family.h"
#include "pager/lib/l4/program.h"

enum { PAGES_AT_MOST = 64, WARM_UP = 4, LINE = 32, STRIDE = PAGE_SIZE + LINE };

static uint8_t server_stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static volatile uint32_t server_data[PAGE_SIZE / sizeof(uint32_t)] __attribute__((aligned(PAGE_SIZE)));
static uint8_t client_stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint32_t count, pages;
static bool rpc;
static l4_threadid_t server, chief;
static volatile uint8_t data[(PAGES_AT_MOST + 1) * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

/* Its stack's page and its data's page are touched in each call. */
static void serve(void *unused)
{
	l4_threadid_t client;
	uint32_t word, other;

	(void)unused;
	l4_ipc_wait(&client, &word, &other, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		volatile uint32_t on_stack = word;

		word = on_stack + 1;
		server_data[0] = word;
		l4_ipc_reply_and_wait_registers(&client, &word, &other);
	}
}

static inline __attribute__((always_inline)) void access_pages(uint32_t n)
{
	for (volatile uint8_t *at = data, *end = data + n * STRIDE; at != end; at += STRIDE)
		(void)*at;
}

static __attribute__((noinline)) void pass_with_rpc(l4_threadid_t to, uint32_t n)
{
	uint32_t word = 1, other = 0;

	MUK_SPAN_BEGIN("pass");
	l4_ipc_call_registers(to, &word, &other);
	access_pages(n);
	MUK_SPAN_END("pass");
}

static __attribute__((noinline)) void pass_without(uint32_t n)
{
	MUK_SPAN_BEGIN("pass");
	access_pages(n);
	MUK_SPAN_END("pass");
}

static void choose_space(l4_threadid_t thread, const char *who, uint32_t by_default)
{
	uint32_t kind = by_default, old, state;

	if (argument_is(who, "large"))
		kind = L4_SMALL_LARGE;
	else if (argument_is(who, "small"))
		kind = L4_SMALL_SMALL;
	old = l4_thread_schedule(thread, L4_SCHEDULE_ASK, &state);
	if (old != L4_SCHEDULE_ASK)
		l4_thread_schedule(thread, (old & 0xff) | kind << 8, &state);
}

/* The application.  What it needs is in registers before a span begins. */
static void run_client(void *unused)
{
	(void)unused;
	for (uint32_t i = 0; i < WARM_UP; i++) {
		uint32_t word = 1, other = 0;

		l4_ipc_call_registers(server, &word, &other);
		access_pages(pages);
	}
	for (uint32_t i = 0; i < count; i++) {
		if (rpc)
			pass_with_rpc(server, pages);
		else
			pass_without(pages);
	}
	l4_ipc_send(chief, L4_IPC_SHORT, 0, 0, L4_NEVER);
}

int program_main(void)
{
	uint32_t w0 = 0, w1 = 0;
	l4_threadid_t client;

	count = argument_number("count", 1000);
	pages = argument_number("pages", 8);
	rpc = argument_number("rpc", 1) != 0;
	chief = l4_myself();
	if (pages > PAGES_AT_MOST)
		return 1;
	family_open();
	server = family_start(server_stack, sizeof(server_stack), serve, NULL);
	choose_space(server, "server", L4_SMALL_SMALL);
	client = family_start(client_stack, sizeof(client_stack), run_client, NULL);
	choose_space(client, "client", L4_SMALL_LARGE);
	program_name_task(server, "server");
	program_name_task(client, "client");
	l4_ipc_receive(client, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	MUK_VALUE("count", count);
	if (console_open())
		print("workset: %u passes over %u pages, %s\n", count, pages,
		      rpc ? "with RPC" : "without RPC");
	return 0;
}
