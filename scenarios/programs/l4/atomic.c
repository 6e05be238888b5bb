/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * atomic: what the library says nothing comes between (pager/lib/l4/ARCH/atomic.h), under threads of one priority that
 * take the processor from each other whenever a timeslice ends: each adds to a counter by compare_exchange, and passes
 * tokens around by exchange.  What came between would lose additions, and tokens.
 *
 * Argument: count=N (40000) for each thread; it wants some timeslices to be of use.
 */
#include "atomic.h"
#include "pager/lib/claim.h"
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/program.h"
#include "pager/lib/l4/thread.h"

enum { WORKERS = 3, FIRST = 4 };

static uint8_t stack[WORKERS][1024] __attribute__((aligned(16)));
static volatile uint32_t counter, slot;
static uint32_t count, token[WORKERS];

static void add(void)
{
	uint32_t old;

	do
		old = counter;
	while (!compare_exchange(&counter, old, old + 1));
}

static void work(void *which)
{
	const unsigned n = (unsigned)which;
	uint32_t mine = 1u << n;

	for (uint32_t i = 0; i < count; i++) {
		add();
		mine = exchange(&slot, mine);
	}
	token[n] = mine;
	l4_ipc_send(l4_id_sibling(l4_myself(), 0), L4_IPC_SHORT, n, 0, L4_NEVER);
	thread_end();
}

int program_main(void)
{
	l4_threadid_t from;
	uint32_t w0, w1, tokens;

	console_open();
	count = argument_number("count", 40000);
	slot = 1u << WORKERS;
	for (unsigned n = 0; n < WORKERS; n++)
		thread_start(FIRST + n, stack[n], sizeof(stack[n]), work, (void *)n);
	for (unsigned n = 0; n < WORKERS; n++)
		l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	tokens = slot;
	for (unsigned n = 0; n < WORKERS; n++)
		tokens += token[n];
	claim(counter == WORKERS * count, "atomic: no addition by compare_exchange is lost");
	claim(tokens == (1u << (WORKERS + 1)) - 1, "atomic: no token that exchange passes is lost, and none is there twice");
	claim(!compare_exchange(&counter, counter + 1, 0) && counter == WORKERS * count,
	      "atomic: compare_exchange leaves what is not as it was told");
	return claims_end();
}
