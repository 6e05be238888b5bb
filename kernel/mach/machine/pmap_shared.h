/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the parts of the physical maps: those that every architecture has alike stand here (pmap_ranges.c,
 * pmap_pages.c, boot_memory.c) and are compiled for each; pmap.c and pmap_boot.c are the architecture's.
 *
 * The architecture's pmap_private.h, which includes this, has struct pmap, pmap_pte, the tables' shape and the entries'
 * bits (PTE_PRESENT, _ACCESSED, _WRITABLE, _DIRTY, _WIRED, PTE_FRAME; PTE_BITS_SHIFT, by which the accessed and the
 * dirty one fit a byte), and where low memory is free (LOW_MEMORY_BEGIN, LOW_MEMORY_END).
 */
#pragma once
#include "machine/pmap.h"
#include <stdbool.h>

typedef uint32_t pte_t;

/* --- The architecture's pmap.c --- */

/* Takes a present entry of va away: its page's bits are kept, the TLB is told. */
void pmap_drop(pmap_t pmap, vm_offset_t va, pte_t *pte);
/* Bits of an entry away; the TLB is told. */
void pmap_lower(pmap_t pmap, vm_offset_t va, pte_t *pte, pte_t bits);
/* An entry for reading only, as far as the processor can have one in this map. */
void pmap_make_read_only(pmap_t pmap, vm_offset_t va, pte_t *pte);

/* --- pmap_ranges.c --- */

bool pmap_table_has_wired(const pte_t *table);

/* --- pmap_pages.c --- */

void pmap_pages_init(natural_t pages);
/* True: pv_add of this page will succeed. False: there is no memory for that now. */
bool pv_prepare(paddr_t pa);
/* The map has (has no more) a mapping of the page at va. */
void pv_add(paddr_t pa, pmap_t pmap, vm_offset_t va);
void pv_remove(paddr_t pa, pmap_t pmap, vm_offset_t va);
/* The accessed and dirty bits of an entry that goes stay the page's. */
void pmap_keep_bits(pte_t pte);

/* --- boot_memory.c --- */

/* Before all else: nobody uses what lies from first_free to memory_end. */
void pmap_boot_memory_init(paddr_t first_free, paddr_t memory_end);
/* Zeroed pages for good, while booting; their kernel address. */
void *pmap_boot_memory(vm_size_t size);
/* The end of what pmap_boot_memory gave last is free again. */
void pmap_boot_memory_back(vm_size_t size);
