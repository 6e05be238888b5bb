/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replacement: which way of a full set must go.  Shared by TLBs and caches; the
 * policies are defined in tlb.h.
 *
 * Invariants
 *   1. recent[set] is the way last touched (lru, pseudo-lru) since the reset.
 *   2. touching that way changes nothing, so callers may skip it.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/mmu/tlb.h"

struct replacement {
	enum tlb_policy policy;
	uint32_t sets, ways;
	uint16_t *recent;         /* a set; lru, pseudo-lru */
	uint16_t *newer, *older;  /* a way: its neighbours in the set's circle of ages; lru, fifo */
	uint16_t *oldest;         /* a set: where the circle begins */
	uint64_t *tree;           /* a set: bit n is node n's pointer, 1 to the upper half; root 1, children 2n, 2n + 1 */
	uint64_t path[64], away[64]; /* a way: the nodes on its path; of these, those that must point up */
	uint16_t *counter;        /* a set; round-robin */
	uint32_t generator;       /* random */
};

/* State for sets x ways, as new. False: memory exhausted (what was allocated is freed). */
bool replacement_init(struct replacement *r, enum tlb_policy policy, uint32_t sets, uint32_t ways, uint32_t seed);
void replacement_free(struct replacement *r);
/* A hit on a way. */
void replacement_touch(struct replacement *r, uint32_t set, uint32_t way);
/* A way was filled (and so touched). */
void replacement_fill(struct replacement *r, uint32_t set, uint32_t way);
/* The way of a full set that must go; counters and the generator go on. */
uint32_t replacement_victim(struct replacement *r, uint32_t set);
/* The same, but of the ways from `first` on alone (first < ways): the others are never to go.  random is not for it. */
uint32_t replacement_victim_from(struct replacement *r, uint32_t set, uint32_t first);
/* As new, but for counters and the generator. */
void replacement_reset(struct replacement *r);
/* For snapshots: fails on what no sequence of touches could have left. */
void replacement_state(struct stream *stream, struct replacement *r);
