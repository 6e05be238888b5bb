/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The geometries that all TLB tests use, and the random stream of accesses for each. */
#pragma once
#include "tests/unit/mmu/pair.h"
#include "tests/unit/random.h"

/* Geometry number index for a policy; false when there are no more. seed: of its generator. */
bool stream_geometry(struct tlb_geometry *geometry, enum tlb_policy policy, unsigned index, uint32_t seed);
/* How many geometries a policy has. */
unsigned stream_geometries(enum tlb_policy policy);
/*
 * The next page of a stream with locality: mostly near the pages used lately, from a working set of about one and a
 * half times the entries, so that hits, misses and conflicts are all frequent.
 */
uint32_t stream_page(struct random *random, const struct tlb_geometry *geometry);
/* Runs count accesses, with flushes and snapshots strewn in. NULL, or what differed. */
const char *stream_run(struct pair *pair, struct random *random, uint64_t count);
