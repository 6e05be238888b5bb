/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzing the TLB against its twin.  The first bytes choose a geometry, which
 * may be a wrong one; each four that follow are an operation.  Any difference is
 * a crash, as a fuzzer wants it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/mmu/pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	uint8_t limit; /* of 256: operations below it, and not below the one before */
	enum pair_operation operation;
} mix[] = {
	{200, PAIR_ACCESS}, {240, PAIR_FLUSH_PAGE}, {244, PAIR_FLUSH_ALL}, {248, PAIR_FLUSH_NON_GLOBAL},
	{252, PAIR_FLUSH_TAG}, {255, PAIR_SNAPSHOT},
};

static enum pair_operation operation(uint8_t byte)
{
	unsigned i = 0;

	while (i + 1 < sizeof mix / sizeof mix[0] && byte >= mix[i].limit)
		i++;
	return mix[i].operation;
}

/* Mostly right: sets are a power of two.  Wrong are no ways, a tree of an odd number, too long a tag, no policy. */
static struct tlb_geometry geometry(const uint8_t *data)
{
	uint32_t ways = data[0] & 1 ? 1u << (data[0] >> 1 & 7) : data[0] >> 1 & 31;

	return (struct tlb_geometry){
		.entries = ways << (data[1] & 7), .ways = ways, .policy = (enum tlb_policy)(data[2] % 6),
		.tag_bits = data[3] % 18, .seed = data[4], .page_shift = data[5] & 1 ? 22 : 12,
	};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tlb_geometry shape;
	struct pair pair;

	if (size < 6)
		return 0;
	shape = geometry(data);
	if (tlb_geometry_error(&shape))
		return 0;
	pair_create(&pair, &shape);
	for (size_t at = 6; at + 4 <= size; at += 4) {
		const uint8_t *step = data + at;

		if (pair_do(&pair, operation(step[0]), step[1] * 5u, step[2] & 3, step[3]) || pair_compare(&pair))
			abort();
	}
	pair_destroy(&pair);
	return 0;
}
