/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Naive twins of the TLB and the cache, written from the prose of tlb.h and
 * cache.h by the dullest algorithms: everything is searched from the start, ages
 * are lists, the tree is walked by halving intervals.  Nothing of sim/mmu's code
 * is used, only its types.
 */
#pragma once
#include "sim/mmu/cache.h"
#include "sim/mmu/tlb.h"

enum { TWIN_ENTRIES = 4096, TWIN_TREE_WAYS = 64 };

/* A set's replacement state, for any policy. */
struct twin_order {
	uint32_t ways;
	uint16_t list[TWIN_ENTRIES];      /* ways, the oldest first */
	bool upper[TWIN_TREE_WAYS][7];    /* node of the interval that begins at [way] and spans ways >> [depth] */
	uint32_t counter;
};

/* Puts a way at the list's end. */
void twin_order_renew(struct twin_order *order, uint32_t way);
/* As new, but for the counter. */
void twin_order_reset(struct twin_order *order, uint32_t ways);
/* Makes the nodes above a way point away from it; the way that the nodes point to. */
void twin_tree_touch(struct twin_order *order, uint32_t way);
uint32_t twin_tree_victim(const struct twin_order *order);

struct twin_tlb {
	struct tlb_geometry geometry;
	uint32_t sets;
	struct tlb_entry *entry;          /* valid or not */
	struct twin_order *order;         /* a set */
	uint32_t generator;
};

struct twin_tlb *twin_tlb_create(const struct tlb_geometry *geometry);
void twin_tlb_destroy(struct twin_tlb *twin);
/* As the functions of tlb.h that have the rest of their names. */
struct tlb_entry *twin_tlb_probe(struct twin_tlb *twin, uint32_t page, uint16_t tag);
struct tlb_entry *twin_tlb_touch(struct twin_tlb *twin, uint32_t page, uint16_t tag);
struct tlb_entry *twin_tlb_fill(struct twin_tlb *twin, const struct tlb_entry *entry, struct tlb_entry *victim,
                                bool *evicted);
bool twin_tlb_flush_page(struct twin_tlb *twin, uint32_t page, uint16_t tag);
void twin_tlb_flush_all(struct twin_tlb *twin, bool keep_global);
void twin_tlb_flush_tag(struct twin_tlb *twin, uint16_t tag);

struct twin_line {
	bool valid, dirty;
	uint32_t number;
};

struct twin_cache {
	struct cache_geometry geometry;
	uint32_t sets;
	struct twin_line *line;
	struct twin_order *order;
};

struct twin_cache *twin_cache_create(const struct cache_geometry *geometry);
void twin_cache_destroy(struct twin_cache *twin);
struct cache_result twin_cache_access(struct twin_cache *twin, paddr_t address, uint32_t size, bool write);
bool twin_cache_probe(const struct twin_cache *twin, paddr_t address);
uint32_t twin_cache_flush(struct twin_cache *twin);
