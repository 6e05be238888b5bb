/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See pair.h. */
#include "pair.h"
#include <stdlib.h>
#include <string.h>
#include "sim/machine/private.h"

/* --- the oracle's board: that of the stage, at the oracle's time --- */

static const struct mips *still(const struct pair *pair) { return (const struct mips *)pair->stage->processor; }

static const struct processor_bus *bus(struct pair *pair)
{
	struct ledger *ledger = &pair->stage->ledger;

	ledger_execute(ledger, 0, (uint32_t)(pair->oracle->now - ledger->now));
	return &still(pair)->bus;
}

static bool load(void *ctx, uint32_t address, unsigned size, uint32_t *value)
{
	const struct processor_bus *at = bus(ctx);

	return at->load(at->ctx, address, size, value);
}

static bool store(void *ctx, uint32_t address, unsigned size, uint32_t value)
{
	const struct processor_bus *at = bus(ctx);

	return at->store(at->ctx, address, size, value);
}

static bool interrupt(void *ctx)
{
	const struct processor_bus *at = bus(ctx);

	return at->interrupt_pending(at->ctx);
}

static uint64_t next_event(void *ctx)
{
	const struct processor_bus *at = bus(ctx);

	return at->next_event(at->ctx);
}

static void run_events(void *ctx)
{
	const struct processor_bus *at = bus(ctx);

	at->run_events(at->ctx);
}

/* Only a nop can be one; the stage knows which frames have them. */
static bool probe(void *ctx, uint32_t address)
{
	struct pair *pair = ctx;
	const struct processor_code_map *map = &still(pair)->code_map;
	uint32_t word;

	memcpy(&word, pair->oracle->memory + address, 4);
	if (word)
		return false;
	if (PAGE_OF(address) != pair->frame) {
		pair->frame = PAGE_OF(address);
		map->page(map->ctx, pair->frame);
	}
	return map->probe(map->ctx, address) >= 0;
}

/* --- the model --- */

static struct oracle_costs costs_of(const struct model *model)
{
	const uint32_t *cost = model->cost;

	return (struct oracle_costs){
		.issue = cost[MIPS_COST_ISSUE], .load_use = cost[MIPS_COST_LOAD_USE], .mult = cost[MIPS_COST_MULT_LATENCY],
		.div = cost[MIPS_COST_DIV_LATENCY], .branch_taken = cost[MIPS_COST_BRANCH_TAKEN],
		.cp0_move = cost[MIPS_COST_CP0_MOVE], .tlb_read = cost[MIPS_COST_TLB_READ],
		.tlb_write = cost[MIPS_COST_TLB_WRITE], .tlb_probe = cost[MIPS_COST_TLB_PROBE],
		.cache_op = cost[MIPS_COST_CACHE_OP], .exception_entry = cost[MIPS_COST_EXCEPTION_ENTRY],
		.exception_refill = cost[MIPS_COST_EXCEPTION_REFILL], .rfe = cost[MIPS_COST_RFE], .eret = cost[MIPS_COST_ERET],
		.write_depth = cost[MIPS_COST_WRITE_DEPTH], .write_retire = cost[MIPS_COST_WRITE_RETIRE],
		.uncached_read = cost[MIPS_COST_UNCACHED_READ], .uncached_write = cost[MIPS_COST_UNCACHED_WRITE],
		.walk_hit = cost[MIPS_COST_WALK_HIT], .io8 = cost[MIPS_COST_BUS_IO8], .io16 = cost[MIPS_COST_BUS_IO16],
		.io32 = cost[MIPS_COST_BUS_IO32], .code_miss = cost[MIPS_COST_CODE_MISS],
		.data_miss = cost[MIPS_COST_DATA_MISS], .write_back = cost[MIPS_COST_WRITE_BACK],
	};
}

static struct oracle_cache cache_of(const struct cache_geometry *geometry)
{
	static const enum oracle_write write[CACHE_WRITE_COUNT] = {
		[CACHE_WRITE_THROUGH] = ORACLE_THROUGH, [CACHE_WRITE_BACK] = ORACLE_BACK, [CACHE_WRITE_ALLOCATE] = ORACLE_ALLOCATE
	};

	return (struct oracle_cache){ geometry->size, geometry->ways, geometry->line, write[geometry->write], NULL, NULL };
}

static struct oracle_model model_of(const struct model *model)
{
	static const enum oracle_policy policies[TLB_POLICY_COUNT] = {
		[TLB_RANDOM] = ORACLE_RANDOM, [TLB_ROUND_ROBIN] = ORACLE_ROUND_ROBIN, [TLB_FIFO] = ORACLE_FIFO,
		[TLB_LRU] = ORACLE_LRU, [TLB_PSEUDO_LRU] = ORACLE_PSEUDO_LRU
	};

	return (struct oracle_model){
		.generation = model->generation, .entries = model->tlb.entries, .ways = model->tlb.ways,
		.policy = policies[model->tlb.policy], .seed = model->tlb.seed, .asid_bits = model->tlb.tag_bits,
		.global = model->tlb_global, .wired = model->tlb_wired, .hardware_refill = model->tlb_refill_hardware,
		.cache = { cache_of(model->split_cache ? &model->data_cache : &model->cache),
		           cache_of(model->split_cache ? &model->code_cache : &model->cache) },
		.caches = model->cache_enabled, .split_cache = model->split_cache, .cost = costs_of(model),
	};
}

/* --- life --- */

static bool no(struct pair *pair, const char *why)
{
	witness_differ(&pair->witness, "%s", why);
	return false;
}

/* The oracle begins as the stage's processor would. */
static void take_place(struct pair *pair)
{
	const struct mips_cpu *cpu = &still(pair)->cpu;
	struct oracle *o = pair->oracle;

	free(o->memory);
	o->memory = pair->stage->ram;
	memcpy(o->reg, cpu->reg, sizeof o->reg);
	memcpy(o->cp0, cpu->cp0, sizeof o->cp0);
	o->pc = cpu->pc;
}

bool pair_begin(struct pair *pair, const struct machine_config *config)
{
	const struct oracle_board board = { pair, load, store, interrupt, next_event, run_events, probe };
	const struct oracle_model model = model_of(config->model);
	struct muk_error error = { 0 };

	memset(pair, 0, sizeof *pair);
	pair->frame = UINT32_MAX;
	if (config->model->arch != ARCH_MIPS)
		return no(pair, "the oracle is a MIPS processor");
	if (machine_create(&pair->machine, config, &error) || machine_create(&pair->stage, config, &error))
		return no(pair, error.text);
	pair->oracle = oracle_create(&model, config->model->memory, &board);
	if (!pair->oracle)
		return no(pair, "the host's memory is exhausted");
	take_place(pair);
	pair->witness = (struct witness){ .mips = (struct mips *)pair->machine->processor, .ledger = &pair->machine->ledger,
		                          .oracle = pair->oracle };
	return true;
}

void pair_end(struct pair *pair)
{
	if (pair->oracle)
		pair->oracle->memory = NULL; /* the stage's */
	oracle_destroy(pair->oracle);
	machine_destroy(pair->stage);
	machine_destroy(pair->machine);
}

/* --- going on --- */

static bool same_console(struct pair *pair)
{
	size_t of_machine, of_oracle;
	const char *a = machine_console(pair->machine, &of_machine), *b = machine_console(pair->stage, &of_oracle);

	if (of_machine != of_oracle || memcmp(a, b, of_machine) != 0)
		witness_differ(&pair->witness, "the console: machine %zu bytes, oracle %zu", of_machine, of_oracle);
	return !pair->witness.reported;
}

/* The machine goes first; where it ends, the oracle has to come, too. */
static bool go_on(struct pair *pair, uint64_t until, bool watched)
{
	pair->over = machine_run(pair->machine, until) != MACHINE_RUNNING;
	if (pair->over)
		until = pair->machine->ledger.now;
	if (watched)
		witness_follow(&pair->witness, until);
	else
		oracle_run(pair->oracle, until);
	return witness_compare(&pair->witness, true);
}

static bool same_end(struct pair *pair)
{
	return witness_compare_memory(&pair->witness, pair->machine->ram) && same_console(pair);
}

bool pair_run(struct pair *pair, uint64_t until, uint64_t interval)
{
	while (!pair->over && pair->oracle->now < until) {
		uint64_t now = pair->oracle->now, to = interval == 1 ? now + 1 : now / interval * interval + interval;

		if (!go_on(pair, to < until ? to : until, interval == 1))
			return false;
		if (interval > 1 && !witness_compare_memory(&pair->witness, pair->machine->ram))
			return false;
	}
	return same_end(pair);
}

bool pair_run_at_once(struct pair *pair, uint64_t until)
{
	return go_on(pair, until, true) && same_end(pair);
}
