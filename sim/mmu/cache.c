/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cache model: a table of sets x ways of line numbers.
 *
 * i486 Microprocessor Programmer's Reference Manual, chapter 12 (8 KB, 4-way,
 * 16-byte lines, write-through, pseudo-LRU, no allocation on a write miss);
 * Pentium Processor User's Manual vol. 1 (8 KB + 8 KB, 2-way, 32-byte lines,
 * data write-back, no allocation on a write miss); MIPS R4000 Microprocessor
 * User's Manual, chapter 11 (8 KB + 8 KB, direct-mapped, write-back, a write
 * miss allocates).
 *
 * Invariants
 *   1. line[i] == NO_LINE: the way is free, and not dirty.
 *   2. a line stands in at most one way of its set.
 *   3. dirty[i] never with CACHE_WRITE_THROUGH.
 */
#include "sim/mmu/cache.h"

#include <stdlib.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/mmu/replacement.h"

#define NO_LINE UINT32_MAX /* lines are at least 4 bytes: no line has this number */

struct cache {
	struct cache_geometry geometry;
	uint32_t sets, ways, shift; /* shift: of an address to its line's number */
	uint32_t *line;
	bool *dirty;
	struct replacement replacement;
};

const char *cache_write_name(enum cache_write write)
{
	static const char *const name[CACHE_WRITE_COUNT] = {
#define X(name, text) [CACHE_WRITE_##name] = text,
		CACHE_WRITE_POLICIES(X)
#undef X
	};

	muk_assert((unsigned)write < CACHE_WRITE_COUNT);
	return name[write];
}

/* A power of two, least <= n <= most. */
static bool power_within(uint32_t n, uint32_t least, uint32_t most)
{
	return n >= least && n <= most && !(n & (n - 1));
}

const char *cache_geometry_error(const struct cache_geometry *geometry)
{
	if (!power_within(geometry->size, 256, 16u << 20))
		return "the size of a cache must be a power of two from 256 bytes to 16 MiB";
	if (!power_within(geometry->ways, 1, 64))
		return "the ways of a cache must be a power of two from 1 to 64";
	if (!power_within(geometry->line, 4, 256))
		return "the line of a cache must be a power of two from 4 to 256 bytes";
	if (geometry->ways * geometry->line > geometry->size)
		return "a cache must have room for one set (ways * line <= size)";
	if ((unsigned)geometry->write >= CACHE_WRITE_COUNT)
		return "no such write policy";
	return NULL;
}

/* --- life --- */

static void forget_all(struct cache *cache)
{
	size_t lines = (size_t)cache->sets * cache->ways;

	memset(cache->line, 0xff, lines * sizeof *cache->line);
	memset(cache->dirty, 0, lines * sizeof *cache->dirty);
}

struct cache *cache_create(const struct cache_geometry *geometry)
{
	struct cache *cache = calloc(1, sizeof *cache);
	size_t lines = geometry->size / geometry->line;

	muk_assert(!cache_geometry_error(geometry));
	if (!cache)
		return NULL;
	cache->geometry = *geometry;
	cache->ways = geometry->ways;
	cache->sets = (uint32_t)lines / geometry->ways;
	while ((1u << cache->shift) < geometry->line)
		cache->shift++;
	cache->line = malloc(lines * sizeof *cache->line);
	cache->dirty = malloc(lines * sizeof *cache->dirty);
	if (!cache->line || !cache->dirty ||
	    !replacement_init(&cache->replacement, TLB_PSEUDO_LRU, cache->sets, cache->ways, 0)) {
		cache_destroy(cache);
		return NULL;
	}
	forget_all(cache);
	return cache;
}

void cache_destroy(struct cache *cache)
{
	if (!cache)
		return;
	replacement_free(&cache->replacement);
	free(cache->line);
	free(cache->dirty);
	free(cache);
}

/* --- accesses --- */

/* The way of a set that holds a line (NO_LINE: that is free), lowest first; -1 for none. */
static int32_t find(const struct cache *cache, uint32_t set, uint32_t line)
{
	for (uint32_t way = 0; way < cache->ways; way++)
		if (cache->line[set * cache->ways + way] == line)
			return (int32_t)way;
	return -1;
}

/* Brings a line in: to a free way, or the victim's, which it returns. */
static int32_t allocate(struct cache *cache, uint32_t set, uint32_t line, struct cache_result *result)
{
	int32_t found = find(cache, set, NO_LINE);
	uint32_t way = found >= 0 ? (uint32_t)found : replacement_victim(&cache->replacement, set);
	uint32_t at = set * cache->ways + way;

	result->misses++;
	result->write_backs += cache->dirty[at];
	cache->line[at] = line;
	cache->dirty[at] = false;
	replacement_fill(&cache->replacement, set, way);
	return (int32_t)way;
}

static void access_line(struct cache *cache, uint32_t line, bool write, struct cache_result *result)
{
	uint32_t set = line & (cache->sets - 1);
	uint32_t recent = cache->replacement.recent[set];
	int32_t way = cache->line[set * cache->ways + recent] == line ? (int32_t)recent : find(cache, set, line);

	if (way < 0 && write && cache->geometry.write != CACHE_WRITE_ALLOCATE) {
		result->write_misses++;
		return;
	}
	if (way < 0)
		way = allocate(cache, set, line, result);
	else if ((uint32_t)way != recent)
		replacement_touch(&cache->replacement, set, (uint32_t)way);
	if (write && cache->geometry.write != CACHE_WRITE_THROUGH)
		cache->dirty[set * cache->ways + (uint32_t)way] = true;
}

struct cache_result cache_access(struct cache *cache, paddr_t address, uint32_t size, bool write)
{
	struct cache_result result = {0};
	uint64_t last = (uint64_t)address + size - 1; /* may lie beyond 4 GiB: addresses wrap */
	uint32_t lines;

	if (!size)
		return result;
	lines = (uint32_t)((last >> cache->shift) - (address >> cache->shift)) + 1;
	for (uint32_t i = 0; i < lines; i++)
		access_line(cache, ((address >> cache->shift) + i) & (UINT32_MAX >> cache->shift), write, &result);
	if (write && cache->geometry.write == CACHE_WRITE_THROUGH)
		result.writes = (uint32_t)((last >> 2) - (address >> 2)) + 1;
	return result;
}

bool cache_probe(const struct cache *cache, paddr_t address)
{
	uint32_t line = address >> cache->shift;

	return find(cache, line & (cache->sets - 1), line) >= 0;
}

uint32_t cache_forget(struct cache *cache, paddr_t address, bool whole_set)
{
	uint32_t line = address >> cache->shift, first = (line & (cache->sets - 1)) * cache->ways, dirty = 0;

	for (uint32_t at = first; at < first + cache->ways; at++) {
		if (!whole_set && cache->line[at] != line)
			continue;
		dirty += cache->dirty[at];
		cache->line[at] = NO_LINE;
		cache->dirty[at] = false;
	}
	return dirty;
}

uint32_t cache_flush(struct cache *cache)
{
	uint32_t dirty = 0;

	for (uint32_t i = 0; i < cache->sets * cache->ways; i++)
		dirty += cache->dirty[i];
	forget_all(cache);
	replacement_reset(&cache->replacement);
	return dirty;
}

/* --- snapshots --- */

static void geometry_state(struct stream *stream, const struct cache_geometry *geometry)
{
	uint32_t mine[4] = {geometry->size, geometry->ways, geometry->line, (uint32_t)geometry->write};
	uint32_t saved[4];

	memcpy(saved, mine, sizeof saved);
	stream_field(stream, saved);
	if (memcmp(saved, mine, sizeof saved) != 0)
		stream->failed = true;
}

/* Loaded line numbers are of this cache if each belongs to the set where it stands. */
static bool lines_fit(const struct cache *cache)
{
	for (uint32_t i = 0; i < cache->sets * cache->ways; i++) {
		uint32_t line = cache->line[i];

		if (line != NO_LINE && ((line & (cache->sets - 1)) != i / cache->ways || line > UINT32_MAX >> cache->shift))
			return false;
	}
	return true;
}

void cache_state(struct stream *stream, struct cache *cache)
{
	size_t lines = (size_t)cache->sets * cache->ways;

	geometry_state(stream, &cache->geometry);
	if (!stream->failed)
		replacement_state(stream, &cache->replacement);
	stream_bytes(stream, cache->line, lines * sizeof *cache->line);
	for (size_t i = 0; i < lines; i++) {
		uint8_t dirty = cache->dirty[i];

		stream_field(stream, dirty);
		cache->dirty[i] = dirty & 1;
	}
	if (stream->loading && !lines_fit(cache))
		stream->failed = true;
	if (stream->loading && stream->failed)
		cache_flush(cache);
}
