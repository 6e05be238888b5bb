/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Repeatable random numbers for the tests: the same on every host. */
#pragma once
#include <stdint.h>

struct random {
	uint64_t state;
};

/* 64 bits (splitmix64). */
static inline uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* 0..bound-1. */
static inline uint32_t random_below(struct random *random, uint32_t bound)
{
	return (uint32_t)((random_next(random) >> 32) * bound >> 32);
}
