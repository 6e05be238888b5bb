/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The oracle by itself: what the manuals say of instructions, exceptions and the TLB; the rules of time by numbers. */
#include <criterion/criterion.h>
#include <stdarg.h>
#include "tests/oracle/code.h"
#include "tests/oracle/oracle.h"

enum { MEMORY = 0x20000, CODE = 0x1000, BASE = 0x80000000u };

static struct oracle_model model_of(unsigned generation)
{
	return (struct oracle_model){
		.generation = generation, .entries = generation == 4 ? 48 : 64, .ways = generation == 4 ? 48 : 64,
		.asid_bits = generation == 4 ? 8 : 6, .global = true, .wired = 8,
		.cost = { .issue = 1, .load_use = 1, .mult = 12, .div = 35, .exception_entry = 5, .exception_refill = 3, .io8 = 20,
		          .io16 = 20, .io32 = 20 },
	};
}

static void put(struct oracle *o, uint32_t at, uint32_t word) { memcpy(o->memory + at, &word, 4); }

static uint32_t get(const struct oracle *o, uint32_t at)
{
	uint32_t word;

	memcpy(&word, o->memory + at, 4);
	return word;
}

/* Kernel mode in kseg0, with the words at CODE. */
static struct oracle *stage(const struct oracle_model *model, unsigned n, const uint32_t *words)
{
	struct oracle *o = oracle_create(model, MEMORY, NULL);

	cr_assert(o);
	for (unsigned i = 0; i < n; i++)
		put(o, CODE + 4 * i, words[i]);
	o->pc = BASE + CODE;
	return o;
}
#define STAGE(model, ...) \
	stage(&(model), sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, (uint32_t[]){ __VA_ARGS__ })

static void steps(struct oracle *o, unsigned n)
{
	while (n--)
		oracle_step(o);
}

static unsigned code_of(const struct oracle *o) { return o->cp0[C_CAUSE] >> 2 & 31; }

/* --- registers --- */

struct vector { uint32_t word, s, t, expected; };

/* rs is a0, rt is a1, rd is v0; with an immediate the result is in a1. */
static const struct vector vectors[] = {
	{ 0x00051100, 0, 0x12345678, 0x23456780 },          /* sll v0,a1,4 */
	{ 0x00051102, 0, 0x80000000, 0x08000000 },          /* srl v0,a1,4 */
	{ 0x00051103, 0, 0x80000000, 0xf8000000 },          /* sra v0,a1,4 */
	{ 0x00851004, 33, 1, 2 },                            /* sllv: five bits of the amount */
	{ 0x00851006, 36, 0x80000000, 0x08000000 },          /* srlv */
	{ 0x00851007, 36, 0x80000000, 0xf8000000 },          /* srav */
	{ 0x00851020, 1, 2, 3 },                             /* add */
	{ 0x00851021, 0x7fffffff, 1, 0x80000000 },           /* addu: no overflow */
	{ 0x00851022, 1, 2, 0xffffffff },                    /* sub */
	{ 0x00851023, 0x80000000, 1, 0x7fffffff },           /* subu */
	{ 0x00851024, 0xff00ff00, 0x0ff00ff0, 0x0f000f00 },  /* and */
	{ 0x00851025, 0xff00ff00, 0x0ff00ff0, 0xfff0fff0 },  /* or */
	{ 0x00851026, 0xff00ff00, 0x0ff00ff0, 0xf0f0f0f0 },  /* xor */
	{ 0x00851027, 0xff00ff00, 0x0ff00ff0, 0x000f000f },  /* nor */
	{ 0x0085102a, 0xffffffff, 0, 1 },                    /* slt: signed */
	{ 0x0085102b, 0xffffffff, 0, 0 },                    /* sltu: unsigned */
	{ 0x2085ffff, 5, 0, 4 },                             /* addi -1 */
	{ 0x24858000, 0, 0, 0xffff8000 },                    /* addiu sign-extends */
	{ 0x28850000, 0x80000000, 0, 1 },                    /* slti */
	{ 0x2c85ffff, 0xfffffffe, 0, 1 },                    /* sltiu: the immediate is sign-extended, then unsigned */
	{ 0x3085ffff, 0xffffffff, 0, 0x0000ffff },           /* andi zero-extends */
	{ 0x3485ffff, 0, 0, 0x0000ffff },                    /* ori */
	{ 0x3885ffff, 0xffffffff, 0, 0xffff0000 },           /* xori */
	{ 0x3c05ffff, 0, 0, 0xffff0000 },                    /* lui */
};

Test(registers, each_instruction_has_the_manuals_result)
{
	const struct oracle_model model = model_of(3);

	for (size_t n = 0; n < sizeof vectors / sizeof *vectors; n++) {
		struct oracle *o = STAGE(model, vectors[n].word);
		bool immediate = vectors[n].word >> 26;

		o->reg[A0] = vectors[n].s;
		o->reg[A1] = vectors[n].t;
		steps(o, 1);
		cr_expect_eq(o->reg[immediate ? A1 : V0], vectors[n].expected, "word %08x: %08x", vectors[n].word,
		             o->reg[immediate ? A1 : V0]);
		cr_expect_eq(o->pc, BASE + CODE + 4);
		oracle_destroy(o);
	}
}

Test(registers, register_0_stays_0)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_i(O_ADDIU, ZERO, ZERO, 5), code_r(F_ADDU, V0, ZERO, ZERO));

	o->reg[V0] = 1;
	steps(o, 2);
	cr_expect_eq(o->reg[V0], 0);
	oracle_destroy(o);
}

Test(registers, hi_and_lo_hold_products_quotients_and_remainders)
{
	const struct oracle_model model = model_of(3);
	static const struct { unsigned function; uint32_t s, t, hi, lo; } of[] = {
		{ F_MULT, 0xffffffff, 2, 0xffffffff, 0xfffffffe }, { F_MULTU, 0xffffffff, 2, 1, 0xfffffffe },
		{ F_DIV, 0xfffffff9, 2, 0xffffffff, 0xfffffffd }, { F_DIVU, 0xfffffff9, 2, 1, 0x7ffffffc },
		{ F_DIV, 0x80000000, 0xffffffff, 0, 0x80000000 },
	};

	for (size_t n = 0; n < sizeof of / sizeof *of; n++) {
		struct oracle *o = STAGE(model, code_r(of[n].function, 0, A0, A1));

		o->reg[A0] = of[n].s;
		o->reg[A1] = of[n].t;
		steps(o, 1);
		cr_expect_eq(o->hi, of[n].hi, "%zu: hi %08x", n, o->hi);
		cr_expect_eq(o->lo, of[n].lo, "%zu: lo %08x", n, o->lo);
		oracle_destroy(o);
	}
}

Test(registers, an_overflow_is_an_exception_and_changes_nothing)
{
	const struct oracle_model model = model_of(3);
	static const struct { uint32_t word, s, t; } of[] = {
		{ 0x00851020, 0x7fffffff, 1 }, { 0x00851022, 0x80000000, 1 }, { 0x2085ffff, 0x80000000, 0x55 },
	};

	for (size_t n = 0; n < sizeof of / sizeof *of; n++) {
		struct oracle *o = STAGE(model, of[n].word);

		o->reg[A0] = of[n].s;
		o->reg[A1] = of[n].t;
		o->reg[V0] = 0x77;
		steps(o, 1);
		cr_expect_eq(code_of(o), 12);
		cr_expect_eq(o->pc, BASE + 0x80);
		cr_expect_eq(o->cp0[C_EPC], BASE + CODE);
		cr_expect(o->reg[V0] == 0x77 && o->reg[A1] == of[n].t);
		cr_expect_eq(o->now, 5, "the exception's entry alone is paid");
		oracle_destroy(o);
	}
}

/* --- memory --- */

Test(memory, unaligned_words_are_moved_by_two_halves)
{
	const struct oracle_model model = model_of(3);
	/* memory 11 22 33 44 | 55 66 77 88, register aabbccdd; after lwl, after lwr at each byte of the first word */
	static const uint32_t left[4] = { 0x11bbccdd, 0x2211ccdd, 0x332211dd, 0x44332211 };
	static const uint32_t right[4] = { 0x44332211, 0xaa443322, 0xaabb4433, 0xaabbcc44 };
	static const uint32_t store_left[4] = { 0x443322aa, 0x4433aabb, 0x44aabbcc, 0xaabbccdd };
	static const uint32_t store_right[4] = { 0xaabbccdd, 0xbbccdd11, 0xccdd2211, 0xdd332211 };
	static const struct { unsigned opcode; const uint32_t *expected; bool store; } of[] = {
		{ O_LWL, left, false }, { O_LWR, right, false }, { O_SWL, store_left, true }, { O_SWR, store_right, true },
	};

	for (size_t n = 0; n < 16; n++) {
		unsigned byte = n % 4;
		struct oracle *o = STAGE(model, code_i(of[n / 4].opcode, V0, A0, byte));
		uint32_t got;

		o->reg[A0] = BASE + 0x2000;
		o->reg[V0] = 0xaabbccdd;
		put(o, 0x2000, 0x44332211);
		steps(o, 1);
		got = of[n / 4].store ? get(o, 0x2000) : o->reg[V0];
		cr_expect_eq(got, of[n / 4].expected[byte], "opcode %u byte %u: %08x", of[n / 4].opcode, byte, got);
		oracle_destroy(o);
	}
}

Test(memory, bytes_and_halves_are_extended_as_their_instruction_says)
{
	const struct oracle_model model = model_of(3);
	static const struct { unsigned opcode; uint32_t expected; } of[] = {
		{ O_LB, 0xffffff80 }, { O_LBU, 0x80 }, { O_LH, 0xffff8180 }, { O_LHU, 0x8180 }, { O_LW, 0x83828180 },
	};

	for (size_t n = 0; n < sizeof of / sizeof *of; n++) {
		struct oracle *o = STAGE(model, code_i(of[n].opcode, V0, A0, 0));

		o->reg[A0] = BASE + 0x2000;
		put(o, 0x2000, 0x83828180);
		steps(o, 1);
		cr_expect_eq(o->reg[V0], of[n].expected);
		oracle_destroy(o);
	}
}

Test(memory, an_unaligned_address_and_a_kernels_address_from_user_mode_are_address_errors)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_i(O_LW, V0, A0, 2));

	o->reg[A0] = BASE + 0x2000;
	steps(o, 1);
	cr_expect_eq(code_of(o), 4);
	cr_expect_eq(o->cp0[C_BADVADDR], BASE + 0x2002);
	o->pc = BASE + CODE;
	o->cp0[C_STATUS] = 2;
	steps(o, 1);
	cr_expect_eq(code_of(o), 4);
	cr_expect_eq(o->cp0[C_BADVADDR], BASE + CODE, "the fetch itself is refused");
	oracle_destroy(o);
}

/* --- branches --- */

Test(branches, the_slot_is_executed_and_then_the_target)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_i(O_BEQ, ZERO, ZERO, 3), code_i(O_ADDIU, V0, V0, 1), code_i(O_ADDIU, V0, V0, 2),
	                         code_i(O_ADDIU, V0, V0, 4), code_i(O_ADDIU, V0, V0, 8));

	steps(o, 3);
	cr_expect_eq(o->reg[V0], 9);
	oracle_destroy(o);
}

Test(branches, a_link_is_the_address_after_the_slot_even_if_it_is_not_taken)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_regimm(16, ZERO, 4), NOP);

	steps(o, 2);
	cr_expect_eq(o->reg[RA], BASE + CODE + 8);
	cr_expect_eq(o->pc, BASE + CODE + 8);
	oracle_destroy(o);
}

Test(branches, a_fault_in_a_slot_names_the_branch_and_says_so)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_j(O_J, 0x3000), code_i(O_LW, V0, ZERO, 1));

	steps(o, 2);
	cr_expect_eq(o->cp0[C_EPC], BASE + CODE);
	cr_expect_eq(o->cp0[C_CAUSE] >> 31, 1);
	oracle_destroy(o);
}

Test(branches, a_likely_branch_that_is_not_taken_nullifies_its_slot)
{
	const struct oracle_model model = model_of(4);
	struct oracle *o = STAGE(model, code_i(O_BNEL, ZERO, ZERO, 3), code_i(O_ADDIU, V0, V0, 1), NOP);

	steps(o, 1);
	cr_expect_eq(o->pc, BASE + CODE + 8);
	cr_expect_eq(o->reg[V0], 0);
	cr_expect_eq(o->now, 2);
	oracle_destroy(o);
}

/* --- exceptions --- */

Test(exceptions, three_levels_of_mode_and_enable_stand_on_the_r3000s_stack)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_r(F_SYSCALL, 0, 0, 0));

	o->cp0[C_STATUS] = 0x3d; /* old: user, enabled; previous: user, enabled; current: kernel, enabled */
	put(o, 0x80, RFE);
	steps(o, 1);
	cr_expect_eq(o->cp0[C_STATUS], 0x34);
	cr_expect_eq(code_of(o), 8);
	steps(o, 1);
	cr_expect_eq(o->cp0[C_STATUS], 0x3d);
	oracle_destroy(o);
}

Test(exceptions, the_r4000_keeps_epc_while_exl_is_set_and_uses_the_general_vector)
{
	const struct oracle_model model = model_of(4);
	struct oracle *o = STAGE(model, code_i(O_LW, V0, ZERO, 0), NOP);

	put(o, 0x0, code_i(O_LW, V0, ZERO, 0));
	steps(o, 1);
	cr_expect_eq(o->pc, BASE);
	steps(o, 1);
	cr_expect_eq(o->pc, BASE + 0x180);
	cr_expect_eq(o->cp0[C_EPC], BASE + CODE);
	put(o, 0x180, ERET);
	steps(o, 1);
	cr_expect_eq(o->pc, BASE + CODE);
	cr_expect_eq(o->cp0[C_STATUS] & 2, 0);
	oracle_destroy(o);
}

Test(exceptions, what_a_generation_lacks_is_reserved_and_absent_coprocessors_are_unusable)
{
	static const struct { unsigned generation; uint32_t word; unsigned code, unit; } of[] = {
		{ 3, 0x00000034, 10, 0 }, { 4, 0x00000034, 13, 0 }, { 3, 0x50000000, 10, 0 }, { 3, ERET, 10, 0 }, { 4, RFE, 10, 0 },
		{ 3, 0x44000000, 11, 1 }, { 3, 0x48000000, 11, 2 }, { 3, 0x4c000000, 11, 3 }, { 4, 0x4c000000, 10, 0 },
		{ 3, 0xc4000000, 11, 1 }, { 4, 0xd4000000, 11, 1 }, { 3, 0x0000000d, 9, 0 }, { 3, 0x7c000000, 10, 0 },
	};

	for (size_t n = 0; n < sizeof of / sizeof *of; n++) {
		const struct oracle_model model = model_of(of[n].generation);
		struct oracle *o = STAGE(model, of[n].word);

		steps(o, 1);
		cr_expect_eq(code_of(o), of[n].code, "%08x: %u", of[n].word, code_of(o));
		cr_expect_eq(o->cp0[C_CAUSE] >> 28 & 3, of[n].unit);
		oracle_destroy(o);
	}
}

Test(exceptions, coprocessor_0_is_usable_in_user_mode_only_if_status_says_so)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, NOP);

	o->tlb[0] = (struct oracle_entry){ .page = 1, .frame = { 1 }, .valid = { true } };
	put(o, CODE, code_mfc0(V0, C_PRID));
	o->pc = CODE;
	o->cp0[C_STATUS] = 2;
	o->cp0[C_PRID] = 0x230;
	steps(o, 1);
	cr_expect_eq(code_of(o), 11);
	o->pc = CODE;
	o->cp0[C_STATUS] = 2 | 1u << 28;
	steps(o, 1);
	cr_expect_eq(o->reg[V0], 0x230);
	oracle_destroy(o);
}

/* --- the TLB --- */

/* lw v0,0(a0) with one entry in the TLB, asid in EntryHi. */
static struct oracle *load_through(const struct oracle_model *model, struct oracle_entry entry, uint32_t asid,
                                   uint32_t address)
{
	struct oracle *o = STAGE(*model, code_i(O_LW, V0, A0, 0));

	o->tlb[9] = entry;
	o->cp0[C_ENTRYHI] = asid;
	o->reg[A0] = address;
	steps(o, 1);
	return o;
}

Test(tlb, misses_of_kuseg_have_a_vector_of_their_own_and_those_of_kseg2_have_not)
{
	const struct oracle_model model = model_of(3);
	const struct oracle_entry none = { .page = 0x90000 };
	struct oracle *o = load_through(&model, none, 0x40, 0x12345678);

	cr_expect_eq(o->pc, BASE);
	cr_expect_eq(code_of(o), 2);
	cr_expect_eq(o->cp0[C_BADVADDR], 0x12345678);
	cr_expect_eq(o->cp0[C_CONTEXT], 0x12345 << 2);
	cr_expect_eq(o->cp0[C_ENTRYHI], 0x12345040);
	oracle_destroy(o);
	o = load_through(&model, none, 0x40, 0xc2345678);
	cr_expect_eq(o->pc, BASE + 0x80);
	oracle_destroy(o);
}

Test(tlb, an_entry_is_for_its_address_space_or_for_all)
{
	const struct oracle_model model = model_of(3);
	struct oracle_entry entry = { .page = 5, .frame = { 2 }, .valid = { true }, .asid = 3 };
	struct oracle *o = load_through(&model, entry, 3 << 6, 0x5010);

	cr_expect_eq(o->pc, BASE + CODE + 4);
	oracle_destroy(o);
	o = load_through(&model, entry, 4 << 6, 0x5010);
	cr_expect_eq(o->pc, BASE);
	oracle_destroy(o);
	entry.global = true;
	o = load_through(&model, entry, 4 << 6, 0x5010);
	cr_expect_eq(o->pc, BASE + CODE + 4);
	oracle_destroy(o);
}

Test(tlb, invalid_and_unmodified_pages_go_to_the_general_vector)
{
	const struct oracle_model model = model_of(3);
	struct oracle_entry entry = { .page = 5, .frame = { 2 }, .global = true };
	struct oracle *o = load_through(&model, entry, 0, 0x5010);

	cr_expect(o->pc == BASE + 0x80 && code_of(o) == 2);
	put(o, CODE, code_i(O_SW, V0, A0, 0));
	o->tlb[9].valid[0] = true;
	o->pc = BASE + CODE;
	steps(o, 1);
	cr_expect(o->pc == BASE + 0x80 && code_of(o) == 1);
	cr_expect(o->count.invalid == 1 && o->count.modified == 1);
	oracle_destroy(o);
}

Test(tlb, an_entry_of_the_r4000_is_two_pages_of_its_size)
{
	const struct oracle_model model = model_of(4);
	struct oracle *o = STAGE(model, TLBWI, code_i(O_LW, V0, A0, 0), code_i(O_LW, V1, A0, 0x4000));

	o->cp0[C_PAGEMASK] = 0x6000; /* 16 KiB */
	o->cp0[C_ENTRYHI] = 0x00400005;
	o->cp0[C_ENTRYLO] = 0x10 << 6 | 2; /* physical 0x10000 */
	o->cp0[C_ENTRYLO1] = 0x14 << 6 | 2;
	o->reg[A0] = 0x00402ab0;
	put(o, 0x12ab0, 1234);
	put(o, 0x16ab0, 5678);
	steps(o, 3);
	cr_expect_eq(o->reg[V0], 1234);
	cr_expect_eq(o->reg[V1], 5678);
	oracle_destroy(o);
}

Test(tlb, probe_finds_what_was_written_and_says_when_there_is_nothing)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, TLBWI, TLBP, TLBP, TLBR);

	o->cp0[C_INDEX] = 17 << 8;
	o->cp0[C_ENTRYHI] = 0x00007000 | 5 << 6;
	o->cp0[C_ENTRYLO] = 0x00003e00;
	steps(o, 1);
	o->cp0[C_INDEX] = 0;
	steps(o, 1);
	cr_expect_eq(o->cp0[C_INDEX], 17 << 8);
	o->cp0[C_ENTRYHI] = 0x00007000 | 6 << 6;
	steps(o, 1);
	cr_expect_eq(o->cp0[C_INDEX], 0x80000000u);
	o->cp0[C_INDEX] = 17 << 8;
	steps(o, 1);
	cr_expect_eq(o->cp0[C_ENTRYHI], 0x00007000 | 5 << 6);
	cr_expect_eq(o->cp0[C_ENTRYLO], 0x00003e00);
	oracle_destroy(o);
}

Test(tlb, two_entries_that_match_shut_it_down)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_i(O_LW, V0, ZERO, 0x5000));

	o->tlb[9] = o->tlb[10] = (struct oracle_entry){ .page = 5, .valid = { true }, .global = true };
	steps(o, 1);
	cr_expect(o->shutdown);
	oracle_destroy(o);
}

Test(tlb, random_runs_from_the_last_entry_down_to_the_wired_ones)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, NOP);

	for (o->now = 0; o->now < 112; o->now++)
		cr_expect_eq(oracle_cp0(o, C_RANDOM), (63 - o->now % 56) << 8);
	oracle_destroy(o);
}

/* Five pages into a TLB of one set of four ways, the first used again before the fifth: which of the four is gone? */
static int replaced(enum oracle_policy policy)
{
	struct oracle_model model = model_of(3);
	int gone = -1;

	model.entries = model.ways = 4;
	model.wired = 0;
	model.policy = policy;
	struct oracle *o = STAGE(model, TLBWR, TLBWR, TLBWR, TLBWR, code_i(O_LW, V0, ZERO, 0x1000), TLBWR);
	for (unsigned n = 0; n < 6; n++) {
		o->cp0[C_ENTRYHI] = (n == 5 ? 5 : n + 1) << 12;
		o->cp0[C_ENTRYLO] = 0x00001200;
		steps(o, 1);
	}
	for (int page = 1; page <= 4; page++) {
		bool there = false;

		for (int n = 0; n < 4; n++)
			there |= o->tlb[n].page == (uint32_t)page;
		if (!there)
			gone = page;
	}
	oracle_destroy(o);
	return gone;
}

Test(tlb, policies_differ_in_whom_they_replace)
{
	cr_expect_eq(replaced(ORACLE_FIFO), 1);
	cr_expect_eq(replaced(ORACLE_ROUND_ROBIN), 1);
	cr_expect_eq(replaced(ORACLE_LRU), 2);
	cr_expect_eq(replaced(ORACLE_PSEUDO_LRU), 2);
}

/* --- time --- */

Test(time, a_load_is_ready_one_cycle_late)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_i(O_LW, V0, A0, 0), code_r(F_ADDU, V1, V0, V0), code_i(O_LW, V0, A0, 0), NOP,
	                         code_r(F_ADDU, V1, V0, V0));

	o->reg[A0] = BASE;
	steps(o, 2);
	cr_expect_eq(o->now, 3);
	steps(o, 3);
	cr_expect_eq(o->now, 6);
	oracle_destroy(o);
}

Test(time, who_reads_lo_waits_for_the_product)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_r(F_MULT, 0, A0, A1), NOP, code_r(F_MFLO, V0, 0, 0));

	steps(o, 3);
	cr_expect_eq(o->now, 13, "it begins at 12: %lu", (unsigned long)o->now);
	oracle_destroy(o);
}

Test(time, a_full_write_buffer_is_waited_for)
{
	struct oracle_model model = model_of(3);
	uint32_t store = code_i(O_SW, ZERO, A0, 0);

	model.cost.write_depth = 2;
	model.cost.write_retire = 5;
	struct oracle *o = STAGE(model, store, store, store, store);
	o->reg[A0] = BASE + 0x2000;
	steps(o, 2); /* at 0 and 1; empty at 10 */
	cr_expect_eq(o->now, 2);
	steps(o, 1); /* waits until 5; empty at 15 */
	cr_expect_eq(o->now, 6);
	cr_expect_eq(o->cause[ORACLE_WRITE_BUFFER], 3);
	steps(o, 1); /* waits until 10 */
	cr_expect_eq(o->now, 11);
	cr_expect_eq(o->drained, 20);
	oracle_destroy(o);
}

Test(time, what_a_refill_handler_takes_is_the_refills)
{
	const struct oracle_model model = model_of(3);
	struct oracle *o = STAGE(model, code_i(O_LW, V0, ZERO, 0));

	put(o, 0x0, NOP);
	put(o, 0x4, code_r(F_JR, 0, RA, 0));
	put(o, 0x8, RFE);
	o->reg[RA] = BASE + CODE + 4;
	steps(o, 5);
	cr_expect_eq(o->cause[ORACLE_TLB_REFILL], 3 + 3);
	cr_expect_eq(o->cause[ORACLE_INSTRUCTION], 1);
	oracle_destroy(o);
}

static bool line(void *ctx) { return *(bool *)ctx; }

Test(time, interrupts_are_looked_for_where_a_block_begins)
{
	const struct oracle_model model = model_of(3);
	bool raised = false;
	struct oracle *o = STAGE(model, NOP, NOP, code_i(O_BEQ, ZERO, ZERO, 1), NOP, NOP);

	o->board = (struct oracle_board){ .ctx = &raised, .interrupt = line };
	o->cp0[C_STATUS] = 0x401;
	steps(o, 1);
	raised = true;
	steps(o, 3);
	cr_expect_eq(o->count.interrupts, 0);
	steps(o, 1);
	cr_expect_eq(o->count.interrupts, 1);
	cr_expect_eq(o->cp0[C_EPC], BASE + CODE + 16);
	cr_expect_eq(oracle_cp0(o, C_CAUSE), 0x400);
	oracle_destroy(o);
}

Test(time, count_runs_at_half_the_clock_and_rings_when_it_meets_compare)
{
	const struct oracle_model model = model_of(4);
	struct oracle *o = STAGE(model, code_mtc0(A0, C_COMPARE), NOP, NOP, NOP, NOP);

	o->reg[A0] = 2;
	o->cp0[C_STATUS] = 0x8001;
	steps(o, 4);
	cr_expect_eq(oracle_cp0(o, C_COUNT), 2);
	o->block_begins = true;
	steps(o, 1);
	cr_expect_eq(o->pc, BASE + 0x180);
	cr_expect_eq(oracle_cp0(o, C_CAUSE), 0x8000);
	oracle_destroy(o);
}
