/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-switch: what a switch of address spaces costs by itself (L95 §4.1.2,
 * Table 1, §5.1): CR3 is loaded, and the TLB must be filled again with the
 * working set that was there before.
 *
 * Spans (bare-switch.S)
 *   base    the working set is touched; the TLB has it, as far as it can
 *   switch  CR3 is loaded (the other space's directory), then the working set is touched
 *   round   from a large space to a small one and back: CR3, the small working set, CR3, the large one
 * What a switch costs is switch less base.
 *
 * The working set: data pages that are read, and code pages that are passed through, of which this program's own page
 * of measured code is one.  Both spaces map it alike, as a caller finds its own pages again.  Pages lie 9 pages apart:
 * in neighbouring sets (9 is 1 modulo 8 and odd modulo 16: any 8, any 16 successive ones are in different sets), each
 * with a table entry in a cache line of its own.  The page of measured code is in the last set (bare.ld), so that 31
 * others fill 8 sets of 4 ways with it exactly.
 *
 * Arguments: data=N (3) pages, code=N (1) pages, small=N (3) data pages of the small space, count=N (20),
 * cold=1: the caches are emptied before each switch, so that no table entry is in them (needs a 486).
 */
#include "scenarios/programs/bare/bare-switch.h"
#include "scenarios/programs/bare/bare.h"

enum { PAGES_AT_MOST = 96, DATA_FRAMES = 4 << 20, CODE_FRAMES = 8 << 20 };

struct working_set {
	uint32_t data_base, data_pages, code_entry;
};

void measure_base(const struct working_set *set);
void measure_switch(const struct working_set *set, uint32_t directory);
void measure_round(const struct working_set *large, uint32_t large_directory, uint32_t small_pages,
                   uint32_t small_directory);

/* jmp *%ebx and jmp rel32, as the pages of code hold them. */
enum { JMP_EBX_0 = 0xff, JMP_EBX_1 = 0xe3, JMP_REL32 = 0xe9, JMP_LENGTH = 5 };

/* A chain of jumps through so many pages; the last returns by EBX. Returns where it begins, 0 for an empty chain. */
static uint32_t build_chain(uint32_t pages)
{
	const uint32_t offset = STEP - JMP_LENGTH;

	for (uint32_t n = 0; n < pages; n++) {
		uint8_t *at = (uint8_t *)(uintptr_t)(CODE_FRAMES + n * STEP);

		if (n + 1 == pages) {
			at[0] = JMP_EBX_0;
			at[1] = JMP_EBX_1;
			continue;
		}
		at[0] = JMP_REL32;
		for (unsigned i = 0; i < 4; i++)
			at[1 + i] = (uint8_t)(offset >> 8 * i);
	}
	return pages == 0 ? 0 : (uint32_t)CODE_BASE;
}

static void map_all(uint32_t *directory)
{
	for (uint32_t n = 0; n < PAGES_AT_MOST; n++) {
		uint32_t page = n * STEP & ~(uint32_t)(PAGE - 1);

		bare_map(directory, DATA_BASE + page, DATA_FRAMES + page, PTE_WRITE | PTE_USER);
		bare_map(directory, CODE_BASE + page, CODE_FRAMES + page, PTE_WRITE | PTE_USER);
		bare_map(directory, SMALL_BASE + page, DATA_FRAMES + page, PTE_WRITE | PTE_USER);
	}
}

static void empty_caches(bool wanted)
{
	if (wanted)
		__asm__ volatile("wbinvd" : : : "memory");
}

static bool arguments_fit(uint32_t data, uint32_t code, uint32_t small)
{
	if (data <= PAGES_AT_MOST && code >= 1 && code <= PAGES_AT_MOST && small <= PAGES_AT_MOST)
		return true;
	print("bare-switch: data=0..%u code=1..%u small=0..%u\n", (unsigned)PAGES_AT_MOST, (unsigned)PAGES_AT_MOST,
	      (unsigned)PAGES_AT_MOST);
	return false;
}

int program_main(void)
{
	uint32_t count = argument_number("count", 20), data = argument_number("data", 3);
	uint32_t code = argument_number("code", 1), small = argument_number("small", 3);
	bool cold = argument_number("cold", 0) != 0;
	uint32_t *one = bare_new_directory(), *other = bare_new_directory();
	struct working_set set;

	if (!arguments_fit(data, code, small))
		return 1;
	set = (struct working_set){ DATA_BASE, data, build_chain(code - 1) };
	map_all(one);
	map_all(other);
	bare_paging_on(one);
	for (uint32_t i = 0; i <= count; i++) {
		uint32_t next = (uint32_t)(uintptr_t)(i % 2 == 0 ? other : one);

		measure_base(&set);
		empty_caches(cold);
		measure_switch(&set, next);
		measure_base(&set);
		empty_caches(cold);
		measure_round(&set, next, small, (uint32_t)(uintptr_t)(i % 2 == 0 ? one : other));
	}
	MUK_VALUE("pages", data + code);
	print("bare-switch: %u switches, %u data pages, %u code pages\n", count + 1, data, code);
	return 0;
}
