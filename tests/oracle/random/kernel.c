/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exception kernel of a stage, in words.
 *
 *   refill     the word (R4000: the pair) that Context points to into the TLB, in nine instructions or some more
 *   general    interrupt     acknowledged at 0xbbe00c34; half of them go to the next scene
 *              modified      D is set in the entry
 *              TLB, present  V is set in the entry
 *              TLB, missing  kseg2: an entry is made from the tables of kseg2
 *              else          the next scene: pointers are loaded anew, EntryHi and Status from the scene, and its pc
 *
 * A miss of kseg2 in the R3000's refill handler goes back to who missed first: k1 has its address, two rfe its mode.
 */
#include "stage.h"
#include "tests/oracle/code.h"

enum { LABELS = 16, FIXES = 64 };
enum label { L_SCENE, L_INTERRUPT, L_MODIFIED, L_TLB, L_KSEG2, L_PAGES, L_RETURN, L_NORMAL, L_BOTH };

struct assembly {
	struct stage *stage;
	uint32_t at, label[LABELS];
	struct { uint32_t at; enum label to; } fix[FIXES];
	unsigned fixes;
};

static void say(struct assembly *a, uint32_t word)
{
	stage_put(a->stage, a->at, word);
	a->at += 4;
}

static void here(struct assembly *a, enum label label) { a->label[label] = a->at; }

/* A branch to a label, and its slot. */
static void go(struct assembly *a, uint32_t branch, enum label to, uint32_t slot)
{
	a->fix[a->fixes].at = a->at;
	a->fix[a->fixes++].to = to;
	say(a, branch);
	say(a, slot);
}

static void fix(struct assembly *a)
{
	for (unsigned n = 0; n < a->fixes; n++) {
		uint32_t at = a->fix[n].at, offset = (a->label[a->fix[n].to] - at - 4) >> 2;

		a->stage->memory[at] = (uint8_t)offset;
		a->stage->memory[at + 1] = (uint8_t)(offset >> 8);
	}
}

static bool is_r4000(const struct assembly *a) { return a->stage->model.generation == 4; }

/* A load, and its slot of the R3000, where nobody may look. */
static void load(struct assembly *a, unsigned rt, unsigned rs, uint32_t offset)
{
	say(a, code_i(O_LW, rt, rs, offset));
	say(a, NOP);
}

static void from_cp0(struct assembly *a, unsigned rt, unsigned number)
{
	say(a, code_mfc0(rt, number));
	say(a, NOP);
}

static void refill(struct assembly *a)
{
	a->at = 0;
	if (is_r4000(a) && a->stage->linear) { /* pairs of words that are EntryLo << 6, at half of Context */
		say(a, code_mtc0(ZERO, C_PAGEMASK));
		from_cp0(a, K1, C_CONTEXT);
		say(a, code_shift(F_SRA, K1, K1, 1));
		load(a, K0, K1, 0);
		load(a, K1, K1, 4);
		say(a, code_shift(F_SRL, K0, K0, 6));
		say(a, code_mtc0(K0, C_ENTRYLO));
		say(a, code_shift(F_SRL, K1, K1, 6));
		say(a, code_mtc0(K1, C_ENTRYLO1));
		say(a, TLBWR);
		say(a, ERET);
		return;
	}
	if (is_r4000(a)) {
		say(a, code_mtc0(ZERO, C_PAGEMASK));
		from_cp0(a, K1, C_CONTEXT);
		load(a, K0, K1, 0);
		load(a, K1, K1, 8);
		say(a, code_mtc0(K0, C_ENTRYLO));
		say(a, code_mtc0(K1, C_ENTRYLO1));
		say(a, TLBWR);
		say(a, ERET);
		return;
	}
	say(a, code_mfc0(K1, C_EPC));
	from_cp0(a, K0, C_CONTEXT);
	load(a, K0, K0, 0);
	say(a, code_mtc0(K0, C_ENTRYLO));
	say(a, TLBWR);
	say(a, code_r(F_JR, 0, K1, 0));
	say(a, RFE);
}

static void vectors(struct assembly *a)
{
	for (a->at = 0x80; a->at <= 0x180; a->at += 0xf8) {
		say(a, code_j(O_J, 0x400));
		say(a, NOP);
	}
	a->at = 0x400;
}

static void dispatch(struct assembly *a)
{
	say(a, code_i(O_LUI, K0, ZERO, 0x8000));
	say(a, code_i(O_SW, AT, K0, STAGE_CELLS + CELL_AT));
	say(a, code_i(O_SW, K1, K0, STAGE_CELLS + CELL_K1));
	from_cp0(a, K1, C_CAUSE);
	say(a, code_i(O_ANDI, K1, K1, 0x7c));
	go(a, code_i(O_BEQ, ZERO, K1, 0), L_INTERRUPT, code_i(O_ADDIU, AT, ZERO, 1 << 2));
	go(a, code_i(O_BEQ, AT, K1, 0), L_MODIFIED, code_i(O_ADDIU, AT, ZERO, 2 << 2));
	go(a, code_i(O_BEQ, AT, K1, 0), L_TLB, code_i(O_ADDIU, AT, ZERO, 3 << 2));
	go(a, code_i(O_BEQ, AT, K1, 0), L_TLB, NOP);
}

static void next_scene(struct assembly *a)
{
	here(a, L_SCENE);
	load(a, K1, K0, STAGE_CELLS + CELL_SCENE);
	say(a, code_i(O_ADDIU, K1, K1, 16));
	say(a, code_i(O_ANDI, K1, K1, (STAGE_SCENES_NUMBER - 1) * 16));
	say(a, code_i(O_SW, K1, K0, STAGE_CELLS + CELL_SCENE));
	for (unsigned n = 0; n < 11; n++)
		say(a, code_i(O_LW, n < 8 ? S0 + n : GP + n - 8, K0, STAGE_CELLS + CELL_POINTERS + 4 * n));
	say(a, code_r(F_ADDU, AT, K0, K1));
	load(a, K1, AT, STAGE_SCENES + 8);
	say(a, code_mtc0(K1, C_ENTRYHI));
	load(a, K1, AT, STAGE_SCENES + 4);
	say(a, code_mtc0(K1, C_STATUS));
	load(a, K1, AT, STAGE_SCENES);
	if (is_r4000(a)) {
		say(a, code_mtc0(K1, C_EPC));
		say(a, ERET);
	} else {
		say(a, code_r(F_JR, 0, K1, 0));
		say(a, RFE);
	}
}

static void interrupt(struct assembly *a)
{
	here(a, L_INTERRUPT);
	say(a, code_i(O_LUI, AT, ZERO, 0xbbe0));
	load(a, AT, AT, 0xc34);
	if (is_r4000(a)) {
		from_cp0(a, AT, C_COUNT);
		say(a, code_i(O_ADDIU, AT, AT, 700));
		say(a, code_mtc0(AT, C_COMPARE));
	}
	from_cp0(a, K1, C_EPC);
	say(a, code_i(O_ANDI, K1, K1, 0x10));
	go(a, code_i(O_BNE, ZERO, K1, 0), L_SCENE, NOP);
	go(a, code_i(O_BEQ, ZERO, ZERO, 0), L_RETURN, NOP);
}

/* Sets a bit in the entry that tlbp found. */
static void set_bit(struct assembly *a, uint32_t bit)
{
	say(a, TLBR);
	for (unsigned n = 0; n < (is_r4000(a) ? 2u : 1u); n++) {
		from_cp0(a, K1, C_ENTRYLO + n);
		say(a, code_i(O_ORI, K1, K1, bit));
		say(a, code_mtc0(K1, C_ENTRYLO + n));
	}
	say(a, TLBWI);
	go(a, code_i(O_BEQ, ZERO, ZERO, 0), L_RETURN, NOP);
}

static void repair(struct assembly *a)
{
	here(a, L_MODIFIED);
	say(a, TLBP);
	set_bit(a, is_r4000(a) ? 1 << 2 : 1 << 10);
	here(a, L_TLB);
	say(a, TLBP);
	from_cp0(a, K1, C_INDEX);
	go(a, code_regimm(0, K1, 0), L_KSEG2, NOP);
	set_bit(a, is_r4000(a) ? 1 << 1 : 1 << 9);
}

/* EntryLo, or the pair, from the words at k0 + k1 + table. */
static void enter(struct assembly *a, uint32_t table)
{
	say(a, code_r(F_ADDU, K1, K1, K0));
	load(a, AT, K1, table);
	say(a, code_mtc0(AT, C_ENTRYLO));
	if (is_r4000(a)) {
		load(a, AT, K1, table + 4);
		say(a, code_mtc0(AT, C_ENTRYLO1));
	}
	say(a, TLBWR);
	go(a, code_i(O_BEQ, ZERO, ZERO, 0), L_RETURN, NOP);
}

static void kseg2(struct assembly *a)
{
	bool r4000 = is_r4000(a);

	here(a, L_KSEG2);
	if (r4000)
		say(a, code_mtc0(ZERO, C_PAGEMASK));
	from_cp0(a, K1, C_BADVADDR);
	go(a, code_regimm(1, K1, 0), L_SCENE, code_i(O_LUI, AT, ZERO, STAGE_KSEG2 >> 16));
	say(a, code_r(F_SLTU, AT, K1, AT));
	go(a, code_i(O_BEQ, ZERO, AT, 0), L_PAGES, NOP);
	from_cp0(a, K1, C_ENTRYHI);
	say(a, code_i(O_ANDI, K1, K1, r4000 ? 0xff : 0xfc0));
	say(a, r4000 ? code_shift(F_SLL, K1, K1, 3) : code_shift(F_SRL, K1, K1, 4));
	enter(a, STAGE_TABLES);
	here(a, L_PAGES);
	say(a, code_shift(F_SRL, K1, K1, r4000 ? 13 : 12));
	say(a, code_i(O_ANDI, K1, K1, r4000 ? 7 : 15));
	say(a, code_shift(F_SLL, K1, K1, r4000 ? 3 : 2));
	enter(a, STAGE_KSEG2_TABLE);
}

static void way_back(struct assembly *a)
{
	here(a, L_RETURN);
	if (is_r4000(a)) {
		load(a, AT, K0, STAGE_CELLS + CELL_AT);
		load(a, K1, K0, STAGE_CELLS + CELL_K1);
		say(a, ERET);
		return;
	}
	say(a, code_r(F_ADDU, K1, K0, ZERO));
	from_cp0(a, K0, C_EPC);
	go(a, code_regimm(1, K0, 0), L_NORMAL, code_i(O_ADDIU, AT, K1, 0x80));
	say(a, code_r(F_SLTU, AT, K0, AT));
	go(a, code_i(O_BNE, ZERO, AT, 0), L_BOTH, NOP);
	here(a, L_NORMAL);
	load(a, AT, K1, STAGE_CELLS + CELL_AT);
	load(a, K1, K1, STAGE_CELLS + CELL_K1);
	say(a, code_r(F_JR, 0, K0, 0));
	say(a, RFE);
	here(a, L_BOTH);
	load(a, AT, K1, STAGE_CELLS + CELL_AT);
	load(a, K1, K1, STAGE_CELLS + CELL_K1);
	say(a, RFE);
	say(a, code_r(F_JR, 0, K1, 0));
	say(a, RFE);
}

void stage_kernel(struct stage *stage)
{
	struct assembly a = { .stage = stage };

	refill(&a);
	vectors(&a);
	dispatch(&a);
	next_scene(&a);
	interrupt(&a);
	repair(&a);
	kseg2(&a);
	way_back(&a);
	fix(&a);
}
