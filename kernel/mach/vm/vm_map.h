/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address maps (Y87 §5.1): a task's address space as a sorted list of entries, each a range of an object, or of a
 * sharing map that several tasks' entries stand on.
 *
 * Files: vm_map_entry.c the list itself; vm_map.c the life of maps, and what changes ranges; vm_map_wire.c;
 * vm_map_lookup.c what the fault handler asks; vm_map_fork.c; vm_map_copy.c out of maps, vm_map_copyout.c into them,
 * vm_map_page_list.c pages at hand.
 *
 *   1. Entries of a map are sorted, not empty, aligned to pages, within [min_offset, max_offset), and do not overlap.
 *   2. A sharing map has no pmap.  Its addresses are those of the entry that it was made for; it is never punched: each
 *      entry that stands on it (is_a_map) finds all of its range there.  Protection and inheritance are the entry's,
 *      object and needs_copy the sharing map's.  What no entry stands on any more stays until the last one has gone.
 *   3. needs_copy: the object is also somebody else's copy: it is shadowed before the first write here, and no pmap
 *      lets this entry write.  An entry that is wired has it only if the kernel wired it for reading: then nobody
 *      may write.
 *   4. A temporary object is written through one entry at most (the halves of an entry count as one): whoever else has
 *      it, has it with needs_copy.  Tasks that share stand on one sharing map.
 *   5. in_transition: it is being wired or unwired, with the lock let go. It may be split; it may not go.
 *   6. wired_count counts what the kernel wired, and 1 for any number of user_wired_count.  Entries of a sharing map
 *      count 1 for each wired entry that stands on them.  Pages that a task wires are in the entry's own object, even
 *      if the entry does not allow to write now: protection may change, and who shares may write.
 *   7. Nobody waits for memory, for a manager, or for the end of paging with a map's lock: the default pager may need
 *      the lock to free the memory (GD91 §4).  So elements are set aside before (vm_map_entry.c), dead objects are let
 *      go after, and faults for wiring and slow copies run with the lock let go.
 *
 * Order of locks: a map before the sharing map under it; never two maps of tasks.
 */
#pragma once
#include "base/list.h"
#include "machine/pmap.h"
#include "mach/kern_return.h"
#include "mach/vm.h"
#include "vm/vm_object.h"

/* Reading and writing of a map: a lock that its holders may sleep with (kern/lock.c). All zero: free. */
struct lock {
	natural_t readers;
	bool writer;
	bool upgrading;                       /* a reader waits for the others to leave, and then writes */
	bool wanted;
};
void lock_wait(struct lock *lock);        /* until somebody lets it go */
void lock_wake(struct lock *lock);
void lock_write(struct lock *lock);
/* Waits until there is no writer. */
static inline void lock_read(struct lock *lock)
{
	while (lock->writer || lock->upgrading)
		lock_wait(lock);
	lock->readers++;
}
/* Lets go what the caller holds of it. */
static inline void lock_done(struct lock *lock)
{
	if (lock->writer)
		lock->writer = false;
	else
		lock->readers--;
	if (lock->wanted)
		lock_wake(lock);
}
/* From reading to writing without letting go: false if another does so too, and then the lock is let go. */
bool lock_read_to_write(struct lock *lock);
void lock_write_to_read(struct lock *lock);

typedef struct vm_map_entry {
	struct list link;                     /* by address */
	vm_offset_t start, end;
	union {
		struct vm_object *object;
		struct vm_map *share_map;
	};
	vm_offset_t offset;
	bool is_a_map, needs_copy, in_transition, needs_wakeup;
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	natural_t wired_count, user_wired_count;
} *vm_map_entry_t;

typedef struct vm_map {
	struct lock lock;
	struct list entries;
	natural_t nentries;
	pmap_t pmap;                          /* NULL: a sharing map */
	vm_offset_t min_offset, max_offset;
	vm_size_t size;                       /* bytes mapped */
	natural_t ref_count;
	vm_map_entry_t hint;                  /* found last, or NULL */
	vm_map_entry_t first_free;            /* nothing is free before its end; NULL: before min_offset */
	natural_t timestamp;                  /* changes with every write lock: fault handlers look again */
} *vm_map_t;
#define VM_MAP_NULL ((vm_map_t)0)

/* A lookup's result that can be checked again later. */
typedef struct { natural_t main_timestamp; vm_map_t share_map; natural_t share_timestamp; } vm_map_version_t;

/* What moves in messages out of line: entries cut out of a map, an object, or a few bytes in kernel memory.
 *
 * ENTRY_LIST: one after the other, as the source's addresses were; the bytes are [offset, offset + size) of them.
 * OBJECT: [offset, offset + size) of the object, a reference.
 * PAGE_LIST: page_list[i], resident and busy, has the bytes of the i-th page of [offset, offset + size): the first
 * begins at offset within its page. Stolen: the pages are of no object. Not stolen: they stay in their objects, which
 * the entries (still there) keep.
 * KERNEL_BUFFER: kdata[0 .. size), from kalloc(size); offset 0. */
typedef struct vm_map_copy {
	enum { VM_MAP_COPY_ENTRY_LIST, VM_MAP_COPY_OBJECT, VM_MAP_COPY_PAGE_LIST, VM_MAP_COPY_KERNEL_BUFFER } type;
	vm_offset_t offset;
	vm_size_t size;
	struct list entries;                  /* struct vm_map_entry */
	natural_t nentries;
	vm_object_t object;
	vm_page_t *page_list;
	natural_t npages;
	bool stolen;
	void *kdata;
} *vm_map_copy_t;
#define VM_MAP_COPY_NULL ((vm_map_copy_t)0)   /* also: nothing, 0 bytes */

extern vm_map_t kernel_map;

void vm_map_init(void);
/* An empty map over [min, max), one reference; the reference to pmap is taken over. NULL without memory. */
vm_map_t vm_map_create(pmap_t pmap, vm_offset_t min, vm_offset_t max);
/* A child's address space by the inheritance of each entry. NULL without memory, or if thread_abort ended a copy. */
vm_map_t vm_map_fork(vm_map_t map);
void vm_map_reference(vm_map_t map);
void vm_map_deallocate(vm_map_t map);

/* *address: where, or, with anywhere, from where to search. mask: bits that must be 0 in the result. object: a
 * reference to it is taken over if it succeeds; NULL: zero-filled memory, made when it is needed.
 * KERN_INVALID_ADDRESS (outside of the map, or a size of 0), KERN_NO_SPACE. */
kern_return_t vm_map_enter(vm_map_t map, vm_offset_t *address, vm_size_t size, vm_offset_t mask, bool anywhere,
                           vm_object_t object, vm_offset_t offset, bool needs_copy, vm_prot_t cur_protection,
                           vm_prot_t max_protection, vm_inherit_t inheritance);
/* start, end: of pages. Holes are fine. Always KERN_SUCCESS. */
kern_return_t vm_map_remove(vm_map_t map, vm_offset_t start, vm_offset_t end);
/* start, end: of pages. KERN_INVALID_ADDRESS (a hole), KERN_PROTECTION_FAILURE (beyond max_protection), KERN_FAILURE
 * (would allow writing to what is wired for reading and copied). */
kern_return_t vm_map_protect(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t prot, bool set_max);
/* KERN_INVALID_ADDRESS (a hole). */
kern_return_t vm_map_inherit(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_inherit_t inheritance);
/* Wires for these accesses (faulting everything in), or unwires with VM_PROT_NONE. user_wire: by vm_wire.
 * Wired without VM_PROT_WRITE by the kernel, a copy is not made for it, and no write is granted until it is unwired.
 * KERN_FAILURE (a hole, or access beyond the protection), KERN_INVALID_ARGUMENT (unwire: is not wired);
 * KERN_MEMORY_ERROR, KERN_MEMORY_FAILURE, KERN_ABORTED from faults: then nothing is wired. */
kern_return_t vm_map_pageable(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t access, bool user_wire);
/* The entry that has the address; false: *entry is the one before, or NULL. The map is locked. */
bool vm_map_lookup_entry(vm_map_t map, vm_offset_t address, vm_map_entry_t *entry);

/* The fault handler's question: which page of which object is this address, for such an access?  Makes shadows and
 * zero-filled objects as needed. On success the map (*map, not a sharing map) is read-locked; the object has no
 * reference for the caller: he takes one before he lets the map go. *prot: what may be granted; of a wired address all
 * of it must be, whatever the access was. KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE. */
kern_return_t vm_map_lookup(vm_map_t *map, vm_offset_t address, vm_prot_t fault_type, vm_map_version_t *version,
                            vm_object_t *object, vm_offset_t *offset, vm_prot_t *prot, bool *wired);
bool vm_map_verify(vm_map_t map, const vm_map_version_t *version); /* true: read-locked again */
void vm_map_verify_done(vm_map_t map, const vm_map_version_t *version);

/* Out of a map, copy-on-write; source destroyed: moved (whole pages). *copy: VM_MAP_COPY_NULL for a size of 0, else
 * an ENTRY_LIST. KERN_INVALID_ADDRESS (a hole, or wraps), KERN_PROTECTION_FAILURE (not readable); errors of managers,
 * KERN_ABORTED. */
kern_return_t vm_map_copyin(vm_map_t map, vm_offset_t address, vm_size_t size, bool destroy_source,
                            vm_map_copy_t *copy);
/* The object's reference is taken over. */
kern_return_t vm_map_copyin_object(vm_object_t object, vm_offset_t offset, vm_size_t size, vm_map_copy_t *copy);
/* Bytes of the kernel's, copied, as a KERNEL_BUFFER. */
kern_return_t vm_map_copyin_kernel(const void *data, vm_size_t size, vm_map_copy_t *copy);
/* Makes a PAGE_LIST of an ENTRY_LIST, OBJECT or KERNEL_BUFFER, in place: faults every page in, and has them all at
 * once: the caller sees to it that they are few. steal: pages that are in nobody else's memory are taken, of others
 * copies made. On failure the copy can only be discarded. KERN_MEMORY_ERROR, KERN_ABORTED, KERN_RESOURCE_SHORTAGE. */
kern_return_t vm_map_copy_pages(vm_map_copy_t copy, bool steal);
/* The same, page by page from the beginning: *page is the first one, stolen, and the copy begins behind it. page NULL:
 * the first page is passed over. KERN_MEMORY_ERROR, KERN_ABORTED, KERN_RESOURCE_SHORTAGE: nothing has been taken. */
kern_return_t vm_map_copy_take_page(vm_map_copy_t copy, vm_page_t *page);
/* Into a map. The copy is used up if it succeeds, else it is still the caller's. *address: where its first byte is.
 * KERN_NO_SPACE; for a KERNEL_BUFFER also what faults give. */
kern_return_t vm_map_copyout(vm_map_t map, vm_offset_t *address, vm_map_copy_t copy);
/* Over what is there; address and copy are of whole pages (a KERNEL_BUFFER: of any bytes). What is not wired is
 * replaced: for all who share it by a sharing map, for this task alone if it mapped a manager's object (Y87 §5.1).
 * KERN_INVALID_ARGUMENT (not whole pages), KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE; errors of managers. */
kern_return_t vm_map_copy_overwrite(vm_map_t map, vm_offset_t address, vm_map_copy_t copy, bool interruptible);
void vm_map_copy_discard(vm_map_copy_t copy);
