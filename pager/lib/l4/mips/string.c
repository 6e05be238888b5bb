/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/string.h"
#include <stdint.h>

/* The compiler must not see a call of these very functions in their loops. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

/* By words where both sides are aligned. */
void *memcpy(void *to, const void *from, size_t size)
{
	uint8_t *at = to;
	const uint8_t *source = from;

	if ((((uintptr_t)to | (uintptr_t)from) & 3) == 0)
		for (; size >= 4; size -= 4, at += 4, source += 4)
			*(uint32_t *)at = *(const uint32_t *)source;
	while (size-- > 0)
		*at++ = *source++;
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	char *target = to;
	const char *source = from;

	if (target <= source)
		return memcpy(to, from, size);
	while (size-- > 0)
		target[size] = source[size];
	return to;
}

void *memset(void *to, int byte, size_t size)
{
	uint8_t *at = to;

	while (size-- > 0)
		*at++ = (uint8_t)byte;
	return to;
}
