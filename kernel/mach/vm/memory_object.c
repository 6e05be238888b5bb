/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What managers say of their objects (Y87 table 3-6, with Mach 3.0's names): data, its absence, locks, attributes.
 *
 *   pager_data_provided      memory_object_data_provided, memory_object_data_supply (with precious, and an answer)
 *   pager_data_unavailable   memory_object_data_unavailable
 *   pager_data_lock, pager_flush_request, pager_clean_request    memory_object_lock_request
 *   pager_cache              memory_object_set_attributes, _ready, _change_attributes
 *
 * The server's stubs look the object up, and release it afterwards.  On KERN_SUCCESS the request's data and rights have
 * been used; otherwise they are destroyed with it.  Offsets are the manager's: paging_offset less are the object's.
 * Whole pages only: what is left over is discarded (Y87 §3.4.1).
 */
#include "vm/memory_object.h"
#include "base/panic.h"
#include "ipc/ipc_port.h"
#include "kern/thread.h"
#include "mach_server.h"
#include "memory_object_user.h"
#include "vm/vm_pageout.h"
#include "vm/vm_resident.h"

/* --- Data --- */

/* A page that came in a message: it may have been wired on its way, or been on its way to the default manager. */
static void settle(vm_page_t page)
{
	if (page->wire_count > 0) {
		page->wire_count = 0;
		vm_page_wire_count--;
	}
	if (page->laundry) {
		page->laundry = 0;
		vm_page_laundered();
	}
}

/* A page with the manager's data, of no object, busy: it fills its place, which is empty or absent. */
static void install(vm_object_t object, vm_offset_t offset, vm_page_t page, vm_prot_t lock_value, bool precious)
{
	vm_page_t place = vm_page_lookup(object, offset);
	const bool asked = place != NULL;
	if (place)
		vm_page_free(place);
	settle(page);
	page->dirty = 0;
	pmap_clear_modify(page->phys_addr);
	page->page_lock = lock_value;
	page->unlock_request = VM_PROT_NONE;
	page->precious = precious;
	vm_page_insert(page, object, offset);
	if (asked)
		vm_page_activate(page);
	else
		vm_page_deactivate(page);
	page_wakeup_done(page);
}

/* Whether there may be a page of the object at a manager's offset; *own: the object's. */
static bool own_offset(vm_object_t object, vm_offset_t offset, vm_offset_t *own)
{
	*own = offset - object->paging_offset;
	return offset >= object->paging_offset && (!object->internal || *own < object->size);
}

static bool is_empty(vm_object_t object, vm_offset_t offset)
{
	vm_page_t page = vm_page_lookup(object, offset);
	return !page || page->absent;
}

/* The first page of the data to its place, the manager's offset, which may be none of the object's. It is taken only if
 * it is wanted; and while it is waited for, somebody else may fill the place.  KERN_MEMORY_PRESENT: there was a page;
 * else the data cannot be read. */
static kern_return_t supply_page(vm_object_t object, vm_offset_t offset, vm_map_copy_t data, vm_prot_t lock_value,
                                 bool precious)
{
	vm_offset_t own;
	vm_page_t page;
	if (!own_offset(object, offset, &own))
		return vm_map_copy_take_page(data, NULL);
	if (!is_empty(object, own)) {
		const kern_return_t dropped = vm_map_copy_take_page(data, NULL);
		return dropped == KERN_SUCCESS ? KERN_MEMORY_PRESENT : dropped;
	}
	const kern_return_t result = vm_map_copy_take_page(data, &page);
	if (result != KERN_SUCCESS)
		return result;
	if (is_empty(object, own)) {
		install(object, own, page, lock_value, precious);
		return KERN_SUCCESS;
	}
	settle(page);
	vm_page_free(page);
	return KERN_MEMORY_PRESENT;
}

/* The pages of the data, one after the other, so that no more than one is held while memory is waited for.  stop: at
 * the first place where there is a page; then KERN_MEMORY_PRESENT, and *error_offset.  What cannot be read becomes an
 * error of the object's.  The data is used up. */
static kern_return_t supply(vm_object_t object, vm_offset_t offset, vm_map_copy_t data, vm_prot_t lock_value,
                            bool precious, bool stop, vm_offset_t *error_offset)
{
	kern_return_t result = KERN_SUCCESS;
	for (natural_t pages = data->size >> VM_PAGE_SHIFT; pages && result == KERN_SUCCESS; pages--) {
		result = supply_page(object, offset, data, lock_value, precious);
		*error_offset = offset;
		if (result == KERN_MEMORY_PRESENT && !stop)
			result = KERN_SUCCESS;
		else if (result != KERN_SUCCESS && result != KERN_MEMORY_PRESENT)
			memory_object_data_error(object, offset, pages << VM_PAGE_SHIFT, result);
		offset += VM_PAGE_SIZE;
	}
	vm_map_copy_discard(data);
	return result;
}

/* Checks what came; data that does not begin with a page is an error of the object's. */
static kern_return_t prepare(vm_object_t object, vm_offset_t offset, vm_map_copy_t data, vm_prot_t lock_value)
{
	if ((lock_value & ~VM_PROT_ALL) || (offset & VM_PAGE_MASK) || !data)
		return KERN_INVALID_ARGUMENT;
	if (!(data->offset & VM_PAGE_MASK))
		return KERN_SUCCESS;
	memory_object_data_error(object, offset, data->size, KERN_INVALID_ARGUMENT);
	return KERN_INVALID_ARGUMENT;
}

kern_return_t memory_object_data_provided(vm_object_t object, vm_offset_t offset, vm_map_copy_t data,
                                          mach_msg_type_number_t size, vm_prot_t lock_value)
{
	vm_offset_t error_offset;
	(void)size;
	const kern_return_t result = prepare(object, offset, data, lock_value);
	if (result == KERN_SUCCESS)
		supply(object, offset, data, lock_value, false, false, &error_offset);
	return result;
}

/* Answers where the manager wants to hear; the right is used up. */
static void supply_completed(vm_object_t object, ipc_port_t reply_to, mach_msg_type_name_t type, vm_offset_t offset,
                             vm_size_t size, kern_return_t result, vm_offset_t error_offset)
{
	struct vm_object_ports ports;
	if (!IP_VALID(reply_to))
		return;
	if (vm_object_ports_hold(object, &ports)) {
		memory_object_supply_completed(reply_to, type, ports.request, offset, size, result, error_offset);
		vm_object_ports_release(&ports);
	} else if (type == MACH_MSG_TYPE_PORT_SEND_ONCE)
		ipc_port_release_sonce(reply_to);
	else
		ipc_port_release_send(reply_to);
}

kern_return_t memory_object_data_supply(vm_object_t object, vm_offset_t offset, vm_map_copy_t data,
                                        mach_msg_type_number_t size, vm_prot_t lock_value, bool precious,
                                        ipc_port_t reply_to, mach_msg_type_name_t reply_to_type)
{
	vm_offset_t error_offset = 0;
	kern_return_t result = prepare(object, offset, data, lock_value);
	if (result != KERN_SUCCESS)
		return result;
	result = supply(object, offset, data, lock_value, precious, true, &error_offset);
	supply_completed(object, reply_to, reply_to_type, offset, size, result, error_offset);
	return KERN_SUCCESS;
}

/* Calls for the pages that were asked for in the manager's range [offset, offset + size). */
static void for_asked(vm_object_t object, vm_offset_t offset, vm_size_t size, void (*function)(vm_page_t page))
{
	for (struct list *link = object->memq.next, *next; link != &object->memq; link = next) {
		next = link->next;
		vm_page_t page = LIST_OWNER(link, struct vm_page, listq);
		if (page->absent && page->busy && page->offset + object->paging_offset - offset < size)
			function(page);
	}
}

static void make_unavailable(vm_page_t page)
{
	vm_page_deactivate(page);
	page_wakeup_done(page);
}

static void make_error(vm_page_t page)
{
	page->absent = 0;
	page->error = 1;
	vm_object_absent_release(page->object);
	vm_page_deactivate(page);
	page_wakeup_done(page);
}

kern_return_t memory_object_data_unavailable(vm_object_t object, vm_offset_t offset, vm_size_t size)
{
	for_asked(object, offset, size, make_unavailable);
	return KERN_SUCCESS;
}

/* Who waits for such a page gets KERN_MEMORY_ERROR, whatever the manager's reason; the next fault asks again. */
kern_return_t memory_object_data_error(vm_object_t object, vm_offset_t offset, vm_size_t size, kern_return_t reason)
{
	(void)reason;
	for_asked(object, offset, size, make_error);
	return KERN_SUCCESS;
}

/* --- Attributes --- */

static bool is_strategy(memory_object_copy_strategy_t strategy)
{
	return strategy >= MEMORY_OBJECT_COPY_NONE && strategy <= MEMORY_OBJECT_COPY_TEMPORARY;
}

/* A manager's temporary object is copied as one of its own, but what is in it need not be written back when it ends.
 * The kernel's own objects stay what they are. */
static kern_return_t set_attributes(vm_object_t object, bool may_cache, memory_object_copy_strategy_t strategy)
{
	if (!is_strategy(strategy))
		return KERN_INVALID_ARGUMENT;
	if (object->internal)
		return KERN_SUCCESS;
	object->can_persist = may_cache && object->pager;
	object->temporary = strategy == MEMORY_OBJECT_COPY_TEMPORARY;
	object->copy_strategy = object->temporary ? MEMORY_OBJECT_COPY_DELAY : strategy;
	return KERN_SUCCESS;
}

static void set_ready(vm_object_t object)
{
	object->pager_ready = 1;
	vm_object_wakeup(object, VM_OBJECT_EVENT_PAGER_READY);
}

/* The older call: its manager takes memory_object_data_write. */
kern_return_t memory_object_set_attributes(vm_object_t object, bool object_ready, bool may_cache,
                                           memory_object_copy_strategy_t copy_strategy)
{
	kern_return_t result = set_attributes(object, may_cache, copy_strategy);
	if (result == KERN_SUCCESS && object_ready) {
		if (!object->pager_ready || object->internal)
			object->use_old_pageout = 1;
		set_ready(object);
	}
	return result;
}

kern_return_t memory_object_ready(vm_object_t object, bool may_cache, memory_object_copy_strategy_t copy_strategy)
{
	kern_return_t result = set_attributes(object, may_cache, copy_strategy);
	if (result == KERN_SUCCESS)
		set_ready(object);
	return result;
}

kern_return_t memory_object_change_attributes(vm_object_t object, bool may_cache,
                                              memory_object_copy_strategy_t copy_strategy, ipc_port_t reply_to,
                                              mach_msg_type_name_t reply_to_type)
{
	kern_return_t result = set_attributes(object, may_cache, copy_strategy);
	if (result == KERN_SUCCESS && IP_VALID(reply_to))
		memory_object_change_completed(reply_to, reply_to_type, may_cache, copy_strategy);
	return result;
}

kern_return_t memory_object_get_attributes(vm_object_t object, bool *object_ready, bool *may_cache,
                                           memory_object_copy_strategy_t *copy_strategy)
{
	*object_ready = object->pager_ready;
	*may_cache = object->can_persist;
	*copy_strategy = object->temporary ? MEMORY_OBJECT_COPY_TEMPORARY : object->copy_strategy;
	return KERN_SUCCESS;
}

kern_return_t memory_object_destroy(vm_object_t object, kern_return_t reason)
{
	(void)reason;
	vm_object_abandon(object);
	return KERN_SUCCESS;
}
