/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-segments: what one segment register load costs, what a switch of address
 * spaces by segments costs, and what fast instructions cost (L95 Tables 1, 3).
 *
 * Spans:
 *   segment_load    LOADS loads of a segment register
 *   segment_switch  one switch: the new space's data selector to DS, ES, FS, GS, and its code and data selectors to
 *                   the frame with which the kernel will return to user mode (iret loads CS and SS: a part of the trap)
 *   fast_dependent  FAST instructions, each needing the one before
 *   fast_pairs      FAST instructions of which any two neighbours are independent
 * Value: loads, fast (how many are in a span).
 * Argument: count=N (100).
 */
#include "scenarios/programs/bare/bare.h"

enum { LOADS = 16, FAST = 64 };
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

static void load_segments(void)
{
	__asm__ volatile(MUK_PROBE_SITE("segment_load:begin", 0, "")
	                 ".rept " TEXT(16) "\nmovw %w0, %%es\n.endr\n"
	                 MUK_PROBE_SITE("segment_load:end", 0, "")
	                 : : "r"(SELECTOR_DATA0));
}

/* From a space to another and to the kernel's own segments again: only the first half is measured. */
static void switch_segments(void)
{
	uint32_t frame[5];

	__asm__ volatile("pushl %%ebp\n"
	                 "movl %0, %%ebp\n"
	                 MUK_PROBE_SITE("segment_switch:begin", 0, "")
	                 "movl %1, %%eax\n"
	                 "movw %%ax, %%ds\n"
	                 "movw %%ax, %%es\n"
	                 "movw %%ax, %%fs\n"
	                 "movw %%ax, %%gs\n"
	                 "movl %%eax, 16(%%ebp)\n"
	                 "movl %2, 4(%%ebp)\n"
	                 MUK_PROBE_SITE("segment_switch:end", 0, "")
	                 "movl %3, %%eax\n"
	                 "movw %%ax, %%ds\n"
	                 "movw %%ax, %%es\n"
	                 "popl %%ebp"
	                 : : "r"(frame), "i"(SELECTOR_SMALL_DATA), "i"(SELECTOR_SMALL_CODE), "i"(SELECTOR_DATA0)
	                 : "eax", "memory");
}

static void run_fast(void)
{
	__asm__ volatile(MUK_PROBE_SITE("fast_dependent:begin", 0, "")
	                 ".rept " TEXT(64) "\naddl $1, %%eax\n.endr\n"
	                 MUK_PROBE_SITE("fast_dependent:end", 0, "")
	                 : : : "eax");
	__asm__ volatile(MUK_PROBE_SITE("fast_pairs:begin", 0, "")
	                 ".rept " TEXT(32) "\naddl $1, %%eax\naddl $1, %%edx\n.endr\n"
	                 MUK_PROBE_SITE("fast_pairs:end", 0, "")
	                 : : : "eax", "edx");
}

int program_main(void)
{
	uint32_t count = argument_number("count", 100);

	bare_paging_on(bare_new_directory());
	for (uint32_t i = 0; i < count; i++) {
		load_segments();
		switch_segments();
		run_fast();
	}
	MUK_VALUE("loads", LOADS);
	MUK_VALUE("fast", FAST);
	print("bare-segments: %u times %u loads, %u switches\n", count, (unsigned)LOADS, count);
	return 0;
}
