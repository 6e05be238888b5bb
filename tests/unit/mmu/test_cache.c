/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cache model against its twin, and the corners by hand. */
#include <criterion/criterion.h>

#include "tests/unit/mmu/twin.h"
#include "tests/unit/random.h"

#ifndef ACCESSES
#define ACCESSES 200000
#endif

static const struct cache_geometry shapes[] = {
	{8192, 4, 16, CACHE_WRITE_THROUGH},  /* i486 */
	{8192, 2, 32, CACHE_WRITE_BACK},     /* Pentium */
	{256, 1, 4, CACHE_WRITE_BACK},
	{256, 64, 4, CACHE_WRITE_BACK},      /* one set */
	{4096, 1, 256, CACHE_WRITE_THROUGH},
	{1024, 8, 16, CACHE_WRITE_BACK},
	{65536, 16, 64, CACHE_WRITE_BACK},
	{8192, 1, 16, CACHE_WRITE_ALLOCATE}, /* R4000 */
	{2048, 4, 32, CACHE_WRITE_ALLOCATE},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* Addresses in about four times the cache, some at the very top of memory; sizes mostly of a word. */
static paddr_t random_address(struct random *random, const struct cache_geometry *shape)
{
	uint32_t a = random_below(random, shape->size * 2), b = random_below(random, shape->size * 2);

	return random_below(random, 16) ? a + b : 0u - random_below(random, shape->size);
}

static uint32_t random_size(struct random *random)
{
	return random_below(random, 50) ? 1u << random_below(random, 3) : 1 + random_below(random, 300);
}

static struct cache *restored(struct cache *cache, const struct cache_geometry *shape)
{
	struct cache *other = cache_create(shape);
	struct stream stream;

	stream_init(&stream);
	cache_state(&stream, cache);
	stream_rewind(&stream);
	cache_state(&stream, other);
	cr_assert(!stream.failed && stream.at == stream.size);
	stream_free(&stream);
	cache_destroy(cache);
	return other;
}

static void agree(unsigned index)
{
	const struct cache_geometry *shape = &shapes[index];
	struct cache *cache = cache_create(shape);
	struct twin_cache *twin = twin_cache_create(shape);
	struct random random = {index};

	for (int i = 0; i < ACCESSES; i++) {
		paddr_t address = random_address(&random, shape);
		uint32_t size = random_size(&random);
		bool write = !random_below(&random, 3);
		struct cache_result a = cache_access(cache, address, size, write);
		struct cache_result b = twin_cache_access(twin, address, size, write);
		paddr_t other = random_address(&random, shape);

		cr_assert(a.misses == b.misses && a.write_misses == b.write_misses && a.write_backs == b.write_backs &&
		          a.writes == b.writes, "cache %u, access %d", index, i);
		cr_assert_eq(cache_probe(cache, other), twin_cache_probe(twin, other));
		if (!random_below(&random, 20000))
			cr_assert_eq(cache_flush(cache), twin_cache_flush(twin));
		if (!random_below(&random, 10000))
			cache = restored(cache, shape);
	}
	cache_destroy(cache);
	twin_cache_destroy(twin);
}

Test(cache, agrees_with_its_twin_i486) { agree(0); }
Test(cache, agrees_with_its_twin_pentium) { agree(1); }
Test(cache, agrees_with_its_twin_direct_mapped) { agree(2); }
Test(cache, agrees_with_its_twin_of_one_set) { agree(3); }
Test(cache, agrees_with_its_twin_long_lines) { agree(4); }
Test(cache, agrees_with_its_twin_eight_ways) { agree(5); }
Test(cache, agrees_with_its_twin_large) { agree(6); }
Test(cache, agrees_with_its_twin_r4000) { agree(7); }
Test(cache, agrees_with_its_twin_allocating_four_ways) { agree(8); }

Test(cache, an_access_across_lines_may_miss_twice)
{
	struct cache *cache = cache_create(&shapes[0]);

	cr_assert_eq(cache_access(cache, 0x100e, 4, false).misses, 2);
	cr_assert_eq(cache_access(cache, 0x100e, 4, false).misses, 0);
	cr_assert(cache_probe(cache, 0x1000) && cache_probe(cache, 0x1010) && !cache_probe(cache, 0x1020));
	cache_destroy(cache);
}

Test(cache, a_write_miss_allocates_nothing)
{
	for (unsigned i = 0; i < 2; i++) {
		struct cache *cache = cache_create(&shapes[i]);

		cr_assert_eq(cache_access(cache, 0x40, 4, true).write_misses, 1);
		cr_assert(!cache_probe(cache, 0x40));
		cache_destroy(cache);
	}
}

Test(cache, a_write_miss_of_an_r4000_reads_the_line_and_leaves_it_dirty)
{
	static const struct cache_geometry shape = {4096, 1, 16, CACHE_WRITE_ALLOCATE};
	struct cache *cache = cache_create(&shape);
	struct cache_result result = cache_access(cache, 0x40, 4, true);

	cr_assert(result.misses == 1 && result.write_misses == 0 && result.write_backs == 0);
	cr_assert(cache_probe(cache, 0x44));
	result = cache_access(cache, 0x1040, 4, false);
	cr_assert(result.misses == 1 && result.write_backs == 1);
	cache_destroy(cache);
}

Test(cache, forgetting_takes_a_line_or_its_whole_set_and_counts_the_dirty)
{
	static const struct cache_geometry shape = {4096, 2, 16, CACHE_WRITE_BACK};
	struct cache *cache = cache_create(&shape);

	cache_access(cache, 0x40, 4, false);
	cache_access(cache, 0x40, 4, true);
	cache_access(cache, 0x840, 4, false);
	cr_assert_eq(cache_forget(cache, 0x1040, false), 0); /* not there */
	cr_assert(cache_probe(cache, 0x40) && cache_probe(cache, 0x840));
	cr_assert_eq(cache_forget(cache, 0x4c, false), 1);
	cr_assert(!cache_probe(cache, 0x40) && cache_probe(cache, 0x840));
	cache_access(cache, 0x40, 4, false);
	cr_assert_eq(cache_forget(cache, 0x1040, true), 0); /* clean, both of them */
	cr_assert(!cache_probe(cache, 0x40) && !cache_probe(cache, 0x840));
	cache_destroy(cache);
}

Test(cache, a_dirty_line_is_written_back_once)
{
	struct cache *cache = cache_create(&shapes[1]); /* 2 ways of 4 KB */

	cache_access(cache, 0, 4, false);
	cache_access(cache, 0, 4, true);
	cr_assert_eq(cache_access(cache, 0x1000, 4, false).write_backs, 0);
	cr_assert_eq(cache_access(cache, 0x2000, 4, false).write_backs, 1);
	cr_assert_eq(cache_access(cache, 0x3000, 4, false).write_backs, 0);
	cr_assert_eq(cache_flush(cache), 0);
	cache_destroy(cache);
}

Test(cache, written_through_words_are_counted_hit_or_miss)
{
	struct cache *cache = cache_create(&shapes[0]);

	cr_assert_eq(cache_access(cache, 2, 4, true).writes, 2);
	cache_access(cache, 0, 4, false);
	cr_assert_eq(cache_access(cache, 0, 4, true).writes, 1);
	cache_destroy(cache);
}

Test(cache, wrong_geometries_are_named)
{
	static const struct cache_geometry wrong[] = {
		{0, 4, 16, 0}, {128, 4, 16, 0}, {8000, 4, 16, 0}, {32u << 20, 4, 16, 0}, {8192, 3, 16, 0}, {8192, 0, 16, 0},
		{8192, 128, 16, 0}, {8192, 4, 2, 0}, {8192, 4, 512, 0}, {256, 64, 8, 0}, {8192, 4, 16, CACHE_WRITE_COUNT},
	};

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		cr_assert(cache_geometry_error(&wrong[i]), "number %zu", i);
	for (size_t i = 0; i < SHAPES; i++)
		cr_assert_null(cache_geometry_error(&shapes[i]));
}
