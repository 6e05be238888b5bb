/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What servers stand on (pager/lib): formatted text, allocation, locks. */
#include "pager/lib/l4/alloc.h"
#include "pager/lib/format.h"
#include "pager/lib/l4/lock.h"
#include "scenarios/programs/l4/claims/claims.h"

enum { POOL = 1024, WORKERS = 3, ROUNDS = 20 };

static uint8_t memory[POOL] __attribute__((aligned(ALLOC_UNIT)));

static void states_format(void)
{
	char text[32];
	size_t length = format_text(text, sizeof(text), "%d|%5u|%04x|%s", -7, 42u, 0x2fu, "abc");

	claim(strcmp(text, "-7|   42|002f|abc") == 0 && length == 17, "library: text is formatted");
	length = format_text(text, 4, "%s", "abcdef");
	claim(strcmp(text, "abc") == 0 && length == 6, "library: what does not fit is cut, and its length told");
}

static void states_allocation(void)
{
	struct alloc_pool pool = { NULL };
	void *a, *b, *c;

	alloc_give(&pool, memory, sizeof(memory));
	a = alloc_take(&pool, 100);
	b = alloc_take(&pool, 200);
	c = alloc_take(&pool, 1);
	claim(a != NULL && b != NULL && c != NULL && a != b && b != c, "library: pieces of a pool are different");
	claim(alloc_take(&pool, POOL) == NULL, "library: what is not there is not given");
	alloc_return(&pool, a, 100);
	alloc_return(&pool, c, 1);
	alloc_return(&pool, b, 200);
	claim(alloc_free_bytes(&pool) == POOL && alloc_take(&pool, POOL) == memory,
	      "library: neighbours that come back are one piece");
}

/* Each worker adds to a counter in steps that others must not come between, then reports. */
static struct spin_lock spin;
static struct queue_lock queue;
static volatile uint32_t shared, inside, most_inside;
static bool by_queue;

static void work_inside(void)
{
	uint32_t before = shared;

	inside++;
	if (inside > most_inside)
		most_inside = inside;
	l4_thread_switch(L4_NIL_ID);
	shared = before + 1;
	inside--;
}

static void worker(void *unused)
{
	struct queue_node node;

	(void)unused;
	for (unsigned i = 0; i < ROUNDS; i++) {
		if (by_queue)
			queue_acquire(&queue, &node);
		else
			spin_acquire(&spin);
		work_inside();
		if (by_queue)
			queue_release(&queue, &node);
		else
			spin_release(&spin);
	}
	l4_ipc_send(l4_id_sibling(l4_myself(), 0), L4_IPC_SHORT, 0, 0, L4_NEVER);
	thread_end();
}

static void states_lock(bool queued, const char *kind)
{
	l4_threadid_t from;
	uint32_t w0, w1;

	by_queue = queued;
	shared = most_inside = 0;
	for (unsigned n = 0; n < WORKERS; n++)
		helper_start(n, worker, NULL);
	for (unsigned n = 0; n < WORKERS; n++)
		l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	claim(most_inside == 1, "library: one at a time holds a %s lock", kind);
	claim(shared == WORKERS * ROUNDS, "library: and nothing of what they did under it is lost");
}

void claims_library(void)
{
	states_format();
	states_allocation();
	states_lock(false, "spin");
	states_lock(true, "queue");
}
