/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical maps: the processor's translations as a cache of the address map (MIvmm 1987 §3.6; Mach vm/pmap).
 *
 *   1. A mapping may be dropped at any time unless it is wired: a fault brings it back.
 *   2. Of each managed physical page it is known who maps it, and whether it was modified or referenced.
 *   3. No translation is lowered without the TLB being told.
 */
#pragma once
#include "mach/kern_return.h"
#include "mach/vm.h"

typedef struct pmap *pmap_t;
typedef uint32_t paddr_t;
extern pmap_t kernel_pmap;

/* Takes over the boot's tables; all memory up to memory_end is seen from now on. first_free: nobody uses what lies
 * from there on. Both are pages' beginnings. */
void pmap_bootstrap(paddr_t first_free, paddr_t memory_end);
/* Memory that nobody uses yet, for vm_page_bootstrap: how many pages; and one after the other, upwards. False: that
 * was the last. Pages that are stolen while booting are taken by the same call. */
natural_t pmap_free_pages(void);
/* Behind the last page of memory, by number. */
natural_t pmap_end_frame(void);
bool pmap_next_page(paddr_t *address);
/* The range of kernel virtual addresses that vm_kern hands out. */
void pmap_virtual_space(vm_offset_t *start, vm_offset_t *end);
/* Physical memory seen from the kernel, all of it and always. */
void *phystokv(paddr_t address);
paddr_t kvtophys(const void *address);

/* The zone of maps: after zalloc works, before pmap_create. */
void pmap_init(void);
/* An empty map, NULL without memory. */
pmap_t pmap_create(void);
void pmap_destroy(pmap_t pmap);
/* Maps a page, instead of what was there.  False: there is no memory for a table now, and nothing has changed; the
 * caller lets go of his locks, waits (vm_page_wait), and looks again. */
bool pmap_enter(pmap_t pmap, vm_offset_t va, paddr_t pa, vm_prot_t prot, bool wired);
void pmap_remove(pmap_t pmap, vm_offset_t start, vm_offset_t end);
void pmap_protect(pmap_t pmap, vm_offset_t start, vm_offset_t end, vm_prot_t prot);
void pmap_change_wiring(pmap_t pmap, vm_offset_t va, bool wired);
/* The physical address behind a virtual one, 0 if none. */
paddr_t pmap_extract(pmap_t pmap, vm_offset_t va);
/* Whether the page may be accessed so without a fault. */
bool pmap_accessible(pmap_t pmap, vm_offset_t va, vm_prot_t prot);

/* All mappings of a physical page: lowered to this protection (none: removed). */
void pmap_page_protect(paddr_t pa, vm_prot_t prot);
bool pmap_is_modified(paddr_t pa);
void pmap_clear_modify(paddr_t pa);
bool pmap_is_referenced(paddr_t pa);
void pmap_clear_reference(paddr_t pa);
/* A page of no object that counts as wired, seen from the kernel (tables, kernel stacks); NULL: none now. */
void *pmap_wired_page(void);
void pmap_wired_free(void *page);
void pmap_zero_page(paddr_t pa);
void pmap_copy_page(paddr_t from, paddr_t to);
/* The processor uses this map's translations from now on (thread switch). */
void pmap_activate(pmap_t pmap);
/* Gives back page tables that hold nothing wired. */
void pmap_collect(pmap_t pmap);
natural_t pmap_resident_count(pmap_t pmap);
natural_t pmap_table_pages(pmap_t pmap);
