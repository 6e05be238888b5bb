/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments and the engine.  The engine knows their bases and nothing of their
 * limits and rights; what it does not check is arranged here.
 *
 *   flat segment           nothing to check
 *   window                 user mode, CS with a limit of whole pages: pages outside are not filled (gear.c) nor entered
 *                          (code.c).  Data segments that show just the window need nothing else.  This is what small
 *                          address spaces are (L95 §4.2, figure 3).
 *   any other segment      "odd": blocks that use it are gone through instruction by instruction (step.c), each access
 *                          checked before it is made
 *
 * Invariants
 *   1. attention has the bit of each odd segment; ATTEND_CODE for a limit of CS that no window stands for.
 *   2. in user mode the engine holds nothing outside the window.
 */
#include <string.h>
#include "sim/arch/x86/runner.h"

enum { PLAIN_DATA = RIGHTS_S | RIGHTS_PRESENT | RIGHTS_WRITABLE };

/* Whole pages, expanding up, not all of memory. */
static bool is_pages(const struct x86_segment_cache *segment)
{
	bool down = !(segment->rights & RIGHTS_CODE) && segment->rights & RIGHTS_EXPAND_DOWN;

	return segment->usable && !down && !(segment->base & PAGE_MASK) && (segment->limit & PAGE_MASK) == PAGE_MASK;
}

static bool is_code_flat(const struct x86_segment_cache *code)
{
	return code->usable && code->limit == 0xffffffff;
}

static bool shows_window(const struct x86_runner *r, const struct x86_segment_cache *segment)
{
	return r->window && is_pages(segment) && segment->base == r->window_base && segment->limit == r->window_limit &&
	       (segment->rights & (PLAIN_DATA | RIGHTS_CODE)) == PLAIN_DATA;
}

static void set_window(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	const struct x86_segment_cache *code = &x86->cpu.seg[CS];
	bool window = is_pages(code) && !is_code_flat(code);

	if (window == r->window && (!window || (code->base == r->window_base && code->limit == r->window_limit)))
		return;
	r->window = window;
	r->window_base = code->base;
	r->window_limit = code->limit;
	forget_recent(r);
	gear_flush(x86);
}

static uint8_t attention_now(const struct x86 *x86)
{
	const struct x86_runner *r = x86->runner;
	const struct x86_cpu *cpu = &x86->cpu;
	bool user = cpu->cpl == 3;
	uint8_t attention = ATTEND_ALWAYS;

	for (unsigned n = 0; n < SEGMENTS; n++) {
		bool flat = x86_segment_is_flat(&cpu->seg[n]) && !(user && r->window);
		if (!flat && !(user && shows_window(r, &cpu->seg[n])))
			attention |= ATTEND_SEGMENT << n;
	}
	if (!is_code_flat(&cpu->seg[CS]) && !(user && r->window))
		attention |= ATTEND_CODE;
	return attention;
}

void segments_settle(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	const struct x86_cpu *cpu = &x86->cpu;

	if (r->loaded_cpl == cpu->cpl && memcmp(r->loaded, cpu->seg, sizeof r->loaded) == 0)
		return;
	if ((r->loaded[CS].rights ^ cpu->seg[CS].rights) & RIGHTS_BIG)
		forget_recent(r);
	r->loaded_cpl = cpu->cpl;
	memcpy(r->loaded, cpu->seg, sizeof r->loaded);
	r->code_page = NO_PAGE;
	if (cpu->cpl == 3)
		set_window(x86);
	r->attention = attention_now(x86);
}
