/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of physical maps: free memory for vm_page_bootstrap, the kernel's directory, tables.
 *
 * Free at the boot is what lies between the vectors' page and the kernel (what the loader left there has been read),
 * and from the kernel's end on.
 */
#include "base/memory.h"
#include "base/panic.h"
#include "pmap_private.h"
#include "tlb.h"
#include "vm/vm_page.h"

enum { LOW_MEMORY_BEGIN = 0x1000, LOW_MEMORY_END = 0x100000 };

pte_t kernel_directory[TABLE_ENTRIES] __attribute__((aligned(VM_PAGE_SIZE)));
pte_t pmap_no_table, pmap_no_kernel_table;

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
	next_high = first_free;
	end = memory_end;
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
