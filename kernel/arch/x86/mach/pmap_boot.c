/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of physical maps: memory in the window, tables.  Their memory is boot_memory.c's.
 */
#include "arch/x86/cpu.h"
#include "base/memory.h"
#include "pmap_private.h"
#include "write_protect.h"

/* --- Tables --- */

void *pmap_table_page(void)
{
	void *page = pmap_wired_page();
	return page ? memset(page, 0, VM_PAGE_SIZE) : NULL;
}

/* --- The window --- */

/* The table that maps memory from `memory` on must itself be seen: it comes from below. */
static void map_window(paddr_t memory_end)
{
	for (paddr_t memory = WINDOW_SIZE; memory < memory_end; memory += TABLE_SPAN) {
		pte_t *table = pmap_boot_memory(VM_PAGE_SIZE);
		for (unsigned i = 0; i < TABLE_ENTRIES && memory + i * VM_PAGE_SIZE < memory_end; i++)
			table[i] = (memory + i * VM_PAGE_SIZE) | PTE_PRESENT | PTE_WRITABLE;
		boot_directory[(WINDOW_BASE + memory) >> TABLE_SHIFT] = kvtophys(table) | PTE_PRESENT | PTE_WRITABLE;
	}
}

/* A page of the kernel's own map, read-only, for copyio_init to try. */
static void try_write_protection(void)
{
	pte_t *table = pmap_boot_memory(VM_PAGE_SIZE);
	volatile uint32_t *page = pmap_boot_memory(VM_PAGE_SIZE);
	table[0] = kvtophys((const void *)page) | PTE_PRESENT;
	boot_directory[VIRTUAL_BASE >> TABLE_SHIFT] = kvtophys(table) | PTE_PRESENT | PTE_WRITABLE;
	copyio_init((volatile uint32_t *)VIRTUAL_BASE);
	table[0] = 0;
	cr3_write(cr3_read());
	pmap_boot_memory_back(VM_PAGE_SIZE); /* the page; the table stays that of the kernel's map */
}

void pmap_bootstrap(paddr_t first_free, paddr_t memory_end)
{
	pmap_boot_memory_init(first_free, memory_end);
	for (unsigned i = 0; i < KERNEL_ENTRY; i++)
		boot_directory[i] = 0;
	cr3_write(cr3_read());
	kernel_pmap->directory = boot_directory;
	map_window(memory_end);
	try_write_protection();
	pmap_pages_init(memory_end >> VM_PAGE_SHIFT);
}

void pmap_virtual_space(vm_offset_t *start, vm_offset_t *virtual_end)
{
	*start = VIRTUAL_BASE;
	*virtual_end = VIRTUAL_END;
}
