/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address maps: their life, and what is done to ranges of addresses (Y87 §3.3, table 3-3; §5.1).
 *
 * Each operation looks at the whole range first, with the map locked, and only then begins to change it.
 */
#include "base/panic.h"
#include "kern/zalloc.h"
#include "machine/pcb.h"
#include "vm/vm_map_copy.h"

enum { MAP_MEMORY_MOST = 1 << 20 };

static zone_t map_zone;

/* Zones of maps, entries and copies; after vm_page_bootstrap. */
void vm_map_init(void)
{
	map_zone = zinit(sizeof(struct vm_map), MAP_MEMORY_MOST, "maps");
	vm_map_entry_init();
	vm_map_copy_init();
}

vm_map_t vm_map_create(pmap_t pmap, vm_offset_t min, vm_offset_t max)
{
	vm_map_t map = zalloc(map_zone);
	if (map == VM_MAP_NULL)
		return VM_MAP_NULL;
	*map = (struct vm_map){.pmap = pmap, .min_offset = min, .max_offset = max, .ref_count = 1};
	list_init(&map->entries);
	return map;
}

void vm_map_reference(vm_map_t map)
{
	map->ref_count++;
}

/* Lets go a reference, and with the last one all that is mapped: may wait for paging to end. */
void vm_map_deallocate(vm_map_t map)
{
	kernel_assert(map->ref_count != 0);
	if (--map->ref_count != 0)
		return;
	vm_map_remove(map, map->min_offset, map->max_offset);
	if (map->pmap != NULL)
		pmap_destroy(map->pmap);
	zfree(map_zone, map);
}

/* Whether the entry before can simply be longer, to have what is to be entered at start. */
static bool extends(const struct vm_map_entry *before, vm_offset_t start, vm_size_t size,
                    const struct vm_map_entry *like)
{
	return before != NULL && before->end == start && like->object == VM_OBJECT_NULL && !before->is_a_map &&
	       !before->needs_copy && !before->in_transition && before->wired_count == 0 &&
	       before->protection == like->protection && before->max_protection == like->max_protection &&
	       before->inheritance == like->inheritance &&
	       (before->object == VM_OBJECT_NULL ||
	        vm_object_coalesce(before->object, VM_OBJECT_NULL, before->offset, 0, before->end - before->start,
	                           size));
}

/* The range's place: checked, or found. */
static kern_return_t find_place(vm_map_t map, vm_offset_t *address, vm_size_t size, vm_offset_t mask, bool anywhere,
                                vm_map_entry_t *before)
{
	if (size == 0)
		return KERN_INVALID_ADDRESS;
	if (anywhere)
		return vm_map_find_space(map, *address, size, mask, address, before) ? KERN_SUCCESS : KERN_NO_SPACE;
	if (*address < map->min_offset || *address > map->max_offset || map->max_offset - *address < size)
		return KERN_INVALID_ADDRESS;
	if ((*address & mask) != 0 || vm_map_lookup_entry(map, *address, before))
		return KERN_NO_SPACE;
	vm_map_entry_t next = *before != NULL ? vm_map_entry_next(map, *before) : vm_map_entry_first(map);
	return next == NULL || next->start - *address >= size ? KERN_SUCCESS : KERN_NO_SPACE;
}

kern_return_t vm_map_enter(vm_map_t map, vm_offset_t *address, vm_size_t size, vm_offset_t mask, bool anywhere,
                           vm_object_t object, vm_offset_t offset, bool needs_copy, vm_prot_t cur_protection,
                           vm_prot_t max_protection, vm_inherit_t inheritance)
{
	struct vm_map_entry like = {.object = object, .offset = offset, .needs_copy = needs_copy,
		.protection = cur_protection, .max_protection = max_protection, .inheritance = inheritance};
	vm_map_entry_t before;
	vm_map_lock(map);
	kern_return_t result = vm_map_entries_left() ? KERN_SUCCESS : KERN_RESOURCE_SHORTAGE;
	if (result == KERN_SUCCESS)
		result = find_place(map, address, size, mask, anywhere, &before);
	if (result == KERN_SUCCESS && extends(before, *address, size, &like)) {
		before->end += size;
		map->size += size;
	} else if (result == KERN_SUCCESS) {
		like.start = *address;
		like.end = *address + size;
		vm_map_entry_t entry = vm_map_entry_create();
		*entry = like;
		vm_map_entry_link(map, before, entry);
	}
	vm_map_unlock(map);
	return result;
}

/* Takes one entry out, with all translations of it. */
static void remove_entry(vm_map_t map, vm_map_entry_t entry, struct list *dead)
{
	if (map->pmap != NULL)
		pmap_remove(map->pmap, entry->start, entry->end);
	if (!entry->is_a_map && entry->object == kernel_object)
		vm_object_page_remove(kernel_object, entry->offset, entry->offset + (entry->end - entry->start));
	vm_map_entry_unlink(map, entry);
	list_append(dead, &entry->link);
}

void vm_map_delete(vm_map_t map, vm_offset_t start, vm_offset_t end, struct list *dead)
{
	vm_map_entry_t entry = vm_map_entry_from(map, start);
	while (entry != NULL && entry->start < end) {
		interrupt_window();
		if (entry->in_transition) {
			vm_map_entry_wait(map, entry);
			entry = vm_map_entry_from(map, start);
			continue;
		}
		entry = vm_map_clip_start(map, entry, start);
		vm_map_clip_end(map, entry, end);
		if (entry->wired_count != 0 && entry->object != kernel_object) {
			vm_map_entry_unwire(map, entry);
			entry = vm_map_entry_from(map, start);
			continue;
		}
		vm_map_entry_t next = vm_map_entry_next(map, entry);
		remove_entry(map, entry, dead);
		entry = next;
	}
}

void vm_map_entries_release(struct list *dead)
{
	while (!list_is_empty(dead)) {
		interrupt_window();
		vm_map_entry_t entry = vm_map_entry_of(dead->next);
		list_remove(&entry->link);
		vm_map_entry_deallocate(entry);
		vm_map_entry_dispose(entry);
	}
}

kern_return_t vm_map_remove(vm_map_t map, vm_offset_t start, vm_offset_t end)
{
	struct list dead;
	list_init(&dead);
	vm_map_lock_now(map);
	vm_map_delete(map, start, end, &dead);
	vm_map_unlock(map);
	vm_map_entries_release(&dead);
	return KERN_SUCCESS;
}

kern_return_t vm_map_check_range(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t prot)
{
	vm_map_entry_t entry = vm_map_entry_from(map, start);
	for (vm_offset_t address = start; address < end; entry = vm_map_entry_next(map, entry)) {
		if (entry == NULL || entry->start > address)
			return KERN_INVALID_ADDRESS;
		if ((entry->protection & prot) != prot)
			return KERN_PROTECTION_FAILURE;
		address = entry->end;
	}
	return KERN_SUCCESS;
}

/* Whether the range is there, and there are entries to split it. */
static kern_return_t check_change(vm_map_t map, vm_offset_t start, vm_offset_t end)
{
	if (!vm_map_entries_left())
		return KERN_RESOURCE_SHORTAGE;
	return vm_map_check_range(map, start, end, VM_PROT_NONE);
}

/* Whether an entry may get this protection, as its maximum or now. */
static kern_return_t may_protect(const struct vm_map_entry *entry, vm_prot_t prot, bool set_max)
{
	if ((prot & entry->max_protection) != prot)
		return KERN_PROTECTION_FAILURE;
	if (set_max)
		return KERN_SUCCESS;
	bool frozen = entry->wired_count != 0 && entry->needs_copy;
	return frozen && (prot & VM_PROT_WRITE) ? KERN_FAILURE : KERN_SUCCESS;
}

static void protect_entry(vm_map_t map, vm_map_entry_t entry, vm_prot_t prot, bool set_max)
{
	vm_prot_t old = entry->protection;
	if (set_max)
		entry->max_protection = prot;
	entry->protection = set_max ? old & prot : prot;
	if ((old & ~entry->protection) != 0)
		pmap_protect(map->pmap, entry->start, entry->end, entry->protection);
}

kern_return_t vm_map_protect(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t prot, bool set_max)
{
	vm_map_entry_t entry;
	vm_map_lock(map);
	kern_return_t result = check_change(map, start, end);
	for (entry = vm_map_entry_from(map, start); result == KERN_SUCCESS && entry != NULL && entry->start < end;
	     entry = vm_map_entry_next(map, entry))
		result = may_protect(entry, prot, set_max);
	for (entry = vm_map_entry_from(map, start); result == KERN_SUCCESS && entry != NULL && entry->start < end;
	     entry = vm_map_entry_next(map, entry)) {
		entry = vm_map_clip_start(map, entry, start);
		vm_map_clip_end(map, entry, end);
		protect_entry(map, entry, prot, set_max);
		interrupt_window();
	}
	vm_map_simplify(map, start, end);
	vm_map_unlock(map);
	return result;
}

kern_return_t vm_map_inherit(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_inherit_t inheritance)
{
	vm_map_lock(map);
	kern_return_t result = check_change(map, start, end);
	for (vm_map_entry_t entry = vm_map_entry_from(map, start);
	     result == KERN_SUCCESS && entry != NULL && entry->start < end; entry = vm_map_entry_next(map, entry)) {
		entry = vm_map_clip_start(map, entry, start);
		vm_map_clip_end(map, entry, end);
		entry->inheritance = inheritance;
		interrupt_window();
	}
	vm_map_simplify(map, start, end);
	vm_map_unlock(map);
	return result;
}
