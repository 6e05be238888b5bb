/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/mmu/twin.h"

#include <stdlib.h>
#include <string.h>

/* --- replacement --- */

void twin_order_renew(struct twin_order *order, uint32_t way)
{
	uint32_t at = 0;

	while (order->list[at] != way)
		at++;
	for (; at + 1 < order->ways; at++)
		order->list[at] = order->list[at + 1];
	order->list[at] = (uint16_t)way;
}

/* Touches, or with touch = false follows, from the whole interval down to one way. */
static uint32_t tree_walk(struct twin_order *order, uint32_t way, bool touch)
{
	uint32_t begin = 0, span = order->ways, depth = 0;

	while (span > 1) {
		uint32_t half = span / 2;
		bool *upper = &order->upper[begin][depth++];

		if (touch)
			*upper = way < begin + half;
		if (touch ? way >= begin + half : *upper)
			begin += half;
		span = half;
	}
	return begin;
}

void twin_tree_touch(struct twin_order *order, uint32_t way)
{
	tree_walk(order, way, true);
}

uint32_t twin_tree_victim(const struct twin_order *order)
{
	return tree_walk((struct twin_order *)order, 0, false);
}

void twin_order_reset(struct twin_order *order, uint32_t ways)
{
	order->ways = ways;
	memset(order->upper, 0, sizeof order->upper);
	for (uint32_t way = 0; way < ways; way++)
		order->list[way] = (uint16_t)way;
	if (ways <= TWIN_TREE_WAYS)
		for (uint32_t way = 0; way < ways; way++)
			twin_tree_touch(order, way);
}

/* --- the TLB --- */

struct twin_tlb *twin_tlb_create(const struct tlb_geometry *geometry)
{
	struct twin_tlb *twin = calloc(1, sizeof *twin);

	twin->geometry = *geometry;
	twin->sets = geometry->entries / geometry->ways;
	twin->entry = calloc(geometry->entries, sizeof *twin->entry);
	twin->order = calloc(twin->sets, sizeof *twin->order);
	twin->generator = geometry->seed ^ 0x9e3779b9u ? geometry->seed ^ 0x9e3779b9u : 1;
	for (uint32_t set = 0; set < twin->sets; set++)
		twin_order_reset(&twin->order[set], geometry->ways);
	return twin;
}

void twin_tlb_destroy(struct twin_tlb *twin)
{
	free(twin->entry);
	free(twin->order);
	free(twin);
}

static uint16_t cut(const struct twin_tlb *twin, uint16_t tag)
{
	return (uint16_t)(tag % (1u << twin->geometry.tag_bits));
}

struct tlb_entry *twin_tlb_probe(struct twin_tlb *twin, uint32_t page, uint16_t tag)
{
	struct tlb_entry *set = &twin->entry[page % twin->sets * twin->geometry.ways];

	for (uint32_t way = 0; way < twin->geometry.ways; way++)
		if (set[way].valid && set[way].page == page && set[way].tag == cut(twin, tag))
			return &set[way];
	return NULL;
}

static void touched(struct twin_tlb *twin, const struct tlb_entry *entry, bool filled)
{
	uint32_t at = (uint32_t)(entry - twin->entry), way = at % twin->geometry.ways;
	struct twin_order *order = &twin->order[at / twin->geometry.ways];

	if (twin->geometry.policy == TLB_PSEUDO_LRU)
		twin_tree_touch(order, way);
	if (twin->geometry.policy == TLB_LRU || (twin->geometry.policy == TLB_FIFO && filled))
		twin_order_renew(order, way);
}

struct tlb_entry *twin_tlb_touch(struct twin_tlb *twin, uint32_t page, uint16_t tag)
{
	struct tlb_entry *entry = twin_tlb_probe(twin, page, tag);

	if (entry)
		touched(twin, entry, false);
	return entry;
}

static uint32_t victim_way(struct twin_tlb *twin, struct twin_order *order)
{
	uint32_t x = twin->generator;

	switch (twin->geometry.policy) {
	case TLB_LRU:
	case TLB_FIFO:
		return order->list[0];
	case TLB_PSEUDO_LRU:
		return twin_tree_victim(order);
	case TLB_ROUND_ROBIN:
		return order->counter++ % order->ways;
	default:
		x = x ^ x << 13;
		x = x ^ x >> 17;
		x = x ^ x << 5;
		twin->generator = x;
		return (uint32_t)((uint64_t)x * order->ways / 4294967296u);
	}
}

struct tlb_entry *twin_tlb_fill(struct twin_tlb *twin, const struct tlb_entry *entry, struct tlb_entry *victim,
                                bool *evicted)
{
	uint32_t number = entry->page % twin->sets;
	struct tlb_entry *set = &twin->entry[number * twin->geometry.ways];
	uint32_t way = 0;

	while (way < twin->geometry.ways && set[way].valid)
		way++;
	*evicted = way == twin->geometry.ways;
	if (*evicted) {
		way = victim_way(twin, &twin->order[number]);
		*victim = set[way];
	}
	set[way] = *entry;
	set[way].valid = true;
	set[way].tag = cut(twin, entry->tag);
	touched(twin, &set[way], true);
	return &set[way];
}

bool twin_tlb_flush_page(struct twin_tlb *twin, uint32_t page, uint16_t tag)
{
	struct tlb_entry *entry = twin_tlb_probe(twin, page, tag);

	if (entry)
		entry->valid = false;
	return entry != NULL;
}

void twin_tlb_flush_all(struct twin_tlb *twin, bool keep_global)
{
	for (uint32_t i = 0; i < twin->geometry.entries; i++)
		if (!keep_global || !twin->entry[i].global)
			twin->entry[i].valid = false;
	for (uint32_t set = 0; set < twin->sets; set++)
		twin_order_reset(&twin->order[set], twin->geometry.ways);
}

void twin_tlb_flush_tag(struct twin_tlb *twin, uint16_t tag)
{
	for (uint32_t i = 0; i < twin->geometry.entries; i++)
		if (twin->entry[i].tag == cut(twin, tag))
			twin->entry[i].valid = false;
}

/* --- the cache --- */

struct twin_cache *twin_cache_create(const struct cache_geometry *geometry)
{
	struct twin_cache *twin = calloc(1, sizeof *twin);

	twin->geometry = *geometry;
	twin->sets = geometry->size / geometry->line / geometry->ways;
	twin->line = calloc(geometry->size / geometry->line, sizeof *twin->line);
	twin->order = calloc(twin->sets, sizeof *twin->order);
	for (uint32_t set = 0; set < twin->sets; set++)
		twin_order_reset(&twin->order[set], geometry->ways);
	return twin;
}

void twin_cache_destroy(struct twin_cache *twin)
{
	free(twin->line);
	free(twin->order);
	free(twin);
}

static struct twin_line *find_line(const struct twin_cache *twin, uint32_t number)
{
	struct twin_line *set = &twin->line[number % twin->sets * twin->geometry.ways];

	for (uint32_t way = 0; way < twin->geometry.ways; way++)
		if (set[way].valid && set[way].number == number)
			return &set[way];
	return NULL;
}

static struct twin_line *place_for(struct twin_cache *twin, uint32_t number)
{
	struct twin_line *set = &twin->line[number % twin->sets * twin->geometry.ways];

	for (uint32_t way = 0; way < twin->geometry.ways; way++)
		if (!set[way].valid)
			return &set[way];
	return &set[twin_tree_victim(&twin->order[number % twin->sets])];
}

static void touch_line(struct twin_cache *twin, uint32_t number, bool write, struct cache_result *result)
{
	struct twin_line *line = find_line(twin, number);

	if (!line && write && twin->geometry.write != CACHE_WRITE_ALLOCATE) {
		result->write_misses++;
		return;
	}
	if (!line) {
		line = place_for(twin, number);
		result->misses++;
		result->write_backs += line->valid && line->dirty;
		*line = (struct twin_line){true, false, number};
	}
	twin_tree_touch(&twin->order[number % twin->sets], (uint32_t)(line - twin->line) % twin->geometry.ways);
	if (write && twin->geometry.write != CACHE_WRITE_THROUGH)
		line->dirty = true;
}

/* Byte by byte: a line or word is met when its first byte is. */
struct cache_result twin_cache_access(struct twin_cache *twin, paddr_t address, uint32_t size, bool write)
{
	struct cache_result result = {0};

	for (uint32_t i = 0; i < size; i++) {
		paddr_t byte = address + i;

		if (i == 0 || byte % twin->geometry.line == 0)
			touch_line(twin, byte / twin->geometry.line, write, &result);
		if (write && twin->geometry.write == CACHE_WRITE_THROUGH && (i == 0 || byte % 4 == 0))
			result.writes++;
	}
	return result;
}

bool twin_cache_probe(const struct twin_cache *twin, paddr_t address)
{
	return find_line(twin, address / twin->geometry.line) != NULL;
}

uint32_t twin_cache_flush(struct twin_cache *twin)
{
	uint32_t dirty = 0;

	for (uint32_t i = 0; i < twin->geometry.size / twin->geometry.line; i++) {
		dirty += twin->line[i].valid && twin->line[i].dirty;
		twin->line[i].valid = false;
	}
	for (uint32_t set = 0; set < twin->sets; set++)
		twin_order_reset(&twin->order[set], twin->geometry.ways);
	return dirty;
}
