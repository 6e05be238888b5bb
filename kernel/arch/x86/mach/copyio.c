/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies between the kernel and the current task, straight through its translations (entry.S, copy_user): what is not
 * there faults in on the way.
 *
 * The 386 has no WP bit: its kernel writes through a read-only page, and would change what others share.  So there,
 * before a copy to the user, each page is looked at, and asked for as a writable one; nothing can take it away between
 * that and the copy, as the kernel is not preempted.
 */
#include "machine/copyio.h"
#include "base/memory.h"
#include "base/panic.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "layout.h"
#include "vm/vm_fault.h"

bool copy_user(void *to, const void *from, size_t bytes); /* entry.S */
extern const uint8_t copyio_probe[], copyio_after_probe[];

static bool write_protects;
static volatile bool probe_faulted;

static bool is_users(const void *address, vm_size_t bytes)
{
	const vm_offset_t start = (vm_offset_t)address;
	return start < USER_END && bytes <= USER_END - start;
}

/* --- Whether the processor has WP --- */

bool copyio_write_protects(void) { return write_protects; }

bool copyio_probe_fault(uint32_t *eip)
{
	if (*eip != (uint32_t)copyio_probe)
		return false;
	probe_faulted = true;
	*eip = (uint32_t)copyio_after_probe;
	return true;
}

__attribute__((noinline)) void copyio_init(volatile uint32_t *read_only)
{
	__asm__ volatile(".globl copyio_probe, copyio_after_probe\n"
	                 "copyio_probe:\n\tmovl $0,(%0)\n"
	                 "copyio_after_probe:"
	                 :
	                 : "r"(read_only)
	                 : "memory");
	write_protects = probe_faulted;
}

/* --- Copies --- */

bool copyin(const void *user, void *kernel, vm_size_t bytes)
{
	if (current_thread()->kernel_loaded) {
		memcpy(kernel, user, bytes);
		return true;
	}
	return is_users(user, bytes) && copy_user(kernel, user, bytes);
}

/* Without WP: to one page, when it is the task's to write. */
static bool copyout_to_page(vm_map_t map, const void *kernel, vm_offset_t user, vm_size_t bytes)
{
	while (!pmap_accessible(map->pmap, user, VM_PROT_WRITE))
		if (vm_fault(map, trunc_page(user), VM_PROT_READ | VM_PROT_WRITE, false, NULL) != KERN_SUCCESS)
			return false;
	memcpy((void *)user, kernel, bytes);
	return true;
}

/* Page by page: the wait for a second page might take the first one away. */
static bool copyout_to_pages(vm_map_t map, const void *kernel, vm_offset_t user, vm_size_t bytes)
{
	for (vm_size_t now = VM_PAGE_SIZE - (user & VM_PAGE_MASK); bytes > now; now = VM_PAGE_SIZE) {
		if (!copyout_to_page(map, kernel, user, now))
			return false;
		kernel = (const char *)kernel + now;
		user += now;
		bytes -= now;
	}
	return copyout_to_page(map, kernel, user, bytes);
}

bool copyout(const void *kernel, void *user, vm_size_t bytes)
{
	const struct thread *thread = current_thread();
	if (thread->kernel_loaded) {
		memcpy(user, kernel, bytes);
		return true;
	}
	if (!is_users(user, bytes))
		return false;
	if (write_protects)
		return copy_user(user, kernel, bytes);
	return bytes == 0 || copyout_to_pages(thread->task->map, kernel, (vm_offset_t)user, bytes);
}

bool copyinstr(const char *user, char *kernel, vm_size_t bytes)
{
	for (vm_size_t i = 0; i < bytes; i++) {
		if (!copyin(user + i, kernel + i, 1))
			return false;
		if (!kernel[i])
			return true;
	}
	return false;
}
