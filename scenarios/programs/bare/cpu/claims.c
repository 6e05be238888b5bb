/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims: their lines, their count, and what a trial is by default. */
#include "cpu.h"

bool under_qemu, brief;
unsigned family;
static unsigned passed, failed, skipped, number;
static const char *chapter_name = "", *skip_reason;

static void put(char c)
{
	while (!(inb(0x3fd) & 0x20)) /* the transmitter's holding register is not yet empty */
		for (volatile unsigned i = 0; i < 50; i++)
			;
	outb(0x3f8, (uint8_t)c);
}

/* 115200 bits a second, 8 bits, no parity: the claims are many. */
void open_line(void)
{
	outb(0x3fb, 0x83);
	outb(0x3f8, 1);
	outb(0x3f9, 0);
	outb(0x3fb, 0x03);
}

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
	const char *reason = under_qemu ? skip_reason : 0;
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

static void print_trap(uint32_t vector, uint32_t error, uint32_t eip)
{
	print("vector ");
	print_decimal(vector);
	print(" error ");
	print_hex(error);
	print(" eip ");
	print_hex(eip);
}

void claim_trap(const char *text, unsigned vector, uint32_t error, const void *eip)
{
	bool holds = outcome.vector == vector && outcome.error == error && (!eip || outcome.eip == (uint32_t)eip);
	if (!fails(holds, text))
		return;
	print(": got ");
	print_trap(outcome.vector, outcome.error, outcome.eip);
	print(", expected ");
	print_trap(vector, error, (uint32_t)eip);
	print("\n");
}

void claim_done(const char *text)
{
	claim_trap(text, DONE, 0, 0);
}

unsigned claims_end(void)
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

struct frame in_ring(unsigned ring, const void *code)
{
	static const struct { uint32_t code, data; uint8_t *stack; } rings[4] = {
		{ CODE0, DATA0, stack0 }, { CODE1, DATA1, stack1 }, { 0, 0, 0 }, { CODE3, DATA3, stack3 }
	};
	struct frame frame = {
		.eip = (uint32_t)code, .cs = rings[ring].code, .eflags = FLAG_ONE, .ss = rings[ring].data,
		.esp = (uint32_t)(rings[ring].stack + STACK - 256)
	};
	frame.ds = frame.es = frame.fs = frame.gs = rings[ring].data;
	return frame;
}

void run(const struct frame *frame)
{
	run_trial(frame);
	uint32_t *const selector[] = { &outcome.ds, &outcome.es, &outcome.fs, &outcome.gs, &outcome.cs, &outcome.ss };
	for (unsigned i = 0; i < sizeof(selector) / sizeof(*selector); i++)
		*selector[i] &= 0xffff;
}
