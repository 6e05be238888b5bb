/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of vm_resident.c, vm_page_free.c, vm_page_queues.c and vm_object.c, looked after one by one over all pages
 * and all objects that have pages (kernel option check=pages). It changes nothing.
 */
#include "base/panic.h"
#include "vm/vm_object.h"
#include "vm/vm_resident.h"

static struct { natural_t free, active, inactive, wired, laundry; } seen;

static void check_flags(vm_page_t page)
{
	kernel_assert(!(page->active && page->inactive));
	kernel_assert(!(page->active || page->inactive) || (page->tabled && page->wire_count == 0));
	kernel_assert(!page->free || !(page->tabled || page->active || page->inactive || page->busy || page->absent
	                               || page->wire_count != 0 || page->laundry));
	kernel_assert(page->tabled == (page->object != NULL));
	kernel_assert(!page->absent || page->tabled);
	kernel_assert(!page->fictitious || page->free || page->busy || page->absent || page->error);
	if (page->tabled)
		kernel_assert(vm_page_lookup(page->object, page->offset) == page);
}

static void count(vm_page_t page)
{
	seen.free += page->free && !page->fictitious;
	seen.active += page->active;
	seen.inactive += page->inactive;
	seen.wired += page->wire_count > 0;
	seen.laundry += page->laundry;
}

/* One object: its list, its counts, its neighbours. Fictitious pages are found only here. */
static void check_object(vm_object_t object)
{
	natural_t pages = 0, absent = 0;
	kernel_assert(object->ref_count > 0 || object->cached || !object->alive);
	kernel_assert(!object->copy || (object->copy->shadow == object && object->copy->shadow_offset == 0));
	kernel_assert(!object->cached || object->ref_count == 0);
	kernel_assert(!object->pager || object->pager_created);
	for (struct list *link = object->memq.next; link != &object->memq; link = link->next) {
		vm_page_t page = LIST_OWNER(link, struct vm_page, listq);
		kernel_assert(page->object == object && (page->offset & VM_PAGE_MASK) == 0);
		if (page->fictitious) {
			check_flags(page);
			count(page);
		}
		pages++;
		absent += page->absent;
	}
	kernel_assert(pages == object->resident_page_count);
	kernel_assert(absent == object->absent_count);
}

/* Whether the page is the first of its object's that has memory: the object is checked once. */
static bool is_first(vm_page_t page)
{
	for (struct list *link = page->object->memq.next; link != &page->object->memq; link = link->next)
		if (!LIST_OWNER(link, struct vm_page, listq)->fictitious)
			return LIST_OWNER(link, struct vm_page, listq) == page;
	return false;
}

static natural_t length(const struct list *queue)
{
	natural_t n = 0;
	for (const struct list *link = queue->next; link != queue; link = link->next)
		n++;
	return n;
}

void vm_page_check(void)
{
	natural_t listed = 0;
	seen.free = seen.active = seen.inactive = seen.wired = seen.laundry = 0;
	for (natural_t i = 0; i < vm_pages_end; i++) {
		vm_page_t page = &vm_pages[i];
		if (page->phys_addr == 0)
			continue;
		kernel_assert(!page->fictitious && vm_page_of(page->phys_addr) == page);
		check_flags(page);
		count(page);
		if (page->tabled && is_first(page))
			check_object(page->object);
	}
	for (vm_page_t page = vm_page_free_list; page; page = page->next, listed++)
		kernel_assert(page->free);
	kernel_assert(listed == vm_page_free_count && seen.free == vm_page_free_count);
	kernel_assert(seen.wired <= vm_page_wire_count); /* the boot image's pages are wired, and no frames of ours */
	kernel_assert(seen.laundry == vm_page_laundry_count);
	/* Objects with nothing but absent pages are not seen: they may be on the queues. */
	kernel_assert(seen.active == vm_page_active_count && length(&vm_page_queue_active) == vm_page_active_count);
	kernel_assert(seen.inactive <= vm_page_inactive_count);
	kernel_assert(length(&vm_page_queue_inactive) == vm_page_inactive_count);
}
