/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * null-call: the shortest kernel call, by a thread that asks for its own nearest id (L95 §4.1.1).
 *
 * Span: null, one call.  Value: count.
 * Arguments: count=N (100); cold=1: before each call the program reads so many pages, and so many lines, of its own
 * that nothing of the kernel's is left in TLB and cache: the call is executed infrequently enough.
 */
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/program.h"

enum { WARM_UP = 4, PAGES = 64 /* more than any TLB here holds */, BYTES = 32768 /* and any cache */, LINE = 16 };

static volatile uint8_t pollution[PAGES * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void measured_call(void)
{
	l4_threadid_t id = L4_NIL_ID;

	MUK_SPAN_BEGIN("null");
	l4_null_call(&id);
	MUK_SPAN_END("null");
}

static void call(void)
{
	l4_threadid_t id = L4_NIL_ID;

	l4_id_nearest(&id);
}

/* What was in cache and TLB is gone afterwards. */
static void grow_cold(void)
{
	for (uint32_t i = 0; i < BYTES; i += LINE)
		(void)pollution[i];
	for (uint32_t page = 0; page < PAGES; page++)
		(void)pollution[page * PAGE_SIZE + page * LINE];
}

int program_main(void)
{
	uint32_t count = argument_number("count", 100);
	bool cold = argument_number("cold", 0) != 0;

	grow_cold();
	for (uint32_t i = 0; i < WARM_UP; i++)
		call();
	for (uint32_t i = 0; i < count; i++) {
		if (cold)
			grow_cold();
		measured_call();
	}
	MUK_VALUE("count", count);
	if (console_open())
		print("null-call: %u calls, %s\n", (unsigned)count, cold ? "cold" : "warm");
	return 0;
}
