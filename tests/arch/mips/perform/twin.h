/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A naive TLB of MIPS, as the second implementation: a list of entries in the order of their indices, every question
 * answered by going through it, replacement by written-down times.  Written from timing.h (T10) and the manuals.
 */
#pragma once
#include "sim/core/types.h"
#include "sim/mmu/tlb.h"

enum { TWIN_ENTRIES = 512, TWIN_SETS = 256, TWIN_TREE_WAYS = 64 };

struct twin_entry {
	vaddr_t base;             /* of the page, or pair */
	uint32_t size;            /* bytes of a page */
	unsigned asid;
	bool global;
	uint32_t frame[2];        /* byte addresses */
	bool valid[2], dirty[2], cached[2];
	uint64_t used, filled;    /* when */
};

struct twin {
	struct twin_entry entry[TWIN_ENTRIES];
	unsigned entries, ways, sets, wired;
	bool pairs;
	enum tlb_policy policy;
	unsigned asid;
	uint64_t time;
	unsigned turn[TWIN_SETS];                 /* round-robin, a set */
	bool upper[TWIN_SETS][TWIN_TREE_WAYS];    /* pseudo-lru, a set: by the middle of a node's interval */
};

struct twin_answer {
	int exception;            /* -1: none */
	bool miss, two;
	paddr_t address;
	bool cached, dirty;
	int entry;
};

void twin_init(struct twin *twin, unsigned entries, unsigned ways, bool pairs, enum tlb_policy policy);
/* An access to a mapped address; touches. */
struct twin_answer twin_access(struct twin *twin, vaddr_t address, bool write);
/* The entry that matches, -1 none, -2 two. */
int twin_find(const struct twin *twin, vaddr_t address);
/* Whether some address of some space would match both this entry, put at index, and another. */
bool twin_conflicts(const struct twin *twin, unsigned index, const struct twin_entry *entry);
/* The index where tlbwi of an Index puts an entry of a page; where tlbwr does, at a count of Random's clock. */
unsigned twin_place(const struct twin *twin, unsigned index, vaddr_t base);
unsigned twin_victim(struct twin *twin, vaddr_t base, uint64_t clock);
void twin_put(struct twin *twin, unsigned index, const struct twin_entry *entry);
