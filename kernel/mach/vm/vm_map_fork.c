/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child's address space (Y87 §3.3, §5.1): each entry by its inheritance.
 *
 *   none   the child has a hole there
 *   share  parent and child stand on one sharing map, which is made at the first sharing
 *   copy   the child gets a copy, made when one of the two writes
 *
 * The parent is walked by address, as a copy of what is wired or another manager's lets its map go for a while.  What a
 * manager fails to give for such a copy is a hole in the child.
 */
#include "machine/pcb.h"
#include "vm/vm_map_entry.h"

/* The entry's object moves down into a sharing map, which the entry stands on from now on. NULL without memory. */
static vm_map_t share_entry(vm_map_entry_t entry)
{
	if (entry->is_a_map)
		return entry->share_map;
	vm_map_use_reserve();
	vm_map_t share = vm_map_create(NULL, entry->start, entry->end);
	vm_map_use_reserve_no_more();
	if (share == VM_MAP_NULL)
		return VM_MAP_NULL;
	vm_map_entry_t part = vm_map_entry_create();
	*part = *entry;
	part->protection = part->max_protection = VM_PROT_ALL;
	part->inheritance = VM_INHERIT_SHARE;
	part->wired_count = entry->wired_count != 0;
	part->user_wired_count = 0;
	part->in_transition = part->needs_wakeup = false;
	vm_map_entry_link(share, NULL, part);
	entry->is_a_map = true;
	entry->needs_copy = false;
	entry->share_map = share;
	entry->offset = entry->start;
	return share;
}

/* Behind the child's other entries. */
static void append(vm_map_t child, vm_map_entry_t entry)
{
	vm_map_entry_t last = list_is_empty(&child->entries) ? NULL : vm_map_entry_of(child->entries.previous);
	vm_map_entry_link(child, last, entry);
}

static bool inherit_shared(vm_map_t child, vm_map_entry_t entry)
{
	vm_map_t share = vm_map_entries_left() ? share_entry(entry) : VM_MAP_NULL;
	if (share == VM_MAP_NULL)
		return false;
	vm_map_entry_t new = vm_map_entry_create();
	*new = *entry;
	new->wired_count = new->user_wired_count = 0;
	new->in_transition = new->needs_wakeup = false;
	vm_map_reference(share);
	append(child, new);
	return true;
}

/* The entry's range, with the attributes that it had at first. False: no memory for it, or aborted. */
static bool inherit_copied(vm_map_t map, vm_map_t child, vm_map_entry_t entry)
{
	struct vm_map_entry like = *entry;
	for (vm_offset_t address = like.start; address < like.end;) {
		struct list copied;
		natural_t count = 0;
		list_init(&copied);
		kern_return_t result = vm_map_copy_entry(map, &address, like.end, false, true, &copied, &count);
		if (result != KERN_SUCCESS)
			return result == KERN_MEMORY_ERROR || result == KERN_MEMORY_FAILURE;
		while (!list_is_empty(&copied)) {
			vm_map_entry_t new = vm_map_entry_of(copied.next);
			list_remove(&new->link);
			new->protection = like.protection;
			new->max_protection = like.max_protection;
			new->inheritance = like.inheritance;
			append(child, new);
		}
	}
	return true;
}

/* Whether it came to the end. */
static bool inherit_entries(vm_map_t map, vm_map_t child)
{
	vm_offset_t address = map->min_offset;
	bool whole = true;
	for (vm_map_entry_t entry; whole && (entry = vm_map_entry_from(map, address)) != NULL;) {
		address = entry->end;
		interrupt_window();
		if (entry->inheritance == VM_INHERIT_SHARE)
			whole = inherit_shared(child, entry);
		else if (entry->inheritance == VM_INHERIT_COPY)
			whole = inherit_copied(map, child, entry);
	}
	return whole;
}

vm_map_t vm_map_fork(vm_map_t map)
{
	pmap_t pmap = pmap_create();
	if (pmap == NULL)
		return VM_MAP_NULL;
	vm_map_t child = vm_map_create(pmap, map->min_offset, map->max_offset);
	if (child == VM_MAP_NULL) {
		pmap_destroy(pmap);
		return VM_MAP_NULL;
	}
	vm_map_lock(map);
	bool whole = inherit_entries(map, child);
	vm_map_unlock(map);
	if (whole)
		return child;
	vm_map_deallocate(child);
	return VM_MAP_NULL;
}
