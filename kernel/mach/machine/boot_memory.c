/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that physical maps take for themselves: while booting from what nobody uses yet, afterwards pages for good.
 *
 *   1. Free at the boot are two ranges, each from its `next` on: low memory, as far as the architecture says
 *      (pmap_private.h), and what lies between the kernel's end and memory's.
 *   2. vm_page_bootstrap takes pages upwards, low memory first; the maps take theirs from the upper range, as some want
 *      many that lie together (pmap_pages.c).
 *   3. A page that was taken counts as wired until it is given back, and belongs to no object.
 */
#include "base/memory.h"
#include "base/panic.h"
#include "pmap_private.h"
#include "vm/vm_page.h"

static paddr_t next_low = LOW_MEMORY_BEGIN, next_high, end;

/* --- Memory while booting --- */

void pmap_boot_memory_init(paddr_t first_free, paddr_t memory_end)
{
	next_high = first_free;
	end = memory_end;
}

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

void pmap_boot_memory_back(vm_size_t size) { next_high -= round_page(size); }

/* --- Wired pages --- */

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
