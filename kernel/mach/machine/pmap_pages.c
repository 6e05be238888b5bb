/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who maps a page (MIvmm 1987 §3.6): a list of (map, address) for each page of memory, its first element in the table
 * of pages itself, as most pages have one mapping; and the page's accessed and dirty bits of entries that have gone.
 *
 *   1. Whether a page was modified or referenced: by what is kept here, or by any entry that maps it now.
 *   2. An element for the list is made sure of before anything is changed (pv_prepare).  When there is no memory for
 *      it, another mapping of the page is dropped: a map is a cache, and a fault brings it back.
 */
#include "base/panic.h"
#include "pmap_private.h"
#include "vm/vm_page.h"

struct mapping {
	struct mapping *next;
	pmap_t pmap;                  /* NULL: the page is not mapped (in the table of pages) */
	vm_offset_t va;
};

static struct mapping *page_table;
static uint8_t *page_bits;            /* PTE_ACCESSED, PTE_DIRTY, shifted right by PTE_BITS_SHIFT */
static natural_t pages;
static struct mapping *free_mappings;

void pmap_pages_init(natural_t count)
{
	pages = count;
	page_table = pmap_boot_memory(count * sizeof *page_table);
	page_bits = pmap_boot_memory(count);
}

static bool is_managed(paddr_t pa) { return pa >> VM_PAGE_SHIFT < pages; }

static struct mapping *first_of(paddr_t pa) { return &page_table[pa >> VM_PAGE_SHIFT]; }

/* --- The list --- */

static bool refill(void)
{
	struct mapping *m = pmap_wired_page();
	if (!m)
		return false;
	for (const struct mapping *end = m + VM_PAGE_SIZE / sizeof *m; m < end; m++) {
		m->next = free_mappings;
		free_mappings = m;
	}
	return true;
}

static bool drop_any_of(paddr_t pa)
{
	for (struct mapping *m = first_of(pa); m; m = m->next) {
		pte_t *pte = pmap_pte(m->pmap, m->va);
		if (*pte & PTE_WIRED)
			continue;
		pmap_drop(m->pmap, m->va, pte);
		return true;
	}
	return false;
}

bool pv_prepare(paddr_t pa)
{
	return !is_managed(pa) || !first_of(pa)->pmap || free_mappings || refill() || drop_any_of(pa);
}

void pv_add(paddr_t pa, pmap_t pmap, vm_offset_t va)
{
	if (!is_managed(pa))
		return;
	struct mapping *first = first_of(pa);
	if (first->pmap) {
		struct mapping *m = free_mappings;
		free_mappings = m->next;
		*m = *first;
		first->next = m;
	}
	first->pmap = pmap;
	first->va = va;
}

void pv_remove(paddr_t pa, pmap_t pmap, vm_offset_t va)
{
	if (!is_managed(pa))
		return;
	struct mapping *m = first_of(pa), *next, **link = NULL;
	while (m->pmap != pmap || m->va != va) {
		link = &m->next;
		m = m->next;
		kernel_assert(m);
	}
	if (link) {
		*link = m->next;
	} else if ((next = m->next)) {
		*m = *next;
		m = next;
	} else {
		m->pmap = NULL;
		return;
	}
	m->next = free_mappings;
	free_mappings = m;
}

/* --- Bits --- */

void pmap_keep_bits(pte_t pte)
{
	if (is_managed(pte))
		page_bits[pte >> VM_PAGE_SHIFT] |= (pte & (PTE_ACCESSED | PTE_DIRTY)) >> PTE_BITS_SHIFT;
}

static bool has_bit(paddr_t pa, pte_t bit)
{
	if (!is_managed(pa))
		return false;
	if (page_bits[pa >> VM_PAGE_SHIFT] & bit >> PTE_BITS_SHIFT)
		return true;
	for (struct mapping *m = first_of(pa); m && m->pmap; m = m->next)
		if (*pmap_pte(m->pmap, m->va) & bit)
			return true;
	return false;
}

static void clear_bit(paddr_t pa, pte_t bit)
{
	if (!is_managed(pa))
		return;
	page_bits[pa >> VM_PAGE_SHIFT] &= (uint8_t)~(bit >> PTE_BITS_SHIFT);
	for (struct mapping *m = first_of(pa); m && m->pmap; m = m->next) {
		pte_t *pte = pmap_pte(m->pmap, m->va);
		if (*pte & bit)
			pmap_lower(m->pmap, m->va, pte, bit);
	}
}

bool pmap_is_modified(paddr_t pa) { return has_bit(pa, PTE_DIRTY); }
bool pmap_is_referenced(paddr_t pa) { return has_bit(pa, PTE_ACCESSED); }
void pmap_clear_modify(paddr_t pa) { clear_bit(pa, PTE_DIRTY); }
void pmap_clear_reference(paddr_t pa) { clear_bit(pa, PTE_ACCESSED); }

/* --- All mappings of a page --- */

static void remove_all(paddr_t pa)
{
	const struct mapping *first = first_of(pa);
	while (first->pmap)
		pmap_drop(first->pmap, first->va, pmap_pte(first->pmap, first->va));
}

/* Without WP an entry of the kernel's map goes: the list is looked at from its beginning again. */
static void lower_all(paddr_t pa)
{
	struct mapping *m = first_of(pa);
	while (m && m->pmap) {
		pte_t *pte = pmap_pte(m->pmap, m->va);
		const bool writable = *pte & PTE_WRITABLE;
		if (writable)
			pmap_make_read_only(m->pmap, m->va, pte);
		m = writable && !(*pte & PTE_PRESENT) ? first_of(pa) : m->next;
	}
}

void pmap_page_protect(paddr_t pa, vm_prot_t prot)
{
	if (!is_managed(pa) || prot & VM_PROT_WRITE)
		return;
	if (prot & (VM_PROT_READ | VM_PROT_EXECUTE))
		lower_all(pa);
	else
		remove_all(pa);
}
