/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The R2000's and R3000's TLB registers: EntryHi, EntryLo, Index and Random (KANE, chapter 6). */
#include "cpu.h"
#include "tlb.h"

enum { LOOKS = 8192, USUAL = 64 };

void entry_to_registers(const struct entry *entry)
{
	CP0_WRITE(10, entry->hi);
	CP0_WRITE(2, entry->lo[0]);
}

void registers_to_entry(struct entry *entry)
{
	entry->hi = CP0_READ(10);
	entry->lo[0] = CP0_READ(2);
	entry->lo[1] = 0;
	entry->mask = 0;
}

uint32_t random_now(void)
{
	return CP0_READ(1) >> INDEX_SHIFT;
}

/*
 * Random counts down from the last entry to the first that is not wired: the greatest value seen is the last.  Where
 * it stands still, as GXemul's does, it says nothing: then there are as many as KANE says.
 */
uint32_t tlb_count(void)
{
	uint32_t most = 0, pause = 1;

	for (unsigned n = 0; n < LOOKS; n++) {
		uint32_t now = random_now();

		if (now > most)
			most = now;
		pause = pause * 1103515245 + 12345;
		/* Two loops whose rounds differ by one instruction: together no beat with what Random counts by. */
		for (unsigned wait = (pause >> 16) % 31; wait; wait--)
			__asm__ volatile("nop");
		for (unsigned wait = (pause >> 24) % 31; wait; wait--)
			__asm__ volatile("nop\nnop");
	}
	return most > WIRED ? most + 1 : USUAL;
}
