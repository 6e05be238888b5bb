/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pmap.c (maps) and pmap_boot.c (the beginning; tables) share, and what the parts that all architectures have
 * alike see of this one (machine/pmap_shared.h).
 */
#pragma once
#include "base/list.h"
#include "layout.h"
#include "machine/pmap_shared.h"
#include <stdbool.h>

enum { PTE_PRESENT = 1, PTE_WRITABLE = 2, PTE_USER = 4, PTE_ACCESSED = 0x20, PTE_DIRTY = 0x40, PTE_WIRED = 0x200 };
enum { PTE_BITS_SHIFT = 0 }; /* so far to the right, PTE_ACCESSED and PTE_DIRTY fit a byte */
enum { TABLE_SHIFT = 22, TABLE_ENTRIES = 1024 };
#define TABLE_SPAN (1u << TABLE_SHIFT)
#define PTE_FRAME 0xfffff000u
#define KERNEL_ENTRY (WINDOW_BASE >> TABLE_SHIFT)

/* Free at the boot: between the first page (the BIOS's data) and the ROMs. */
enum { LOW_MEMORY_BEGIN = 0x1000, LOW_MEMORY_END = 0x9f000 };

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

/* pmap_boot.c: a zeroed page for a table; NULL if there is none now. pmap_wired_free takes it back. */
void *pmap_table_page(void);
