/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the compiler may call by itself, and message transfer lives on: the processor's string instructions.
 */
#include "base/memory.h"

void *memset(void *to, int byte, size_t bytes)
{
	void *at = to;
	size_t words = bytes / 4, rest = bytes % 4;
	uint32_t word = (uint8_t)byte * 0x01010101u;
	__asm__ volatile("rep stosl" : "+D"(at), "+c"(words) : "a"(word) : "memory");
	__asm__ volatile("rep stosb" : "+D"(at), "+c"(rest) : "a"(word) : "memory");
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	void *at = to;
	size_t words = bytes / 4, rest = bytes % 4;
	__asm__ volatile("rep movsl" : "+D"(at), "+S"(from), "+c"(words) : : "memory");
	__asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(rest) : : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
	if ((uintptr_t)to - (uintptr_t)from >= bytes)
		return memcpy(to, from, bytes);
	void *last_to = (char *)to + bytes - 1;
	const void *last_from = (const char *)from + bytes - 1;
	__asm__ volatile("std; rep movsb; cld" : "+D"(last_to), "+S"(last_from), "+c"(bytes) : : "memory", "cc");
	return to;
}
