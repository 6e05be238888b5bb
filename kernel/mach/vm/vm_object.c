/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory objects as the kernel has them (Y87 §5.2): their life, their events, what is done to ranges of pages.
 *
 *   vm_object_pager.c      the manager's side: ports, announcement, loss
 *   vm_object_cache.c      objects that nobody maps, kept for the next one who does
 *   vm_object_copy.c       copies, shadows
 *   vm_object_collapse.c   and their end
 *   vm_object_existence.c  which pages the default manager has
 *
 *      vm_object_allocate, vm_object_enter --> alive --vm_object_deallocate, the last--> cached (can_persist)
 *                                               ^  |                                      |        |
 *                                               |  '--the last--> terminating <--trimmed--'        |
 *                                               |                      |                           |
 *                                               '--vm_object_enter-----+---------------------------'
 *                                                                      '--> gone
 *
 *   1. ref_count: entries of maps, copies in messages, objects that shadow this one, and threads at work.  0 only if it
 *      is cached, or not alive.
 *   2. While paging_in_progress > 0 the object keeps its ports, its shadow and its existence, whatever happens.
 *   3. If A->copy is B, then B->shadow is A, with shadow_offset 0.
 *   4. internal objects without a manager have all their contents in their pages and shadows.
 */
#include "base/panic.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/vm_object.h"
#include "vm/vm_pageout.h"

/* Bytes: more than there ever is memory for; what bounds objects is memory. */
enum { OBJECT_ZONE_MAX = 1 << 26 };

static zone_t object_zone;
static struct vm_object kernel_object_store;
vm_object_t kernel_object = &kernel_object_store;

static void initialize(vm_object_t object, vm_size_t size)
{
	*object = (struct vm_object){ .size = size, .ref_count = 1, .copy_strategy = MEMORY_OBJECT_COPY_TEMPORARY,
		.internal = 1, .temporary = 1, .alive = 1 };
	list_init(&object->memq);
}

/* Boot: zones are there. kernel_object's offsets are kernel addresses; it is never released. */
void vm_object_bootstrap(void)
{
	object_zone = zinit(sizeof(struct vm_object), OBJECT_ZONE_MAX, "objects");
	initialize(kernel_object, ~VM_PAGE_MASK);
}

/* An internal object without pages, which read as zeros. size: bytes. One reference. Waits for memory. */
vm_object_t vm_object_allocate(vm_size_t size)
{
	vm_object_t object = zalloc(object_zone);
	while (!object) {
		/* The zone is full: somebody has to let an object go. */
		assert_wait(&object_zone, false);
		current_thread()->wait_reason = "object";
		thread_block(NULL);
		object = zalloc(object_zone);
	}
	initialize(object, size);
	return object;
}

void vm_object_free(vm_object_t object)
{
	kernel_assert(list_is_empty(&object->memq) && object->resident_page_count == 0 && object->absent_count == 0);
	kernel_assert(!object->pager && object->paging_in_progress == 0 && !object->cached);
	vm_object_existence_free(object);
	vm_object_wakeup(object, VM_OBJECT_EVENT_GONE);
	zfree(object_zone, object);
	thread_wakeup_one(&object_zone);
}

void vm_object_reference(vm_object_t object)
{
	if (object)
		object->ref_count++;
}

/* Takes a reference back. With the last the object is cached, or ends (which may wait), and its shadow loses one. */
void vm_object_deallocate(vm_object_t object)
{
	while (object) {
		kernel_assert(object->ref_count > 0);
		if (--object->ref_count > 0)
			return;
		if (object->can_persist && object->pager) {
			vm_object_cache_enter(object);
			return;
		}
		vm_object_t shadow = object->shadow;
		vm_object_terminate(object);
		object = shadow;
	}
}

/* Writes back what the manager must have, and frees the pages. */
static void release_pages(vm_object_t object)
{
	while (!list_is_empty(&object->memq)) {
		interrupt_window();
		vm_page_t page = LIST_OWNER(object->memq.next, struct vm_page, listq);
		if (page->busy && !page->absent) {
			page_assert_wait(page, false);
			thread_block(NULL);
			continue;
		}
		if (object->temporary || !object->pager || page->absent || page->error) {
			vm_page_free(page);
			continue;
		}
		page->dirty |= pmap_is_modified(page->phys_addr);
		if (page->dirty || page->precious) {
			page->busy = 1;
			vm_pageout_page(page, false, true);
		} else
			vm_page_free(page);
	}
}

/* The end of an object without references: nobody finds it any more, its pages go, its manager is told.  Its shadow
 * keeps the reference for it: the caller's, who read it before. */
void vm_object_terminate(vm_object_t object)
{
	kernel_assert(object->ref_count == 0 && object->alive);
	object->alive = 0;
	vm_object_pager_detach(object);
	vm_object_paging_wait(object, false);
	if (object->shadow && object->shadow->copy == object)
		object->shadow->copy = NULL;
	release_pages(object);
	vm_object_paging_wait(object, false);
	vm_object_pager_release(object);
	vm_object_free(object);
}

/* --- Events --- */

static event_t event_of(vm_object_t object, enum vm_object_event event) { return (const char *)object + event; }

void vm_object_assert_wait(vm_object_t object, enum vm_object_event event, bool interruptible)
{
	static const char *const reasons[] = { "object's init", "manager ready", "paging", "page-in", "object's end" };
	object->wanted_events |= 1u << event;
	assert_wait(event_of(object, event), interruptible);
	current_thread()->wait_reason = reasons[event];
}

void vm_object_wakeup(vm_object_t object, enum vm_object_event event)
{
	if (!(object->wanted_events & 1u << event))
		return;
	object->wanted_events &= ~(1u << event);
	thread_wakeup(event_of(object, event));
}

void vm_object_paging_end(vm_object_t object)
{
	kernel_assert(object->paging_in_progress > 0);
	if (--object->paging_in_progress == 0)
		vm_object_wakeup(object, VM_OBJECT_EVENT_PAGING_IN_PROGRESS);
}

bool vm_object_paging_wait(vm_object_t object, bool interruptible)
{
	while (object->paging_in_progress > 0) {
		vm_object_assert_wait(object, VM_OBJECT_EVENT_PAGING_IN_PROGRESS, interruptible);
		if (thread_block(NULL) != THREAD_AWAKENED && interruptible)
			return false;
	}
	return true;
}

void vm_object_absent_release(vm_object_t object)
{
	kernel_assert(object->absent_count > 0);
	object->absent_count--;
	vm_object_wakeup(object, VM_OBJECT_EVENT_ABSENT_COUNT);
}

/* --- Ranges of pages --- */

/* Calls for the resident pages in [start, end); the function may free the page.  By offset or through the list of
 * pages, whichever is shorter. */
static void for_pages(vm_object_t object, vm_offset_t start, vm_offset_t end,
                      void (*function)(vm_page_t page, vm_prot_t prot), vm_prot_t prot)
{
	if ((end - start) >> VM_PAGE_SHIFT < object->resident_page_count) {
		for (vm_offset_t offset = start; offset < end; offset += VM_PAGE_SIZE) {
			vm_page_t page = vm_page_lookup(object, offset);
			if (page)
				function(page, prot);
			interrupt_window();
		}
		return;
	}
	for (struct list *link = object->memq.next, *next; link != &object->memq; link = next) {
		next = link->next;
		vm_page_t page = LIST_OWNER(link, struct vm_page, listq);
		if (page->offset >= start && page->offset < end)
			function(page, prot);
		interrupt_window();
	}
}

static void protect(vm_page_t page, vm_prot_t prot)
{
	if (!page->fictitious)
		pmap_page_protect(page->phys_addr, prot);
}

static void discard(vm_page_t page, vm_prot_t prot)
{
	protect(page, prot);
	vm_page_free(page);
}

/* Nobody has a claim on these pages any more: of an internal object that one entry maps. */
void vm_object_page_remove(vm_object_t object, vm_offset_t start, vm_offset_t end)
{
	for_pages(object, start, end, discard, VM_PROT_NONE);
}

/* pmap: the only one that maps the range, from address `start` on; NULL: whoever does. */
void vm_object_pmap_protect(vm_object_t object, vm_offset_t offset, vm_size_t size, pmap_t pmap, vm_offset_t start,
                            vm_prot_t prot)
{
	if (!object)
		return;
	if (pmap)
		pmap_protect(pmap, start, start + size, prot);
	else
		for_pages(object, offset, offset + size, protect, prot);
}

void vm_object_pmap_remove(vm_object_t object, vm_offset_t start, vm_offset_t end)
{
	if (object)
		for_pages(object, start, end, protect, VM_PROT_NONE);
}
