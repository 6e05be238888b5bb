/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory_object_lock_request: locks pages against accesses, has them cleaned, and flushes them (Y87 §3.4.1:
 * pager_data_lock, pager_clean_request, pager_flush_request).
 *
 *   should_return   NONE: modifications stay, or are lost by a flush; DIRTY: modified pages are sent; ALL: precious too
 *   should_flush    the pages go (a wired one stays, and what it has is sent)
 *   lock_value      the accesses that the pages do not allow from now on; VM_PROT_NO_CHANGE
 *
 * Pages that are not resident, or asked for and not there yet, are left alone.  One page a message.
 */
#include "ipc/ipc_port.h"
#include "kern/thread.h"
#include "mach_server.h"
#include "memory_object_user.h"
#include "vm/memory_object.h"
#include "vm/vm_pageout.h"

struct request {
	memory_object_return_t should_return;
	bool should_flush;
	vm_prot_t lock_value;
};

static void lock(vm_page_t page, vm_prot_t lock_value)
{
	if (lock_value == VM_PROT_NO_CHANGE)
		return;
	if (lock_value & ~page->page_lock)
		pmap_page_protect(page->phys_addr, VM_PROT_ALL & ~lock_value);
	page->page_lock = lock_value;
	page->unlock_request = VM_PROT_NONE;
	if (page->wanted)
		page_wakeup_done(page);
}

/* The page is resident and nobody's business but this one's. May wait for memory. */
static void carry_out(const struct request *request, vm_page_t page)
{
	const bool flush = request->should_flush && page->wire_count == 0;
	lock(page, request->lock_value);
	if (flush)
		pmap_page_protect(page->phys_addr, VM_PROT_NONE);
	page->dirty |= pmap_is_modified(page->phys_addr);
	const bool is_sent = request->should_return != MEMORY_OBJECT_RETURN_NONE
		&& (page->dirty || (page->precious && request->should_return == MEMORY_OBJECT_RETURN_ALL));
	if (is_sent) {
		page->busy = 1;
		vm_pageout_page(page, false, flush);
		if (!flush)
			page_wakeup_done(page);
	} else if (flush)
		vm_page_free(page);
}

static void carry_out_at(const struct request *request, vm_object_t object, vm_offset_t offset)
{
	vm_page_t page;
	while ((page = vm_page_lookup(object, offset)) && page->busy && !page->absent) {
		page_assert_wait(page, false);
		thread_block(NULL);
	}
	if (!page || page->absent)
		return;
	if (!page->error)
		carry_out(request, page);
	else if (request->should_flush)
		vm_page_free(page);
}

/* The first and the last resident page in [start, end): no need to look further. False: there is none. */
static bool resident_range(vm_object_t object, vm_offset_t start, vm_offset_t end, vm_offset_t *first,
                           vm_offset_t *last)
{
	bool any = false;
	for (struct list *link = object->memq.next; link != &object->memq; link = link->next) {
		const vm_offset_t offset = LIST_OWNER(link, struct vm_page, listq)->offset;
		if (offset < start || offset >= end)
			continue;
		if (!any || offset < *first)
			*first = offset;
		if (!any || offset > *last)
			*last = offset;
		any = true;
	}
	return any;
}

static void lock_completed(vm_object_t object, ipc_port_t reply_to, mach_msg_type_name_t type, vm_offset_t offset,
                           vm_size_t size)
{
	struct vm_object_ports ports;
	if (!IP_VALID(reply_to))
		return;
	if (vm_object_ports_hold(object, &ports)) {
		memory_object_lock_completed(reply_to, type, ports.request, offset, size);
		vm_object_ports_release(&ports);
	} else if (type == MACH_MSG_TYPE_PORT_SEND_ONCE)
		ipc_port_release_sonce(reply_to);
	else
		ipc_port_release_send(reply_to);
}

kern_return_t memory_object_lock_request(vm_object_t object, vm_offset_t offset, vm_size_t size,
                                         memory_object_return_t should_return, bool should_flush,
                                         vm_prot_t lock_value, ipc_port_t reply_to,
                                         mach_msg_type_name_t reply_to_type)
{
	const struct request request = { should_return, should_flush, lock_value };
	const vm_offset_t start = trunc_page(offset) - object->paging_offset;
	const vm_offset_t end = round_page(offset + size) - object->paging_offset;
	vm_offset_t first = 0, last = 0;
	if (should_return < MEMORY_OBJECT_RETURN_NONE || should_return > MEMORY_OBJECT_RETURN_ALL
	    || (lock_value != VM_PROT_NO_CHANGE && (lock_value & ~VM_PROT_ALL)) || offset + size < offset
	    || trunc_page(offset) < object->paging_offset)
		return KERN_INVALID_ARGUMENT;
	if (resident_range(object, start, end, &first, &last))
		for (vm_offset_t at = first; at <= last; at += VM_PAGE_SIZE) {
			carry_out_at(&request, object, at);
			interrupt_window();
		}
	lock_completed(object, reply_to, reply_to_type, offset, size);
	return KERN_SUCCESS;
}
