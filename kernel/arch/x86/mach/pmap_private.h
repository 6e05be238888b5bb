/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pmap.c (maps), pmap_pages.c (who maps a page) and pmap_boot.c (the beginning; tables) share.
 */
#pragma once
#include "base/list.h"
#include "layout.h"
#include "machine/pmap.h"
#include <stdbool.h>

typedef uint32_t pte_t;
enum { PTE_PRESENT = 1, PTE_WRITABLE = 2, PTE_USER = 4, PTE_ACCESSED = 0x20, PTE_DIRTY = 0x40, PTE_WIRED = 0x200 };
enum { PTE_BITS_SHIFT = 0 }; /* so far to the right, PTE_ACCESSED and PTE_DIRTY fit a byte */
enum { TABLE_SHIFT = 22, TABLE_ENTRIES = 1024 };
#define TABLE_SPAN (1u << TABLE_SHIFT)
#define PTE_FRAME 0xfffff000u
#define KERNEL_ENTRY (WINDOW_BASE >> TABLE_SHIFT)

struct pmap {
	struct list link;             /* all maps of users */
	pte_t *directory;
	natural_t resident;           /* pages mapped */
	natural_t tables;             /* page tables below USER_END */
};

extern pte_t boot_directory[TABLE_ENTRIES];
extern pmap_t loaded_pmap;            /* whose directory is in CR3 */

static inline pte_t *pmap_table(pte_t directory_entry)
{
	return (pte_t *)((directory_entry & PTE_FRAME) + WINDOW_BASE);
}

/* The entry for an address; NULL if there is no table. */
static inline pte_t *pmap_pte(pmap_t pmap, vm_offset_t va)
{
	const pte_t table = pmap->directory[va >> TABLE_SHIFT];
	return table & PTE_PRESENT ? &pmap_table(table)[va >> VM_PAGE_SHIFT & (TABLE_ENTRIES - 1)] : NULL;
}

/* A directory entry of the kernel's part, in all maps. */
void pmap_set_shared(unsigned index, pte_t table);
/* Takes a present entry of va away: its page's bits are kept, the TLB is told. */
void pmap_drop(pmap_t pmap, vm_offset_t va, pte_t *pte);
/* Bits of an entry away; the TLB is told. */
void pmap_lower(pmap_t pmap, vm_offset_t va, pte_t *pte, pte_t bits);
/* An entry for reading only, as far as the processor can have one in this map. */
void pmap_make_read_only(pmap_t pmap, vm_offset_t va, pte_t *pte);

/* pmap_pages.c */
void pmap_pages_init(natural_t pages);
/* True: pv_add of this page will succeed. False: there is no memory for that now. */
bool pv_prepare(paddr_t pa);
/* The map has (has no more) a mapping of the page at va. */
void pv_add(paddr_t pa, pmap_t pmap, vm_offset_t va);
void pv_remove(paddr_t pa, pmap_t pmap, vm_offset_t va);
/* The accessed and dirty bits of an entry that goes stay the page's. */
void pmap_keep_bits(pte_t pte);

/* pmap_boot.c: zeroed pages for good, while booting; their kernel address. */
void *pmap_boot_memory(vm_size_t size);
/* A zeroed page for a table; NULL if there is none now. pmap_wired_free takes it back. */
void *pmap_table_page(void);
