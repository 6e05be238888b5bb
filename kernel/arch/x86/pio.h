/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words between memory and a port, as programmed I/O moves them.
 */
#pragma once
#include <stdint.h>

static inline void in16_words(uint16_t port, void *to, uint32_t words)
{
	__asm__ volatile("cld; rep insw" : "+D"(to), "+c"(words) : "d"(port) : "memory");
}

static inline void out16_words(uint16_t port, const void *from, uint32_t words)
{
	__asm__ volatile("cld; rep outsw" : "+S"(from), "+c"(words) : "d"(port) : "memory");
}
