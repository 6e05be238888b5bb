/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page on its way to its manager (Y87 §6.2.2; GD91 §3, §5.5): it moves into a temporary object of its own, which goes
 * in a message, is mapped by the manager, and ends, with the page, when the manager deallocates the memory.
 *
 *                      object                   transit object (used_for_pageout, internal)
 *      flush      holder in its place   <---    the page
 *      no flush   the page              <---    a copy of it
 *
 * The page in the transit object is
 *
 *   wired, and laundry   if it comes from an internal object: the default manager must not have to wait for its own
 *                        paging, and promises to free what it gets (GD91 §5.5)
 *   active, and dirty    otherwise: if the manager does not free it in time, it is temporary memory like any other, and
 *                        the default manager gets it
 *
 * The holder stays until the message is sent, so that nobody asks the manager for the page before it has it.
 */
#include "base/panic.h"
#include "kern/probes.h"
#include "kern/thread.h"
#include "memory_object_default_user.h"
#include "memory_object_user.h"
#include "vm/vm_map.h"
#include "vm/vm_pageout.h"
#include "vm/vm_resident.h"

static vm_page_t grab(vm_page_t (*from)(void))
{
	vm_page_t page;
	while (!(page = from()))
		vm_page_wait(NULL);
	return page;
}

/* The page that is to be sent, of no object: the page itself, with *holder in its place, or a copy. */
static vm_page_t take(vm_page_t page, bool flush, vm_page_t *holder)
{
	*holder = VM_PAGE_NULL;
	if (!flush) {
		vm_page_t copy = grab(vm_page_grab);
		vm_page_copy(page, copy);
		pmap_clear_modify(page->phys_addr);
		page->dirty = page->precious = 0;
		return copy;
	}
	vm_object_t object = page->object;
	const vm_offset_t offset = page->offset;
	*holder = grab(vm_page_grab_fictitious);
	pmap_page_protect(page->phys_addr, VM_PROT_NONE);
	vm_page_queues_remove(page);
	vm_page_remove(page);
	vm_page_insert(*holder, object, offset);
	return page;
}

/* Into the transit object. trusted: for the default manager. */
static void put(vm_page_t page, vm_object_t transit, bool trusted)
{
	vm_page_insert(page, transit, 0);
	pmap_clear_modify(page->phys_addr);
	page->precious = 0;
	page->page_lock = page->unlock_request = VM_PROT_NONE;
	if (trusted) {
		vm_page_wire(page);
		page->laundry = 1;
		vm_page_laundry_count++;
	} else {
		page->dirty = 1;
		if (vm_pageout_is_tight())
			vm_page_deactivate_first(page);
		else
			vm_page_activate(page);
	}
	page_wakeup_done(page);
}

static kern_return_t tell(vm_object_t object, const struct vm_object_ports *ports, vm_offset_t offset,
                          vm_map_copy_t data, bool initial, bool dirty, bool kernel_copy)
{
	if (initial)
		return memory_object_data_initialize(ports->pager, ports->request, offset, data, VM_PAGE_SIZE);
	if (object->use_old_pageout)
		return memory_object_data_write(ports->pager, ports->request, offset, data, VM_PAGE_SIZE);
	return memory_object_data_return(ports->pager, ports->request, offset, data, VM_PAGE_SIZE, dirty, kernel_copy);
}

/* Messages, or copies that move in them, are as many as there may be: some will go. */
static void wait_for_room(void)
{
	assert_wait(&vm_page_laundry_count, false);
	thread_set_timeout(1);
	current_thread()->wait_reason = "message";
	thread_block(NULL);
}

void vm_pageout_page(vm_page_t page, bool initial, bool flush)
{
	vm_object_t object = page->object;
	const vm_offset_t offset = page->offset;
	struct vm_object_ports ports;
	kernel_assert(page->busy && !page->absent && !page->fictitious);
	vm_object_paging_begin(object);
	vm_object_t transit = vm_object_allocate(VM_PAGE_SIZE);
	vm_map_copy_t data;
	transit->used_for_pageout = 1;
	if (!vm_object_ports_hold(object, &ports)) {
		/* The manager was lost meanwhile: what nobody keeps is lost with it. */
		vm_object_deallocate(transit);
		if (flush)
			vm_page_free(page);
		vm_object_paging_end(object);
		return;
	}
	const bool dirty = page->dirty;
	vm_page_t holder;
	put(take(page, flush, &holder), transit, object->internal);
	vm_object_existence_set(object, offset);
	vm_stat.pageouts++;
	probe_page_out(object, offset);
	while (vm_map_copyin_object(transit, 0, VM_PAGE_SIZE, &data) != KERN_SUCCESS)
		wait_for_room();
	const vm_offset_t at = offset + object->paging_offset;
	while (tell(object, &ports, at, data, initial, dirty, !flush) == (kern_return_t)MACH_SEND_NO_BUFFER)
		wait_for_room();
	vm_object_ports_release(&ports);
	if (holder)
		vm_page_free(holder);
	vm_object_paging_end(object);
}
