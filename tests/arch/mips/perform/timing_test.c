/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The law of time (sim/arch/mips/timing.h), rule by rule, in vectors; and blocks against single instructions. */
#include "bed.h"

/* Cycles that a word takes. */
static cycle_t taken_by(struct bed *bed, uint32_t word)
{
	cycle_t before = bed_now(bed);

	cr_assert_eq(bed_do(bed, word), -1, "%#x", word);
	return bed_now(bed) - before;
}

static struct bed *bed_timed(uint32_t generation, uint32_t load_use, uint32_t mult, uint32_t div)
{
	struct bed *bed = bed_new(generation);

	bed->model.cost[MIPS_COST_ISSUE] = 1;
	bed->model.cost[MIPS_COST_LOAD_USE] = load_use;
	bed->model.cost[MIPS_COST_MULT_LATENCY] = mult;
	bed->model.cost[MIPS_COST_DIV_LATENCY] = div;
	bed_reg(bed)[R_S0] = BED_DATA;
	return bed;
}

/* --- T1, T4, T5 --- */

Test(mips_timing, t1_an_instruction_takes_issue_and_a_probes_no_op_nothing)
{
	struct bed *bed = bed_new(3);
	struct mips_instruction insn;

	cr_assert_eq(taken_by(bed, NOP), COST(bed, ISSUE));
	cr_assert_eq(taken_by(bed, ADDU(R_T0, R_A0, R_A1)), COST(bed, ISSUE));
	cr_assert_eq(bed->ledger.instructions, 2);
	mips_decode(NOP, 3, &insn);
	insn.absent = true;
	cr_assert(mips_perform(&bed->mips, &insn, &bed->fault));
	cr_assert(bed_now(bed) == 2 * COST(bed, ISSUE) && bed->ledger.instructions == 2);
	cr_assert_eq(bed->mips.cpu.pc, BED_PC + 12);
	bed_free(bed);
}

Test(mips_timing, t4_branches_taken_and_jumps_take_more_before_their_slot)
{
	struct bed *bed = bed_new(3);
	uint32_t issue = COST(bed, ISSUE), more = COST(bed, BRANCH_TAKEN);

	cr_assert_eq(taken_by(bed, BEQ(R_ZERO, R_ZERO, 4)), issue + more);
	cr_assert_eq(taken_by(bed, NOP), issue);
	cr_assert_eq(taken_by(bed, BNE(R_ZERO, R_ZERO, 4)), issue);
	cr_assert_eq(taken_by(bed, NOP), issue);
	cr_assert_eq(taken_by(bed, J(BED_PC)), issue + more);
	cr_assert_eq(taken_by(bed, NOP), issue);
	cr_assert_eq(taken_by(bed, JALR(R_RA, R_A0)), issue + more);
	bed_free(bed);
}

Test(mips_timing, t5_coprocessor_0s_instructions_take_their_own_more)
{
	struct bed *bed = bed_new(4);
	uint32_t issue = COST(bed, ISSUE);

	cr_assert_eq(taken_by(bed, MFC0(R_T0, CP0_STATUS)), issue + COST(bed, CP0_MOVE));
	cr_assert_eq(taken_by(bed, MTC0(R_ZERO, CP0_INDEX)), issue + COST(bed, CP0_MOVE));
	cr_assert_eq(taken_by(bed, TLBR), issue + COST(bed, TLB_READ));
	cr_assert_eq(taken_by(bed, TLBWI), issue + COST(bed, TLB_WRITE));
	cr_assert_eq(taken_by(bed, TLBWR), issue + COST(bed, TLB_WRITE));
	cr_assert_eq(taken_by(bed, TLBP), issue + COST(bed, TLB_PROBE));
	bed_reg(bed)[R_S0] = BED_DATA;
	cr_assert_eq(taken_by(bed, CACHE(0, 0, R_S0)), issue + COST(bed, CACHE_OP));
	cr_assert_eq(taken_by(bed, SYNC), issue);
	cr_assert_eq(taken_by(bed, WAIT), issue);
	bed_free(bed);
}

/* --- T2, T3 --- */

Test(mips_timing, t2_who_reads_a_loaded_register_waits_until_it_is_ready)
{
	struct bed *bed = bed_timed(3, 2, 0, 0);

	bed_do(bed, LW(R_T0, 0, R_S0));
	cr_assert_eq(taken_by(bed, ADDU(R_T1, R_T0, R_T0)), 3);
	bed_do(bed, LW(R_T0, 0, R_S0));
	cr_assert_eq(taken_by(bed, ADDU(R_T1, R_T2, R_T3)), 1);
	cr_assert_eq(taken_by(bed, ADDU(R_T1, R_T0, R_T3)), 2);
	bed_do(bed, LW(R_T0, 0, R_S0));
	cr_assert_eq(taken_by(bed, SW(R_T0, 4, R_S0)), 3);
	bed_do(bed, LW(R_T0, 0, R_S0));
	cr_assert_eq(taken_by(bed, LUI(R_T0, 1)), 1); /* written again: ready at once */
	cr_assert_eq(taken_by(bed, ADDU(R_T1, R_T0, R_T0)), 1);
	bed_do(bed, MFC0(R_T0, CP0_PRID));
	cr_assert_eq(taken_by(bed, BNE(R_T0, R_ZERO, 1)), 1 + COST(bed, BRANCH_TAKEN)); /* the move's own time has hidden it */
	bed_do(bed, NOP);
	bed_do(bed, LWL(R_T0, 3, R_S0));
	cr_assert_eq(taken_by(bed, LWR(R_T0, 0, R_S0)), 3);
	bed_free(bed);
}

Test(mips_timing, t2_mfc0_is_ready_by_issue_and_load_use_from_its_begin)
{
	struct bed *bed = bed_timed(3, 5, 0, 0);

	bed->model.cost[MIPS_COST_CP0_MOVE] = 2;
	bed_do(bed, MFC0(R_T0, CP0_PRID)); /* takes 3 of the 6 */
	cr_assert_eq(taken_by(bed, ADDU(R_T1, R_T0, R_T0)), 3 + 1);
	bed_free(bed);
}

Test(mips_timing, t2_exceptions_and_returns_make_all_registers_ready)
{
	struct bed *bed = bed_timed(3, 9, 0, 0);
	const struct mips_fault fault = { .code = EXC_SYS };

	bed_do(bed, LW(R_T0, 0, R_S0));
	mips_trap(&bed->mips, &fault);
	bed->model.cost[MIPS_COST_EXCEPTION_ENTRY] = 0;
	bed_do(bed, LW(R_T0, 0, R_S0));
	mips_trap(&bed->mips, &fault);
	cr_assert_eq(taken_by(bed, ADDU(R_T1, R_T0, R_T0)), 1);
	bed->model.cost[MIPS_COST_RFE] = 0;
	bed_do(bed, LW(R_T0, 0, R_S0));
	bed_do(bed, RFE);
	cr_assert_eq(taken_by(bed, ADDU(R_T1, R_T0, R_T0)), 1);
	bed_free(bed);
}

Test(mips_timing, t3_hi_and_lo_are_waited_for_by_all_that_use_them)
{
	struct bed *bed = bed_timed(3, 0, 12, 35);

	bed_do(bed, MULT(R_A0, R_A1));
	cr_assert_eq(taken_by(bed, MFLO(R_T0)), 12);
	bed_do(bed, DIVU(R_A0, R_A1));
	bed_do(bed, NOP);
	cr_assert_eq(taken_by(bed, MULT(R_A0, R_A1)), 34); /* begins 35 after the division's begin */
	cr_assert_eq(taken_by(bed, MTHI(R_A0)), 12);
	cr_assert_eq(taken_by(bed, MFLO(R_T0)), 1); /* mthi made both ready */
	bed_do(bed, DIV(R_A0, R_A1));
	mips_trap(&bed->mips, &(struct mips_fault){ .code = EXC_SYS });
	ledger_charge(&bed->ledger, CAUSE_IDLE, 1);
	cr_assert_eq(taken_by(bed, MFHI(R_T0)), 1); /* its time passed in the exception's */
	bed->model.cost[MIPS_COST_EXCEPTION_ENTRY] = 4;
	bed_do(bed, DIV(R_A0, R_A1));
	mips_trap(&bed->mips, &(struct mips_fault){ .code = EXC_SYS });
	cr_assert_eq(taken_by(bed, MFHI(R_T0)), 35 - 5 + 1);
	bed_free(bed);
}

/* --- T6 --- */

Test(mips_timing, t6_an_instruction_with_an_exception_takes_the_exceptions_time_alone)
{
	struct bed *bed = bed_timed(3, 20, 0, 0);

	bed_put(bed, BED_PC, LW(R_T0, 0, R_S0));
	bed_put(bed, BED_PC + 4, LW(R_T1, 1, R_T0)); /* would wait, and is misaligned */
	bed_put(bed, BED_DATA, BED_DATA);
	bed_step(bed);
	cr_assert_eq(bed_step(bed), EXC_ADEL);
	cr_assert_eq(bed_now(bed), 1 + COST(bed, EXCEPTION_ENTRY));
	cr_assert_eq(bed->ledger.instructions, 1);
	bed_reg(bed)[R_S0] = 0x00400000;
	bed->mips.cpu.pc = BED_PC;
	cr_assert_eq(bed_step(bed), EXC_TLBL);
	cr_assert_eq(bed_now(bed), 1 + COST(bed, EXCEPTION_ENTRY) + COST(bed, EXCEPTION_REFILL));
	bed_free(bed);
}

Test(mips_timing, t6_returns_take_their_more)
{
	struct bed *bed = bed_new(3);

	cr_assert_eq(taken_by(bed, RFE), COST(bed, ISSUE) + COST(bed, RFE));
	bed_free(bed);
	bed = bed_new(4);
	bed_cp0(bed)[CP0_EPC] = BED_PC;
	cr_assert_eq(taken_by(bed, ERET), COST(bed, ISSUE) + COST(bed, ERET));
	bed_free(bed);
}

/* --- T7 --- */

Test(mips_timing, t7_a_store_waits_for_a_place_in_the_write_buffer)
{
	/* Four entries, six cycles each, one store a cycle: the fifth finds four and waits until one has left. */
	static const unsigned takes[] = { 1, 1, 1, 1, 1 + 2, 1 + 5, 1 + 5 };
	struct bed *bed = bed_timed(3, 0, 0, 0);

	bed->model.cost[MIPS_COST_WRITE_DEPTH] = 4;
	bed->model.cost[MIPS_COST_WRITE_RETIRE] = 6;
	for (unsigned n = 0; n < sizeof takes / sizeof *takes; n++)
		cr_expect_eq(taken_by(bed, SW(R_ZERO, 0, R_S0)), takes[n], "store %u", n);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_WRITE_STALLS], 3);
	ledger_settle(&bed->ledger);
	cr_assert_eq(bed->ledger.total[CAUSE_WRITE_BUFFER], 12);
	cr_assert_eq(taken_by(bed, LW(R_T0, 0, R_S0)), 1); /* no read waits */
	bed_free(bed);
}

/* The buffer as a list of the times when its entries leave. */
struct list {
	cycle_t leaves[16];
	unsigned length;
};

static cycle_t list_store(struct list *list, cycle_t t, unsigned depth, cycle_t retire)
{
	unsigned kept = 0;
	cycle_t last = 0;

	if (list->length)
		last = list->leaves[list->length - 1];
	for (unsigned n = 0; n < list->length; n++)
		if (list->leaves[n] > t)
			list->leaves[kept++] = list->leaves[n];
	list->length = kept;
	if (list->length == depth) {
		t = list->leaves[0];
		memmove(list->leaves, list->leaves + 1, (--list->length) * sizeof *list->leaves);
	}
	list->leaves[list->length++] = (last > t ? last : t) + retire;
	return t;
}

Test(mips_timing, t7_the_write_buffer_is_that_of_a_list)
{
	uint64_t random = 7;

	for (unsigned depth = 1; depth <= 6; depth++) {
		struct bed *bed = bed_timed(3, 0, 0, 0);
		struct list list = { .length = 0 };

		bed->model.cost[MIPS_COST_WRITE_DEPTH] = depth;
		bed->model.cost[MIPS_COST_WRITE_RETIRE] = 5;
		for (unsigned n = 0; n < 2000; n++) {
			cycle_t t = list_store(&list, bed_now(bed), depth, 5);

			bed_do(bed, SW(R_ZERO, 0, R_S0));
			cr_assert_eq(bed_now(bed), t + 1, "depth %u store %u", depth, n);
			ledger_charge(&bed->ledger, CAUSE_IDLE, bed_random(&random) % 12 * (bed_random(&random) % 4 == 0));
		}
		bed_free(bed);
	}
}

Test(mips_timing, t7_devices_and_isolated_caches_do_not_take_part)
{
	struct bed *bed = bed_timed(3, 0, 0, 0);

	bed->model.cost[MIPS_COST_WRITE_DEPTH] = 1;
	bed->model.cost[MIPS_COST_WRITE_RETIRE] = 1000;
	bed_reg(bed)[R_S1] = BED_DEVICE;
	bed_do(bed, SW(R_ZERO, 0, R_S1));
	cr_assert_eq(bed->mips.cpu.drained, 0);
	bed_cp0(bed)[CP0_STATUS] |= SR3_ISC;
	bed_do(bed, SW(R_ZERO, 0, R_S0));
	cr_assert_eq(bed->mips.cpu.drained, 0);
	bed_free(bed);
}

/* --- T8 --- */

static struct bed *bed_cached(uint32_t generation)
{
	struct bed *bed = bed_timed(generation, 0, 0, 0);

	bed->model.cache_enabled = bed->model.split_cache = true;
	bed->model.data_cache = (struct cache_geometry){ .size = 1024, .ways = 1, .line = 16, .write = CACHE_WRITE_BACK };
	bed->model.code_cache = (struct cache_geometry){ .size = 1024, .ways = 1, .line = 16 };
	bed_power_on(bed);
	bed_reg(bed)[R_S0] = BED_DATA;
	return bed;
}

Test(mips_timing, t8_misses_of_code_and_data_take_a_lines_time)
{
	struct bed *bed = bed_cached(4);
	uint32_t miss = COST(bed, DATA_MISS);
	cycle_t before = 0;

	cr_assert_eq(taken_by(bed, LW(R_T0, 0, R_S0)), 1 + miss);
	cr_assert_eq(taken_by(bed, LW(R_T0, 12, R_S0)), 1);
	cr_assert_eq(taken_by(bed, SW(R_T0, 12, R_S0)), 1);
	cr_assert_eq(taken_by(bed, LW(R_T0, 1024, R_S0)), 1 + miss + COST(bed, WRITE_BACK));
	bed->mips.cpu.pc = BED_PC;
	before = bed_now(bed);
	cr_assert_eq(bed_step(bed), -1);
	cr_assert_eq(bed_now(bed) - before, 1 + COST(bed, CODE_MISS));
	cr_assert_eq(bed_step(bed), -1);
	cr_assert_eq(bed_now(bed) - before, 2 + COST(bed, CODE_MISS));
	cr_assert_eq(bed->mips.count[MIPS_COUNT_CODE_CACHE_MISSES], 1);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_DATA_CACHE_MISSES], 2);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_CACHE_MISSES], 3);
	bed_free(bed);
}

Test(mips_timing, t8_uncached_memory_takes_its_own_time_and_no_line)
{
	for (unsigned modelled = 0; modelled < 2; modelled++) {
		struct bed *bed = modelled ? bed_cached(3) : bed_timed(3, 0, 0, 0);

		bed_reg(bed)[R_S0] = 0xa0010000;
		cr_assert_eq(taken_by(bed, LW(R_T0, 0, R_S0)), 1 + COST(bed, UNCACHED_READ));
		cr_assert_eq(taken_by(bed, SW(R_T0, 0, R_S0)), 1 + COST(bed, UNCACHED_WRITE));
		bed_map(bed, 0, 0x400, 0, 0x10, LO3_V | LO3_D | LO3_N);
		bed_reg(bed)[R_S0] = 0x00400000;
		cr_assert_eq(taken_by(bed, LW(R_T0, 0, R_S0)), 1 + COST(bed, UNCACHED_READ));
		cr_assert(!modelled || !cache_probe(bed->mips.data_cache, 0x10000));
		bed_free(bed);
	}
}

/* --- T9 --- */

Test(mips_timing, t9_a_device_sees_the_end_of_its_access)
{
	static const struct { uint32_t load, store; enum mips_cost key; } access[] = {
		{ LBU(R_T0, 0, R_S0), SB(R_T0, 0, R_S0), MIPS_COST_BUS_IO8 },
		{ LHU(R_T0, 0, R_S0), SH(R_T0, 0, R_S0), MIPS_COST_BUS_IO16 },
		{ LW(R_T0, 0, R_S0), SW(R_T0, 0, R_S0), MIPS_COST_BUS_IO32 },
	};
	struct bed *bed = bed_timed(3, 0, 0, 0);

	bed_reg(bed)[R_S0] = BED_DEVICE;
	for (unsigned n = 0; n < 3; n++) {
		cr_assert_eq(taken_by(bed, access[n].load), 1 + bed->model.cost[access[n].key]);
		cr_assert_eq(bed->seen, bed_now(bed));
		cr_assert_eq(taken_by(bed, access[n].store), 1 + bed->model.cost[access[n].key]);
		cr_assert_eq(bed->seen, bed_now(bed));
	}
	bed_free(bed);
}

Test(mips_timing, t9_where_nothing_answers_stalls_and_bus_cycle_have_passed_but_no_instruction)
{
	struct bed *bed = bed_timed(3, 10, 0, 0);

	bed_put(bed, BED_DATA, 0xb9000000);
	bed_do(bed, LW(R_T0, 0, R_S0));
	cr_assert_eq(bed_do(bed, LW(R_T1, 0, R_T0)), EXC_DBE);
	cr_assert_eq(bed_now(bed), 1 + 10 + COST(bed, BUS_IO32));
	cr_assert_eq(bed->ledger.instructions, 1);
	bed_free(bed);
}

/* --- blocks --- */

/* An instruction that an engine's block may hold, but no branch. */
static uint32_t random_word(uint64_t *random)
{
	unsigned a = R_T0 + bed_random(random) % 4, b = R_T0 + bed_random(random) % 4, c = R_T0 + bed_random(random) % 4;

	switch (bed_random(random) % 10) {
	case 0: case 1: return LW(a, 4 * (bed_random(random) % 8), R_S0);
	case 2: return LWL(a, 3, R_S0);
	case 3: return SW(a, 0, R_S0);
	case 4: return MULT(a, b);
	case 5: return DIVU(a, b);
	case 6: return MFLO(a);
	case 7: return MTHI(a);
	case 8: return NOP;
	default: return ADDU(a, b, c);
	}
}

static uint32_t random_branch(uint64_t *random)
{
	unsigned a = R_T0 + bed_random(random) % 4;

	switch (bed_random(random) % 5) {
	case 0: return BEQ(R_ZERO, R_ZERO, 4);
	case 1: return BNE(a, a, 4);
	case 2: return JALR(R_RA, R_A0);
	case 3: return BEQL(a, R_T5, 4);
	default: return BEQL(a, a, 4);
	}
}

/* One by one: the cycles of n instructions, begin[i] when the i-th could begin; how many were performed. */
static unsigned one_by_one(struct bed *bed, const struct mips_instruction *insn, unsigned n, cycle_t *begin)
{
	cycle_t zero = bed_now(bed);
	unsigned done = 0;

	memset(bed->mips.cpu.ready, 0, sizeof bed->mips.cpu.ready);
	bed->mips.cpu.hilo_ready = 0;
	bed->mips.cpu.in_slot = false;
	bed->mips.cpu.pc = BED_PC;
	while (done < n && (done == 0 || bed->mips.cpu.in_slot || bed->mips.cpu.pc == BED_PC + 4 * done)) {
		begin[done] = bed_now(bed) - zero;
		cr_assert(mips_perform(&bed->mips, &insn[done], &bed->fault));
		done++;
	}
	begin[done] = bed_now(bed) - zero;
	return done;
}

Test(mips_timing, the_cost_of_a_block_is_that_of_its_instructions)
{
	struct bed *bed = bed_timed(4, 2, 10, 30);
	uint64_t random = 11;

	bed->model.cost[MIPS_COST_BRANCH_TAKEN] = 3;
	bed_reg(bed)[R_T5] = 1;
	for (unsigned round = 0; round < 20000; round++) {
		struct mips_instruction insn[20];
		uint32_t prefix[21], branch = bed_random(&random) % 3 ? random_branch(&random) : 0;
		unsigned n = 1 + bed_random(&random) % 16, done, last;
		struct mips_block_cost cost;
		cycle_t begin[21];
		bool taken;

		for (unsigned i = 0; i < n; i++)
			mips_decode(random_word(&random), 4, &insn[i]);
		if (bed_random(&random) % 8 == 0)
			insn[n / 2].absent = insn[n / 2].word == NOP;
		last = n;
		if (branch)
			mips_decode(branch, 4, &insn[n++]);
		if (branch)
			mips_decode(random_word(&random), 4, &insn[n++]);
		mips_block_cost(&bed->model, insn, n, prefix, &cost);
		bed_reg(bed)[R_A0] = BED_PC;
		done = one_by_one(bed, insn, n, begin);
		taken = branch && bed->mips.cpu.pc != BED_PC + 4 * n;
		for (unsigned i = 0; i < done && i <= last; i++)
			cr_assert_eq(prefix[i], begin[i], "round %u instruction %u", round, i);
		cr_assert_eq(cost.cycles + (taken ? cost.taken : 0), begin[done], "round %u: %u + %u, not %llu", round,
		             cost.cycles, cost.taken, (unsigned long long)begin[done]);
		cr_assert_eq(prefix[n], cost.cycles);
	}
	bed_free(bed);
}

Test(mips_timing, a_block_may_end_with_its_branch_alone)
{
	struct bed *bed = bed_timed(3, 0, 0, 0);
	struct mips_instruction insn;
	struct mips_block_cost cost;
	uint32_t prefix[2];

	mips_decode(J(BED_PC), 3, &insn);
	mips_block_cost(&bed->model, &insn, 1, prefix, &cost);
	cr_assert(cost.cycles == 1 && cost.taken == COST(bed, BRANCH_TAKEN) && prefix[0] == 0 && prefix[1] == 1);
	bed_free(bed);
}
