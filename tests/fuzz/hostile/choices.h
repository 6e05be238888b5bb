/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Choices: an input's bytes, one after another; and when they are used up, numbers that follow from all of them. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "tests/unit/random.h"

struct choices {
	const uint8_t *data;
	size_t size, at;
	struct random more;
};

static inline void choices_init(struct choices *choices, const uint8_t *data, size_t size)
{
	*choices = (struct choices){ .data = data, .size = size };
	for (size_t n = 0; n < size; n++)
		choices->more.state = (choices->more.state ^ data[n]) * 0x100000001b3u;
}

static inline uint8_t choose_byte(struct choices *choices)
{
	return choices->at < choices->size ? choices->data[choices->at++] : (uint8_t)random_next(&choices->more);
}

static inline uint32_t choose_word(struct choices *choices)
{
	uint32_t word = 0;

	for (unsigned n = 0; n < 4; n++)
		word = word << 8 | choose_byte(choices);
	return word;
}

/* 0..below-1, below at most 65536. */
static inline uint32_t choose(struct choices *choices, uint32_t below)
{
	uint32_t number = choose_byte(choices);

	if (below > 256)
		number = number << 8 | choose_byte(choices);
	return number % below;
}

/* Once in so many times. */
static inline int rarely(struct choices *choices, uint32_t times) { return choose(choices, times) == 1 % times; }
