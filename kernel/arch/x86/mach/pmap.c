/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables (386 manual ch. 5).
 *
 *   1. All directories agree from WINDOW_BASE up: a thread of the kernel runs under whichever is loaded.
 *   2. A present entry counts in `resident`, and its page's list of mappings has it (pmap_pages.c).
 *   3. An entry is lowered, and the TLB told, in one go: the kernel is not preempted.
 *   4. The TLB holds an entry only if the entry's accessed bit is set: one that is clear needs no flush.
 *   5. Without WP (386) no page of the kernel's map is mapped read-only: it would not be.  It is not mapped then, and a
 *      fault brings it back as writable (trap.c).
 */
#include "arch/x86/cpu.h"
#include "arch/x86/tlb.h"
#include "base/memory.h"
#include "base/panic.h"
#include "kern/zalloc.h"
#include "pmap_private.h"
#include "vm/vm_page.h"
#include "write_protect.h"

enum { PMAPS_MOST = 4096 };

static struct list pmaps = { &pmaps, &pmaps };
static struct pmap kernel_pmap_store;
pmap_t kernel_pmap = &kernel_pmap_store;
pmap_t loaded_pmap = &kernel_pmap_store;
static zone_t pmap_zone;

void *phystokv(paddr_t address) { return (void *)(address + WINDOW_BASE); }

paddr_t kvtophys(const void *address)
{
	const vm_offset_t va = (vm_offset_t)address;
	return va < VIRTUAL_BASE ? va - WINDOW_BASE : pmap_extract(kernel_pmap, va);
}

void pmap_zero_page(paddr_t pa) { memset(phystokv(pa), 0, VM_PAGE_SIZE); }
void pmap_copy_page(paddr_t from, paddr_t to) { memcpy(phystokv(to), phystokv(from), VM_PAGE_SIZE); }

/* --- Entries --- */

static void tell_tlb(pmap_t pmap, vm_offset_t va, pte_t old)
{
	if (old & PTE_ACCESSED && (pmap == loaded_pmap || pmap == kernel_pmap))
		tlb_forget(va);
}

void pmap_drop(pmap_t pmap, vm_offset_t va, pte_t *pte)
{
	const pte_t old = *pte;
	*pte = 0;
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

static bool can_be_read_only(pmap_t pmap) { return pmap != kernel_pmap || copyio_write_protects(); }

void pmap_make_read_only(pmap_t pmap, vm_offset_t va, pte_t *pte)
{
	if (can_be_read_only(pmap))
		pmap_lower(pmap, va, pte, PTE_WRITABLE);
	else if (!(*pte & PTE_WIRED))
		pmap_drop(pmap, va, pte);
}

/* --- Maps --- */

void pmap_init(void) { pmap_zone = zinit(sizeof(struct pmap), PMAPS_MOST * sizeof(struct pmap), "pmap"); }

pmap_t pmap_create(void)
{
	pmap_t pmap = zalloc(pmap_zone);
	if (!pmap)
		return NULL;
	pmap->directory = pmap_table_page();
	if (!pmap->directory) {
		zfree(pmap_zone, pmap);
		return NULL;
	}
	memcpy(&pmap->directory[KERNEL_ENTRY], &boot_directory[KERNEL_ENTRY],
	       (TABLE_ENTRIES - KERNEL_ENTRY) * sizeof(pte_t));
	pmap->resident = pmap->tables = 0;
	list_append(&pmaps, &pmap->link);
	return pmap;
}

void pmap_destroy(pmap_t pmap)
{
	if (loaded_pmap == pmap)
		pmap_activate(kernel_pmap);
	pmap_remove(pmap, 0, USER_END);
	for (unsigned i = 0; i < KERNEL_ENTRY; i++)
		if (pmap->directory[i])
			pmap_wired_free(pmap_table(pmap->directory[i]));
	list_remove(&pmap->link);
	pmap_wired_free(pmap->directory);
	zfree(pmap_zone, pmap);
}

void pmap_activate(pmap_t pmap)
{
	if (pmap == loaded_pmap)
		return;
	loaded_pmap = pmap;
	cr3_write(kvtophys(pmap->directory));
}

void pmap_set_shared(unsigned index, pte_t table)
{
	boot_directory[index] = table;
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
	void *table = pmap_table_page();
	if (!table)
		return NULL;
	const unsigned index = va >> TABLE_SHIFT;
	if (pmap == kernel_pmap) {
		pmap_set_shared(index, kvtophys(table) | PTE_PRESENT | PTE_WRITABLE);
	} else {
		pmap->directory[index] = kvtophys(table) | PTE_PRESENT | PTE_WRITABLE | PTE_USER;
		pmap->tables++;
	}
	return pmap_pte(pmap, va);
}

static pte_t pte_of(pmap_t pmap, paddr_t pa, vm_prot_t prot, bool wired)
{
	return pa | PTE_PRESENT | (prot & VM_PROT_WRITE || !can_be_read_only(pmap) ? PTE_WRITABLE : 0) |
	       (pmap == kernel_pmap ? 0 : PTE_USER) | (wired ? PTE_WIRED : 0);
}

/* The same page again: with other rights, or wired. */
static void change(pmap_t pmap, vm_offset_t va, pte_t *pte, pte_t new)
{
	const pte_t old = *pte;
	*pte = new | (old & (PTE_ACCESSED | PTE_DIRTY));
	if ((old ^ new) & PTE_WRITABLE)
		tell_tlb(pmap, va, old);
}

bool pmap_enter(pmap_t pmap, vm_offset_t va, paddr_t pa, vm_prot_t prot, bool wired)
{
	if (!(prot & VM_PROT_WRITE) && !wired && !can_be_read_only(pmap)) {
		pmap_remove(pmap, va, va + VM_PAGE_SIZE);
		return true;
	}
	pte_t *pte = pte_with_table(pmap, va);
	if (!pte)
		return false;
	const pte_t new = pte_of(pmap, pa, prot, wired);
	if ((*pte & (PTE_FRAME | PTE_PRESENT)) == (pa | PTE_PRESENT)) {
		change(pmap, va, pte, new);
		return true;
	}
	if (!pv_prepare(pa))
		return false;
	if (*pte & PTE_PRESENT)
		pmap_drop(pmap, va, pte);
	pv_add(pa, pmap, va);
	*pte = new;
	pmap->resident++;
	return true;
}

/* --- Memory back --- */

void pmap_collect(pmap_t pmap)
{
	if (pmap == kernel_pmap)
		return;
	for (unsigned i = 0; i < KERNEL_ENTRY; i++) {
		pte_t *table = pmap_table(pmap->directory[i]);
		if (!pmap->directory[i] || pmap_table_has_wired(table))
			continue;
		pmap_remove(pmap, i << TABLE_SHIFT, (i + 1) << TABLE_SHIFT);
		pmap->directory[i] = 0;
		pmap->tables--;
		pmap_wired_free(table);
	}
	if (pmap == loaded_pmap)
		cr3_write(cr3_read()); /* a processor may have directory entries in its TLB */
}
