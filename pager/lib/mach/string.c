/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes and strings (pager/lib/string.h): what is long moves by words, as a page does.
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

int memcmp(const void *one, const void *other, size_t size)
{
	const unsigned char *a = one, *b = other;

	for (size_t i = 0; i < size; i++)
		if (a[i] != b[i])
			return a[i] - b[i];
	return 0;
}

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

int strncmp(const char *one, const char *other, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		const int difference = (unsigned char)one[i] - (unsigned char)other[i];

		if (difference != 0 || one[i] == '\0')
			return difference;
	}
	return 0;
}

int strcmp(const char *one, const char *other)
{
	return strncmp(one, other, (size_t)-1);
}
