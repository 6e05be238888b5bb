/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads and stores: Kane, chapter 3; little-endian.
 *
 * Where an access goes decides what it costs (T7, T8, T9) and who does it: a block begins after one that the engine
 * cannot do, that is a device's, an uncached one, one into an isolated cache, ll and sc.
 */
#include "inside.h"
#include <string.h>

bool oracle_is_memory(const struct oracle *o, uint32_t physical) { return physical < o->memory_size; }

uint32_t oracle_memory_get(const struct oracle *o, uint32_t physical, unsigned size)
{
	uint32_t value = 0;

	for (unsigned n = 0; n < size; n++)
		value |= (uint32_t)o->memory[physical + n] << 8 * n;
	return value;
}

static void memory_put(struct oracle *o, uint32_t physical, unsigned size, uint32_t value)
{
	for (unsigned n = 0; n < size; n++)
		o->memory[physical + n] = (uint8_t)(value >> 8 * n);
}

static bool stores(enum oracle_id id)
{
	return id == I_SB || id == I_SH || id == I_SW || id == I_SWL || id == I_SWR || id == I_SC;
}

static unsigned size_of(enum oracle_id id)
{
	switch (id) {
	case I_LB:
	case I_LBU:
	case I_SB:
		return 1;
	case I_LH:
	case I_LHU:
	case I_SH:
		return 2;
	default:
		return 4;
	}
}

static bool is_partial(enum oracle_id id) { return id == I_LWL || id == I_LWR || id == I_SWL || id == I_SWR; }

/* --- what a register becomes, what memory becomes --- */

/* lwl: bytes from the word's begin to the address go to the register's upper end; lwr: from the address to the word's
 * end, to its lower end. */
static uint32_t loaded(enum oracle_id id, uint32_t address, uint32_t word, uint32_t old)
{
	unsigned byte = address & 3, left = 8 * (3 - byte), right = 8 * byte;

	switch (id) {
	case I_LB:
		return (uint32_t)(int8_t)word;
	case I_LH:
		return (uint32_t)(int16_t)word;
	case I_LWL:
		return word << left | (left ? old & (0xffffffffu >> (32 - left)) : 0);
	case I_LWR:
		return word >> right | (right ? old & (0xffffffffu << (32 - right)) : 0);
	default:
		return word;
	}
}

/* swl: the register's upper end to the bytes up to the address; swr: its lower end to those from it. */
static uint32_t stored(enum oracle_id id, uint32_t address, uint32_t old, uint32_t value)
{
	unsigned byte = address & 3, left = 8 * (3 - byte), right = 8 * byte;

	if (id == I_SWL)
		return value >> left | (left ? old & (0xffffffffu << (32 - left)) : 0);
	if (id == I_SWR)
		return value << right | (right ? old & (0xffffffffu >> (32 - right)) : 0);
	return value;
}

/* --- the three places --- */

static uint32_t low_bytes(unsigned size) { return size == 4 ? UINT32_MAX : (1u << 8 * size) - 1; }

static bool ask_board(struct oracle *o, const struct insn *insn, uint32_t physical, uint32_t *value)
{
	unsigned size = size_of(insn->id);

	if (stores(insn->id))
		return o->board.store && o->board.store(o->board.ctx, physical, size, *value & low_bytes(size));
	return o->board.load && o->board.load(o->board.ctx, physical, size, value);
}

/* T9.  The device sees the clock at the end of the access.  False: nothing answers there; issue is given back. */
static bool access_device(struct oracle *o, const struct insn *insn, uint32_t physical, uint32_t address,
                          struct fault *fault)
{
	const struct oracle_costs *cost = &o->model.cost;
	unsigned size = size_of(insn->id);
	uint32_t old = o->reg[insn->rt], value = stored(insn->id, address, 0, old);
	uint64_t ready = o->ready[insn->rt];

	oracle_spend_instruction(o, insn, false);
	oracle_spend(o, ORACLE_BUS_IO, size == 1 ? cost->io8 : size == 2 ? cost->io16 : cost->io32);
	if (!ask_board(o, insn, physical, &value)) {
		o->ready[insn->rt] = ready;
		o->now -= cost->issue;
		o->cause[o->refilling ? ORACLE_TLB_REFILL : ORACLE_INSTRUCTION] -= cost->issue;
		*fault = (struct fault){ .code = DBE };
		return false;
	}
	if (!stores(insn->id))
		o->reg[insn->rt] = loaded(insn->id, address, value, old);
	return true;
}

/* T7, T8. */
static void access_ram(struct oracle *o, const struct insn *insn, const struct place *place, uint32_t address)
{
	const struct oracle_costs *cost = &o->model.cost;
	unsigned size = size_of(insn->id);
	uint32_t old = oracle_memory_get(o, place->address, size);

	if (!stores(insn->id)) {
		oracle_spend_instruction(o, insn, false);
		if (place->cached)
			oracle_pass_data(o, place->address, false);
		else
			oracle_spend(o, ORACLE_CACHE, cost->uncached_read);
		o->reg[insn->rt] = loaded(insn->id, address, old, o->reg[insn->rt]);
		return;
	}
	oracle_pass_write_buffer(o);
	oracle_spend_instruction(o, insn, false);
	if (place->cached)
		oracle_pass_data(o, place->address, true);
	else
		oracle_spend(o, ORACLE_CACHE, cost->uncached_write);
	memory_put(o, place->address, size, stored(insn->id, address, old, o->reg[insn->rt]));
}

/* Into a cache that memory does not see: bytes by the low bits of their address. */
static void access_isolated(struct oracle *o, const struct insn *insn, uint32_t physical, uint32_t address)
{
	bool swapped = o->cp0[STATUS] >> 17 & 1;
	bool code = swapped && o->model.split_cache;
	uint32_t size = o->model.cache[code].size, old = o->reg[insn->rt], value = 0;
	uint8_t *bytes = o->isolated[swapped] + (size ? physical & (size - 1) : 0);

	for (unsigned n = 0; size && n < size_of(insn->id); n++)
		value |= (uint32_t)bytes[n] << 8 * n;
	oracle_spend_instruction(o, insn, false);
	if (!stores(insn->id)) {
		o->reg[insn->rt] = loaded(insn->id, address, value, old);
		return;
	}
	value = stored(insn->id, address, value, old);
	for (unsigned n = 0; size && n < size_of(insn->id); n++)
		bytes[n] = (uint8_t)(value >> 8 * n);
	oracle_empty_isolated(o, physical, swapped);
}

/* --- ll, sc --- */

/* sc without the link: only its register says so. */
static bool fails(struct oracle *o, const struct insn *insn)
{
	if (insn->id != I_SC || o->linked)
		return false;
	oracle_spend_instruction(o, insn, false);
	o->reg[insn->rt] = 0;
	return true;
}

static void link(struct oracle *o, const struct insn *insn, uint32_t physical)
{
	if (insn->id == I_LL) {
		o->linked = true;
		o->cp0[LLADDR] = physical >> 4;
	} else if (insn->id == I_SC) {
		o->reg[insn->rt] = 1;
	}
}

/* --- what the others see --- */

bool oracle_accesses_memory(enum oracle_id id) { return id >= I_LB && id <= I_SC && id != I_CACHE; }

/* lwl and its like are given their word. */
static bool find_place(struct oracle *o, const struct insn *insn, uint32_t address, struct place *place,
                       struct fault *fault)
{
	bool partial = is_partial(insn->id);
	enum access access = stores(insn->id) ? STORE : LOAD;

	if (!oracle_translate(o, address, partial ? 1 : size_of(insn->id), access, place, fault))
		return false;
	if (partial)
		place->address &= ~3u;
	return true;
}

bool oracle_access_memory(struct oracle *o, const struct insn *insn, struct fault *fault)
{
	uint32_t address = o->reg[insn->rs] + insn->immediate;
	struct place place;

	if (!find_place(o, insn, address, &place, fault))
		return false;
	if (is_partial(insn->id) && !oracle_is_memory(o, place.address) && !oracle_isolated(o)) {
		/* no device has parts of words */
		*fault = (struct fault){ .code = DBE };
		return false;
	}
	oracle_wait_for_operands(o, insn);
	if (fails(o, insn))
		return true;
	if (oracle_isolated(o))
		access_isolated(o, insn, place.address, address);
	else if (oracle_is_memory(o, place.address))
		access_ram(o, insn, &place, address);
	else if (!access_device(o, insn, place.address, address, fault))
		return false;
	link(o, insn, place.address);
	return true;
}

bool oracle_leaves_memory(struct oracle *o, const struct insn *insn)
{
	uint32_t address = o->reg[insn->rs] + insn->immediate;
	unsigned size = is_partial(insn->id) ? 1 : size_of(insn->id);
	struct place place;

	if (!oracle_accesses_memory(insn->id) ||
	    !oracle_look(o, address, size, stores(insn->id) ? STORE : LOAD, &place))
		return false;
	return oracle_isolated(o) || !place.cached || !oracle_is_memory(o, place.address);
}
