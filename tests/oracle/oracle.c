/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One step of the oracle.
 *
 *   a block begins?  yes: begin_block      what is due fires; an interrupt --> take_interrupt
 *                         find_code        the fetch is translated --fault--> take_exception
 * *   execute                                T2, T3, effects, what it takes --fault--> take_exception
 *   part_blocks                            a block begins at a page's begin, before and after what others than the
 *                                          engine perform
 *
 * Blocks are those of sim/arch/mips/timing.h, last paragraph.
 */
#include "inside.h"
#include <stdlib.h>

enum { PAGE = 4096 };

struct oracle *oracle_create(const struct oracle_model *model, uint32_t memory_size, const struct oracle_board *board)
{
	struct oracle *o = calloc(1, sizeof *o);

	if (!o)
		return NULL;
	o->model = *model;
	if (board)
		o->board = *board;
	o->memory_size = memory_size;
	o->memory = calloc(1, memory_size);
	o->isolated[0] = calloc(2, ORACLE_CACHE_MOST);
	if (!o->memory || !o->isolated[0] || !oracle_caches_make(o)) {
		oracle_destroy(o);
		return NULL;
	}
	o->isolated[1] = o->isolated[0] + ORACLE_CACHE_MOST;
	o->timer = UINT64_MAX;
	o->idle_until = UINT64_MAX;
	o->block_begins = true;
	for (uint32_t n = 0; n < model->entries; n++) {
		o->tlb[n].page = 0x80000 + (model->generation == 4 ? 2 * n : n);
		o->tlb[n].mask = model->generation == 4;
	}
	oracle_tlb_power_on(o);
	return o;
}

void oracle_destroy(struct oracle *o)
{
	if (o) {
		free(o->memory);
		free(o->isolated[0]);
		oracle_caches_free(o);
	}
	free(o);
}

/* A chain over all addresses that were executed, in their order. */
static void note_path(struct oracle *o)
{
	o->path = (o->path ^ o->pc) * 0x9e3779b97f4a7c15u;
	o->path ^= o->path >> 29;
}

/* --- where a block begins --- */

static uint64_t next_event(const struct oracle *o)
{
	return o->board.next_event ? o->board.next_event(o->board.ctx) : UINT64_MAX;
}

static void fire_due(struct oracle *o)
{
	while (next_event(o) <= o->now)
		o->board.run_events(o->board.ctx);
}

/* When an interrupt may come that is waited for; UINT64_MAX: none can. */
static uint64_t next_interrupt(const struct oracle *o)
{
	uint32_t status = o->cp0[STATUS];
	bool on = (status & 7) == 1, board = status & 1u << 10, timer = status & 1u << 15 && !o->timer_rang;
	uint64_t event = next_event(o);

	if (!on || (!board && !timer))
		return UINT64_MAX;
	return timer && o->timer < event ? o->timer : event;
}

/* wait: time passes, until there is an interrupt.  True: it waits, perhaps for ever. */
static bool sleeps(struct oracle *o)
{
	uint64_t next = next_interrupt(o);

	if (!o->waiting || next == UINT64_MAX)
		return o->waiting;
	if (next > o->idle_until)
		next = o->idle_until;
	if (next > o->now)
		oracle_spend(o, ORACLE_IDLE, next - o->now);
	return true;
}

/* True: the step was an interrupt, or time that passed. */
static bool begin_block(struct oracle *o)
{
	fire_due(o);
	if (oracle_interrupt_due(o)) {
		o->waiting = false;
		oracle_take_interrupt(o);
		return true;
	}
	if (sleeps(o))
		return true;
	o->block_begins = false;
	o->blocks++;
	return false;
}

/* --- an instruction --- */

/* Where the fetch is translated: where a block begins, and for a slot in another page. */
static bool find_code(struct oracle *o, struct fault *fault)
{
	struct place place;

	if (!oracle_translate(o, o->pc, 4, FETCH, &place, fault))
		return false;
	o->code_frame = place.address >> 12;
	o->code_cached = place.cached;
	if (oracle_is_memory(o, place.address))
		return true;
	*fault = (struct fault){ .code = IBE };
	return false;
}

static void fail(struct oracle *o, const struct fault *fault, uint64_t *misses)
{
	*misses += fault->missed;
	if (!o->shutdown)
		oracle_take_exception(o, fault);
}

/* The instruction at pc, of the block's page; where it lies. */
static uint32_t look_at_code(const struct oracle *o, struct insn *insn)
{
	uint32_t physical = o->code_frame << 12 | (o->pc & (PAGE - 1));

	oracle_decode(oracle_memory_get(o, physical, 4), o->model.generation, insn);
	return physical;
}

/* Whether a block begins at pc, after an instruction that was performed, or was not. */
static void part_blocks(struct oracle *o, bool performed)
{
	struct insn insn;

	if (o->in_slot || o->block_begins)
		return;
	o->block_begins = performed || o->pc % PAGE == 0;
	if (o->block_begins)
		return;
	look_at_code(o, &insn);
	o->block_begins = oracle_is_performed(o, &insn);
}

/* A probe's no-op: T1. */
static bool is_probe(const struct oracle *o, uint32_t physical)
{
	return o->board.probe && o->board.probe(o->board.ctx, physical);
}

static void pass_probe(struct oracle *o)
{
	o->pc = o->in_slot ? o->slot_target : o->pc + 4;
	o->block_begins |= o->in_slot;
	o->in_slot = false;
	part_blocks(o, false);
}

static void run_instruction(struct oracle *o, const struct insn *insn, uint32_t physical)
{
	bool performed = oracle_is_performed(o, insn);
	struct fault fault;

	note_path(o);
	if (is_probe(o, physical)) {
		pass_probe(o);
	} else if (oracle_execute(o, insn, &fault)) {
		o->reg[0] = 0;
		o->retired++;
		part_blocks(o, performed);
	} else {
		fail(o, &fault, &o->count.data_misses);
	}
}

/* A block begins at pc.  False: something happened instead of its first instruction. */
static bool arrive(struct oracle *o)
{
	struct fault fault;

	if (begin_block(o))
		return false;
	if (find_code(o, &fault))
		return true;
	fail(o, &fault, &o->count.code_misses);
	return false;
}

static bool find_slot(struct oracle *o)
{
	struct fault fault;

	if (o->pc % PAGE || find_code(o, &fault))
		return true;
	fail(o, &fault, &o->count.code_misses);
	return false;
}

void oracle_step(struct oracle *o)
{
	struct insn insn;
	uint32_t physical;

	if (o->shutdown || (o->block_begins && !arrive(o)) || (o->in_slot && !find_slot(o)))
		return;
	physical = look_at_code(o, &insn);
	oracle_pass_code(o, physical);
	run_instruction(o, &insn, physical);
}

void oracle_run(struct oracle *o, uint64_t until)
{
	uint64_t before;

	o->idle_until = until;
	while (!o->shutdown && !(o->block_begins && o->now >= until)) {
		before = o->now;
		oracle_step(o);
		if (o->waiting && o->now == before)
			return;
	}
}

bool oracle_peek(const struct oracle *o, uint32_t address, uint32_t *word)
{
	struct place place;

	if (!oracle_look((struct oracle *)o, address, 4, FETCH, &place) || !oracle_is_memory(o, place.address))
		return false;
	*word = oracle_memory_get(o, place.address, 4);
	return true;
}
