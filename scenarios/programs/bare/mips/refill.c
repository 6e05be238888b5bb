/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A user program on more pages than the TLB holds, each entry put in by tlbwr when it is missed, as a kernel does
 * it: loads and stores at addresses that a generator chooses.  The same walk in C, on the frames in kseg0, says what
 * has to come out.
 */
#include "tlb.h"
#include "trial.h"

enum { PAGES_OF_RAM = 4, STEPS = 2000, FACTOR = 69069, ASID = 17 };

/*
 * a0 base, a1 steps, a2 factor, a3 pages: each step takes a new number, of it the page and the word, loads, adds to
 * v0, and stores the sum at the word beside it, in the slot of the branch that ends the loop.
 */
SNIPPET(walk, "addiu $2, $0, 0\naddiu $8, $0, 1\n"
              "1: multu $8, $6\nmflo $8\naddiu $8, $8, 1\n"
              "srl $9, $8, 13\ndivu $0, $9, $7\nmfhi $10\nsll $10, $10, 12\naddu $10, $10, $4\n"
              "andi $9, $8, 0xff8\naddu $10, $10, $9\nlw $11, 0($10)\naddiu $5, $5, -1\naddu $2, $2, $11\n"
              "bgtz $5, 1b\nsw $2, 4($10)\nnop");

static void fill_pages(void)
{
	volatile uint32_t *word = (volatile uint32_t *)data;

	for (unsigned n = 0; n < PAGES_OF_RAM * PAGE / 4; n++)
		word[n] = n * 2654435761u;
}

static uint32_t frame_of(unsigned page)
{
	return PHYSICAL(data) + page % PAGES_OF_RAM * PAGE;
}

static uint32_t walk_here(unsigned pages)
{
	uint32_t sum = 0, number = 1;

	for (unsigned n = 0; n < STEPS; n++) {
		number = number * FACTOR + 1;
		uint32_t address = (frame_of((number >> 13) % pages) | KSEG0) + (number & 0xff8);

		sum += load(address);
		store(address + 4, sum);
	}
	return sum;
}

static uint32_t checksum(void)
{
	const volatile uint32_t *word = (const volatile uint32_t *)data;
	uint32_t sum = 0;

	for (unsigned n = 0; n < PAGES_OF_RAM * PAGE / 4; n++)
		sum = (sum << 1 | sum >> 31) + word[n];
	return sum;
}

/* What the refill handler of a kernel does, of the page that BadVAddr names. */
static void refill(uint32_t address)
{
	struct entry entry = { .hi = (address & VPN_MASK) | ASID << ASID_SHIFT };
	uint32_t hi = CP0_READ(10), first = (address - FREE_2) / PAGE & -(unsigned)PAGES_PER_ENTRY;

	for (unsigned half = 0; half < PAGES_PER_ENTRY; half++)
		entry.lo[half] = lo_of(frame_of(first + half), LO_VALID | LO_DIRTY);
	entry_to_registers(&entry);
	__asm__ volatile("tlbwr\nnop\nnop" : : : "memory");
	CP0_WRITE(10, hi);
}

static void walk_on(unsigned pages, const char *text)
{
	struct frame frame = in_user(walk);
	uint32_t expected, sum;
	unsigned misses = 0;

	fill_pages();
	expected = walk_here(pages);
	sum = checksum();
	fill_pages();
	frame.entry_hi = ASID << ASID_SHIFT;
	frame.reg[A0] = FREE_2;
	frame.reg[A1] = STEPS;
	frame.reg[A2] = FACTOR;
	frame.reg[A3] = pages;
	for (run(&frame); outcome.vector == 0 && misses < 2 * STEPS; run(&frame)) {
		refill(outcome.address);
		misses++;
		frame.pc = outcome.pc;
		for (unsigned n = 1; n < 26; n++)
			frame.reg[n] = outcome.reg[n];
		frame.hi = outcome.hi;
		frame.lo = outcome.lo;
	}
	chapter(text);
	claim_done("the program comes to its end");
	claim_equal("its sum", outcome.reg[V0], expected);
	claim_equal("its memory", checksum(), sum);
	claim("it has missed", misses >= pages / PAGES_PER_ENTRY / 2);
	unmap_all();
}

void chapter_refill(void)
{
	walk_on(4, "a walk on 4 pages");
	walk_on(tlb_entries - WIRED, "a walk on as many pages as there are entries");
	walk_on(3 * tlb_entries, "a walk on three times as many pages as entries");
}
