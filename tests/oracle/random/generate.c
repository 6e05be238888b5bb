/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random code: valid, and nasty.  Each piece is one instruction or a short run of them, drawn by weight; what follows a
 * branch is whatever comes next, so that anything stands in slots and at pages' ends.
 *
 * Registers s0 ... s7, gp, sp, fp point somewhere (stage.c) and are not written, but by words that are wholly random;
 * the others hold anything.
 */
#include "stage.h"
#include "tests/oracle/code.h"

struct generator {
	struct stage *stage;
	struct dice *dice;
	uint32_t from, at, end;
	bool user, r4000;
};

static void say(struct generator *g, uint32_t word)
{
	if (g->at == g->end)
		return;
	stage_put(g->stage, g->at, word);
	g->at += 4;
}

static uint32_t below(struct generator *g, uint32_t n) { return dice_below(g->dice, n); }

/* A register that may be written: zero to t7, t8, t9, k0, k1, ra. */
static unsigned scratch(struct generator *g)
{
	unsigned n = below(g, 21);

	return n < 16 ? n : n < 20 ? n + 8 : RA;
}

static unsigned any(struct generator *g) { return below(g, 4) ? scratch(g) : below(g, 32); }

/* --- arithmetic --- */

static void arithmetic(struct generator *g)
{
	static const uint8_t functions[] = { F_SLLV, F_SRLV, F_SRAV, F_ADD, F_ADDU, F_ADDU, F_SUB, F_SUBU, F_AND, F_OR, F_XOR,
		F_NOR, F_SLT, F_SLTU };
	static const uint8_t opcodes[] = { O_ADDI, O_ADDIU, O_ADDIU, O_SLTI, O_SLTIU, O_ANDI, O_ORI, O_XORI, O_LUI };

	switch (below(g, 5)) {
	case 0:
	case 1:
		say(g, code_r(functions[below(g, sizeof functions)], scratch(g), any(g), any(g)));
		return;
	case 2:
		say(g, code_shift(below(g, 2) ? F_SLL : 2 + below(g, 2), scratch(g), any(g), below(g, 32)));
		return;
	default:
		say(g, code_i(opcodes[below(g, sizeof opcodes)], scratch(g), any(g), dice_word(g->dice) >> below(g, 16)));
	}
}

static void hilo(struct generator *g)
{
	static const uint8_t from[] = { F_MFHI, F_MFLO };

	switch (below(g, 4)) {
	case 0:
		say(g, code_r(F_MULT + below(g, 4), 0, any(g), any(g)));
		return;
	case 1:
		say(g, code_r(below(g, 2) ? F_MTHI : F_MTLO, 0, any(g), 0));
		return;
	default:
		say(g, code_r(from[below(g, 2)], scratch(g), 0, 0));
	}
}

/* --- memory --- */

static unsigned pointer(struct generator *g)
{
	static const uint8_t users[] = { P_USER, P_USER, P_USER, P_EDGE, P_EDGE, P_USER2, P_USER2, P_STACK,
		P_UNALIGNED, P_CODE };
	static const uint8_t kernels[] = { P_KSEG0, P_KSEG0, P_KSEG0, P_KSEG1, P_USER, P_USER2, P_EDGE, P_KSEG2,
		P_KSEG2, P_DEVICE, P_UNALIGNED, P_CODE, P_WIRED, P_STACK };

	if (below(g, 64) == 0)
		return below(g, 32);
	return g->user ? users[below(g, sizeof users)] : kernels[below(g, sizeof kernels)];
}

static uint32_t offset(struct generator *g, unsigned base, unsigned align)
{
	uint32_t value;

	if (base == P_DEVICE)
		value = below(g, 24) * 4 + below(g, 4) * (below(g, 8) == 0);
	else if (base == P_EDGE)
		value = below(g, 16) - 8;
	else if (base == P_CODE)
		value = below(g, 0x1000);
	else
		value = below(g, 2) ? below(g, 0x10000) : below(g, 256) - 128;
	return below(g, 40) ? value & ~(align - 1) : value;
}

static void memory(struct generator *g)
{
	static const struct { uint8_t opcode, align; } of[] = {
		{ O_LW, 4 }, { O_LW, 4 }, { O_LW, 4 }, { O_SW, 4 }, { O_SW, 4 }, { O_LB, 1 }, { O_LBU, 1 }, { O_LH, 2 },
		{ O_LHU, 2 }, { O_SB, 1 }, { O_SH, 2 }, { O_LWL, 1 }, { O_LWR, 1 }, { O_SWL, 1 }, { O_SWR, 1 },
		{ O_LL, 4 }, { O_SC, 4 }
	};
	unsigned n = below(g, g->r4000 ? 17 : 15), base = pointer(g);

	say(g, code_i(of[n].opcode, scratch(g), base, offset(g, base, of[n].align)));
}

/* --- control --- */

/* A near branch inside this code. */
static uint32_t distance(struct generator *g)
{
	int32_t here = (int32_t)(g->at - g->from) / 4, last = (int32_t)(g->end - g->from) / 4 - 4;
	int32_t to = (int32_t)below(g, 48) - 12;

	if (here + to < 0 || here + to > last)
		to = 2;
	return (uint32_t)to;
}

static void branch(struct generator *g)
{
	static const uint8_t two[] = { O_BEQ, O_BNE, O_BEQL, O_BNEL };
	static const uint8_t one[] = { O_BLEZ, O_BGTZ, 22, 23 };
	static const uint8_t regimm[] = { 0, 1, 16, 17, 2, 3, 18, 19 };
	unsigned likely = g->r4000 && below(g, 3) == 0, rs = any(g);

	switch (below(g, 3)) {
	case 0:
		say(g, code_i(two[below(g, 2) + 2 * likely], below(g, 3) ? any(g) : rs, rs, distance(g)));
		return;
	case 1:
		say(g, code_i(one[below(g, 2) + 2 * likely], 0, rs, distance(g)));
		return;
	default:
		say(g, code_regimm(regimm[below(g, 4) + 4 * likely], rs, distance(g)));
	}
}

/* An address in code that this mode may execute; sometimes not a word's. */
static uint32_t code_address(struct generator *g)
{
	uint32_t at = below(g, STAGE_CODE_SIZE) & ~(below(g, 30) ? 3u : 0u);

	if (g->user)
		return STAGE_USER + at;
	switch (below(g, 6)) {
	case 0:
		return 0xa0000000u + STAGE_KERNEL_CODE + at;
	case 1:
		return STAGE_KSEG2 + at;
	case 2:
		return STAGE_USER + at;
	default:
		return 0x80000000u + STAGE_KERNEL_CODE + at;
	}
}

static void jump(struct generator *g)
{
	uint32_t to = code_address(g);
	unsigned reg = scratch(g);

	if (below(g, 2)) {
		say(g, code_j(O_J + below(g, 2), to));
		return;
	}
	say(g, code_i(O_LUI, reg, 0, to >> 16));
	say(g, code_i(O_ORI, reg, reg, to));
	say(g, code_r(below(g, 2) ? F_JR : F_JALR, below(g, 2) ? RA : scratch(g), reg, 0));
}

static void trap(struct generator *g)
{
	static const uint8_t immediates[] = { 8, 9, 10, 11, 12, 14 };
	static const uint8_t functions[] = { 48, 49, 50, 51, 52, 54 };

	if (!g->r4000 || below(g, 3) == 0)
		say(g, below(g, 2) ? F_SYSCALL : F_BREAK);
	else if (below(g, 2))
		say(g, code_regimm(immediates[below(g, 6)], any(g), below(g, 8)));
	else
		say(g, code_r(functions[below(g, 6)], 0, any(g), any(g)));
}

/* --- coprocessor 0 --- */

static void constant(struct generator *g, unsigned reg, uint32_t value)
{
	say(g, code_i(O_LUI, reg, 0, value >> 16));
	say(g, code_i(O_ORI, reg, reg, value));
}

static void write_cp0(struct generator *g, unsigned number, uint32_t value)
{
	unsigned reg = below(g, 8) + T0;

	constant(g, reg, value);
	say(g, code_mtc0(reg, number));
}

static uint32_t asid(struct generator *g) { return g->r4000 ? below(g, 256) : below(g, 64) << 6; }

static uint32_t status_value(struct generator *g)
{
	uint32_t value = below(g, 256) << 8 | below(g, 16) << 28 | (below(g, 3) ? 0x401 : 0);

	if (g->r4000)
		return (value & ~0x06000000u) | (below(g, 12) == 0 ? 2 : 0) | (below(g, 12) == 0 ? 0x10 : 0) |
		       (below(g, 40) == 0 ? 4 : 0);
	return value | below(g, 16) << 2 | (below(g, 12) == 0 ? 2 : 0) | (below(g, 10) == 0 ? 1u << 16 : 0) |
	       (below(g, 20) == 0 ? 1u << 17 : 0);
}

/* A page that only this maps: in the entry that has it, or in a wired one. */
static void write_entry(struct generator *g)
{
	uint32_t frame = below(g, STAGE_MEMORY >> 12);
	uint32_t lo = g->r4000 ? frame << 6 | below(g, 32) << 1 : frame << 12 | below(g, 8) << 9;
	unsigned shift = g->r4000 ? 0 : 8, page = below(g, 8);

	if (g->stage->nasty && g->r4000)
		write_cp0(g, C_PAGEMASK, below(g, 4) ? 0 : below(g, 4) * 0x6000);
	write_cp0(g, C_ENTRYHI, (STAGE_WIRED + page * 0x10000) | asid(g));
	say(g, g->stage->nasty && below(g, 4) == 0 ? NOP : TLBP);
	say(g, code_mfc0(T0, C_INDEX));
	say(g, NOP);
	say(g, code_regimm(1, T0, 3)); /* bgez: it is there */
	say(g, NOP);
	say(g, code_i(O_ADDIU, T0, ZERO, page << shift));
	say(g, code_mtc0(T0, C_INDEX));
	write_cp0(g, C_ENTRYLO, lo);
	if (g->r4000)
		write_cp0(g, C_ENTRYLO1, lo ^ 0x40);
	say(g, TLBWI);
	if (g->r4000)
		say(g, code_mtc0(ZERO, C_PAGEMASK));
}

static void write_any(struct generator *g)
{
	static const uint8_t threes[] = { C_INDEX, C_RANDOM, C_ENTRYLO, C_EPC, C_BADVADDR, C_CAUSE, 7, 21, C_PRID };
	static const uint8_t fours[] = { C_INDEX, C_RANDOM, C_ENTRYLO, C_ENTRYLO1, C_CAUSE, C_BADVADDR, C_COUNT,
		C_COMPARE, 7, 17, 18, 19, 26, 28, 29, 31, C_PRID, 24 };

	if (g->r4000 && below(g, 4) == 0)
		write_cp0(g, C_WIRED, below(g, g->stage->model.entries));
	else if (g->r4000 && below(g, 4) == 0)
		write_cp0(g, below(g, 2) ? C_COMPARE : C_COUNT, below(g, 2000));
	else
		say(g, code_mtc0(any(g), g->r4000 ? fours[below(g, sizeof fours)] : threes[below(g, sizeof threes)]));
}

static void system_instruction(struct generator *g)
{
	switch (below(g, 12)) {
	case 0:
	case 1:
	case 2:
		say(g, code_mfc0(scratch(g), below(g, 32)));
		return;
	case 3:
	case 4:
		write_cp0(g, C_ENTRYHI, (below(g, 2) ? STAGE_WIRED : STAGE_USER) | asid(g));
		return;
	case 5:
		write_cp0(g, C_STATUS, status_value(g));
		return;
	case 6:
		write_entry(g);
		return;
	case 7:
		say(g, TLBP);
		return;
	case 8:
		say(g, TLBR);
		return;
	case 9:
		say(g, g->r4000 ? below(g, 3) ? 0xbc000000u | below(g, 32) << 16 | P_KSEG0 << 21 : ERET : RFE);
		return;
	case 10:
		say(g, g->r4000 && below(g, 4) == 0 ? 0x42000020u : NOP);
		return;
	default:
		write_any(g);
	}
}

/* --- anything --- */

/* Words whose effects on a kernel would end the run are for users only. */
static uint32_t random_word(struct generator *g)
{
	uint32_t word = dice_word(g->dice);

	if (below(g, 2))
		word = (word & 0x03ffffff) | (below(g, 2) ? 0 : 1) << 26; /* SPECIAL, REGIMM */
	if (!g->user && word >> 26 == 16)
		return NOP;
	return word;
}

static void piece(struct generator *g)
{
	unsigned n = below(g, 100);

	if (n < 38)
		arithmetic(g);
	else if (n < 64)
		memory(g);
	else if (n < 70)
		hilo(g);
	else if (n < 84)
		branch(g);
	else if (n < 88)
		jump(g);
	else if (n < 89)
		trap(g);
	else if (n < 90)
		say(g, random_word(g));
	else if (n < 97 && !g->user)
		system_instruction(g);
	else if (n < 97 && below(g, 30) == 0)
		system_instruction(g);
	else
		say(g, NOP);
}

void stage_code(struct stage *stage, uint32_t from, uint32_t size, bool user)
{
	struct generator g = {
		.stage = stage, .dice = &stage->dice, .from = from, .at = from, .end = from + size, .user = user,
		.r4000 = stage->model.generation == 4
	};

	while (g.at < g.end)
		piece(&g);
}
