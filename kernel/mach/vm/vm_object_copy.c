/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies that are not made (Y87 §5.5, copy-on-write), by the copy strategy of what is copied:
 *
 *   TEMPORARY  Symmetric.  The copy is another reference to the object, and neither side writes to it any more: who
 *              wants to write first shadows it (vm_object_shadow).  For memory that the kernel itself made.
 *
 *                  writer's shadow --> object <-- copy's shadow
 *
 *   DELAY      Asymmetric.  The manager wants to see all changes; so those who map the object go on writing to it, and
 *              the old contents of a page are pushed to the copy object before it changes (vm_fault_page.c).
 *
 *                  object --copy--> copy object --shadow--> object
 *
 *              A second copy goes behind the first, which then shadows the newer one: what is pushed later, neither of
 *              them has.
 *
 *                  object --copy--> 2nd copy --shadow--> object;    1st copy --shadow--> 2nd copy
 *
 *   CALL       The manager makes the copy: memory_object_copy tells it, with the port of a new memory object.
 *   NONE       Page by page, now.
 */
#include "base/panic.h"
#include "ipc/ipc_port.h"
#include "kern/thread.h"
#include "memory_object_user.h"
#include "vm/vm_fault.h"
#include "vm/vm_object.h"

void vm_object_shadow(vm_object_t *object, vm_offset_t *offset, vm_size_t length)
{
	vm_object_t shadow = vm_object_allocate(length);
	shadow->shadow = *object;
	shadow->shadow_offset = *offset;
	*object = shadow;
	*offset = 0;
}

bool vm_object_copy_temporary(vm_object_t *object, vm_offset_t *offset, bool *source_needs_copy, bool *needs_copy)
{
	(void)offset;
	*source_needs_copy = *object != NULL;
	*needs_copy = true;
	if (*object == NULL)
		return true;
	if ((*object)->copy_strategy != MEMORY_OBJECT_COPY_TEMPORARY)
		return false;
	(*object)->ref_count++;
	return true;
}

/* The object's pages are written to by nobody, until a fault has pushed them. */
static void forbid_writing(vm_object_t object)
{
	for (struct list *link = object->memq.next; link != &object->memq; link = link->next) {
		vm_page_t page = LIST_OWNER(link, struct vm_page, listq);
		if (!page->fictitious)
			pmap_page_protect(page->phys_addr, VM_PROT_READ | VM_PROT_EXECUTE);
	}
}

/* A copy object for the source as it is now, one reference. It is as large as the source, whoever may copy what. */
static vm_object_t copy_delayed(vm_object_t source)
{
	vm_object_t copy = vm_object_allocate(source->size);
	vm_object_t old = source->copy;
	if (old && old->resident_page_count == 0 && !old->pager_created && old->size == source->size) {
		/* Nothing has changed since the last one: it will do for both. */
		old->ref_count++;
		vm_object_deallocate(copy);
		return old;
	}
	if (old) {
		kernel_assert(old->shadow == source && old->shadow_offset == 0);
		old->shadow = copy;
		copy->ref_count++;
	} else
		source->ref_count++;
	copy->shadow = source;
	source->copy = copy;
	forbid_writing(source);
	return copy;
}

/* What the manager does not supply for the new object, the source has. NULL: no ports, or the manager is gone. */
static vm_object_t copy_call(vm_object_t source, vm_offset_t offset, vm_size_t size)
{
	ipc_port_t port = ipc_port_alloc_kernel();
	struct vm_object_ports ports;
	if (!port)
		return VM_OBJECT_NULL;
	if (!vm_object_ports_hold(source, &ports)) {
		ipc_port_dealloc_kernel(port);
		return VM_OBJECT_NULL;
	}
	ipc_port_t right = ipc_port_make_send(port);
	memory_object_copy(ports.pager, ports.request, offset + source->paging_offset, size, port);
	vm_object_ports_release(&ports);
	vm_object_t copy = vm_object_enter(right, size);
	ipc_port_release_send(right);
	if (copy && !copy->shadow) {
		source->ref_count++;
		copy->shadow = source;
		copy->shadow_offset = offset;
	}
	return copy;
}

/* Until the source's manager has said how it is to be copied. */
static kern_return_t wait_ready(vm_object_t source)
{
	while (source->pager_created && source->pager && !source->pager_ready) {
		vm_object_assert_wait(source, VM_OBJECT_EVENT_PAGER_READY, true);
		if (thread_block(NULL) != THREAD_AWAKENED)
			return KERN_ABORTED;
	}
	return source->pager_created && !source->pager ? KERN_MEMORY_FAILURE : KERN_SUCCESS;
}

kern_return_t vm_object_copy_strategically(vm_object_t source, vm_offset_t offset, vm_size_t size, vm_object_t *object,
                                           vm_offset_t *new_offset, bool *needs_copy)
{
	kern_return_t result = wait_ready(source);
	if (result != KERN_SUCCESS)
		return result;
	switch (source->copy_strategy) {
	case MEMORY_OBJECT_COPY_CALL:
		*object = copy_call(source, offset, size);
		*new_offset = 0;
		*needs_copy = true;
		return *object ? KERN_SUCCESS : KERN_RESOURCE_SHORTAGE;
	case MEMORY_OBJECT_COPY_DELAY:
	case MEMORY_OBJECT_COPY_TEMPORARY:
		*object = copy_delayed(source);
		*new_offset = offset;
		*needs_copy = true;
		return KERN_SUCCESS;
	default:
		*new_offset = 0;
		*needs_copy = false;
		return vm_object_copy_slowly(source, offset, size, true, object);
	}
}

/* One page of the source into a page of the new object, as soon as both are there. */
static kern_return_t copy_page(vm_object_t source, vm_offset_t offset, bool interruptible, vm_object_t target,
                               vm_offset_t target_offset)
{
	for (;;) {
		vm_prot_t prot = VM_PROT_READ;
		vm_page_t from;
		vm_object_paging_begin(source);
		switch (vm_fault_page(source, offset, VM_PROT_READ, interruptible, &prot, &from)) {
		case VM_FAULT_SUCCESS: {
			vm_page_t to = vm_page_alloc(target, target_offset);
			if (to) {
				vm_page_copy(from, to);
				to->dirty = 1;
				vm_page_activate(to);
				page_wakeup_done(to);
			}
			vm_fault_release(from);
			if (to)
				return KERN_SUCCESS;
			vm_page_wait(NULL);
			break;
		}
		case VM_FAULT_MEMORY_SHORTAGE:
			vm_page_wait(NULL);
			break;
		case VM_FAULT_INTERRUPTED:
			return KERN_ABORTED;
		case VM_FAULT_MEMORY_ERROR:
			return KERN_MEMORY_ERROR;
		case VM_FAULT_RETRY:
			break;
		}
	}
}

kern_return_t vm_object_copy_slowly(vm_object_t source, vm_offset_t offset, vm_size_t size, bool interruptible,
                                    vm_object_t *object)
{
	vm_object_t target = vm_object_allocate(size);
	kern_return_t result = KERN_SUCCESS;
	for (vm_offset_t done = 0; done < size && result == KERN_SUCCESS; done += VM_PAGE_SIZE) {
		result = copy_page(source, offset + done, interruptible, target, done);
		interrupt_window();
	}
	if (result != KERN_SUCCESS) {
		vm_object_deallocate(target);
		target = VM_OBJECT_NULL;
	}
	*object = target;
	return result;
}
