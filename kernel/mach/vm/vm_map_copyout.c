/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory into a map: anywhere, or over what is there (Y87 §3.3 vm_write, vm_copy; §5.1 sharing).
 *
 * What is written over is replaced, entry by entry: the target's entry and the copy's exchange their objects, and the
 * old one goes with the rest of the copy after the map is let go.  In a sharing map that is seen by all who stand on
 * it; a manager's object that a task has mapped for itself is only replaced, in this task.  A target that is wired
 * keeps its pages: the bytes are copied into them.
 */
#include "machine/pcb.h"
#include "vm/vm_fault.h"
#include "vm/vm_kern.h"
#include "vm/vm_map_copy.h"

/* Fresh zero-filled memory gets the bytes. */
static kern_return_t copyout_bytes(vm_map_t map, vm_offset_t *address, vm_map_copy_t copy)
{
	vm_offset_t start = map->min_offset;
	kern_return_t result = vm_map_enter(map, &start, round_page(copy->size), 0, true, VM_OBJECT_NULL, 0, false,
	                                    VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	if (result != KERN_SUCCESS)
		return result;
	result = copyoutmap(map, copy->kdata, start, copy->size);
	if (result != KERN_SUCCESS) {
		vm_map_remove(map, start, start + round_page(copy->size));
		return result;
	}
	*address = start;
	vm_map_copy_discard(copy);
	return KERN_SUCCESS;
}

/* The copy's entries move behind `before`, with addresses further by `distance`. */
static void insert_entries(vm_map_t map, vm_map_entry_t before, vm_map_copy_t copy, vm_offset_t distance)
{
	while (!list_is_empty(&copy->entries)) {
		vm_map_entry_t entry = vm_map_entry_of(copy->entries.next);
		list_remove(&entry->link);
		entry->start += distance;
		entry->end += distance;
		entry->protection = VM_PROT_DEFAULT;
		entry->max_protection = VM_PROT_ALL;
		entry->inheritance = VM_INHERIT_DEFAULT;
		vm_map_entry_link(map, before, entry);
		before = entry;
	}
}

kern_return_t vm_map_copyout(vm_map_t map, vm_offset_t *address, vm_map_copy_t copy)
{
	vm_offset_t start;
	vm_map_entry_t before;
	*address = 0;
	if (copy == VM_MAP_COPY_NULL)
		return KERN_SUCCESS;
	if (copy->type == VM_MAP_COPY_KERNEL_BUFFER)
		return copyout_bytes(map, address, copy);
	vm_map_copy_entries(copy);
	vm_map_lock(map);
	if (!vm_map_find_space(map, map->min_offset, vm_map_copy_end(copy) - vm_map_copy_start(copy), 0, &start,
	                       &before)) {
		vm_map_unlock(map);
		return KERN_NO_SPACE;
	}
	insert_entries(map, before, copy, start - vm_map_copy_start(copy));
	vm_map_unlock(map);
	*address = start + (copy->offset - vm_map_copy_start(copy));
	vm_map_copy_dispose(copy);
	return KERN_SUCCESS;
}

/* No translation of the entry's memory stays, whoever has it. */
static void remove_translations(vm_map_t owner, vm_map_entry_t entry)
{
	if (owner->pmap != NULL) {
		pmap_remove(owner->pmap, entry->start, entry->end);
		return;
	}
	vm_offset_t offset = entry->offset;
	vm_size_t size = entry->end - entry->start;
	for (vm_object_t object = entry->object; object != VM_OBJECT_NULL; object = object->shadow) {
		vm_object_pmap_remove(object, offset, offset + size);
		offset += object->shadow_offset;
	}
}

/* The target has what the source has, and the other way round. */
static void exchange(struct vm_map_piece *target, vm_map_entry_t source)
{
	vm_map_entry_t entry = target->entry;
	vm_object_t object = entry->object;
	vm_offset_t offset = entry->offset;
	bool needs_copy = entry->needs_copy;
	remove_translations(target->owner, entry);
	entry->object = source->object;
	entry->offset = source->offset;
	entry->needs_copy = source->needs_copy;
	source->object = object;
	source->offset = offset;
	source->needs_copy = needs_copy;
}

/* The bytes into a wired target's pages; both maps are let go meanwhile. *size: how many, out: how many were; they are
 * fewer if the target has changed. */
static kern_return_t copy_bytes(vm_map_t map, struct vm_map_piece *target, vm_map_entry_t source, vm_size_t *size,
                                bool interruptible)
{
	vm_object_t object = target->entry->object;
	vm_offset_t offset = target->entry->offset;
	vm_map_version_t version = {.main_timestamp = map->timestamp};
	if (target->owner != map) {
		version.share_map = target->owner;
		version.share_timestamp = target->owner->timestamp;
	}
	vm_object_reference(object);
	vm_map_unlock_piece(map, target);
	vm_map_unlock(map);
	kern_return_t result = vm_fault_copy(source->object, source->offset, size, object, offset, map, &version,
	                                     interruptible);
	vm_object_deallocate(object);
	vm_map_lock(map);
	return result;
}

/* Cuts what is done with off the copy's first entry, and leaves it to `dead`. */
static void use_up(vm_map_copy_t copy, vm_size_t size, struct list *dead)
{
	vm_map_entry_t first = vm_map_entry_of(copy->entries.next);
	if (size < first->end - first->start)
		list_insert_before(first->link.next, &vm_map_entry_split(first, first->start + size)->link);
	list_remove(&first->link);
	list_append(dead, &first->link);
}

/* Writes the copy's first entry, or as much of it as one entry of the target takes, to *address, and moves that on. */
static kern_return_t overwrite_piece(vm_map_t map, vm_offset_t *address, vm_map_copy_t copy, bool interruptible,
                                     struct list *dead)
{
	struct vm_map_piece target;
	vm_map_entry_t source = vm_map_entry_of(copy->entries.next);
	vm_offset_t end = *address + (source->end - source->start);
	interrupt_window();
	kern_return_t result = vm_map_find_piece(map, *address, &end, VM_PROT_WRITE, &target);
	if (result != KERN_SUCCESS)
		return result;
	vm_size_t size = end - *address;
	if (target.entry->wired_count == 0) {
		use_up(copy, size, dead);
		exchange(&target, source);
		vm_map_unlock_piece(map, &target);
	} else if (target.entry->needs_copy) {
		vm_map_unlock_piece(map, &target);
		return KERN_PROTECTION_FAILURE;
	} else {
		result = copy_bytes(map, &target, source, &size, interruptible);
		if (result == KERN_SUCCESS && size != 0)
			use_up(copy, size, dead);
	}
	*address += size;
	return result;
}

static kern_return_t overwrite_entries(vm_map_t map, vm_offset_t address, vm_map_copy_t copy, bool interruptible)
{
	struct list dead;
	list_init(&dead);
	vm_map_lock(map);
	kern_return_t result = vm_map_entries_left() ? KERN_SUCCESS : KERN_RESOURCE_SHORTAGE;
	if (result == KERN_SUCCESS)
		result = vm_map_check_range(map, address, address + copy->size, VM_PROT_WRITE);
	while (result == KERN_SUCCESS && !list_is_empty(&copy->entries))
		result = overwrite_piece(map, &address, copy, interruptible, &dead);
	vm_map_unlock(map);
	vm_map_entries_release(&dead);
	return result;
}

static kern_return_t overwrite_bytes(vm_map_t map, vm_offset_t address, vm_map_copy_t copy)
{
	lock_read(&map->lock);
	kern_return_t result = vm_map_check_range(map, trunc_page(address), round_page(address + copy->size),
	                                          VM_PROT_WRITE);
	lock_done(&map->lock);
	return result == KERN_SUCCESS ? copyoutmap(map, copy->kdata, address, copy->size) : result;
}

kern_return_t vm_map_copy_overwrite(vm_map_t map, vm_offset_t address, vm_map_copy_t copy, bool interruptible)
{
	kern_return_t result;
	if (copy == VM_MAP_COPY_NULL)
		return KERN_SUCCESS;
	if (address + copy->size < address || round_page(address + copy->size) < address)
		return KERN_INVALID_ADDRESS;
	if (copy->type == VM_MAP_COPY_KERNEL_BUFFER) {
		result = overwrite_bytes(map, address, copy);
	} else if (((address | copy->offset | copy->size) & VM_PAGE_MASK) != 0) {
		result = KERN_INVALID_ARGUMENT;
	} else {
		vm_map_copy_entries(copy);
		result = overwrite_entries(map, address, copy, interruptible);
	}
	if (result == KERN_SUCCESS)
		vm_map_copy_discard(copy);
	return result;
}
