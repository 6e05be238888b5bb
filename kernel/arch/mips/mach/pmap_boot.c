/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of physical maps: the kernel's directory, tables.  Their memory is boot_memory.c's.
 */
#include "pmap_private.h"

pte_t kernel_directory[TABLE_ENTRIES] __attribute__((aligned(VM_PAGE_SIZE)));
pte_t pmap_no_table, pmap_no_kernel_table;

/* --- Tables --- */

static void *fill(pte_t *table, pte_t entry)
{
	for (unsigned i = 0; i < TABLE_ENTRIES; i++)
		table[i] = entry;
	return table;
}

void *pmap_table_page(pte_t entry)
{
	pte_t *page = pmap_wired_page();
	return page ? fill(page, entry) : NULL;
}

/* A table without any page; what a directory says of it. */
static pte_t empty_table(pte_t entry)
{
	return kvtophys(fill(pmap_boot_memory(VM_PAGE_SIZE), entry)) | PTE_ACCESSED | PTE_CACHED | entry;
}

void pmap_bootstrap(paddr_t first_free, paddr_t memory_end)
{
	pmap_boot_memory_init(first_free, memory_end);
	pmap_no_table = empty_table(0);
	pmap_no_kernel_table = empty_table(PTE_GLOBAL);
	for (unsigned i = 0; i < TABLE_ENTRIES; i++)
		kernel_directory[i] = i < KERNEL_ENTRY ? pmap_no_table : pmap_no_kernel_table;
	kernel_pmap->directory = kernel_directory;
	loaded_pmap = NULL;
	pmap_activate(kernel_pmap);
	pmap_pages_init(memory_end >> VM_PAGE_SHIFT);
}

void pmap_virtual_space(vm_offset_t *start, vm_offset_t *virtual_end)
{
	*start = VIRTUAL_BASE;
	*virtual_end = VIRTUAL_END;
}
