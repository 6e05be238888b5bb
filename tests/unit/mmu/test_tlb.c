/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tlb.h promises: the invariants on random streams, and the corners by hand. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/unit/mmu/streams.h"

static void agree(enum tlb_policy policy, uint64_t accesses)
{
	struct tlb_geometry geometry;
	unsigned geometries = stream_geometries(policy);

	for (unsigned index = 0; stream_geometry(&geometry, policy, index, index * 77); index++) {
		struct random random = {index + 1000u * (unsigned)policy};
		struct pair pair;
		const char *wrong;

		cr_assert_null(tlb_geometry_error(&geometry));
		pair_create(&pair, &geometry);
		wrong = stream_run(&pair, &random, accesses / geometries);
		cr_assert_null(wrong, "%s, geometry %u, access %llu: %s", tlb_policy_name(policy), index,
		               (unsigned long long)pair.accesses, wrong ? wrong : "");
		cr_assert(pair.evictions > pair.accesses / 50, "a stream without evictions proves nothing");
		pair_destroy(&pair);
	}
}

Test(tlb, agrees_with_its_twin_lru) { agree(TLB_LRU, 200000); }
Test(tlb, agrees_with_its_twin_pseudo_lru) { agree(TLB_PSEUDO_LRU, 200000); }
Test(tlb, agrees_with_its_twin_round_robin) { agree(TLB_ROUND_ROBIN, 200000); }
Test(tlb, agrees_with_its_twin_fifo) { agree(TLB_FIFO, 200000); }
Test(tlb, agrees_with_its_twin_random) { agree(TLB_RANDOM, 200000); }

/* --- invariants 2 and 3 --- */

static bool same_state(struct tlb *tlb, struct stream *before)
{
	struct stream after;
	bool same;

	stream_init(&after);
	tlb_state(&after, tlb);
	same = after.size == before->size && !memcmp(after.data, before->data, after.size);
	stream_free(&after);
	return same;
}

static void access_one(struct tlb *tlb, uint32_t page)
{
	struct tlb_entry entry = {.page = page, .frame = page};

	if (!tlb_touch(tlb, page, 0))
		tlb_fill(tlb, &entry, NULL, NULL);
}

/* Before each access, says whether it must leave the state as it is; looks whether it does. */
static void touching_changes_nothing(enum tlb_policy policy)
{
	struct tlb_geometry geometry;

	for (unsigned index = 0; stream_geometry(&geometry, policy, index, 1); index++) {
		struct random random = {index};
		struct tlb *tlb = tlb_create(&geometry);
		unsigned checked = 0;

		for (int i = 0; i < 2000; i++) {
			uint32_t page = stream_page(&random, &geometry);
			struct stream before;

			if (random_below(&random, 2))
				access_one(tlb, page);
			if (!tlb_is_mru(tlb, page, 0))
				continue;
			stream_init(&before);
			tlb_state(&before, tlb);
			cr_assert(tlb_touch(tlb, page, 0));
			cr_assert(same_state(tlb, &before));
			stream_free(&before);
			checked++;
		}
		cr_assert(checked > 100);
		tlb_destroy(tlb);
	}
}

Test(tlb, touching_the_most_recently_used_way_changes_nothing_lru) { touching_changes_nothing(TLB_LRU); }
Test(tlb, touching_the_most_recently_used_way_changes_nothing_pseudo_lru) { touching_changes_nothing(TLB_PSEUDO_LRU); }

static void any_hit_changes_nothing(enum tlb_policy policy)
{
	struct tlb_geometry geometry;

	stream_geometry(&geometry, policy, 0, 5);
	struct random random = {9};
	struct tlb *tlb = tlb_create(&geometry);
	unsigned hits = 0;

	for (int i = 0; i < 20000; i++) {
		uint32_t page = stream_page(&random, &geometry);
		struct stream before;

		stream_init(&before);
		tlb_state(&before, tlb);
		if (tlb_touch(tlb, page, 0)) {
			cr_assert(same_state(tlb, &before));
			hits++;
		} else {
			access_one(tlb, page);
		}
		stream_free(&before);
	}
	cr_assert(hits > 5000);
	tlb_destroy(tlb);
}

Test(tlb, any_hit_changes_nothing_round_robin) { any_hit_changes_nothing(TLB_ROUND_ROBIN); }
Test(tlb, any_hit_changes_nothing_fifo) { any_hit_changes_nothing(TLB_FIFO); }
Test(tlb, any_hit_changes_nothing_random) { any_hit_changes_nothing(TLB_RANDOM); }

/* What set-MRU rests on: leave out all accesses to most recently used pages, and nothing differs ever after. */
static void mru_accesses_may_be_left_out(enum tlb_policy policy)
{
	struct tlb_geometry geometry;

	for (unsigned index = 0; stream_geometry(&geometry, policy, index, 3); index++) {
		struct random random = {index * 31};
		struct tlb *all = tlb_create(&geometry), *some = tlb_create(&geometry);
		unsigned left_out = 0;

		for (int i = 0; i < 20000; i++) {
			uint32_t page = stream_page(&random, &geometry);

			cr_assert_eq(!tlb_probe(all, page, 0), !tlb_probe(some, page, 0));
			if (tlb_is_mru(some, page, 0))
				left_out++;
			else
				access_one(some, page);
			access_one(all, page);
		}
		cr_assert(left_out > 10);
		struct stream state;

		stream_init(&state);
		tlb_state(&state, all);
		cr_assert(same_state(some, &state));
		stream_free(&state);
		tlb_destroy(all);
		tlb_destroy(some);
	}
}

Test(tlb, most_recently_used_pages_need_no_look_lru) { mru_accesses_may_be_left_out(TLB_LRU); }
Test(tlb, most_recently_used_pages_need_no_look_pseudo_lru) { mru_accesses_may_be_left_out(TLB_PSEUDO_LRU); }

/* --- corners --- */

static struct tlb_geometry i486(void)
{
	return (struct tlb_geometry){.entries = 32, .ways = 4, .policy = TLB_PSEUDO_LRU, .page_shift = 12};
}

/* The 486's rule (i486 manual, 12.5, for its cache and TLB alike), bit by bit. */
Test(tlb, four_way_pseudo_lru_is_the_three_bits_of_the_i486)
{
	struct tlb_geometry geometry = {.entries = 4, .ways = 4, .policy = TLB_PSEUDO_LRU, .page_shift = 12};
	struct tlb *tlb = tlb_create(&geometry);
	struct random random = {5};
	uint32_t resident[4] = {0, 1, 2, 3};
	bool b0 = false, b1 = false, b2 = false;

	for (uint32_t page = 0; page < 4; page++)
		access_one(tlb, page);
	/* ways 0, 1, 2, 3 were touched in turn: the later of each pair cleared its bit */
	for (int i = 0; i < 5000; i++) {
		uint32_t way = random_below(&random, 4);
		struct tlb_entry victim;
		bool evicted;

		if (random_below(&random, 3)) {
			cr_assert(tlb_touch(tlb, resident[way], 0));
		} else {
			struct tlb_entry entry = {.page = 100u + (uint32_t)i};

			way = !b0 ? (!b1 ? 0 : 1) : (!b2 ? 2 : 3);
			tlb_fill(tlb, &entry, &victim, &evicted);
			cr_assert(evicted);
			cr_assert_eq(victim.page, resident[way]);
			resident[way] = entry.page;
		}
		b0 = way < 2;
		if (way < 2)
			b1 = way == 0;
		else
			b2 = way == 2;
	}
	tlb_destroy(tlb);
}

Test(tlb, filling_a_page_that_is_there_is_a_defect, .exit_code = 70)
{
	struct tlb_geometry geometry = i486();
	struct tlb *tlb = tlb_create(&geometry);
	struct tlb_entry entry = {.page = 5};

	tlb_fill(tlb, &entry, NULL, NULL);
	tlb_fill(tlb, &entry, NULL, NULL);
}

Test(tlb, tags_keep_address_spaces_apart)
{
	struct tlb_geometry geometry = {.entries = 64, .ways = 64, .policy = TLB_RANDOM, .tag_bits = 6, .page_shift = 12};
	struct tlb *tlb = tlb_create(&geometry);
	struct tlb_entry a = {.page = 9, .frame = 1, .tag = 1}, b = {.page = 9, .frame = 2, .tag = 2};

	tlb_fill(tlb, &a, NULL, NULL);
	tlb_fill(tlb, &b, NULL, NULL);
	cr_assert_eq(tlb_probe(tlb, 9, 1)->frame, 1);
	cr_assert_eq(tlb_probe(tlb, 9, 2)->frame, 2);
	cr_assert_null(tlb_probe(tlb, 9, 3));
	cr_assert_eq(tlb_probe(tlb, 9, 65), tlb_probe(tlb, 9, 1), "a tag of 6 bits wraps at 64");
	tlb_flush_tag(tlb, 1);
	cr_assert_null(tlb_probe(tlb, 9, 1));
	cr_assert_eq(tlb_probe(tlb, 9, 2)->frame, 2);
	tlb_destroy(tlb);
}

Test(tlb, a_flush_may_keep_global_entries)
{
	struct tlb_geometry geometry = i486();
	struct tlb *tlb = tlb_create(&geometry);
	struct tlb_entry local = {.page = 1}, global = {.page = 2, .global = true};

	tlb_fill(tlb, &local, NULL, NULL);
	tlb_fill(tlb, &global, NULL, NULL);
	tlb_flush_all(tlb, true);
	cr_assert_null(tlb_probe(tlb, 1, 0));
	cr_assert(tlb_probe(tlb, 2, 0));
	tlb_flush_all(tlb, false);
	cr_assert_null(tlb_probe(tlb, 2, 0));
	tlb_destroy(tlb);
}

Test(tlb, wrong_geometries_are_named)
{
	static const struct tlb_geometry wrong[] = {
		{.entries = 0, .ways = 1, .page_shift = 12},
		{.entries = 4097, .ways = 1, .page_shift = 12},
		{.entries = 32, .ways = 0, .page_shift = 12},
		{.entries = 32, .ways = 33, .page_shift = 12},
		{.entries = 32, .ways = 5, .page_shift = 12},
		{.entries = 24, .ways = 4, .page_shift = 12},
		{.entries = 24, .ways = 3, .policy = TLB_PSEUDO_LRU, .page_shift = 12},
		{.entries = 128, .ways = 128, .policy = TLB_PSEUDO_LRU, .page_shift = 12},
		{.entries = 32, .ways = 4, .tag_bits = 17, .page_shift = 12},
		{.entries = 32, .ways = 4, .policy = TLB_POLICY_COUNT, .page_shift = 12},
		{.entries = 32, .ways = 4, .page_shift = 13},
	};

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		cr_assert(tlb_geometry_error(&wrong[i]), "number %zu", i);
}

Test(tlb, a_cut_or_altered_snapshot_is_refused_and_leaves_an_empty_tlb)
{
	struct tlb_geometry geometry = i486();
	struct tlb *tlb = tlb_create(&geometry);
	struct random random = {8};
	struct stream stream;
	size_t whole;

	for (int i = 0; i < 500; i++)
		access_one(tlb, stream_page(&random, &geometry));
	stream_init(&stream);
	tlb_state(&stream, tlb);
	whole = stream.size;
	for (size_t cut = 0; cut < whole; cut++) {
		stream.size = cut;
		stream.failed = false;
		stream_rewind(&stream);
		tlb_state(&stream, tlb);
		cr_assert(stream.failed);
		for (uint32_t page = 0; page < 48; page++)
			cr_assert_null(tlb_probe(tlb, page * 0x3001u & 0xfffff, 0));
	}
	stream.size = whole;
	stream.failed = false;
	stream_rewind(&stream);
	geometry.ways = 8;
	struct tlb *other = tlb_create(&geometry);

	tlb_state(&stream, other);
	cr_assert(stream.failed, "another geometry");
	tlb_destroy(other);
	tlb_destroy(tlb);
	stream_free(&stream);
}
