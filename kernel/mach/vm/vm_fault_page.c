/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the page for a fault: page lookup and copy-on-write of Y87 §5.5.
 *
 *   first_object --shadow--> object --shadow--> ...
 *
 *   vm_fault_find, in each object from the first one on:
 *     resident             busy: LACKS_PAGE; an error: FAULT_ERROR; locked by the manager: LACKS_UNLOCK; else found
 *     its manager has it   not ready: LACKS_READY; too many are asked for: LACKS_ROOM; else its place is taken by an
 *                          absent page, and LACKS_DATA
 *     neither              on to the shadow; there is none: zero_fill in the first object
 *   found in a shadow      to be written, or wired: copy_up into the first object; else read-only
 *   first_object->copy     to be written: push the old contents there first; else read-only
 *
 *   1. The search never waits, so nothing changes under it: no object of the chain is held, and no place in the first
 *      object.  Whatever must be waited for, the search is begun anew after it.
 *   2. An absent page in the way that is not busy is the manager's "unavailable": it stays until a page has its place.
 *   3. Messages are sent (vm_fault_wait) when no map is locked: to send may take memory, and to get memory a map.
 */
#include "vm/vm_fault_page.h"
#include "base/panic.h"
#include "kern/probes.h"
#include "kern/thread.h"
#include "memory_object_user.h"
#include "vm/vm_fault.h"
#include "vm/vm_pageout.h"

/* Pages that a manager other than the default one may be asked for at a time, an object. */
enum { VM_OBJECT_ABSENT_MAX = 50 };

static enum vm_fault_found lacks_page(struct vm_fault_search *search, vm_page_t page)
{
	search->lacks.what = LACKS_PAGE;
	search->lacks.page = page;
	return FAULT_WAIT;
}

/* A page of memory for a place where there is none, or an absent one. */
static vm_page_t fill_place(vm_object_t object, vm_offset_t offset, vm_page_t absent)
{
	vm_page_t page = vm_page_grab();
	if (!page)
		return VM_PAGE_NULL;
	if (absent)
		vm_page_free(absent);
	vm_page_insert(page, object, offset);
	return page;
}

/* The page is there: may it be had as it is? */
static enum vm_fault_found examine(struct vm_fault_search *search, vm_page_t page, vm_prot_t access)
{
	if (page->error) {
		vm_page_free(page);
		return FAULT_ERROR;
	}
	if (page->page_lock & access) {
		search->lacks.what = LACKS_UNLOCK;
		search->lacks.object = page->object;
		search->lacks.offset = page->offset;
		search->lacks.page = page;
		search->lacks.access = access;
		return FAULT_WAIT;
	}
	search->page = page;
	return FAULT_FOUND;
}

/* Its manager has the page: what is to be done so that it comes. */
static enum vm_fault_found ask(struct vm_fault_search *search, vm_object_t object, vm_offset_t offset,
                               vm_prot_t access)
{
	search->lacks.object = object;
	if (object->pager_initialized && !object->pager)
		return FAULT_ERROR;
	if (!object->pager_ready) {
		search->lacks.what = LACKS_READY;
		return FAULT_WAIT;
	}
	if (!object->internal && object->absent_count >= VM_OBJECT_ABSENT_MAX) {
		search->lacks.what = LACKS_ROOM;
		return FAULT_WAIT;
	}
	/* For what comes from the default manager memory is set aside now: it will have less (GD91 §4). */
	vm_page_t place = object->internal ? vm_page_grab() : vm_page_grab_fictitious();
	if (!place)
		return FAULT_SHORTAGE;
	vm_page_insert(place, object, offset);
	place->absent = 1;
	object->absent_count++;
	search->lacks.what = LACKS_DATA;
	search->lacks.offset = offset;
	search->lacks.page = place;
	search->lacks.access = access;
	return FAULT_WAIT;
}

/* In an object with a shadow the zeros must stay: of the copy of an object that has been written to since, they are what
 * was there before (push finds them), and nothing else remembers that. */
static enum vm_fault_found zero_fill(struct vm_fault_search *search)
{
	vm_page_t page = fill_place(search->first_object, search->first_offset, search->first_absent);
	if (!page)
		return FAULT_SHORTAGE;
	vm_page_zero_fill(page);
	pmap_clear_modify(page->phys_addr);
	page->dirty = search->first_object->shadow != NULL;
	vm_stat.zero_fill_count++;
	probe_zero_fill(search->first_object, search->first_offset);
	search->page = page;
	return FAULT_FOUND;
}

/* Page lookup, through the shadows. *in_shadow: it was found in one. */
static enum vm_fault_found look_up(struct vm_fault_search *search, bool *in_shadow)
{
	vm_object_t object = search->first_object;
	vm_offset_t offset = search->first_offset;
	vm_prot_t access = search->fault_type;
	*in_shadow = false;
	for (;;) {
		vm_page_t page = vm_page_lookup(object, offset);
		if (page && page->busy)
			return lacks_page(search, page);
		if (page && !page->absent)
			return examine(search, page, access);
		if (!page && object->pager_created && vm_object_existence(object, offset) != VM_EXISTENCE_ABSENT)
			return ask(search, object, offset, access);
		if (!*in_shadow)
			search->first_absent = page;
		*in_shadow = object->shadow != NULL;
		if (!object->shadow)
			return zero_fill(search);
		offset += object->shadow_offset;
		object = object->shadow;
		access = VM_PROT_READ;
	}
}

/* The page of a shadow is to be written: the first object gets a copy. Whoever used the old one through the first
 * object must find the new one. */
static enum vm_fault_found copy_up(struct vm_fault_search *search)
{
	vm_page_t from = search->page;
	vm_page_t page = fill_place(search->first_object, search->first_offset, search->first_absent);
	if (!page)
		return FAULT_SHORTAGE;
	vm_page_copy(from, page);
	page->dirty = 1;
	pmap_page_protect(from->phys_addr, VM_PROT_NONE);
	vm_page_deactivate(from);
	vm_stat.cow_faults++;
	probe_cow_fault(search->first_object, search->first_offset);
	search->page = page;
	vm_object_collapse(search->first_object);
	return FAULT_FOUND;
}

/* The page is to be written in an object that has been copied: the copy object must have the old contents, unless it
 * has a page there. */
static enum vm_fault_found push(struct vm_fault_search *search)
{
	vm_object_t copy = search->first_object->copy;
	const vm_offset_t offset = search->first_offset;
	if (offset >= copy->size)
		return FAULT_FOUND;
	vm_page_t there = vm_page_lookup(copy, offset);
	if (there && there->busy)
		return lacks_page(search, there);
	const enum vm_existence existence = vm_object_existence(copy, offset);
	if ((there && !there->absent) || existence == VM_EXISTENCE_EXISTS)
		return FAULT_FOUND;
	vm_page_t page = fill_place(copy, offset, there);
	if (!page)
		return FAULT_SHORTAGE;
	vm_page_copy(search->page, page);
	page->dirty = 1;
	pmap_page_protect(search->page->phys_addr, VM_PROT_NONE);
	if (existence == VM_EXISTENCE_UNKNOWN) {
		search->push = page;
		return FAULT_FOUND;
	}
	vm_page_activate(page);
	page_wakeup_done(page);
	return FAULT_FOUND;
}

/* Neither a map nor an object is held but by those who hold them anyway: whoever lets go of them must not, before the
 * page found is busy (it is) and its object's paging has begun (that is the caller's). */
enum vm_fault_found vm_fault_find(struct vm_fault_search *search)
{
	bool in_shadow;
	search->page = search->push = VM_PAGE_NULL;
	enum vm_fault_found found = look_up(search, &in_shadow);
	if (found != FAULT_FOUND)
		return found;
	const bool write = search->fault_type & VM_PROT_WRITE;
	if (in_shadow && (write || search->wired))
		found = copy_up(search);
	else if (in_shadow)
		search->protection &= ~VM_PROT_WRITE;
	if (search->first_object->copy && !write)
		search->protection &= ~VM_PROT_WRITE;
	else if (search->first_object->copy && found == FAULT_FOUND)
		found = push(search);
	if (found == FAULT_FOUND) {
		search->page->busy = 1;
		search->protection &= ~search->page->page_lock;
	} else if (search->page->busy) {
		/* It has just been made, and stays for the next try. */
		vm_page_activate(search->page);
		page_wakeup_done(search->page);
	}
	return found;
}

/* The manager has been asked; the object's paging ends.  True: the page is as it was, and the caller waits for it. */
static bool wait_for_answer(vm_object_t object, vm_offset_t offset, vm_page_t asked, vm_prot_t access,
                            bool interruptible)
{
	vm_page_t page = vm_page_lookup(object, offset);
	vm_object_paging_end(object);
	if (object->ref_count == 1) {
		vm_object_deallocate(object);   /* takes its time: begin anew */
		return false;
	}
	object->ref_count--;
	if (page != asked || !(page->absent ? page->busy : page->page_lock & access))
		return false;
	page_assert_wait(page, interruptible);
	return true;
}

static bool request_data(struct vm_fault_search *search, bool interruptible)
{
	vm_object_t object = search->lacks.object;
	const vm_offset_t offset = search->lacks.offset;
	struct vm_object_ports ports;
	object->ref_count++;
	vm_object_paging_begin(object);
	const bool held = vm_object_ports_hold(object, &ports);
	kernel_assert(held);
	vm_stat.pageins++;
	probe_page_in(object, offset);
	kern_return_t result = memory_object_data_request(ports.pager, ports.request, offset + object->paging_offset,
	                                                  VM_PAGE_SIZE, search->lacks.access);
	vm_object_ports_release(&ports);
	vm_page_t page = vm_page_lookup(object, offset);
	if (result != KERN_SUCCESS && page == search->lacks.page && page->absent && page->busy)
		vm_page_free(page);             /* not asked for: the next fault will try */
	return wait_for_answer(object, offset, search->lacks.page, search->lacks.access, interruptible);
}

static bool request_unlock(struct vm_fault_search *search, bool interruptible)
{
	vm_object_t object = search->lacks.object;
	vm_page_t page = search->lacks.page;
	const vm_prot_t wanted = page->unlock_request | search->lacks.access;
	struct vm_object_ports ports;
	object->ref_count++;
	vm_object_paging_begin(object);
	if (wanted != page->unlock_request && vm_object_ports_hold(object, &ports)) {
		page->unlock_request = wanted;
		memory_object_data_unlock(ports.pager, ports.request, search->lacks.offset + object->paging_offset,
		                          VM_PAGE_SIZE, wanted);
		vm_object_ports_release(&ports);
	}
	return wait_for_answer(object, search->lacks.offset, page, search->lacks.access, interruptible);
}

/* After FAULT_WAIT, at once: asks the manager if need be. True: the caller is to block; false: begin anew.
 * No map is locked. */
bool vm_fault_wait(struct vm_fault_search *search, bool interruptible)
{
	switch (search->lacks.what) {
	case LACKS_PAGE:
		page_assert_wait(search->lacks.page, interruptible);
		return true;
	case LACKS_READY:
		vm_object_assert_wait(search->lacks.object, VM_OBJECT_EVENT_PAGER_READY, interruptible);
		return true;
	case LACKS_ROOM:
		vm_object_assert_wait(search->lacks.object, VM_OBJECT_EVENT_ABSENT_COUNT, interruptible);
		return true;
	case LACKS_DATA:
		return request_data(search, interruptible);
	case LACKS_UNLOCK:
		return request_unlock(search, interruptible);
	}
	return false;
}

enum vm_fault_result vm_fault_page(vm_object_t first_object, vm_offset_t first_offset, vm_prot_t fault_type,
                                   bool interruptible, vm_prot_t *protection, vm_page_t *result_page)
{
	struct vm_fault_search search = { .first_object = first_object, .first_offset = first_offset,
		.fault_type = fault_type, .protection = *protection };
	vm_object_paging_end(first_object);
	switch (vm_fault_find(&search)) {
	case FAULT_FOUND:
		vm_object_paging_begin(search.page->object);
		if (search.push)
			vm_pageout_page(search.push, true, true);
		*protection = search.protection;
		*result_page = search.page;
		return VM_FAULT_SUCCESS;
	case FAULT_WAIT:
		if (vm_fault_wait(&search, interruptible) && thread_block(NULL) != THREAD_AWAKENED && interruptible)
			return VM_FAULT_INTERRUPTED;
		return VM_FAULT_RETRY;
	case FAULT_SHORTAGE:
		return VM_FAULT_MEMORY_SHORTAGE;
	default:
		return VM_FAULT_MEMORY_ERROR;
	}
}

void vm_fault_release(vm_page_t page)
{
	vm_object_t object = page->object;
	page_wakeup_done(page);
	if (!page->active && !page->inactive)
		vm_page_activate(page);
	vm_object_paging_end(object);
}
