/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of a map's entries: elements, order, lookup, splitting and joining, free space (Y87 §5.1).
 *
 * Elements come from a zone whose pages are seen through the window on all memory: making one never needs the kernel's
 * map, so the kernel's map is no special case.  Before an operation takes the lock, it waits until the zone has what
 * one step can need; if others were faster, the rest comes out of the reserve (invariant 7 of vm_map.h).
 *
 *   1. hint: an entry of this map that was found or made last, or NULL.
 *   2. first_free: all addresses from min_offset to its end are taken; NULL: perhaps none.
 *   3. Splitting an entry leaves hint and first_free right: the old structure keeps the lower part.
 */
#include "base/panic.h"
#include "kern/startup.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/vm_map_entry.h"

enum { ENTRIES_OF_A_STEP = 4, MEMORY_OF_ENTRIES = 16 /* that part of all memory, for what tasks ask for */ };

static zone_t entry_zone;
static natural_t entries_most;

void vm_map_entry_init(void)
{
	entries_most = memory_size / MEMORY_OF_ENTRIES / sizeof(struct vm_map_entry);
	entry_zone = zinit(sizeof(struct vm_map_entry), memory_size / 2, "map entries");
}

/* A task can ask for more of them without end; to give back what it has, some are always there. */
bool vm_map_entries_left(void)
{
	return zone_in_use(entry_zone) < entries_most;
}

void vm_map_lock_now(vm_map_t map)
{
	lock_write(&map->lock);
	map->timestamp++;
}

void vm_map_lock(vm_map_t map)
{
	zfill(entry_zone, ENTRIES_OF_A_STEP);
	vm_map_lock_now(map);
}

void vm_map_use_reserve(void)
{
	current_thread()->vm_privilege |= VM_PRIVILEGE_MAP;
}

void vm_map_use_reserve_no_more(void)
{
	current_thread()->vm_privilege &= ~(natural_t)VM_PRIVILEGE_MAP;
}

vm_map_entry_t vm_map_entry_create(void)
{
	vm_map_use_reserve();
	vm_map_entry_t entry = zalloc(entry_zone);
	vm_map_use_reserve_no_more();
	return entry;
}

void vm_map_entry_dispose(vm_map_entry_t entry)
{
	zfree(entry_zone, entry);
}

vm_map_entry_t vm_map_entry_first(const struct vm_map *map)
{
	return list_is_empty(&map->entries) ? NULL : vm_map_entry_of(map->entries.next);
}

vm_map_entry_t vm_map_entry_next(const struct vm_map *map, vm_map_entry_t entry)
{
	return entry->link.next == &map->entries ? NULL : vm_map_entry_of(entry->link.next);
}

static vm_map_entry_t entry_previous(const struct vm_map *map, vm_map_entry_t entry)
{
	return entry->link.previous == &map->entries ? NULL : vm_map_entry_of(entry->link.previous);
}

void vm_map_entry_link(vm_map_t map, vm_map_entry_t after, vm_map_entry_t entry)
{
	list_insert_before(after != NULL ? after->link.next : map->entries.next, &entry->link);
	map->nentries++;
	map->size += entry->end - entry->start;
	vm_offset_t taken = after != NULL ? after->end : map->min_offset;
	if (map->first_free == after && taken == entry->start)
		map->first_free = entry;
	map->hint = entry;
}

void vm_map_entry_unlink(vm_map_t map, vm_map_entry_t entry)
{
	vm_map_entry_t previous = entry_previous(map, entry);
	if (map->first_free != NULL && map->first_free->start >= entry->start)
		map->first_free = previous;
	if (map->hint == entry)
		map->hint = previous;
	list_remove(&entry->link);
	map->nentries--;
	map->size -= entry->end - entry->start;
}

/* The last entry that begins at the address or before it; from the hint on if that is before. */
static vm_map_entry_t entry_at_or_before(vm_map_t map, vm_offset_t address)
{
	vm_map_entry_t entry = map->hint;
	if (entry == NULL || entry->start > address)
		entry = vm_map_entry_first(map);
	else if (address < entry->end)
		return entry;
	if (entry == NULL || entry->start > address)
		return NULL;
	for (vm_map_entry_t next; (next = vm_map_entry_next(map, entry)) != NULL && next->start <= address;)
		entry = next;
	map->hint = entry;
	return entry;
}

bool vm_map_lookup_entry(vm_map_t map, vm_offset_t address, vm_map_entry_t *entry)
{
	*entry = entry_at_or_before(map, address);
	return *entry != NULL && address < (*entry)->end;
}

vm_map_entry_t vm_map_entry_from(vm_map_t map, vm_offset_t address)
{
	vm_map_entry_t entry;
	if (vm_map_lookup_entry(map, address, &entry))
		return entry;
	return entry == NULL ? vm_map_entry_first(map) : vm_map_entry_next(map, entry);
}

void vm_map_entry_reference(vm_map_entry_t entry)
{
	if (entry->is_a_map)
		vm_map_reference(entry->share_map);
	else if (entry->object != VM_OBJECT_NULL)
		vm_object_reference(entry->object);
}

void vm_map_entry_deallocate(vm_map_entry_t entry)
{
	if (entry->is_a_map)
		vm_map_deallocate(entry->share_map);
	else if (entry->object != VM_OBJECT_NULL)
		vm_object_deallocate(entry->object);
}

vm_map_entry_t vm_map_entry_split(vm_map_entry_t entry, vm_offset_t address)
{
	vm_map_entry_t rest = vm_map_entry_create();
	*rest = *entry;
	rest->link.next = rest->link.previous = NULL;
	rest->start = address;
	if (entry->is_a_map || entry->object != VM_OBJECT_NULL)
		rest->offset += address - entry->start;
	entry->end = address;
	vm_map_entry_reference(rest);
	return rest;
}

/* Splits an entry of a map; result: the upper part. */
static vm_map_entry_t clip(vm_map_t map, vm_map_entry_t entry, vm_offset_t address)
{
	vm_map_entry_t rest = vm_map_entry_split(entry, address);
	list_insert_before(entry->link.next, &rest->link);
	map->nentries++;
	if (map->first_free == entry)
		map->first_free = rest;
	return rest;
}

vm_map_entry_t vm_map_clip_start(vm_map_t map, vm_map_entry_t entry, vm_offset_t address)
{
	return entry->start < address && address < entry->end ? clip(map, entry, address) : entry;
}

void vm_map_clip_end(vm_map_t map, vm_map_entry_t entry, vm_offset_t address)
{
	if (entry->start < address && address < entry->end)
		clip(map, entry, address);
}

/* Whether the upper entry is just the lower one's continuation. */
static bool entries_join(const struct vm_map_entry *lower, const struct vm_map_entry *upper)
{
	if (lower->end != upper->start || lower->in_transition || upper->in_transition ||
	    lower->is_a_map != upper->is_a_map || lower->object != upper->object)
		return false;
	if (lower->object != VM_OBJECT_NULL && lower->offset + (lower->end - lower->start) != upper->offset)
		return false;
	return lower->needs_copy == upper->needs_copy && lower->protection == upper->protection &&
	       lower->max_protection == upper->max_protection && lower->inheritance == upper->inheritance &&
	       lower->wired_count == upper->wired_count && lower->user_wired_count == upper->user_wired_count;
}

/* The upper entry's reference is one too many; there is another, so that letting it go is no end of anything. */
static void join(vm_map_t map, vm_map_entry_t lower, vm_map_entry_t upper)
{
	bool was_first_free = map->first_free == upper;
	vm_map_entry_unlink(map, upper);
	map->size += upper->end - upper->start;
	lower->end = upper->end;
	if (was_first_free)
		map->first_free = lower;
	vm_map_entry_deallocate(upper);
	vm_map_entry_dispose(upper);
}

void vm_map_simplify(vm_map_t map, vm_offset_t start, vm_offset_t end)
{
	vm_map_entry_t entry = vm_map_entry_from(map, start > map->min_offset ? start - 1 : start);
	while (entry != NULL && entry->start <= end) {
		vm_map_entry_t next = vm_map_entry_next(map, entry);
		if (next != NULL && next->start <= end && entries_join(entry, next))
			join(map, entry, next);
		else
			entry = next;
	}
}

bool vm_map_find_space(vm_map_t map, vm_offset_t start, vm_size_t size, vm_offset_t mask, vm_offset_t *address,
                       vm_map_entry_t *before)
{
	vm_map_entry_t entry;
	if (start <= map->min_offset) {
		entry = map->first_free;
		start = entry != NULL ? entry->end : map->min_offset;
	} else if (vm_map_lookup_entry(map, start, &entry)) {
		start = entry->end;
	}
	for (;;) {
		vm_offset_t aligned = (start + mask) & ~mask;
		if (aligned < start || aligned > map->max_offset || map->max_offset - aligned < size)
			return false;
		vm_map_entry_t next = entry != NULL ? vm_map_entry_next(map, entry) : vm_map_entry_first(map);
		if (next == NULL || (next->start >= aligned && next->start - aligned >= size)) {
			*address = aligned;
			*before = entry;
			return true;
		}
		entry = next;
		start = entry->end;
	}
}

void vm_map_entry_wait(vm_map_t map, vm_map_entry_t entry)
{
	entry->needs_wakeup = true;
	vm_map_unlock(map);
	current_thread()->wait_reason = "map entry in transition";
	thread_sleep(&map->entries, false);
	vm_map_lock_now(map);
}

void vm_map_entry_wakeup(vm_map_t map, vm_offset_t start, vm_offset_t end)
{
	bool wanted = false;
	for (vm_map_entry_t entry = vm_map_entry_from(map, start); entry != NULL && entry->start < end;
	     entry = vm_map_entry_next(map, entry)) {
		wanted |= entry->needs_wakeup;
		entry->in_transition = entry->needs_wakeup = false;
	}
	if (wanted)
		thread_wakeup(&map->entries);
}
