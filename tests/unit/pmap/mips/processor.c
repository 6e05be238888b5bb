/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The R3000 and the R4000 (PAIRS: entries of two pages): the TLB with what vectors.S and trap.c make of its misses, and
 * variants by how many ASIDs there are, and whether the G bit is heeded.  An R4000's entry is 6 bits lower than a table's.
 *
 * What is no entry of the TLB goes through the tables' window, which is itself looked up here, or on an R3000, for the
 * kernel's pages, through the directory as memory.  Two entries that match one page are a defect.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "cache.h"
#include "cp0.h"
#include "layout.h"
#include "pmap_private.h"
#include "tests/unit/pmap/processor.h"
#include "tlb.h"

#ifdef PAIRS
enum { HALVES = 2, SHIFT = 6 };
#else
enum { HALVES = 1, SHIFT = 0 };
#endif
enum { ENTRIES = 6, TRIES = 8 };
#define PAGE_BITS (0u - (1u << ENTRY_HI_PAGE_SHIFT))
#define NONE 0xffffffffu

static const struct { uint32_t asids; bool global; } variants[] = { { 64, true }, { 3, false }, { 1, true } };
const unsigned processor_variants = sizeof variants / sizeof *variants;
bool pmap_tlb_is_global;

uint32_t tlb_entries = ENTRIES, tlb_asids;

static struct entry { bool used; uint32_t hi, lo[2]; } tlb[ENTRIES];
static uint32_t entry_hi, entry_lo[2], entry_index;

void processor_begin(unsigned variant)
{
	tlb_asids = variants[variant].asids;
	pmap_tlb_is_global = variants[variant].global;
	memset(tlb, 0, sizeof tlb);
	entry_hi = 0;
}

bool processor_write_protects(void) { return true; }

/* Entries as a table has them: bits as in pte.h, whatever the processor. */
static uint32_t half_of(const struct entry *entry, vm_offset_t va)
{
	return entry->lo[HALVES == 2 ? va >> VM_PAGE_SHIFT & 1 : 0] << SHIFT;
}

static bool is_global(const struct entry *entry)
{
	bool global = pmap_tlb_is_global;
	for (int half = 0; half < HALVES; half++)
		global = global && entry->lo[half] << SHIFT & PTE_GLOBAL;
	return global;
}

static uint32_t asid(void) { return (entry_hi & ENTRY_HI_ASID_MASK) >> ENTRY_HI_ASID_SHIFT; }

/* The entry that matches, with EntryHi's ASID; NONE. */
static uint32_t find(vm_offset_t va)
{
	uint32_t found = NONE;
	for (uint32_t i = 0; i < ENTRIES; i++) {
		if (!tlb[i].used || (tlb[i].hi & PAGE_BITS) != (va & PAGE_BITS))
			continue;
		if (!is_global(&tlb[i]) && (tlb[i].hi & ENTRY_HI_ASID_MASK) >> ENTRY_HI_ASID_SHIFT != asid())
			continue;
		cr_assert_eq(found, NONE, "two entries of the TLB match %x", va);
		found = i;
	}
	return found;
}

/* --- What pmap.c sees --- */

uint32_t cp0_entry_hi_read(void) { return entry_hi; }
void cp0_entry_hi_write(uint32_t value)
{
	cr_assert_lt((value & ENTRY_HI_ASID_MASK) >> ENTRY_HI_ASID_SHIFT, tlb_asids, "an ASID that there is not");
	entry_hi = value;
}
void cp0_entry_lo_write(uint32_t value) { entry_lo[0] = value; }
void cp0_entry_lo1_write(uint32_t value) { entry_lo[1] = value; }
uint32_t cp0_index_read(void) { return entry_index; }

void tlbp(void)
{
	const uint32_t found = find(entry_hi & PAGE_BITS);
	entry_index = found == NONE ? 0x80000000u : found;
}

static void write_entry(uint32_t index, uint32_t hi, const uint32_t lo[2])
{
	tlb[index] = (struct entry){ true, hi, { lo[0], lo[1] } };
	find(hi & PAGE_BITS);
}

void tlbwi(void) { write_entry(entry_index, entry_hi, entry_lo); }

void tlb_flush(void) { memset(tlb, 0, sizeof tlb); }

void tlb_forget(uint32_t address, uint32_t of_asid)
{
	const uint32_t saved = entry_hi;
	cp0_entry_hi_write(of_asid << ENTRY_HI_ASID_SHIFT);
	const uint32_t found = find(address);
	if (found != NONE)
		tlb[found].used = false;
	entry_hi = saved;
}

void cache_code_written(uint32_t address, uint32_t bytes) { (void)address, (void)bytes; }

/* --- Misses --- */

/* A random entry, as tlbwr writes it: that of two pages at an even place of a table, or of one. */
static void refill(vm_offset_t va, const uint32_t *of, struct random *random)
{
	const uint32_t lo[2] = { of[0] >> SHIFT, HALVES == 2 ? of[1] >> SHIFT : 0 };
	write_entry(random_below(random, ENTRIES), (va & PAGE_BITS) | asid() << ENTRY_HI_ASID_SHIFT, lo);
}

static const uint32_t *seen(uint32_t pte) { return phystokv(pte & PTE_FRAME); }

/* The table's entry for va, or its pair, through the window. */
static const uint32_t *through_window(vm_offset_t va, struct random *random)
{
	const unsigned index = va >> TABLE_SHIFT;
	const vm_offset_t window = TABLE_WINDOW + (index << VM_PAGE_SHIFT);
	if (find(window) == NONE)
		refill(window, &loaded_directory[HALVES == 2 ? index & ~1u : index], random);
	const uint32_t table = half_of(&tlb[find(window)], window);
	cr_assert(table & PTE_ACCESSED, "a directory says of a table that it is not valid");
	cr_assert_eq(table >> SHIFT, loaded_directory[index] >> SHIFT, "the TLB has a table that is not the map's");
	const unsigned entry = va >> VM_PAGE_SHIFT & (TABLE_ENTRIES - 1);
	return seen(table) + (HALVES == 2 ? entry & ~1u : entry);
}

/* False: it is a fault. */
static bool miss(vm_offset_t va, struct random *random)
{
	if (HALVES == 2 || va < USER_END) {
		refill(va, through_window(va, random), random);
		return true;
	}
	const uint32_t *entry = seen(kernel_directory[va >> TABLE_SHIFT]) + (va >> VM_PAGE_SHIFT & (TABLE_ENTRIES - 1));
	if (*entry & PTE_ACCESSED)
		refill(va, entry, random);
	return *entry & PTE_ACCESSED;
}

paddr_t access_memory(vm_offset_t va, bool write, struct random *random)
{
	for (int turn = 0; turn < TRIES; turn++) {
		const uint32_t found = find(va);
		if (found == NONE && miss(va, random))
			continue;
		const uint32_t entry = found == NONE ? 0 : half_of(&tlb[found], va);
		if (entry & PTE_ACCESSED && (!write || entry & PTE_DIRTY))
			return entry & PTE_FRAME;
		if (!pmap_touch(va < USER_END ? loaded_pmap : kernel_pmap, va, write))
			return 0;
	}
	cr_assert(false, "an access to %x comes to no end", va);
	return 0;
}

bool entry_is_users(pmap_t pmap, vm_offset_t va) { return !(*pmap_pte(pmap, va) & PTE_GLOBAL); }
