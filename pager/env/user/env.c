/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locking (GD91 §5.1, §5.4): what the task has when it begins, by a walk over its address space; threads' stacks and
 * the allocator's pages, as they come (memory_wire).
 */
#include "env.h"
#include "pager/lib/format.h"
#include "pager/lib/mach/malloc.h"
#include "pager/lib/print.h"

static bool all_wired;
static mach_port_t host;
static natural_t stacks;                /* of threads that were made here, and the first one's */
static vm_size_t whole_pages;           /* bytes that env_allocate has given in whole pages */

extern char image_begin[], image_end[];

/* Each region for the accesses that it allows: so that those never fault. */
static void wire_all_memory(void)
{
	const mach_port_t self = mach_task_self();
	vm_offset_t address = 0, offset;
	vm_size_t size;
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	bool shared;
	mach_port_t name;
	for (; vm_region(self, &address, &size, &protection, &max_protection, &inheritance, &shared, &name, &offset) ==
	       KERN_SUCCESS; address += size) {
		if (name != MACH_PORT_NULL)
			mach_port_deallocate(self, name);
		if (protection != VM_PROT_NONE)
			vm_wire(host, self, address, size, protection);
	}
}

void env_begin(mach_port_t host_priv, mach_port_t master_device, bool wired)
{
	all_wired = wired;
	host = host_priv;
	stacks = 1;
	mach_set_privileged_ports(host_priv, master_device);
	if (!wired)
		return;
	memory_wire(host_priv);
	wire_all_memory();
}

/* --- Threads --- */

struct beginning {
	const char *name;
	void (*start)(void *argument);
	void *argument;
	bool privileged;
};

static void *begin_thread(void *argument)
{
	struct beginning *from = argument;
	const struct beginning beginning = *from;
	free(from);
	MUK_PROBE("own_thread_name(text)", beginning.name);
	/* A wired thread may take the last pages: those that page for everybody. */
	if (beginning.privileged && all_wired)
		cthread_wire(host);
	beginning.start(beginning.argument);
	return NULL;
}

void env_thread(const char *name, void (*start)(void *argument), void *argument, bool privileged)
{
	struct beginning *beginning = malloc(sizeof *beginning);
	if (beginning != NULL) {
		*beginning = (struct beginning){name, start, argument, privileged};
		cthread_t thread = cthread_fork(begin_thread, beginning);
		if (thread != NULL) {
			cthread_detach(thread);
			stacks++;
			return;
		}
	}
	env_print("%s: no memory for a thread\n", name);
	exit(1);
}

/* --- Memory, words --- */

/* Only the bootstrap's thread, while it loads, asks for whole pages. */
static bool is_whole_pages(vm_size_t size) { return (size & VM_PAGE_MASK) == 0; }

void *env_allocate(vm_size_t size)
{
	vm_offset_t pages;
	if (!is_whole_pages(size))
		return malloc(size);
	if (memory_allocate(&pages, size, 0) != KERN_SUCCESS)
		return NULL;
	whole_pages += size;
	return (void *)pages;
}

void env_free(void *memory, vm_size_t size)
{
	if (!is_whole_pages(size)) {
		free(memory);
		return;
	}
	whole_pages -= size;
	vm_deallocate(mach_task_self(), (vm_offset_t)memory, size);
}

void env_print(const char *format, ...)
{
	char text[320];
	va_list arguments;
	va_start(arguments, format);
	format_text_list(text, sizeof text, format, arguments);
	va_end(arguments);
	print("%s", text);
}

void env_tell_wired(void)
{
	/* The first thread's stack is in the image. */
	const vm_size_t image = round_page(image_end) - trunc_page(image_begin) - cthread_stack_size;
	if (!all_wired)
		return;
	MUK_VALUE("bootstrap_image_pages", image >> VM_PAGE_SHIFT);
	MUK_VALUE("bootstrap_stack_pages", stacks * cthread_stack_size >> VM_PAGE_SHIFT);
	MUK_VALUE("bootstrap_allocator_pages", (malloc_total + whole_pages) >> VM_PAGE_SHIFT);
}
