/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stage made of a seed: see stage.h. */
#include "stage.h"
#include <string.h>
#include "tests/oracle/code.h"

/* --- the model --- */

static void draw_costs(struct stage *stage)
{
	struct oracle_costs *cost = &stage->model.cost;
	uint32_t *of[] = { &cost->branch_taken, &cost->cp0_move, &cost->tlb_read, &cost->tlb_write, &cost->tlb_probe,
		&cost->cache_op, &cost->rfe, &cost->eret, &cost->uncached_read, &cost->uncached_write, &cost->walk_hit };

	cost->issue = dice_once(&stage->dice, 4) ? 2 : 1;
	cost->load_use = dice_below(&stage->dice, 3);
	cost->mult = dice_below(&stage->dice, 16);
	cost->div = dice_below(&stage->dice, 40);
	for (unsigned n = 0; n < sizeof of / sizeof *of; n++)
		*of[n] = dice_below(&stage->dice, 6);
	cost->exception_entry = 1 + dice_below(&stage->dice, 9);
	cost->exception_refill = 1 + dice_below(&stage->dice, 6);
	cost->write_depth = dice_below(&stage->dice, 5);
	cost->write_retire = 1 + dice_below(&stage->dice, 7);
	cost->io8 = 5 + dice_below(&stage->dice, 40);
	cost->io16 = 5 + dice_below(&stage->dice, 40);
	cost->io32 = 5 + dice_below(&stage->dice, 40);
}

/* Modelled once in four times. */
static void draw_caches(struct stage *stage)
{
	struct oracle_model *model = &stage->model;

	model->caches = dice_once(&stage->dice, 4);
	model->split_cache = !dice_once(&stage->dice, 4);
	for (int n = 0; n < 2; n++) {
		struct oracle_cache *cache = &model->cache[n];

		cache->size = !model->caches && dice_once(&stage->dice, 3) ? 0 : 256u << dice_below(&stage->dice, 9);
		cache->ways = 1u << dice_below(&stage->dice, 3);
		cache->line = 4u << dice_below(&stage->dice, 4);
		cache->write = (enum oracle_write)dice_below(&stage->dice, 3);
	}
	model->cost.code_miss = dice_below(&stage->dice, 20);
	model->cost.data_miss = dice_below(&stage->dice, 20);
	model->cost.write_back = dice_below(&stage->dice, 20);
}

static void draw_tlb(struct stage *stage)
{
	static const uint32_t entries[] = { 16, 32, 64, 64, 64, 128, 256 };
	struct oracle_model *model = &stage->model;
	bool r4000 = model->generation == 4;

	model->entries = dice_once(&stage->dice, 3) ? entries[dice_below(&stage->dice, 7)] : r4000 ? 48 : 64;
	model->ways = model->entries;
	model->policy = dice_once(&stage->dice, 2) ? (enum oracle_policy)dice_below(&stage->dice, 5) : ORACLE_RANDOM;
	if (model->entries != 48 && dice_once(&stage->dice, 3))
		model->ways = 2u << dice_below(&stage->dice, 3);
	if (model->policy == ORACLE_PSEUDO_LRU && model->entries == 48) /* no power of two */
		model->entries = model->ways = 64;
	if (model->policy == ORACLE_PSEUDO_LRU && model->ways > 64)
		model->ways = 64;
	model->seed = 1;
	model->asid_bits = dice_once(&stage->dice, 3) ? dice_below(&stage->dice, r4000 ? 9 : 7) : r4000 ? 8 : 6;
	model->global = !dice_once(&stage->dice, 6);
	model->wired = r4000 ? 0 : 8;
	model->hardware_refill = dice_once(&stage->dice, 8);
	draw_caches(stage);
}

void stage_model(struct stage *stage, unsigned generation)
{
	stage->model = (struct oracle_model){ .generation = generation ? generation : 2 + dice_below(&stage->dice, 3) };
	draw_costs(stage);
	draw_tlb(stage);
}

/* --- page tables --- */

/* An entry as tlbwr takes it.  global is the page's, the same in all tables. */
static uint32_t entry_lo(struct stage *stage, uint32_t frame, bool global, bool writable)
{
	bool valid = !dice_once(&stage->dice, 24), dirty = writable && !dice_once(&stage->dice, 6);
	bool uncached = dice_once(&stage->dice, 30);

	if (stage->model.generation == 4)
		return frame << 6 | (uncached ? 2u : 3u) << 3 | (uint32_t)dirty << 2 | (uint32_t)valid << 1 | global;
	return frame << 12 | (uint32_t)uncached << 11 | (uint32_t)dirty << 10 | (uint32_t)valid << 9 | (uint32_t)global << 8;
}

static bool is_global(struct stage *stage, uint32_t page)
{
	return (page / 2 * 2654435761u ^ (uint32_t)stage->seed) % 9 == 0; /* both of a pair */
}

/* Memory mostly; the board, or nothing at all. */
static uint32_t data_frame(struct stage *stage)
{
	switch (dice_below(&stage->dice, 60)) {
	case 0:
		return 0x18000;
	case 1:
		return 0x1f800;
	default:
		return (STAGE_DATA >> 12) + dice_below(&stage->dice, (STAGE_MEMORY - STAGE_DATA) >> 12);
	}
}

static uint32_t user_entry(struct stage *stage, uint32_t n)
{
	bool global = is_global(stage, n);

	if (n >= (STAGE_WIRED - STAGE_USER) >> 12)
		return 0;
	if (n < 16)
		return entry_lo(stage, (STAGE_USER_CODE >> 12) + n, global, true);
	return entry_lo(stage, data_frame(stage), global, true);
}

/* The table for STAGE_USER's pages, where its part of the whole table lies.  R4000: pairs of two words at Context, or,
 * linear, of EntryLo << 6 at half of it. */
static void page_table(struct stage *stage, uint32_t at)
{
	bool r4000 = stage->model.generation == 4;

	for (uint32_t n = 0; n < 1024; n++)
		if (r4000 && stage->linear)
			stage_put(stage, at + n * 4, user_entry(stage, n) << 6);
		else
			stage_put(stage, at + n * (r4000 ? 8 : 4), user_entry(stage, n));
}

static void kseg2_tables(struct stage *stage)
{
	bool r4000 = stage->model.generation == 4;

	for (uint32_t asid = 0; asid < (r4000 ? 256u : 64u); asid++) {
		uint32_t frame = (STAGE_PAGE_TABLES >> 12) + asid % 4 * 2;

		if (r4000) {
			stage_put(stage, STAGE_TABLES + asid * 8 + 4, frame << 6 | 3 << 3 | 3 << 1);
		} else {
			stage_put(stage, STAGE_TABLES + asid * 4, frame << 12 | 3 << 9);
		}
	}
	for (uint32_t n = 0; n < 16; n++)
		stage_put(stage, STAGE_KSEG2_TABLE + n * 4, entry_lo(stage, (STAGE_KSEG2_PAGES >> 12) + n, true, true));
}

static void tables(struct stage *stage)
{
	bool r4000 = stage->model.generation == 4;

	if (!stage->linear)
		page_table(stage, r4000 ? 0x2000 : 0x1000);
	for (uint32_t n = 0; n < 4; n++)
		page_table(stage, STAGE_PAGE_TABLES + n * 0x2000);
	kseg2_tables(stage);
	stage->context = stage->linear && !r4000 ? 0xc0000000 : 0x80000000;
}

/* --- scenes --- */

static uint32_t scene_pc(struct stage *stage, bool user)
{
	uint32_t at = dice_below(&stage->dice, STAGE_CODE_SIZE) & ~3u;

	if (user)
		return STAGE_USER + at;
	return (dice_once(&stage->dice, 4) ? STAGE_KSEG2 : 0x80000000 + STAGE_KERNEL_CODE) + at;
}

/* After rfe, eret: the mode, interrupts on mostly. */
static uint32_t scene_status(struct stage *stage, bool user)
{
	bool enabled = !dice_once(&stage->dice, 5);
	uint32_t units = dice_once(&stage->dice, 4) ? dice_below(&stage->dice, 16) << 28 : 0;

	if (stage->model.generation == 4)
		return units | 0x8402 | (user ? 0x10 : 0) | enabled;
	return units | 0x400 | (user ? 8 : 0) | (enabled ? 4 : 0);
}

static void scenes(struct stage *stage)
{
	for (uint32_t n = 0; n < STAGE_SCENES_NUMBER; n++) {
		bool user = !dice_once(&stage->dice, 3);
		uint32_t at = STAGE_SCENES + 16 * n, asid = dice_word(&stage->dice);

		stage_put(stage, at, scene_pc(stage, user));
		stage_put(stage, at + 4, scene_status(stage, user));
		stage_put(stage, at + 8, stage->model.generation == 4 ? asid & 0xff : asid & 0xfc0);
	}
}

static void pointers(struct stage *stage)
{
	const struct { unsigned reg; uint32_t address; } of[11] = {
		{ P_KSEG0, 0x80000000 + STAGE_DATA + 0x8000 + (dice_below(&stage->dice, 0xa0) << 12) },
		{ P_KSEG1, 0xa0000000 + STAGE_DATA + 0x8000 + (dice_below(&stage->dice, 0xa0) << 12) },
		{ P_USER, STAGE_USER + 0x20000 + (dice_below(&stage->dice, 0x2c0) << 12) },
		{ P_EDGE, STAGE_USER + 0x10000 + (dice_below(&stage->dice, 0x2c0) << 12) },
		{ P_DEVICE, STAGE_DEVICE },
		{ P_KSEG2, STAGE_KSEG2 + 0x8000 },
		{ P_UNALIGNED, STAGE_USER + 0x20001 + (dice_below(&stage->dice, 0x2c0) << 12) },
		{ P_CODE, STAGE_USER + (dice_below(&stage->dice, 16) << 12) },
		{ P_WIRED, STAGE_WIRED + 0x10000 },
		{ P_STACK, STAGE_USER + 0x40000 },
		{ P_USER2, STAGE_USER + 0x28000 + (dice_below(&stage->dice, 0x2c0) << 12) },
	};

	for (unsigned n = 0; n < 11; n++) {
		stage->reg[of[n].reg] = of[n].address;
		stage_put(stage, STAGE_CELLS + CELL_POINTERS + 4 * n, of[n].address);
	}
}

void stage_make(struct stage *stage, uint64_t seed, unsigned generation)
{
	memset(stage, 0, sizeof *stage);
	stage->seed = seed;
	stage->dice.state = seed * 0xd1342543de82ef95u + 1;
	stage_model(stage, generation);
	stage->linear = dice_once(&stage->dice, 2) || (stage->model.generation == 4 && stage->model.hardware_refill);
	stage->nasty = dice_once(&stage->dice, 12);
	stage->period = 200 + dice_below(&stage->dice, 4000);
	for (uint32_t at = STAGE_DATA; at < STAGE_MEMORY; at += 4)
		stage_put(stage, at, dice_word(&stage->dice));
	for (unsigned n = 1; n < 32; n++)
		stage->reg[n] = dice_once(&stage->dice, 2) ? dice_word(&stage->dice) : dice_below(&stage->dice, 16);
	stage_kernel(stage);
	tables(stage);
	scenes(stage);
	pointers(stage);
	stage_code(stage, STAGE_KERNEL_CODE, STAGE_CODE_SIZE, false);
	stage_code(stage, STAGE_USER_CODE, STAGE_CODE_SIZE, true);
	stage_code(stage, STAGE_KSEG2_PAGES, STAGE_CODE_SIZE, false);
	stage->pc = 0x80000000 + STAGE_KERNEL_CODE;
	stage->status = 0x401;
}
