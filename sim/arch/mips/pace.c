/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What blocks take: timing.h, for a whole block when it has ended.
 *
 * Most blocks take what mips_block_cost says: two numbers, of which one is added if the branch was taken.  Three things
 * can make it another time, all of the past: registers loaded by the block before (T2), HI and LO (T3), the write
 * buffer (T7).  They are looked for in that order, each for a few operations; and only where one of them has its way
 * is the block gone through instruction by instruction, by the functions that performing uses too.
 *
 *   mips_settle --even, whole, all registers ready--> cycles, taken, shifted by the waits of its stores and of HI, LO
 *        '--plain--> cycles, taken
 *        '--settle_shortly: nothing of the past matters--> cycles, taken; what it leaves behind
 *              '--go_through: instruction by instruction; always where caches are modelled
 *
 * Invariants
 *   1. all ways charge the same where more than one is open.
 *   2. unready_until is at least the latest of cpu.ready.
 */
#include <string.h>
#include "sim/arch/mips/performing.h"
#include "sim/arch/mips/runner.h"

/* --- made once --- */

/* The loads that end so late that their registers are not ready when the block ends. */
static void find_lates(const struct mips *mips, struct block *block)
{
	uint32_t wait = mips->model->cost[MIPS_COST_ISSUE] + mips->model->cost[MIPS_COST_LOAD_USE];

	for (unsigned n = 0; n < block->instructions; n++) {
		const struct mips_instruction *insn = &block->insn[n];
		/* When it began: its own time before the next one does. */
		uint32_t t = block->prefix[n + 1] - mips_own_cost(mips->model, insn);
		if (insn->operation != MIPS_LOAD || insn->absent || !insn->writes || t + wait <= block->base)
			continue;
		block->late[block->lates++] = (struct late_load){ (uint16_t)n, insn->writes, t + wait };
	}
}

static void find_hilo(const struct mips *mips, struct block *block)
{
	const uint32_t *cost = mips->model->cost;

	for (unsigned n = 0; n < block->instructions; n++) {
		const struct mips_instruction *insn = &block->insn[n];
		uint32_t t = block->prefix[n + 1] - mips_own_cost(mips->model, insn);
		if ((insn->reads_hilo || insn->writes_hilo) && !(block->care & CARE_HILO)) {
			block->care |= CARE_HILO;
			block->hilo_used = t;
			block->hilo_used_in_slot = block->branches && n + 1u == block->instructions;
		}
		block->hilo_in_slot = insn->writes_hilo && block->branches && n + 1u == block->instructions;
		if (insn->operation == MIPS_MULTIPLY)
			block->hilo = t + cost[MIPS_COST_MULT_LATENCY];
		else if (insn->operation == MIPS_DIVIDE)
			block->hilo = t + cost[MIPS_COST_DIV_LATENCY];
	}
}

/* The registers that are used so early that a load of the block before can matter. */
static void find_early(const struct mips *mips, struct block *block)
{
	for (unsigned n = 0; n < block->instructions; n++)
		if (block->prefix[n] < mips->model->cost[MIPS_COST_LOAD_USE] && !block->insn[n].absent)
			block->early |= block->insn[n].reads | (1u << block->insn[n].writes & ~1u);
}

static void find_stores(const struct mips *mips, struct block *block)
{
	for (unsigned n = 0; n < block->instructions; n++) {
		if (block->insn[n].operation != MIPS_STORE)
			continue;
		block->store[block->stores++] = block->prefix[n + 1] - mips->model->cost[MIPS_COST_ISSUE];
		block->store_in_slot = block->branches && n + 1u == block->instructions;
		block->care |= CARE_STORES;
	}
}

/* Nothing in it waits for anything else in it, nor does it leave anything behind that is to be waited for. */
static bool is_even(const struct mips *mips, const struct block *block)
{
	uint32_t own = 0;

	for (unsigned n = 0; n < block->instructions; n++)
		own += mips_own_cost(mips->model, &block->insn[n]);
	return own == block->base && !block->lates && !block->hilo && !(block->care & (CARE_LIKELY | CARE_CACHES)) &&
	       (!block->branches || block->slot_taken == mips->model->cost[MIPS_COST_BRANCH_TAKEN]);
}

void mips_pace_block(const struct mips *mips, struct block *block)
{
	find_lates(mips, block);
	find_hilo(mips, block);
	find_early(mips, block);
	if (block->lates)
		block->care |= CARE_LOADS;
	if (mips->model->cost[MIPS_COST_WRITE_DEPTH])
		find_stores(mips, block);
	if (block->branches && block->insn[block->instructions - 2].operation == MIPS_BRANCH_LIKELY)
		block->care |= CARE_LIKELY;
	if (mips->code_cache || mips->data_cache)
		block->care |= CARE_CACHES;
	block->even = is_even(mips, block);
}

/* --- the short way --- */

/* Something of the past holds up an instruction of the block. */
static bool is_held_up(const struct mips_runner *r, const struct block *block)
{
	const struct mips_cpu *cpu = &r->mips->cpu;
	cycle_t now = r->ledger->now;

	if (block->care & CARE_HILO && cpu->hilo_ready > now)
		return true;
	if (r->unready_until <= now)
		return false;
	for (uint32_t left = block->early; left; left &= left - 1)
		if (cpu->ready[__builtin_ctz(left)] > now)
			return true;
	return false;
}

/* A block in which nothing waits for anything else of it, and so what waits for the past but shifts the rest. */
struct shifting {
	cycle_t begin;           /* of the block, and all waits so far */
	cycle_t drained;
	cycle_t hilo_waits;
	uint32_t store_waits;
	bool hilo_seen;
};

/* The first use of HI and LO, if it comes before an instruction that begins `before` cycles from the block's begin. */
static inline void pass_hilo(const struct mips_runner *r, const struct block *block, uint32_t taken, uint32_t before,
                             struct shifting *at)
{
	if (likely(!(block->care & CARE_HILO)) || at->hilo_seen || block->hilo_used >= before)
		return;
	cycle_t t = at->begin + block->hilo_used + (block->hilo_used_in_slot ? taken : 0);
	at->hilo_seen = true;
	if (r->mips->cpu.hilo_ready <= t)
		return;
	at->hilo_waits = r->mips->cpu.hilo_ready - t;
	at->begin += at->hilo_waits;
}

/* The stores go through the write buffer.  False: one must wait in a block that is not even; *at is of no use then. */
static inline __attribute__((always_inline)) bool pass_stores(const struct mips_runner *r, const struct block *block,
                                                              uint32_t taken, struct shifting *at)
{
	cycle_t retire = r->retire, most = r->retire_most;
	uint32_t last = block->store_in_slot ? block->stores - 1u : block->stores;

	for (unsigned n = 0; n < block->stores; n++) {
		pass_hilo(r, block, taken, block->store[n], at);
		cycle_t t = at->begin + block->store[n] + (n == last ? taken : 0);
		if (at->drained <= t) {
			at->drained = t + retire;
			continue;
		}
		if (unlikely(at->drained - t > most)) {
			if (!block->even)
				return false;
			at->begin += at->drained - t - most;
			at->store_waits++;
		}
		at->drained += retire;
	}
	return true;
}

/* The waits of a block that is even, and its end. */
static void charge_shifted(struct mips_runner *r, const struct block *block, uint32_t taken, const struct shifting *at)
{
	r->mips->cpu.drained = at->drained;
	if (unlikely(at->store_waits)) {
		r->mips->count[MIPS_COUNT_WRITE_STALLS] += at->store_waits;
		ledger_charge(r->ledger, CAUSE_WRITE_BUFFER, at->begin - r->ledger->now - at->hilo_waits);
	}
	ledger_execute(r->ledger, block->count, block->base + taken + (uint32_t)at->hilo_waits);
}

static void note_lates(struct mips_runner *r, const struct block *block, uint32_t taken)
{
	cycle_t begin = r->ledger->now;

	for (unsigned n = 0; n < block->lates; n++) {
		const struct late_load *late = &block->late[n];
		cycle_t ready = begin + late->ready + (late->at + 1u == block->instructions ? taken : 0);
		r->mips->cpu.ready[late->reg] = ready;
		if (ready > r->unready_until)
			r->unready_until = ready;
	}
}

static bool settle_shortly(struct mips_runner *r, const struct block *block, bool taken)
{
	uint32_t more = taken ? block->slot_taken : 0;

	if (r->done || block->care & (CARE_CACHES | CARE_LIKELY) || is_held_up(r, block))
		return false;
	/* A slot that waits for something takes less when its branch is taken: what is in it is looked at one by one. */
	if (taken && more != r->mips->model->cost[MIPS_COST_BRANCH_TAKEN])
		return false;
	struct shifting at = { .begin = r->ledger->now, .drained = r->mips->cpu.drained, .hilo_seen = true };
	if (!pass_stores(r, block, more, &at) || at.store_waits)
		return false;
	r->mips->cpu.drained = at.drained;
	note_lates(r, block, more);
	if (block->hilo)
		r->mips->cpu.hilo_ready = r->ledger->now + block->hilo + (block->hilo_in_slot ? more : 0);
	ledger_execute(r->ledger, block->count, block->base + more);
	return true;
}

/* --- one by one --- */

/*
 * How many accesses the engine makes for an instruction: lwl and lwr look for a fault by loading a byte first; swl and
 * swr store byte by byte, swl down to its word's begin, swr up to its end.
 */
static unsigned engine_accesses(const struct mips_instruction *insn, const struct logged_access *first)
{
	bool left = !(insn->word >> 26 & 4);

	if (insn->aligned)
		return 1;
	if (insn->operation == MIPS_LOAD)
		return 2;
	return left ? (first->address & 3) + 1 : 4 - (first->address & 3);
}

/* An instruction's data passes the cache, as the engine has accessed it. */
static void pass_logged(struct mips *mips, const struct mips_instruction *insn, unsigned *log)
{
	const struct mips_runner *r = mips->runner;
	const struct logged_access *access = &r->log[*log];

	if ((insn->operation != MIPS_LOAD && insn->operation != MIPS_STORE) || *log >= r->logged)
		return;
	struct mips_place place = { .address = access->address & ~(insn->size - 1u), .cached = true, .memory = true };
	*log += engine_accesses(insn, access);
	pass_data(mips, &place, insn->size, insn->operation == MIPS_STORE);
}

/* In the order of performing: fetch, stalls, write buffer, data. */
static void pass_one(struct mips *mips, const struct mips_instruction *insn, paddr_t address, unsigned *log)
{
	struct mips_cpu *cpu = &mips->cpu;
	struct ledger *ledger = mips->ledger;

	if (mips->runner->code->cached)
		pass_code(mips, address);
	cycle_t t = mips_begins(insn, cpu->ready, cpu->hilo_ready, ledger->now);
	if (t != ledger->now)
		ledger_execute(ledger, 0, (uint32_t)(t - ledger->now));
	if (insn->operation == MIPS_STORE)
		buffer_store(mips);
	t = ledger->now;
	pass_logged(mips, insn, log);
	mips_makes_ready(mips->model, insn, t, cpu->ready, &cpu->hilo_ready);
	if (insn->writes && cpu->ready[insn->writes] > mips->runner->unready_until)
		mips->runner->unready_until = cpu->ready[insn->writes];
	ledger_execute(ledger, !insn->absent, mips_own_cost(mips->model, insn));
}

/* The current block's instructions from done to `to`. */
static void go_through(struct mips *mips, unsigned to, bool taken)
{
	struct mips_runner *r = mips->runner;
	const struct block *block = r->current;
	unsigned log = 0, slot = block->branches ? block->instructions - 1u : block->instructions;

	for (unsigned n = r->done; n < to; n++) {
		if (n == slot && !taken && block->care & CARE_LIKELY) {
			ledger_execute(mips->ledger, 0, mips->model->cost[MIPS_COST_ISSUE]);
			continue;
		}
		pass_one(mips, &block->insn[n], block->physical + 4 * n, &log);
		if (n + 1 == slot && taken)
			ledger_execute(mips->ledger, 0, mips->model->cost[MIPS_COST_BRANCH_TAKEN]);
	}
	r->logged = log < r->logged ? r->logged - log : 0;
	memmove(r->log, r->log + log, r->logged * sizeof *r->log);
	r->done = to;
}

/* --- for others --- */

void mips_settle(struct mips *mips, laddr_t at)
{
	struct mips_runner *r = mips->runner;
	const struct block *block = r->current;
	bool taken = block->jumps || (block->branches && at != block->next);

	if (block->even && !r->done && r->unready_until <= r->ledger->now) {
		struct shifting shifting = { .begin = r->ledger->now, .drained = mips->cpu.drained };
		uint32_t more = taken ? block->slot_taken : 0;
		pass_stores(r, block, more, &shifting);
		pass_hilo(r, block, more, UINT32_MAX, &shifting);
		charge_shifted(r, block, more, &shifting);
		return;
	}
	if (r->plain)
		ledger_execute(r->ledger, block->count, block->cycles + (at != block->next ? block->taken : 0));
	else if (!settle_shortly(r, block, taken))
		go_through(mips, block->instructions, taken);
	mips_no_current(r);
}

void mips_settle_part(struct mips *mips, unsigned to, bool taken)
{
	mips->runner->plain = false;
	go_through(mips, to, taken);
}
