/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What string.h has that only looks at bytes. */
#include "pager/lib/string.h"

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
		int difference = (unsigned char)one[i] - (unsigned char)other[i];

		if (difference != 0 || one[i] == '\0')
			return difference;
	}
	return 0;
}

int strcmp(const char *one, const char *other)
{
	return strncmp(one, other, (size_t)-1);
}
