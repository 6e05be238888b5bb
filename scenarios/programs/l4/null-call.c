/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * null-call: the shortest kernel call, by a thread that asks for its own nearest id (L95 §4.1.1).
 *
 * Span: null, one call.  Value: count.
 * Arguments: count=N (100); cold=1: before each call another address space runs (the TLB is flushed where the switch is
 * by page table) and the caches are filled with other data.
 */
#include "pager/lib/console.h"
#include "pager/lib/family.h"
#include "pager/lib/program.h"
#include "scenarios/programs/l4/echo.h"

enum { WARM_UP = 4, POLLUTION = 32768, LINE = 16 };

static uint8_t server_stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static volatile uint8_t pollution[POLLUTION] __attribute__((aligned(PAGE_SIZE)));

static void measured_call(void)
{
	l4_threadid_t id = L4_NIL_ID;

	MUK_SPAN_BEGIN("null");
	__asm__ volatile("int $0x31" : "+S"(id.low), "+D"(id.high) : : "eax", "ecx", "edx", "memory", "cc");
	MUK_SPAN_END("null");
}

static void call(void)
{
	l4_threadid_t id = L4_NIL_ID;

	l4_id_nearest(&id);
}

/* What was in cache and TLB is gone afterwards. */
static void grow_cold(l4_threadid_t server)
{
	uint32_t word = 0, other = 0;

	for (uint32_t i = 0; i < POLLUTION; i += LINE)
		(void)pollution[i];
	l4_ipc_call_registers(server, &word, &other);
}

int program_main(void)
{
	uint32_t count = argument_number("count", 100);
	bool cold = argument_number("cold", 0) != 0;
	l4_threadid_t server;

	family_open();
	server = family_start(server_stack, sizeof(server_stack), echo_server, NULL);
	grow_cold(server);
	for (uint32_t i = 0; i < WARM_UP; i++)
		call();
	for (uint32_t i = 0; i < count; i++) {
		if (cold)
			grow_cold(server);
		measured_call();
	}
	MUK_VALUE("count", count);
	if (console_open())
		print("null-call: %u calls, %s\n", (unsigned)count, cold ? "cold" : "warm");
	return 0;
}
