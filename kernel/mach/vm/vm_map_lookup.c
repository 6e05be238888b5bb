/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fault handler asks of a map (Y87 §5.5, validity and protection; and copy-on-write's new shadow object).
 *
 * Made on demand, at the first fault that needs it: the object of zero-filled memory, and the shadow of a copied one
 * before it is written to.  For that the map, or the sharing map, must be locked for writing for a moment: another
 * thread that reads the map might be about to enter the page of the old object.
 */
#include "vm/vm_map_entry.h"

/* An object is a few bytes that the caller, with a map locked, must not wait for: they may be the reserve's. */
void vm_map_entry_materialize(vm_map_entry_t entry, bool write)
{
	vm_map_use_reserve();
	vm_size_t size = entry->end - entry->start;
	if (entry->object == VM_OBJECT_NULL) {
		entry->object = vm_object_allocate(size);
		entry->offset = 0;
		entry->needs_copy = false;
	} else if (write && entry->needs_copy) {
		vm_object_shadow(&entry->object, &entry->offset, size);
		entry->needs_copy = false;
	}
	vm_map_use_reserve_no_more();
}

/* Gives the entry of a read-locked map what it lacks for this access. False: the map changed, look again. Either way
 * the map is read-locked still, or, if false, not locked. */
static bool provide(vm_map_t map, vm_map_entry_t entry, bool write)
{
	if (entry->object != VM_OBJECT_NULL && !(write && entry->needs_copy))
		return true;
	if (!lock_read_to_write(&map->lock))
		return false;
	map->timestamp++;
	vm_map_entry_materialize(entry, write);
	lock_write_to_read(&map->lock);
	return true;
}

/* What a lookup finds, before the object is made sure of. */
struct place {
	vm_map_t owner;           /* the map, or the sharing map under it */
	vm_map_entry_t entry;     /* of the owner */
	vm_offset_t address;      /* in the owner */
	vm_prot_t prot;           /* of the main map's entry */
	bool wired;
};

/* Finds the address in a read-locked map; a sharing map under it is read-locked as well. */
static kern_return_t find(vm_map_t map, vm_offset_t address, vm_prot_t fault_type, struct place *place)
{
	vm_map_entry_t entry;
	if (!vm_map_lookup_entry(map, address, &entry))
		return KERN_INVALID_ADDRESS;
	if ((entry->protection & fault_type) != fault_type)
		return KERN_PROTECTION_FAILURE;
	*place = (struct place){.owner = map, .entry = entry, .address = address, .prot = entry->protection,
		.wired = entry->wired_count != 0};
	if (!entry->is_a_map)
		return KERN_SUCCESS;
	vm_map_t share = entry->share_map;
	place->owner = share;
	place->address = address - entry->start + entry->offset;
	lock_read(&share->lock);
	if (!vm_map_lookup_entry(share, place->address, &place->entry)) {
		lock_done(&share->lock);
		return KERN_INVALID_ADDRESS;
	}
	return KERN_SUCCESS;
}

/* The access that must be granted: all of it where the address is wired, but no write to a copy wired for reading. */
static vm_prot_t access_needed(const struct place *place, vm_prot_t fault_type)
{
	if (!place->wired)
		return fault_type;
	return place->entry->needs_copy ? place->prot & ~VM_PROT_WRITE : place->prot;
}

kern_return_t vm_map_lookup(vm_map_t *main_map, vm_offset_t address, vm_prot_t fault_type, vm_map_version_t *version,
                            vm_object_t *object, vm_offset_t *offset, vm_prot_t *prot, bool *wired)
{
	vm_map_t map = *main_map;
	struct place place;
	for (;;) {
		lock_read(&map->lock);
		kern_return_t result = find(map, address, fault_type, &place);
		vm_prot_t access = result == KERN_SUCCESS ? access_needed(&place, fault_type) : VM_PROT_NONE;
		if (result == KERN_SUCCESS && (access & fault_type) != fault_type) {
			if (place.owner != map)
				lock_done(&place.owner->lock);
			result = KERN_PROTECTION_FAILURE;
		}
		if (result != KERN_SUCCESS) {
			lock_done(&map->lock);
			return result;
		}
		if (provide(place.owner, place.entry, (access & VM_PROT_WRITE) != 0))
			break;
		if (place.owner != map)
			lock_done(&map->lock);
	}
	*object = place.entry->object;
	*offset = place.entry->offset + (place.address - place.entry->start);
	*prot = place.wired ? access_needed(&place, fault_type)
	                    : place.entry->needs_copy ? place.prot & ~VM_PROT_WRITE : place.prot;
	*wired = place.wired;
	version->main_timestamp = map->timestamp;
	version->share_map = place.owner != map ? place.owner : VM_MAP_NULL;
	version->share_timestamp = place.owner->timestamp;
	if (place.owner != map)
		lock_done(&place.owner->lock);
	return KERN_SUCCESS;
}

/* Whether what a lookup found still holds: then the map is read-locked. The sharing map is looked at only when the map
 * is the same, as else it may be gone. */
bool vm_map_verify(vm_map_t map, const vm_map_version_t *version)
{
	lock_read(&map->lock);
	bool same = map->timestamp == version->main_timestamp;
	if (same && version->share_map != VM_MAP_NULL) {
		lock_read(&version->share_map->lock);
		same = version->share_map->timestamp == version->share_timestamp;
		lock_done(&version->share_map->lock);
	}
	if (!same)
		lock_done(&map->lock);
	return same;
}

/* Lets go what vm_map_lookup and vm_map_verify locked. */
void vm_map_verify_done(vm_map_t map, const vm_map_version_t *version)
{
	(void)version;
	lock_done(&map->lock);
}
