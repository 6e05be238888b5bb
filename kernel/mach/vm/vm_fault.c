/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page fault handler (Y87 §5.5), step by step:
 *
 *   validity and protection   vm_map_lookup: object, offset, what may be granted
 *   page lookup               vm_fault_find (vm_fault_page.c)
 *   copy-on-write             the same
 *   hardware validation       pmap_enter
 *
 *      vm_fault --> attempt --done--> result
 *         ^           |
 *         |           '--something lacks--> vm_fault_wait, or vm_page_wait --wakes--.
 *         '-------------------------------------------------------------------------'
 *                                                  vm_fault_continue, if the thread gave its stack away
 *
 *   1. From lookup to pmap_enter the map stays read-locked, and nothing waits: what was looked up still holds when the
 *      page is entered.
 *   2. A thread that waits holds nothing: no lock, no reference, no busy page.  It begins anew.
 */
#include "vm/vm_fault.h"
#include "base/panic.h"
#include "kern/probes.h"
#include "kern/thread.h"
#include "vm/vm_fault_page.h"
#include "vm/vm_pageout.h"

struct fault {
	vm_map_t map;
	vm_offset_t address;            /* of a page */
	vm_prot_t type;
	bool change_wiring;
	struct vm_fault_search search;
	kern_return_t result;           /* done */
};

enum attempt { DONE, WAIT, SHORTAGE };

/* Hardware validation. False: there is no memory for a page table; the page stays for the next attempt. */
static bool enter(struct fault *fault, vm_map_t map, bool wired)
{
	vm_page_t page = fault->search.page;
	MUK_SPAN_BEGIN("fault_enter");
	const bool entered = pmap_enter(map->pmap, fault->address, page->phys_addr, fault->search.protection, wired);
	MUK_SPAN_END("fault_enter");
	if (entered && fault->change_wiring)
		vm_page_wire(page);
	page->reference = 1;
	page_wakeup_done(page);
	if (!page->active && !page->inactive)
		vm_page_activate(page);
	return entered;
}

/* Whether a lost manager is why there was no page. */
static bool is_manager_lost(vm_object_t object)
{
	while (object && !(object->pager_initialized && !object->pager))
		object = object->shadow;
	return object != NULL;
}

static enum attempt attempt(struct fault *fault)
{
	struct vm_fault_search *search = &fault->search;
	vm_map_t map = fault->map;
	vm_map_version_t version;
	bool wired;

	MUK_SPAN_BEGIN("fault_lookup");
	fault->result = vm_map_lookup(&map, fault->address, fault->type, &version, &search->first_object,
	                              &search->first_offset, &search->protection, &wired);
	MUK_SPAN_END("fault_lookup");
	if (fault->result != KERN_SUCCESS)
		return DONE;
	/* A wired page must not fault, whatever the access: all of them are made possible now. */
	search->fault_type = wired ? search->protection : fault->type;
	search->wired = wired;
	MUK_SPAN_BEGIN("fault_page");
	enum vm_fault_found found = vm_fault_find(search);
	MUK_SPAN_END("fault_page");
	if (found == FAULT_FOUND && !enter(fault, map, wired))
		found = FAULT_SHORTAGE;
	else if (found == FAULT_ERROR)
		fault->result = is_manager_lost(search->first_object) ? KERN_MEMORY_FAILURE : KERN_MEMORY_ERROR;
	vm_map_verify_done(map, &version);
	if (search->push)
		vm_pageout_page(search->push, true, true);
	return found == FAULT_WAIT ? WAIT : found == FAULT_SHORTAGE ? SHORTAGE : DONE;
}

/* What the thread will need when it goes on without its stack. */
static void save(const struct fault *fault, void (*continuation)(kern_return_t))
{
	struct thread *self = current_thread();
	self->saved.fault.map = fault->map;
	self->saved.fault.va = fault->address;
	self->saved.fault.fault_type = fault->type;
	self->saved.fault.change_wiring = fault->change_wiring;
	self->saved.fault.continuation = continuation;
}

static kern_return_t handle(struct fault *fault, void (*continuation)(kern_return_t));

static void vm_fault_continue(void)
{
	struct thread *self = current_thread();
	void (*continuation)(kern_return_t) = self->saved.fault.continuation;
	struct fault fault = { .map = self->saved.fault.map, .address = self->saved.fault.va,
		.type = self->saved.fault.fault_type, .change_wiring = self->saved.fault.change_wiring };
	const bool aborted = self->wait_result != THREAD_AWAKENED && self->wait_result != THREAD_RESTART;
	(*continuation)(aborted ? KERN_ABORTED : handle(&fault, continuation));
}

static kern_return_t handle(struct fault *fault, void (*continuation)(kern_return_t))
{
	void (*go_on)(void) = continuation ? vm_fault_continue : NULL;
	for (;;) {
		const enum attempt outcome = attempt(fault);
		if (outcome == DONE)
			return fault->result;
		if (continuation)
			save(fault, continuation);
		if (outcome == SHORTAGE) {
			vm_page_wait(go_on);
			continue;
		}
		if (!vm_fault_wait(&fault->search, true))
			continue;
		const enum wait_result result = thread_block(go_on);
		if (result != THREAD_AWAKENED && result != THREAD_RESTART)
			return KERN_ABORTED;
	}
}

kern_return_t vm_fault(vm_map_t map, vm_offset_t address, vm_prot_t fault_type, bool change_wiring,
                       void (*continuation)(kern_return_t))
{
	struct fault fault = { .map = map, .address = trunc_page(address), .type = fault_type,
		.change_wiring = change_wiring };
	vm_stat.faults++;
	probe_fault(address, fault_type);
	return handle(&fault, continuation);
}

/* --- Wiring --- */

/* The page behind a wired address, which is resident, loses one. */
static void unwire_page(vm_map_t map, vm_offset_t address)
{
	vm_map_version_t version;
	vm_object_t object;
	vm_offset_t offset;
	vm_prot_t prot;
	bool wired;
	kern_return_t result = vm_map_lookup(&map, address, VM_PROT_NONE, &version, &object, &offset, &prot, &wired);
	kernel_assert(result == KERN_SUCCESS);
	vm_page_t page = vm_page_lookup(object, offset);
	while ((!page || page->absent) && object->shadow) {
		offset += object->shadow_offset;
		object = object->shadow;
		page = vm_page_lookup(object, offset);
	}
	kernel_assert(page && page->wire_count > 0);
	pmap_change_wiring(map->pmap, address, false);
	vm_page_unwire(page);
	vm_map_verify_done(map, &version);
}

kern_return_t vm_fault_wire(vm_map_t map, vm_map_entry_t entry)
{
	const vm_offset_t start = entry->start, end = entry->end;
	for (vm_offset_t address = start; address < end; address += VM_PAGE_SIZE) {
		kern_return_t result = vm_fault(map, address, VM_PROT_NONE, true, NULL);
		interrupt_window();
		if (result == KERN_SUCCESS)
			continue;
		while (address > start) {
			address -= VM_PAGE_SIZE;
			unwire_page(map, address);
		}
		return result;
	}
	return KERN_SUCCESS;
}

void vm_fault_unwire(vm_map_t map, vm_map_entry_t entry)
{
	const vm_offset_t start = entry->start, end = entry->end;
	for (vm_offset_t address = start; address < end; address += VM_PAGE_SIZE)
		unwire_page(map, address);
}
