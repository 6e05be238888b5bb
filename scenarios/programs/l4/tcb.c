/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcb: how the alignment of thread control blocks meets a two-way cache (L95 §5.1).  IPC accesses two control blocks
 * and kernel stacks at once; if they compete for the same sets, and anything else is wanted there too, they drive
 * each other out.  Random pairs of threads call each other; between two calls the caller reads a piece of memory
 * that takes one way of every set, as a program's own data would.
 *
 * Spans: colliding, one call of a pair whose control blocks, by their alignment, compete for the same sets; apart,
 * one of another pair.  Values: pairs, collisions: how many.
 * Arguments: pairs=N (300), threads=N (100), seed=N (1995).
 */
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/program.h"
#include "pager/lib/l4/thread.h"

enum { THREADS_AT_MOST = 120, FIRST = 4, STACK = 512, WARM_UP = 3, WAY = 4096, LINE = 32 };

static uint8_t stack[THREADS_AT_MOST][STACK] __attribute__((aligned(PAGE_SIZE)));
static volatile uint8_t own_data[WAY] __attribute__((aligned(PAGE_SIZE)));
static uint32_t random_state;

/* What a caller is told to do: it calls partner and tells who asked. */
struct order {
	l4_threadid_t partner;
	bool collides;
};
static struct order order;

/* Linear congruential, the upper bits. */
static uint32_t random_below(uint32_t limit)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % limit;
}

static inline __attribute__((always_inline)) void use_own_data(void)
{
	for (uint32_t i = 0; i < WAY; i += LINE)
		(void)own_data[i];
}

static void call_partner(l4_threadid_t partner, bool collides)
{
	uint32_t word = 1, other = 0;

	for (unsigned i = 0; i < WARM_UP; i++) {
		use_own_data();
		l4_ipc_call_registers(partner, &word, &other);
	}
	use_own_data();
	if (collides) {
		MUK_SPAN_BEGIN("colliding");
		l4_ipc_call_registers(partner, &word, &other);
		MUK_SPAN_END("colliding");
	} else {
		MUK_SPAN_BEGIN("apart");
		l4_ipc_call_registers(partner, &word, &other);
		MUK_SPAN_END("apart");
	}
}

/* A thread: asked with word 0 it answers; asked with ORDER by the main thread it calls order.partner first. */
enum { ORDER = 0x1000 };
static void take_part(void *unused)
{
	l4_threadid_t client;
	uint32_t word, other;

	(void)unused;
	l4_ipc_wait(&client, &word, &other, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		if (word == ORDER)
			call_partner(order.partner, order.collides);
		word = 0;
		l4_ipc_reply_and_wait_registers(&client, &word, &other);
	}
}

static bool compete(uint32_t one, uint32_t other, uint32_t tcb_size)
{
	return one * tcb_size % WAY == other * tcb_size % WAY;
}

int program_main(void)
{
	uint32_t pairs = argument_number("pairs", 300), threads = argument_number("threads", 100), collisions = 0;
	l4_threadid_t self = l4_myself();

	random_state = argument_number("seed", 1995);
	if (threads < 2 || threads > THREADS_AT_MOST)
		return 1;
	for (uint32_t n = 0; n < threads; n++)
		thread_start(FIRST + n, stack[n], STACK, take_part, NULL);
	for (uint32_t i = 0; i < pairs; i++) {
		uint32_t one = random_below(threads), other = random_below(threads - 1), word = ORDER, nothing = 0;

		if (other >= one)
			other++;
		order.partner = l4_id_sibling(self, FIRST + other);
		order.collides = compete(one, other, program_kip()->tcb_size);
		collisions += order.collides;
		l4_ipc_call_registers(l4_id_sibling(self, FIRST + one), &word, &nothing);
	}
	MUK_VALUE("pairs", pairs);
	MUK_VALUE("collisions", collisions);
	if (console_open())
		print("tcb: %u pairs of %u threads, %u compete\n", pairs, threads, collisions);
	return 0;
}
