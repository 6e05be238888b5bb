/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims: their lines, their count, and what a trial is by default. */
#include "cpu.h"

bool under_qemu, under_gxemul, brief;
static unsigned passed, failed, skipped, number;
static const char *chapter_name = "", *skip_reason, *lasting_reason;

enum { DONE_WORD = 0xd0e << 6 | 0x0c }; /* syscall 0xd0e */

/* --- the line --- */

static void put(char c)
{
	while (!(inb(0x3fd) & 0x20)) /* the transmitter's holding register is not yet empty */
		;
	outb(0x3f8, (uint8_t)c);
}

/* 115200 bits a second, 8 bits, no parity: the claims are many. */
void open_line(void)
{
	outb(0x3f9, 0);
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

/* --- claims --- */

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
	if (under_qemu)
		skip_reason = reason;
}

void not_in_gxemul(const char *reason)
{
	if (under_gxemul)
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
	const char *reason = skip_reason ? skip_reason : lasting_reason;

	skip_reason = NULL;
	number++;
	skipped += reason != NULL;
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

void unlike_gxemul(const char *reason)
{
	lasting_reason = under_gxemul ? reason : NULL;
}

bool gxemul_cannot(const char *text, const char *reason)
{
	if (under_gxemul) {
		skip_reason = reason;
		claim(text, true);
	}
	return under_gxemul;
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

/* --- outcomes --- */

static unsigned code_of(uint32_t cause)
{
	return cause >> 2 & 31;
}

static void print_trap(unsigned code, uint32_t epc, bool slot, uint32_t vector)
{
	print("code ");
	print_decimal(code);
	print(slot ? " in a slot, epc " : ", epc ");
	print_hex(epc);
	print(", vector ");
	print_hex(vector);
}

static void claim_vector(const char *text, unsigned code, uint32_t epc, bool slot, uint32_t vector)
{
	bool in_slot = outcome.cause & BIT_BD;

	if (!fails(code_of(outcome.cause) == code && outcome.pc == epc && in_slot == slot && outcome.vector == vector, text))
		return;
	print(": got ");
	print_trap(code_of(outcome.cause), outcome.pc, in_slot, outcome.vector);
	print(", expected ");
	print_trap(code, epc, slot, vector);
	print("\n");
}

void claim_trap(const char *text, unsigned code, uint32_t epc, bool slot)
{
	claim_vector(text, code, epc, slot, GENERAL_VECTOR);
}

void claim_refill(const char *text, unsigned code, uint32_t epc, bool slot)
{
	claim_vector(text, code, epc, slot, 0);
}

bool is_done(void)
{
	return code_of(outcome.cause) == SYS && !(outcome.cause & BIT_BD) && load(PHYSICAL(outcome.pc) | KSEG0) == DONE_WORD;
}

void claim_done(const char *text)
{
	if (!fails(is_done(), text))
		return;
	print(": got ");
	print_trap(code_of(outcome.cause), outcome.pc, outcome.cause & BIT_BD, outcome.vector);
	print("\n");
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

/* --- trials --- */

struct frame in_kernel(const void *code)
{
	struct frame frame = { .pc = (uint32_t)code, .status = MODE_KERNEL };

	frame.reg[SP] = (uint32_t)data + sizeof data - 64;
	return frame;
}

struct frame in_user(const void *code)
{
	struct frame frame = { .pc = USER(code), .status = MODE_USER };

	frame.reg[SP] = USER(data) + sizeof data - 64;
	return frame;
}
