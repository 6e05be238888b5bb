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
#include "pmap_private.h"
#include "vm/vm_fault.h"
#include "write_protect.h"

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

static inline bool is_writable(pmap_t pmap, vm_offset_t va)
{
	const pte_t *pte = pmap_pte(pmap, va);
	return pte && (*pte & (PTE_PRESENT | PTE_WRITABLE)) == (PTE_PRESENT | PTE_WRITABLE);
}

static bool make_writable(vm_map_t map, vm_offset_t va)
{
	do
		if (vm_fault(map, trunc_page(va), VM_PROT_READ | VM_PROT_WRITE, false, NULL) != KERN_SUCCESS)
			return false;
	while (!is_writable(map->pmap, va));
	return true;
}

/* Page by page, each when it is the task's to write: the wait for a second page might take the first one away. */
static inline bool copyout_looking(vm_map_t map, const char *kernel, vm_offset_t user, vm_size_t bytes)
{
	vm_size_t now = VM_PAGE_SIZE - (user & VM_PAGE_MASK);
	for (; bytes; now = VM_PAGE_SIZE) {
		if (now > bytes)
			now = bytes;
		if (!is_writable(map->pmap, user) && !make_writable(map, user))
			return false;
		memcpy((void *)user, kernel, now);
		kernel += now;
		user += now;
		bytes -= now;
	}
	return true;
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
	return copyout_looking(thread->task->map, kernel, (vm_offset_t)user, bytes);
}
