/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wiring ranges of addresses (GD91 §5.1 vm_wire; Mach vm_map_pageable).
 *
 *   not wired --take_range, count_wired--> in transition --vm_fault_wire, vm_map_entry_wakeup--> wired
 *       ^                                        | a fault fails: unwire                           |
 *       '--vm_fault_unwire, vm_map_entry_wakeup--+------------------take_range, count_unwired------'
 *
 * Faults run with the map let go, on a copy of the entry: the entry may be split meanwhile, but it may not go, nor may
 * others begin to wire or unwire it (invariant 5 of vm_map.h).  The count of wired entries on a sharing map's entries
 * makes copies of them be real ones.
 */
#include "vm/vm_fault.h"
#include "vm/vm_map_entry.h"

/* Calls for each part of the sharing map that the entry stands on, cut to the entry. */
static void for_parts(vm_map_entry_t entry, void (*act)(vm_map_entry_t part, int argument), int argument)
{
	vm_map_t share = entry->share_map;
	vm_offset_t end = entry->offset + (entry->end - entry->start);
	vm_map_lock_now(share);
	vm_map_entry_t part = vm_map_clip_start(share, vm_map_entry_from(share, entry->offset), entry->offset);
	for (; part != NULL && part->start < end; part = vm_map_entry_next(share, part)) {
		vm_map_clip_end(share, part, end);
		act(part, argument);
	}
	vm_map_simplify(share, entry->offset, end);
	vm_map_unlock(share);
}

static void count_part(vm_map_entry_t part, int by)
{
	part->wired_count += by;
}

static void materialize_part(vm_map_entry_t part, int write)
{
	vm_map_entry_materialize(part, write);
}

/* The entry is wired, or is no more: what it stands on counts so. */
static void count_shared(vm_map_entry_t entry, int by)
{
	if (entry->is_a_map)
		for_parts(entry, count_part, by);
}

/* Everything under the entry has an object, and its own if it may be written to while it is wired. */
static void prepare(vm_map_entry_t entry, bool write)
{
	if (entry->is_a_map)
		for_parts(entry, materialize_part, write);
	else
		vm_map_entry_materialize(entry, write);
}

/* Whether the pages must be its own while it is wired: it, or who shares it, may come to write. */
static bool wants_own_pages(const struct vm_map_entry *entry, vm_prot_t access, bool user_wire)
{
	return entry->is_a_map || ((user_wire ? entry->max_protection : access) & VM_PROT_WRITE) != 0;
}

static kern_return_t may_wire(const struct vm_map_entry *entry, vm_prot_t access, bool user_wire)
{
	if ((entry->protection & access) != access)
		return KERN_FAILURE;
	bool frozen = entry->wired_count != 0 && !entry->is_a_map && entry->needs_copy;
	return frozen && wants_own_pages(entry, access, user_wire) ? KERN_FAILURE : KERN_SUCCESS;
}

static kern_return_t may_unwire(const struct vm_map_entry *entry, bool user_wire)
{
	natural_t of_kernel = entry->wired_count - (entry->user_wired_count != 0);
	return (user_wire ? entry->user_wired_count : of_kernel) != 0 ? KERN_SUCCESS : KERN_INVALID_ARGUMENT;
}

/* Checks the range, waiting until nothing of it is in transition. access none: to unwire. */
static kern_return_t check_range(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t access, bool user_wire)
{
	kern_return_t hole = access == VM_PROT_NONE ? KERN_INVALID_ARGUMENT : KERN_FAILURE;
	vm_offset_t address = start;
	vm_map_entry_t entry = vm_map_entry_from(map, start);
	if (access != VM_PROT_NONE && !vm_map_entries_left())
		return KERN_RESOURCE_SHORTAGE;
	while (address < end) {
		if (entry == NULL || entry->start > address)
			return hole;
		if (entry->in_transition) {
			vm_map_entry_wait(map, entry);
			address = start;
			entry = vm_map_entry_from(map, start);
			continue;
		}
		kern_return_t result = access == VM_PROT_NONE ? may_unwire(entry, user_wire)
		                                              : may_wire(entry, access, user_wire);
		if (result != KERN_SUCCESS)
			return result;
		address = entry->end;
		entry = vm_map_entry_next(map, entry);
	}
	return KERN_SUCCESS;
}

/* Every entry of the range lies within it and is in transition: the caller's, until vm_map_entry_wakeup. */
static void take_range(vm_map_t map, vm_offset_t start, vm_offset_t end)
{
	vm_map_entry_t entry = vm_map_clip_start(map, vm_map_entry_from(map, start), start);
	for (; entry != NULL && entry->start < end; entry = vm_map_entry_next(map, entry)) {
		vm_map_clip_end(map, entry, end);
		entry->in_transition = true;
	}
}

static void count_wired(vm_map_entry_t entry, vm_prot_t access, bool user_wire)
{
	if (user_wire && entry->user_wired_count++ != 0)
		return;
	if (entry->wired_count == 0) {
		prepare(entry, wants_own_pages(entry, access, user_wire));
		count_shared(entry, 1);
	}
	entry->wired_count++;
}

static void count_unwired(vm_map_entry_t entry, bool user_wire)
{
	if (user_wire && --entry->user_wired_count != 0)
		return;
	if (--entry->wired_count == 0)
		count_shared(entry, -1);
}

/* Whether the count just taken was the first. */
static bool is_newly_wired(const struct vm_map_entry *entry, bool user_wire)
{
	return entry->wired_count == 1 && entry->user_wired_count == (user_wire ? 1 : 0);
}

static bool is_unwired(const struct vm_map_entry *entry, bool user_wire)
{
	(void)user_wire;
	return entry->wired_count == 0;
}

/* Copies the first entry of a range that is so. */
static bool next_entry(vm_map_t map, vm_offset_t start, vm_offset_t end, bool user_wire,
                       bool (*is_so)(const struct vm_map_entry *entry, bool user_wire), struct vm_map_entry *copy)
{
	vm_map_entry_t entry = vm_map_entry_from(map, start);
	while (entry != NULL && entry->start < end && !is_so(entry, user_wire))
		entry = vm_map_entry_next(map, entry);
	if (entry == NULL || entry->start >= end)
		return false;
	*copy = *entry;
	return true;
}

/* Takes the wiring off the pages of what is not wired any more. */
static void unwire_pages(vm_map_t map, vm_offset_t start, vm_offset_t end)
{
	struct vm_map_entry entry;
	for (vm_offset_t address = start; next_entry(map, address, end, false, is_unwired, &entry);
	     address = entry.end) {
		vm_map_unlock(map);
		vm_fault_unwire(map, &entry);
		vm_map_lock_now(map);
	}
}

/* One count less for the whole range; pages of what lies below `touched` may be wired. */
static void unwire(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_offset_t touched, bool user_wire)
{
	for (vm_map_entry_t entry = vm_map_entry_from(map, start); entry != NULL && entry->start < end;
	     entry = vm_map_entry_next(map, entry))
		count_unwired(entry, user_wire);
	unwire_pages(map, start, touched);
}

/* A page of the object is there, be it as a copy of what the object shadows. */
static kern_return_t own_page(vm_object_t object, vm_offset_t offset)
{
	for (;;) {
		vm_page_t page;
		vm_prot_t prot = VM_PROT_WRITE;
		vm_object_paging_begin(object);
		switch (vm_fault_page(object, offset, VM_PROT_WRITE, true, &prot, &page)) {
		case VM_FAULT_SUCCESS:
			vm_fault_release(page);
			return KERN_SUCCESS;
		case VM_FAULT_MEMORY_ERROR:
			return KERN_MEMORY_ERROR;
		case VM_FAULT_MEMORY_SHORTAGE:
			vm_page_wait(NULL);
			break;
		case VM_FAULT_INTERRUPTED:
			return KERN_ABORTED;
		case VM_FAULT_RETRY:
			break;
		}
	}
}

/* The object behind an address, if it shadows another, with a reference; or NULL. */
static vm_object_t shadowing_object(vm_map_t map, vm_offset_t address, vm_offset_t *offset)
{
	vm_map_version_t version;
	vm_object_t object;
	vm_prot_t prot;
	bool wired;
	if (vm_map_lookup(&map, address, VM_PROT_NONE, &version, &object, offset, &prot, &wired) != KERN_SUCCESS)
		return VM_OBJECT_NULL;
	if (object->shadow != VM_OBJECT_NULL)
		vm_object_reference(object);
	else
		object = VM_OBJECT_NULL;
	vm_map_verify_done(map, &version);
	return object;
}

/* Before an entry that does not allow to write is wired: faults for reading would leave the pages where they are. */
static kern_return_t own_pages(vm_map_t map, const struct vm_map_entry *entry)
{
	kern_return_t result = KERN_SUCCESS;
	for (vm_offset_t address = entry->start; result == KERN_SUCCESS && address < entry->end;
	     address += VM_PAGE_SIZE) {
		vm_offset_t offset;
		vm_object_t object = shadowing_object(map, address, &offset);
		if (object == VM_OBJECT_NULL)
			continue;
		result = own_page(object, offset);
		vm_object_deallocate(object);
	}
	return result;
}

/* Faults all pages of an entry in; the map is not locked. */
static kern_return_t wire_pages(vm_map_t map, vm_map_entry_t entry, vm_prot_t access, bool user_wire)
{
	kern_return_t result = KERN_SUCCESS;
	if (!(entry->protection & VM_PROT_WRITE) && wants_own_pages(entry, access, user_wire))
		result = own_pages(map, entry);
	return result == KERN_SUCCESS ? vm_fault_wire(map, entry) : result;
}

/* One count more for the whole range, and all pages that were not wired. A fault that fails wires nothing. */
static kern_return_t wire(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t access, bool user_wire)
{
	struct vm_map_entry entry;
	for (vm_map_entry_t each = vm_map_entry_from(map, start); each != NULL && each->start < end;
	     each = vm_map_entry_next(map, each))
		count_wired(each, access, user_wire);
	for (vm_offset_t address = start; next_entry(map, address, end, user_wire, is_newly_wired, &entry);
	     address = entry.end) {
		vm_map_unlock(map);
		kern_return_t result = wire_pages(map, &entry, access, user_wire);
		vm_map_lock(map);
		if (result != KERN_SUCCESS) {
			unwire(map, start, end, entry.start, user_wire);
			return result;
		}
	}
	return KERN_SUCCESS;
}

kern_return_t vm_map_pageable(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t access, bool user_wire)
{
	if (start == end)
		return KERN_SUCCESS;
	vm_map_lock(map);
	kern_return_t result = check_range(map, start, end, access, user_wire);
	if (result == KERN_SUCCESS) {
		take_range(map, start, end);
		if (access == VM_PROT_NONE)
			unwire(map, start, end, end, user_wire);
		else
			result = wire(map, start, end, access, user_wire);
		vm_map_entry_wakeup(map, start, end);
		vm_map_simplify(map, start, end);
	}
	vm_map_unlock(map);
	return result;
}

/* The pages are there, so that this does not wait for a manager. */
void vm_map_entry_unwire(vm_map_t map, vm_map_entry_t entry)
{
	vm_offset_t start = entry->start, end = entry->end;
	entry->wired_count = entry->user_wired_count = 0;
	count_shared(entry, -1);
	entry->in_transition = true;
	unwire_pages(map, start, end);
	vm_map_entry_wakeup(map, start, end);
}
