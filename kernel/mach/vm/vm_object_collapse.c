/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chains of shadows that grow shorter again (MIvmm 1987 §3.5, "garbage collection" of shadow objects).
 *
 *   collapse   only `object` refers to its shadow: pages and manager of the shadow become the object's
 *
 *                  object --> shadow --> next      becomes      object --> next
 *
 *   bypass     others refer to the shadow too, but every page of it that the object could see, the object has itself
 *
 *                  object --> shadow --> next      becomes      object --> next <-- shadow
 *
 *   1. Both objects are internal, and nobody pages in either; the object has no manager (one of two could not go).  The
 *      shadow's manager, if it has one, knows all of the object's range.
 *   2. The shadow is not a copy object: what is pushed to it must find it.
 *   3. Pages never lose to older ones: of two at one place the object's stays.
 */
#include "base/panic.h"
#include "vm/vm_object.h"

static bool may_collapse(vm_object_t object, vm_object_t shadow)
{
	return shadow && !object->pager_created && object->internal && object->paging_in_progress == 0
		&& shadow->internal && shadow->alive && shadow->paging_in_progress == 0 && shadow->absent_count == 0
		&& shadow->copy == NULL && (!shadow->shadow || shadow->shadow->copy != shadow)
		&& shadow->pager_created == shadow->pager_initialized
		&& (!shadow->pager_created || object->shadow_offset + object->size <= shadow->size);
}

/* Whether the object can see a page of its shadow, unless it has one of its own there; then *offset is where. */
static bool is_in_sight(vm_object_t object, vm_page_t page, vm_offset_t *offset)
{
	*offset = page->offset - object->shadow_offset;
	return page->offset >= object->shadow_offset && *offset < object->size;
}

/* One page of the shadow: to where the object sees it; if it does not, it goes. */
static void take_page(vm_object_t object, vm_page_t page)
{
	vm_offset_t offset;
	if (is_in_sight(object, page, &offset) && !vm_page_lookup(object, offset)) {
		vm_page_rename(page, object, offset);
		return;
	}
	pmap_page_protect(page->phys_addr, VM_PROT_NONE);
	vm_page_free(page);
}

static void collapse(vm_object_t object, vm_object_t shadow)
{
	while (!list_is_empty(&shadow->memq))
		take_page(object, LIST_OWNER(shadow->memq.next, struct vm_page, listq));
	if (shadow->pager_created) {
		object->paging_offset = shadow->paging_offset + object->shadow_offset;
		vm_object_pager_move(shadow, object);
	}
	object->shadow = shadow->shadow;
	object->shadow_offset += shadow->shadow_offset;
	shadow->shadow = NULL;
	shadow->ref_count = 0;
	shadow->alive = 0;
	vm_object_free(shadow);
}

/* Whether somebody works on a page of it: one in a copy that moves, for instance. */
static bool is_busy(vm_object_t shadow)
{
	for (struct list *link = shadow->memq.next; link != &shadow->memq; link = link->next)
		if (LIST_OWNER(link, struct vm_page, listq)->busy)
			return true;
	return false;
}

/* Whether the object has a page for each page of the shadow in its sight. Counts tell at once that most have not. */
static bool is_covered(vm_object_t object, vm_object_t shadow)
{
	if (shadow->pager_created || (shadow->resident_page_count > object->resident_page_count
	                              && object->size >> VM_PAGE_SHIFT > object->resident_page_count))
		return false;
	for (struct list *link = shadow->memq.next; link != &shadow->memq; link = link->next) {
		vm_page_t page = LIST_OWNER(link, struct vm_page, listq);
		vm_offset_t offset;
		if (is_in_sight(object, page, &offset) && !vm_page_lookup(object, offset))
			return false;
	}
	return true;
}

static void bypass(vm_object_t object, vm_object_t shadow)
{
	object->shadow = shadow->shadow;
	object->shadow_offset += shadow->shadow_offset;
	vm_object_reference(object->shadow);
	shadow->ref_count--;
	kernel_assert(shadow->ref_count > 0);
}

void vm_object_collapse(vm_object_t object)
{
	for (;;) {
		vm_object_t shadow = object->shadow;
		if (!may_collapse(object, shadow))
			return;
		if (shadow->ref_count == 1) {
			if (is_busy(shadow))
				return;
			collapse(object, shadow);
		} else if (object->copy == NULL && is_covered(object, shadow))
			bypass(object, shadow);
		else
			return;
	}
}

bool vm_object_coalesce(vm_object_t previous, vm_object_t next, vm_offset_t previous_offset, vm_offset_t next_offset,
                        vm_size_t previous_size, vm_size_t next_size)
{
	(void)next_offset;
	if (next)
		return false;
	if (!previous)
		return true;
	if (previous->ref_count > 1 || previous->pager_created || !previous->internal || previous->shadow
	    || previous->copy || previous->paging_in_progress > 0 || previous->used_for_pageout)
		return false;
	/* What an earlier entry left there must not be seen again. */
	const vm_offset_t end = previous_offset + previous_size;
	vm_object_page_remove(previous, end, end + next_size);
	if (previous->size < end + next_size)
		previous->size = end + next_size;
	return true;
}
