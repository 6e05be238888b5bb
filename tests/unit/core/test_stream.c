/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/core/stream.h"
#include "tests/unit/random.h"

struct thing {
	uint8_t a;
	uint32_t b;
	uint64_t c;
	uint8_t d[5000];
};

static void thing_state(struct stream *stream, struct thing *thing)
{
	stream_field(stream, thing->a);
	stream_field(stream, thing->b);
	stream_field(stream, thing->c);
	stream_field(stream, thing->d);
}

static void thing_random(struct thing *thing, uint64_t seed)
{
	struct random random = {seed};

	memset(thing, 0, sizeof *thing);
	thing->a = (uint8_t)random_next(&random);
	thing->b = (uint32_t)random_next(&random);
	thing->c = random_next(&random);
	for (size_t i = 0; i < sizeof thing->d; i++)
		thing->d[i] = (uint8_t)random_next(&random);
}

Test(stream, one_function_saves_and_loads)
{
	static struct thing saved, loaded;
	struct stream stream;

	thing_random(&saved, 1);
	stream_init(&stream);
	thing_state(&stream, &saved);
	cr_assert_eq(stream.size, 1 + 4 + 8 + 5000);
	stream_rewind(&stream);
	thing_state(&stream, &loaded);
	cr_assert(!stream.failed);
	cr_assert_eq(stream.at, stream.size);
	cr_assert_eq(memcmp(&saved, &loaded, sizeof saved), 0);
	stream_free(&stream);
}

Test(stream, whatever_is_cut_off_a_stream_fails_and_changes_no_field_beyond)
{
	static struct thing saved, loaded, fresh;
	struct stream stream;
	size_t whole;

	thing_random(&saved, 2);
	thing_random(&fresh, 3);
	stream_init(&stream);
	thing_state(&stream, &saved);
	whole = stream.size;
	for (size_t cut = 0; cut < whole; cut += cut < 16 ? 1 : 499) {
		loaded = fresh;
		stream.size = cut;
		stream.failed = false;
		stream_rewind(&stream);
		thing_state(&stream, &loaded);
		cr_assert(stream.failed, "cut at %zu", cut);
		cr_assert_eq(memcmp(loaded.d, fresh.d, sizeof fresh.d), 0);
		cr_assert_eq(loaded.c, cut >= 13 ? saved.c : fresh.c);
	}
	stream.size = whole;
	stream_free(&stream);
}

Test(stream, a_failed_stream_stays_failed)
{
	struct stream stream;
	uint8_t byte = 1;
	uint64_t word = 2;

	stream_init(&stream);
	stream_field(&stream, byte);
	stream_rewind(&stream);
	stream_field(&stream, word);
	cr_assert(stream.failed);
	byte = 9;
	stream_field(&stream, byte);
	cr_assert(stream.failed);
	cr_assert_eq(byte, 9);
	cr_assert_eq(word, 2);
	stream_free(&stream);
}
