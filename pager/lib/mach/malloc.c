/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces are of sizes that are powers of 2, header included, and come from pages that are cut up and stay so; what is
 * larger than half a page is pages by itself, and goes back to the kernel.
 *
 *   1. A free piece is on the list of its size; one in use has its class (or its pages' size) in its header.
 */
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"

enum { SMALLEST_LOG2 = 4, CLASSES = 8 }; /* 16 .. 2048 bytes */

struct header {
	natural_t size;                 /* of the piece, bytes; above the largest class: pages */
	struct header *next;            /* of a free one */
};
_Static_assert(sizeof(struct header) == 8 || sizeof(void *) != 4, "data is aligned to 8 bytes");

static struct header *free_pieces[CLASSES];
static struct mutex lock;
static mach_port_t wire_by;             /* the privileged host port, if memory is to be wired */
vm_size_t malloc_total;

void memory_wire(mach_port_t host_priv)
{
	wire_by = host_priv;
}

kern_return_t memory_allocate(vm_offset_t *address, vm_size_t size, vm_offset_t mask)
{
	kern_return_t result;

	*address = 0;
	result = vm_map(mach_task_self(), address, size, mask, true, MACH_PORT_NULL, 0, false, VM_PROT_DEFAULT,
	                VM_PROT_ALL, VM_INHERIT_DEFAULT);
	if (result != KERN_SUCCESS || wire_by == MACH_PORT_NULL)
		return result;
	result = vm_wire(wire_by, mach_task_self(), *address, size, VM_PROT_DEFAULT);
	if (result != KERN_SUCCESS)
		(void)vm_deallocate(mach_task_self(), *address, size);
	return result;
}

static unsigned class_of(vm_size_t size)
{
	unsigned class = 0;

	while (((vm_size_t)1 << (SMALLEST_LOG2 + class)) < size)
		class++;
	return class;
}

static struct header *take_piece(unsigned class)
{
	struct header *piece;

	mutex_lock(&lock);
	piece = free_pieces[class];
	if (piece != NULL)
		free_pieces[class] = piece->next;
	mutex_unlock(&lock);
	return piece;
}

/* Cuts a page into pieces: the first is the caller's. The page may have to be waited for, and not with the lock: there
 * are threads that must never wait for memory (GD91 §4). */
static struct header *refill(unsigned class)
{
	const vm_size_t size = (vm_size_t)1 << (SMALLEST_LOG2 + class);
	vm_offset_t page;

	if (memory_allocate(&page, VM_PAGE_SIZE, 0) != KERN_SUCCESS)
		return NULL;
	mutex_lock(&lock);
	malloc_total += VM_PAGE_SIZE;
	for (vm_offset_t at = page + VM_PAGE_SIZE - size; at > page; at -= size) {
		struct header *piece = (struct header *)(uintptr_t)at;

		piece->size = size;
		piece->next = free_pieces[class];
		free_pieces[class] = piece;
	}
	mutex_unlock(&lock);
	((struct header *)(uintptr_t)page)->size = size;
	return (struct header *)(uintptr_t)page;
}

static void *allocate_pages(vm_size_t size)
{
	vm_offset_t address;
	struct header *piece;

	size = round_page(size);
	if (size == 0 || memory_allocate(&address, size, 0) != KERN_SUCCESS)
		return NULL;
	piece = (struct header *)(uintptr_t)address;
	piece->size = size;
	mutex_lock(&lock);
	malloc_total += size;
	mutex_unlock(&lock);
	return piece + 1;
}

void *malloc(vm_size_t size)
{
	struct header *piece;
	unsigned class;

	if (size + sizeof(*piece) < size)
		return NULL;
	size += sizeof(*piece);
	if (size > VM_PAGE_SIZE / 2)
		return allocate_pages(size);
	class = class_of(size);
	piece = take_piece(class);
	if (piece == NULL)
		piece = refill(class);
	return piece != NULL ? piece + 1 : NULL;
}

void free(void *memory)
{
	struct header *piece = (struct header *)memory - 1;

	if (memory == NULL)
		return;
	mutex_lock(&lock);
	if (piece->size <= VM_PAGE_SIZE / 2) {
		const unsigned class = class_of(piece->size);

		piece->next = free_pieces[class];
		free_pieces[class] = piece;
		mutex_unlock(&lock);
		return;
	}
	malloc_total -= piece->size;
	mutex_unlock(&lock);
	(void)vm_deallocate(mach_task_self(), (vm_offset_t)(uintptr_t)piece, piece->size);
}
