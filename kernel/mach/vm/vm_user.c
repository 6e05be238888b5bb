/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task's calls on its address space (Y87 tables 3-3 and 3-4; Mach 3.0 kernel interface; GD91 §5.1 vm_wire).
 *
 * Of a range [address, address + size), all pages that it touches are meant; but vm_read, vm_write and vm_copy, and the
 * offset of vm_map, want whole pages.  A range of 0 bytes is fine and does nothing, whatever its address (vm_map: is
 * KERN_INVALID_ARGUMENT).  One that wraps around is KERN_INVALID_ADDRESS, and so is a hole, but for vm_deallocate,
 * which makes them, and vm_wire.  A failed call has changed nothing, unless a manager's failure, or thread_abort while
 * it waited for one (KERN_ABORTED), ended it in between.
 *
 *   map         a reference that is the caller's (mig's stub holds it)
 *   data        used up by the routine if it succeeds
 */
#include "ipc/ipc_port.h"
#include "mach_host_server.h"
#include "mach_server.h"
#include "vm/vm_map_copy.h"

/* The pages of a range: false if it wraps around. */
static bool pages_of(vm_offset_t address, vm_size_t size, vm_offset_t *start, vm_offset_t *end)
{
	*start = trunc_page(address);
	*end = round_page(address + size);
	return address + size >= address && *end >= *start;
}

/* Whether the range is of whole pages. */
static bool is_aligned(vm_offset_t address, vm_size_t size)
{
	return ((address | size) & VM_PAGE_MASK) == 0;
}

static bool is_protection(vm_prot_t prot)
{
	return (prot & ~VM_PROT_ALL) == 0;
}

static bool is_inheritance(vm_inherit_t inheritance)
{
	return inheritance == VM_INHERIT_SHARE || inheritance == VM_INHERIT_COPY || inheritance == VM_INHERIT_NONE;
}

/* Zero-filled memory, anywhere or at the address. *address: where, 0 for a size of 0. KERN_INVALID_ADDRESS (outside of
 * the address space), KERN_NO_SPACE (something is there, or there is no room anywhere). */
kern_return_t vm_allocate(vm_map_t map, vm_address_t *address, vm_size_t size, bool anywhere)
{
	vm_offset_t start, end;
	if (size == 0) {
		*address = 0;
		return KERN_SUCCESS;
	}
	if (!pages_of(anywhere ? map->min_offset : *address, size, &start, &end))
		return anywhere ? KERN_NO_SPACE : KERN_INVALID_ADDRESS;
	*address = start;
	return vm_map_enter(map, address, end - start, 0, anywhere, VM_OBJECT_NULL, 0, false, VM_PROT_DEFAULT,
	                    VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

/* The range is no more. KERN_INVALID_ADDRESS. */
kern_return_t vm_deallocate(vm_map_t map, vm_address_t address, vm_size_t size)
{
	vm_offset_t start, end;
	if (size == 0)
		return KERN_SUCCESS;
	if (!pages_of(address, size, &start, &end) || start < map->min_offset || end > map->max_offset)
		return KERN_INVALID_ADDRESS;
	return vm_map_remove(map, start, end);
}

/* Sets the accesses that are allowed, or, with set_max, can ever be. KERN_INVALID_ARGUMENT (no such protection),
 * KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE (beyond the maximum), KERN_FAILURE (vm_map_protect). */
kern_return_t vm_protect(vm_map_t map, vm_address_t address, vm_size_t size, bool set_max, vm_prot_t prot)
{
	vm_offset_t start, end;
	if (!is_protection(prot))
		return KERN_INVALID_ARGUMENT;
	if (size == 0)
		return KERN_SUCCESS;
	if (!pages_of(address, size, &start, &end))
		return KERN_INVALID_ADDRESS;
	return vm_map_protect(map, start, end, prot, set_max);
}

/* Sets what a child gets. KERN_INVALID_ARGUMENT (no such inheritance), KERN_INVALID_ADDRESS. */
kern_return_t vm_inherit(vm_map_t map, vm_address_t address, vm_size_t size, vm_inherit_t inheritance)
{
	vm_offset_t start, end;
	if (!is_inheritance(inheritance))
		return KERN_INVALID_ARGUMENT;
	if (size == 0)
		return KERN_SUCCESS;
	if (!pages_of(address, size, &start, &end))
		return KERN_INVALID_ADDRESS;
	return vm_map_inherit(map, start, end, inheritance);
}

/* A copy of whole pages, for the reply. KERN_INVALID_ARGUMENT (not whole pages), KERN_INVALID_ADDRESS,
 * KERN_PROTECTION_FAILURE (not readable); errors of managers. */
kern_return_t vm_read(vm_map_t map, vm_address_t address, vm_size_t size, vm_map_copy_t *data,
                      mach_msg_type_number_t *data_count)
{
	if (!is_aligned(address, size))
		return KERN_INVALID_ARGUMENT;
	kern_return_t result = vm_map_copyin(map, address, size, false, data);
	if (result == KERN_SUCCESS)
		*data_count = size;
	return result;
}

/* Whole pages over what is there. Results as vm_read's; it must be writable. */
kern_return_t vm_write(vm_map_t map, vm_address_t address, vm_map_copy_t data, mach_msg_type_number_t size)
{
	if (!is_aligned(address, size))
		return KERN_INVALID_ARGUMENT;
	return vm_map_copy_overwrite(map, address, data, true);
}

/* Whether one range can be read, and the other written to. */
static kern_return_t check_copy(vm_map_t map, vm_address_t source, vm_size_t size, vm_address_t target)
{
	if (source + size < source || target + size < target)
		return KERN_INVALID_ADDRESS;
	lock_read(&map->lock);
	kern_return_t result = vm_map_check_range(map, source, source + size, VM_PROT_READ);
	if (result == KERN_SUCCESS)
		result = vm_map_check_range(map, target, target + size, VM_PROT_WRITE);
	lock_done(&map->lock);
	return result;
}

/* Whole pages of the task over others of it. Results as vm_read's. */
kern_return_t vm_copy(vm_map_t map, vm_address_t source, vm_size_t size, vm_address_t target)
{
	vm_map_copy_t copy;
	if (!is_aligned(source | target, size))
		return KERN_INVALID_ARGUMENT;
	kern_return_t result = check_copy(map, source, size, target);
	if (result == KERN_SUCCESS)
		result = vm_map_copyin(map, source, size, false, &copy);
	if (result != KERN_SUCCESS)
		return result;
	result = vm_map_copy_overwrite(map, target, copy, true);
	if (result != KERN_SUCCESS)
		vm_map_copy_discard(copy);
	return result;
}

/* A send right for the name of what backs the object in the end; null for temporary memory that has none. */
static ipc_port_t object_name_port(vm_object_t object)
{
	if (object == VM_OBJECT_NULL)
		return IP_NULL;
	while (object->shadow != VM_OBJECT_NULL)
		object = object->shadow;
	return IP_VALID(object->pager_name) ? ipc_port_make_send(object->pager_name) : IP_NULL;
}

/* The region that has the address, or else the next: a range of one object with the same attributes. KERN_NO_SPACE
 * (there is none). *is_shared: by inheritance. *offset: of its beginning in the object. */
kern_return_t vm_region(vm_map_t map, vm_address_t *address, vm_size_t *size, vm_prot_t *protection,
                        vm_prot_t *max_protection, vm_inherit_t *inheritance, bool *is_shared, ipc_port_t *object_name,
                        vm_offset_t *offset)
{
	lock_read(&map->lock);
	vm_map_entry_t entry = vm_map_entry_from(map, *address), part = entry;
	if (entry == NULL) {
		lock_done(&map->lock);
		return KERN_NO_SPACE;
	}
	*address = entry->start;
	*size = entry->end - entry->start;
	*protection = entry->protection;
	*max_protection = entry->max_protection;
	*inheritance = entry->inheritance;
	*is_shared = entry->is_a_map;
	*offset = entry->offset;
	if (entry->is_a_map) {
		part = vm_map_entry_from(entry->share_map, entry->offset);
		*offset = part != NULL ? part->offset + (entry->offset - part->start) : 0;
	}
	*object_name = object_name_port(part != NULL ? part->object : VM_OBJECT_NULL);
	lock_done(&map->lock);
	return KERN_SUCCESS;
}

/* What the whole machine's memory is used for, and what has been done with it. */
kern_return_t vm_statistics(vm_map_t map, vm_statistics_data_t *statistics)
{
	(void)map;
	vm_statistics_now(statistics);
	return KERN_SUCCESS;
}

/* Checks of vm_map that need nothing but its arguments. */
static bool can_map(vm_size_t size, vm_offset_t offset, vm_prot_t cur_protection, vm_prot_t max_protection,
                    vm_inherit_t inheritance)
{
	return is_protection(cur_protection) && is_protection(max_protection) &&
	       (cur_protection & ~max_protection) == 0 && is_inheritance(inheritance) && size != 0 &&
	       is_aligned(offset, 0) && round_page(offset + size) > offset;
}

/* The object of a manager's port and, with `copy`, a copy of it: as it is to be entered. */
static kern_return_t object_to_map(ipc_port_t port, vm_size_t size, bool copy, vm_object_t *object,
                                   vm_offset_t *offset, bool *needs_copy)
{
	vm_object_t source = vm_object_enter(port, *offset + size);
	if (source == VM_OBJECT_NULL)
		return KERN_INVALID_ARGUMENT;
	*object = source;
	if (!copy)
		return KERN_SUCCESS;
	kern_return_t result = vm_object_copy_strategically(source, *offset, size, object, offset, needs_copy);
	vm_object_deallocate(source);
	return result;
}

/* A manager's object, or a copy of it, or zero-filled memory for a null port, anywhere from *address on or there (Y87
 * vm_allocate_with_pager). The manager is told, and not waited for. The port's right is used up.
 * KERN_INVALID_ARGUMENT (size 0, an offset within a page, protections, inheritance; a port that is no manager's),
 * KERN_INVALID_ADDRESS, KERN_NO_SPACE. */
kern_return_t vm_map(vm_map_t map, vm_address_t *address, vm_size_t size, vm_address_t mask, bool anywhere,
                     ipc_port_t memory_object, vm_offset_t offset, bool copy, vm_prot_t cur_protection,
                     vm_prot_t max_protection, vm_inherit_t inheritance)
{
	vm_object_t object = VM_OBJECT_NULL;
	bool needs_copy = false;
	kern_return_t result = KERN_SUCCESS;
	vm_offset_t start, end;
	if (!can_map(size, offset, cur_protection, max_protection, inheritance) || memory_object == IP_DEAD)
		return KERN_INVALID_ARGUMENT;
	if (!pages_of(*address, size, &start, &end))
		return anywhere ? KERN_NO_SPACE : KERN_INVALID_ADDRESS;
	if (memory_object == IP_NULL)
		offset = 0;
	else
		result = object_to_map(memory_object, end - start, copy, &object, &offset, &needs_copy);
	if (result != KERN_SUCCESS)
		return result;
	result = vm_map_enter(map, &start, end - start, mask, anywhere, object, offset, needs_copy, cur_protection,
	                      max_protection, inheritance);
	if (result != KERN_SUCCESS) {
		if (object != VM_OBJECT_NULL)
			vm_object_deallocate(object);
		return result;
	}
	*address = start;
	if (memory_object != IP_NULL)
		ipc_port_release_send(memory_object);
	return KERN_SUCCESS;
}

/* GD91 §5.1: such accesses to the range do not fault from now on; VM_PROT_NONE: they may. Once for each time.
 * KERN_INVALID_VALUE (no such access), KERN_FAILURE (not all there, or not so accessible), KERN_INVALID_ARGUMENT (to be
 * unwired, and is not wired); errors of managers. */
kern_return_t vm_wire(vm_map_t map, vm_address_t address, vm_size_t size, vm_prot_t access)
{
	vm_offset_t start, end;
	if (!is_protection(access))
		return KERN_INVALID_VALUE;
	if (size == 0)
		return KERN_SUCCESS;
	if (!pages_of(address, size, &start, &end))
		return access == VM_PROT_NONE ? KERN_INVALID_ARGUMENT : KERN_FAILURE;
	return vm_map_pageable(map, start, end, access, true);
}
