/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coprocessor 0's registers in their bits, for the files that read and write them as the processor does itself: mmu.c,
 * system.c, trap.c, state.c.
 */
#pragma once
#include "sim/arch/mips/mips.h"

#define INDEX_P (1u << 31)           /* tlbp found nothing */
#define LO4_C_SHIFT 3
#define EXCEPTION_CODE_MASK (31u << CAUSE_CODE_SHIFT)

enum { COHERENCY_UNCACHED = 2, COHERENCY_NONCOHERENT = 3 };
enum { INDEX3_SHIFT = 8, TABLE4_SHIFT = 6 /* T12: a word of an R4000's table is an EntryLo, so far to the left */ };

/* Where a number that names an entry stands in Index and Random. */
static inline unsigned cp0_index_shift(const struct mips *mips)
{
	return mips_is_r4000(mips) ? 0 : INDEX3_SHIFT;
}

/* The ASID in an EntryHi, and the reverse; of the bits that there are. */
static inline uint32_t cp0_asid_mask(const struct mips *mips) { return (1u << mips->model->tlb.tag_bits) - 1; }
static inline uint32_t cp0_asid(const struct mips *mips, uint32_t hi)
{
	return hi >> (mips_is_r4000(mips) ? 0 : HI3_ASID_SHIFT) & cp0_asid_mask(mips);
}
static inline uint32_t cp0_asid_field(const struct mips *mips, uint32_t asid)
{
	return (asid & cp0_asid_mask(mips)) << (mips_is_r4000(mips) ? 0 : HI3_ASID_SHIFT);
}

/* Writes EntryHi (its bits only).  Another ASID is another address space: counted, told to journal and engine. */
void cp0_set_entryhi(struct mips *mips, uint32_t value);
/* What Context would hold after a miss at an address: PTEBase and the page's number. */
uint32_t cp0_context(const struct mips *mips, vaddr_t address);
/* Count's clock, and the next cycle after now in which Count comes to equal Compare (R4000). */
uint64_t cp0_count(const struct mips *mips);
cycle_t cp0_next_match(const struct mips *mips);
