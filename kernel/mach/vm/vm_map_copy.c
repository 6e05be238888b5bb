/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory out of a map, to be sent or written elsewhere (Y87 §2, §3.3: copy-on-write).
 *
 * How one entry is copied, decided in this order:
 *   1. nothing is in it yet        the copy is empty, too
 *   2. source to be destroyed, its object temporary, the entry neither shared nor wired:  the entry itself moves
 *   3. wired                       its pages are copied now: the source may not fault later
 *   4. a temporary object          both refer to it, and who writes first makes a shadow (vm_object_copy_temporary)
 *   5. a manager's object          as it wishes (vm_object_copy_strategically)
 * 3 and 5 may wait, and let the map go: what they copied is what was mapped when they began.  A manager may never
 * answer (Y87 §6.1): thread_abort, or the thread's end, ends the wait, and the copy with it (KERN_ABORTED).
 *
 * With a destroyed source the range is checked as a whole first; after that only a manager's failure, or another thread
 * of the task that takes the range away meanwhile, ends it half done: then what had moved is lost.
 */
#include "base/memory.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "machine/pcb.h"
#include "vm/vm_map_copy.h"

enum { COPY_MEMORY_MOST = 1 << 20 };
/* The last ones, and more than pages' headers take, are for threads with vm_privilege: pageout sends copies. */
enum { COPIES_FOR_ALL = COPY_MEMORY_MOST / sizeof(struct vm_map_copy) * 7 / 8 };

static zone_t copy_zone;

void vm_map_copy_init(void)
{
	copy_zone = zinit(sizeof(struct vm_map_copy), COPY_MEMORY_MOST, "map copies");
}

vm_map_copy_t vm_map_copy_create(int type, vm_offset_t offset, vm_size_t size)
{
	if (zone_in_use(copy_zone) >= COPIES_FOR_ALL && !current_thread()->vm_privilege)
		return VM_MAP_COPY_NULL;
	vm_map_copy_t copy = zalloc(copy_zone);
	if (copy == VM_MAP_COPY_NULL)
		return VM_MAP_COPY_NULL;
	*copy = (struct vm_map_copy){.type = type, .offset = offset, .size = size};
	list_init(&copy->entries);
	return copy;
}

void vm_map_copy_dispose(vm_map_copy_t copy)
{
	zfree(copy_zone, copy);
}

void vm_map_unlock_piece(vm_map_t map, const struct vm_map_piece *piece)
{
	if (piece->owner != map)
		vm_map_unlock(piece->owner);
}

/* Goes down into the sharing map: the part of it at the entry's address. */
static kern_return_t find_shared(vm_map_entry_t entry, vm_offset_t address, vm_offset_t *end,
                                 struct vm_map_piece *piece)
{
	vm_map_t share = entry->share_map;
	vm_offset_t start = entry->offset + (address - entry->start);
	vm_map_lock_now(share);
	if (!vm_map_lookup_entry(share, start, &entry)) {
		vm_map_unlock(share);
		return KERN_INVALID_ADDRESS;
	}
	if (*end - address > entry->end - start)
		*end = address + (entry->end - start);
	piece->owner = share;
	piece->entry = vm_map_clip_start(share, entry, start);
	vm_map_clip_end(share, piece->entry, start + (*end - address));
	return KERN_SUCCESS;
}

kern_return_t vm_map_find_piece(vm_map_t map, vm_offset_t address, vm_offset_t *end, vm_prot_t prot,
                                struct vm_map_piece *piece)
{
	vm_map_entry_t entry;
	for (;;) {
		if (!vm_map_lookup_entry(map, address, &entry))
			return KERN_INVALID_ADDRESS;
		if ((entry->protection & prot) != prot)
			return KERN_PROTECTION_FAILURE;
		if (!entry->in_transition || entry->wired_count != 0)
			break;
		vm_map_entry_wait(map, entry);
	}
	if (*end > entry->end)
		*end = entry->end;
	if (entry->is_a_map)
		return find_shared(entry, address, end, piece);
	piece->owner = map;
	piece->entry = vm_map_clip_start(map, entry, address);
	vm_map_clip_end(map, piece->entry, *end);
	return KERN_SUCCESS;
}

static bool can_move(vm_map_t map, const struct vm_map_piece *piece)
{
	const struct vm_map_entry *entry = piece->entry;
	return piece->owner == map && entry->wired_count == 0 &&
	       (entry->object == VM_OBJECT_NULL || entry->object->temporary);
}

static void move(vm_map_t map, vm_map_entry_t entry, struct list *list)
{
	if (map->pmap != NULL)
		pmap_remove(map->pmap, entry->start, entry->end);
	vm_map_entry_unlink(map, entry);
	list_append(list, &entry->link);
}

/* The source may not write any more without making a shadow. */
static void set_needs_copy(vm_map_t owner, vm_map_entry_t entry)
{
	if (entry->needs_copy)
		return;
	entry->needs_copy = true;
	if (owner->pmap != NULL)
		pmap_protect(owner->pmap, entry->start, entry->end, entry->protection & ~VM_PROT_WRITE);
	else
		vm_object_pmap_protect(entry->object, entry->offset, entry->end - entry->start, NULL, 0,
		                       VM_PROT_ALL & ~VM_PROT_WRITE);
}

/* Fills `new` from an entry if that takes no waiting. */
static bool copy_at_once(const struct vm_map_piece *piece, vm_map_entry_t new)
{
	vm_map_entry_t entry = piece->entry;
	bool source_needs_copy = false;
	new->object = entry->object;
	new->offset = entry->offset;
	if (entry->object == VM_OBJECT_NULL)
		return true;
	if (entry->wired_count != 0 ||
	    !vm_object_copy_temporary(&new->object, &new->offset, &source_needs_copy, &new->needs_copy))
		return false;
	if (source_needs_copy)
		set_needs_copy(piece->owner, entry);
	return true;
}

/* The same with waiting: the maps are let go. An error is the manager's. */
static kern_return_t copy_slowly(vm_map_t map, const struct vm_map_piece *piece, vm_map_entry_t new)
{
	kern_return_t result;
	vm_object_t object = piece->entry->object;
	vm_offset_t offset = piece->entry->offset;
	vm_size_t size = piece->entry->end - piece->entry->start;
	bool wired = piece->entry->wired_count != 0;
	vm_object_reference(object);
	vm_map_unlock_piece(map, piece);
	vm_map_unlock(map);
	if (wired) {
		result = vm_object_copy_slowly(object, offset, size, true, &new->object);
		new->offset = 0;
	} else {
		result = vm_object_copy_strategically(object, offset, size, &new->object, &new->offset,
		                                      &new->needs_copy);
	}
	vm_object_deallocate(object);
	vm_map_lock(map);
	return result;
}

kern_return_t vm_map_copy_entry(vm_map_t map, vm_offset_t *address, vm_offset_t end, bool destroy,
                                bool any_protection, struct list *list, natural_t *nentries)
{
	struct vm_map_piece piece;
	interrupt_window();
	if (!vm_map_entries_left())
		return KERN_RESOURCE_SHORTAGE;
	kern_return_t result = vm_map_find_piece(map, *address, &end, any_protection ? VM_PROT_NONE : VM_PROT_READ,
	                                         &piece);
	if (result != KERN_SUCCESS)
		return result;
	if (destroy && can_move(map, &piece)) {
		move(map, piece.entry, list);
	} else {
		vm_map_entry_t new = vm_map_entry_create();
		*new = (struct vm_map_entry){.start = *address, .end = end};
		if (copy_at_once(&piece, new))
			vm_map_unlock_piece(map, &piece);
		else
			result = copy_slowly(map, &piece, new);
		if (result != KERN_SUCCESS) {
			vm_map_entry_dispose(new);
			return result;
		}
		list_append(list, &new->link);
	}
	++*nentries;
	*address = end;
	return KERN_SUCCESS;
}

kern_return_t vm_map_copyin(vm_map_t map, vm_offset_t address, vm_size_t size, bool destroy_source,
                            vm_map_copy_t *result_copy)
{
	vm_offset_t start = trunc_page(address), end = round_page(address + size);
	struct list dead;
	*result_copy = VM_MAP_COPY_NULL;
	if (size == 0)
		return KERN_SUCCESS;
	if (address + size < address || end < start)
		return KERN_INVALID_ADDRESS;
	vm_map_copy_t copy = vm_map_copy_create(VM_MAP_COPY_ENTRY_LIST, address, size);
	if (copy == VM_MAP_COPY_NULL)
		return KERN_RESOURCE_SHORTAGE;
	list_init(&dead);
	vm_map_lock(map);
	kern_return_t result = vm_map_check_range(map, start, end, VM_PROT_READ);
	for (vm_offset_t next = start; result == KERN_SUCCESS && next < end;)
		result = vm_map_copy_entry(map, &next, end, destroy_source, false, &copy->entries, &copy->nentries);
	if (result == KERN_SUCCESS && destroy_source)
		vm_map_delete(map, start, end, &dead);
	vm_map_unlock(map);
	vm_map_entries_release(&dead);
	if (result == KERN_SUCCESS)
		*result_copy = copy;
	else
		vm_map_copy_discard(copy);
	return result;
}

kern_return_t vm_map_copyin_object(vm_object_t object, vm_offset_t offset, vm_size_t size, vm_map_copy_t *result_copy)
{
	vm_map_copy_t copy = vm_map_copy_create(VM_MAP_COPY_OBJECT, offset, size);
	*result_copy = copy;
	if (copy == VM_MAP_COPY_NULL)
		return KERN_RESOURCE_SHORTAGE;
	copy->object = object;
	return KERN_SUCCESS;
}

kern_return_t vm_map_copyin_kernel(const void *data, vm_size_t size, vm_map_copy_t *result_copy)
{
	*result_copy = VM_MAP_COPY_NULL;
	if (size == 0)
		return KERN_SUCCESS;
	void *bytes = kalloc(size);
	if (bytes == NULL)
		return KERN_RESOURCE_SHORTAGE;
	vm_map_copy_t copy = vm_map_copy_create(VM_MAP_COPY_KERNEL_BUFFER, 0, size);
	if (copy == VM_MAP_COPY_NULL) {
		kfree(bytes, size);
		return KERN_RESOURCE_SHORTAGE;
	}
	copy->kdata = memcpy(bytes, data, size);
	*result_copy = copy;
	return KERN_SUCCESS;
}

/* The caller holds no map's lock. */
void vm_map_copy_discard(vm_map_copy_t copy)
{
	if (copy == VM_MAP_COPY_NULL)
		return;
	if (copy->type == VM_MAP_COPY_PAGE_LIST)
		vm_map_copy_release_pages(copy);
	if (copy->object != VM_OBJECT_NULL)
		vm_object_deallocate(copy->object);
	if (copy->kdata != NULL)
		kfree(copy->kdata, copy->size);
	vm_map_entries_release(&copy->entries);
	vm_map_copy_dispose(copy);
}
