/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own memory (Mach vm/vm_kern).
 *
 * Wired ranges are in the kernel object, at an offset that is their address; their pages come and go with the range.
 * All of the kernel's map is allocated from with its lock held only for the entry: pages are waited for after that.
 */
#include "base/memory.h"
#include "base/panic.h"
#include "machine/pcb.h"
#include "vm/vm_fault.h"
#include "vm/vm_kern.h"
#include "vm/vm_map_entry.h"

vm_map_t kernel_map;

void kmem_init(vm_offset_t start, vm_offset_t end)
{
	kernel_map = vm_map_create(kernel_pmap, start, end);
	kernel_assert(kernel_map != VM_MAP_NULL);
}

/* A wired entry without pages as yet. */
static kern_return_t enter_kernel_object(vm_map_t map, vm_offset_t *address, vm_size_t size)
{
	vm_map_entry_t before;
	vm_map_lock(map);
	if (size == 0 || !vm_map_find_space(map, map->min_offset, size, 0, address, &before)) {
		vm_map_unlock(map);
		return KERN_NO_SPACE;
	}
	vm_map_entry_t entry = vm_map_entry_create();
	*entry = (struct vm_map_entry){.start = *address, .end = *address + size, .object = kernel_object,
		.offset = *address, .protection = VM_PROT_DEFAULT, .max_protection = VM_PROT_ALL,
		.inheritance = VM_INHERIT_DEFAULT, .wired_count = 1};
	vm_object_reference(kernel_object);
	vm_map_entry_link(map, before, entry);
	vm_map_unlock(map);
	return KERN_SUCCESS;
}

/* A zeroed page at the address; waits for it. */
static void alloc_page(vm_map_t map, vm_offset_t address)
{
	vm_page_t page;
	interrupt_window();
	while ((page = vm_page_alloc(kernel_object, address)) == VM_PAGE_NULL)
		vm_page_wait(NULL);
	vm_page_zero_fill(page);
	vm_page_wire(page);
	while (!pmap_enter(map->pmap, address, page->phys_addr, VM_PROT_DEFAULT, true))
		vm_page_wait(NULL);
	page_wakeup_done(page);
}

kern_return_t kmem_alloc(vm_map_t map, vm_offset_t *address, vm_size_t size)
{
	size = round_page(size);
	kern_return_t result = enter_kernel_object(map, address, size);
	for (vm_size_t done = 0; result == KERN_SUCCESS && done < size; done += VM_PAGE_SIZE)
		alloc_page(map, *address + done);
	return result;
}

void kmem_free(vm_map_t map, vm_offset_t address, vm_size_t size)
{
	vm_map_remove(map, trunc_page(address), round_page(address + size));
}

/* The kernel's view of a byte of the map that may be accessed so, until the caller sleeps. For a write its page counts
 * as modified: no translation will tell. */
static kern_return_t reach(vm_map_t map, vm_offset_t address, vm_prot_t access, void **data)
{
	interrupt_window();
	while (!pmap_accessible(map->pmap, address, access)) {
		kern_return_t result = vm_fault(map, trunc_page(address), access, false, NULL);
		if (result != KERN_SUCCESS)
			return result;
	}
	paddr_t physical = pmap_extract(map->pmap, address);
	vm_page_t page = vm_page_of(physical); /* none: of the boot image, which stays */
	if ((access & VM_PROT_WRITE) && page != VM_PAGE_NULL)
		page->dirty = true;
	*data = phystokv(physical);
	return KERN_SUCCESS;
}

/* Bytes from the address to the end of its page, at most `bytes`. */
static vm_size_t within_page(vm_offset_t address, vm_size_t bytes)
{
	vm_size_t rest = VM_PAGE_SIZE - (address & VM_PAGE_MASK);
	return bytes < rest ? bytes : rest;
}

kern_return_t copyoutmap(vm_map_t map, const void *from, vm_offset_t to, vm_size_t bytes)
{
	for (vm_size_t now; bytes != 0; bytes -= now, to += now, from = (const char *)from + now) {
		void *data;
		now = within_page(to, bytes);
		kern_return_t result = reach(map, to, VM_PROT_WRITE, &data);
		if (result != KERN_SUCCESS)
			return result;
		memcpy(data, from, now);
	}
	return KERN_SUCCESS;
}

kern_return_t copyinmap(vm_map_t map, vm_offset_t from, void *to, vm_size_t bytes)
{
	for (vm_size_t now; bytes != 0; bytes -= now, from += now, to = (char *)to + now) {
		void *data;
		now = within_page(from, bytes);
		kern_return_t result = reach(map, from, VM_PROT_READ, &data);
		if (result != KERN_SUCCESS)
			return result;
		memcpy(to, data, now);
	}
	return KERN_SUCCESS;
}
