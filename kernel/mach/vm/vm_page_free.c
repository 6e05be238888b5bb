/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Free pages, and who may have them (Y87 §6.2.3, "Reserved Memory Pool"; GD91 §4).
 *
 *   free_count >= free_target    the pageout daemon sleeps
 *              <  free_min       it is woken; in between as well, if too few pages are inactive
 *              <  free_reserved  what is left is for threads with vm_privilege: the default manager's and the daemon's,
 *                                who must not wait for memory in order to free memory
 *
 *   1. A free page has no object, is on no queue, not wired, not busy; all flags but `free` are 0.
 *   2. Who waits for memory is counted in vm_page_free_wanted or privileged_wanted: a page that comes free wakes one
 *      of those who may have it, the privileged first.  (Should the one that wakes not need it, the daemon, which works
 *      as long as anybody is counted, frees the next.)
 */
#include "base/memory.h"
#include "base/panic.h"
#include "kern/thread.h"
#include "vm/vm_object.h"
#include "vm/vm_pageout.h"
#include "vm/vm_resident.h"

natural_t vm_page_free_count, vm_page_free_target, vm_page_free_min, vm_page_free_reserved;
natural_t vm_page_withheld_count, vm_page_free_wanted;
static natural_t privileged_wanted;
vm_page_t vm_page_free_list;
static vm_page_t fictitious_list;       /* by next */

static bool may_have_page(void)
{
	return vm_page_free_count >= vm_page_free_reserved
		|| (vm_page_free_count > 0 && current_thread()->vm_privilege);
}

static bool is_pageout_due(void)
{
	return vm_page_free_count < vm_page_free_min
		|| (vm_page_free_count < vm_page_free_target && vm_page_inactive_count < vm_page_inactive_target);
}

/* A page with nothing said of it but that it is busy. */
static void reset(vm_page_t page)
{
	const paddr_t address = page->phys_addr;
	const natural_t fictitious = page->fictitious;
	*page = (struct vm_page){ .phys_addr = address, .fictitious = fictitious, .busy = 1 };
}

vm_page_t vm_page_grab(void)
{
	if (vm_page_free_count == 0 || !may_have_page())
		return VM_PAGE_NULL;
	vm_page_t page = vm_page_free_list;
	vm_page_free_list = page->next;
	vm_page_free_count--;
	reset(page);
	if (is_pageout_due())
		thread_wakeup(&vm_page_free_wanted);
	return page;
}

void vm_page_release(vm_page_t page)
{
	kernel_assert(!page->free && !page->tabled && !page->active && !page->inactive);
	page->free = 1;
	page->busy = 0;
	page->next = vm_page_free_list;
	vm_page_free_list = page;
	vm_page_free_count++;
	if (privileged_wanted > 0) {
		privileged_wanted--;
		thread_wakeup_one(&privileged_wanted);
	} else if (vm_page_free_wanted > 0 && vm_page_free_count >= vm_page_free_reserved) {
		vm_page_free_wanted--;
		thread_wakeup_one(&vm_page_free_count);
	}
}

void vm_page_wait(void (*continuation)(void))
{
	struct thread *self = current_thread();
	if (vm_page_free_count > 0 && may_have_page())
		return;
	natural_t *wanted = self->vm_privilege ? &privileged_wanted : &vm_page_free_wanted;
	(*wanted)++;
	thread_wakeup(&vm_page_free_wanted);
	assert_wait(self->vm_privilege ? (event_t)&privileged_wanted : (event_t)&vm_page_free_count, false);
	self->wait_reason = "memory";
	thread_block(continuation);
}

/* A page of memory becomes structures, for good: there are never more of them than pages were waited for at once. */
static bool more_fictitious(void)
{
	vm_page_t page = vm_page_grab();
	if (!page)
		return false;
	struct vm_page *structures = phystokv(page->phys_addr);
	memset(structures, 0, VM_PAGE_SIZE);
	for (natural_t i = 0; i < VM_PAGE_SIZE / sizeof *structures; i++) {
		structures[i].fictitious = 1;
		vm_page_release_fictitious(&structures[i]);
	}
	return true;
}

vm_page_t vm_page_grab_fictitious(void)
{
	if (!fictitious_list && !more_fictitious())
		return VM_PAGE_NULL;
	vm_page_t page = fictitious_list;
	fictitious_list = page->next;
	reset(page);
	return page;
}

void vm_page_release_fictitious(vm_page_t page)
{
	kernel_assert(page->fictitious && !page->free && !page->tabled);
	page->free = 1;
	page->next = fictitious_list;
	fictitious_list = page;
}

natural_t vm_page_withhold(natural_t pages_left)
{
	natural_t available = vm_page_free_count + vm_page_active_count + vm_page_inactive_count;
	for (; available > pages_left && vm_page_free_count > 1; available--) {
		vm_page_t page = vm_page_free_list;
		vm_page_free_list = page->next;
		vm_page_free_count--;
		reset(page);
		vm_page_withheld_count++;
	}
	vm_pageout_set_targets();
	return available;
}

void vm_statistics_now(struct vm_statistics *statistics)
{
	*statistics = vm_stat;
	statistics->pagesize = VM_PAGE_SIZE;
	statistics->free_count = (integer_t)vm_page_free_count;
	statistics->active_count = (integer_t)vm_page_active_count;
	statistics->inactive_count = (integer_t)vm_page_inactive_count;
	/* All that cannot be paged out: tables, stacks, the kernel's data, and what was wired. */
	statistics->wire_count = (integer_t)(vm_pages_count - vm_page_withheld_count - vm_page_free_count
		- vm_page_active_count - vm_page_inactive_count);
}
