/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model's translation look-aside buffer: geometry, tags and replacement.
 * Pure C, no engine: unit-tested and fuzzed against a naive oracle.
 *
 * Invariants
 *   1. at most one entry of a set matches a (page, tag): fills of a present page are defects.
 *   2. for LRU and pseudo-LRU, touching the most recently used way of a set changes no state:
 *      this is what lets the engine serve such accesses by itself (set-MRU).
 *   3. for random, round-robin and FIFO a hit changes no state at all (subset).
 *   4. replacement state is a function of the sequence of touches and fills only.
 *
 * Replacement, in words that a second implementation can be written from (tests/unit/mmu/twin.c is one)
 *   - A fill takes the lowest-numbered free way of its set; only a full set has a victim.
 *   - lru: the way whose last touch (a fill is one) is longest ago.  fifo: the same, of fills only.
 *   - pseudo-lru: a binary tree over the ways; each node points to the half that was touched less recently; the
 *     victim is found by following the pointers.  A touch makes every node on its path point away from it.
 *   - round-robin: each set has a counter from 0; the victim is the way it names; then it goes on by one, modulo ways.
 *   - random: one generator a TLB, x ^= x << 13, x ^= x >> 17, x ^= x << 5 on 32 bits, begun at seed ^ 0x9e3779b9
 *     (1 if that is 0); each victim takes one step; the way is (x * ways) >> 32.
 *   - new and reset state: as if the ways had been touched and filled in the order 0, 1, ..., ways - 1.
 *   - tags are cut to tag_bits wherever they are given; a global entry still belongs to its tag.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

/* X(name, "text") */
#define TLB_POLICIES(X)                                                     \
	X(LRU, "lru")                                                       \
	X(PSEUDO_LRU, "pseudo-lru")   /* the tree of three bits of the 486 and Pentium, and its like */ \
	X(ROUND_ROBIN, "round-robin") /* one counter a set, advanced by each fill of a full set */ \
	X(FIFO, "fifo")               /* the entry filled longest ago */    \
	X(RANDOM, "random")           /* a deterministic generator, seeded by the geometry's seed */

enum tlb_policy {
#define X(name, text) TLB_##name,
	TLB_POLICIES(X)
#undef X
	TLB_POLICY_COUNT
};
const char *tlb_policy_name(enum tlb_policy policy);

struct tlb_geometry {
	uint32_t entries;      /* 1..4096 */
	uint32_t ways;         /* 1..entries, divides it; sets is a power of two */
	enum tlb_policy policy; /* pseudo-LRU: ways is a power of two, at most 64 */
	uint32_t tag_bits;     /* 0: untagged; else 1..16 bits of address-space tag */
	uint32_t seed;         /* of random replacement */
	uint32_t page_shift;   /* 12, or 22 for 4 MB pages' own entries */
};

/* What a translation says: the frame and the rights that the page tables gave when it was filled. */
struct tlb_entry {
	uint32_t page;         /* linear address >> page_shift */
	uint32_t frame;        /* physical address >> page_shift */
	uint16_t tag;
	bool valid;
	bool user, writable;   /* both levels' U/S and R/W, combined */
	bool dirty;            /* D was set when filled, or by a write since: no write needs another walk */
	bool global;           /* survives tlb_flush_all(keep_global) */
};

struct tlb; /* opaque */

/* What is wrong with a geometry, as a sentence to print; NULL if nothing. */
const char *tlb_geometry_error(const struct tlb_geometry *geometry);
/* A TLB of a valid geometry, empty; NULL when memory is exhausted. */
struct tlb *tlb_create(const struct tlb_geometry *geometry);
void tlb_destroy(struct tlb *tlb);
const struct tlb_geometry *tlb_geometry(const struct tlb *tlb);

/* Quiet look: the entry of (page, tag), or NULL. Changes nothing. The pointer is good until the next fill or flush. */
const struct tlb_entry *tlb_probe(const struct tlb *tlb, uint32_t page, uint16_t tag);
/* An access: as tlb_probe, and a hit updates the replacement state. */
struct tlb_entry *tlb_touch(struct tlb *tlb, uint32_t page, uint16_t tag);
/*
 * After a miss: puts entry in its set, touches it, and returns its place.  If a valid entry had to go,
 * it is copied to *victim (which may be NULL) and true is left in *evicted.
 */
struct tlb_entry *tlb_fill(struct tlb *tlb, const struct tlb_entry *entry, struct tlb_entry *victim, bool *evicted);
/* Forgets one page (invlpg): true if it was there. Replacement state stays. */
bool tlb_flush_page(struct tlb *tlb, uint32_t page, uint16_t tag);
/* Forgets everything (loading CR3 untagged); with keep_global, all but global entries. Replacement state is reset
 * to that of a new TLB, except for the random generator and round-robin counters, which go on. */
void tlb_flush_all(struct tlb *tlb, bool keep_global);
/* Forgets everything of one tag, global entries too. Replacement state stays. */
void tlb_flush_tag(struct tlb *tlb, uint16_t tag);
/* The set of a page, 0..sets-1. */
static inline uint32_t tlb_set_of(uint32_t page, uint32_t sets) { return page & (sets - 1); }
/* True if (page, tag) is there, and touching it again changes nothing: the most recently used of its set under LRU and
 * pseudo-LRU, any entry under the others. */
bool tlb_is_mru(const struct tlb *tlb, uint32_t page, uint16_t tag);
/* Number of sets. */
uint32_t tlb_sets(const struct tlb *tlb);
/* Every valid entry, set by set. */
void tlb_each(const struct tlb *tlb, void (*visit)(void *ctx, const struct tlb_entry *entry), void *ctx);
/* For snapshots. The geometry must be that of the TLB that was saved; else, or if the bytes are wrong, the stream fails
 * and the TLB is empty. */
void tlb_state(struct stream *stream, struct tlb *tlb);
