/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the compiler calls by itself for structures. */
#include <stddef.h>
#include <stdint.h>

void *memset(void *to, int value, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

void *memset(void *to, int value, size_t size)
{
	for (volatile uint8_t *byte = to; size--; byte++)
		*byte = (uint8_t)value;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	const uint8_t *source = from;

	for (volatile uint8_t *byte = to; size--; byte++)
		*byte = *source++;
	return to;
}
