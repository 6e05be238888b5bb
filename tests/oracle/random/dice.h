/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers that look random and are the same for a seed on every host. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct dice { uint64_t state; };

static inline uint32_t dice_word(struct dice *dice)
{
	uint64_t x = dice->state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)(x >> 32);
}
/* 0 .. n - 1 */
static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
	return (uint32_t)((uint64_t)dice_word(dice) * n >> 32);
}
/* True once in n times. */
static inline bool dice_once(struct dice *dice, uint32_t n) { return dice_below(dice, n) == 0; }
