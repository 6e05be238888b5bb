/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/mmu/streams.h"

static const struct shape {
	uint32_t entries, ways, tag_bits, page_shift;
} shapes[] = {
	{32, 4, 0, 12},    /* i386, i486 */
	{64, 4, 0, 12},    /* Pentium, data */
	{8, 4, 0, 22},     /* Pentium, 4 MB pages */
	{64, 64, 6, 12},   /* R3000 */
	{1, 1, 0, 12},
	{16, 1, 3, 12},    /* direct-mapped */
	{128, 2, 16, 12},
	{32, 32, 0, 12},
	{256, 8, 8, 12},
	{64, 16, 1, 12},
	/* not for the tree */
	{48, 3, 0, 12},
	{40, 5, 4, 12},
	{48, 48, 0, 12},   /* R4000's 48 pairs */
	{512, 512, 10, 12},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0], SHAPES_FOR_THE_TREE = 10 };

unsigned stream_geometries(enum tlb_policy policy)
{
	return policy == TLB_PSEUDO_LRU ? SHAPES_FOR_THE_TREE : SHAPES;
}

bool stream_geometry(struct tlb_geometry *geometry, enum tlb_policy policy, unsigned index, uint32_t seed)
{
	if (index >= stream_geometries(policy))
		return false;
	*geometry = (struct tlb_geometry){
		.entries = shapes[index].entries, .ways = shapes[index].ways, .policy = policy,
		.tag_bits = shapes[index].tag_bits, .seed = seed, .page_shift = shapes[index].page_shift,
	};
	return true;
}

uint32_t stream_page(struct random *random, const struct tlb_geometry *geometry)
{
	uint32_t range = geometry->entries * 3 / 2 + 2;
	uint32_t a = random_below(random, range), b = random_below(random, range);

	return (a < b ? a : b) * 0x3001u & 0xfffff; /* the lesser of two: some pages are used more than others */
}

static enum pair_operation operation(struct random *random)
{
	uint32_t dice = random_below(random, 20000);

	if (dice >= 300)
		return PAIR_ACCESS;
	if (dice >= 60)
		return PAIR_FLUSH_PAGE;
	return dice < 2 ? PAIR_SNAPSHOT : (enum pair_operation)(PAIR_FLUSH_ALL + dice % 3);
}

const char *stream_run(struct pair *pair, struct random *random, uint64_t count)
{
	const struct tlb_geometry geometry = *tlb_geometry(pair->tlb);
	uint64_t until = pair->accesses + count, next_compare = pair->accesses;

	while (pair->accesses < until) {
		enum pair_operation op = operation(random);
		uint32_t page = stream_page(random, &geometry);
		uint64_t bits = random_next(random);
		const char *wrong = pair_do(pair, op, page, (uint16_t)(bits & 3 ? bits >> 8 & 3 : bits >> 16),
		                            (uint8_t)(bits >> 40));

		if (!wrong && pair->accesses >= next_compare) {
			wrong = pair_compare(pair);
			next_compare += 5000;
		}
		if (wrong)
			return wrong;
	}
	return pair_compare(pair);
}
