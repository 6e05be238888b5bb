/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor says nowhere how large its TLB is, but Random's most is the last entry's number.
 *
 * On an R3000 Random goes with the clock (entries - 1 - t mod (entries - 8)), on an R4000 with the instructions.  A
 * loop whose period has no divisor in common with the turn of Random meets all its values; which period that is depends
 * on what is to be found out, so loops of some periods, one after the other, are tried, each for a turn: among fourteen
 * that follow each other one is without the small divisors that a turn can have.  Where Random stands still, as in an
 * emulator that does not care, the TLB is taken for a usual one.
 */
#include "tlb.h"
#include "cp0.h"
#include "cpu.h"

enum { ENTRIES_MOST = 512, INDEX_MASK = 1023 };
#define INDEX_NO_MATCH 0x80000000u
#define PAIR_OR_PAGE_MASK ((1u << ENTRY_HI_PAGE_SHIFT) - 1)

uint32_t tlb_entries, tlb_asids;

struct sample {
	uint32_t least, most;
};

static inline void look(struct sample *seen)
{
	const uint32_t random = cp0_random_read() >> TLB_INDEX_SHIFT & INDEX_MASK;
	seen->least = random < seen->least ? random : seen->least;
	seen->most = random > seen->most ? random : seen->most;
}

/* A turn of reads, `gap_` instructions further apart than a turn of the loop would have them. */
#define SAMPLE(gap_)                                                                              \
	for (uint32_t turn = 0; turn < ENTRIES_MOST; turn++) {                                    \
		look(&seen);                                                                      \
		__asm__ volatile(".rept " #gap_ "\n\tnop\n\t.endr");                              \
	}

static uint32_t last_entry(void)
{
	struct sample seen = { INDEX_MASK, 0 };
	tlb_random_begin();
	SAMPLE(0) SAMPLE(1) SAMPLE(2) SAMPLE(3) SAMPLE(4) SAMPLE(5) SAMPLE(6)
	SAMPLE(7) SAMPLE(8) SAMPLE(9) SAMPLE(10) SAMPLE(11) SAMPLE(12) SAMPLE(13)
	return seen.least == seen.most ? TLB_USUAL_ENTRIES - 1 : seen.most;
}

static uint32_t asids(void)
{
	cp0_entry_hi_write(ENTRY_HI_ASID_MASK);
	const uint32_t bits = (cp0_entry_hi_read() & ENTRY_HI_ASID_MASK) >> ENTRY_HI_ASID_SHIFT;
	cp0_entry_hi_write(0);
	return bits + 1;
}

/* Each entry gets a page of its own, in kseg0, which no access looks up: two that match would be the end.  EntryLo is
 * clear. */
static inline void clear_entry(uint32_t index)
{
	tlb_write(KSEG0_BASE + (index << ENTRY_HI_PAGE_SHIFT), index << TLB_INDEX_SHIFT);
}

void tlb_flush(void)
{
	const uint32_t entry_hi = cp0_entry_hi_read();
	tlb_entry_clear();
	for (uint32_t index = 0; index < tlb_entries; index++)
		clear_entry(index);
	cp0_entry_hi_write(entry_hi);
}

void tlb_forget(uint32_t address, uint32_t asid)
{
	const uint32_t entry_hi = cp0_entry_hi_read();
	cp0_entry_hi_write((address & ~PAIR_OR_PAGE_MASK) | asid << ENTRY_HI_ASID_SHIFT);
	tlbp();
	const uint32_t index = cp0_index_read();
	if (!(index & INDEX_NO_MATCH)) {
		tlb_entry_clear();
		clear_entry(index >> TLB_INDEX_SHIFT & INDEX_MASK);
	}
	cp0_entry_hi_write(entry_hi);
}

void tlb_init(void)
{
	tlb_asids = asids();
	tlb_entries = last_entry() + 1;
	tlb_flush();
}
