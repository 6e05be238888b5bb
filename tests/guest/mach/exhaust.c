/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task that makes tasks and threads until the kernel has no more: it is refused, everybody else goes on, and when it
 * has given them back all is as before.
 */
#include "pager/lib/claim.h"
#include "pager/lib/mach/mach.h"

enum { MOST = 6000, BALLAST_PAGES = 256 };

static mach_port_t made[MOST];
static mach_port_t self_task;
static volatile natural_t *ballast;

static void wait_ms(natural_t ms) { thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, ms); }

static integer_t free_pages(void)
{
	vm_statistics_data_t statistics;

	vm_statistics(self_task, &statistics);
	return statistics.free_count;
}

/* Own memory, which may be paged out meanwhile, holds what was written. */
static void fill_ballast(void)
{
	vm_offset_t address = 0;

	vm_allocate(self_task, &address, BALLAST_PAGES * VM_PAGE_SIZE, true);
	ballast = (volatile natural_t *)address;
	for (natural_t i = 0; i < BALLAST_PAGES; i++)
		ballast[i * 1024 + i] = i * 2654435761u;
}

static bool ballast_is_whole(void)
{
	for (natural_t i = 0; i < BALLAST_PAGES; i++)
		if (ballast[i * 1024 + i] != i * 2654435761u)
			return false;
	return true;
}

static void exhaust(const char *what, kern_return_t (*make)(mach_port_t *port), kern_return_t (*end)(mach_port_t port),
                    natural_t least)
{
	kern_return_t result = KERN_SUCCESS;
	natural_t n = 0;

	while (n < MOST && (result = make(&made[n])) == KERN_SUCCESS)
		n++;
	claim(n >= least && (result == KERN_RESOURCE_SHORTAGE || n == MOST), "%s are made until the kernel refuses", what);
	claim(ballast_is_whole(), "nobody's memory is harmed");
	bool ended = true;
	while (n) {
		ended &= end(made[--n]) == KERN_SUCCESS;
		mach_port_deallocate(self_task, made[n]);
	}
	claim(ended, "all of them are ended");
	wait_ms(100);
	claim(ballast_is_whole(), "and nobody's memory is harmed");
}

static kern_return_t make_task(mach_port_t *task) { return task_create(self_task, false, task); }
static kern_return_t make_copy(mach_port_t *task) { return task_create(self_task, true, task); }
static kern_return_t make_thread(mach_port_t *thread) { return thread_create(self_task, thread); }

/* A task with a page that it has touched: a page table besides the directory. */
static kern_return_t make_mapped(mach_port_t *task)
{
	static char page[VM_PAGE_SIZE] __attribute__((aligned(4096)));
	vm_offset_t address = 0x100000;
	kern_return_t result = task_create(self_task, false, task);

	if (result != KERN_SUCCESS)
		return result;
	result = vm_allocate(*task, &address, VM_PAGE_SIZE, false);
	if (result == KERN_SUCCESS)
		result = vm_write(*task, address, (vm_offset_t)page, sizeof page);
	if (result != KERN_SUCCESS) {
		task_terminate(*task);
		mach_port_deallocate(self_task, *task);
	}
	return result;
}

int main(int argc, char **argv)
{
	(void)argc, (void)argv;
	self_task = mach_task_self();
	fill_ballast();
	exhaust("tasks", make_task, task_terminate, 200);
	const integer_t before = free_pages();
	exhaust("tasks", make_task, task_terminate, 200);
	claim(before - free_pages() <= 4, "twice the same leaves nothing");
	exhaust("copies of the task", make_copy, task_terminate, 100);
	exhaust("tasks with memory", make_mapped, task_terminate, 100);
	exhaust("threads", make_thread, thread_terminate, 1000);
	const integer_t then = free_pages();
	exhaust("threads", make_thread, thread_terminate, 1000);
	claim(then - free_pages() <= 4, "twice the same leaves nothing");
	exit(claims_end());
}
