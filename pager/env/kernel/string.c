/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

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
		if (one[i] != other[i])
			return (unsigned char)one[i] < (unsigned char)other[i] ? -1 : 1;
		if (one[i] == '\0')
			return 0;
	}
	return 0;
}

int strcmp(const char *one, const char *other) { return strncmp(one, other, (size_t)-1); }

int memcmp(const void *one, const void *other, size_t size)
{
	const unsigned char *a = one, *b = other;
	for (size_t i = 0; i < size; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}
