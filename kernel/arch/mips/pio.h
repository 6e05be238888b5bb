/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words between memory and a port, as programmed I/O moves them; memory may be unaligned.
 */
#pragma once
#include "cpu.h"

static inline void in16_words(uint16_t port, void *to, uint32_t words)
{
	for (uint8_t *at = to; words; words--, at += 2) {
		const uint16_t word = *(volatile uint16_t *)isa_port(port);
		at[0] = (uint8_t)word;
		at[1] = (uint8_t)(word >> 8);
	}
}

static inline void out16_words(uint16_t port, const void *from, uint32_t words)
{
	for (const uint8_t *at = from; words; words--, at += 2)
		*(volatile uint16_t *)isa_port(port) = (uint16_t)(at[0] | at[1] << 8);
}
