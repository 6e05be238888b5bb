/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables that the kernel's own refill of the TLB walks (vectors.S).
 *
 *   1. All directories agree from KERNEL_ENTRY up: a thread of the kernel runs under whichever is loaded.
 *   2. A present entry counts in `resident`, and its page's list of mappings has it (pmap_pages.c).
 *   3. An entry is lowered, and the TLB told, in one go: the kernel is not preempted.
 *   4. The TLB holds what a table's entry says, or an entry that is not valid where the table's has become so: then the
 *      TLB is told too (tlb_refresh), as a second entry for the page would be the end.
 *   5. A map's ASID is its own for a generation: when all have been given out, the TLB is emptied and a new
 *      generation begins.  A processor without ASIDs begins one with each map that is loaded.  Entries of former
 *      generations are not in the TLB; there is nothing to tell.
 *   6. Entries of the kernel's tables are global, the empty ones too: an R4000's pair is global only if both halves are.
 *      Where the processor does not heed that, the TLB has the kernel's pages once an ASID, and is emptied as a whole.
 */
#include "base/memory.h"
#include "base/panic.h"
#include "cache.h"
#include "kern/zalloc.h"
#include "pmap_private.h"
#include "tlb.h"
#include "vm/vm_page.h"

enum { PMAPS_MOST = 4096 };

static struct list pmaps = { &pmaps, &pmaps };
static struct pmap kernel_pmap_store = { .restart_at = RESTART_NONE };
pmap_t kernel_pmap = &kernel_pmap_store;
pmap_t loaded_pmap = &kernel_pmap_store;
pte_t *loaded_directory = kernel_directory;
static zone_t pmap_zone;
static uint32_t generation = 1, next_asid;

void *phystokv(paddr_t address) { return (void *)(address + WINDOW_BASE); }

paddr_t kvtophys(const void *address)
{
	const vm_offset_t va = (vm_offset_t)address;
	return va < TABLE_WINDOW ? va - WINDOW_BASE : pmap_extract(kernel_pmap, va);
}

void pmap_zero_page(paddr_t pa) { memset(phystokv(pa), 0, VM_PAGE_SIZE); }
void pmap_copy_page(paddr_t from, paddr_t to) { memcpy(phystokv(to), phystokv(from), VM_PAGE_SIZE); }

/* --- The TLB --- */

/* Whether the TLB may hold anything of the map. */
static inline bool in_tlb(pmap_t pmap) { return pmap->generation == generation || pmap == kernel_pmap; }

static void forget(pmap_t pmap, vm_offset_t va)
{
	if (pmap == kernel_pmap && !pmap_tlb_is_global)
		tlb_flush();
	else
		tlb_forget(va, pmap->asid);
}

static void tell_tlb(pmap_t pmap, vm_offset_t va, pte_t old)
{
	if (old & PTE_ACCESSED && in_tlb(pmap))
		forget(pmap, va);
}

/* The entry has risen: if the TLB has one that is not valid, it is to be this one; of the kernel's, that of the map
 * that is loaded. */
static void tlb_refresh(pmap_t pmap, vm_offset_t va, const pte_t *pte)
{
	if (!in_tlb(pmap))
		return;
	const uint32_t entry_hi = cp0_entry_hi_read(), asid = (pmap == kernel_pmap ? loaded_pmap : pmap)->asid;
	cp0_entry_hi_write((va & (0u - (1u << ENTRY_HI_PAGE_SHIFT))) | asid << ENTRY_HI_ASID_SHIFT);
	tlbp();
	if (!(cp0_index_read() >> INDEX_NO_MATCH_SHIFT)) {
		tlb_entry_load(pte);
		tlbwi();
	}
	cp0_entry_hi_write(entry_hi);
}

/* An entry of the directory has changed: so has the translation of the tables' window there. */
static void tell_tlb_of_table(pmap_t pmap, unsigned index)
{
	if (in_tlb(pmap))
		forget(pmap, TABLE_WINDOW + (index << VM_PAGE_SHIFT));
}

static void take_asid(pmap_t pmap)
{
	if (next_asid == tlb_asids) {
		tlb_flush();
		generation++;
		next_asid = 0;
	}
	pmap->asid = next_asid++;
	pmap->generation = generation;
}

void pmap_activate(pmap_t pmap)
{
	if (pmap == loaded_pmap)
		return;
	loaded_pmap = pmap;
	loaded_directory = pmap->directory;
	if (pmap->generation != generation)
		take_asid(pmap);
	cp0_entry_hi_write(pmap->asid << ENTRY_HI_ASID_SHIFT);
}

/* --- Entries --- */

static inline pte_t no_entry(pmap_t pmap) { return pmap == kernel_pmap ? PTE_GLOBAL : 0; }

void pmap_drop(pmap_t pmap, vm_offset_t va, pte_t *pte)
{
	const pte_t old = *pte;
	*pte = no_entry(pmap);
	tell_tlb(pmap, va, old);
	pmap_keep_bits(old);
	pv_remove(old & PTE_FRAME, pmap, va);
	pmap->resident--;
}

void pmap_lower(pmap_t pmap, vm_offset_t va, pte_t *pte, pte_t bits)
{
	const pte_t old = *pte;
	*pte = old & ~bits;
	tell_tlb(pmap, va, old);
}

void pmap_make_read_only(pmap_t pmap, vm_offset_t va, pte_t *pte)
{
	if (*pte & PTE_DIRTY)
		pmap_keep_bits(*pte);
	pmap_lower(pmap, va, pte, PTE_WRITABLE | PTE_DIRTY);
}

bool pmap_touch(pmap_t pmap, vm_offset_t va, bool writes)
{
	pte_t *pte = pmap_pte(pmap, va);
	const pte_t wanted = PTE_PRESENT | (writes ? PTE_WRITABLE : 0);
	if (!pte || (*pte & wanted) != wanted)
		return false;
	*pte |= PTE_ACCESSED | (writes ? PTE_DIRTY : 0);
	tlb_refresh(pmap, va, pte);
	return true;
}

/* --- Maps --- */

void pmap_init(void) { pmap_zone = zinit(sizeof(struct pmap), PMAPS_MOST * sizeof(struct pmap), "pmap"); }

pmap_t pmap_create(void)
{
	pmap_t pmap = zalloc(pmap_zone);
	if (!pmap)
		return NULL;
	pmap->directory = pmap_table_page(pmap_no_table);
	if (!pmap->directory) {
		zfree(pmap_zone, pmap);
		return NULL;
	}
	memcpy(&pmap->directory[KERNEL_ENTRY], &kernel_directory[KERNEL_ENTRY],
	       (TABLE_ENTRIES - KERNEL_ENTRY) * sizeof(pte_t));
	pmap->resident = pmap->tables = 0;
	pmap->generation = 0;
	pmap->restart_at = RESTART_NONE;
	list_append(&pmaps, &pmap->link);
	return pmap;
}

/* Its ASID is nobody's until the TLB is emptied: what is left of it there is never found. */
void pmap_destroy(pmap_t pmap)
{
	if (loaded_pmap == pmap)
		pmap_activate(kernel_pmap);
	pmap->generation = 0;
	pmap_remove(pmap, 0, USER_END);
	for (unsigned i = 0; i < USER_TABLES; i++)
		if (pmap->directory[i] & PTE_PRESENT)
			pmap_wired_free(pmap_table(pmap->directory[i]));
	list_remove(&pmap->link);
	pmap_wired_free(pmap->directory);
	zfree(pmap_zone, pmap);
}

static void set_shared(unsigned index, pte_t table)
{
	kernel_directory[index] = table;
	for (struct list *l = pmaps.next; l != &pmaps; l = l->next)
		LIST_OWNER(l, struct pmap, link)->directory[index] = table;
}

/* --- Mapping --- */

/* The entry for an address, with a table made for it. NULL: there is no memory for one now. */
static pte_t *pte_with_table(pmap_t pmap, vm_offset_t va)
{
	pte_t *pte = pmap_pte(pmap, va);
	if (pte)
		return pte;
	void *table = pmap_table_page(no_entry(pmap));
	if (!table)
		return NULL;
	const unsigned index = va >> TABLE_SHIFT;
	const pte_t entry = kvtophys(table) | PTE_PRESENT | PTE_ACCESSED | PTE_CACHED | no_entry(pmap);
	if (pmap == kernel_pmap) {
		set_shared(index, entry);
	} else {
		pmap->directory[index] = entry;
		pmap->tables++;
	}
	tell_tlb_of_table(pmap, index);
	return pmap_pte(pmap, va);
}

static pte_t pte_of(pmap_t pmap, paddr_t pa, vm_prot_t prot, bool wired)
{
	return pa | PTE_PRESENT | (pa >> VM_PAGE_SHIFT < pmap_end_frame() ? PTE_CACHED : PTE_UNCACHED) |
	       (prot & VM_PROT_WRITE ? PTE_WRITABLE : 0) | (wired ? PTE_WIRED : 0) | no_entry(pmap);
}

/* The same page again: with other rights, or wired. */
static void change(pmap_t pmap, vm_offset_t va, pte_t *pte, pte_t new)
{
	if (*pte & PTE_WRITABLE && !(new & PTE_WRITABLE))
		pmap_make_read_only(pmap, va, pte);
	*pte = new | (*pte & (PTE_ACCESSED | PTE_DIRTY));
}

bool pmap_enter(pmap_t pmap, vm_offset_t va, paddr_t pa, vm_prot_t prot, bool wired)
{
	pte_t *pte = pte_with_table(pmap, va);
	if (!pte)
		return false;
	const pte_t new = pte_of(pmap, pa, prot, wired);
	if ((*pte & (PTE_FRAME | PTE_PRESENT)) == (pa | PTE_PRESENT)) {
		change(pmap, va, pte, new);
	} else {
		if (!pv_prepare(pa))
			return false;
		if (*pte & PTE_PRESENT)
			pmap_drop(pmap, va, pte);
		pv_add(pa, pmap, va);
		*pte = new;
		pmap->resident++;
		if (prot & VM_PROT_EXECUTE)
			cache_code_written((uint32_t)phystokv(pa), VM_PAGE_SIZE);
	}
	return true;
}

/* --- Memory back --- */

void pmap_collect(pmap_t pmap)
{
	if (pmap == kernel_pmap)
		return;
	for (unsigned i = 0; i < USER_TABLES; i++) {
		pte_t *table = pmap_table(pmap->directory[i]);
		if (!(pmap->directory[i] & PTE_PRESENT) || pmap_table_has_wired(table))
			continue;
		pmap_remove(pmap, i << TABLE_SHIFT, (i + 1) << TABLE_SHIFT);
		pmap->directory[i] = pmap_no_table;
		tell_tlb_of_table(pmap, i);
		pmap->tables--;
		pmap_wired_free(table);
	}
}
