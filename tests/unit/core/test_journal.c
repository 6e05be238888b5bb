/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/core/journal.h"
#include "tests/unit/random.h"

enum { EVENTS = 3 * JOURNAL_CHUNK + 1234 };

/* A sink that keeps everything. */
struct kept {
	struct event event[EVENTS + 16];
	uint64_t count;
	unsigned calls;
	struct digest last;
};

static void keep(void *ctx, const struct event *event, unsigned count, uint64_t first, const struct digest *after)
{
	struct kept *kept = ctx;

	cr_assert_eq(first, kept->count, "events come once, in order");
	memcpy(&kept->event[kept->count], event, count * sizeof *event);
	kept->count += count;
	kept->calls++;
	kept->last = *after;
}

static struct ledger ledger;
static struct journal journal;
static struct kept kept;

static void begin(void)
{
	cr_assert(ledger_init(&ledger));
	journal_init(&journal, &ledger, (struct journal_sink){keep, &kept});
}

static void end(void)
{
	ledger_free(&ledger);
}

TestSuite(journal, .init = begin, .fini = end);

static void append_one(struct random *random)
{
	uint32_t arg[EVENT_ARGS];
	unsigned args = random_below(random, EVENT_ARGS + 1);

	for (unsigned i = 0; i < EVENT_ARGS; i++)
		arg[i] = (uint32_t)random_next(random);
	ledger_execute(&ledger, 1, random_below(random, 50));
	journal_append(&journal, random_below(random, EVENT_KIND_COUNT), (uint32_t)random_next(random), args, arg);
}

/* Appends EVENTS events of a seed, flushing now and then if one_in is not 0. */
static void append(uint64_t seed, uint32_t one_in)
{
	struct random random = {seed}, flushes = {77};

	for (int i = 0; i < EVENTS; i++) {
		append_one(&random);
		if (one_in && !random_below(&flushes, one_in))
			journal_flush(&journal);
	}
}

static bool same(struct digest a, struct digest b)
{
	return a.low == b.low && a.high == b.high;
}

/* The chain by the definition: links of JOURNAL_CHUNK events, each hashed behind the digest before. */
static struct digest by_definition(const struct event *event, size_t count)
{
	uint8_t *bytes = malloc(16 + JOURNAL_CHUNK * sizeof *event);
	struct digest digest = {0, 0};

	for (size_t at = 0; at < count; at += JOURNAL_CHUNK) {
		size_t link = count - at < JOURNAL_CHUNK ? count - at : JOURNAL_CHUNK;
		XXH128_hash_t hash;

		memcpy(bytes, &digest, 16);
		memcpy(bytes + 16, event + at, link * sizeof *event);
		hash = XXH3_128bits(bytes, 16 + link * sizeof *event);
		digest = (struct digest){hash.low64, hash.high64};
	}
	free(bytes);
	return digest;
}

Test(journal, the_digest_is_the_chain_of_its_definition)
{
	append(1, 0);
	cr_assert(!same(journal_digest(&journal), by_definition(kept.event, kept.count)), "the rest is not handed yet");
	journal_flush(&journal);
	cr_assert_eq(kept.count, EVENTS);
	cr_assert(same(journal_digest(&journal), by_definition(kept.event, EVENTS)));
	cr_assert(same(kept.last, journal_digest(&journal)));
}

Test(journal, flushes_change_no_digest_and_lose_no_event)
{
	static struct kept quiet;
	struct digest without;

	append(2, 0);
	journal_flush(&journal);
	without = journal_digest(&journal);
	quiet = kept;
	memset(&kept, 0, sizeof kept);
	ledger_free(&ledger);
	begin();
	append(2, 100);
	journal_flush(&journal);
	cr_assert(same(without, journal_digest(&journal)));
	cr_assert(kept.calls > 100);
	cr_assert_eq(kept.count, quiet.count);
	cr_assert_eq(memcmp(kept.event, quiet.event, sizeof kept.event), 0);
}

Test(journal, the_sink_changes_no_digest)
{
	struct digest with;

	append(3, 0);
	with = journal_digest(&journal);
	ledger_free(&ledger);
	cr_assert(ledger_init(&ledger));
	journal_init(&journal, &ledger, (struct journal_sink){0});
	append(3, 500);
	cr_assert(same(with, journal_digest(&journal)));
}

Test(journal, one_bit_of_one_event_changes_the_digest)
{
	struct digest before;

	append(4, 0);
	journal_flush(&journal);
	before = by_definition(kept.event, kept.count);
	kept.event[5000].arg[3] ^= 1;
	cr_assert(!same(before, by_definition(kept.event, kept.count)));
}

Test(journal, absorbed_bytes_count)
{
	struct digest before, one, other;

	append(5, 0);
	before = journal_digest(&journal);
	journal_absorb(&journal, "abc", 3);
	one = journal_digest(&journal);
	cr_assert_eq(kept.count, EVENTS);
	journal_absorb(&journal, "abc", 3);
	other = journal_digest(&journal);
	cr_assert(!same(before, one) && !same(one, other) && !same(before, other));
}

Test(journal, events_carry_the_time_and_the_thread)
{
	uint32_t arg[2] = {7, 8};

	ledger_enter_thread(&ledger, 3, 4);
	ledger_execute(&ledger, 5, 60);
	journal_append(&journal, EVENT_TRAP, 0x1234, 2, arg);
	journal_flush(&journal);
	cr_assert_eq(kept.event[0].cycle, 60);
	cr_assert_eq(kept.event[0].instruction, 5);
	cr_assert_eq(kept.event[0].task, 3);
	cr_assert_eq(kept.event[0].thread, 4);
	cr_assert_eq(kept.event[0].pc, 0x1234);
	cr_assert_eq(kept.event[0].args, 2);
	cr_assert_eq(kept.event[0].arg[1], 8);
	cr_assert_eq(kept.event[0].arg[2], 0);
}

Test(journal, a_restored_journal_ends_in_the_same_digest)
{
	struct random random = {6};
	struct stream stream, clock;
	struct digest first;

	for (int i = 0; i < 5000; i++)
		append_one(&random);
	stream_init(&stream);
	stream_init(&clock);
	journal_state(&stream, &journal);
	ledger_state(&clock, &ledger);
	for (int run = 0; run < 2; run++) {
		struct random rest = random;

		for (int i = 0; i < 5000; i++)
			append_one(&rest);
		if (run == 0) {
			first = journal_digest(&journal);
			stream_rewind(&stream);
			stream_rewind(&clock);
			journal_init(&journal, &ledger, (struct journal_sink){0});
			journal_state(&stream, &journal);
			ledger_state(&clock, &ledger);
			cr_assert(!stream.failed && !clock.failed);
		}
	}
	cr_assert(same(first, journal_digest(&journal)));
	cr_assert_eq(journal.appended, 10000);
	stream_free(&stream);
	stream_free(&clock);
}

Test(journal, a_digest_prints_as_32_digits_high_half_first)
{
	struct digest digest = {.low = 0x0123456789abcdef, .high = 0x00000000000000ff};
	char text[33];

	digest_print(&digest, text);
	cr_assert_str_eq(text, "00000000000000ff0123456789abcdef");
}
