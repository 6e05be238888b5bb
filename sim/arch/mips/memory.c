/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and devices, as the simulator itself accesses them: for what it performs, and for fetching it.
 *
 * Caches (T8) are models of which lines are there (sim/mmu/cache.h); memory is always up to date, so a guest that
 * forgets to flush is not punished.  Isolated caches (Kane, chapter 5: IsC, SwC) are what software sizes and flushes them
 * with: loads and stores go to an array of the cache's size, addressed by low bits, and a store empties the line there.
 *
 * The write buffer (T7) is one number, the clock at which it will be empty: its entries leave one after the other, so
 * how many there are follows.
 */
#include <string.h>
#include "sim/arch/mips/performing.h"

/* --- charges --- */

static void charge_cache(struct mips *mips, struct cache_result result, enum mips_cost miss, enum mips_counter counter)
{
	const uint32_t *cost = mips->model->cost;

	mips->count[MIPS_COUNT_CACHE_MISSES] += result.misses;
	mips->count[counter] += result.misses;
	ledger_charge(mips->ledger, CAUSE_CACHE, (cycle_t)result.misses * cost[miss] +
	                                         (cycle_t)result.write_backs * cost[MIPS_COST_WRITE_BACK]);
}

void pass_code(struct mips *mips, paddr_t address)
{
	if (mips->code_cache)
		charge_cache(mips, cache_access(mips->code_cache, address, 4, false), MIPS_COST_CODE_MISS,
		             MIPS_COUNT_CODE_CACHE_MISSES);
}

void pass_data(struct mips *mips, const struct mips_place *place, unsigned size, bool write)
{
	const uint32_t *cost = mips->model->cost;

	if (!place->cached)
		ledger_charge(mips->ledger, CAUSE_CACHE, cost[write ? MIPS_COST_UNCACHED_WRITE : MIPS_COST_UNCACHED_READ]);
	else if (mips->data_cache)
		charge_cache(mips, cache_access(mips->data_cache, place->address, size, write), MIPS_COST_DATA_MISS,
		             MIPS_COUNT_DATA_CACHE_MISSES);
}

static void charge_bus(struct mips *mips, unsigned size)
{
	enum mips_cost key = size == 1 ? MIPS_COST_BUS_IO8 : size == 2 ? MIPS_COST_BUS_IO16 : MIPS_COST_BUS_IO32;

	ledger_charge(mips->ledger, CAUSE_BUS_IO, mips->model->cost[key]);
}

void buffer_store(struct mips *mips)
{
	cycle_t depth = mips->model->cost[MIPS_COST_WRITE_DEPTH], retire = mips->model->cost[MIPS_COST_WRITE_RETIRE];
	cycle_t now = mips->ledger->now, room;

	if (!depth)
		return;
	room = mips->cpu.drained > (depth - 1) * retire ? mips->cpu.drained - (depth - 1) * retire : 0;
	if (room > now) {
		mips->count[MIPS_COUNT_WRITE_STALLS]++;
		ledger_charge(mips->ledger, CAUSE_WRITE_BUFFER, room - now);
		now = room;
	}
	mips->cpu.drained = (mips->cpu.drained > now ? mips->cpu.drained : now) + retire;
}

/* --- places --- */

static uint32_t low_bytes(uint32_t value, unsigned size)
{
	return size == 4 ? value : value & ((1u << 8 * size) - 1);
}

bool place_load(struct mips *mips, const struct mips_place *place, unsigned size, uint32_t *value,
                struct mips_fault *fault)
{
	*value = 0;
	if (place->memory) {
		pass_data(mips, place, size, false);
		memcpy(value, mips->ram + place->address, size);
		return true;
	}
	charge_bus(mips, size);
	if (!mips->bus.load || !mips->bus.load(mips->bus.ctx, place->address, size, value))
		return fault_plain(fault, EXC_DBE);
	*value = low_bytes(*value, size);
	return true;
}

bool place_store(struct mips *mips, const struct mips_place *place, unsigned size, uint32_t value,
                 struct mips_fault *fault)
{
	if (place->memory) {
		pass_data(mips, place, size, true);
		memcpy(mips->ram + place->address, &value, size);
		if (mips->engine.written)
			mips->engine.written(mips->engine.ctx, place->address, size);
		return true;
	}
	charge_bus(mips, size);
	return (mips->bus.store && mips->bus.store(mips->bus.ctx, place->address, size, low_bytes(value, size))) ||
	       fault_plain(fault, EXC_DBE);
}

bool mips_fetch(struct mips *mips, uint32_t *word, struct mips_fault *fault)
{
	struct mips_place place;

	if (!mips_translate(mips, mips->cpu.pc, 4, ACCESS_FETCH, &place, fault))
		return false;
	if (!place.memory) {
		*fault = (struct mips_fault){ .code = EXC_IBE, .fetch = true };
		return false;
	}
	if (place.cached)
		pass_code(mips, place.address);
	memcpy(word, mips->ram + place.address, 4);
	return true;
}

/* --- isolated caches --- */

bool caches_isolated(const struct mips *mips)
{
	return !mips_is_r4000(mips) && mips->cpu.cp0[CP0_STATUS] & SR3_ISC;
}

/* The cache that loads and stores go to: the data cache, or (SwC) the other. */
static struct mips_isolated *isolated(struct mips *mips)
{
	return &mips->isolated[mips->cpu.cp0[CP0_STATUS] & SR3_SWC ? 1 : 0];
}

uint32_t isolated_load(struct mips *mips, paddr_t address, unsigned size)
{
	const struct mips_isolated *cache = isolated(mips);
	uint32_t value = 0;

	if (cache->size)
		memcpy(&value, cache->byte + (address & (cache->size - 1)), size);
	return value;
}

void isolated_store(struct mips *mips, paddr_t address, unsigned size, uint32_t value)
{
	struct mips_isolated *cache = isolated(mips);
	struct cache *lines = mips->cpu.cp0[CP0_STATUS] & SR3_SWC ? mips->code_cache : mips->data_cache;

	if (cache->size)
		memcpy(cache->byte + (address & (cache->size - 1)), &value, size);
	if (lines)
		cache_forget(lines, address, true);
}

/* --- quiet looks --- */

/* See mips.h.  Charges nothing. */
unsigned mips_look_read(const struct mips *mips, vaddr_t address, void *data, unsigned size)
{
	struct mips_place place;
	uint8_t *to = data;
	unsigned n = 0;

	for (; n < size && mips_look(mips, address + n, ACCESS_READ, false, &place) && place.memory; n++)
		to[n] = mips->ram[place.address];
	return n;
}
