/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See streams.h. */
#include "streams.h"
#include <string.h>
#include "tests/oracle/code.h"

enum { TABLE = 0x80000 };

const char *stream_name(enum stream_kind kind)
{
	static const char *const name[STREAM_COUNT] = {
#define X(name_, text) text,
		STREAMS(X)
#undef X
	};

	return name[kind];
}

static uint32_t page_of(struct dice *dice, enum stream_kind kind, uint32_t n, uint32_t pages)
{
	switch (kind) {
	case STREAM_LOOP:
		return n % pages;
	case STREAM_RANDOM:
		return dice_below(dice, pages);
	case STREAM_SKEWED:
		return dice_below(dice, 1 + dice_below(dice, 1 + dice_below(dice, pages)));
	default:
		return (n / 512 * 37 + dice_below(dice, 1 + pages / 8)) % pages;
	}
}

/* Ends with a loop of its own, in kernel mode and interrupts off, until the duel's clock has run out. */
static void code(struct stage *stage)
{
	const uint32_t words[] = {
		code_i(O_LUI, S0, ZERO, (0x80000000u + TABLE) >> 16),
		code_i(O_ORI, S1, ZERO, STREAM_LENGTH),
		code_i(O_LW, T0, S0, 0),        /* the next address; odd: a store */
		code_i(O_ADDIU, S0, S0, 4),
		code_i(O_ANDI, T1, T0, 1),
		code_i(O_BNE, ZERO, T1, 4),
		code_i(O_ADDIU, S1, S1, 0xffff),
		code_i(O_LW, T2, T0, 0),
		code_i(O_BEQ, ZERO, ZERO, 2),
		NOP,
		code_i(O_SB, S1, T0, 0),
		code_i(O_BNE, ZERO, S1, -10),
		NOP,
		code_i(O_ADDIU, T3, T3, 1),
		code_i(O_BEQ, ZERO, ZERO, -2),
		NOP,
	};

	for (uint32_t n = 0; n < sizeof words / sizeof *words; n++)
		stage_put(stage, STAGE_KERNEL_CODE + 4 * n, words[n]);
}

static void table(struct stage *stage, enum stream_kind kind, uint32_t pages)
{
	for (uint32_t n = 0; n < STREAM_LENGTH; n++) {
		uint32_t page = page_of(&stage->dice, kind, n, pages), inside = dice_below(&stage->dice, 1024) * 4;

		stage_put(stage, TABLE + 4 * n, STAGE_USER + (page << 12) + inside + dice_once(&stage->dice, 8));
	}
}

/* All valid, dirty, cached; the frames go round in the data below the table. */
static void pages_of(struct stage *stage)
{
	bool r4000 = stage->model.generation == 4;

	for (uint32_t n = 0; n < 1024; n++) {
		uint32_t frame = (STAGE_DATA >> 12) + n % ((TABLE - STAGE_DATA) >> 12);

		if (r4000)
			stage_put(stage, 0x2000 + 8 * n, frame << 6 | 3 << 3 | 3 << 1);
		else
			stage_put(stage, 0x1000 + 4 * n, frame << 12 | 3 << 9);
	}
}

void stream_make(struct stage *stage, enum stream_kind kind, uint32_t pages, uint64_t seed,
                 const struct oracle_model *model)
{
	memset(stage, 0, sizeof *stage);
	stage->seed = seed;
	stage->dice.state = seed;
	stage_model(stage, model->generation);
	stage->model.entries = model->entries;
	stage->model.ways = model->ways;
	stage->model.policy = model->policy;
	stage->model.wired = model->wired;
	stage->model.asid_bits = model->asid_bits;
	stage->model.caches = false;
	stage->model.global = stage->model.hardware_refill = false;
	stage->period = 1u << 30;
	stage_kernel(stage);
	pages_of(stage);
	code(stage);
	table(stage, kind, pages);
	stage->context = 0x80000000;
	stage->pc = 0x80000000 + STAGE_KERNEL_CODE;
}
