/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/soak/soak.h"

enum { HALF_BYTES = VM_PAGE_SIZE / 2, WORD = sizeof(natural_t) };
#define STEP 2654435761u                /* from word to word */
#define INITIAL 0x70000000u             /* above the values of worlds */

struct contents soak_initial(natural_t object, natural_t page)
{
	const natural_t value = object % OBJECTS == OBJECTS - 1 ? 0 : INITIAL | object << 12 | page << 1;

	return (struct contents){ { value, value ? value + 1 : 0 } };
}

void soak_fill(vm_address_t page, const struct contents *contents, natural_t halves)
{
	for (unsigned half = 0; half < 2; half++) {
		natural_t *const at = (natural_t *)(page + half * HALF_BYTES);
		natural_t next = contents->half[half];
		const natural_t step = next ? STEP : 0;

		if (halves >> half & 1)
			for (unsigned word = 0; word < HALF_BYTES / WORD; word++, next += step)
				at[word] = next;
	}
}

/* The word in which byte `at` of the contents is. */
static natural_t word_at(const struct contents *contents, natural_t at)
{
	const natural_t value = contents[at / VM_PAGE_SIZE].half[at % VM_PAGE_SIZE / HALF_BYTES];

	return value ? value + at % HALF_BYTES / WORD * STEP : 0;
}

static bool differ(struct difference *difference, const void *at, natural_t found, natural_t expected)
{
	*difference = (struct difference){ (vm_address_t)at, found, expected };
	return false;
}

static bool check_bytes(const uint8_t *byte, natural_t at, natural_t end, const struct contents *contents,
                        struct difference *difference)
{
	for (; at < end; at++, byte++) {
		const natural_t expected = word_at(contents, at) >> at % WORD * 8 & 0xff;

		if (*byte != expected)
			return differ(difference, byte, *byte, expected);
	}
	return true;
}

/* Whole words of one half. */
static bool check_words(const natural_t *word, natural_t at, natural_t end, const struct contents *contents,
                        struct difference *difference)
{
	natural_t next = word_at(contents, at);
	const natural_t step = contents[at / VM_PAGE_SIZE].half[at % VM_PAGE_SIZE / HALF_BYTES] ? STEP : 0;

	for (; at < end; at += WORD, word++, next += step)
		if (*word != next)
			return differ(difference, word, *word, next);
	return true;
}

bool soak_check(vm_address_t address, vm_size_t bytes, natural_t first, const struct contents *contents,
                struct difference *difference)
{
	const natural_t end = first + bytes, first_word = (first + WORD - 1) & -(natural_t)WORD;
	const natural_t from = first_word < end ? first_word : end;
	const natural_t to = (end & -(natural_t)WORD) > from ? end & -(natural_t)WORD : from;
	const vm_address_t base = address - first;

	if (!check_bytes((const uint8_t *)address, first, from, contents, difference))
		return false;
	for (natural_t at = from, next; at < to; at = next) {
		next = (at | (HALF_BYTES - 1)) + 1;
		if (next > to)
			next = to;
		if (!check_words((const natural_t *)(base + at), at, next, contents, difference))
			return false;
	}
	return check_bytes((const uint8_t *)(base + to), to, end, contents, difference);
}
