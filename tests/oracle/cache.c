/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Caches, where the model has them (T8): which lines are there, not what is in them.
 *
 * A line's number is its physical address divided by its size; it stands in the set of its number's rest.  Free ways
 * are taken first, the lowest; then the one that the set's tree points to (as pseudo-lru in tlb.c).
 *
 *   write        a line that is there      one that is not       it is replaced
 *   through      stays as it is            is not read
 *   back         is dirty                  is not read           dirty: write.back
 *   allocate     is dirty                  is read, and dirty    dirty: write.back
 */
#include "inside.h"
#include <stdlib.h>

struct line { bool there, dirty; uint32_t number; };

static uint32_t sets_of(const struct oracle_cache *cache) { return cache->size / cache->line / cache->ways; }

static struct line *way_of(struct oracle_cache *cache, uint32_t number, uint32_t way)
{
	return &((struct line *)cache->lines)[(number % sets_of(cache)) * cache->ways + way];
}

static void touch(struct oracle_cache *cache, uint32_t number, uint32_t way)
{
	uint64_t *tree = &cache->trees[number % sets_of(cache)];
	uint32_t node = 1;

	for (uint32_t half = cache->ways / 2; half; half /= 2) {
		bool upper = way & half;

		*tree = (*tree & ~(1ull << node)) | (uint64_t)!upper << node;
		node = 2 * node + upper;
	}
}

static int find(struct oracle_cache *cache, uint32_t number)
{
	for (uint32_t way = 0; way < cache->ways; way++)
		if (way_of(cache, number, way)->there && way_of(cache, number, way)->number == number)
			return (int)way;
	return -1;
}

static uint32_t victim(struct oracle_cache *cache, uint32_t number)
{
	uint32_t node = 1;

	for (uint32_t way = 0; way < cache->ways; way++)
		if (!way_of(cache, number, way)->there)
			return way;
	while (node < cache->ways)
		node = 2 * node + (cache->trees[number % sets_of(cache)] >> node & 1);
	return node - cache->ways;
}

/* Reads a line; true if a dirty one had to go. */
static bool bring_in(struct oracle_cache *cache, uint32_t number)
{
	uint32_t way = victim(cache, number);
	struct line *line = way_of(cache, number, way);
	bool dirty = line->there && line->dirty;

	*line = (struct line){ .there = true, .number = number };
	touch(cache, number, way);
	return dirty;
}

/* --- the two of them --- */

static struct oracle_cache *data_of(struct oracle *o) { return &o->cache_of[0]; }

static struct oracle_cache *code_of(struct oracle *o) { return &o->cache_of[o->model.split_cache]; }

/* An access that stays in one line.  Spends what it takes. */
static void pass(struct oracle *o, struct oracle_cache *cache, uint32_t physical, bool write, uint32_t miss,
                 uint64_t *misses)
{
	uint32_t number = physical / cache->line;
	int way = find(cache, number);
	bool read = way < 0 && (!write || cache->write == ORACLE_ALLOCATE), dirty = false;

	if (read) {
		dirty = bring_in(cache, number);
		++*misses;
		way = find(cache, number);
	} else if (way >= 0) {
		touch(cache, number, (uint32_t)way);
	}
	if (write && way >= 0 && cache->write != ORACLE_THROUGH)
		way_of(cache, number, (uint32_t)way)->dirty = true;
	oracle_spend(o, ORACLE_CACHE, (read ? miss : 0) + (dirty ? o->model.cost.write_back : 0));
}

void oracle_pass_code(struct oracle *o, uint32_t physical)
{
	if (o->model.caches && o->code_cached)
		pass(o, code_of(o), physical, false, o->model.cost.code_miss, &o->count.code_cache_misses);
}

void oracle_pass_data(struct oracle *o, uint32_t physical, bool write)
{
	if (o->model.caches)
		pass(o, data_of(o), physical, write, o->model.cost.data_miss, &o->count.data_cache_misses);
}

/* All lines of an address's set go, or the one of the address; how many were dirty. */
static uint32_t forget(struct oracle_cache *cache, uint32_t physical, bool set)
{
	uint32_t number = physical / cache->line, dirty = 0;

	for (uint32_t way = 0; way < cache->ways; way++) {
		struct line *line = way_of(cache, number, way);

		if (!line->there || (!set && line->number != number))
			continue;
		dirty += line->dirty;
		line->there = false;
	}
	return dirty;
}

void oracle_empty_isolated(struct oracle *o, uint32_t physical, bool swapped)
{
	if (o->model.caches)
		forget(swapped ? code_of(o) : data_of(o), physical, true);
}

/* The cache instruction (R4000 manual, chapter 11): those operations that change which lines are there. */
void oracle_cache_operation(struct oracle *o, unsigned which, uint32_t physical)
{
	enum { INDEX_WRITE_BACK = 0, INDEX_STORE_TAG = 2 };
	enum { HIT_INVALIDATE = 4, HIT_WRITE_BACK_INVALIDATE = 5, HIT_WRITE_BACK = 6 };
	struct oracle_cache *cache = which & 3 ? data_of(o) : code_of(o);
	unsigned operation = which >> 2;
	uint32_t dirty = 0;
	int way;

	if (!o->model.caches || (which & 3) > 1 || (operation == HIT_WRITE_BACK_INVALIDATE && !(which & 3)))
		return;
	if (operation == INDEX_WRITE_BACK || operation == INDEX_STORE_TAG)
		dirty = forget(cache, physical, true);
	else if (operation == HIT_INVALIDATE || operation == HIT_WRITE_BACK_INVALIDATE)
		dirty = forget(cache, physical, false);
	way = find(cache, physical / cache->line);
	if (operation == HIT_WRITE_BACK && way >= 0) {
		dirty = way_of(cache, physical / cache->line, (uint32_t)way)->dirty;
		way_of(cache, physical / cache->line, (uint32_t)way)->dirty = false;
		touch(cache, physical / cache->line, (uint32_t)way);
	}
	if (operation != INDEX_STORE_TAG && operation != HIT_INVALIDATE)
		oracle_spend(o, ORACLE_CACHE, (uint64_t)dirty * o->model.cost.write_back);
}

/* --- life --- */

static bool make(struct oracle_cache *cache, const struct oracle_cache *of)
{
	*cache = *of;
	if (!cache->size)
		return true;
	cache->lines = calloc(cache->size / cache->line, sizeof(struct line));
	cache->trees = calloc(sets_of(cache), sizeof *cache->trees);
	return cache->lines && cache->trees;
}

bool oracle_caches_make(struct oracle *o)
{
	return make(&o->cache_of[0], &o->model.cache[0]) && make(&o->cache_of[1], &o->model.cache[1]);
}

void oracle_caches_free(struct oracle *o)
{
	for (int n = 0; n < 2; n++) {
		free(o->cache_of[n].lines);
		free(o->cache_of[n].trees);
	}
}
