/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A first-level cache model: which lines are there, not what is in them.
 * Physically indexed and tagged, as the 486's and the Pentium's (L95 Table 3); the R4000's are indexed by virtual
 * addresses, but a kernel that avoids aliases sees no difference.
 * Pure C; checked against a naive twin.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

/* X(name, "text") */
#define CACHE_WRITE_POLICIES(X)                                     \
	X(THROUGH, "through") /* 486: no allocation on a write miss */ \
	X(BACK, "back")       /* Pentium: no allocation on a write miss; a dirty victim is written back */ \
	X(ALLOCATE, "back-allocate") /* R4000: back, and a write miss reads the line first */

enum cache_write {
#define X(name, text) CACHE_WRITE_##name,
	CACHE_WRITE_POLICIES(X)
#undef X
	CACHE_WRITE_COUNT
};

struct cache_geometry {
	uint32_t size;      /* bytes: a power of two, 256 .. 16 MiB */
	uint32_t ways;      /* 1..64, a power of two */
	uint32_t line;      /* bytes: 4..256, a power of two */
	enum cache_write write;
	/* replacement is pseudo-LRU (the tree of tlb.h, free ways first), as 486 and Pentium have it */
};

/* What an access found. */
struct cache_result {
	uint32_t misses;     /* lines that had to be read from memory (an access may cross lines) */
	uint32_t write_misses; /* lines written that were not there: gone to memory without allocation */
	uint32_t write_backs; /* dirty lines that had to go first */
	uint32_t writes;     /* aligned 32-bit words sent through to memory, hit or miss (write-through only) */
};

struct cache; /* opaque */
const char *cache_write_name(enum cache_write write);
/* What is wrong with a geometry, as a sentence to print; NULL if nothing. */
const char *cache_geometry_error(const struct cache_geometry *geometry);
/* A cache of a valid geometry, empty; NULL when memory is exhausted. */
struct cache *cache_create(const struct cache_geometry *geometry);
void cache_destroy(struct cache *cache);
/* An access of size bytes (1..4096) at a physical address. Charges nothing: the caller knows what a miss costs. */
struct cache_result cache_access(struct cache *cache, paddr_t address, uint32_t size, bool write);
/* Quiet look: is the line of this address there? */
bool cache_probe(const struct cache *cache, paddr_t address);
/* Forgets the line of an address, or (whole_set) all that stand where it would; returns how many were dirty. */
uint32_t cache_forget(struct cache *cache, paddr_t address, bool whole_set);
/* invd, wbinvd: forgets everything; returns how many dirty lines there were. */
uint32_t cache_flush(struct cache *cache);
/* For snapshots; fails as tlb_state does. */
void cache_state(struct stream *stream, struct cache *cache);
