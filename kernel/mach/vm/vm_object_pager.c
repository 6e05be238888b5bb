/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects and their managers (Y87 §3.4.1): three ports, and how each side may end it.
 *
 *   pager          the memory object; the manager receives. The kernel has a send right, and finds the object by it
 *   pager_request  memory control; the kernel receives
 *   pager_name     the object's name for vm_region; the kernel receives
 *
 *   no manager --vm_object_enter, vm_object_pager_create--> created --memory_object_init, _create sent--> initialized
 *       ^                                                                                                    |
 *       |                    ready <---- memory_object_ready, _set_attributes; the default manager: at once --'
 *       |                      |
 *       |                      '--vm_object_destroy (the port died, memory_object_destroy)--> lost
 *       '- - - - never - - - - '--vm_object_pager_release (the object ends)--> memory_object_terminate: all ports go
 *
 *   1. pager leads to the object (IKOT_PAGER) until the object is gone: a manager whose object is mapped anew while it
 *      ends sees memory_object_terminate before the next memory_object_init.
 *   2. pager_request and pager_name lead to it until it begins to end.
 *   3. lost: pager_created without a pager. Faults get KERN_MEMORY_FAILURE; nobody waits any more.
 *   4. Sending a message may wait for memory, and the ports may be lost meanwhile: the sender holds them.
 */
#include "base/panic.h"
#include "ipc/ipc_port.h"
#include "kern/thread.h"
#include "memory_object_default_user.h"
#include "memory_object_user.h"
#include "vm/memory_object.h"
#include "vm/vm_object.h"

/* The two ports that the kernel receives for. False without room for them. May wait for memory. */
static bool make_ports(vm_object_t object)
{
	ipc_port_t request = ipc_port_alloc_kernel();
	ipc_port_t name = ipc_port_alloc_kernel();
	if (!request || !name) {
		if (request)
			ipc_port_dealloc_kernel(request);
		if (name)
			ipc_port_dealloc_kernel(name);
		return false;
	}
	ipc_kobject_set(request, object, IKOT_PAGING_REQUEST);
	ipc_kobject_set(name, object, IKOT_PAGING_NAME);
	object->pager_request = request;
	object->pager_name = name;
	return true;
}

bool vm_object_ports_hold(vm_object_t object, struct vm_object_ports *ports)
{
	if (!object->pager)
		return false;
	*ports = (struct vm_object_ports){ object->pager, object->pager_request, object->pager_name };
	ip_reference(ports->pager);
	ip_reference(ports->request);
	ip_reference(ports->name);
	return true;
}

void vm_object_ports_release(struct vm_object_ports *ports)
{
	ip_release(ports->pager);
	ip_release(ports->request);
	ip_release(ports->name);
}

static void set_initialized(vm_object_t object)
{
	object->pager_initialized = 1;
	vm_object_wakeup(object, VM_OBJECT_EVENT_INITIALIZED);
	if (object->pager_ready)
		vm_object_wakeup(object, VM_OBJECT_EVENT_PAGER_READY);
}

/* The object behind a manager's port, with one more reference; NULL if there is none. Waits for the end of one that is
 * ending, and for the announcement of one that is new. */
static vm_object_t find(ipc_port_t pager)
{
	for (;;) {
		if (!ip_active(pager) || pager->kotype != IKOT_PAGER)
			return VM_OBJECT_NULL;
		vm_object_t object = pager->kobject;
		if (object->alive && object->pager_initialized) {
			if (object->cached) {
				vm_object_cache_leave(object);
				vm_stat.hits++;
			}
			object->ref_count++;
			return object;
		}
		vm_object_assert_wait(object, object->alive ? VM_OBJECT_EVENT_INITIALIZED : VM_OBJECT_EVENT_GONE,
		                      false);
		thread_block(NULL);
	}
}

/* A new object for the manager's port, announced. NULL if the port has died, or there are no ports to be had. */
static vm_object_t introduce(ipc_port_t pager, vm_size_t size)
{
	vm_object_t object = vm_object_allocate(size), other = VM_OBJECT_NULL;
	bool usable = make_ports(object);
	if (usable) {
		other = find(pager);            /* it may have taken a while */
		usable = !other && ip_active(pager) && pager->kotype == IKOT_NONE;
	}
	if (!usable) {
		vm_object_deallocate(object);
		return other;
	}
	object->internal = object->temporary = 0;
	object->copy_strategy = MEMORY_OBJECT_COPY_NONE;
	object->pager_created = 1;
	object->pager = ipc_port_copy_send(pager);
	ipc_kobject_set(pager, object, IKOT_PAGER);
	struct vm_object_ports ports;
	const bool held = vm_object_ports_hold(object, &ports);
	kernel_assert(held);
	memory_object_init(ports.pager, ports.request, ports.name, VM_PAGE_SIZE);
	vm_object_ports_release(&ports);
	set_initialized(object);
	return object;
}

vm_object_t vm_object_enter(struct ipc_port *pager, vm_size_t size)
{
	if (!IP_VALID(pager))
		return vm_object_allocate(size);
	vm_stat.lookups++;
	vm_object_t object = find(pager);
	if (!object)
		object = introduce(pager, size);
	if (object && object->size < size)
		object->size = size;
	return object;
}

bool vm_object_pager_create(vm_object_t object)
{
	if (object->pager_created) {
		while (!object->pager_initialized) {
			vm_object_assert_wait(object, VM_OBJECT_EVENT_INITIALIZED, false);
			thread_block(NULL);
		}
		return object->pager != NULL;
	}
	vm_object_paging_begin(object);
	ipc_port_t pager = ipc_port_alloc_kernel();
	if (!pager || !make_ports(object)) {
		if (pager)
			ipc_port_dealloc_kernel(pager);
		vm_object_paging_end(object);
		return false;
	}
	object->pager_created = 1;
	object->pager = ipc_port_make_send(pager);
	ipc_kobject_set(pager, object, IKOT_PAGER);
	vm_object_existence_create(object);
	struct vm_object_ports ports;
	const bool held = vm_object_ports_hold(object, &ports);
	kernel_assert(held);
	ipc_port_t manager = memory_manager_default_reference();
	memory_object_create(manager, pager, object->size, ports.request, ports.name, VM_PAGE_SIZE);
	ipc_port_release_send(manager);
	vm_object_ports_release(&ports);
	object->pager_ready = 1;
	set_initialized(object);
	vm_object_paging_end(object);
	return object->pager != NULL;
}

vm_object_t vm_object_lookup(struct ipc_port *port)
{
	if (!IP_VALID(port) || !ip_active(port) || port->kotype != IKOT_PAGING_REQUEST)
		return VM_OBJECT_NULL;
	vm_object_t object = port->kobject;
	if (object->cached)
		vm_object_cache_leave(object);
	object->ref_count++;
	return object;
}

/* The manager's calls do not find the object any more (it ends). */
void vm_object_pager_detach(vm_object_t object)
{
	if (!object->pager_request)
		return;
	ipc_kobject_set(object->pager_request, NULL, IKOT_NONE);
	ipc_kobject_set(object->pager_name, NULL, IKOT_NONE);
}

/* Its manager hears that it has ended, and gets all rights (Y87 §3.4.1: it sees the ports die). */
void vm_object_pager_release(vm_object_t object)
{
	ipc_port_t pager = object->pager, request = object->pager_request, name = object->pager_name;
	object->pager = object->pager_request = object->pager_name = NULL;
	if (pager) {
		memory_object_terminate(pager, request, name);
		if (ip_active(pager) && pager->kobject == object)
			ipc_kobject_set(pager, NULL, IKOT_NONE);
	} else if (request) {
		ipc_port_dealloc_kernel(request);
		ipc_port_dealloc_kernel(name);
	}
}

/* `to`, which has no manager, gets that of `from`, which will be no more; paging_offset is set by the caller. */
void vm_object_pager_move(vm_object_t from, vm_object_t to)
{
	to->pager = from->pager;
	to->pager_request = from->pager_request;
	to->pager_name = from->pager_name;
	to->pager_created = from->pager_created;
	to->pager_initialized = from->pager_initialized;
	to->pager_ready = from->pager_ready;
	to->use_old_pageout = from->use_old_pageout;
	to->existence = from->existence;
	to->existence_size = from->existence_size;
	from->existence = NULL;
	from->pager = from->pager_request = from->pager_name = NULL;
	if (!to->pager)
		return;
	ipc_kobject_set(to->pager, to, IKOT_PAGER);
	ipc_kobject_set(to->pager_request, to, IKOT_PAGING_REQUEST);
	ipc_kobject_set(to->pager_name, to, IKOT_PAGING_NAME);
}

/* Nobody will answer: pages that were asked for are gone, and who waits for them or for an unlocking looks again. */
static void abort_activity(vm_object_t object)
{
	for (struct list *link = object->memq.next, *next; link != &object->memq; link = next) {
		next = link->next;
		vm_page_t page = LIST_OWNER(link, struct vm_page, listq);
		if (page->busy && page->absent) {
			vm_page_free(page);
			continue;
		}
		page->unlock_request = VM_PROT_NONE;
		if (page->wanted && !page->busy)
			page_wakeup_done(page);
	}
	vm_object_wakeup(object, VM_OBJECT_EVENT_PAGER_READY);
}

/* The object, which has the caller's reference, has no manager from now on. *rights are the caller's. */
static void cut_off(vm_object_t object, struct vm_object_ports *rights)
{
	*rights = (struct vm_object_ports){ object->pager, object->pager_request, object->pager_name };
	object->can_persist = 0;
	vm_object_pager_detach(object);
	object->pager = object->pager_request = object->pager_name = NULL;
	abort_activity(object);
}

void vm_object_destroy(struct ipc_port *pager)
{
	struct vm_object_ports rights;
	if (pager->kotype != IKOT_PAGER)
		return;
	vm_object_t object = pager->kobject;
	ipc_kobject_set(pager, NULL, IKOT_NONE);
	if (!object->alive)
		return;                         /* it is ending: what it says to the dead port is lost */
	if (object->cached)
		vm_object_cache_leave(object);
	object->ref_count++;
	cut_off(object, &rights);
	ipc_port_release_send(rights.pager);
	ipc_port_dealloc_kernel(rights.request);
	ipc_port_dealloc_kernel(rights.name);
	vm_object_deallocate(object);
}

void vm_object_abandon(vm_object_t object)
{
	struct vm_object_ports rights;
	if (!object->pager)
		return;
	ipc_kobject_set(object->pager, NULL, IKOT_NONE);
	cut_off(object, &rights);
	memory_object_terminate(rights.pager, rights.request, rights.name);
}
