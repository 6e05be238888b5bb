/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of UTF-8 a file may hold: everything printable, blanks, and line feeds (a carriage return before one is let
 * pass).  Rejecting the rest here, with its place, keeps lines and columns the same for us, for libyaml and for an
 * editor.
 */
#include "sim/yaml/tree.h"
#include <string.h>

/* How many bytes a character has that begins with this one; 0 if none does. */
static unsigned length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	return first >> 5 == 0x06 ? 2 : first >> 4 == 0x0e ? 3 : first >> 3 == 0x1e ? 4 : 0;
}

/* No UTF-8: overlong forms, surrogates, characters cut short, beyond U+10FFFF. */
unsigned text_decode(const char *bytes, size_t size, uint32_t *point)
{
	const unsigned char *text = (const unsigned char *)bytes;
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned length = length_of(text[0]);

	if (!length || length > size)
		return 0;
	*point = length == 1 ? text[0] : text[0] & (0x7fu >> length);
	for (unsigned n = 1; n < length; n++) {
		if (text[n] >> 6 != 2)
			return 0;
		*point = *point << 6 | (text[n] & 0x3f);
	}
	if (*point < least[length] || *point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000))
		return 0;
	return length;
}

/* What is wrong with a code point, and what should be there; false if nothing is. */
static bool refuse(uint32_t point, bool before_feed, struct text_fault *fault)
{
	fault->expected = "printable text";
	if (point == '\t') {
		fault->expected = "blanks";
		fault->got = "a tab";
	} else if (point == 0xfeff) {
		fault->got = "a byte order mark";
	} else if (point == 0x85 || point == 0x2028 || point == 0x2029 || (point == '\r' && !before_feed)) {
		fault->expected = "a line feed";
		fault->got = "another line break";
	} else if ((point < 0x20 && point != '\n' && point != '\r') || (point >= 0x7f && point < 0xa0) ||
	           point == 0xfffe || point == 0xffff) {
		fault->got = "a control character";
	} else {
		return false;
	}
	return true;
}

bool text_is_printable(uint32_t point)
{
	struct text_fault fault;

	return !refuse(point, false, &fault);
}

static void advance(struct text_cursor *cursor, uint32_t point, unsigned length)
{
	cursor->offset += length;
	if (point == '\n') {
		cursor->line++;
		cursor->column = 1;
	} else {
		cursor->column++;
	}
}

bool text_next_fault(const char *text, size_t size, struct text_cursor *cursor, struct text_fault *fault)
{
	while (cursor->offset < size) {
		const unsigned char *at = (const unsigned char *)text + cursor->offset;
		size_t left = size - cursor->offset;
		uint32_t point = 0;
		unsigned length = text_decode(text + cursor->offset, left, &point);
		bool bad = !length;

		fault->offset = cursor->offset;
		fault->line = cursor->line;
		fault->column = cursor->column;
		if (bad) {
			fault->expected = "UTF-8";
			fault->got = "other bytes";
		} else {
			bad = refuse(point, left > 1 && at[1] == '\n', fault);
		}
		advance(cursor, point, length ? length : 1);
		if (bad)
			return true;
	}
	return false;
}

int text_columns(const char *text, size_t size)
{
	int columns = 0;

	for (size_t n = 0; n < size; n++)
		columns += ((unsigned char)text[n] & 0xc0) != 0x80;
	return columns;
}
