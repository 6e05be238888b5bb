/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zones (Mach kern/zalloc): elements of one size in pages of their own.
 *
 * A page begins with its header; the rest are elements.  Pages are found through the window on all memory, so that a
 * zone needs neither the kernel's map nor a page table to grow, and the zone of map entries is one like all.
 *
 *   1. A page of a zone is on the zone's list `partial` if it has both free and used elements, on `empty` if all of
 *      its elements are free, and on no list if none is.
 *   2. free_count is the sum of the pages' free elements.
 *   3. An element's first word links it to the next free one of its page.
 *
 * Who may wait: zalloc waits in vm_page_wait, where threads with vm_privilege need not (GD91 §4).  Who holds what such
 * threads may need takes elements with zget, or has set them aside with zfill.
 */
#include "base/list.h"
#include "base/panic.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/vm_page.h"

struct zone_page {
	struct list link;
	vm_page_t page;
	void **free;               /* first free element */
	natural_t used;
};

struct zone {
	struct list link;          /* all zones */
	struct list partial, empty;
	natural_t size;            /* bytes of an element */
	natural_t per_page;        /* elements */
	natural_t pages, pages_most;
	natural_t free_count;
	const char *name;
};

_Static_assert(sizeof(void *) != 4 || (VM_PAGE_SIZE - sizeof(struct zone_page)) / 2 >= ZONE_ELEMENT_MOST,
               "two of the largest elements to a page");

static struct list zones = {&zones, &zones};
static struct zone zone_of_zones;

static void zone_init(zone_t zone, vm_size_t size, vm_size_t max, const char *name)
{
	kernel_assert(size <= ZONE_ELEMENT_MOST);
	size = (size + sizeof(void *) - 1) & ~(sizeof(void *) - 1);
	*zone = (struct zone){.size = size, .per_page = (VM_PAGE_SIZE - sizeof(struct zone_page)) / size,
		.pages_most = (max + VM_PAGE_MASK) >> VM_PAGE_SHIFT, .name = name};
	list_init(&zone->partial);
	list_init(&zone->empty);
	list_append(&zones, &zone->link);
}

zone_t zinit(vm_size_t size, vm_size_t max, const char *name)
{
	if (zone_of_zones.size == 0)
		zone_init(&zone_of_zones, sizeof(struct zone), VM_PAGE_SIZE, "zones");
	zone_t zone = zget(&zone_of_zones);
	kernel_assert(zone != NULL);
	zone_init(zone, size, max, name);
	return zone;
}

/* A page more, if the machine has one for the current thread. */
static bool zone_grow(zone_t zone)
{
	vm_page_t page = vm_page_grab();
	if (page == VM_PAGE_NULL)
		return false;
	vm_page_wire(page);
	struct zone_page *header = phystokv(page->phys_addr);
	*header = (struct zone_page){.page = page};
	char *element = (char *)(header + 1) + (zone->per_page - 1) * zone->size;
	for (natural_t i = 0; i < zone->per_page; i++, element -= zone->size) {
		*(void **)element = header->free;
		header->free = (void **)element;
	}
	list_append(&zone->empty, &header->link);
	zone->pages++;
	zone->free_count += zone->per_page;
	return true;
}

/* A free element; there is one. */
static void *take(zone_t zone)
{
	struct list *list = list_is_empty(&zone->partial) ? &zone->empty : &zone->partial;
	struct zone_page *page = LIST_OWNER(list->next, struct zone_page, link);
	void **element = page->free;
	page->free = *element;
	page->used++;
	zone->free_count--;
	if (page->used == 1 || page->free == NULL)
		list_remove(&page->link);
	if (page->used == 1 && page->free != NULL)
		list_prepend(&zone->partial, &page->link);
	return element;
}

void *zget(zone_t zone)
{
	if (zone->free_count == 0 && (zone->pages == zone->pages_most || !zone_grow(zone)))
		return NULL;
	return take(zone);
}

void *zalloc(zone_t zone)
{
	void *element;
	while ((element = zget(zone)) == NULL) {
		if (zone->pages == zone->pages_most)
			return NULL;
		vm_page_wait(NULL);
	}
	return element;
}

void zfree(zone_t zone, void *element)
{
	struct zone_page *page = (struct zone_page *)((uintptr_t)element & ~(uintptr_t)VM_PAGE_MASK);
	kernel_assert(page->used != 0);
	bool was_full = page->free == NULL;
	*(void **)element = page->free;
	page->free = element;
	page->used--;
	zone->free_count++;
	if (!was_full && page->used != 0)
		return;
	list_remove(&page->link);
	list_prepend(page->used == 0 ? &zone->empty : &zone->partial, &page->link);
}

void zfill(zone_t zone, natural_t elements)
{
	while (zone->free_count < elements && zone->pages != zone->pages_most)
		if (!zone_grow(zone))
			vm_page_wait(NULL);
}

natural_t zone_in_use(zone_t zone)
{
	return zone->pages * zone->per_page - zone->free_count;
}

/* Keeps one empty page of each zone, so that a zone at a page's border does not come and go. */
static void collect(zone_t zone)
{
	if (list_is_empty(&zone->empty))
		return;
	for (struct list *link = zone->empty.next->next; link != &zone->empty;) {
		struct zone_page *header = LIST_OWNER(link, struct zone_page, link);
		link = link->next;
		list_remove(&header->link);
		zone->pages--;
		zone->free_count -= zone->per_page;
		vm_page_free(header->page);
	}
}

void consider_zone_gc(void)
{
	for (struct list *link = zones.next; link != &zones; link = link->next)
		collect(LIST_OWNER(link, struct zone, link));
}
