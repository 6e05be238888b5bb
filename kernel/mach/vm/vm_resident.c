/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resident pages: which page of memory caches which page of which object (Y87 §5.3), found by a hash that is chained
 * through the pages' structures.
 *
 * A page of memory is one of
 *
 *   free         on the free list                                        (vm_page_free.c)
 *   withheld     nobody's: the boot has taken it away                    (vm_page_free.c)
 *   an object's  tabled: in the hash, and on the object's memq           (here)
 *   the kernel's grabbed and of no object: a page table, a stack, a page that moves in a message
 *
 *      free --vm_page_grab--> the kernel's --vm_page_insert--> an object's --vm_page_remove--> the kernel's --.
 *        ^                                                                                                    |
 *        '----------------------------------- vm_page_release, vm_page_free ----------------------------------'
 *
 *   1. No two pages have the same object and offset.  tabled: the page is in the hash; only then has it an object.
 *   2. An object's resident_page_count is the length of its memq.
 *   3. A page on the active or inactive queue is an object's, not wired, and on one of them only (vm_page_queues.c).
 *   4. busy: whoever set it works on the page; everybody else waits, and looks the page up again. Pageout passes it by.
 *   5. absent: no data yet.  With busy, its manager has been asked; without, it has answered that there is none.
 *      An object's absent_count counts both.
 *   6. fictitious: a structure without memory; busy or absent, never mapped.
 *   7. laundry: in a message to the default manager; vm_page_laundry_count counts them.
 * vm_page_check.c looks after all of them.
 */
#include "vm/vm_page.h"
#include "base/memory.h"
#include "base/panic.h"
#include "kern/startup.h"
#include "vm/vm_object.h"
#include "vm/vm_resident.h"

struct vm_statistics vm_stat;
struct vm_page *vm_pages;          /* by frame; phys_addr 0: not memory, or the boot's */
natural_t vm_pages_end;            /* frames */
natural_t vm_pages_count;          /* of them, pages that the boot has left */
static vm_page_t *buckets;         /* a power of 2 of them, at least as many as pages */
static natural_t bucket_mask;
static paddr_t skipped, skipped_end; /* memory that was too short for what was stolen */

vm_offset_t pmap_steal_memory(vm_size_t size)
{
	paddr_t first = 0, end = 0, address;
	while (end - first < size) {
		if (!pmap_next_page(&address))
			panic("too little memory for the kernel");
		if (address != end) {
			kernel_assert(skipped == skipped_end);
			skipped = first;
			skipped_end = end;
			first = address;
		}
		end = address + VM_PAGE_SIZE;
	}
	memset(phystokv(first), 0, end - first);
	return (vm_offset_t)(uintptr_t)phystokv(first);
}

static void add_page(paddr_t address)
{
	vm_pages[address >> VM_PAGE_SHIFT].phys_addr = address;
	vm_pages_count++;
}

void vm_page_bootstrap(void)
{
	vm_pages_end = pmap_end_frame();
	const natural_t pages = pmap_free_pages();
	for (bucket_mask = 1; bucket_mask < pages; bucket_mask <<= 1)
		;
	const vm_size_t array_size = vm_pages_end * sizeof *vm_pages;
	vm_offset_t stolen = pmap_steal_memory(array_size + bucket_mask * sizeof *buckets);
	vm_pages = (struct vm_page *)(uintptr_t)stolen;
	buckets = (vm_page_t *)(uintptr_t)(stolen + array_size);
	bucket_mask--;
	paddr_t address;
	for (address = skipped; address < skipped_end; address += VM_PAGE_SIZE)
		add_page(address);
	while (pmap_next_page(&address))
		add_page(address);
	/* The lowest address is to be grabbed first. */
	for (natural_t i = vm_pages_end; i-- > 0;)
		if (vm_pages[i].phys_addr)
			vm_page_release(&vm_pages[i]);
}

vm_page_t vm_page_of(paddr_t address)
{
	const natural_t frame = address >> VM_PAGE_SHIFT;
	return frame < vm_pages_end && vm_pages[frame].phys_addr ? &vm_pages[frame] : VM_PAGE_NULL;
}

static vm_page_t *bucket_of(const struct vm_object *object, vm_offset_t offset)
{
	return &buckets[(((natural_t)(uintptr_t)object >> 4) + (offset >> VM_PAGE_SHIFT)) & bucket_mask];
}

vm_page_t vm_page_lookup(struct vm_object *object, vm_offset_t offset)
{
	vm_page_t page = *bucket_of(object, offset);
	while (page && (page->object != object || page->offset != offset))
		page = page->next;
	return page;
}

/* A page inserted right behind the last one: the object is gone through in order, and the page before will not be
 * needed soon (vm_page_deactivate_behind).  Placeholders say nothing of the order. */
static void deactivate_behind(struct vm_object *object, vm_offset_t offset)
{
	if (offset == object->last_alloc + VM_PAGE_SIZE) {
		vm_page_t behind = vm_page_lookup(object, object->last_alloc);
		if (behind && !behind->busy && behind->active)
			vm_page_deactivate(behind);
	}
	object->last_alloc = offset;
}

/* The page, which is no object's, becomes the object's; there is none at this offset. */
void vm_page_insert(vm_page_t page, struct vm_object *object, vm_offset_t offset)
{
	kernel_assert(!page->tabled && !page->free);
	page->object = object;
	page->offset = offset;
	vm_page_t *bucket = bucket_of(object, offset);
	page->next = *bucket;
	*bucket = page;
	list_append(&object->memq, &page->listq);
	page->tabled = 1;
	object->resident_page_count++;
	if (!page->fictitious)
		deactivate_behind(object, offset);
}

/* And is no more.  It may be on a queue still: its caller gives it another object, or takes it off. */
void vm_page_remove(vm_page_t page)
{
	kernel_assert(page->tabled);
	vm_page_t *link = bucket_of(page->object, page->offset);
	while (*link != page)
		link = &(*link)->next;
	*link = page->next;
	list_remove(&page->listq);
	page->object->resident_page_count--;
	page->object = NULL;
	page->next = VM_PAGE_NULL;
	page->tabled = 0;
}

/* From one object and offset to others. No pmap maps it there. */
void vm_page_rename(vm_page_t page, struct vm_object *object, vm_offset_t offset)
{
	vm_page_remove(page);
	vm_page_insert(page, object, offset);
}

vm_page_t vm_page_alloc(struct vm_object *object, vm_offset_t offset)
{
	vm_page_t page = vm_page_grab();
	if (page)
		vm_page_insert(page, object, offset);
	return page;
}

void vm_page_free(vm_page_t page)
{
	if (page->absent)
		vm_object_absent_release(page->object);
	if (page->tabled)
		vm_page_remove(page);
	vm_page_queues_remove(page);
	if (page->wire_count != 0) {
		page->wire_count = 0;
		vm_page_wire_count--;
	}
	const bool laundry = page->laundry;
	page->absent = page->error = page->laundry = 0;
	page_wakeup_done(page);
	if (page->fictitious)
		vm_page_release_fictitious(page);
	else
		vm_page_release(page);
	if (laundry)
		vm_page_laundered();
}

void vm_page_zero_fill(vm_page_t page) { pmap_zero_page(page->phys_addr); }
void vm_page_copy(vm_page_t from, vm_page_t to) { pmap_copy_page(from->phys_addr, to->phys_addr); }
