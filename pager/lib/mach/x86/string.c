/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes that move (pager/lib/string.h): what is long does so by words, as a page does.
 */
#include "pager/lib/string.h"

void *memcpy(void *to, const void *from, size_t size)
{
	size_t words = size / 4, bytes = size % 4;
	void *at = to;

	__asm__ volatile("rep movsl\n\tmovl %3, %%ecx\n\trep movsb"
	                 : "+D"(at), "+S"(from), "+c"(words) : "r"(bytes) : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	char *target = to;
	const char *source = from;

	if (target <= source || target >= source + size)
		return memcpy(to, from, size);
	while (size-- > 0)
		target[size] = source[size];
	return to;
}

void *memset(void *to, int byte, size_t size)
{
	const unsigned word = (unsigned char)byte * 0x01010101u;
	size_t words = size / 4, bytes = size % 4;
	void *at = to;

	__asm__ volatile("rep stosl\n\tmovl %2, %%ecx\n\trep stosb"
	                 : "+D"(at), "+c"(words) : "r"(bytes), "a"(word) : "memory");
	return to;
}
