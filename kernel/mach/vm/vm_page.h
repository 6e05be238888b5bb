/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resident pages (Y87 §5.3): each belongs to an object at an offset, found by a hash; and is on one of the queues.
 */
#pragma once
#include "base/list.h"
#include "machine/pmap.h"
#include "mach/vm.h"

struct vm_object;

typedef struct vm_page {
	struct list pageq;            /* free, active, inactive; or the fault's private business */
	struct list listq;            /* of its object */
	struct vm_page *next;         /* hash chain */
	struct vm_object *object;
	vm_offset_t offset;
	natural_t wire_count : 16,
		inactive : 1, active : 1, laundry : 1, free : 1, reference : 1;
	natural_t busy : 1,           /* somebody works on it: wait for it */
		wanted : 1,           /* somebody waits */
		tabled : 1,           /* in the hash */
		fictitious : 1,       /* no memory behind it */
		absent : 1,           /* asked for, not there yet */
		error : 1,
		dirty : 1,
		precious : 1;
	paddr_t phys_addr;
	vm_prot_t page_lock;          /* accesses that its manager forbids */
	vm_prot_t unlock_request;     /* accesses asked of the manager */
} *vm_page_t;
#define VM_PAGE_NULL ((vm_page_t)0)

extern natural_t vm_page_free_count, vm_page_active_count, vm_page_inactive_count, vm_page_wire_count,
	vm_page_laundry_count;
extern natural_t vm_page_free_target, vm_page_free_min, vm_page_free_reserved, vm_page_inactive_target;
extern struct vm_statistics vm_stat;

/* All memory that the boot has left (pmap_next_page), page by page. */
void vm_page_bootstrap(void);
/* Memory for good, while booting, before vm_page_bootstrap: zeroed, at an address of the kernel's. */
vm_offset_t pmap_steal_memory(vm_size_t size);
/* The end of the boot: of the pages that can be had (free, active, inactive) so many are left, the others are nobody's
 * (option available=: GD91's available memory). Sets the pageout daemon's targets by what is left. Result: that. */
natural_t vm_page_withhold(natural_t pages_left);
/* Walks over all pages, queues, and objects with pages; panics at the first that breaks a rule (option check=pages). */
void vm_page_check(void);
/* The numbers of vm_statistics, as they are now. */
void vm_statistics_now(struct vm_statistics *statistics);

vm_page_t vm_page_lookup(struct vm_object *object, vm_offset_t offset);
void vm_page_insert(vm_page_t page, struct vm_object *object, vm_offset_t offset);
void vm_page_remove(vm_page_t page);
void vm_page_rename(vm_page_t page, struct vm_object *object, vm_offset_t offset);
/* A free page, of no object; NULL if there is none that the current thread may have (reserve: vm_privilege). */
vm_page_t vm_page_grab(void);
void vm_page_release(vm_page_t page);
/* The page at a physical address (page tables, kernel stacks: they are pages of no object). */
vm_page_t vm_page_of(paddr_t address);
/* A busy page of the object, NULL if vm_page_grab has none. */
vm_page_t vm_page_alloc(struct vm_object *object, vm_offset_t offset);
/* Off its object and queues, wired or not, with whatever waits for it; no pmap maps it. */
void vm_page_free(vm_page_t page);
/* A busy page without memory, to hold a place; NULL as vm_page_grab. vm_page_free takes it back. */
vm_page_t vm_page_grab_fictitious(void);
void vm_page_release_fictitious(vm_page_t page);
/* Waits until there is memory. continuation: as thread_block's; it returns if it does not have to wait. */
void vm_page_wait(void (*continuation)(void));
void vm_page_wire(vm_page_t page);
void vm_page_unwire(vm_page_t page);
void vm_page_activate(vm_page_t page);
void vm_page_deactivate(vm_page_t page);
/* Off the queues of pages that may be paged out. */
void vm_page_queues_remove(vm_page_t page);
void vm_page_zero_fill(vm_page_t page);
void vm_page_copy(vm_page_t from, vm_page_t to);
/* Not busy any more: who waits for it wakes. */
void page_wakeup_done(vm_page_t page);
/* The caller will sleep (thread_block) until a busy page is not; then it looks again. Interruptible as said. */
void page_assert_wait(vm_page_t page, bool interruptible);
