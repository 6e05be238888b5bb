/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The 386 and the 486: the processor walks the tables, and sets the accessed and dirty bits when it does.  The 386 is the
 * variant whose kernel ignores write protection.
 */
#include <criterion/criterion.h>

#include "arch/x86/cpu.h"
#include "arch/x86/tlb.h"
#include "layout.h"
#include "tests/unit/pmap/processor.h"
#include "write_protect.h"

enum { TLB_ENTRIES = 6, PRESENT = 1, WRITABLE = 2, USER = 4, ACCESSED = 0x20, DIRTY = 0x40 };

const unsigned processor_variants = 2;
uint32_t boot_directory[1024];
extern pmap_t loaded_pmap;

static bool write_protects;
static struct { bool valid; vm_offset_t va; uint32_t entry; } tlb[TLB_ENTRIES];

void processor_begin(unsigned variant) { write_protects = variant == 0; }
bool processor_write_protects(void) { return write_protects; }
bool copyio_write_protects(void) { return write_protects; }
void copyio_init(volatile uint32_t *read_only) { (void)read_only; }

uint32_t cr3_read(void) { return 0; }

void cr3_write(uint32_t value)
{
	(void)value;
	for (int i = 0; i < TLB_ENTRIES; i++)
		tlb[i].valid = false;
}

void tlb_forget(uint32_t address)
{
	for (int i = 0; i < TLB_ENTRIES; i++)
		if (tlb[i].va == (address & ~VM_PAGE_MASK))
			tlb[i].valid = false;
}

/* A walk of the page tables, written for itself; NULL: no entry. */
static uint32_t *walk(pmap_t pmap, vm_offset_t va)
{
	uint32_t *const *directory = (uint32_t *const *)((char *)pmap + 2 * sizeof(void *)); /* behind its link */
	const uint32_t table = (*directory)[va >> 22];
	return table & PRESENT ? (uint32_t *)phystokv(table & 0xfffff000) + (va >> 12 & 1023) : NULL;
}

bool entry_is_users(pmap_t pmap, vm_offset_t va) { return *walk(pmap, va) & USER; }

paddr_t access_memory(vm_offset_t va, bool write, struct random *random)
{
	int hit = -1;
	for (int i = 0; i < TLB_ENTRIES; i++)
		if (tlb[i].valid && tlb[i].va == va)
			hit = i;
	if (hit >= 0 && !(write && !(tlb[hit].entry & DIRTY)))
		return write && !(tlb[hit].entry & WRITABLE) ? 0 : tlb[hit].entry & 0xfffff000;
	uint32_t *entry = walk(loaded_pmap, va);
	if (!entry || !(*entry & PRESENT) || (write && !(*entry & WRITABLE)))
		return 0;
	*entry |= ACCESSED | (write ? DIRTY : 0);
	const int victim = hit >= 0 ? hit : (int)random_below(random, TLB_ENTRIES);
	tlb[victim].valid = true;
	tlb[victim].va = va;
	tlb[victim].entry = *entry;
	return *entry & 0xfffff000;
}
