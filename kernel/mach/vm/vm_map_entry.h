/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of address maps, for the files of this room that change them.  All but the reserve want the map locked
 * for writing.
 */
#pragma once
#include "vm/vm_map.h"

/* The zone of entries; before the first map. */
void vm_map_entry_init(void);
/* Locks for writing, and sees before that elements for what one operation needs are there, waiting for memory if they
 * are not. */
void vm_map_lock(vm_map_t map);
/* False: what tasks may have of entries is used up (then: KERN_RESOURCE_SHORTAGE). */
bool vm_map_entries_left(void);
/* The same without waiting for memory: a sharing map under a map that the caller has locked; a map that he goes on
 * with; or one to give memory back, which must go when there is none. */
void vm_map_lock_now(vm_map_t map);
static inline void vm_map_unlock(vm_map_t map) { lock_done(&map->lock); }

/* The current thread holds a map's lock and needs memory: between the two it may take the reserve's, and need not
 * wait. */
void vm_map_use_reserve(void);
void vm_map_use_reserve_no_more(void);
/* Never NULL: takes from the reserve of memory, as the caller has a map locked. Fields are for the caller to set. */
vm_map_entry_t vm_map_entry_create(void);
void vm_map_entry_dispose(vm_map_entry_t entry);

/* The entry's place in the map's list is behind `after`, NULL: first. */
void vm_map_entry_link(vm_map_t map, vm_map_entry_t after, vm_map_entry_t entry);
void vm_map_entry_unlink(vm_map_t map, vm_map_entry_t entry);
/* NULL: there is none. */
vm_map_entry_t vm_map_entry_first(const struct vm_map *map);
vm_map_entry_t vm_map_entry_next(const struct vm_map *map, vm_map_entry_t entry);
/* The entry that has the address, or else the first behind it, or NULL. */
vm_map_entry_t vm_map_entry_from(vm_map_t map, vm_offset_t address);

/* If the entry has the address inside, it is split there. Result of clip_start: the entry that begins there, or else
 * the given one; after clip_end the given one ends there. */
vm_map_entry_t vm_map_clip_start(vm_map_t map, vm_map_entry_t entry, vm_offset_t address);
void vm_map_clip_end(vm_map_t map, vm_map_entry_t entry, vm_offset_t address);
/* The same for an entry in no map; result: the rest, from address on. */
vm_map_entry_t vm_map_entry_split(vm_map_entry_t entry, vm_offset_t address);
/* Entries in [start, end], and the ones around, that can be one become one. */
void vm_map_simplify(vm_map_t map, vm_offset_t start, vm_offset_t end);

/* From `start` on, a free range of this size (bytes, pages) at *address, which has no bit of the mask; *before: the
 * entry before it, or NULL. */
bool vm_map_find_space(vm_map_t map, vm_offset_t start, vm_size_t size, vm_offset_t mask, vm_offset_t *address,
                       vm_map_entry_t *before);

/* Lets the map go, sleeps until an entry in transition is through, and locks it again: the caller looks again. */
void vm_map_entry_wait(vm_map_t map, vm_map_entry_t entry);
/* Ends the transition of the range's entries. */
void vm_map_entry_wakeup(vm_map_t map, vm_offset_t start, vm_offset_t end);

/* A further reference to, and the end of a reference to, what the entry maps. */
void vm_map_entry_reference(vm_map_entry_t entry);
void vm_map_entry_deallocate(vm_map_entry_t entry);

/* Takes [start, end) out of the map; the entries go to the list `dead`, which is for vm_map_entries_release. May let
 * the map go in between, to unwire and to wait. */
void vm_map_delete(vm_map_t map, vm_offset_t start, vm_offset_t end, struct list *dead);
/* Ends entries that are in no map, with their references; the caller holds no lock. */
void vm_map_entries_release(struct list *dead);

/* vm_map_wire.c: unwires an entry for good, letting the map go meanwhile: the caller looks again. */
void vm_map_entry_unwire(vm_map_t map, vm_map_entry_t entry);
/* vm_map_lookup.c: the entry, of the map or of a sharing map, gets an object of its own if it has none (or has it only
 * as somebody's copy and is about to be written to: `write`). */
void vm_map_entry_materialize(vm_map_entry_t entry, bool write);
/* vm_map_copy.c: copies of [*address, end), as far as one entry has them, to the end of the list; moves *address on.
 * destroy: what can be moved, is. any_protection: readable or not (fork). May let the map go in between. */
kern_return_t vm_map_copy_entry(vm_map_t map, vm_offset_t *address, vm_offset_t end, bool destroy,
                                bool any_protection, struct list *list, natural_t *nentries);

static inline vm_map_entry_t vm_map_entry_of(struct list *link) { return LIST_OWNER(link, struct vm_map_entry, link); }
