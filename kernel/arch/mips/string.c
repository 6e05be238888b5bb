/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the compiler may call by itself, and message transfer lives on.  By words where both sides are aligned.
 */
#include "base/memory.h"

/* The compiler must not see a call of these very functions in their loops. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

enum { WORD = sizeof(uint32_t), WORDS_AT_ONCE = 4 };

static inline bool aligned(const void *one, const void *other)
{
	return !(((uintptr_t)one | (uintptr_t)other) & (WORD - 1));
}

void *memset(void *to, int byte, size_t bytes)
{
	uint8_t *at = to;
	if (aligned(to, to)) {
		const uint32_t word = (uint8_t)byte * 0x01010101u;
		uint32_t *words = to;
		for (; bytes >= WORDS_AT_ONCE * WORD; bytes -= WORDS_AT_ONCE * WORD, words += WORDS_AT_ONCE)
			words[0] = words[1] = words[2] = words[3] = word;
		for (; bytes >= WORD; bytes -= WORD)
			*words++ = word;
		at = (uint8_t *)words;
	}
	while (bytes--)
		*at++ = (uint8_t)byte;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	uint8_t *at = to;
	const uint8_t *source = from;
	if (aligned(to, from)) {
		uint32_t *words = to;
		const uint32_t *in = from;
		for (; bytes >= WORDS_AT_ONCE * WORD; bytes -= WORDS_AT_ONCE * WORD) {
			const uint32_t a = in[0], b = in[1], c = in[2], d = in[3];
			words[0] = a;
			words[1] = b;
			words[2] = c;
			words[3] = d;
			words += WORDS_AT_ONCE;
			in += WORDS_AT_ONCE;
		}
		for (; bytes >= WORD; bytes -= WORD)
			*words++ = *in++;
		at = (uint8_t *)words;
		source = (const uint8_t *)in;
	}
	while (bytes--)
		*at++ = *source++;
	return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
	if ((uintptr_t)to - (uintptr_t)from >= bytes)
		return memcpy(to, from, bytes);
	uint8_t *at = (uint8_t *)to + bytes;
	const uint8_t *source = (const uint8_t *)from + bytes;
	if (aligned(at, source)) {
		for (; bytes >= WORD; bytes -= WORD) {
			at -= WORD;
			source -= WORD;
			*(uint32_t *)at = *(const uint32_t *)source;
		}
	}
	while (bytes--)
		*--at = *--source;
	return to;
}
