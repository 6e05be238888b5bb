/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pageout daemon: which pages go, and when (Y87 §5.4, §6.2.3; GD91 §3, §4).
 *
 *      active --first come--> inactive --referenced since--> active                    (the second chance)
 *                                |-----clean---------------> free
 *                                '-----dirty---------------> a message to its manager: vm_pageout_page
 *
 * It works from when too few pages are free until free_target are and nobody waits for one, and keeps two thirds of the
 * pages in use inactive, so that each has time to be referenced before its turn comes.
 *
 *   1. The default manager gives back what it is sent (the laundry): the daemon stops while BURST_MAX pages are there,
 *      and goes on when fewer than BURST_MIN are.
 *   2. Other managers need not: of pages for them it sends BURST_MAX at a time, and then pauses for as long as they
 *      might take.  What they keep is paged out again, to the default manager: such a page is in a temporary object as
 *      soon as it is sent, among the active pages (Y87 §6.2.2).
 *   3. With fewer than RESERVED_INTERNAL pages free no other manager can be relied on to run: its page is sent, and
 *      in the next step, from its temporary object, to the default manager.  With fewer than RESERVED_REALLY nothing is
 *      sent while there is laundry: a message takes memory, too.
 */
#include "vm/vm_pageout.h"
#include "base/panic.h"
#include "kern/probes.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "machine/pcb.h"
#include "vm/vm_map.h"
#include "vm/vm_object.h"
#include "vm/vm_resident.h"

enum {
	VM_PAGEOUT_BURST_MAX = 10,      /* pages */
	VM_PAGEOUT_BURST_MIN = 5,
	VM_PAGEOUT_BURST_WAIT = 30,     /* ms a page */
	VM_PAGEOUT_EMPTY_WAIT = 200,    /* ms */

	VM_PAGE_FREE_RESERVED = 15,     /* pages */
	VM_PAGEOUT_RESERVED_INTERNAL = VM_PAGE_FREE_RESERVED - 5,
	VM_PAGEOUT_RESERVED_REALLY = VM_PAGE_FREE_RESERVED - 10,
};

static natural_t free_target_above_reserve(natural_t pages) { return 15 + pages / 80; }
static natural_t free_min_above_reserve(natural_t pages) { return 10 + pages / 100; }
static natural_t inactive_target(natural_t pages) { return pages * 2 / 3; }

static bool paused;
static natural_t burst;         /* pages for other managers, or for which there was none, since the last pause */

void vm_pageout_set_targets(void)
{
	const natural_t pages = vm_page_free_count > VM_PAGE_FREE_RESERVED
		? vm_page_free_count - VM_PAGE_FREE_RESERVED : 0;
	vm_page_free_reserved = VM_PAGE_FREE_RESERVED;
	vm_page_free_min = VM_PAGE_FREE_RESERVED + free_min_above_reserve(pages);
	vm_page_free_target = VM_PAGE_FREE_RESERVED + free_target_above_reserve(pages);
	if (vm_page_free_target < vm_page_free_min + 5)
		vm_page_free_target = vm_page_free_min + 5;
}

bool vm_pageout_is_tight(void) { return vm_page_free_count < VM_PAGEOUT_RESERVED_INTERNAL; }

static vm_page_t first_of(struct list *queue) { return LIST_OWNER(queue->next, struct vm_page, pageq); }

/* Active pages become inactive in the order in which they came. Busy ones come back by those who made them so. */
static void refill_inactive(void)
{
	vm_page_inactive_target = inactive_target(vm_page_active_count + vm_page_inactive_count);
	while (vm_page_inactive_count < vm_page_inactive_target && !list_is_empty(&vm_page_queue_active)) {
		vm_page_t page = first_of(&vm_page_queue_active);
		if (page->busy)
			vm_page_queues_remove(page);
		else
			vm_page_deactivate(page);
	}
}

/* A manager for the page's object: there is one, or it is made. */
static bool has_manager(vm_object_t object)
{
	if (!object->pager_created)
		vm_object_collapse(object);
	return object->pager ? object->pager_initialized : !object->pager_created && vm_object_pager_create(object);
}

/* A dirty page, busy, that nobody maps. */
static void send(vm_page_t page)
{
	vm_object_t object = page->object;
	const bool lost = object->pager_initialized && !object->pager;
	if (lost) {
		vm_page_free(page);     /* there is nobody left to keep it */
	} else if (has_manager(object)) {
		burst += !object->internal;
		vm_pageout_page(page, false, true);
	} else {
		burst++;
		vm_page_activate(page);
		page_wakeup_done(page);
	}
}

/* The eldest inactive page: out it goes, unless it is in use. */
static void evict(vm_page_t page)
{
	if (page->busy) {
		vm_page_queues_remove(page);
		return;
	}
	if (page->absent || page->error) {
		vm_page_free(page);
		return;
	}
	if (page->reference || pmap_is_referenced(page->phys_addr)) {
		vm_page_activate(page);
		page->reference = 0;
		vm_stat.reactivations++;
		return;
	}
	page->busy = 1;
	pmap_page_protect(page->phys_addr, VM_PROT_NONE);
	page->dirty |= pmap_is_modified(page->phys_addr);
	if (page->dirty || page->precious)
		send(page);
	else
		vm_page_free(page);
}

static bool must_pause(void)
{
	return list_is_empty(&vm_page_queue_inactive) || burst >= VM_PAGEOUT_BURST_MAX
		|| vm_page_laundry_count >= VM_PAGEOUT_BURST_MAX
		|| (vm_page_free_count < VM_PAGEOUT_RESERVED_REALLY && vm_page_laundry_count > 0);
}

/* There are no pages left to page out: tasks' page tables, which faults make again. */
static void collect_page_tables(void)
{
	for (struct list *link = kernel_task->tasks.next; link != &kernel_task->tasks; link = link->next) {
		struct task *task = LIST_OWNER(link, struct task, tasks);
		if (task->map && task->map->pmap)
			pmap_collect(task->map->pmap);
	}
}

/* For as long as the pages sent may take, or until enough of them are back. */
static void pause(void)
{
	const natural_t pages = burst + vm_page_laundry_count;
	natural_t milliseconds = (pages ? pages : 1) * VM_PAGEOUT_BURST_WAIT;
	if (list_is_empty(&vm_page_queue_inactive)) {
		if (vm_page_laundry_count == 0)
			collect_page_tables();
		if (milliseconds < VM_PAGEOUT_EMPTY_WAIT)
			milliseconds = VM_PAGEOUT_EMPTY_WAIT;
	}
	burst = 0;
	paused = true;
	assert_wait(&paused, false);
	thread_set_timeout(milliseconds);
	current_thread()->wait_reason = "laundry";
	thread_block(NULL);
	paused = false;
}

void vm_pageout_laundered(void)
{
	if (paused && vm_page_laundry_count < VM_PAGEOUT_BURST_MIN)
		thread_wakeup(&paused);
}

static void scan(void)
{
	consider_zone_gc();
	burst = 0;
	for (;;) {
		interrupt_window();
		refill_inactive();
		if (vm_page_free_count >= vm_page_free_target && vm_page_free_wanted == 0)
			return;
		if (must_pause())
			pause();
		else
			evict(first_of(&vm_page_queue_inactive));
	}
}

void vm_pageout(void *unused)
{
	struct thread *self = current_thread();
	(void)unused;
	self->vm_privilege = VM_PRIVILEGE_WIRED;
	self->stack_privilege = true;
	probe_thread_daemon(self->number);
	vm_pageout_set_targets();
	for (;;) {
		scan();
		assert_wait(&vm_page_free_wanted, false);
		self->wait_reason = "pageout";
		thread_block(NULL);
	}
}
