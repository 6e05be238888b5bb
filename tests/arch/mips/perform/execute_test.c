/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Performing instructions: results by vectors, written from the manuals' operations. */
#include "bed.h"

enum { S = R_S0, T = R_S1, D = R_T0 };

/* --- register to register --- */

static const struct {
	const char *name;
	uint32_t word, s, t, result;
} results[] = {
	{ "sll", SLL(D, T, 4), 0, 0x81234567, 0x12345670 }, { "sll 0", SLL(D, T, 0), 0, 5, 5 },
	{ "srl", SRL(D, T, 31), 0, 0x80000000, 1 }, { "sra", SRA(D, T, 31), 0, 0x80000000, 0xffffffff },
	{ "sra positive", SRA(D, T, 4), 0, 0x70000000, 0x07000000 }, { "sra 0", SRA(D, T, 0), 0, 0x80000000, 0x80000000 },
	{ "sllv", SLLV(D, T, S), 33, 1, 2 }, { "srlv", SRLV(D, T, S), 32, 7, 7 },
	{ "srav", SRAV(D, T, S), 0xffffffe1, 0x80000000, 0xc0000000 },
	{ "addu", ADDU(D, S, T), 0x7fffffff, 1, 0x80000000 }, { "subu", SUBU(D, S, T), 0, 1, 0xffffffff },
	{ "add", ADD(D, S, T), 0x7ffffffe, 1, 0x7fffffff }, { "sub", SUB(D, S, T), 0x80000001, 1, 0x80000000 },
	{ "and", AND(D, S, T), 0xff00ff00, 0x0ff00ff0, 0x0f000f00 }, { "or", OR(D, S, T), 0xff00ff00, 0x0ff00ff0, 0xfff0fff0 },
	{ "xor", XOR(D, S, T), 0xff00ff00, 0x0ff00ff0, 0xf0f0f0f0 }, { "nor", NOR(D, S, T), 0xff00ff00, 0x0ff00ff0, 0x000f000f },
	{ "slt", SLT(D, S, T), 0xffffffff, 0, 1 }, { "slt not", SLT(D, S, T), 0, 0xffffffff, 0 },
	{ "sltu", SLTU(D, S, T), 0, 0xffffffff, 1 }, { "sltu not", SLTU(D, S, T), 0xffffffff, 0, 0 },
	{ "addiu", ADDIU(D, S, -1), 0x80000000, 0, 0x7fffffff }, { "addi", ADDI(D, S, -32768), 32768, 0, 0 },
	{ "slti", SLTI(D, S, -1), 0xfffffffe, 0, 1 }, { "slti not", SLTI(D, S, -1), 0xffffffff, 0, 0 },
	{ "sltiu of an extended immediate", SLTIU(D, S, -1), 0xfffffffe, 0, 1 }, { "sltiu not", SLTIU(D, S, 1), 1, 0, 0 },
	{ "andi", ANDI(D, S, 0xff00), 0xffffffff, 0, 0xff00 }, { "ori", ORI(D, S, 0x8000), 0x10000, 0, 0x18000 },
	{ "xori", XORI(D, S, 0xffff), 0xffffffff, 0, 0xffff0000 }, { "lui", LUI(D, 0x8001), 0, 0, 0x80010000 },
};

Test(mips_execute, register_instructions_give_the_manuals_results)
{
	struct bed *bed = bed_new(3);

	for (unsigned n = 0; n < sizeof results / sizeof *results; n++) {
		vaddr_t pc = bed->mips.cpu.pc;

		bed_reg(bed)[S] = results[n].s;
		bed_reg(bed)[T] = results[n].t;
		cr_expect_eq(bed_do(bed, results[n].word), -1, "%s", results[n].name);
		cr_expect_eq(bed_reg(bed)[D], results[n].result, "%s: %#x", results[n].name, bed_reg(bed)[D]);
		cr_expect_eq(bed->mips.cpu.pc, pc + 4);
	}
	bed_free(bed);
}

Test(mips_execute, register_zero_stays_zero)
{
	struct bed *bed = bed_new(3);

	bed_do(bed, ADDIU(R_ZERO, R_ZERO, 5));
	bed_do(bed, LUI(R_ZERO, 5));
	bed_reg(bed)[S] = BED_DATA;
	bed_put(bed, BED_DATA, 7);
	bed_do(bed, LW(R_ZERO, 0, S));
	bed_do(bed, MFC0(R_ZERO, CP0_PRID));
	cr_assert_eq(bed_reg(bed)[R_ZERO], 0);
	bed_free(bed);
}

Test(mips_execute, overflow_leaves_everything_as_it_was)
{
	static const struct { uint32_t word, s, t; } over[] = {
		{ ADD(D, S, T), 0x7fffffff, 1 }, { ADD(D, S, T), 0x80000000, 0xffffffff }, { SUB(D, S, T), 0x80000000, 1 },
		{ SUB(D, S, T), 0x7fffffff, 0xffffffff }, { ADDI(D, S, 1), 0x7fffffff, 0 }, { ADDI(D, S, -1), 0x80000000, 0 },
	};
	struct bed *bed = bed_new(3);

	for (unsigned n = 0; n < sizeof over / sizeof *over; n++) {
		struct mips_cpu before;

		bed_reg(bed)[S] = over[n].s;
		bed_reg(bed)[T] = over[n].t;
		before = bed->mips.cpu;
		cr_expect_eq(bed_do(bed, over[n].word), EXC_OV, "%u", n);
		cr_expect_eq(memcmp(&before, &bed->mips.cpu, sizeof before), 0);
		cr_expect(bed_now(bed) == 0 && bed->ledger.instructions == 0);
	}
	bed_free(bed);
}

Test(mips_execute, traps_trap_by_their_condition)
{
	static const struct { uint32_t word, s, t; bool traps; } trap[] = {
		{ TRAP(0, S, T), 1, 1, true }, { TRAP(0, S, T), 0xffffffff, 0, false }, { TRAP(1, S, T), 0xffffffff, 0, true },
		{ TRAP(1, S, T), 0, 1, false }, { TRAP(2, S, T), 0xffffffff, 0, true }, { TRAP(2, S, T), 0, 0, false },
		{ TRAP(3, S, T), 0, 0xffffffff, true }, { TRAP(3, S, T), 0xffffffff, 0, false }, { TRAP(4, S, T), 7, 7, true },
		{ TRAP(4, S, T), 7, 8, false }, { TRAP(6, S, T), 7, 8, true }, { TRAP(6, S, T), 7, 7, false },
		{ TRAPI(0, S, -1), 0xffffffff, 0, true }, { TRAPI(0, S, 0), 0xffffffff, 0, false },
		{ TRAPI(1, S, -1), 0, 0, false }, { TRAPI(2, S, 0), 0xffffffff, 0, true }, { TRAPI(3, S, -1), 0, 0, true },
		{ TRAPI(4, S, -2), 0xfffffffe, 0, true }, { TRAPI(6, S, -2), 0xfffffffe, 0, false },
	};
	struct bed *bed = bed_new(4);

	for (unsigned n = 0; n < sizeof trap / sizeof *trap; n++) {
		bed_reg(bed)[S] = trap[n].s;
		bed_reg(bed)[T] = trap[n].t;
		cr_expect_eq(bed_do(bed, trap[n].word), trap[n].traps ? EXC_TR : -1, "%u", n);
	}
	bed_free(bed);
}

/* --- HI and LO --- */

Test(mips_execute, products_and_quotients)
{
	static const struct { uint32_t word, s, t, hi, lo; } math[] = {
		{ MULT(S, T), 0xffffffff, 2, 0xffffffff, 0xfffffffe }, { MULTU(S, T), 0xffffffff, 2, 1, 0xfffffffe },
		{ MULT(S, T), 0x80000000, 0x80000000, 0x40000000, 0 }, { MULTU(S, T), 0xffffffff, 0xffffffff, 0xfffffffe, 1 },
		{ DIV(S, T), 0xfffffff9, 2, 0xffffffff, 0xfffffffd }, { DIVU(S, T), 0xfffffff9, 2, 1, 0x7ffffffc },
		{ DIV(S, T), 7, 0xfffffffe, 1, 0xfffffffd }, { DIV(S, T), 0x80000000, 0xffffffff, 0, 0x80000000 },
	};
	struct bed *bed = bed_new(3);

	for (unsigned n = 0; n < sizeof math / sizeof *math; n++) {
		bed_reg(bed)[S] = math[n].s;
		bed_reg(bed)[T] = math[n].t;
		cr_assert_eq(bed_do(bed, math[n].word), -1);
		bed_do(bed, MFHI(R_T0));
		bed_do(bed, MFLO(R_T1));
		cr_expect(bed_reg(bed)[R_T0] == math[n].hi && bed_reg(bed)[R_T1] == math[n].lo, "%u: %#x %#x", n,
		          bed_reg(bed)[R_T0], bed_reg(bed)[R_T1]);
	}
	bed_do(bed, MTHI(S));
	bed_do(bed, MTLO(T));
	cr_assert(bed->mips.cpu.hi == bed_reg(bed)[S] && bed->mips.cpu.lo == bed_reg(bed)[T]);
	bed_reg(bed)[T] = 0; /* undefined, but no exception */
	cr_assert_eq(bed_do(bed, DIV(S, T)), -1);
	cr_assert_eq(bed_do(bed, DIVU(S, T)), -1);
	bed_free(bed);
}

/* --- memory --- */

Test(mips_execute, loads_extend_as_they_say)
{
	static const struct { uint32_t word, result; } load[] = {
		{ LB(D, 0, S), 0xffffff84 }, { LBU(D, 0, S), 0x84 }, { LB(D, 1, S), 0x03 }, { LH(D, 2, S), 0xffffc182 },
		{ LHU(D, 2, S), 0xc182 }, { LH(D, 0, S), 0x0384 }, { LW(D, 0, S), 0xc1820384 },
	};
	struct bed *bed = bed_new(3);

	bed_put(bed, BED_DATA, 0xc1820384);
	bed_reg(bed)[S] = BED_DATA;
	for (unsigned n = 0; n < sizeof load / sizeof *load; n++) {
		cr_assert_eq(bed_do(bed, load[n].word), -1);
		cr_expect_eq(bed_reg(bed)[D], load[n].result, "%u: %#x", n, bed_reg(bed)[D]);
	}
	bed_free(bed);
}

Test(mips_execute, stores_write_their_bytes_alone_and_say_so)
{
	struct bed *bed = bed_new(3);

	bed_reg(bed)[S] = BED_DATA + 0x8000;
	bed_reg(bed)[T] = 0x11223344;
	bed_put(bed, BED_DATA, 0xffffffff);
	bed_put(bed, BED_DATA + 4, 0xffffffff);
	bed_do(bed, SB(T, -0x8000 + 1, S));
	bed_do(bed, SH(T, -0x8000 + 6, S));
	cr_assert_eq(bed_word(bed, BED_DATA), 0xffff44ff);
	cr_assert_eq(bed_word(bed, BED_DATA + 4), 0x3344ffff);
	bed_do(bed, SW(T, -0x8000, S));
	cr_assert_eq(bed_word(bed, BED_DATA), 0x11223344);
	cr_assert_eq(bed->writes, 3);
	bed_free(bed);
}

/* Unaligned words, byte by byte, little-endian: lwr of the first byte and lwl of the last load any word. */
Test(mips_execute, unaligned_pairs_move_any_four_bytes)
{
	struct bed *bed = bed_new(3);

	for (unsigned at = 0; at < 4; at++) {
		uint32_t loaded;

		for (unsigned n = 0; n < 8; n++)
			bed->ram[(BED_DATA & 0xffffff) + n] = (uint8_t)(0x10 + n);
		bed_reg(bed)[S] = BED_DATA + at;
		bed_reg(bed)[D] = 0xdeadbeef;
		cr_assert_eq(bed_do(bed, LWR(D, 0, S)), -1);
		cr_assert_eq(bed_do(bed, LWL(D, 3, S)), -1);
		memcpy(&loaded, bed->ram + (BED_DATA & 0xffffff) + at, 4);
		cr_expect_eq(bed_reg(bed)[D], loaded, "%u", at);
		bed_reg(bed)[D] = 0xa1b2c3d4;
		bed_do(bed, SWR(D, 0, S));
		bed_do(bed, SWL(D, 3, S));
		for (unsigned n = 0; n < 8; n++) {
			uint8_t byte = n < at || n >= at + 4 ? (uint8_t)(0x10 + n) : (uint8_t)(0xa1b2c3d4 >> 8 * (n - at));

			cr_expect_eq(bed->ram[(BED_DATA & 0xffffff) + n], byte, "at %u byte %u", at, n);
		}
	}
	bed_free(bed);
}

Test(mips_execute, the_other_bytes_of_a_register_stay_in_unaligned_loads)
{
	/* The manual's figure, little-endian: memory word 0x8a9bacbd, register 0x11223344. */
	static const uint32_t left[4] = { 0xbd223344, 0xacbd3344, 0x9bacbd44, 0x8a9bacbd };
	static const uint32_t right[4] = { 0x8a9bacbd, 0x118a9bac, 0x11228a9b, 0x1122338a };
	struct bed *bed = bed_new(3);

	bed_put(bed, BED_DATA, 0x8a9bacbd);
	bed_reg(bed)[S] = BED_DATA;
	for (unsigned at = 0; at < 4; at++) {
		bed_reg(bed)[D] = 0x11223344;
		bed_do(bed, LWL(D, at, S));
		cr_expect_eq(bed_reg(bed)[D], left[at], "lwl %u %#x", at, bed_reg(bed)[D]);
		bed_reg(bed)[D] = 0x11223344;
		bed_do(bed, LWR(D, at, S));
		cr_expect_eq(bed_reg(bed)[D], right[at], "lwr %u %#x", at, bed_reg(bed)[D]);
	}
	bed_free(bed);
}

Test(mips_execute, misaligned_accesses_are_address_errors_with_their_address)
{
	static const struct { uint32_t word; int code; unsigned off; } access[] = {
		{ LH(D, 1, S), EXC_ADEL, 1 }, { LHU(D, 3, S), EXC_ADEL, 3 }, { LW(D, 2, S), EXC_ADEL, 2 },
		{ SH(D, 1, S), EXC_ADES, 1 }, { SW(D, 3, S), EXC_ADES, 3 },
	};
	struct bed *bed = bed_new(3);

	bed_reg(bed)[S] = BED_DATA;
	for (unsigned n = 0; n < sizeof access / sizeof *access; n++) {
		cr_expect_eq(bed_do(bed, access[n].word), access[n].code);
		cr_expect_eq(bed->fault.address, BED_DATA + access[n].off);
		cr_expect(!bed->fault.refill && !bed->fault.fetch);
	}
	bed_free(bed);
}

Test(mips_execute, ll_and_sc_store_unless_eret_came_between)
{
	struct bed *bed = bed_new(4);

	bed_reg(bed)[S] = BED_DATA;
	bed_put(bed, BED_DATA, 41);
	cr_assert_eq(bed_do(bed, LL(D, 0, S)), -1);
	cr_assert_eq(bed_reg(bed)[D], 41);
	cr_assert_eq(bed_cp0(bed)[CP0_LLADDR], (BED_DATA & UNMAPPED_PHYSICAL) >> 4);
	bed_reg(bed)[D] = 42;
	cr_assert_eq(bed_do(bed, SC(D, 0, S)), -1);
	cr_assert(bed_reg(bed)[D] == 1 && bed_word(bed, BED_DATA) == 42);
	bed_do(bed, LL(D, 0, S));
	bed_cp0(bed)[CP0_EPC] = BED_PC;
	bed_cp0(bed)[CP0_STATUS] |= SR4_EXL;
	bed_do(bed, ERET);
	bed_reg(bed)[D] = 43;
	bed_do(bed, SC(D, 0, S));
	cr_assert(bed_reg(bed)[D] == 0 && bed_word(bed, BED_DATA) == 42);
	bed_free(bed);
}

/* --- devices --- */

Test(mips_execute, devices_are_accessed_with_their_size_once)
{
	struct bed *bed = bed_new(3);

	bed_reg(bed)[S] = BED_DEVICE;
	bed->answer = 0x1f0;
	cr_assert_eq(bed_do(bed, LBU(D, 0x20, S)), -1);
	cr_assert(bed->address == 0x18000020 && bed->size == 1 && bed->accesses == 1);
	cr_assert_eq(bed_reg(bed)[D], 0xf0, "%#x", bed_reg(bed)[D]);
	bed_reg(bed)[T] = 0xaabbccdd;
	cr_assert_eq(bed_do(bed, SH(T, 0x22, S)), -1);
	cr_assert(bed->address == 0x18000022 && bed->size == 2 && bed->accesses == 2 && bed->written == 0xccdd);
	cr_assert_eq(bed->writes, 0);
	bed_free(bed);
}

Test(mips_execute, where_nothing_answers_is_a_bus_error)
{
	struct bed *bed = bed_new(3);

	bed_reg(bed)[S] = 0xb9000000;
	bed_reg(bed)[D] = 5;
	cr_assert_eq(bed_do(bed, LW(D, 0, S)), EXC_DBE);
	cr_assert(bed_reg(bed)[D] == 5 && bed->mips.cpu.pc == BED_PC && bed->ledger.instructions == 0);
	cr_assert_eq(bed_do(bed, SW(D, 0, S)), EXC_DBE);
	bed_reg(bed)[S] = BED_DEVICE; /* parts of words are for memory alone */
	cr_assert_eq(bed_do(bed, LWL(D, 3, S)), EXC_DBE);
	cr_assert_eq(bed_do(bed, SWR(D, 3, S)), EXC_DBE);
	cr_assert_eq(bed->accesses, 0);
	bed->mips.cpu.pc = 0xb8000000;
	cr_assert_eq(bed_step(bed), EXC_IBE);
	bed_free(bed);
}

/* --- branches and slots --- */

Test(mips_execute, a_branch_takes_effect_after_its_slot)
{
	struct bed *bed = bed_new(3);

	cr_assert_eq(bed_do(bed, BEQ(R_ZERO, R_ZERO, 0x40)), -1);
	cr_assert(bed->mips.cpu.pc == BED_PC + 4 && bed->mips.cpu.in_slot);
	cr_assert_eq(bed->mips.cpu.slot_target, BED_PC + 4 + 0x100);
	bed_do(bed, ADDIU(D, R_ZERO, 1));
	cr_assert(bed->mips.cpu.pc == BED_PC + 0x104 && !bed->mips.cpu.in_slot);
	bed_free(bed);
}

Test(mips_execute, the_instruction_after_a_branch_not_taken_is_in_a_slot_too)
{
	struct bed *bed = bed_new(3);

	bed_do(bed, BNE(R_ZERO, R_ZERO, 0x40));
	cr_assert(bed->mips.cpu.in_slot && bed->mips.cpu.slot_target == BED_PC + 8);
	bed_do(bed, NOP);
	cr_assert(bed->mips.cpu.pc == BED_PC + 8 && !bed->mips.cpu.in_slot);
	bed_free(bed);
}

Test(mips_execute, a_likely_branch_not_taken_skips_its_slot)
{
	struct bed *bed = bed_new(4);

	bed_do(bed, BEQL(R_ZERO, R_A0, 0x40));
	cr_assert(bed->mips.cpu.pc == BED_PC + 8 && !bed->mips.cpu.in_slot);
	cr_assert_eq(bed->ledger.instructions, 1);
	cr_assert_eq(bed_now(bed), 2 * COST(bed, ISSUE));
	bed_free(bed);
}

Test(mips_execute, links_are_written_by_branches_taken_or_not_and_after_their_reading)
{
	struct bed *bed = bed_new(3);

	bed_reg(bed)[S] = 1;
	bed_do(bed, BLTZAL(S, 0x40)); /* not taken */
	cr_assert_eq(bed_reg(bed)[R_RA], BED_PC + 8);
	bed_do(bed, NOP);
	bed_reg(bed)[R_RA] = 0x80002000;
	bed_do(bed, JALR(R_RA, R_RA));
	cr_assert(bed->mips.cpu.slot_target == 0x80002000 && bed_reg(bed)[R_RA] == BED_PC + 16);
	bed_free(bed);
}

Test(mips_execute, a_branch_in_a_slot_is_reserved)
{
	struct bed *bed = bed_new(3);

	bed_do(bed, J(0x80003000));
	cr_assert_eq(bed_do(bed, BEQ(R_ZERO, R_ZERO, 4)), EXC_RI);
	cr_assert(bed->mips.cpu.in_slot && bed->mips.cpu.slot_target == 0x80003000);
	bed_free(bed);
}

Test(mips_execute, a_jump_to_a_misaligned_address_is_an_error_of_the_fetch_there)
{
	struct bed *bed = bed_new(3);

	bed_reg(bed)[S] = 0x80002002;
	bed_do(bed, JR(S));
	bed_do(bed, NOP);
	cr_assert_eq(bed_step(bed), EXC_ADEL);
	cr_assert(bed_cp0(bed)[CP0_EPC] == 0x80002002 && bed_cp0(bed)[CP0_BADVADDR] == 0x80002002);
	bed_free(bed);
}

/* --- what is an exception by itself --- */

Test(mips_execute, system_calls_breaks_reserved_and_unusable_instructions)
{
	struct bed *bed = bed_new(3);

	cr_assert_eq(bed_do(bed, SYSCALL), EXC_SYS);
	cr_assert_eq(bed_do(bed, BREAK), EXC_BP);
	cr_assert_eq(bed_do(bed, 0x7c000000), EXC_RI);
	cr_assert_eq(bed_do(bed, COP0_UNDEFINED), EXC_RI);
	cr_assert_eq(bed_do(bed, ERET), EXC_RI); /* R4000's */
	cr_assert_eq(bed_do(bed, COP1_ADD), EXC_CPU);
	cr_assert_eq(bed->fault.unit, 1);
	cr_assert_eq(bed_do(bed, 0xc8000000), EXC_CPU); /* lwc2 */
	cr_assert_eq(bed->fault.unit, 2);
	cr_assert(bed_now(bed) == 0 && bed->mips.cpu.pc == BED_PC);
	bed_free(bed);
}

Test(mips_execute, coprocessor_0_is_for_the_kernel_unless_status_lets_users_in)
{
	static const uint32_t words[] = { MFC0(D, CP0_STATUS), MTC0(D, CP0_EPC), TLBR, TLBWI, TLBWR, TLBP, COP0_UNDEFINED };

	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);

		bed_user(bed);
		for (unsigned n = 0; n < sizeof words / sizeof *words; n++) {
			cr_expect_eq(bed_do(bed, words[n]), EXC_CPU, "%u", n);
			cr_expect_eq(bed->fault.unit, 0);
		}
		cr_expect_eq(bed_do(bed, generation == 4 ? ERET : RFE), EXC_CPU);
		bed_cp0(bed)[CP0_STATUS] |= SR_CU0;
		cr_expect_eq(bed_do(bed, MFC0(D, CP0_STATUS)), -1);
		cr_expect_eq(bed_do(bed, COP0_UNDEFINED), EXC_RI);
		bed_free(bed);
	}
}
