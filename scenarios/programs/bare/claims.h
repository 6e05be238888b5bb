/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the claims of all processors have alike: their lines and their count.  For claims.c alone, which has before it
 * cpu.h and
 *
 *   put(c)                    sends a byte on the line
 *   reason_to_skip(for_qemu)  why this claim does not count on this machine, NULL if it does; for_qemu: what
 *                             not_in_qemu has said of it, NULL if nothing
 */
#pragma once

static unsigned passed, failed, skipped, number;
static const char *chapter_name = "", *skip_reason;

void print(const char *text)
{
	while (*text)
		put(*text++);
}

static void print_hex(uint32_t value)
{
	unsigned digits = 1;
	while (digits < 8 && value >> 4 * digits)
		digits++;
	print("0x");
	while (digits--)
		put("0123456789abcdef"[value >> 4 * digits & 15]);
}

static void print_decimal(uint32_t value)
{
	char text[11];
	unsigned at = sizeof(text) - 1;
	text[at] = 0;
	do
		text[--at] = (char)('0' + value % 10);
	while (value /= 10);
	print(text + at);
}

void chapter(const char *name)
{
	chapter_name = name;
	if (brief)
		return;
	print("# ");
	print(name);
	print("\n");
}

void not_in_qemu(const char *reason)
{
	skip_reason = reason;
}

static void print_line(const char *word, const char *text)
{
	print(word);
	print_decimal(number);
	print(" ");
	print(chapter_name);
	print(": ");
	print(text);
}

/* Counts a claim, and prints all of its line, but for that of a failure, to which the caller adds: then true. */
static bool fails(bool holds, const char *text)
{
	const char *reason = reason_to_skip(skip_reason);
	skip_reason = 0;
	number++;
	skipped += reason != 0;
	passed += !reason && holds;
	failed += !reason && !holds;
	if (!reason && !holds) {
		print_line("not ok ", text);
		return true;
	}
	if (brief)
		return false;
	print_line(reason ? "skip " : "ok ", text);
	if (reason) {
		print(" # ");
		print(reason);
	}
	print("\n");
	return false;
}

void claim(const char *text, bool holds)
{
	if (fails(holds, text))
		print("\n");
}

void claim_equal(const char *text, uint32_t got, uint32_t expected)
{
	if (!fails(got == expected, text))
		return;
	print(": got ");
	print_hex(got);
	print(", expected ");
	print_hex(expected);
	print("\n");
}

/* The last line, to its last byte; returns how many failed. */
static inline unsigned print_totals(void)
{
	print("claims: ");
	print_decimal(passed);
	print(" passed, ");
	print_decimal(failed);
	print(" failed, ");
	print_decimal(skipped);
	print(" skipped\n");
	while (!(inb(0x3fd) & 0x40)) /* the last byte is still on its way */
		;
	return failed;
}
