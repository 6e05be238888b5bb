/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run loop: the engine runs ordinary instructions, and here is everything that comes between.
 *
 *                 the block at pc is the engine's
 *   SIMULATOR ------------------------------------> ENGINE
 *    ^  ^  |                                           |  a hook leaves; a refused fill; an exception
 *    |  |  '--> mips_walk (step.c): performed --.      |
 *    |  '----------------------------------------'     |
 *    '------- came_back: settles, takes the fault, walks on ---'
 *    |
 *    '--must_stop--> mips_run returns
 *
 * Boundaries are where blocks begin (timing.h): the end of the run, devices whose time has come, interrupts, then the
 * fetch.
 *
 * Invariants
 *   1. when mips_run returns, struct mips_cpu is the whole state, at a block's beginning.
 *   2. nothing that the engine does by chance (how often it asks, when it forgets, where its blocks end) has an effect.
 *   3. the engine is never entered in a delay slot.
 */
#include <string.h>
#include "sim/arch/mips/runner.h"
#include "sim/core/error.h"

/* --- the state goes from one to the other --- */

void mips_look_at_engine(struct mips *mips, vaddr_t pc)
{
	struct mips_cpu *cpu = &mips->cpu;
	struct engine_mips_cpu from;

	engine_mips_store(mips->runner->engine, &from, mips->runner->written);
	memcpy(cpu->reg, from.reg, sizeof cpu->reg);
	cpu->hi = from.hi;
	cpu->lo = from.lo;
	cpu->pc = pc;
}

void mips_leave_engine(struct mips *mips, vaddr_t pc)
{
	mips_look_at_engine(mips, pc);
	mips->runner->in_engine = false;
}

/* The simulator may have performed loads. */
static void find_unready(struct mips_runner *r)
{
	const cycle_t *ready = r->mips->cpu.ready;

	r->unready_until = 0;
	for (unsigned n = 1; n < 32; n++)
		if (ready[n] > r->unready_until)
			r->unready_until = ready[n];
}

void mips_enter_engine(struct mips *mips)
{
	struct mips_runner *r = mips->runner;
	const struct mips_cpu *cpu = &mips->cpu;
	struct engine_mips_cpu to;

	mips_gear_enter(mips);
	find_unready(r);
	memcpy(to.reg, cpu->reg, sizeof to.reg);
	to.hi = cpu->hi;
	to.lo = cpu->lo;
	to.pc = cpu->pc;
	to.user = r->user;
	engine_mips_load(r->engine, &to);
	r->written = 0;
	r->in_engine = true;
	mips_set_limit(mips);
}

void mips_set_limit(struct mips *mips)
{
	struct mips_runner *r = mips->runner;
	cycle_t timer = mips_timer_event(mips);

	r->limit = mips->ledger->deadline < r->until ? mips->ledger->deadline : r->until;
	if (timer < r->limit)
		r->limit = timer;
	if (r->asked || r->errand || mips->unsupported)
		r->limit = 0;
}

/* --- at a boundary --- */

static bool must_stop(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	if (mips->unsupported)
		r->stop = PROCESSOR_STOP_UNSUPPORTED;
	else if (mips->cpu.shutdown)
		r->stop = PROCESSOR_STOP_SHUTDOWN;
	else if (r->asked)
		r->stop = PROCESSOR_STOP_ASKED;
	else if (mips->ledger->now >= r->until)
		r->stop = PROCESSOR_STOP_LIMIT;
	else
		return false;
	return true;
}

static void run_events(struct mips *mips)
{
	if (mips->ledger->now >= mips->ledger->deadline && mips->bus.run_events)
		mips->bus.run_events(mips->bus.ctx);
}

static bool interrupts_enabled(const struct mips *mips)
{
	uint32_t status = mips->cpu.cp0[CP0_STATUS];

	return mips_is_r4000(mips) ? (status & (SR4_IE | SR4_EXL | SR4_ERL)) == SR4_IE : status & SR3_IEC;
}

static cycle_t board_event(const struct mips *mips)
{
	return mips->bus.next_event ? mips->bus.next_event(mips->bus.ctx) : CYCLE_NEVER;
}

/* When something may come that is waited for; CYCLE_NEVER: nothing can. */
static cycle_t next_event(const struct mips *mips)
{
	bool board = mips->cpu.cp0[CP0_STATUS] & CAUSE_IP2;
	cycle_t event = board_event(mips), timer = mips_timer_event(mips);

	if (!interrupts_enabled(mips) || (!board && timer == CYCLE_NEVER))
		return CYCLE_NEVER;
	return timer < event ? timer : event;
}

/* wait: time passes to the next event.  False: nothing will ever come. */
static bool idle(struct mips *mips)
{
	struct mips_runner *r = mips->runner;
	cycle_t now = mips->ledger->now, next = next_event(mips);

	if (next == CYCLE_NEVER) {
		r->stop = PROCESSOR_STOP_HALTED;
		return false;
	}
	if (next > r->until)
		next = r->until;
	if (next > now)
		ledger_charge(mips->ledger, CAUSE_IDLE, next - now);
	return true;
}

/* What a boundary asks for before the fetch. */
enum boundary { BOUNDARY_PASSED, BOUNDARY_MOVED, BOUNDARY_STOP };

static enum boundary boundary(struct mips *mips)
{
	if (must_stop(mips))
		return BOUNDARY_STOP;
	run_events(mips);
	if (mips_interrupt_due(mips)) {
		mips->cpu.waiting = false;
		mips_interrupt(mips);
		return BOUNDARY_MOVED;
	}
	if (!mips->cpu.waiting)
		return BOUNDARY_PASSED;
	return idle(mips) ? BOUNDARY_MOVED : BOUNDARY_STOP;
}

void mips_take_fault(struct mips *mips, const struct mips_fault *fault)
{
	mips_trap(mips, fault);
	mips->runner->passed = mips->runner->rewritten = false;
}

/* All of its code is in the cache, or there is none. */
static bool is_cached(const struct mips *mips, const struct block *block)
{
	if (!mips->code_cache || !mips->runner->code->cached)
		return true;
	for (unsigned n = 0; n < block->instructions; n++)
		if (!cache_probe(mips->code_cache, block->physical + 4 * n))
			return false;
	return true;
}

/*
 * A block that goes to itself and changes nothing: as many rounds as there are until something comes pass at once.  In
 * kernel mode that is how a processor without wait idles, and a halt where nothing can come; a program of user mode
 * that does it is busy, and nobody knows for how long.  BOUNDARY_PASSED: it is to be run.
 */
static enum boundary pass_rounds(struct mips *mips, const struct block *block)
{
	struct mips_runner *r = mips->runner;
	const struct mips_instruction *branch = &block->insn[block->instructions - 2];
	vaddr_t target = mips_branch_target(branch, block->next - 8, mips->cpu.reg);
	cycle_t now = mips->ledger->now, next = next_event(mips), round = block->base + block->slot_taken;
	bool busy = mips_user_mode(mips);

	if (target != block->start)
		return BOUNDARY_PASSED;
	if ((next == CYCLE_NEVER && (!busy || r->until == CYCLE_NEVER)) || !round) {
		r->stop = PROCESSOR_STOP_HALTED;
		return BOUNDARY_STOP;
	}
	find_unready(r);
	if (r->unready_until > now || !is_cached(mips, block))
		return BOUNDARY_PASSED;
	if (next > board_event(mips)) /* the board has its time, whoever listens */
		next = board_event(mips);
	if (next > r->until)
		next = r->until;
	if (next <= now)
		return BOUNDARY_PASSED;
	cycle_t rounds = (next - now + round - 1) / round;
	ledger_charge(mips->ledger, busy ? CAUSE_INSTRUCTION : CAUSE_IDLE, rounds * round);
	mips->ledger->instructions += rounds * block->count;
	return BOUNDARY_MOVED;
}

/* --- the engine came back --- */

void mips_interrupt_hook(void *ctx, uint32_t vector)
{
	struct mips *mips = ctx;
	struct mips_runner *r = mips->runner;

	r->vector = vector;
	r->interrupted = true;
	engine_stop(r->engine);
}

static bool is_slot(const struct block *block, unsigned at)
{
	return block->branches && at + 1u == block->instructions;
}

/*
 * Control is at an instruction of the current block, which the engine has not executed; the registers are the
 * simulator's.  What was done is charged; in a slot the engine is led out of it.
 */
static void come_to(struct mips *mips, const struct block *block, unsigned at)
{
	struct mips_cpu *cpu = &mips->cpu;

	cpu->pc = block->start + 4 * at;
	cpu->in_slot = is_slot(block, at);
	if (!cpu->in_slot) {
		mips_settle_part(mips, at, false);
		return;
	}
	const struct mips_instruction *branch = &block->insn[at - 1];
	mips_settle_part(mips, at, block->jumps || mips_branch_taken(branch, cpu->reg));
	cpu->slot_target = mips_branch_target(branch, cpu->pc - 4, cpu->reg);
	mips->runner->limit = 0; /* blocks of the way out are not the guest's */
	mips_no_current(mips->runner);
	engine_mips_drain(mips->runner->engine);
}

/* The simulator goes on at an instruction of the block that ran. */
static void walk_on(struct mips *mips, const struct block *block, unsigned at)
{
	struct mips_runner *r = mips->runner;

	come_to(mips, block, at);
	mips_no_current(r);
	mips_walk(mips, (struct block *)block, at);
}

static void take_refusal(struct mips *mips, vaddr_t pc)
{
	struct mips_runner *r = mips->runner;
	const struct block *block = r->current;

	if (r->refused_access == ACCESS_FETCH) {
		mips_settle(mips, pc);
		r->early = PAGE_OF(pc) != r->refused_page; /* of a slot in the next page */
		r->early_at = pc;
		return;
	}
	muk_assert(pc - block->start < block->bytes);
	walk_on(mips, block, (pc - block->start) / 4);
}

/* An aligned access or jump goes astray, an addition overflows, or a trap is taken, with the registers of now. */
static bool is_culprit(const struct mips_instruction *insn, uint32_t vector, const uint32_t reg[32])
{
	uint32_t s = reg[insn->rs], t = insn->word >> 26 ? (uint32_t)insn->immediate : reg[insn->rt];
	bool astray = insn->aligned && insn->size && mips_address(insn, reg) & (insn->size - 1u);

	switch (vector) {
	case ENGINE_MIPS_LOAD_ALIGNMENT:
		return insn->operation == MIPS_LOAD && astray;
	case ENGINE_MIPS_STORE_ALIGNMENT:
		return insn->operation == MIPS_STORE && astray;
	case ENGINE_MIPS_OVERFLOW:
		if (insn->operation != MIPS_OVERFLOWING)
			return false;
		return insn->word >> 26 || !(insn->word & 2) ? (~(s ^ t) & (s ^ (s + t))) >> 31 : ((s ^ t) & (s ^ (s - t))) >> 31;
	case ENGINE_MIPS_TRAP:
		return insn->operation == MIPS_TRAPPING && mips_trap_taken(insn, reg);
	default:
		return false;
	}
}

/* Which instruction of the current block: the first that can have been, since the engine last told where it is. */
static unsigned culprit(const struct mips *mips, uint32_t vector)
{
	const struct mips_runner *r = mips->runner;
	const struct block *block = r->current;

	for (unsigned n = r->progress; n < block->stop; n++) {
		if (n > r->progress && block->progress[n] == PROGRESS_MARK)
			break;
		if (block->progress[n] != PROGRESS_SAFE && is_culprit(&block->insn[n], vector, mips->cpu.reg))
			return n;
	}
	return block->instructions;
}

static void take_exception(struct mips *mips)
{
	struct mips_runner *r = mips->runner;
	const struct block *block = r->current;
	uint32_t vector = r->vector;
	unsigned at;

	mips_leave_engine(mips, block->start);
	if (vector >= ENGINE_MIPS_SYSCALL && vector <= ENGINE_MIPS_RESERVED) {
		at = block->stop;
	} else {
		at = culprit(mips, vector);
		if (at == block->instructions) { /* the jump's target: the run loop finds it misaligned */
			const struct mips_instruction *jump = &block->insn[at - 2];
			muk_assert(block->branches && jump->operation == MIPS_JUMP_REGISTER);
			mips->cpu.pc = mips->cpu.reg[jump->rs];
			mips_settle(mips, mips->cpu.pc);
			return;
		}
	}
	if (at == block->instructions) {
		mips->cpu.pc = block->next;
		mips_settle(mips, block->next);
	} else {
		walk_on(mips, block, at);
	}
}

/* A hook has left the engine: at a block's beginning, or at the stop of the current one. */
static void take_leave(struct mips *mips)
{
	struct mips_runner *r = mips->runner;
	const struct block *block = r->current;

	if (block == &mips_no_block)
		return;
	if (mips->cpu.pc == block->next)
		mips_settle(mips, block->next);
	else
		walk_on(mips, block, (mips->cpu.pc - block->start) / 4);
}

static void run_engine(struct mips *mips)
{
	struct mips_runner *r = mips->runner;
	struct engine_mips_cpu at;

	r->interrupted = false;
	mips_enter_engine(mips);
	enum engine_stop stop = engine_run(r->engine, mips->cpu.pc);
	if (!r->in_engine) {
		take_leave(mips);
	} else if (r->interrupted) {
		take_exception(mips);
	} else {
		muk_assert(stop == ENGINE_REFUSED);
		engine_mips_store(r->engine, &at, 0);
		mips_leave_engine(mips, at.pc);
		take_refusal(mips, at.pc);
	}
	mips_no_current(r);
}

/* --- for others --- */

/* The R4000's third mode, in which some of the kernel's addresses are allowed: the engine has but two. */
static bool is_supervisor(const struct mips *mips)
{
	uint32_t status = mips->cpu.cp0[CP0_STATUS];

	return mips_is_r4000(mips) && (status & (SR4_EXL | SR4_ERL | SR4_KSU)) == (SR4_KSU & ~SR4_KSU_USER);
}

/* One block, or what is to be done before it. */
static bool advance(struct mips *mips)
{
	struct mips_runner *r = mips->runner;
	enum boundary at = r->passed ? BOUNDARY_PASSED : boundary(mips);
	struct mips_fault fault;

	r->passed = false;
	if (at == BOUNDARY_STOP)
		return false;
	if (at == BOUNDARY_MOVED)
		return true;
	if (is_supervisor(mips)) { /* pages are remembered as the kernel's or the user's */
		r->code_page = NO_PAGE;
		mips_forget_recent(r);
	}
	mips_gear_enter(mips);
	if (!mips_enter_code(mips, mips->cpu.pc, &fault)) {
		mips_take_fault(mips, &fault);
		return true;
	}
	struct block *block = mips_block_at(mips, mips->cpu.pc);
	bool rest = r->rewritten;
	r->rewritten = false;
	if (rest && (mips_operation_performed(block->insn[0].operation) || mips_stands_alone(mips, block->insn)))
		return true; /* it is the rest of none: a block begins here, with all that comes before it */
	if (block->idle) {
		at = pass_rounds(mips, block);
		if (at != BOUNDARY_PASSED)
			return at == BOUNDARY_MOVED;
	}
	mips_set_limit(mips);
	/* The fetch's walk took time: what has come by then waits for the next block. */
	bool late = mips->ledger->now >= r->limit;
	bool unsafe = !mips_frame_safe(mips, r->code->frame);
	bool early = (r->early && r->early_at == mips->cpu.pc) || late || unsafe || is_supervisor(mips);
	r->early = false;
	if (early || !block->stop || block->idle || block->brief || block->far_slot)
		mips_walk(mips, block, 0);
	else
		run_engine(mips);
	return true;
}

enum processor_stop mips_run(struct mips *mips, cycle_t until, const char **what)
{
	struct mips_runner *r = mips->runner;

	r->until = until;
	do {
		mips_no_current(r);
		mips_do_errands(mips);
		mips_code_free_retired(mips);
	} while (advance(mips));
	r->asked = false;
	*what = mips->unsupported ? mips->unsupported : mips->cpu.shutdown ? mips->reason : "";
	return r->stop;
}
