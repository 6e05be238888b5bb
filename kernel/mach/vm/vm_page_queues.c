/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page replacement queues (Y87 §5.4), wiring, and waiting for busy pages.
 *
 *                       vm_page_activate
 *        .---------------------------------------------.
 *        v                                             |
 *     active --vm_page_deactivate (pageout, behind)--> inactive --pageout--> free, or in a message to its manager
 *        |                                             |
 *        '-----------------> on neither <--------------'      busy pages that pageout came by; wired pages
 *                    vm_page_queues_remove, vm_page_wire
 *
 *   1. Both queues are in the order in which pages came: the first one goes first (FIFO).
 *   2. A page that becomes inactive has its reference bits cleared: set again, they are its second chance.
 *   3. A page with wire_count > 0 is on neither; vm_page_wire_count counts such pages.
 */
#include "base/panic.h"
#include "kern/thread.h"
#include "vm/vm_pageout.h"
#include "vm/vm_resident.h"

natural_t vm_page_active_count, vm_page_inactive_count, vm_page_wire_count, vm_page_laundry_count;
natural_t vm_page_inactive_target;
struct list vm_page_queue_active = { &vm_page_queue_active, &vm_page_queue_active };
struct list vm_page_queue_inactive = { &vm_page_queue_inactive, &vm_page_queue_inactive };

void vm_page_queues_remove(vm_page_t page)
{
	if (page->active)
		vm_page_active_count--;
	else if (page->inactive)
		vm_page_inactive_count--;
	else
		return;
	list_remove(&page->pageq);
	page->active = page->inactive = 0;
}

void vm_page_activate(vm_page_t page)
{
	vm_page_queues_remove(page);
	if (page->wire_count != 0)
		return;
	page->active = 1;
	vm_page_active_count++;
	list_append(&vm_page_queue_active, &page->pageq);
}

/* Of an absent page too: nobody may ever come for it, and pageout frees it in its turn. */
void vm_page_deactivate(vm_page_t page)
{
	if (page->wire_count != 0 || page->inactive)
		return;
	vm_page_queues_remove(page);
	if (!page->fictitious && !page->absent)
		pmap_clear_reference(page->phys_addr);
	page->reference = 0;
	page->inactive = 1;
	vm_page_inactive_count++;
	list_append(&vm_page_queue_inactive, &page->pageq);
}

/* To the head of the inactive pages: nobody references it, and it is to be the next to go. */
void vm_page_deactivate_first(vm_page_t page)
{
	vm_page_queues_remove(page);
	page->reference = 0;
	page->inactive = 1;
	vm_page_inactive_count++;
	pmap_clear_reference(page->phys_addr);
	list_prepend(&vm_page_queue_inactive, &page->pageq);
}

void vm_page_wire(vm_page_t page)
{
	kernel_assert(!page->fictitious && page->wire_count < 0xffff);
	if (page->wire_count++ == 0) {
		vm_page_queues_remove(page);
		vm_page_wire_count++;
	}
}

void vm_page_unwire(vm_page_t page)
{
	kernel_assert(page->wire_count > 0);
	if (--page->wire_count == 0) {
		vm_page_wire_count--;
		vm_page_activate(page);
	}
}

void vm_page_laundered(void)
{
	vm_page_laundry_count--;
	vm_pageout_laundered();
}

void page_wakeup_done(vm_page_t page)
{
	page->busy = 0;
	if (page->wanted) {
		page->wanted = 0;
		thread_wakeup(page);
	}
}

void page_assert_wait(vm_page_t page, bool interruptible)
{
	page->wanted = 1;
	assert_wait(page, interruptible);
	current_thread()->wait_reason = page->absent ? "page-in" : "page";
}
