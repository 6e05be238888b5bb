/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A TLB and its twin, driven by the same operations and compared after each.
 * Used by the random streams and by the fuzzer; it reports, and lets them judge.
 */
#pragma once
#include "tests/unit/mmu/twin.h"

struct pair {
	struct tlb *tlb;
	struct twin_tlb *twin;
	uint64_t accesses, misses, evictions;
};

enum pair_operation {
	PAIR_ACCESS, PAIR_FLUSH_PAGE, PAIR_FLUSH_ALL, PAIR_FLUSH_NON_GLOBAL, PAIR_FLUSH_TAG, PAIR_SNAPSHOT
};

void pair_create(struct pair *pair, const struct tlb_geometry *geometry);
void pair_destroy(struct pair *pair);
/* One operation on both; flags are those of the entry that a miss fills. NULL, or what differed. */
const char *pair_do(struct pair *pair, enum pair_operation operation, uint32_t page, uint16_t tag, uint8_t flags);
/* Compares all entries, in their places. */
const char *pair_compare(const struct pair *pair);
