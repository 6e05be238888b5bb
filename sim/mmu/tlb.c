/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model's TLB: a table of sets x ways, found by keys.
 *
 *   key[set * ways + way]    (tag, page) in one word, NO_KEY for a free way: what the lookup scans
 *   entry[...]               what it answers
 *
 * Sets of more than SCAN_WAYS ways (fully associative TLBs) are not scanned: a
 * hash index of chains through the entries finds a key in about one step.
 *
 * Invariants (with those of tlb.h)
 *   5. key[i] == NO_KEY if and only if !entry[i].valid.
 *   6. no way of a set below lowest_free[set] is free.
 *   7. with an index, the chains hold exactly the valid entries.
 */
#include "sim/mmu/tlb.h"

#include <stdlib.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/mmu/replacement.h"

#define NO_KEY UINT64_MAX

enum { TLB_ENTRIES_MAX = 4096, TREE_WAYS_MAX = 64, TAG_BITS_MAX = 16, SCAN_WAYS = 8 };
enum { NOWHERE = 0xffff }; /* the end of a chain; no entry has this number */

struct tlb {
	struct tlb_geometry geometry;
	uint32_t sets, ways;
	uint16_t tag_mask;
	uint64_t *key;
	struct tlb_entry *entry;
	uint16_t *lowest_free;        /* a set */
	uint16_t *bucket, *chain;     /* the index: heads, and next of each entry; NULL where sets are scanned */
	uint32_t bucket_shift;
	struct replacement replacement;
};

const char *tlb_policy_name(enum tlb_policy policy)
{
	static const char *const name[TLB_POLICY_COUNT] = {
#define X(name, text) [TLB_##name] = text,
		TLB_POLICIES(X)
#undef X
	};

	muk_assert((unsigned)policy < TLB_POLICY_COUNT);
	return name[policy];
}

static bool power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

const char *tlb_geometry_error(const struct tlb_geometry *geometry)
{
	if (geometry->entries < 1 || geometry->entries > TLB_ENTRIES_MAX)
		return "a TLB has 1 to 4096 entries";
	if (geometry->ways < 1 || geometry->ways > geometry->entries)
		return "a TLB has at least one way, and at most as many as entries";
	if (geometry->entries % geometry->ways)
		return "the ways of a TLB must divide its entries";
	if (!power_of_two(geometry->entries / geometry->ways))
		return "the number of sets of a TLB (entries / ways) must be a power of two";
	if ((unsigned)geometry->policy >= TLB_POLICY_COUNT)
		return "no such replacement policy";
	if (geometry->policy == TLB_PSEUDO_LRU && (!power_of_two(geometry->ways) || geometry->ways > TREE_WAYS_MAX))
		return "pseudo-lru replacement needs a power of two of ways, at most 64";
	if (geometry->tag_bits > TAG_BITS_MAX)
		return "a TLB has at most 16 bits of tag";
	if (geometry->page_shift != 12 && geometry->page_shift != 22)
		return "pages are of 4 KiB or 4 MiB";
	return NULL;
}

/* --- life --- */

static void forget_all(struct tlb *tlb)
{
	uint32_t entries = tlb->geometry.entries;

	memset(tlb->key, 0xff, entries * sizeof *tlb->key);
	memset(tlb->entry, 0, entries * sizeof *tlb->entry);
	memset(tlb->lowest_free, 0, tlb->sets * sizeof *tlb->lowest_free);
	if (tlb->bucket)
		memset(tlb->bucket, 0xff, ((size_t)1 << (32 - tlb->bucket_shift)) * sizeof *tlb->bucket);
}

static bool index_allocate(struct tlb *tlb)
{
	uint32_t bits = 1;

	if (tlb->ways <= SCAN_WAYS)
		return true;
	while ((1u << bits) < tlb->geometry.entries * 2)
		bits++;
	tlb->bucket_shift = 32 - bits;
	tlb->bucket = malloc(((size_t)1 << bits) * sizeof *tlb->bucket);
	tlb->chain = calloc(tlb->geometry.entries, sizeof *tlb->chain);
	return tlb->bucket && tlb->chain;
}

static bool allocate(struct tlb *tlb)
{
	const struct tlb_geometry *geometry = &tlb->geometry;

	tlb->key = malloc(geometry->entries * sizeof *tlb->key);
	tlb->entry = malloc(geometry->entries * sizeof *tlb->entry);
	tlb->lowest_free = malloc(tlb->sets * sizeof *tlb->lowest_free);
	return tlb->key && tlb->entry && tlb->lowest_free && index_allocate(tlb) &&
	       replacement_init(&tlb->replacement, geometry->policy, tlb->sets, tlb->ways, geometry->seed);
}

struct tlb *tlb_create(const struct tlb_geometry *geometry)
{
	struct tlb *tlb = calloc(1, sizeof *tlb);

	muk_assert(!tlb_geometry_error(geometry));
	if (!tlb)
		return NULL;
	tlb->geometry = *geometry;
	tlb->ways = geometry->ways;
	tlb->sets = geometry->entries / geometry->ways;
	tlb->tag_mask = (uint16_t)((1u << geometry->tag_bits) - 1);
	if (!allocate(tlb)) {
		tlb_destroy(tlb);
		return NULL;
	}
	forget_all(tlb);
	return tlb;
}

void tlb_destroy(struct tlb *tlb)
{
	if (!tlb)
		return;
	replacement_free(&tlb->replacement);
	free(tlb->key);
	free(tlb->entry);
	free(tlb->lowest_free);
	free(tlb->bucket);
	free(tlb->chain);
	free(tlb);
}

const struct tlb_geometry *tlb_geometry(const struct tlb *tlb)
{
	return &tlb->geometry;
}

uint32_t tlb_sets(const struct tlb *tlb)
{
	return tlb->sets;
}

/* --- the index --- */

static uint64_t key_of(const struct tlb *tlb, uint32_t page, uint16_t tag)
{
	return (uint64_t)(tag & tlb->tag_mask) << 32 | page;
}

static uint16_t *bucket_of(const struct tlb *tlb, uint64_t key)
{
	uint32_t hash = ((uint32_t)key ^ (uint32_t)(key >> 32) * 0x85ebca6bu) * 0x9e3779b9u;

	return &tlb->bucket[hash >> tlb->bucket_shift];
}

static void index_add(struct tlb *tlb, uint32_t at)
{
	uint16_t *head = bucket_of(tlb, tlb->key[at]);

	tlb->chain[at] = *head;
	*head = (uint16_t)at;
}

static void index_remove(struct tlb *tlb, uint32_t at)
{
	uint16_t *link = bucket_of(tlb, tlb->key[at]);

	while (*link != at)
		link = &tlb->chain[*link];
	*link = tlb->chain[at];
}

/* --- looking up --- */

/* The number of the entry of a key, -1 if it is not there. */
static inline int32_t find(const struct tlb *tlb, uint64_t key)
{
	uint32_t base = tlb_set_of((uint32_t)key, tlb->sets) * tlb->ways, match = 0;

	if (tlb->bucket) {
		for (uint16_t at = *bucket_of(tlb, key); at != NOWHERE; at = tlb->chain[at])
			if (tlb->key[at] == key)
				return at;
		return -1;
	}
	for (uint32_t way = 0; way < tlb->ways; way++) /* without an early end: the host cannot foresee which way it is */
		match |= (uint32_t)(tlb->key[base + way] == key) << way;
	return match ? (int32_t)base + __builtin_ctz(match) : -1;
}

const struct tlb_entry *tlb_probe(const struct tlb *tlb, uint32_t page, uint16_t tag)
{
	int32_t at = find(tlb, key_of(tlb, page, tag));

	return at < 0 ? NULL : &tlb->entry[at];
}

struct tlb_entry *tlb_touch(struct tlb *tlb, uint32_t page, uint16_t tag)
{
	uint32_t set = tlb_set_of(page, tlb->sets);
	uint64_t key = key_of(tlb, page, tag);
	const uint16_t *recent = tlb->replacement.recent;
	int32_t at;

	if (recent && tlb->key[set * tlb->ways + recent[set]] == key)
		return &tlb->entry[set * tlb->ways + recent[set]];
	at = find(tlb, key);
	if (at < 0)
		return NULL;
	if (recent)
		replacement_touch(&tlb->replacement, set, (uint32_t)at - set * tlb->ways);
	return &tlb->entry[at];
}

bool tlb_is_mru(const struct tlb *tlb, uint32_t page, uint16_t tag)
{
	uint32_t set = tlb_set_of(page, tlb->sets);
	uint64_t key = key_of(tlb, page, tag);
	const uint16_t *recent = tlb->replacement.recent;

	if (recent)
		return tlb->key[set * tlb->ways + recent[set]] == key;
	return find(tlb, key) >= 0;
}

void tlb_each(const struct tlb *tlb, void (*visit)(void *ctx, const struct tlb_entry *entry), void *ctx)
{
	for (uint32_t at = 0; at < tlb->geometry.entries; at++)
		if (tlb->entry[at].valid)
			visit(ctx, &tlb->entry[at]);
}

/* --- filling --- */

/* The lowest free way of a set; ways if it is full. */
static uint32_t free_way(struct tlb *tlb, uint32_t set)
{
	uint32_t way = tlb->lowest_free[set];

	while (way < tlb->ways && tlb->key[set * tlb->ways + way] != NO_KEY)
		way++;
	tlb->lowest_free[set] = (uint16_t)way;
	return way;
}

static void forget(struct tlb *tlb, uint32_t at)
{
	uint32_t set = at / tlb->ways, way = at % tlb->ways;

	if (tlb->bucket)
		index_remove(tlb, at);
	tlb->key[at] = NO_KEY;
	tlb->entry[at].valid = false;
	if (way < tlb->lowest_free[set])
		tlb->lowest_free[set] = (uint16_t)way;
}

static void put(struct tlb *tlb, uint32_t at, const struct tlb_entry *entry)
{
	tlb->entry[at] = *entry;
	tlb->entry[at].valid = true;
	tlb->entry[at].tag &= tlb->tag_mask;
	tlb->key[at] = key_of(tlb, entry->page, entry->tag);
	if (tlb->bucket)
		index_add(tlb, at);
}

struct tlb_entry *tlb_fill(struct tlb *tlb, const struct tlb_entry *entry, struct tlb_entry *victim, bool *evicted)
{
	uint32_t set = tlb_set_of(entry->page, tlb->sets);
	uint32_t way = free_way(tlb, set);
	bool full = way == tlb->ways;
	uint32_t at;

	muk_assert(find(tlb, key_of(tlb, entry->page, entry->tag)) < 0);
	if (full)
		way = replacement_victim(&tlb->replacement, set);
	at = set * tlb->ways + way;
	if (full && victim)
		*victim = tlb->entry[at];
	if (evicted)
		*evicted = full;
	if (full)
		forget(tlb, at);
	put(tlb, at, entry);
	replacement_fill(&tlb->replacement, set, way);
	return &tlb->entry[at];
}

/* --- forgetting --- */

bool tlb_flush_page(struct tlb *tlb, uint32_t page, uint16_t tag)
{
	int32_t at = find(tlb, key_of(tlb, page, tag));

	if (at >= 0)
		forget(tlb, (uint32_t)at);
	return at >= 0;
}

void tlb_flush_all(struct tlb *tlb, bool keep_global)
{
	replacement_reset(&tlb->replacement);
	if (!keep_global) {
		forget_all(tlb);
		return;
	}
	for (uint32_t at = 0; at < tlb->geometry.entries; at++)
		if (tlb->entry[at].valid && !tlb->entry[at].global)
			forget(tlb, at);
}

void tlb_flush_tag(struct tlb *tlb, uint16_t tag)
{
	for (uint32_t at = 0; at < tlb->geometry.entries; at++)
		if (tlb->entry[at].valid && tlb->entry[at].tag == (tag & tlb->tag_mask))
			forget(tlb, at);
}

/* --- snapshots --- */

static void geometry_state(struct stream *stream, const struct tlb_geometry *geometry)
{
	uint32_t mine[6] = {geometry->entries, geometry->ways, (uint32_t)geometry->policy, geometry->tag_bits,
	                    geometry->seed, geometry->page_shift};
	uint32_t saved[6];

	memcpy(saved, mine, sizeof saved);
	stream_field(stream, saved);
	if (memcmp(saved, mine, sizeof saved) != 0)
		stream->failed = true;
}

/* An entry field by field: padding is no state. */
static void entry_state(struct stream *stream, struct tlb_entry *entry)
{
	uint8_t flags = (uint8_t)(entry->valid | entry->user << 1 | entry->writable << 2 | entry->dirty << 3 |
	                          entry->global << 4);

	if (!stream->loading && !entry->valid)
		*entry = (struct tlb_entry){0};
	stream_field(stream, entry->page);
	stream_field(stream, entry->frame);
	stream_field(stream, entry->tag);
	stream_field(stream, flags);
	entry->valid = flags & 1;
	entry->user = flags >> 1 & 1;
	entry->writable = flags >> 2 & 1;
	entry->dirty = flags >> 3 & 1;
	entry->global = flags >> 4 & 1;
}

/* An entry loaded for place `at`: true if it may stand there. */
static bool fits(const struct tlb *tlb, uint32_t at, const struct tlb_entry *entry)
{
	return tlb_set_of(entry->page, tlb->sets) == at / tlb->ways && entry->tag == (entry->tag & tlb->tag_mask) &&
	       find(tlb, key_of(tlb, entry->page, entry->tag)) < 0;
}

static void entries_load(struct stream *stream, struct tlb *tlb)
{
	forget_all(tlb);
	for (uint32_t at = 0; at < tlb->geometry.entries && !stream->failed; at++) {
		struct tlb_entry entry = {0};

		entry_state(stream, &entry);
		if (!entry.valid || stream->failed)
			continue;
		if (fits(tlb, at, &entry))
			put(tlb, at, &entry);
		else
			stream->failed = true;
	}
}

void tlb_state(struct stream *stream, struct tlb *tlb)
{
	geometry_state(stream, &tlb->geometry);
	if (!stream->failed)
		replacement_state(stream, &tlb->replacement);
	if (stream->loading)
		entries_load(stream, tlb);
	else
		for (uint32_t at = 0; at < tlb->geometry.entries; at++)
			entry_state(stream, &tlb->entry[at]);
	if (stream->loading && stream->failed)
		tlb_flush_all(tlb, false);
}
