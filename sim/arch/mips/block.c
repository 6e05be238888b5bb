/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block hook: what runs at the beginning of each block, before any of its instructions; and the mark hook, in its
 * midst.
 *
 * The short path serves a block of the page that the last one was in, which is decoded and needs no attention: it
 * charges the block before, and is done.  Its length is the simulator's speed.
 *
 *   mips_block_hook: the block before is settled (pace.c; or it was not at its end, and goes on)
 *     --short path--> the block runs
 *     '--attend--> boundary due, fault, not the engine's, marks to be set --> the run loop
 *              '-> the block runs
 *
 * Invariants
 *   1. nothing is done twice when a hook leaves and the run loop comes to the same place: `passed`.
 *   2. between a branch and its slot the engine is never left by a hook.
 */
#include "sim/arch/mips/runner.h"

const struct block mips_no_block = { .marked = true };

void mips_no_current(struct mips_runner *r)
{
	r->current = &mips_no_block;
	r->plain = true;
	r->rest = false;
	r->done = r->progress = 0;
	r->logged = 0;
}

/* --- beginning --- */

static inline void begin(struct mips_runner *r, const struct block *block, cycle_t now)
{
	r->current = block;
	r->plain = !block->care && r->unready_until <= now;
	r->progress = 0;
	r->written |= block->writes;
}

/* The block at an address of the code page, if the engine may run what it is about to: size bytes. */
static inline const struct block *short_path(const struct mips_runner *r, laddr_t address, uint32_t size)
{
	const struct block *block = r->table[(address & PAGE_MASK) / 4];

	return likely(block && size - block->bytes <= block->slack && !block->attention) ? block : NULL;
}

/* The engine's block is shorter than the book's: its rest comes later, as if it were another. */
static void expect_rest(struct mips_runner *r, const struct block *block, laddr_t address, uint32_t size)
{
	r->rest_at = address + size;
	r->rest = r->rest_at - block->start < block->bytes;
	r->plain &= !r->rest;
}

/* --- attending --- */

static void leave(struct mips *mips, laddr_t address)
{
	mips_leave_engine(mips, address);
	engine_stop(mips->runner->engine);
}

/* Runs the block that begins here, if nothing of it needs the simulator. */
static void attend_block(struct mips *mips, laddr_t address, uint32_t size)
{
	struct mips_runner *r = mips->runner;
	struct block *block = mips_block_at(mips, address);

	mips_block_fits(mips, block, size);
	if (!block->marked) {
		r->unmarked = block;
		r->errand = true;
	}
	if (block->attention || block->far_slot) {
		r->passed = true;
		leave(mips, address);
		return;
	}
	if (block->function != r->ledger->function)
		ledger_enter_function(r->ledger, block->function);
	begin(r, block, r->ledger->now);
	r->plain = false;
	expect_rest(r, block, address, size);
}

static __attribute__((noinline)) void attend(struct mips_runner *r, laddr_t address, uint32_t size)
{
	struct mips *mips = r->mips;
	struct mips_fault fault;

	mips_no_current(r);
	if (engine_mips_drains(r->engine, address))
		return;
	if (r->ledger->now >= r->limit) {
		leave(mips, address);
		return;
	}
	mips->cpu.pc = address; /* what events name */
	if (PAGE_OF(address) != r->code_page && !mips_enter_recent(r, PAGE_OF(address)) &&
	    !mips_enter_code(mips, address, &fault)) {
		leave(mips, address);
		mips_take_fault(mips, &fault);
		return;
	}
	const struct block *block = short_path(r, address, size);
	if (!block) {
		attend_block(mips, address, size);
		return;
	}
	if (block->function != r->ledger->function)
		ledger_enter_function(r->ledger, block->function);
	begin(r, block, r->ledger->now);
}

/* --- the hooks --- */

/* Whatever it calls it calls last: so it needs no register of its caller's and saves none. */
static inline __attribute__((always_inline)) void enter(struct mips_runner *r, laddr_t address, uint32_t size)
{
	struct ledger *ledger = r->ledger;
	cycle_t now = ledger->now;

	if (likely(PAGE_OF(address) == r->code_page && now < r->limit)) {
		const struct block *block = short_path(r, address, size);
		if (likely(block)) {
			begin(r, block, now);
			if (unlikely(block->function != ledger->function))
				ledger_enter_function(ledger, block->function);
			return;
		}
	}
	attend(r, address, size);
}

/* The block before is not charged by adding; or it was not at its end, and goes on. */
static __attribute__((noinline)) void enter_slowly(struct mips_runner *r, laddr_t address, uint32_t size)
{
	if (unlikely(r->rest && address == r->rest_at)) {
		expect_rest(r, r->current, address, size);
		r->plain = false;
		return;
	}
	mips_settle(r->mips, address);
	enter(r, address, size);
}

void mips_block_hook(void *unused, uint64_t address64, uint32_t size, void *ctx)
{
	struct mips_runner *r = ctx;
	laddr_t address = (laddr_t)address64;
	const struct block *before = r->current;

	(void)unused;
	if (unlikely(!r->plain)) {
		enter_slowly(r, address, size);
		return;
	}
	ledger_execute(r->ledger, before->count, before->cycles + (address != before->next ? before->taken : 0));
	enter(r, address, size);
}

void mips_fire_probe(struct mips *mips, const struct block *block, unsigned at)
{
	for (unsigned n = 0; n < block->probes; n++)
		if (block->probe[n].at == at)
			mips->code_map.fire(mips->code_map.ctx, block->probe[n].probe);
}

static bool has_probe(const struct block *block, unsigned at)
{
	for (unsigned n = 0; n < block->probes; n++)
		if (block->probe[n].at == at)
			return true;
	return false;
}

void mips_mark_hook(void *unused, uint64_t address64, uint32_t size, void *ctx)
{
	struct mips *mips = ctx;
	struct mips_runner *r = mips->runner;
	const struct block *block = r->current;
	laddr_t address = (laddr_t)address64;
	uint32_t offset = address - block->start;

	(void)unused;
	(void)size;
	if (block == &mips_no_block || offset > block->bytes)
		return;
	unsigned at = offset / 4;
	r->progress = at;
	if (at == block->stop && block->stop_by == STOP_MARK) {
		leave(mips, address);
		return;
	}
	if (!has_probe(block, at))
		return;
	mips_look_at_engine(mips, address);
	mips_settle_part(mips, at, at && block->branches && at + 1u == block->instructions &&
	                           (block->jumps || mips_branch_taken(&block->insn[at - 1], mips->cpu.reg)));
	mips_fire_probe(mips, block, at);
}
