/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cache of objects that no address map refers to, whose managers allow it (Y87 §3.4.1, pager_cache): a file that is
 * mapped again finds its pages.  Bounded by a number of objects; their pages are inactive, and go when memory is short.
 *
 *   1. cached: ref_count is 0, the object is on the list, its manager's port leads to it.
 *   2. The list is in the order of entry: who came first leaves first.
 */
#include "base/panic.h"
#include "kern/sched_prim.h"
#include "vm/vm_object.h"

enum { VM_OBJECT_CACHED_MAX = 100 };

static struct list cache = { &cache, &cache };
static natural_t cached_count;

void vm_object_cache_leave(vm_object_t object)
{
	kernel_assert(object->cached && object->ref_count == 0);
	object->cached = 0;
	list_remove(&object->cached_list);
	cached_count--;
}

/* The object has lost its last reference. If the cache is full, the eldest ends (which may wait). */
void vm_object_cache_enter(vm_object_t object)
{
	kernel_assert(object->ref_count == 0 && object->alive && !object->cached);
	object->cached = 1;
	list_append(&cache, &object->cached_list);
	cached_count++;
	for (struct list *link = object->memq.next; link != &object->memq; link = link->next) {
		vm_page_t page = LIST_OWNER(link, struct vm_page, listq);
		if (!page->busy)
			vm_page_deactivate(page);
	}
	while (cached_count > VM_OBJECT_CACHED_MAX) {
		vm_object_t eldest = LIST_OWNER(cache.next, struct vm_object, cached_list);
		vm_object_cache_leave(eldest);
		/* With a reference and without leave to persist it ends as any object does. */
		eldest->can_persist = 0;
		eldest->ref_count = 1;
		vm_object_deallocate(eldest);
	}
}
