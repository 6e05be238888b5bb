/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What instructions cost: rules T1 to T5 of timing.h, for one instruction and for blocks of them.
 *
 * Invariants
 *   1. an instruction that is absent (a probe's no-op) changes nothing.
 *   2. mips_block_cost of a block is what performing it one by one takes, if everything is ready when it begins, no
 *      write buffer is full, and it accesses neither devices nor uncached memory nor caches.
 */
#include <string.h>
#include "sim/arch/mips/perform.h"

/* The key that an operation takes besides `issue` (T5); ISSUE itself: none. */
static const uint8_t more[MIPS_OPERATION_COUNT] = {
	[MIPS_MFC0] = MIPS_COST_CP0_MOVE, [MIPS_MTC0] = MIPS_COST_CP0_MOVE, [MIPS_TLBR] = MIPS_COST_TLB_READ,
	[MIPS_TLBWI] = MIPS_COST_TLB_WRITE, [MIPS_TLBWR] = MIPS_COST_TLB_WRITE, [MIPS_TLBP] = MIPS_COST_TLB_PROBE,
	[MIPS_CACHE] = MIPS_COST_CACHE_OP,
};
_Static_assert(MIPS_COST_ISSUE == 0, "an operation without a row in `more` has ISSUE there");

uint32_t mips_own_cost(const struct model *model, const struct mips_instruction *insn)
{
	unsigned key = more[insn->operation];

	if (insn->absent)
		return 0;
	return model->cost[MIPS_COST_ISSUE] + (key == MIPS_COST_ISSUE ? 0 : model->cost[key]);
}

cycle_t mips_begins(const struct mips_instruction *insn, const cycle_t ready[32], cycle_t hilo_ready, cycle_t now)
{
	cycle_t begin = now;

	if (insn->absent)
		return now;
	for (uint32_t left = insn->reads; left; left &= left - 1) {
		cycle_t at = ready[__builtin_ctz(left)];

		if (at > begin)
			begin = at;
	}
	if ((insn->reads_hilo || insn->writes_hilo) && hilo_ready > begin)
		begin = hilo_ready;
	return begin;
}

void mips_makes_ready(const struct model *model, const struct mips_instruction *insn, cycle_t t, cycle_t ready[32],
                      cycle_t *hilo_ready)
{
	bool late = insn->operation == MIPS_LOAD || insn->operation == MIPS_LOAD_LINKED || insn->operation == MIPS_MFC0;

	if (insn->absent)
		return;
	if (insn->writes)
		ready[insn->writes] = late ? t + model->cost[MIPS_COST_ISSUE] + model->cost[MIPS_COST_LOAD_USE] : t;
	if (insn->operation == MIPS_MULTIPLY)
		*hilo_ready = t + model->cost[MIPS_COST_MULT_LATENCY];
	else if (insn->operation == MIPS_DIVIDE)
		*hilo_ready = t + model->cost[MIPS_COST_DIV_LATENCY];
	else if (insn->operation == MIPS_TO_HILO)
		*hilo_ready = t;
}

/* --- blocks --- */

struct pipeline {
	cycle_t at, ready[32], hilo_ready;
};

static void pass(const struct model *model, const struct mips_instruction *insn, struct pipeline *pipeline)
{
	cycle_t t = mips_begins(insn, pipeline->ready, pipeline->hilo_ready, pipeline->at);

	mips_makes_ready(model, insn, t, pipeline->ready, &pipeline->hilo_ready);
	pipeline->at = t + mips_own_cost(model, insn);
}

/* The end of a block: its branch is done (before `pipeline`), its slot follows.  See perform.h for *out. */
static void pass_slot(const struct model *model, const struct mips_instruction *branch,
                      const struct mips_instruction *slot, struct pipeline *pipeline, struct mips_block_cost *out)
{
	struct pipeline taken = *pipeline;

	taken.at += model->cost[MIPS_COST_BRANCH_TAKEN];
	pass(model, slot, &taken);
	if (branch->operation == MIPS_BRANCH_LIKELY)
		pipeline->at += model->cost[MIPS_COST_ISSUE];
	else
		pass(model, slot, pipeline);
	out->taken = (uint32_t)(taken.at - pipeline->at);
}

/* See perform.h.  Charges nothing. */
void mips_block_cost(const struct model *model, const struct mips_instruction *insn, unsigned n, uint32_t *prefix,
                     struct mips_block_cost *out)
{
	struct pipeline pipeline;

	memset(&pipeline, 0, sizeof pipeline);
	*out = (struct mips_block_cost){ 0 };
	for (unsigned i = 0; i < n; i++) {
		prefix[i] = (uint32_t)pipeline.at;
		if (i && mips_has_slot(&insn[i - 1])) {
			pass_slot(model, &insn[i - 1], &insn[i], &pipeline, out);
			continue;
		}
		pass(model, &insn[i], &pipeline);
		if (mips_has_slot(&insn[i]))
			out->taken = model->cost[MIPS_COST_BRANCH_TAKEN];
	}
	prefix[n] = out->cycles = (uint32_t)pipeline.at;
}
