/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code that the engine must not even translate.
 *
 * Its translator ends the whole process ("unknown branch") at a branch of coprocessor 1 in the slot of a branch, although
 * there is no such coprocessor and the manuals leave branches in slots open.  It translates further than a block runs, so
 * that no hook could step in: a frame with such a pair of words is not given to it for fetching.  The simulator goes
 * through what runs there.
 *
 *   UNKNOWN --mips_frame_safe--> SAFE, UNSAFE --written, by whomever--> UNKNOWN; or UNSAFE, if the words say so
 *
 * Invariants
 *   1. the engine can fetch from no frame that is not SAFE; what it can fetch from, it cannot write (code.c).
 */
#include <string.h>
#include "sim/arch/mips/runner.h"

enum { OP_COP1 = 17, COP1_BRANCHES = 8 /* rs, from this on: branches, and what an engine may take for one */ };

static uint32_t word_at(const struct mips *mips, paddr_t address)
{
	uint32_t word;

	memcpy(&word, mips->ram + address, sizeof word);
	return word;
}

static bool is_absent_branch(uint32_t word) { return word >> 26 == OP_COP1 && (word >> 21 & 31) >= COP1_BRANCHES; }

/* Of any generation. */
static bool has_slot(uint32_t word)
{
	unsigned opcode = word >> 26, function = word & 63;

	return (opcode >= 1 && opcode <= 7) || (opcode >= 20 && opcode <= 23) || is_absent_branch(word) ||
	       (opcode == 0 && (function == 8 || function == 9));
}

/* The word at an address is what must not be translated: its branch is before it, or may be, in the page before. */
static bool is_unsafe_at(const struct mips *mips, paddr_t address)
{
	if (!is_absent_branch(word_at(mips, address)))
		return false;
	return !(address & PAGE_MASK) || has_slot(word_at(mips, address - 4));
}

bool mips_frame_safe(struct mips *mips, uint32_t number)
{
	struct code_frame *frame = &mips->runner->frame[number];
	paddr_t begin = number << PAGE_SHIFT;

	if (frame->safety != FRAME_UNKNOWN)
		return frame->safety == FRAME_SAFE;
	frame->safety = FRAME_SAFE;
	for (paddr_t address = begin; address < begin + PAGE_SIZE; address += 4)
		if (is_unsafe_at(mips, address))
			frame->safety = FRAME_UNSAFE;
	return frame->safety == FRAME_SAFE;
}

void mips_frame_written(struct mips *mips, paddr_t address, unsigned size)
{
	struct code_frame *frame = &mips->runner->frame[PAGE_OF(address)];
	paddr_t last = (address + size - 1) | 3, end = (PAGE_OF(address) + 1) << PAGE_SHIFT;

	if (frame->safety == FRAME_UNKNOWN)
		return;
	if (frame->safety == FRAME_UNSAFE)
		frame->safety = FRAME_UNKNOWN;
	/* The words written, and the one after them, whose branch may have come. */
	for (paddr_t at = address & ~3u; at <= last + 4 && at < end; at += 4)
		if (is_unsafe_at(mips, at)) {
			frame->safety = FRAME_UNSAFE;
			mips_gear_flush(mips);
			return;
		}
}
