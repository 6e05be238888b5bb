/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/console.h"
#include "ipc/mach_msg.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/vm_kern.h"
/* Names of the kernel's routines mean the interface from here on. */
#include "env.h"
#include "pager/lib/format.h"

mach_port_t env_task_self;

void env_begin(mach_port_t host_priv, mach_port_t master_device, bool wired)
{
	(void)host_priv, (void)master_device, (void)wired;
	env_task_self = (mach_task_self)();
}

/* --- Memory, threads --- */

static bool is_whole_pages(vm_size_t size) { return (size & VM_PAGE_MASK) == 0; }

void *env_allocate(vm_size_t size)
{
	vm_offset_t pages;
	if (!is_whole_pages(size))
		return kalloc(size);
	return kmem_alloc(kernel_map, &pages, size) == KERN_SUCCESS ? (void *)pages : NULL;
}

void env_free(void *memory, vm_size_t size)
{
	if (is_whole_pages(size))
		kmem_free(kernel_map, (vm_offset_t)memory, size);
	else
		kfree(memory, size);
}

void env_thread(const char *name, void (*start)(void *argument), void *argument, bool privileged)
{
	kernel_thread(current_task(), name, start, argument)->vm_privilege = privileged;
}

void condition_wait(struct condition *condition, struct mutex *mutex)
{
	(void)mutex;
	current_thread()->wait_reason = "condition";
	assert_wait(condition, false);
	thread_block(NULL);
}

void condition_broadcast(struct condition *condition) { thread_wakeup(condition); }

/* --- Words --- */

static void put(void *context, char character)
{
	(void)context;
	console_char(character);
}

void env_print(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	format_to(put, NULL, format, arguments);
	va_end(arguments);
}

/* What the kernel's own servers hold is a part of the kernel. */
void env_tell_wired(void) {}
