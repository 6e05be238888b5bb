/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ten million accesses a policy, over all geometries: the TLB and its twin agree to the bit. */
#include <criterion/criterion.h>

#include "tests/unit/mmu/streams.h"

enum { ACCESSES = 10000000 };

static void agree(enum tlb_policy policy)
{
	struct tlb_geometry geometry;
	unsigned geometries = stream_geometries(policy);
	uint64_t accesses = 0;

	for (unsigned index = 0; stream_geometry(&geometry, policy, index, index + 1); index++) {
		struct random random = {index * 7919u + (unsigned)policy};
		struct pair pair;
		const char *wrong;

		pair_create(&pair, &geometry);
		wrong = stream_run(&pair, &random, (ACCESSES + geometries - 1) / geometries);
		cr_assert_null(wrong, "%s, geometry %u, access %llu: %s", tlb_policy_name(policy), index,
		               (unsigned long long)pair.accesses, wrong ? wrong : "");
		accesses += pair.accesses;
		pair_destroy(&pair);
	}
	cr_assert(accesses >= ACCESSES);
}

Test(tlb_long, ten_million_accesses_agree_lru) { agree(TLB_LRU); }
Test(tlb_long, ten_million_accesses_agree_pseudo_lru) { agree(TLB_PSEUDO_LRU); }
Test(tlb_long, ten_million_accesses_agree_round_robin) { agree(TLB_ROUND_ROBIN); }
Test(tlb_long, ten_million_accesses_agree_fifo) { agree(TLB_FIFO); }
Test(tlb_long, ten_million_accesses_agree_random) { agree(TLB_RANDOM); }
