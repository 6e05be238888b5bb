/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims: their lines, their count, and what a trial is by default. */
#include "cpu.h"

bool under_qemu, under_gxemul, brief;
static const char *for_gxemul, *lasting_reason;

enum { DONE_WORD = 0xd0e << 6 | 0x0c }; /* syscall 0xd0e */

static const char *reason_to_skip(const char *for_qemu)
{
	const char *reason = under_qemu ? for_qemu : for_gxemul;

	for_gxemul = NULL;
	return reason ? reason : lasting_reason;
}

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

#include "../claims.h"

/* --- claims that an emulator does not hold to --- */

void not_in_gxemul(const char *reason)
{
	if (under_gxemul)
		for_gxemul = reason;
}

void unlike_gxemul(const char *reason)
{
	lasting_reason = under_gxemul ? reason : NULL;
}

bool gxemul_cannot(const char *text, const char *reason)
{
	if (under_gxemul) {
		for_gxemul = reason;
		claim(text, true);
	}
	return under_gxemul;
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
	return print_totals();
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
