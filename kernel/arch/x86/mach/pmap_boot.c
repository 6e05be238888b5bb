/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of physical maps: memory in the window, free memory for vm_page_bootstrap, tables.
 *
 * Free at the boot is what lies between the first page (the BIOS's data) and the ROMs, and from the kernel's end on.
 */
#include "arch/x86/cpu.h"
#include "base/memory.h"
#include "base/panic.h"
#include "pmap_private.h"
#include "vm/vm_page.h"
#include "write_protect.h"

enum { LOW_MEMORY_BEGIN = 0x1000, LOW_MEMORY_END = 0x9f000 };

static paddr_t next_low = LOW_MEMORY_BEGIN, next_high, end;

/* --- Memory while booting --- */

natural_t pmap_free_pages(void)
{
	return (LOW_MEMORY_END - next_low + end - next_high) >> VM_PAGE_SHIFT;
}

natural_t pmap_end_frame(void) { return end >> VM_PAGE_SHIFT; }

bool pmap_next_page(paddr_t *address)
{
	paddr_t *next = next_low < LOW_MEMORY_END ? &next_low : &next_high;
	if (*next >= (next == &next_low ? LOW_MEMORY_END : end))
		return false;
	*address = *next;
	*next += VM_PAGE_SIZE;
	return true;
}

void *pmap_boot_memory(vm_size_t size)
{
	size = round_page(size);
	if (size > end - next_high)
		panic("not enough memory to boot");
	void *memory = phystokv(next_high);
	next_high += size;
	return memset(memory, 0, size);
}

/* --- Tables --- */

void *pmap_wired_page(void)
{
	vm_page_t page = vm_page_grab();
	if (!page)
		return NULL;
	page->wire_count = 1;
	vm_page_wire_count++;
	return phystokv(page->phys_addr);
}

void pmap_wired_free(void *memory)
{
	vm_page_t page = vm_page_of(kvtophys(memory));
	page->wire_count = 0;
	vm_page_wire_count--;
	vm_page_release(page);
}

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
	next_high -= VM_PAGE_SIZE; /* the page; the table stays that of the kernel's map */
}

void pmap_bootstrap(paddr_t first_free, paddr_t memory_end)
{
	next_high = first_free;
	end = memory_end;
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
