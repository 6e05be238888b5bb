/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The R4000's TLB registers: EntryHi, two EntryLo, PageMask, Index, Random and Wired (R4000, chapter 4). */
#include "cpu.h"
#include "tlb.h"

enum { LOOKS = 4096 };

void entry_to_registers(const struct entry *entry)
{
	CP0_WRITE(10, entry->hi);
	CP0_WRITE(2, entry->lo[0]);
	CP0_WRITE(3, entry->lo[1]);
	CP0_WRITE(5, entry->mask);
}

void registers_to_entry(struct entry *entry)
{
	entry->hi = CP0_READ(10);
	entry->lo[0] = CP0_READ(2);
	entry->lo[1] = CP0_READ(3);
	entry->mask = CP0_READ(5);
}

uint32_t random_now(void)
{
	return CP0_READ(1);
}

/* Writing Wired sets Random to its upper bound, and from there it counts down to Wired. */
uint32_t tlb_count(void)
{
	uint32_t most = 0;

	CP0_WRITE(6, 0);
	for (unsigned n = 0; n < LOOKS; n++) {
		uint32_t now = random_now();

		if (now > most)
			most = now;
	}
	CP0_WRITE(6, WIRED);
	return most + 1;
}
