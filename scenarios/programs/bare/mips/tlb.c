/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB as trials use it.  The first entries are wired and map what user mode runs: the snippets and the data, at
 * their physical addresses, for all ASIDs.
 */
#include "cpu.h"
#include "tlb.h"

extern const uint8_t snippets_begin[], snippets_end[];

uint32_t tlb_entries;
static unsigned wired;

void write_entry(unsigned index, const struct entry *entry)
{
	uint32_t hi = CP0_READ(10);

	entry_to_registers(entry);
	CP0_WRITE(0, index << INDEX_SHIFT);
	__asm__ volatile("tlbwi\nnop\nnop" : : : "memory");
	CP0_WRITE(10, hi);
}

void read_entry(unsigned index, struct entry *entry)
{
	uint32_t hi = CP0_READ(10);

	CP0_WRITE(0, index << INDEX_SHIFT);
	__asm__ volatile("tlbr\nnop\nnop" : : : "memory");
	registers_to_entry(entry);
	CP0_WRITE(10, hi);
}

uint32_t probe(uint32_t hi)
{
	uint32_t before = CP0_READ(10), index;

	CP0_WRITE(10, hi);
	__asm__ volatile("tlbp\nnop\nnop" : : : "memory");
	index = CP0_READ(0);
	CP0_WRITE(10, before);
	return index;
}

void map(unsigned index, uint32_t address, uint32_t frame, unsigned asid, unsigned rights)
{
	struct entry entry = { .hi = (address & VPN_MASK) | asid << ASID_SHIFT };
	unsigned half = address / PAGE % PAGES_PER_ENTRY;

	entry.lo[half] = lo_of(frame, rights);
	entry.lo[PAGES_PER_ENTRY - 1 - half] |= rights & LO_GLOBAL; /* a pair is global if both halves say so */
	write_entry(index, &entry);
}

/* An address of kseg0, which the TLB is never asked about; each entry another one. */
void unmap(unsigned index)
{
	struct entry entry = { .hi = KSEG0 + index * PAGE * PAGES_PER_ENTRY };

	write_entry(index, &entry);
}

void unmap_all(void)
{
	for (unsigned index = wired; index < tlb_entries; index++)
		unmap(index);
}

/* Pages that stand for themselves in all user address spaces. */
static void wire(uint32_t begin, uint32_t end)
{
	for (uint32_t page = begin; page < end; page += PAGE * PAGES_PER_ENTRY) {
		struct entry entry = { .hi = USER(page) };

		for (unsigned half = 0; half < PAGES_PER_ENTRY; half++)
			entry.lo[half] = lo_of(PHYSICAL(page) + half * PAGE, LO_GLOBAL | LO_VALID | LO_DIRTY);
		write_entry(wired++, &entry);
	}
}

void tlb_init(void)
{
	tlb_entries = tlb_count();
	for (unsigned index = 0; index < tlb_entries; index++)
		unmap(index);
	wire((uint32_t)snippets_begin, (uint32_t)snippets_end);
	wire((uint32_t)data, (uint32_t)data + sizeof data);
	if (wired > WIRED) {
		print("too many pages to wire\n");
		for (;;)
			;
	}
	wired = WIRED;
}
