/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranges of a physical map, and questions to it: tables of two levels, whose entries the architecture lowers (pmap.c).
 *
 *   1. No entry is lowered here but by pmap_drop and pmap_make_read_only, which tell the TLB.  That an entry is wired
 *      is the kernel's own knowledge: the TLB is not told.
 *   2. The end of the last table wraps to 0: a range in it goes as far as its own end, which does not.
 *   3. Where there is no table, nothing is mapped: its whole span is skipped.
 */
#include "pmap_private.h"

/* Calls for every present entry of the range. */
static inline void each_entry(pmap_t pmap, vm_offset_t start, vm_offset_t end,
                              void (*call)(pmap_t pmap, vm_offset_t va, pte_t *pte))
{
	for (vm_offset_t va = start; va < end;) {
		const vm_offset_t table_end = (va & ~(TABLE_SPAN - 1)) + TABLE_SPAN;
		const vm_offset_t stop = table_end < end && table_end > va ? table_end : end;
		pte_t *pte = pmap_pte(pmap, va);
		for (; pte && va < stop; va += VM_PAGE_SIZE, pte++)
			if (*pte & PTE_PRESENT)
				call(pmap, va, pte);
		va = stop;
	}
}

void pmap_remove(pmap_t pmap, vm_offset_t start, vm_offset_t end)
{
	if (pmap->resident)
		each_entry(pmap, start, end, pmap_drop);
}

static void make_read_only_if_writable(pmap_t pmap, vm_offset_t va, pte_t *pte)
{
	if (*pte & PTE_WRITABLE)
		pmap_make_read_only(pmap, va, pte);
}

void pmap_protect(pmap_t pmap, vm_offset_t start, vm_offset_t end, vm_prot_t prot)
{
	if (prot & VM_PROT_WRITE)
		return;
	if (prot & (VM_PROT_READ | VM_PROT_EXECUTE))
		each_entry(pmap, start, end, make_read_only_if_writable);
	else
		pmap_remove(pmap, start, end);
}

void pmap_change_wiring(pmap_t pmap, vm_offset_t va, bool wired)
{
	pte_t *pte = pmap_pte(pmap, va);
	if (pte && *pte & PTE_PRESENT)
		*pte = wired ? *pte | PTE_WIRED : *pte & ~(pte_t)PTE_WIRED;
}

/* --- Questions --- */

paddr_t pmap_extract(pmap_t pmap, vm_offset_t va)
{
	const pte_t *pte = pmap_pte(pmap, va);
	return pte && *pte & PTE_PRESENT ? (*pte & PTE_FRAME) | (va & VM_PAGE_MASK) : 0;
}

bool pmap_accessible(pmap_t pmap, vm_offset_t va, vm_prot_t prot)
{
	const pte_t *pte = pmap_pte(pmap, va);
	const pte_t wanted = PTE_PRESENT | (prot & VM_PROT_WRITE ? PTE_WRITABLE : 0);
	return pte && (*pte & wanted) == wanted;
}

natural_t pmap_resident_count(pmap_t pmap) { return pmap->resident; }
natural_t pmap_table_pages(pmap_t pmap) { return pmap->tables; }

bool pmap_table_has_wired(const pte_t *table)
{
	for (unsigned i = 0; i < TABLE_ENTRIES; i++)
		if (table[i] & PTE_WIRED)
			return true;
	return false;
}
