/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random, and tlbwr, which writes where it points (KANE, chapter 6; R4000, chapter 4). */
#include "tlb.h"
#include "trial.h"

enum { LOOKS = 2000, WRITES = 4000 };

static void range(void)
{
	bool within = true, moves = false;
	uint32_t first = random_now();

	chapter("Random");
	for (unsigned n = 0; n < LOOKS; n++) {
		uint32_t now = random_now();

		within = within && now >= WIRED && now < tlb_entries;
		moves = moves || now != first;
		for (volatile unsigned wait = 0; wait < n % 5; wait++)
			;
	}
	unlike_gxemul("it chooses when it writes");
	claim("lies between the wired entries and the last", within);
	claim("moves", moves);
	unlike_gxemul(NULL);
	claim("the TLB's size is a known one", tlb_entries >= 16 && tlb_entries <= 512);
}

static void write_random(uint32_t page)
{
	uint32_t hi = CP0_READ(10);
	struct entry entry = { .hi = page };

	entry_to_registers(&entry);
	__asm__ volatile("tlbwr\nnop\nnop" : : : "memory");
	CP0_WRITE(10, hi);
}

/* Pages of kuseg, each its own: what an entry holds says when it was written. */
static void writes(void)
{
	struct entry before[WIRED], now;
	unsigned wired_changed = 0, reached = 0, pause = 1;

	chapter("tlbwr");
	for (unsigned index = 0; index < WIRED; index++)
		read_entry(index, &before[index]);
	for (unsigned n = 0; n < WRITES; n++) {
		write_random(FREE_2 + n * PAGE * PAGES_PER_ENTRY);
		pause = pause * 1103515245 + 12345; /* no beat with what Random counts by */
		for (volatile unsigned wait = 0; wait < (pause >> 16) % 17; wait++)
			;
	}
	for (unsigned index = 0; index < WIRED; index++) {
		read_entry(index, &now);
		wired_changed += now.hi != before[index].hi || now.lo[0] != before[index].lo[0];
	}
	for (unsigned index = WIRED; index < tlb_entries; index++) {
		read_entry(index, &now);
		reached += now.hi >= FREE_2 && now.hi < KSEG0;
	}
	claim_equal("leaves the wired entries alone", wired_changed, 0);
	claim_equal("reaches all others", reached, tlb_entries - WIRED);
	unmap_all();
}

void chapter_random(void)
{
	range();
	writes();
}
