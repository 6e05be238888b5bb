/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See duel.h: setting both up, and going on; the witness compares. */
#include "duel.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/arch/mips/performing.h"

const char *duel_way_name(enum duel_way way)
{
	static const char *const name[WAY_COUNT] = { "perform", "subset", "set-mru", "every-access" };

	return name[way];
}

bool duel_way_fits(enum duel_way way, const struct oracle_model *model)
{
	bool hits_count = model->policy == ORACLE_LRU || model->policy == ORACLE_PSEUDO_LRU;

	return way == WAY_EVERY_ACCESS || (!model->caches && (way == WAY_SET_MRU ? hits_count : !hits_count));
}

/* --- the model, as the simulator has it --- */

static void set_costs(struct model *model, const struct oracle_costs *cost)
{
	const struct { enum mips_cost key; uint32_t cycles; } of[] = {
		{ MIPS_COST_ISSUE, cost->issue }, { MIPS_COST_LOAD_USE, cost->load_use }, { MIPS_COST_MULT_LATENCY, cost->mult },
		{ MIPS_COST_DIV_LATENCY, cost->div }, { MIPS_COST_BRANCH_TAKEN, cost->branch_taken },
		{ MIPS_COST_CP0_MOVE, cost->cp0_move }, { MIPS_COST_TLB_READ, cost->tlb_read },
		{ MIPS_COST_TLB_WRITE, cost->tlb_write }, { MIPS_COST_TLB_PROBE, cost->tlb_probe },
		{ MIPS_COST_CACHE_OP, cost->cache_op }, { MIPS_COST_EXCEPTION_ENTRY, cost->exception_entry },
		{ MIPS_COST_EXCEPTION_REFILL, cost->exception_refill }, { MIPS_COST_RFE, cost->rfe },
		{ MIPS_COST_ERET, cost->eret }, { MIPS_COST_WRITE_DEPTH, cost->write_depth },
		{ MIPS_COST_WRITE_RETIRE, cost->write_retire }, { MIPS_COST_UNCACHED_READ, cost->uncached_read },
		{ MIPS_COST_UNCACHED_WRITE, cost->uncached_write }, { MIPS_COST_WALK_HIT, cost->walk_hit },
		{ MIPS_COST_BUS_IO8, cost->io8 }, { MIPS_COST_BUS_IO16, cost->io16 }, { MIPS_COST_BUS_IO32, cost->io32 },
		{ MIPS_COST_CODE_MISS, cost->code_miss }, { MIPS_COST_DATA_MISS, cost->data_miss },
		{ MIPS_COST_WRITE_BACK, cost->write_back },
	};

	for (size_t n = 0; n < sizeof of / sizeof *of; n++)
		model->cost[of[n].key] = of[n].cycles;
}

static struct cache_geometry geometry_of(const struct oracle_cache *cache)
{
	static const enum cache_write write[] = { CACHE_WRITE_THROUGH, CACHE_WRITE_BACK, CACHE_WRITE_ALLOCATE };

	return (struct cache_geometry){ cache->size, cache->ways, cache->line, write[cache->write] };
}

static void set_model(struct duel *duel)
{
	static const enum tlb_policy policies[] = { TLB_RANDOM, TLB_ROUND_ROBIN, TLB_FIFO, TLB_LRU, TLB_PSEUDO_LRU };
	static const enum engine_mode modes[] = { ENGINE_AUTO, ENGINE_SUBSET, ENGINE_SET_MRU, ENGINE_EVERY_ACCESS };
	const struct oracle_model *from = &duel->stage->model;
	struct model *model = &duel->model;

	model->arch = ARCH_MIPS;
	model->generation = from->generation;
	model->hertz = 25000000;
	model->memory = STAGE_MEMORY;
	model->tlb = (struct tlb_geometry){ from->entries, from->ways, policies[from->policy], from->asid_bits, from->seed,
	                                    PAGE_SHIFT };
	model->tlb_global = from->global;
	model->tlb_wired = from->wired;
	model->tlb_refill_hardware = from->hardware_refill;
	model->split_cache = from->split_cache;
	model->cache_enabled = from->caches;
	model->cache = model->data_cache = geometry_of(&from->cache[0]);
	model->code_cache = geometry_of(&from->cache[1]);
	model->engine = modes[duel->way];
	set_costs(model, &from->cost);
}

/* --- setting up --- */

static bool make_oracle(struct duel *duel)
{
	const struct stage *stage = duel->stage;
	struct oracle_board board = { &duel->board[1], fake_load, fake_store, fake_interrupt, fake_next_event, fake_run_events,
		                      NULL };
	struct oracle *o = oracle_create(&stage->model, STAGE_MEMORY, &board);

	duel->oracle = o;
	if (!o)
		return false;
	fake_init(&duel->board[1], &o->now, NULL, stage->period);
	memcpy(o->memory, stage->memory, STAGE_MEMORY);
	memcpy(o->reg, stage->reg, sizeof o->reg);
	o->pc = stage->pc;
	duel->witness = (struct witness){ .mips = duel->mips, .ledger = &duel->ledger, .oracle = o };
	/* What a boot loader leaves is the machine's to say. */
	memcpy(o->cp0, duel->mips->cpu.cp0, sizeof o->cp0);
	return true;
}

static int acknowledge(void *ctx)
{
	(void)ctx;
	return 8;
}

static struct processor_bus bus_of(struct fake *fake)
{
	return (struct processor_bus){ .ctx = fake, .load = fake_load, .store = fake_store,
		                       .interrupt_pending = fake_interrupt, .acknowledge = acknowledge, .next_event = fake_next_event,
		                       .run_events = fake_run_events };
}

/* By itself: no engine. */
static bool make_plain(struct duel *duel)
{
	struct mips *mips = calloc(1, sizeof *mips);

	duel->mips = mips;
	if (!mips)
		return false;
	mips->model = &duel->model;
	mips->ledger = &duel->ledger;
	mips->journal = &duel->journal;
	mips->ram = duel->ram;
	mips->ram_size = STAGE_MEMORY;
	mips->bus = bus_of(&duel->board[0]);
	return mips_mmu_init(mips);
}

static bool make_machine(struct duel *duel)
{
	struct processor_config config = { .model = &duel->model, .ledger = &duel->ledger, .journal = &duel->journal,
		                           .ram = duel->ram, .ram_size = STAGE_MEMORY, .bus = bus_of(&duel->board[0]) };
	struct processor *processor;
	struct muk_error error = { 0 };

	if (mips_processor.create(&processor, &config, &error) != MUK_OK) {
		witness_differ(&duel->witness, "%s", error.text);
		return false;
	}
	duel->mips = (struct mips *)processor;
	return true;
}

static void reset_machine(struct duel *duel)
{
	const struct processor_boot boot = { .entry = duel->stage->pc };
	struct mips_cpu *cpu = &duel->mips->cpu;

	if (duel->way == WAY_PERFORM)
		mips_reset(duel->mips, &boot);
	else
		mips_processor.reset((struct processor *)duel->mips, &boot);
	memcpy(cpu->reg, duel->stage->reg, sizeof cpu->reg);
	cpu->cp0[CP0_STATUS] = duel->stage->status;
	cpu->cp0[CP0_CONTEXT] = duel->stage->context;
}

bool duel_begin(struct duel *duel, const struct stage *stage, enum duel_way way)
{
	memset(duel, 0, sizeof *duel);
	duel->stage = stage;
	duel->way = way;
	set_model(duel);
	duel->ram = aligned_alloc(PAGE_SIZE, STAGE_MEMORY);
	if (!duel->ram || !ledger_init(&duel->ledger))
		return false;
	memcpy(duel->ram, stage->memory, STAGE_MEMORY);
	journal_init(&duel->journal, &duel->ledger, (struct journal_sink){ 0 });
	if (!(way == WAY_PERFORM ? make_plain(duel) : make_machine(duel)))
		return false;
	fake_init(&duel->board[0], &duel->ledger.now, &duel->ledger.deadline, stage->period);
	reset_machine(duel);
	return make_oracle(duel);
}

void duel_end(struct duel *duel)
{
	if (duel->mips && duel->way == WAY_PERFORM) {
		mips_mmu_free(duel->mips);
		free(duel->mips);
	} else if (duel->mips) {
		mips_processor.destroy((struct processor *)duel->mips);
	}
	oracle_destroy(duel->oracle);
	ledger_free(&duel->ledger);
	free(duel->ram);
}

/* --- one by one --- */

/* The word at pc; where the law has it translated, by that, else of the same page as the last. */
static bool fetch(struct duel *duel, bool translated, uint32_t *word, struct mips_fault *fault)
{
	struct mips *mips = duel->mips;
	struct mips_place place;

	if (!translated) {
		paddr_t address = duel->frame << PAGE_SHIFT | (mips->cpu.pc & PAGE_MASK);

		if (duel->cached)
			pass_code(mips, address);
		memcpy(word, duel->ram + address, 4);
		return true;
	}
	if (!mips_fetch(mips, word, fault))
		return false;
	if (mips_look(mips, mips->cpu.pc, ACCESS_FETCH, mips_user_mode(mips), &place)) {
		duel->frame = PAGE_OF(place.address);
		duel->cached = place.cached;
	}
	return true;
}

/* One instruction, or the exception that comes instead. */
static void perform(struct duel *duel, bool translated)
{
	struct mips *mips = duel->mips;
	struct mips_instruction insn;
	struct mips_fault fault;
	uint32_t word;

	if (fetch(duel, translated, &word, &fault)) {
		mips_decode(word, mips->model->generation, &insn);
		if (mips_perform(mips, &insn, &fault))
			return;
	}
	if (!mips->cpu.shutdown)
		mips_trap(mips, &fault);
}

/* The oracle before its step, as far as that says what the step was. */
struct earlier {
	uint64_t now, interrupts, blocks, writes;
	uint32_t pc;
	bool waiting, in_slot;
};

static struct earlier earlier_of(const struct oracle *o)
{
	return (struct earlier){ o->now, o->count.interrupts, o->blocks, o->count.writes, o->pc, o->waiting, o->in_slot };
}

/* What the oracle did at a block's begin, the machine does too: when that is, only the run loop knows by itself. */
static void follow(struct duel *duel, const struct earlier *before)
{
	struct mips *mips = duel->mips;
	const struct oracle *o = duel->oracle;

	if (before->waiting && o->now > before->now && o->waiting)
		ledger_charge(&duel->ledger, CAUSE_IDLE, o->now - before->now);
	if (duel->board[0].fired < duel->board[1].fired)
		fake_run_events(&duel->board[0]);
	if (o->count.interrupts > before->interrupts) {
		mips->cpu.waiting = false;
		if (mips_interrupt_due(mips))
			mips_interrupt(mips);
		else
			witness_differ(&duel->witness, "no interrupt is due");
		return;
	}
	if (o->waiting && before->waiting)
		return;
	mips->cpu.waiting = false;
	perform(duel, o->blocks != before->blocks || (before->in_slot && before->pc % PAGE_SIZE == 0));
}

/* The machine has seen that the guest will never get out of its refill handler: no processor does that. */
static bool gave_up(const struct duel *duel)
{
	return duel->mips->cpu.shutdown && strstr(duel->mips->reason, "without end");
}

static bool compare(struct duel *duel, bool with_tlb)
{
	struct witness *witness = &duel->witness;

	if (duel->mips->cpu.shutdown || duel->oracle->shutdown)
		duel->over = true;
	if (gave_up(duel))
		return true;
	if (duel->board[0].state != duel->board[1].state || duel->board[0].due != duel->board[1].due)
		witness_differ(witness, "the board: machine %x, next %llu, oracle %x, next %llu", duel->board[0].state,
		               (unsigned long long)duel->board[0].due, duel->board[1].state,
		               (unsigned long long)duel->board[1].due);
	return witness_compare(witness, with_tlb);
}

bool duel_steps(struct duel *duel, uint64_t steps)
{
	struct earlier before;

	for (uint64_t n = 0; n < steps && !duel->over; n++) {
		witness_remember(&duel->witness);
		before = earlier_of(duel->oracle);
		oracle_step(duel->oracle);
		follow(duel, &before);
		if (!compare(duel, n % 256 == 0 || before.writes != duel->oracle->count.writes))
			return false;
		if (duel->oracle->waiting && duel->oracle->now == before.now && before.waiting)
			duel->over = true;
	}
	return witness_compare_memory(&duel->witness, duel->ram);
}

/* --- the run loop --- */

static bool stopped_well(struct duel *duel, enum processor_stop stop, const char *what)
{
	const struct oracle *o = duel->oracle;

	if (stop == PROCESSOR_STOP_LIMIT)
		return true;
	duel->over = true;
	if (stop == PROCESSOR_STOP_SHUTDOWN && (o->shutdown || gave_up(duel)))
		return true;
	if (stop == PROCESSOR_STOP_HALTED)
		return true; /* by wait, or a loop that nothing can end: the oracle has come there too */
	witness_differ(&duel->witness, "the machine stopped: %s", what);
	return false;
}

bool duel_run(struct duel *duel, uint64_t until, uint64_t interval)
{
	const char *what = "";

	while (!duel->over && duel->oracle->now < until) {
		uint64_t to = interval == 1 ? duel->ledger.now + 1 : duel->ledger.now / interval * interval + interval;
		bool watched = interval == 1 || interval >= until;
		enum processor_stop stop = mips_processor.run((struct processor *)duel->mips, to < until ? to : until,
		                                                &what);

		if (stop == PROCESSOR_STOP_HALTED)
			to = duel->ledger.now;
		if (watched)
			witness_follow(&duel->witness, to < until ? to : until);
		else
			oracle_run(duel->oracle, to < until ? to : until);
		if (!stopped_well(duel, stop, what) || !compare(duel, true))
			return false;
		if (gave_up(duel))
			return true;
		if (interval > 1 && !witness_compare_memory(&duel->witness, duel->ram))
			return false;
	}
	return witness_compare_memory(&duel->witness, duel->ram);
}
