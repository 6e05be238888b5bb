/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims: their lines, their count, and what a trial is by default. */
#include "cpu.h"

bool under_qemu, brief;
unsigned family;

#define reason_to_skip(for_qemu_) (under_qemu ? (for_qemu_) : 0)

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

#include "../claims.h"

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
	return print_totals();
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
