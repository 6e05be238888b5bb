/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB's entries and coprocessor 0's registers: Random, tlbr, tlbwi, tlbwr, tlbp, and two entries that match.
 *
 * Kane, "MIPS RISC Architecture", chapter 4; R4000 User's Manual, chapter 4.
 *
 *   EntryHi, EntryLo (R4000: EntryLo0, EntryLo1, PageMask) <--- tlbr ---- entry ---- tlbwi, tlbwr ---> the engine forgets
 *
 * Invariants
 *   1. two entries that match end the run: R2000 and R3000 when an access or tlbp finds both, R4000 when the second is
 *      written, which it then is not.
 *   2. of a page that another entry has come to match too the engine holds nothing: the next access comes to mmu.c.
 */
#include <stdio.h>
#include "sim/arch/mips/cp0.h"
#include "sim/arch/mips/tlb.h"

/* --- Random and who must go (T10) --- */

/* What Random counts down by: cycles, or instructions since Wired was written. */
static uint64_t random_clock(const struct mips *mips)
{
	if (!mips_is_r4000(mips))
		return mips->ledger->now;
	return mips->ledger->instructions > mips->cpu.random_base ? mips->ledger->instructions - mips->cpu.random_base : 0;
}

static uint32_t wired(const struct mips *mips)
{
	return mips_is_r4000(mips) ? mips->cpu.cp0[CP0_WIRED] : mips->model->tlb_wired;
}

static uint32_t draw(const struct mips *mips, uint32_t of, uint32_t kept)
{
	return of - 1 - (of > kept ? (uint32_t)(random_clock(mips) % (of - kept)) : 0);
}

/* In Index's form. */
uint32_t mips_random(const struct mips *mips)
{
	return draw(mips, mips->tlb->entries, wired(mips)) << cp0_index_shift(mips);
}

uint32_t tlb_victim(struct mips *mips, uint32_t page)
{
	struct mips_tlb *tlb = mips->tlb;
	uint32_t set = mips_tlb_set(tlb, page), kept = mips_tlb_wired_ways(tlb, set, wired(mips)), way;

	if (tlb->replacement.policy == TLB_RANDOM || kept == tlb->ways)
		way = draw(mips, tlb->ways, kept);
	else
		way = replacement_victim_from(&tlb->replacement, set, kept);
	return set * tlb->ways + way;
}

/* --- the TLB and coprocessor 0's registers --- */

static void take_half(const struct mips *mips, uint32_t lo, struct mips_tlb_entry *entry, unsigned n)
{
	bool r4000 = mips_is_r4000(mips);

	entry->half[n].frame = r4000 ? (lo >> LO4_PFN_SHIFT) & 0xfffff : lo >> PAGE_SHIFT;
	entry->half[n].valid = lo & (r4000 ? LO4_V : LO3_V);
	entry->half[n].dirty = lo & (r4000 ? LO4_D : LO3_D);
	entry->half[n].coherency = r4000 ? (lo & LO4_C) >> LO4_C_SHIFT : 0;
	entry->half[n].cached = r4000 ? entry->half[n].coherency != COHERENCY_UNCACHED : !(lo & LO3_N);
}

struct mips_tlb_entry tlb_entry_of(const struct mips *mips, uint32_t hi, const uint32_t lo[2], uint32_t mask)
{
	bool r4000 = mips_is_r4000(mips);
	uint32_t low = r4000 ? mask >> PAGE_SHIFT | 1 : 0;
	struct mips_tlb_entry entry = {
		.page = hi >> PAGE_SHIFT & ~low, .mask = low, .asid = (uint16_t)cp0_asid(mips, hi),
		.global = mips->model->tlb_global && (r4000 ? lo[0] & lo[1] & LO4_G : lo[0] & LO3_G)
	};

	take_half(mips, lo[0], &entry, 0);
	if (r4000)
		take_half(mips, lo[1], &entry, 1);
	return entry;
}

static struct mips_tlb_entry entry_written(const struct mips *mips)
{
	const uint32_t *cp0 = mips->cpu.cp0;
	const uint32_t lo[2] = { cp0[CP0_ENTRYLO0], cp0[CP0_ENTRYLO1] };

	return tlb_entry_of(mips, cp0[CP0_ENTRYHI], lo, cp0[CP0_PAGEMASK]);
}

static uint32_t lo_of(const struct mips *mips, const struct mips_tlb_entry *entry, unsigned n)
{
	uint32_t frame = entry->half[n].frame;
	bool valid = entry->half[n].valid, dirty = entry->half[n].dirty;

	if (mips_is_r4000(mips))
		return frame << LO4_PFN_SHIFT | (uint32_t)entry->half[n].coherency << LO4_C_SHIFT | (dirty ? LO4_D : 0) |
		       (valid ? LO4_V : 0) | (entry->global ? LO4_G : 0);
	return frame << PAGE_SHIFT | (entry->half[n].cached ? 0 : LO3_N) | (dirty ? LO3_D : 0) | (valid ? LO3_V : 0) |
	       (entry->global ? LO3_G : 0);
}

/* --- two entries that match --- */

static int describe(const struct mips *mips, uint32_t slot, const struct mips_tlb_entry *entry, char *text, size_t size)
{
	unsigned index = mips_tlb_index(mips->tlb, slot);

	if (entry->global)
		return snprintf(text, size, "entry %u (page 0x%05x, global)", index, (unsigned)entry->page);
	return snprintf(text, size, "entry %u (page 0x%05x, address space %u)", index, (unsigned)entry->page,
	                (unsigned)entry->asid);
}

/* TLB shutdown: Status.TS; the run ends with a sentence that names both: one that is there, and one that is there or
 * about to be. */
static void shut_down(struct mips *mips, uint32_t slot, uint32_t other, const struct mips_tlb_entry *entry)
{
	char one[56], two[56];

	describe(mips, slot, &mips->tlb->entry[slot], one, sizeof one);
	describe(mips, other, entry, two, sizeof two);
	snprintf(mips->reason, sizeof mips->reason, "%.55s and %.55s match", one, two);
	mips->cpu.cp0[CP0_STATUS] |= SR3_TS;
	mips->cpu.shutdown = true;
}

/* --- writing --- */

/* The engine may hold what an entry says. */
static void tell_engine(struct mips *mips, const struct mips_tlb_entry *entry)
{
	const struct mips_engine_listener *engine = &mips->engine;

	if (!entry->half[0].valid && !entry->half[1].valid)
		return;
	if (entry->mask > 1) {
		if (engine->flush_all)
			engine->flush_all(engine->ctx);
		return;
	}
	for (unsigned n = 0; n < 2 && engine->flush_page; n++)
		if (entry->half[n].valid)
			engine->flush_page(engine->ctx, entry->page + n);
}

/* An entry has become another.  If now two match (or more: a global one and several spaces' own), the next access has to
 * come here, whichever the engine holds. */
static void note_written(struct mips *mips, uint32_t slot, const struct mips_tlb_entry *old)
{
	tell_engine(mips, old);
	if (mips->tlb->conflicts && mips_tlb_conflict(mips->tlb, slot, &mips->tlb->entry[slot]) >= 0 && mips->engine.flush_all)
		mips->engine.flush_all(mips->engine.ctx);
}

void tlb_write_entry(struct mips *mips, uint32_t slot, const struct mips_tlb_entry *entry)
{
	struct mips_tlb_entry old = mips->tlb->entry[slot];
	int other = mips_is_r4000(mips) ? mips_tlb_conflict(mips->tlb, slot, entry) : -1;

	if (other >= 0) {
		shut_down(mips, (uint32_t)other, slot, entry);
		return;
	}
	mips_tlb_put(mips->tlb, slot, entry);
	note_written(mips, slot, &old);
}

/* The entry that Index names; false: there is none. */
static bool indexed(const struct mips *mips, uint32_t *index)
{
	*index = (mips->cpu.cp0[CP0_INDEX] & ~INDEX_P) >> cp0_index_shift(mips);
	return *index < mips->tlb->entries;
}

void mips_tlb_read(struct mips *mips)
{
	struct mips_tlb_entry entry;
	uint32_t *cp0 = mips->cpu.cp0, index;

	if (!indexed(mips, &index))
		return;
	entry = mips_tlb_entry(mips, index);
	cp0[CP0_ENTRYLO0] = lo_of(mips, &entry, 0);
	if (mips_is_r4000(mips)) {
		cp0[CP0_ENTRYLO1] = lo_of(mips, &entry, 1);
		cp0[CP0_PAGEMASK] = (entry.mask & ~1u) << PAGE_SHIFT;
	}
	cp0_set_entryhi(mips, entry.page << PAGE_SHIFT | cp0_asid_field(mips, entry.asid));
}

void mips_tlb_write_indexed(struct mips *mips)
{
	struct mips_tlb_entry entry = entry_written(mips);
	const struct mips_tlb *tlb = mips->tlb;
	uint32_t index;

	if (!indexed(mips, &index))
		return;
	mips->count[MIPS_COUNT_TLB_WRITES]++;
	tlb_write_entry(mips, mips_tlb_set(tlb, entry.page) * tlb->ways + index / tlb->sets, &entry);
}

void mips_tlb_write_random(struct mips *mips)
{
	struct mips_tlb_entry entry = entry_written(mips);

	mips->count[MIPS_COUNT_TLB_WRITES]++;
	tlb_write_entry(mips, tlb_victim(mips, entry.page), &entry);
}

int tlb_find_running(struct mips *mips, uint32_t page)
{
	int second, found = mips_tlb_find(mips->tlb, page, cp0_asid(mips, mips->cpu.cp0[CP0_ENTRYHI]), &second);

	if (second < 0)
		return found;
	shut_down(mips, (uint32_t)found, (uint32_t)second, &mips->tlb->entry[second]);
	return -1;
}

void mips_tlb_probe(struct mips *mips)
{
	int found = tlb_find_running(mips, mips->cpu.cp0[CP0_ENTRYHI] >> PAGE_SHIFT);

	mips->cpu.cp0[CP0_INDEX] = found < 0 ? INDEX_P
	                                     : mips_tlb_index(mips->tlb, (uint32_t)found) << cp0_index_shift(mips);
}
