/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pmap.c (maps) and pmap_boot.c (the beginning; tables) share, and what the parts that all architectures have
 * alike see of this one (machine/pmap_shared.h).
 *
 * An entry has the processor's bits (pte.h) and ours:
 *   PTE_PRESENT    the map has the page
 *   PTE_ACCESSED   it has been referenced: the processor's V.  Clear, the next access is a fault that sets it
 *   PTE_WRITABLE   it may be written
 *   PTE_DIRTY      it has been written: the processor's D, which lets stores pass.  Clear, the next store is a fault
 *                  that sets it, if it is writable
 */
#pragma once
#include "base/list.h"
#include "layout.h"
#include "machine/pmap_shared.h"
#include "pte.h"
#include <stdbool.h>

enum { PTE_PRESENT = 1, PTE_WRITABLE = 2, PTE_WIRED = 4 };
enum { TABLE_SHIFT = 22, TABLE_ENTRIES = 1024 };
#define TABLE_SPAN (1u << TABLE_SHIFT)
#define PTE_FRAME 0xfffff000u
#define USER_TABLES (USER_END >> TABLE_SHIFT)
#define KERNEL_ENTRY (TABLE_WINDOW >> TABLE_SHIFT)
enum { RESTART_NONE = 1 };            /* no instruction is there */
enum { INDEX_NO_MATCH_SHIFT = 31 };   /* what tlbp says in Index */

/* Free at the boot: between the vectors' page and the kernel (what the loader left there has been read). */
enum { LOW_MEMORY_BEGIN = 0x1000, LOW_MEMORY_END = 0x100000 };

struct pmap {
	struct list link;             /* all maps of users */
	pte_t *directory;             /* entries for pages of the tables' window: one each, valid, present or not */
	natural_t resident;           /* pages mapped */
	natural_t tables;             /* page tables below USER_END */
	uint32_t asid, generation;    /* the ASID is its own while the generation is the current one; 0: never */
	vm_offset_t restart_at;       /* the second instruction of the task's restartable sequence (pcb.c) */
};

extern pte_t kernel_directory[TABLE_ENTRIES];
extern pmap_t loaded_pmap;            /* whose ASID is in EntryHi */
extern bool pmap_tlb_is_global;       /* tables.c: a global entry matches whatever the ASID */
extern pte_t *loaded_directory;       /* its directory: the refill stands on it (vectors.S) */

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

/* The page may be accessed so, and from now on it is: its bits say so, and the TLB.  False: the map does not allow
 * it. */
bool pmap_touch(pmap_t pmap, vm_offset_t va, bool writes);

/* pmap_boot.c: a page for a table, all entries of which are this one; NULL if there is none now.
 * pmap_wired_free takes it back. */
void *pmap_table_page(pte_t entry);
/* Entries of a directory for tables that there are not: of users, of the kernel. */
extern pte_t pmap_no_table, pmap_no_kernel_table;
