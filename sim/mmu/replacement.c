/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replacement policies (tlb.h says in words what each does).
 *
 * lru, fifo    a circle of ages a set: oldest -> newer -> ... -> newest -> oldest, doubly linked by way numbers.
 *              "Make w the newest" is: if w is the oldest, turn the circle by one; else unlink and put it in
 *              before the oldest.
 * pseudo-lru   a tree of ways - 1 bits in one word; touch and reset are two masks.
 */
#include "sim/mmu/replacement.h"

#include <stdlib.h>
#include <string.h>

static bool aged(const struct replacement *r)
{
	return r->policy == TLB_LRU || r->policy == TLB_FIFO;
}

/* --- the circle of ages --- */

static void circle_reset(struct replacement *r, uint32_t set)
{
	uint16_t *newer = &r->newer[set * r->ways], *older = &r->older[set * r->ways];

	for (uint32_t way = 0; way < r->ways; way++) {
		newer[way] = (uint16_t)(way + 1 == r->ways ? 0 : way + 1);
		older[way] = (uint16_t)(way == 0 ? r->ways - 1 : way - 1);
	}
	r->oldest[set] = 0;
}

static void make_newest(struct replacement *r, uint32_t set, uint32_t way)
{
	uint16_t *newer = &r->newer[set * r->ways], *older = &r->older[set * r->ways];
	uint16_t oldest = r->oldest[set], newest = older[oldest];

	if (way == newest)
		return;
	if (way == oldest) {
		r->oldest[set] = newer[way];
		return;
	}
	newer[older[way]] = newer[way];
	older[newer[way]] = older[way];
	newer[newest] = older[oldest] = (uint16_t)way;
	older[way] = newest;
	newer[way] = oldest;
}

/* --- the tree --- */

static void tree_masks(struct replacement *r)
{
	for (uint32_t way = 0; way < r->ways; way++) {
		uint32_t node = 1;

		r->path[way] = r->away[way] = 0;
		for (uint32_t half = r->ways / 2; half; half /= 2) {
			uint32_t upper = (way & half) != 0;

			r->path[way] |= 1ull << node;
			r->away[way] |= (uint64_t)!upper << node;
			node = node * 2 + upper;
		}
	}
}

/* Follows the pointers, but never into a half that has only ways below `first`. */
static uint32_t tree_victim(const struct replacement *r, uint32_t set, uint32_t first)
{
	uint64_t tree = r->tree[set];
	uint32_t way = 0, node = 1;

	for (uint32_t half = r->ways / 2; half; half /= 2) {
		uint32_t upper = (uint32_t)(tree >> node & 1) | (way + half <= first);

		way += upper ? half : 0;
		node = node * 2 + upper;
	}
	return way;
}

/* --- the generator --- */

static uint32_t draw(struct replacement *r)
{
	uint32_t x = r->generator;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	r->generator = x;
	return (uint32_t)((uint64_t)x * r->ways >> 32);
}

/* --- what the others see --- */

static bool allocate(struct replacement *r)
{
	size_t sets = r->sets, entries = sets * r->ways;
	bool ok = true;

	if (r->policy == TLB_LRU || r->policy == TLB_PSEUDO_LRU)
		ok = ok && (r->recent = calloc(sets, sizeof *r->recent));
	if (aged(r)) {
		ok = ok && (r->newer = calloc(entries, sizeof *r->newer));
		ok = ok && (r->older = calloc(entries, sizeof *r->older));
		ok = ok && (r->oldest = calloc(sets, sizeof *r->oldest));
	}
	if (r->policy == TLB_PSEUDO_LRU)
		ok = ok && (r->tree = calloc(sets, sizeof *r->tree));
	if (r->policy == TLB_ROUND_ROBIN)
		ok = ok && (r->counter = calloc(sets, sizeof *r->counter));
	return ok;
}

bool replacement_init(struct replacement *r, enum tlb_policy policy, uint32_t sets, uint32_t ways, uint32_t seed)
{
	*r = (struct replacement){.policy = policy, .sets = sets, .ways = ways, .generator = seed ^ 0x9e3779b9u};
	if (!r->generator)
		r->generator = 1;
	if (!allocate(r)) {
		replacement_free(r);
		return false;
	}
	if (policy == TLB_PSEUDO_LRU)
		tree_masks(r);
	replacement_reset(r);
	return true;
}

void replacement_free(struct replacement *r)
{
	free(r->recent);
	free(r->newer);
	free(r->older);
	free(r->oldest);
	free(r->tree);
	free(r->counter);
	*r = (struct replacement){0};
}

void replacement_touch(struct replacement *r, uint32_t set, uint32_t way)
{
	if (r->policy == TLB_PSEUDO_LRU)
		r->tree[set] = (r->tree[set] & ~r->path[way]) | r->away[way];
	else if (r->policy == TLB_LRU)
		make_newest(r, set, way);
	else
		return;
	r->recent[set] = (uint16_t)way;
}

void replacement_fill(struct replacement *r, uint32_t set, uint32_t way)
{
	if (r->policy == TLB_FIFO)
		make_newest(r, set, way);
	else
		replacement_touch(r, set, way);
}

/* The oldest of the circle that is not below `first`. */
static uint32_t circle_victim(const struct replacement *r, uint32_t set, uint32_t first)
{
	uint32_t way = r->oldest[set];

	while (way < first)
		way = r->newer[set * r->ways + way];
	return way;
}

static uint32_t next_in_turn(struct replacement *r, uint32_t set, uint32_t first)
{
	uint32_t way = r->counter[set] < first ? first : r->counter[set];

	r->counter[set] = (uint16_t)(way + 1 == r->ways ? 0 : way + 1);
	return way;
}

uint32_t replacement_victim_from(struct replacement *r, uint32_t set, uint32_t first)
{
	switch (r->policy) {
	case TLB_LRU:
	case TLB_FIFO: return circle_victim(r, set, first);
	case TLB_PSEUDO_LRU: return tree_victim(r, set, first);
	case TLB_ROUND_ROBIN: return next_in_turn(r, set, first);
	default: return draw(r);
	}
}

uint32_t replacement_victim(struct replacement *r, uint32_t set)
{
	return replacement_victim_from(r, set, 0);
}

void replacement_reset(struct replacement *r)
{
	if (aged(r))
		for (uint32_t set = 0; set < r->sets; set++)
			circle_reset(r, set);
	if (r->recent)
		for (uint32_t set = 0; set < r->sets; set++)
			r->recent[set] = (uint16_t)(r->ways - 1);
	if (r->tree)
		memset(r->tree, 0, r->sets * sizeof *r->tree);
}

/* --- snapshots --- */

/* A way number from a stream, or the stream fails. */
static uint16_t way_state(struct stream *stream, const struct replacement *r, uint16_t way)
{
	stream_field(stream, way);
	if (way < r->ways)
		return way;
	stream->failed = true;
	return 0;
}

/* The circle, oldest first: loading replays it as touches, which leaves a circle whatever the numbers. */
static void circle_state(struct stream *stream, struct replacement *r, uint32_t set)
{
	uint16_t at = r->oldest[set];

	for (uint32_t i = 0; i < r->ways && !stream->failed; i++) {
		uint16_t way = way_state(stream, r, at);

		if (stream->loading)
			make_newest(r, set, way);
		else
			at = r->newer[set * r->ways + at];
	}
}

/* The tree: pointers of its nodes, and nothing else. */
static void tree_state(struct stream *stream, struct replacement *r, uint32_t set)
{
	uint64_t nodes = 0;

	for (uint32_t way = 0; way < r->ways; way++)
		nodes |= r->path[way];
	stream_field(stream, r->tree[set]);
	if (r->tree[set] & ~nodes)
		stream->failed = true;
	r->tree[set] &= nodes;
}

/* The way last touched stands in the state itself: the newest of the circle, or where all pointers point away. */
static uint16_t recent_of(const struct replacement *r, uint32_t set)
{
	uint32_t node = 1;

	if (r->policy == TLB_LRU)
		return r->older[set * r->ways + r->oldest[set]];
	while (node < r->ways)
		node = node * 2 + (uint32_t)!(r->tree[set] >> node & 1);
	return (uint16_t)(node - r->ways);
}

void replacement_state(struct stream *stream, struct replacement *r)
{
	stream_field(stream, r->generator);
	if (!r->generator) {
		stream->failed = true;
		r->generator = 1;
	}
	for (uint32_t set = 0; set < r->sets && !stream->failed; set++) {
		if (aged(r))
			circle_state(stream, r, set);
		if (r->tree)
			tree_state(stream, r, set);
		if (r->counter)
			r->counter[set] = way_state(stream, r, r->counter[set]);
		if (r->recent)
			r->recent[set] = recent_of(r, set);
	}
}
