/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address maps (Y87 §5.1): a task's address space as a sorted list of entries, each a range of an object, or of a
 * sharing map that several tasks' entries stand on.
 */
#pragma once
#include "base/list.h"
#include "machine/pmap.h"
#include "mach/kern_return.h"
#include "mach/vm.h"
#include "vm/vm_object.h"

/* Reading and writing of a map: a lock that its holders may sleep with. */
struct lock {
	natural_t readers;
	bool writer, wanted;
};
void lock_read(struct lock *lock);
void lock_write(struct lock *lock);
void lock_done(struct lock *lock);
/* From reading to writing without letting go: false if another does so too, and then the lock is let go. */
bool lock_read_to_write(struct lock *lock);

typedef struct vm_map_entry {
	struct list link;                     /* by address */
	vm_offset_t start, end;
	union {
		struct vm_object *object;
		struct vm_map *share_map;
	};
	vm_offset_t offset;
	bool is_a_map, needs_copy, in_transition, needs_wakeup, is_shared;
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	natural_t wired_count, user_wired_count;
	vm_prot_t wired_access;
} *vm_map_entry_t;

typedef struct vm_map {
	struct lock lock;
	struct list entries;
	natural_t nentries;
	pmap_t pmap;
	vm_offset_t min_offset, max_offset;
	vm_size_t size;                       /* bytes mapped */
	natural_t ref_count;
	bool is_main_map, entries_pageable;
	vm_map_entry_t hint, first_free;
	natural_t timestamp;                  /* changes with every change: fault handlers look again */
} *vm_map_t;
#define VM_MAP_NULL ((vm_map_t)0)

/* A lookup's result that can be checked again later. */
typedef struct { natural_t main_timestamp; vm_map_t share_map; natural_t share_timestamp; } vm_map_version_t;

/* What moves in messages out of line: entries cut out of a map, an object, or a few bytes in kernel memory. */
typedef struct vm_map_copy {
	enum { VM_MAP_COPY_ENTRY_LIST, VM_MAP_COPY_OBJECT, VM_MAP_COPY_PAGE_LIST, VM_MAP_COPY_KERNEL_BUFFER } type;
	vm_offset_t offset;
	vm_size_t size;
	struct list entries;                  /* ENTRY_LIST: struct vm_map_entry */
	natural_t nentries;
	vm_object_t object;                   /* OBJECT */
	vm_page_t *page_list;                 /* PAGE_LIST: busy, or wired, pages */
	natural_t npages;
	void *kdata;                          /* KERNEL_BUFFER */
} *vm_map_copy_t;
#define VM_MAP_COPY_NULL ((vm_map_copy_t)0)

extern vm_map_t kernel_map;

void vm_map_init(void);
vm_map_t vm_map_create(pmap_t pmap, vm_offset_t min, vm_offset_t max, bool pageable);
/* A child's address space by the inheritance of each entry. */
vm_map_t vm_map_fork(vm_map_t map);
void vm_map_reference(vm_map_t map);
void vm_map_deallocate(vm_map_t map);

/* *address: where, or, with anywhere, from where to search. mask: bits that must be 0 in the result. object: a
 * reference to it is taken over if it succeeds; NULL: zero-filled memory, made when it is needed. */
kern_return_t vm_map_enter(vm_map_t map, vm_offset_t *address, vm_size_t size, vm_offset_t mask, bool anywhere,
                           vm_object_t object, vm_offset_t offset, bool needs_copy, vm_prot_t cur_protection,
                           vm_prot_t max_protection, vm_inherit_t inheritance);
kern_return_t vm_map_remove(vm_map_t map, vm_offset_t start, vm_offset_t end);
kern_return_t vm_map_protect(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t prot, bool set_max);
kern_return_t vm_map_inherit(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_inherit_t inheritance);
/* Wires for these accesses (faulting everything in), or unwires with VM_PROT_NONE. user_wire: by vm_wire. */
kern_return_t vm_map_pageable(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t access, bool user_wire);
bool vm_map_lookup_entry(vm_map_t map, vm_offset_t address, vm_map_entry_t *entry);
bool vm_map_check_protection(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t prot);

/* The fault handler's question: which page of which object is this address, for such an access?  Makes shadows and
 * zero-filled objects as needed. On success the map is read-locked. */
kern_return_t vm_map_lookup(vm_map_t *map, vm_offset_t address, vm_prot_t fault_type, vm_map_version_t *version,
                            vm_object_t *object, vm_offset_t *offset, vm_prot_t *prot, bool *wired);
bool vm_map_verify(vm_map_t map, const vm_map_version_t *version); /* true: read-locked again */
void vm_map_verify_done(vm_map_t map, const vm_map_version_t *version);

/* Out of a map, copy-on-write; source destroyed: moved. Into a map: anywhere, or over what is there. */
kern_return_t vm_map_copyin(vm_map_t map, vm_offset_t address, vm_size_t size, bool destroy_source,
                            vm_map_copy_t *copy);
/* The same with the pages themselves at hand: busy or wired as it must be for a device or the default pager.
 * steal: taken from the source instead of copied. */
kern_return_t vm_map_copyin_page_list(vm_map_t map, vm_offset_t address, vm_size_t size, bool destroy_source,
                                      bool steal, vm_map_copy_t *copy);
kern_return_t vm_map_copyin_object(vm_object_t object, vm_offset_t offset, vm_size_t size, vm_map_copy_t *copy);
kern_return_t vm_map_copyout(vm_map_t map, vm_offset_t *address, vm_map_copy_t copy);
kern_return_t vm_map_copyout_page_list(vm_map_t map, vm_offset_t *address, vm_map_copy_t copy);
kern_return_t vm_map_copy_overwrite(vm_map_t map, vm_offset_t address, vm_map_copy_t copy, bool interruptible);
void vm_map_copy_discard(vm_map_copy_t copy);
