/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coprocessor 0: what its registers keep, Random, Count, returns, isolated caches, the cache instruction. */
#include "bed.h"

/* Writes a register by mtc0 and reads it by mfc0. */
static uint32_t through(struct bed *bed, unsigned number, uint32_t value)
{
	bed_reg(bed)[R_T0] = value;
	cr_assert_eq(bed_do(bed, MTC0(R_T0, number)), -1);
	cr_assert_eq(bed_do(bed, MFC0(R_T1, number)), -1);
	return bed_reg(bed)[R_T1];
}

/* What is left of all ones; reads as zero at power on, unless said. */
static const struct { unsigned number; uint32_t kept3, kept4; } kept[] = {
	{ CP0_INDEX, 0x00003f00, 0x0000003f }, { CP0_ENTRYLO0, 0xffffff00, 0x03ffffff }, { CP0_ENTRYLO1, 0, 0x03ffffff },
	{ CP0_CONTEXT, 0xffe00000, 0xff800000 }, { CP0_PAGEMASK, 0, 0x01ffe000 }, { CP0_WIRED, 0, 0x0000003f },
	{ CP0_BADVADDR, 0, 0 }, { CP0_ENTRYHI, 0xffffffc0, 0xffffe0ff }, { CP0_COMPARE, 0, 0xffffffff },
	{ CP0_CAUSE, 0x00000300, 0x00000300 }, { CP0_EPC, 0, 0xffffffff }, { CP0_PRID, 0x0200, 0x0400 },
	{ CP0_LLADDR, 0, 0xffffffff }, { CP0_WATCHLO, 0, 0 }, { CP0_WATCHHI, 0, 0 }, { CP0_TAGLO, 0, 0xffffffff },
	{ CP0_TAGHI, 0, 0xffffffff }, { CP0_ERROREPC, 0, 0xffffffff }, { 7, 0, 0 }, { 31, 0, 0 },
};

Test(mips_system, registers_keep_the_bits_that_they_have)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);

		for (unsigned n = 0; n < sizeof kept / sizeof *kept; n++) {
			uint32_t expected = generation == 4 ? kept[n].kept4 : kept[n].kept3;
			uint32_t is = through(bed, kept[n].number, 0xffffffff);

			cr_expect_eq(is, expected, "generation %u register %u: %#x", generation, kept[n].number, is);
		}
		bed_free(bed);
	}
}

Test(mips_system, status_keeps_its_bits)
{
	struct bed *bed = bed_new(3);

	cr_assert_eq(through(bed, CP0_STATUS, 0xffffffff & ~SR3_KUC), 0xf043ff3d);
	bed_free(bed);
	bed = bed_new(4);
	cr_assert_eq(through(bed, CP0_STATUS, 0xffffffff), 0xf040ff1f);
	bed_free(bed);
}

Test(mips_system, processors_are_known_by_prid)
{
	struct bed *bed = bed_new(2);

	cr_assert_eq(mips_cp0_read(&bed->mips, CP0_PRID), 0x0100);
	bed_free(bed);
}

Test(mips_system, power_on_is_the_kernels_with_vectors_in_rom)
{
	const struct processor_boot boot = { .entry = 0x80100000, .argument = { 3, 0x80000100, 0x80000200, 0x8000 } };
	struct bed *bed = bed_new(4);

	mips_reset(&bed->mips, &boot);
	cr_assert_eq(bed_cp0(bed)[CP0_STATUS], SR_BEV);
	cr_assert(!mips_user_mode(&bed->mips) && !mips_interrupt_due(&bed->mips));
	cr_assert(bed->mips.cpu.pc == 0x80100000 && bed_reg(bed)[R_A0] == 3 && bed_reg(bed)[R_A3] == 0x8000);
	bed_free(bed);
}

Test(mips_system, fields_are_as_wide_as_entries_and_asids_need)
{
	static const struct { uint32_t entries, asid_bits, index3, hi3, index4, hi4; } width[] = {
		{ 32, 0, 0x1f00, 0xfffff000, 0x1f, 0xffffe000 }, { 48, 3, 0x3f00, 0xfffff1c0, 0x3f, 0xffffe007 },
		{ 512, 6, 0x1ff00, 0xffffffc0, 0x1ff, 0xffffe03f },
	};

	for (unsigned n = 0; n < 3; n++)
		for (uint32_t generation = 3; generation <= 4; generation++) {
			struct bed *bed = bed_new(generation);
			bool r4000 = generation == 4;

			bed->model.tlb.entries = bed->model.tlb.ways = width[n].entries;
			bed->model.tlb.tag_bits = width[n].asid_bits;
			bed_power_on(bed);
			cr_expect_eq(through(bed, CP0_INDEX, 0x7fffffff), r4000 ? width[n].index4 : width[n].index3);
			cr_expect_eq(through(bed, CP0_ENTRYHI, 0xffffffff), r4000 ? width[n].hi4 : width[n].hi3);
			cr_expect_eq(through(bed, CP0_WIRED, 0xffffffff), r4000 ? width[n].index4 : 0);
			bed_free(bed);
		}
}

Test(mips_system, an_address_space_is_switched_when_the_asid_changes)
{
	struct bed *bed = bed_new(3);

	through(bed, CP0_ENTRYHI, 0x00400000);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_ADDRESS_SPACE_SWITCHES], 0);
	cr_assert_eq(bed->flushes, 0);
	through(bed, CP0_ENTRYHI, 5 << HI3_ASID_SHIFT);
	through(bed, CP0_ENTRYHI, 5 << HI3_ASID_SHIFT | 0x1000);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_ADDRESS_SPACE_SWITCHES], 1);
	cr_assert_eq(bed->flushes, 1);
	cr_assert(bed->journal.chunk[0].kind == EVENT_ADDRESS_SPACE && bed->journal.chunk[0].arg[0] == 5);
	bed_free(bed);
}

Test(mips_system, page_masks_become_legal)
{
	static const uint32_t mask[][2] = { { 0, 0 }, { 0x6000, 0x6000 }, { 0x2000, 0x6000 }, { 0x8000, 0x1e000 },
		{ 0x1000, 0 }, { 0x01000000, 0x01ffe000 } };
	struct bed *bed = bed_new(4);

	for (unsigned n = 0; n < 6; n++)
		cr_expect_eq(through(bed, CP0_PAGEMASK, mask[n][0]), mask[n][1], "%#x", mask[n][0]);
	bed->model.tlb.ways = 4;
	bed_power_on(bed);
	cr_assert_eq(through(bed, CP0_PAGEMASK, 0x6000), 0); /* with sets, 4 KiB alone */
	bed_free(bed);
}

/* --- Random --- */

Test(mips_system, random_counts_down_by_the_clock_on_a_3_and_never_comes_to_the_wired)
{
	struct bed *bed = bed_new(3);

	for (unsigned n = 0; n < 200; n++) {
		cycle_t t = bed_now(bed);

		bed_do(bed, MFC0(R_T0, CP0_RANDOM));
		cr_assert_eq(bed_reg(bed)[R_T0], (63 - t % 56) << 8);
		ledger_charge(&bed->ledger, CAUSE_IDLE, 1 + n);
	}
	bed_free(bed);
}

Test(mips_system, random_counts_down_by_instructions_since_wired_on_a_4)
{
	struct bed *bed = bed_new(4);

	bed_reg(bed)[R_T0] = 45;
	bed_do(bed, NOP);
	bed_do(bed, MTC0(R_T0, CP0_WIRED));
	for (unsigned n = 0; n < 10; n++) {
		ledger_charge(&bed->ledger, CAUSE_IDLE, 17);
		bed_do(bed, MFC0(R_T1, CP0_RANDOM));
		cr_assert_eq(bed_reg(bed)[R_T1], 47 - n % 3, "%u: %u", n, bed_reg(bed)[R_T1]);
	}
	bed_reg(bed)[R_T0] = 48; /* none left */
	bed_do(bed, MTC0(R_T0, CP0_WIRED));
	bed_do(bed, NOP);
	bed_do(bed, MFC0(R_T1, CP0_RANDOM));
	cr_assert_eq(bed_reg(bed)[R_T1], 47);
	bed_free(bed);
}

/* --- Count and Compare --- */

static bool timer(struct bed *bed)
{
	return mips_cp0_read(&bed->mips, CP0_CAUSE) & CAUSE_IP7;
}

Test(mips_system, count_is_half_the_clock_and_can_be_set)
{
	struct bed *bed = bed_new(4);

	ledger_charge(&bed->ledger, CAUSE_IDLE, 1001);
	cr_assert_eq(mips_cp0_read(&bed->mips, CP0_COUNT), 500);
	mips_cp0_write(&bed->mips, CP0_COUNT, 0xfffffff0);
	cr_assert_eq(mips_cp0_read(&bed->mips, CP0_COUNT), 0xfffffff0);
	ledger_charge(&bed->ledger, CAUSE_IDLE, 40);
	cr_assert_eq(mips_cp0_read(&bed->mips, CP0_COUNT), 4);
	bed_free(bed);
}

Test(mips_system, the_timer_interrupts_when_count_comes_to_compare_until_compare_is_written)
{
	struct bed *bed = bed_new(4);

	ledger_charge(&bed->ledger, CAUSE_IDLE, 100);
	mips_cp0_write(&bed->mips, CP0_COMPARE, 60);
	bed_cp0(bed)[CP0_STATUS] |= CAUSE_IP7 | SR4_IE;
	cr_assert_eq(mips_timer_event(&bed->mips), 120);
	ledger_charge(&bed->ledger, CAUSE_IDLE, 19);
	cr_assert(!timer(bed) && !mips_interrupt_due(&bed->mips));
	ledger_charge(&bed->ledger, CAUSE_IDLE, 1);
	cr_assert(timer(bed) && mips_interrupt_due(&bed->mips));
	cr_assert_eq(mips_timer_event(&bed->mips), CYCLE_NEVER);
	ledger_charge(&bed->ledger, CAUSE_IDLE, 1000);
	mips_cp0_write(&bed->mips, CP0_COUNT, 0);
	cr_assert(timer(bed)); /* stays */
	mips_cp0_write(&bed->mips, CP0_COMPARE, 10);
	cr_assert(!timer(bed));
	cr_assert_eq(mips_timer_event(&bed->mips), bed_now(bed) + 20);
	mips_cp0_write(&bed->mips, CP0_COMPARE, 0); /* equal now: only after all the others */
	cr_assert_eq(mips_timer_event(&bed->mips), bed_now(bed) + (2ull << 32));
	mips_cp0_write(&bed->mips, CP0_COMPARE, 77);
	mips_cp0_write(&bed->mips, CP0_COUNT, 77); /* comes to equal by being written */
	cr_assert(timer(bed));
	bed_free(bed);
}

Test(mips_system, a_3_has_no_timer)
{
	struct bed *bed = bed_new(3);

	cr_assert_eq(through(bed, CP0_COUNT, 5), 0);
	bed_cp0(bed)[CP0_STATUS] |= CAUSE_IP7;
	cr_assert_eq(mips_timer_event(&bed->mips), CYCLE_NEVER);
	ledger_charge(&bed->ledger, CAUSE_IDLE, 1u << 20);
	cr_assert(!timer(bed));
	bed_free(bed);
}

/* --- interrupts due --- */

Test(mips_system, an_interrupt_is_due_when_asked_unmasked_and_on)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);
		uint32_t *status = &bed_cp0(bed)[CP0_STATUS], on = 1;

		bed->interrupt = true;
		cr_assert_eq(mips_cp0_read(&bed->mips, CP0_CAUSE), CAUSE_IP2);
		cr_assert(!mips_interrupt_due(&bed->mips));
		*status = on;
		cr_assert(!mips_interrupt_due(&bed->mips));
		*status = CAUSE_IP2;
		cr_assert(!mips_interrupt_due(&bed->mips));
		*status = CAUSE_IP2 | on;
		cr_assert(mips_interrupt_due(&bed->mips));
		bed->interrupt = false;
		cr_assert(!mips_interrupt_due(&bed->mips));
		*status = 1u << 9 | on;
		mips_cp0_write(&bed->mips, CP0_CAUSE, 1u << 9); /* software's */
		cr_assert(mips_interrupt_due(&bed->mips));
		if (generation == 4) {
			*status |= SR4_EXL;
			cr_assert(!mips_interrupt_due(&bed->mips));
		}
		bed_free(bed);
	}
}

/* --- returns --- */

Test(mips_system, rfe_pops_the_stack_of_modes)
{
	struct bed *bed = bed_new(3);

	for (uint32_t stack = 0; stack < 64; stack++) {
		bed_cp0(bed)[CP0_STATUS] = SR_CU0 | stack;
		cr_assert_eq(bed_do(bed, RFE), -1);
		cr_assert_eq(bed_cp0(bed)[CP0_STATUS], SR_CU0 | (stack & 0x30) | stack >> 2);
	}
	bed_free(bed);
}

Test(mips_system, rfe_in_the_slot_of_a_jump_returns)
{
	struct bed *bed = bed_new(3);

	bed_cp0(bed)[CP0_STATUS] = 0x0c; /* previous: user, on */
	bed_reg(bed)[R_K0] = 0x00400000;
	bed_do(bed, JR(R_K0));
	bed_do(bed, RFE);
	cr_assert(bed->mips.cpu.pc == 0x00400000 && mips_user_mode(&bed->mips));
	cr_assert_eq(bed->mips.count[MIPS_COUNT_MODE_SWITCHES], 1);
	cr_assert(bed->journal.chunk[0].kind == EVENT_TRAP_RETURN && bed->journal.chunk[0].arg[0] == 0x00400000);
	cr_assert(bed->journal.chunk[0].arg[1] == 0 && bed->journal.chunk[0].arg[2] == 3);
	ledger_settle(&bed->ledger);
	cr_assert_eq(bed->ledger.total[CAUSE_TRAP_RETURN], COST(bed, RFE));
	bed_free(bed);
}

Test(mips_system, eret_goes_to_epc_or_errorepc)
{
	struct bed *bed = bed_new(4);

	bed_cp0(bed)[CP0_EPC] = 0x00400000;
	bed_cp0(bed)[CP0_ERROREPC] = 0x80005000;
	bed_cp0(bed)[CP0_STATUS] = SR4_KSU_USER | SR4_EXL | SR4_ERL | SR4_IE;
	cr_assert_eq(bed_do(bed, ERET), -1);
	cr_assert_eq(bed->mips.cpu.pc, 0x80005000);
	cr_assert_eq(bed_cp0(bed)[CP0_STATUS], SR4_KSU_USER | SR4_EXL | SR4_IE);
	cr_assert(!mips_user_mode(&bed->mips));
	cr_assert_eq(bed_do(bed, ERET), -1);
	cr_assert(bed->mips.cpu.pc == 0x00400000 && mips_user_mode(&bed->mips));
	bed_free(bed);
}

Test(mips_system, wait_says_so)
{
	struct bed *bed = bed_new(4);

	cr_assert_eq(bed_do(bed, WAIT), -1);
	cr_assert(bed->mips.cpu.waiting && bed->mips.cpu.pc == BED_PC + 4);
	bed_free(bed);
}

/* --- isolated caches --- */

static struct bed *bed_with_caches(uint32_t generation, bool modelled)
{
	struct bed *bed = bed_new(generation);

	bed->model.split_cache = true;
	bed->model.cache_enabled = modelled;
	bed->model.data_cache = (struct cache_geometry){ .size = 4096, .ways = 1, .line = 16, .write = CACHE_WRITE_BACK };
	bed->model.code_cache = (struct cache_geometry){ .size = 8192, .ways = 1, .line = 16 };
	bed_power_on(bed);
	return bed;
}

/* How R3000 kernels size a cache: a store wraps around when the size is reached. */
static uint32_t size_cache(struct bed *bed)
{
	uint32_t size;

	bed_reg(bed)[R_T0] = 0xffffffff;
	bed_reg(bed)[R_S0] = 0x80000000;
	bed_do(bed, SW(R_T0, 0, R_S0));
	for (size = 256; size <= 65536; size *= 2) {
		bed_reg(bed)[R_S1] = 0x80000000 + size;
		bed_do(bed, LW(R_T1, 0, R_S1));
		if (bed_reg(bed)[R_T1] == 0xffffffff)
			break;
	}
	return size;
}

Test(mips_system, isolated_caches_can_be_sized_and_leave_memory_alone)
{
	struct bed *bed = bed_with_caches(3, false);

	bed_put(bed, 0x80000000, 0x12345678);
	mips_cp0_write(&bed->mips, CP0_STATUS, SR3_ISC);
	cr_assert_eq(bed->flushes, 1);
	cr_assert_eq(size_cache(bed), 4096);
	mips_cp0_write(&bed->mips, CP0_STATUS, SR3_ISC | SR3_SWC);
	cr_assert_eq(size_cache(bed), 8192);
	mips_cp0_write(&bed->mips, CP0_STATUS, 0);
	cr_assert_eq(bed_word(bed, 0x80000000), 0x12345678);
	cr_assert_eq(bed->writes, 0);
	bed_free(bed);
}

Test(mips_system, a_store_into_an_isolated_cache_empties_the_line)
{
	struct bed *bed = bed_with_caches(3, true);

	bed_reg(bed)[R_S0] = BED_DATA;
	bed_do(bed, LW(R_T0, 0, R_S0));
	cr_assert(cache_probe(bed->mips.data_cache, BED_DATA & UNMAPPED_PHYSICAL));
	mips_cp0_write(&bed->mips, CP0_STATUS, SR3_ISC);
	bed_do(bed, SB(R_ZERO, 0, R_S0));
	cr_assert(!cache_probe(bed->mips.data_cache, BED_DATA & UNMAPPED_PHYSICAL));
	bed_free(bed);
}

Test(mips_system, isolated_stores_of_parts_of_words_stay_in_the_cache)
{
	struct bed *bed = bed_with_caches(3, false);

	mips_cp0_write(&bed->mips, CP0_STATUS, SR3_ISC);
	bed_reg(bed)[R_S0] = BED_DATA;
	bed_reg(bed)[R_T0] = 0x11223344;
	bed_do(bed, SW(R_T0, 0, R_S0));
	bed_reg(bed)[R_T0] = 0xaabbccdd;
	bed_do(bed, SWL(R_T0, 1, R_S0));
	bed_do(bed, LW(R_T1, 0, R_S0));
	cr_assert_eq(bed_reg(bed)[R_T1], 0x1122aabb);
	cr_assert_eq(bed_word(bed, BED_DATA), 0);
	bed_free(bed);
}

/* --- the cache instruction --- */

enum { DATA_INDEX_WRITE_BACK_INVALIDATE = 1, DATA_STORE_TAG = 9, DATA_HIT_INVALIDATE = 17, DATA_HIT_WRITE_BACK = 25,
       DATA_HIT_WRITE_BACK_INVALIDATE = 21, CODE_INDEX_INVALIDATE = 0, CODE_FILL = 20 };

static void dirty_line(struct bed *bed)
{
	bed_reg(bed)[R_S0] = BED_DATA;
	bed_do(bed, LW(R_T0, 0, R_S0));
	bed_do(bed, SW(R_T0, 0, R_S0));
	ledger_settle(&bed->ledger);
}

Test(mips_system, cache_operations_forget_and_write_back_lines)
{
	static const struct { unsigned operation; bool stays, written; } operation[] = {
		{ DATA_INDEX_WRITE_BACK_INVALIDATE, false, true }, { DATA_STORE_TAG, false, false },
		{ DATA_HIT_INVALIDATE, false, false }, { DATA_HIT_WRITE_BACK, true, true },
		{ DATA_HIT_WRITE_BACK_INVALIDATE, false, true }, { CODE_INDEX_INVALIDATE, true, false }, { CODE_FILL, true, false },
	};

	for (unsigned n = 0; n < sizeof operation / sizeof *operation; n++) {
		struct bed *bed = bed_with_caches(4, true);
		uint64_t before, after;

		dirty_line(bed);
		before = bed->ledger.total[CAUSE_CACHE];
		cr_assert_eq(bed_do(bed, CACHE(operation[n].operation, 4, R_S0)), -1);
		after = bed->ledger.total[CAUSE_CACHE];
		cr_expect_eq(cache_probe(bed->mips.data_cache, BED_DATA & UNMAPPED_PHYSICAL), operation[n].stays, "%u", n);
		cr_expect_eq(after - before, operation[n].written ? COST(bed, WRITE_BACK) : 0, "%u", n);
		bed_free(bed);
	}
}

Test(mips_system, cache_translates_its_address_and_is_the_kernels)
{
	struct bed *bed = bed_with_caches(4, true);

	bed_reg(bed)[R_S0] = 0x00400000;
	cr_assert_eq(bed_do(bed, CACHE(0, 0, R_S0)), EXC_TLBL);
	cr_assert(bed->fault.refill);
	bed_user(bed);
	cr_assert_eq(bed_do(bed, CACHE(0, 0, R_S0)), EXC_CPU);
	bed_free(bed);
}
