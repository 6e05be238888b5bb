/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copying between objects, page by page, over what is there (vm_map_copy_overwrite, where the target is wired or must
 * not be replaced).
 *
 *   1. A page is copied at a moment when both pages are at hand and the target's map has not changed since its lookup.
 *   2. Nobody waits for one page while he keeps the other: two copies in opposite directions cannot block each other.
 */
#include "base/panic.h"
#include "kern/thread.h"
#include "vm/vm_fault.h"
#include "vm/vm_fault_page.h"
#include "vm/vm_pageout.h"

/* Both pages, and the copy.  On anything but FAULT_FOUND *lacking is the search that says why. */
static enum vm_fault_found copy_page(struct vm_fault_search *from, struct vm_fault_search *to,
                                     struct vm_fault_search **lacking)
{
	*lacking = to;
	enum vm_fault_found found = vm_fault_find(to);
	if (found != FAULT_FOUND)
		return found;
	vm_page_t page = to->page;
	vm_object_paging_begin(page->object);
	const bool same = from->first_object == to->first_object && from->first_offset == to->first_offset;
	if (from->first_object && !same) {
		*lacking = from;
		found = vm_fault_find(from);
	}
	if (found == FAULT_FOUND && !same) {
		if (from->first_object) {
			vm_object_paging_begin(from->page->object);
			vm_page_copy(from->page, page);
			vm_fault_release(from->page);
		} else
			vm_page_zero_fill(page);
		page->dirty = 1;
	}
	vm_fault_release(page);
	return found;
}

kern_return_t vm_fault_copy(vm_object_t source, vm_offset_t source_offset, vm_size_t *size, vm_object_t target,
                            vm_offset_t target_offset, vm_map_t map, const vm_map_version_t *version,
                            bool interruptible)
{
	kern_return_t result = KERN_SUCCESS;
	vm_size_t done = 0;
	while (done < *size && result == KERN_SUCCESS && vm_map_verify(map, version)) {
		struct vm_fault_search from = { .first_object = source, .first_offset = source_offset + done,
			.fault_type = VM_PROT_READ, .protection = VM_PROT_READ };
		struct vm_fault_search to = { .first_object = target, .first_offset = target_offset + done,
			.fault_type = VM_PROT_WRITE, .protection = VM_PROT_WRITE };
		struct vm_fault_search *lacking;
		const enum vm_fault_found found = copy_page(&from, &to, &lacking);
		vm_map_verify_done(map, version);
		interrupt_window();
		if (to.push)
			vm_pageout_page(to.push, true, true);
		if (found == FAULT_FOUND)
			done += VM_PAGE_SIZE;
		else if (found == FAULT_ERROR)
			result = KERN_MEMORY_ERROR;
		else if (found == FAULT_SHORTAGE)
			vm_page_wait(NULL);
		else if (vm_fault_wait(lacking, interruptible) && thread_block(NULL) != THREAD_AWAKENED
		         && interruptible)
			result = KERN_ABORTED;
	}
	*size = done;
	return result;
}
