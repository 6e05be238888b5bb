/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: packs events, chains their digest, feeds the sink.
 *
 * Invariants
 *   1. digest is the chain up to the last closed link; chunk[0..filled) is not in it yet.
 *   2. handed <= filled < JOURNAL_CHUNK between calls.
 *   3. the digest depends on the events (and absorbed bytes) alone: not on flushes, nor on the sink.
 */
#include "sim/core/journal.h"

#include <inttypes.h>
#include <stdio.h>

#define XXH_INLINE_ALL /* the hash's state lives on the stack: nothing to allocate, nothing that can fail */
#include <xxhash.h>

#include "sim/core/error.h"

static const struct {
	const char *name, *args;
	int level;
} kinds[EVENT_KIND_COUNT] = {
#define X(name, text, level, args) [EVENT_##name] = {text, args, level},
	EVENT_KINDS(X)
#undef X
};

_Static_assert((int)EVENT_KIND_COUNT <= (int)EVENT_PROBE, "the machine's kinds end before the probes'");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "events are hashed as little-endian bytes");

void digest_print(const struct digest *digest, char text[static 33])
{
	snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, digest->high, digest->low);
}

/* One link of the chain: hash(before || bytes). */
static struct digest chain(struct digest before, const void *bytes, size_t size)
{
	XXH3_state_t state;
	XXH128_hash_t hash;

	XXH3_128bits_reset(&state);
	XXH3_128bits_update(&state, &before, sizeof before);
	XXH3_128bits_update(&state, bytes, size);
	hash = XXH3_128bits_digest(&state);
	return (struct digest){.low = hash.low64, .high = hash.high64};
}

void journal_init(struct journal *journal, struct ledger *ledger, struct journal_sink sink)
{
	journal->ledger = ledger;
	journal->sink = sink;
	journal->digest = (struct digest){0, 0};
	journal->appended = 0;
	journal->filled = journal->handed = 0;
}

struct digest journal_digest(const struct journal *journal)
{
	if (!journal->filled)
		return journal->digest;
	return chain(journal->digest, journal->chunk, journal->filled * sizeof journal->chunk[0]);
}

/* Hands over chunk[handed..filled), whose digest `after` is. */
static void hand_over(struct journal *journal, const struct digest *after)
{
	unsigned count = journal->filled - journal->handed;
	const struct event *from = &journal->chunk[journal->handed];

	if (count && journal->sink.chunk)
		journal->sink.chunk(journal->sink.ctx, from, count, journal->appended - count, after);
	journal->handed = journal->filled;
}

/* Ends a link of the chain. */
static void close_link(struct journal *journal)
{
	journal->digest = journal_digest(journal);
	hand_over(journal, &journal->digest);
	journal->filled = journal->handed = 0;
}

void journal_append(struct journal *journal, unsigned kind, uint32_t pc, unsigned args, const uint32_t *arg)
{
	const struct ledger *ledger = journal->ledger;
	struct event *event = &journal->chunk[journal->filled];

	muk_assert(args <= EVENT_ARGS && kind <= UINT16_MAX);
	*event = (struct event){
		.cycle = ledger->now, .instruction = ledger->instructions,
		.task = ledger->task, .thread = ledger->thread,
		.pc = pc, .kind = (uint16_t)kind, .args = (uint16_t)args,
	};
	for (unsigned i = 0; i < args; i++)
		event->arg[i] = arg[i];
	journal->appended++;
	if (++journal->filled == JOURNAL_CHUNK)
		close_link(journal);
}

void journal_flush(struct journal *journal)
{
	struct digest after;

	if (journal->handed == journal->filled)
		return;
	after = journal_digest(journal);
	hand_over(journal, &after);
}

void journal_absorb(struct journal *journal, const void *bytes, size_t size)
{
	close_link(journal);
	journal->digest = chain(journal->digest, bytes, size);
}

const char *event_kind_name(enum event_kind kind)
{
	muk_assert((unsigned)kind < EVENT_KIND_COUNT);
	return kinds[kind].name;
}

const char *event_kind_args(enum event_kind kind)
{
	muk_assert((unsigned)kind < EVENT_KIND_COUNT);
	return kinds[kind].args;
}

int event_kind_level(enum event_kind kind)
{
	muk_assert((unsigned)kind < EVENT_KIND_COUNT);
	return kinds[kind].level;
}

void journal_state(struct stream *stream, struct journal *journal)
{
	uint32_t filled = journal->filled, handed = journal->handed;

	stream_field(stream, journal->digest);
	stream_field(stream, journal->appended);
	stream_field(stream, filled);
	stream_field(stream, handed);
	if (filled >= JOURNAL_CHUNK || handed > filled)
		stream->failed = true;
	if (stream->failed)
		return;
	journal->filled = filled;
	journal->handed = handed;
	stream_bytes(stream, journal->chunk, filled * sizeof journal->chunk[0]);
}
