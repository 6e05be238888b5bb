/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-cache: how much the first-level cache holds, and how long its lines are (L95 Table 3): memory is read twice, a
 * word of every 16 bytes.
 *
 * Spans: first, the first time, after the caches were emptied; again, the second time.
 * Arguments: size=N bytes (4096), up to 64 KB.
 */
#include "scenarios/programs/bare/bare.h"

enum { AT_MOST = 65536, STEP = 16 };

static uint32_t memory[AT_MOST / sizeof(uint32_t)] __attribute__((aligned(PAGE)));

/* In registers: nothing else of the program's data is read. */
static inline __attribute__((always_inline)) void read_all(const uint32_t *at, const uint32_t *end)
{
	__asm__ volatile("1: movl (%0), %%eax\n\taddl %2, %0\n\tcmpl %1, %0\n\tjb 1b"
	                 : "+r"(at) : "r"(end), "i"(STEP) : "eax", "cc");
}

static __attribute__((noinline)) void read_twice(const uint32_t *end)
{
	__asm__ volatile("wbinvd" : : : "memory");
	MUK_SPAN_BEGIN("first");
	read_all(memory, end);
	MUK_SPAN_END("first");
	MUK_SPAN_BEGIN("again");
	read_all(memory, end);
	MUK_SPAN_END("again");
}

int program_main(void)
{
	uint32_t size = argument_number("size", 4096);

	if (size < STEP || size > AT_MOST)
		return 1;
	bare_paging_on(bare_new_directory());
	for (unsigned i = 0; i < 4; i++)
		read_twice(memory + size / sizeof(uint32_t));
	print("bare-cache: %u bytes\n", size);
	return 0;
}
