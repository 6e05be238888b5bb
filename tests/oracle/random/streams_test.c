/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Misses of the TLB: what the engine's ways count is what the oracle counts that looks up each access; on streams of
 * accesses, with all policies, sizes and ways.  And what is known of the streams beforehand.
 */
#include <criterion/criterion.h>
#include "duel.h"
#include "streams.h"

static struct stage stage;
static struct duel duel;

static const enum oracle_policy policies[] = {
	ORACLE_RANDOM, ORACLE_ROUND_ROBIN, ORACLE_FIFO, ORACLE_LRU, ORACLE_PSEUDO_LRU
};

static struct oracle_model model_of(unsigned generation, enum oracle_policy policy, uint32_t entries, uint32_t ways)
{
	return (struct oracle_model){ .generation = generation, .policy = policy, .entries = entries, .ways = ways,
		                      .wired = generation == 4 ? 0 : 8, .asid_bits = 6 };
}

/* Data misses until the stream is through; the duel has no difference. */
static uint64_t misses(enum stream_kind kind, uint32_t pages, const struct oracle_model *model, enum duel_way way)
{
	bool same = true, through = false;
	uint64_t count;

	stream_make(&stage, kind, pages, 5, model);
	cr_assert(duel_begin(&duel, &stage, way), "%s", duel.witness.report);
	for (uint64_t until = 100000; until <= 4000000 && same && !through; until += 100000) {
		same = duel_run(&duel, until, 100000);
		through = duel.oracle->now > 1000 && duel.oracle->reg[17] == 0;
	}
	cr_expect(same, "%s of %u pages, policy %d, %u entries, %u ways, %s:\n%s", stream_name(kind), pages, model->policy,
	          model->entries, model->ways, duel_way_name(way), duel.witness.report);
	cr_expect(through, "the stream is not through: it has %u to go", duel.oracle->reg[17]);
	count = duel.mips->count[MIPS_COUNT_DATA_TLB_MISSES];
	cr_expect_eq(count, duel.oracle->count.data_misses);
	duel_end(&duel);
	return count;
}

/* All streams of a TLB, by the way that is its policy's, and by looking at every access. */
static void all_streams(unsigned generation, uint32_t entries, uint32_t ways)
{
	for (size_t n = 0; n < sizeof policies / sizeof *policies; n++) {
		const struct oracle_model model = model_of(generation, policies[n], entries, ways);

		if (policies[n] == ORACLE_PSEUDO_LRU && (ways > 64 || ways & (ways - 1)))
			continue;
		for (int kind = 0; kind < STREAM_COUNT; kind++) {
			bool hits_count = !duel_way_fits(WAY_SUBSET, &model);
			enum duel_way way = hits_count ? WAY_SET_MRU : WAY_SUBSET;
			uint64_t quick = misses((enum stream_kind)kind, entries * 3 / 2, &model, way);
			uint64_t slow = misses((enum stream_kind)kind, entries * 3 / 2, &model, WAY_EVERY_ACCESS);

			cr_expect_eq(quick, slow);
		}
	}
}

Test(streams, an_r3000s_64_entries_miss_as_each_access_looked_up_says) { all_streams(3, 64, 64); }
Test(streams, an_r4000s_48_pairs_miss_as_each_access_looked_up_says) { all_streams(4, 48, 48); }
Test(streams, a_tlb_of_32_entries_misses_as_each_access_looked_up_says) { all_streams(2, 32, 32); }
Test(streams, a_tlb_of_two_ways_misses_as_each_access_looked_up_says) { all_streams(3, 128, 2); }
Test(streams, a_tlb_of_four_ways_misses_as_each_access_looked_up_says) { all_streams(4, 64, 4); }

Test(streams, pages_that_fit_miss_once_each)
{
	for (size_t n = 0; n < sizeof policies / sizeof *policies; n++) {
		const struct oracle_model model = model_of(4, policies[n], 64, 64);

		if (policies[n] != ORACLE_RANDOM) /* which may replace what it could do without */
			cr_expect_eq(misses(STREAM_LOOP, 64, &model, WAY_EVERY_ACCESS), 32, "two pages an entry");
	}
}

Test(streams, a_loop_of_one_page_more_than_fits_always_misses_with_lru_and_fifo_and_not_with_random)
{
	const struct oracle_model lru = model_of(3, ORACLE_LRU, 64, 64), fifo = model_of(3, ORACLE_FIFO, 64, 64),
	                          random = model_of(3, ORACLE_RANDOM, 64, 64);

	cr_expect_eq(misses(STREAM_LOOP, 57, &lru, WAY_SET_MRU), STREAM_LENGTH, "56 entries are not wired");
	cr_expect_eq(misses(STREAM_LOOP, 57, &fifo, WAY_SUBSET), STREAM_LENGTH);
	cr_expect_lt(misses(STREAM_LOOP, 57, &random, WAY_SUBSET), STREAM_LENGTH / 4);
}
