/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory as Y87 names it, where that differs from Mach 3.0 (tables 3-3 and 3-4).
 */
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"
#include "pager/lib/mach/y87.h"

/* The region at or after *address, which goes on behind it. KERN_NO_SPACE: there is none. */
static kern_return_t next_region(mach_port_t task, vm_offset_t *address, vm_region_element_t *element)
{
	const kern_return_t result = vm_region(task, address, &element->size, &element->protection,
	                                       &element->max_protection, &element->inheritance, &element->shared,
	                                       &element->object_name, &element->offset);

	element->address = *address;
	*address += element->size;
	return result;
}

/* Twice the room. */
static kern_return_t grow(vm_region_element_t **elements, natural_t *room)
{
	const vm_size_t size = round_page(*room * sizeof(**elements));
	vm_offset_t larger;
	const kern_return_t result = memory_allocate(&larger, 2 * size, 0);

	if (result != KERN_SUCCESS)
		return result;
	memcpy((void *)(uintptr_t)larger, *elements, size);
	(void)vm_deallocate(mach_task_self(), (vm_offset_t)(uintptr_t)*elements, size);
	*elements = (vm_region_element_t *)(uintptr_t)larger;
	*room = 2 * size / sizeof(**elements);
	return KERN_SUCCESS;
}

kern_return_t vm_regions(mach_port_t task, vm_offset_t address, vm_size_t size, vm_region_element_t **elements,
                         natural_t *elements_count)
{
	const vm_offset_t end = address + size < address ? (vm_offset_t)-1 : address + size;
	natural_t count = 0, room = VM_PAGE_SIZE / sizeof(**elements);
	vm_offset_t memory;
	kern_return_t result = memory_allocate(&memory, VM_PAGE_SIZE, 0);

	if (result != KERN_SUCCESS)
		return result;
	*elements = (vm_region_element_t *)(uintptr_t)memory;
	while (result == KERN_SUCCESS && address < end) {
		if (count == room)
			result = grow(elements, &room);
		if (result == KERN_SUCCESS)
			result = next_region(task, &address, &(*elements)[count]);
		if (result == KERN_SUCCESS && (*elements)[count].address < end)
			count++;
		else if (result == KERN_SUCCESS && MACH_PORT_VALID((*elements)[count].object_name))
			(void)mach_port_deallocate(mach_task_self(), (*elements)[count].object_name);
	}
	*elements_count = count;
	if (result == KERN_SUCCESS || result == KERN_NO_SPACE)
		return KERN_SUCCESS;
	(void)vm_deallocate(mach_task_self(), (vm_offset_t)(uintptr_t)*elements, round_page(room * sizeof(**elements)));
	return result;
}

kern_return_t vm_allocate_with_pager(mach_port_t task, vm_offset_t *address, vm_size_t size, bool anywhere,
                                     mach_port_t memory_object, vm_offset_t offset)
{
	return vm_map(task, address, size, 0, anywhere, memory_object, offset, false, VM_PROT_DEFAULT, VM_PROT_ALL,
	              VM_INHERIT_DEFAULT);
}
