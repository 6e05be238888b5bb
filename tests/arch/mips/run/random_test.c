/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random programs: the engine with its books against performing one by one (twin.c).  Registers, memory, TLB, time by
 * its causes, counters and events must be the same, again and again on the way.
 *
 * Programs are code of four pages full of random instructions, entered in the midst, in user mode at RIG_SPACE or in
 * kernel mode; whatever comes of it (exceptions are logged and passed over, interrupts come from the device) is
 * right, if both agree.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include "rig.h"

enum { FRAMES = 0x180000, CODE_WORDS = 4 * PAGE_WORDS, CHUNK = 3000, CHUNKS = 6 };
#define RIG_SPACE 0x00500000u

struct dice { uint32_t state; };

static uint32_t roll(struct dice *dice, uint32_t of)
{
	dice->state ^= dice->state << 13;
	dice->state ^= dice->state >> 17;
	dice->state ^= dice->state << 5;
	return (uint32_t)((uint64_t)dice->state * of >> 32);
}

/* --- instructions --- */

static uint32_t form_i(uint32_t opcode, uint32_t rs, uint32_t rt, uint32_t immediate)
{
	return opcode << 26 | rs << 21 | rt << 16 | (immediate & 0xffff);
}

static uint32_t form_r(uint32_t rs, uint32_t rt, uint32_t rd, uint32_t shift, uint32_t function)
{
	return rs << 21 | rt << 16 | rd << 11 | shift << 6 | function;
}

/* Registers: at to t7 hold anything; s0 to s7 addresses of data, gp of code, sp and fp values of Status. */
static uint32_t any(struct dice *dice) { return roll(dice, 16); }
static uint32_t base(struct dice *dice) { return R_S0 + roll(dice, 8); }

static uint32_t arithmetic(struct dice *dice)
{
	static const uint8_t function[] = { 0, 2, 3, 4, 6, 7, 33, 35, 36, 37, 38, 39, 42, 43 };
	if (roll(dice, 2))
		return form_i(9 + roll(dice, 7), any(dice), any(dice), roll(dice, 0x10000));
	uint32_t which = function[roll(dice, sizeof function)];
	return form_r(which < 4 ? 0 : any(dice), any(dice), any(dice), which < 4 ? roll(dice, 32) : 0, which);
}

static uint32_t offset(struct dice *dice)
{
	uint32_t by = roll(dice, 512) - 256;
	return roll(dice, 6) ? by & ~3u : by;
}

static uint32_t load(struct dice *dice)
{
	static const uint8_t opcode[] = { 32, 33, 34, 35, 35, 35, 36, 37, 38 };
	uint32_t which = opcode[roll(dice, sizeof opcode)], rs = roll(dice, 12) ? base(dice) : any(dice);
	return form_i(which, rs, any(dice), offset(dice));
}

static uint32_t store(struct dice *dice)
{
	static const uint8_t opcode[] = { 40, 41, 42, 43, 43, 43, 46 };
	uint32_t rs = roll(dice, 40) ? base(dice) : R_GP;
	return form_i(opcode[roll(dice, sizeof opcode)], rs, any(dice), offset(dice));
}

static uint32_t branch(struct dice *dice)
{
	uint32_t by = roll(dice, 30) - 12, rs = any(dice), rt = roll(dice, 8) ? any(dice) : rs;
	switch (roll(dice, 6)) {
	case 0: return form_i(1, rs, roll(dice, 2), by);
	case 1: return form_i(1, rs, 16 + roll(dice, 2), by);
	case 2: return form_i(6 + roll(dice, 2), rs, 0, by);
	default: return form_i(4 + roll(dice, 2), rs, rt, by);
	}
}

static uint32_t jump(struct dice *dice, uint32_t at)
{
	if (roll(dice, 3))
		return (2 + roll(dice, 2)) << 26 | ((at >> 2) & 0x3ffffff & ~(CODE_WORDS - 1u)) | roll(dice, CODE_WORDS);
	return roll(dice, 2) ? form_r(R_GP, 0, 0, 0, 8) : form_r(roll(dice, 4) ? R_GP : any(dice), 0, any(dice), 0, 9);
}

static uint32_t multiplying(struct dice *dice)
{
	uint32_t which = roll(dice, 8);
	if (which < 4)
		return form_r(any(dice), any(dice), 0, 0, 24 + which);
	if (which & 1)
		return form_r(any(dice), 0, 0, 0, 17 + 2 * roll(dice, 2));
	return form_r(0, 0, any(dice), 0, 16 + 2 * roll(dice, 2));
}

static uint32_t overflowing(struct dice *dice)
{
	if (roll(dice, 2))
		return form_i(8, any(dice), any(dice), roll(dice, 0x10000));
	return form_r(any(dice), any(dice), any(dice), 0, roll(dice, 2) ? 32 : 34);
}

/* What only the R4000 has. */
static uint32_t younger(struct dice *dice)
{
	uint32_t by = roll(dice, 30) - 12;
	switch (roll(dice, 6)) {
	case 0: return form_i(20 + roll(dice, 2), any(dice), any(dice), by);
	case 1: return form_i(1, any(dice), 2 + roll(dice, 2) + 16 * roll(dice, 2), by);
	case 2: return form_i(48, base(dice), any(dice), offset(dice));
	case 3: return form_i(56, base(dice), any(dice), offset(dice));
	case 4: return form_r(any(dice), any(dice), 0, 0, 48 + roll(dice, 7));
	default: return form_i(1, any(dice), 8 + roll(dice, 7), roll(dice, 0x10000));
	}
}

/* What ends in an exception; some of it the engine's own processor knows. */
static uint32_t exceptional(struct dice *dice)
{
	static const uint32_t word[] = { 0x0c, 0x0d, 0x7000080a, 0x0000000a, 0x70000020, 0x4400ffff, 0xc4000000, 0x50000001,
		                         0x00000034, 0x0000000f, 0xcc000000, 0x48000000, 0xffffffff, 0x42000010, 0x40086000,
		                         0x41600020, 0x7c03e83b, 0x42000020, 0x42000018 };
	return word[roll(dice, sizeof word / sizeof *word)] ^ (roll(dice, 4) ? 0 : roll(dice, 32) << 16);
}

static uint32_t privileged(struct dice *dice)
{
	static const uint8_t number[] = { CP0_INDEX, CP0_RANDOM, CP0_ENTRYLO0, CP0_BADVADDR, CP0_ENTRYHI, CP0_CAUSE, CP0_EPC,
		                          CP0_ENTRYLO1, CP0_COUNT, CP0_WIRED, CP0_COMPARE };
	switch (roll(dice, 11)) {
	case 10: return 0x40800000 | any(dice) << 16 | (uint32_t)(roll(dice, 2) ? CP0_COMPARE : CP0_WIRED) << 11;
	case 0: return 0x42000001; /* tlbr */
	case 1: return 0x42000006; /* tlbwr */
	case 2: return 0x42000008; /* tlbp */
	case 3: return 0x40800000 | (uint32_t)R_FP << 16 | CP0_STATUS << 11;
	case 4: return 0x40800000 | (uint32_t)(roll(dice, 4) ? R_FP : R_SP) << 16 | CP0_STATUS << 11;
	case 5: return 0x40800000 | base(dice) << 16 | CP0_ENTRYHI << 11;
	case 6: return 0x40800000 | any(dice) << 16 | CP0_CAUSE << 11;
	default: return 0x40000000 | any(dice) << 16 | (uint32_t)number[roll(dice, sizeof number)] << 11;
	}
}

static uint32_t instruction(struct dice *dice, uint32_t at, bool kernel)
{
	uint32_t which = roll(dice, 100);
	if (which < 4)
		return younger(dice);
	if (which < 34)
		return arithmetic(dice);
	if (which < 56)
		return load(dice);
	if (which < 70)
		return store(dice);
	if (which < 82)
		return branch(dice);
	if (which < 85)
		return jump(dice, at);
	if (which < 90)
		return multiplying(dice);
	if (which < 93)
		return overflowing(dice);
	if (which < 94)
		return exceptional(dice);
	if (which < 96)
		return form_i(9, base(dice), base(dice), (roll(dice, 64) - 32) * 4);
	return kernel ? privileged(dice) : arithmetic(dice);
}

/* --- programs --- */

static void fill(struct rig *rig, uint32_t seed, bool kernel)
{
	struct dice dice = { seed * 2654435761u + 1 };
	vaddr_t at = kernel ? KSEG0 | FRAMES : RIG_SPACE;
	for (uint32_t n = 0; n < CODE_WORDS; n++)
		rig_put(rig, FRAMES + 4 * n, instruction(&dice, at + 4 * n, kernel));
	for (uint32_t n = 0; n < 4; n++)
		rig_map(rig, RIG_SPACE + (n << PAGE_SHIFT), FRAMES + (n << PAGE_SHIFT), true, true);
	for (unsigned n = 1; n < 16; n++)
		rig->mips.cpu.reg[n] = roll(&dice, UINT32_MAX) & (roll(&dice, 2) ? UINT32_MAX : 0xff);
	for (unsigned n = R_S0; n <= R_S7; n++)
		rig->mips.cpu.reg[n] = RIG_DATA + (roll(&dice, RIG_USER_PAGES) << PAGE_SHIFT) + roll(&dice, 2) * 0xff0;
	if (kernel) {
		rig->mips.cpu.reg[R_S0] = KSEG0 | RIG_FRAMES;
		rig->mips.cpu.reg[R_S1] = KSEG1 | RIG_FRAMES;
		rig->mips.cpu.reg[R_S2] = 0xb8000040;
		rig->mips.cpu.reg[R_FP] = SR3_IEC | CAUSE_IP2 | CAUSE_IP7;
		rig->mips.cpu.reg[R_SP] = rig->model.generation == 4 ? CAUSE_IP7 : SR3_ISC;
	}
	rig->mips.cpu.reg[R_GP] = at + 4 * roll(&dice, CODE_WORDS);
	rig->period = 200 + roll(&dice, 1000);
	rig_begin(rig, at + 4 * roll(&dice, CODE_WORDS), !kernel);
}

static void compare(const struct model *model, uint32_t seed, bool kernel)
{
	static struct rig engine, twin;
	char what[64];
	rig_init(&engine, model, true);
	rig_init(&twin, model, false);
	fill(&engine, seed, kernel);
	fill(&twin, seed, kernel);
	for (unsigned n = 0; n < CHUNKS; n++) {
		if (rig_run(&engine, CHUNK) != PROCESSOR_STOP_LIMIT)
			break; /* a loop that nothing can end: the twin goes round it */
		rig_perform(&twin, CHUNK);
		ledger_settle(&engine.ledger);
		ledger_settle(&twin.ledger);
		snprintf(what, sizeof what, "seed %u, part %u", seed, n);
		rig_agree(&engine, &twin, what);
	}
	rig_free(&engine);
	rig_free(&twin);
}

enum { SEEDS = 25 };

static void compare_seeds(const struct model *model)
{
	for (uint32_t seed = 1; seed <= SEEDS; seed++)
		compare(model, seed, seed % 2);
}

Test(random, user_programs_agree)
{
	struct model model;
	rig_model(&model);
	for (uint32_t seed = 1; seed <= SEEDS; seed++)
		compare(&model, seed, false);
}

Test(random, kernel_programs_agree)
{
	struct model model;
	rig_model(&model);
	for (uint32_t seed = 1; seed <= SEEDS; seed++)
		compare(&model, seed, true);
}

Test(random, programs_agree_where_every_access_is_seen)
{
	struct model model;
	rig_model(&model);
	model.engine = ENGINE_EVERY_ACCESS;
	compare_seeds(&model);
}

Test(random, programs_agree_with_caches)
{
	struct model model;
	rig_model(&model);
	model.cache_enabled = true;
	compare_seeds(&model);
}

Test(random, programs_agree_with_a_small_tlb_and_no_tags)
{
	struct model model;
	rig_model(&model);
	model.tlb = (struct tlb_geometry){ 32, 4, TLB_ROUND_ROBIN, 0, 1, PAGE_SHIFT };
	model.cost[MIPS_COST_LOAD_USE] = 0;
	compare_seeds(&model);
}

Test(random, programs_of_an_r4000_agree)
{
	struct model model;
	rig_model(&model);
	model.generation = 4;
	model.tlb = (struct tlb_geometry){ 48, 48, TLB_RANDOM, 8, 1, PAGE_SHIFT };
	compare_seeds(&model);
}

Test(random, programs_agree_where_hits_are_looked_at)
{
	struct model model;
	rig_model(&model);
	model.tlb = (struct tlb_geometry){ 32, 4, TLB_LRU, 6, 1, PAGE_SHIFT };
	compare_seeds(&model);
	model.engine = ENGINE_EVERY_ACCESS;
	compare_seeds(&model);
	model.tlb = (struct tlb_geometry){ 16, 16, TLB_PSEUDO_LRU, 6, 1, PAGE_SHIFT };
	compare_seeds(&model);
}

Test(random, programs_agree_with_the_processor_s_own_refill)
{
	struct model model;
	rig_model(&model);
	model.tlb_refill_hardware = true;
	model.tlb = (struct tlb_geometry){ 16, 16, TLB_RANDOM, 6, 1, PAGE_SHIFT };
	compare_seeds(&model);
	model.tlb.policy = TLB_LRU;
	model.cache_enabled = true;
	compare_seeds(&model);
}
