/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB: its instructions and translations, against vectors, and against the naive twin on random streams of all
 * geometries, policies, ASID widths, with and without a global bit.
 */
#include "bed.h"
#include "twin.h"

/* --- vectors --- */

static bool find(struct bed *bed, vaddr_t address, enum access access, struct mips_place *place)
{
	return mips_translate(&bed->mips, address, 1, access, place, &bed->fault);
}

Test(mips_tlb, an_entry_translates_for_its_address_space)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);
		struct mips_place place;

		bed_map(bed, 5, 0x400, 3, 0x12, LO3_V);
		cr_assert(!find(bed, 0x00400123, ACCESS_READ, &place));
		cr_assert(bed->fault.code == EXC_TLBL && bed->fault.refill && bed->fault.address == 0x00400123);
		mips_cp0_write(&bed->mips, CP0_ENTRYHI, 3u << (generation == 4 ? 0 : HI3_ASID_SHIFT));
		cr_assert(find(bed, 0x00400123, ACCESS_READ, &place));
		cr_assert(place.address == 0x12123 && place.entry == 5 && place.cached && place.memory && !place.writable);
		cr_assert(!find(bed, 0x00400123, ACCESS_WRITE, &place));
		cr_assert(bed->fault.code == EXC_MOD && !bed->fault.refill);
		bed_map(bed, 5, 0x400, 9, 0x12, LO3_V | LO3_D | LO3_G);
		cr_assert(find(bed, 0x00400123, ACCESS_WRITE, &place));
		cr_assert(place.writable);
		bed_map(bed, 5, 0x400, 9, 0x12, LO3_G);
		cr_assert(!find(bed, 0x00400123, ACCESS_WRITE, &place));
		cr_assert(bed->fault.code == EXC_TLBS && !bed->fault.refill);
		bed_free(bed);
	}
}

Test(mips_tlb, a_pair_is_global_only_if_both_pages_say_so)
{
	struct bed *bed = bed_new(4);
	uint32_t *cp0 = bed_cp0(bed);
	struct mips_place place;

	cp0[CP0_ENTRYHI] = 0x00400007;
	cp0[CP0_ENTRYLO0] = 0x10 << LO4_PFN_SHIFT | LO4_V | LO4_G;
	cp0[CP0_ENTRYLO1] = 0x11 << LO4_PFN_SHIFT | LO4_V;
	bed_do(bed, TLBWI);
	cp0[CP0_ENTRYHI] = 0;
	cr_assert(!find(bed, 0x00400000, ACCESS_READ, &place));
	cp0[CP0_ENTRYLO1] |= LO4_G;
	cp0[CP0_ENTRYHI] = 0x00400007;
	bed_do(bed, TLBWI);
	cp0[CP0_ENTRYHI] = 0;
	cr_assert(find(bed, 0x00400000, ACCESS_READ, &place));
	bed_do(bed, TLBR);
	cr_assert(cp0[CP0_ENTRYLO0] & LO4_G && cp0[CP0_ENTRYLO1] & LO4_G);
	bed_free(bed);
}

Test(mips_tlb, without_a_global_bit_an_entry_stays_its_spaces)
{
	struct bed *bed = bed_new(3);
	struct mips_place place;

	bed->model.tlb_global = false;
	bed_power_on(bed);
	bed_map(bed, 5, 0xc0000, 3, 0x12, LO3_V | LO3_G);
	cr_assert(!find(bed, 0xc0000000, ACCESS_READ, &place));
	bed_cp0(bed)[CP0_INDEX] = 5 << 8;
	bed_do(bed, TLBR);
	cr_assert_eq(bed_cp0(bed)[CP0_ENTRYLO0], 0x12000 | LO3_V);
	bed_free(bed);
}

Test(mips_tlb, without_asids_all_spaces_are_one)
{
	struct bed *bed = bed_new(3);
	struct mips_place place;

	bed->model.tlb.tag_bits = 0;
	bed_power_on(bed);
	bed_map(bed, 5, 0x400, 3, 0x12, LO3_V);
	mips_cp0_write(&bed->mips, CP0_ENTRYHI, 0xfc0);
	cr_assert(find(bed, 0x00400000, ACCESS_READ, &place));
	cr_assert_eq(mips_cp0_read(&bed->mips, CP0_ENTRYHI), 0);
	bed_free(bed);
}

Test(mips_tlb, tlbr_gives_back_what_tlbwi_took)
{
	struct bed *bed = bed_new(4);
	uint32_t *cp0 = bed_cp0(bed);

	mips_cp0_write(&bed->mips, CP0_PAGEMASK, 0x1e000);
	cp0[CP0_ENTRYHI] = 0x0073a0ffu;
	cp0[CP0_ENTRYLO0] = 0x00123 << LO4_PFN_SHIFT | 5 << 3 | LO4_V;
	cp0[CP0_ENTRYLO1] = 0xfffff << LO4_PFN_SHIFT | 2 << 3 | LO4_D;
	cp0[CP0_INDEX] = 47;
	bed_do(bed, TLBWI);
	memset(&cp0[CP0_ENTRYLO0], 0, 2 * sizeof *cp0);
	cp0[CP0_PAGEMASK] = cp0[CP0_ENTRYHI] = 0;
	bed_do(bed, TLBR);
	cr_assert_eq(cp0[CP0_PAGEMASK], 0x1e000);
	cr_assert_eq(cp0[CP0_ENTRYHI], 0x007200ff, "%#x", cp0[CP0_ENTRYHI]); /* bits within the pages are not kept */
	cr_assert_eq(cp0[CP0_ENTRYLO0], 0x00123 << LO4_PFN_SHIFT | 5 << 3 | LO4_V);
	cr_assert_eq(cp0[CP0_ENTRYLO1], 0xfffff << LO4_PFN_SHIFT | 2 << 3 | LO4_D);
	bed_free(bed);
}

Test(mips_tlb, an_index_beyond_the_entries_does_nothing)
{
	struct bed *bed = bed_new(4);
	uint32_t *cp0 = bed_cp0(bed);

	cp0[CP0_INDEX] = 48;
	cp0[CP0_ENTRYHI] = 0x1234e000;
	bed_do(bed, TLBWI);
	bed_do(bed, TLBR);
	cr_assert(cp0[CP0_ENTRYHI] == 0x1234e000 && bed->mips.count[MIPS_COUNT_TLB_WRITES] == 0);
	bed_do(bed, TLBP);
	cr_assert_eq(cp0[CP0_INDEX], 1u << 31);
	bed_free(bed);
}

Test(mips_tlb, tlbp_finds_an_index)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);

		bed_map(bed, 9, 0x400, 0, 0x12, 0);
		bed_cp0(bed)[CP0_ENTRYHI] = 0x00400000;
		bed_do(bed, TLBP);
		cr_assert_eq(bed_cp0(bed)[CP0_INDEX], 9u << (generation == 4 ? 0 : 8));
		bed_cp0(bed)[CP0_ENTRYHI] = 0x00402000;
		bed_do(bed, TLBP);
		cr_assert_eq(bed_cp0(bed)[CP0_INDEX], 1u << 31);
		bed_free(bed);
	}
}

Test(mips_tlb, the_engine_is_told_of_valid_pages_that_are_replaced)
{
	struct bed *bed = bed_new(3);

	bed_map(bed, 5, 0x400, 0, 0x12, LO3_V);
	cr_assert_eq(bed->page_flushes, 0);
	bed_map(bed, 5, 0x500, 0, 0x12, 0);
	cr_assert(bed->page_flushes == 1 && bed->flushed_page == 0x400);
	bed_map(bed, 5, 0x600, 0, 0x12, LO3_V);
	cr_assert_eq(bed->page_flushes, 1);
	bed_free(bed);
	bed = bed_new(4);
	bed_map(bed, 5, 0x400, 0, 0x12, LO3_V);
	bed_map(bed, 5, 0x500, 0, 0x12, 0);
	cr_assert(bed->page_flushes == 2 && bed->flushed_page == 0x401);
	bed_free(bed);
}

Test(mips_tlb, a_look_sees_what_an_access_would_and_changes_nothing)
{
	struct bed *bed = bed_new(3);
	struct mips_place place;

	bed->model.tlb.policy = TLB_LRU;
	bed_power_on(bed);
	bed_map(bed, 8, 0x400, 0, 0x12, LO3_V);
	for (unsigned index = 9; index < 64; index++)
		bed_map(bed, index, 0x500 + index, 0, 0x12, LO3_V);
	cr_assert(mips_look(&bed->mips, 0x00400004, ACCESS_READ, true, &place) && place.address == 0x12004);
	cr_assert(!mips_look(&bed->mips, 0x00400004, ACCESS_WRITE, true, &place));
	cr_assert(!mips_look(&bed->mips, 0x80000000, ACCESS_READ, true, &place));
	cr_assert(mips_look(&bed->mips, 0x80000000, ACCESS_READ, false, &place));
	cr_assert(!mips_look(&bed->mips, 0x00900000, ACCESS_READ, false, &place));
	bed_do(bed, TLBWR); /* the least recently used is still entry 8 */
	cr_assert(!mips_look(&bed->mips, 0x00400004, ACCESS_READ, true, &place));
	bed_free(bed);
}

/* --- two entries that match --- */

Test(mips_tlb, a_3_shuts_down_when_an_access_finds_two_entries_and_names_both)
{
	struct bed *bed = bed_new(3);
	struct mips_place place;

	bed_map(bed, 9, 0x400, 0, 0x12, LO3_V);
	bed_map(bed, 17, 0x400, 5, 0x13, LO3_V);
	cr_assert(find(bed, 0x00400000, ACCESS_READ, &place)); /* another space's does not match */
	cr_assert_eq(bed->flushes, 0);
	bed_map(bed, 17, 0x400, 5, 0x13, LO3_V | LO3_G);
	cr_assert(!bed->mips.cpu.shutdown);
	cr_assert_eq(bed->flushes, 1); /* the next access has to ask */
	cr_assert(!find(bed, 0x00400000, ACCESS_READ, &place));
	cr_assert(bed->mips.cpu.shutdown && bed->fault.code == EXC_TLBL);
	cr_assert(mips_cp0_read(&bed->mips, CP0_STATUS) & SR3_TS);
	cr_assert_str_eq(bed->mips.reason, "entry 9 (page 0x00400, address space 0) and entry 17 (page 0x00400, global) match");
	bed_free(bed);
}

Test(mips_tlb, a_conflict_that_was_mended_before_any_access_hurts_nobody)
{
	struct bed *bed = bed_new(3);
	struct mips_place place;

	bed_map(bed, 9, 0x400, 0, 0x12, LO3_V);
	bed_map(bed, 17, 0x400, 0, 0x13, LO3_V);
	bed_map(bed, 17, 0x401, 0, 0x13, LO3_V);
	cr_assert(find(bed, 0x00400000, ACCESS_READ, &place) && find(bed, 0x00401000, ACCESS_READ, &place));
	cr_assert(!bed->mips.cpu.shutdown);
	bed_free(bed);
}

Test(mips_tlb, entries_of_kseg0_conflict_with_nothing)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);

		for (unsigned index = 0; index < 48; index++)
			bed_map(bed, index, 0x80000, 0, 0, 0);
		bed_cp0(bed)[CP0_ENTRYHI] = 0x00400000;
		bed_do(bed, TLBP);
		cr_assert(!bed->mips.cpu.shutdown);
		bed_free(bed);
	}
}

Test(mips_tlb, a_4_shuts_down_when_a_conflicting_entry_is_written)
{
	struct bed *bed = bed_new(4);

	bed_map(bed, 9, 0x400, 0, 0x12, LO3_V);
	bed_map(bed, 9, 0x400, 0, 0x14, LO3_V); /* over itself: none */
	bed_map(bed, 17, 0x400, 1, 0x13, LO3_V);
	cr_assert(!bed->mips.cpu.shutdown);
	bed_map(bed, 20, 0x400, 1, 0x13, 0);
	cr_assert(bed->mips.cpu.shutdown);
	cr_assert_str_eq(bed->mips.reason,
	                 "entry 17 (page 0x00400, address space 1) and entry 20 (page 0x00400, address space 1) match");
	bed_free(bed);
}

/* --- refilling without software --- */

static struct bed *bed_refilled(uint32_t generation)
{
	struct bed *bed = bed_new(generation);

	bed->model.tlb_refill_hardware = true;
	bed_power_on(bed);
	bed_cp0(bed)[CP0_CONTEXT] = 0xc0000000;
	return bed;
}

Test(mips_tlb, t12_the_processor_reads_the_table_itself_and_tries_again)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_refilled(generation);
		uint32_t word = generation == 4 ? (0x15u << LO4_PFN_SHIFT | LO4_V | 3 << 3) << 6 | 0x3f : 0x15000 | LO3_V;
		uint32_t table = generation == 4 ? 0xe0000 : 0xc0000; /* the arithmetic half of Context */
		unsigned victim = generation == 4 ? 47 : 63;
		struct mips_place place;

		bed_map(bed, 0, table, 0, 0x12, LO3_V | LO3_G); /* the table's first page */
		bed_put(bed, 0x80012000 + 5 * 4, word);
		cr_assert(find(bed, 0x00005678, ACCESS_READ, &place));
		cr_assert_eq(place.address, 0x15678);
		cr_assert_eq(place.entry, (int)victim);
		ledger_settle(&bed->ledger);
		cr_assert_eq(bed_now(bed), COST(bed, WALK_HIT));
		cr_assert_eq(bed->ledger.total[CAUSE_TLB_WALK], COST(bed, WALK_HIT));
		cr_assert(bed->mips.count[MIPS_COUNT_TLB_MISSES] == 1 && bed->mips.count[MIPS_COUNT_DATA_TLB_MISSES] == 1);
		cr_assert_eq(bed->mips.count[MIPS_COUNT_UTLB_MISSES], 0);
		cr_assert_eq(bed->journal.chunk[0].kind, EVENT_TLB_MISS);
		cr_assert(!find(bed, 0x00005678, ACCESS_WRITE, &place));
		cr_assert_eq(bed->fault.code, EXC_MOD);
		bed_free(bed);
	}
}

Test(mips_tlb, t12_if_the_table_is_not_there_the_exception_comes_as_usual)
{
	struct bed *bed = bed_refilled(3);
	struct mips_place place;

	cr_assert(!find(bed, 0x00005678, ACCESS_READ, &place));
	cr_assert(bed->fault.code == EXC_TLBL && bed->fault.refill && bed->fault.address == 0x00005678);
	bed_map(bed, 0, 0xc0000, 0, 0x12, LO3_G); /* not valid */
	cr_assert(!find(bed, 0x00005678, ACCESS_READ, &place));
	cr_assert(bed->fault.refill && bed_now(bed) == 0);
	bed_map(bed, 0, 0xc0000, 0, 0x18000, LO3_G | LO3_V); /* a device */
	cr_assert(!find(bed, 0x00005678, ACCESS_READ, &place));
	cr_assert(bed->fault.refill && bed_now(bed) == 0);
	cr_assert(!find(bed, 0xc1000000, ACCESS_READ, &place)); /* not of kuseg */
	cr_assert_eq(bed_now(bed), 0);
	bed_free(bed);
}

Test(mips_tlb, t12_a_context_that_points_to_users_is_no_table)
{
	struct bed *bed = bed_refilled(3);
	struct mips_place place;

	bed_cp0(bed)[CP0_CONTEXT] = 0x00400000;
	bed_map(bed, 0, 0x400, 0, 0x12, LO3_V | LO3_G);
	bed_put(bed, 0x80012000 + 5 * 4, 0x15000 | LO3_V);
	cr_assert(!find(bed, 0x00005678, ACCESS_READ, &place));
	cr_assert(bed->fault.refill && bed_now(bed) == 0);
	bed_free(bed);
}

Test(mips_tlb, t12_an_entry_that_is_not_valid_is_written_and_refused)
{
	struct bed *bed = bed_refilled(3);
	struct mips_place place;

	bed_map(bed, 0, 0xc0000, 0, 0x12, LO3_V | LO3_G);
	cr_assert(!find(bed, 0x00005678, ACCESS_WRITE, &place));
	cr_assert(bed->fault.code == EXC_TLBS && !bed->fault.refill);
	cr_assert_eq(bed_now(bed), COST(bed, WALK_HIT));
	bed_free(bed);
}

/* --- snapshots --- */

Test(mips_tlb, a_snapshot_brings_everything_back)
{
	struct bed *bed = bed_new(4), *other = bed_new(4);
	struct mips_place place;
	struct stream stream, again;

	bed->model.tlb.policy = other->model.tlb.policy = TLB_LRU;
	bed_power_on(bed);
	bed_power_on(other);
	for (unsigned index = 0; index < 48; index++)
		bed_map(bed, index, 0x400 + 2 * index, index % 3, 2 * index, index % 2 ? LO3_V : LO3_V | LO3_G);
	find(bed, 0x00400000, ACCESS_READ, &place);
	bed->mips.cpu.in_slot = bed->mips.refilling = true;
	bed->mips.cpu.ready[5] = 77;
	stream_init(&stream);
	mips_core_state(&stream, &bed->mips);
	stream_rewind(&stream);
	mips_core_state(&stream, &other->mips);
	cr_assert(!stream.failed);
	cr_assert_eq(memcmp(&bed->mips.cpu, &other->mips.cpu, sizeof bed->mips.cpu), 0);
	stream_init(&again);
	mips_core_state(&again, &other->mips);
	cr_assert(again.size == stream.size && memcmp(again.data, stream.data, again.size) == 0);
	stream_free(&again);
	stream_free(&stream);
	bed_free(bed);
	bed_free(other);
}

Test(mips_tlb, bytes_that_are_no_snapshot_are_refused_and_harmless)
{
	struct bed *bed = bed_new(4);
	uint64_t random = 3;

	for (unsigned round = 0; round < 200; round++) {
		struct stream stream;
		struct mips_place place;

		stream_init(&stream);
		mips_core_state(&stream, &bed->mips);
		for (unsigned n = 0; n < 8; n++)
			stream.data[bed_random(&random) % stream.size] = (uint8_t)bed_random(&random);
		stream.size -= bed_random(&random) % 2 * (bed_random(&random) % stream.size);
		stream_rewind(&stream);
		mips_core_state(&stream, &bed->mips);
		for (vaddr_t address = 0; address < 0x100000; address += 0x3000)
			find(bed, address, ACCESS_READ, &place);
		stream_free(&stream);
		bed_power_on(bed);
	}
	bed_free(bed);
}

/* --- against the twin --- */

struct stream_of {
	struct bed *bed;
	struct twin twin;
	uint64_t random;
	bool r4000, large;
	unsigned shutdowns, hits;
};

static uint32_t dice(struct stream_of *s, uint32_t sides)
{
	return bed_random(&s->random) % sides;
}

static vaddr_t random_address(struct stream_of *s)
{
	vaddr_t base = dice(s, 4) ? 0x00400000 : 0xc0000000;

	return base + (dice(s, s->twin.entries * 2) << 12) + dice(s, 4096);
}

/* An entry as the twin has it, and the registers that say the same. */
static struct twin_entry random_entry(struct stream_of *s, uint32_t lo[2], uint32_t *hi, uint32_t *mask)
{
	struct twin_entry entry = { .size = 4096 };
	bool both = dice(s, 4) == 0;

	*mask = 0;
	if (s->large && dice(s, 8) == 0) {
		entry.size = 16384;
		*mask = 0x6000;
	}
	entry.asid = dice(s, 1u << s->bed->model.tlb.tag_bits);
	entry.base = random_address(s) & ~(entry.size * (s->r4000 ? 2 : 1) - 1);
	entry.global = both && s->bed->model.tlb_global;
	*hi = entry.base | entry.asid << (s->r4000 ? 0 : 6);
	for (unsigned n = 0; n < 2; n++) {
		entry.frame[n] = dice(s, 64) << 12;
		entry.valid[n] = dice(s, 4);
		entry.dirty[n] = dice(s, 2);
		entry.cached[n] = dice(s, 8);
		if (s->r4000)
			lo[n] = entry.frame[n] >> 6 | (entry.cached[n] ? 3u : 2u) << 3 | (entry.dirty[n] ? 4 : 0) |
			        (entry.valid[n] ? 2 : 0) | (both ? 1 : 0);
		else
			lo[n] = entry.frame[n] | (entry.cached[n] ? 0 : LO3_N) | (entry.dirty[n] ? LO3_D : 0) |
			        (entry.valid[n] ? LO3_V : 0) | (both ? LO3_G : 0);
	}
	return entry;
}

static void restart(struct stream_of *s)
{
	struct bed *bed = s->bed;

	bed_power_on(bed);
	twin_init(&s->twin, bed->model.tlb.entries, bed->model.tlb.ways, s->r4000, bed->model.tlb.policy);
	s->twin.wired = s->r4000 ? 0 : bed->model.tlb_wired;
}

/* tlbwi or tlbwr; now and then one that makes two entries match. */
static void write_one(struct stream_of *s)
{
	uint32_t *cp0 = bed_cp0(s->bed), lo[2], hi, mask, keep = cp0[CP0_ENTRYHI];
	struct twin_entry entry = random_entry(s, lo, &hi, &mask);
	bool by_random = dice(s, 2);
	uint64_t clock = s->r4000 ? s->bed->ledger.instructions - s->bed->mips.cpu.random_base : bed_now(s->bed);
	unsigned index = dice(s, s->twin.entries), to = twin_place(&s->twin, index, entry.base);
	struct twin saved = s->twin;

	if (by_random)
		to = twin_victim(&s->twin, entry.base, clock);
	if (twin_conflicts(&s->twin, to, &entry) && dice(s, 100)) {
		s->twin = saved;
		return;
	}
	cp0[CP0_INDEX] = index << (s->r4000 ? 0 : 8);
	cp0[CP0_ENTRYHI] = hi;
	cp0[CP0_ENTRYLO0] = lo[0];
	cp0[CP0_ENTRYLO1] = s->r4000 ? lo[1] : 0;
	cp0[CP0_PAGEMASK] = mask;
	cr_assert_eq(bed_do(s->bed, by_random ? TLBWR : TLBWI), -1);
	cp0[CP0_ENTRYHI] = keep;
	if (s->r4000 && twin_conflicts(&s->twin, to, &entry)) {
		cr_assert(s->bed->mips.cpu.shutdown);
		s->shutdowns++;
		restart(s);
		return;
	}
	cr_assert(!s->bed->mips.cpu.shutdown);
	twin_put(&s->twin, to, &entry);
}

static void access_one(struct stream_of *s)
{
	vaddr_t address = random_address(s);
	bool write = dice(s, 2);
	struct twin_answer answer = twin_access(&s->twin, address, write);
	struct mips_place place;
	bool good = find(s->bed, address, write ? ACCESS_WRITE : ACCESS_READ, &place);

	cr_assert_eq(s->bed->mips.cpu.shutdown, answer.two);
	if (answer.two) {
		s->shutdowns++;
		restart(s);
		return;
	}
	cr_assert_eq(good, answer.exception < 0, "%#x", address);
	if (!good) {
		cr_assert(s->bed->fault.code == answer.exception && s->bed->fault.refill == answer.miss, "%#x: exception %d, miss %d, not %d, %d",
		          address, s->bed->fault.code, s->bed->fault.refill, answer.exception, answer.miss);
		return;
	}
	s->hits++;
	cr_assert(place.address == answer.address && place.cached == answer.cached && place.writable == answer.dirty &&
	          place.entry == answer.entry, "%#x: %#x, not %#x", address, place.address, answer.address);
}

static void probe_one(struct stream_of *s)
{
	vaddr_t address = random_address(s);
	uint32_t *cp0 = bed_cp0(s->bed), keep = cp0[CP0_ENTRYHI];
	int found = twin_find(&s->twin, address & (s->r4000 ? ~0x1fffu : ~0xfffu));

	cp0[CP0_ENTRYHI] = (address & (s->r4000 ? ~0x1fffu : ~0xfffu)) | (keep & (s->r4000 ? 0xff : 0xfc0));
	bed_do(s->bed, TLBP);
	cr_assert_eq(s->bed->mips.cpu.shutdown, found == -2);
	if (found == -2) {
		restart(s);
		return;
	}
	cr_assert_eq(cp0[CP0_INDEX], found < 0 ? 1u << 31 : (uint32_t)found << (s->r4000 ? 0 : 8));
	cp0[CP0_ENTRYHI] = keep;
}

static void read_one(struct stream_of *s)
{
	unsigned index = dice(s, s->twin.entries);
	struct mips_tlb_entry entry = mips_tlb_entry(&s->bed->mips, index);
	const struct twin_entry *twin = &s->twin.entry[index];

	cr_assert(entry.page == twin->base >> 12 && entry.asid == twin->asid && entry.global == twin->global);
	cr_assert(entry.half[0].valid == twin->valid[0] && entry.half[0].frame == twin->frame[0] >> 12);
}

static void step(struct stream_of *s)
{
	uint32_t what = dice(s, 100);

	if (what < 25) {
		write_one(s);
	} else if (what < 85) {
		access_one(s);
	} else if (what < 90) {
		probe_one(s);
	} else if (what < 94) {
		read_one(s);
	} else if (what < 97) {
		s->twin.asid = dice(s, 1u << s->bed->model.tlb.tag_bits);
		mips_cp0_write(&s->bed->mips, CP0_ENTRYHI, s->twin.asid << (s->r4000 ? 0 : 6));
	} else if (what < 98 && s->r4000) {
		s->twin.wired = dice(s, s->twin.entries + (dice(s, 4) == 0)) / (1 + dice(s, 4));
		bed_reg(s->bed)[R_T0] = s->twin.wired;
		bed_do(s->bed, MTC0(R_T0, CP0_WIRED));
		s->twin.wired = bed_cp0(s->bed)[CP0_WIRED];
	} else {
		ledger_execute(&s->bed->ledger, dice(s, 50), dice(s, 50));
	}
}

static void stream(uint32_t generation, uint32_t entries, uint32_t ways, enum tlb_policy policy, uint32_t bits, bool global)
{
	struct stream_of s = { .bed = bed_new(generation), .random = entries * 7 + ways * 3 + policy, .r4000 = generation == 4 };

	s.large = s.r4000 && ways == entries;
	s.bed->model.tlb.entries = entries;
	s.bed->model.tlb.ways = ways;
	s.bed->model.tlb.policy = policy;
	s.bed->model.tlb.tag_bits = bits;
	s.bed->model.tlb_global = global;
	restart(&s);
	for (unsigned n = 0; n < 4000; n++)
		step(&s);
	cr_assert_gt(s.hits, 40, "%u: %u entries, %u ways, policy %u: %u hits", generation, entries, ways, policy, s.hits);
	bed_free(s.bed);
}

static void streams(uint32_t generation, enum tlb_policy policy)
{
	static const struct { uint32_t entries, ways; } geometry[] = {
		{ 64, 64 }, { 48, 48 }, { 32, 32 }, { 512, 512 }, { 64, 2 }, { 64, 4 }, { 128, 8 }, { 32, 16 }, { 48, 3 },
	};

	for (unsigned n = 0; n < sizeof geometry / sizeof *geometry; n++) {
		uint32_t entries = geometry[n].entries, ways = geometry[n].ways;

		if (policy == TLB_PSEUDO_LRU && (ways > 64 || ways & (ways - 1)))
			continue;
		stream(generation, entries, ways, policy, 6, true);
		stream(generation, entries, ways, policy, 2, true);
		stream(generation, entries, ways, policy, 1, false);
		stream(generation, entries, ways, policy, 0, true);
	}
}

Test(mips_tlb, random_streams_agree_with_the_twin_under_every_policy_on_a_3)
{
	for (unsigned policy = 0; policy < TLB_POLICY_COUNT; policy++)
		streams(3, (enum tlb_policy)policy);
}

Test(mips_tlb, random_streams_agree_with_the_twin_under_every_policy_on_a_4)
{
	for (unsigned policy = 0; policy < TLB_POLICY_COUNT; policy++)
		streams(4, (enum tlb_policy)policy);
}
