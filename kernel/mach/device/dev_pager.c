/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory objects that are a device's memory (device_map).
 *
 * Such an object is the kernel's own, has no manager to ask, and all of its pages from the beginning: structures that
 * were fictitious, with the device's physical addresses, wired for good.  vm_map finds it by its port, as it finds the
 * object of any manager's port.  Objects are kept: the same part of a device is the same object for all who map it.
 *
 * Invariants
 *   1. a pager's object has our reference for ever, so it is never terminated, and its pages are never freed.
 *   2. pager_initialized without a pager: who touches it beyond its pages gets KERN_MEMORY_FAILURE, and asks nobody.
 */
#include "device/device.h"
#include "device_server.h"
#include "ipc/ipc_port.h"
#include "vm/vm_page.h"

enum { DEV_PAGERS = 16, NO_MEMORY_THERE = ~0 };

static struct dev_pager {
	device_t device;
	vm_offset_t offset;
	vm_size_t size;
	ipc_port_t port;
} pagers[DEV_PAGERS];
static natural_t pager_count;

static ipc_port_t find_pager(device_t device, vm_offset_t offset, vm_size_t size)
{
	for (natural_t n = 0; n < pager_count; n++)
		if (pagers[n].device == device && pagers[n].offset == offset && pagers[n].size == size)
			return pagers[n].port;
	return IP_NULL;
}

/* Whether the device has memory at all of these offsets. */
static bool has_memory(device_t device, vm_offset_t offset, vm_size_t size)
{
	for (vm_size_t at = 0; at < size; at += VM_PAGE_SIZE)
		if (device->ops->map(offset + at) == (paddr_t)NO_MEMORY_THERE)
			return false;
	return true;
}

/* Makes the page of the object that is the device's at this address. */
static void insert_page(vm_object_t object, vm_offset_t at, paddr_t address)
{
	vm_page_t page;

	while (!(page = vm_page_grab_fictitious()))
		vm_page_wait(NULL);
	page->fictitious = 0;
	page->phys_addr = address;
	vm_page_insert(page, object, at);
	vm_page_wire(page);
	page_wakeup_done(page);
}

/* The object gets its pages; who finds it meanwhile waits for its announcement (vm_object_enter). */
static void fill(vm_object_t object, const struct dev_pager *pager)
{
	object->internal = object->temporary = 0;
	object->copy_strategy = MEMORY_OBJECT_COPY_NONE;
	object->pager_created = object->pager_ready = 1;
	ipc_kobject_set(pager->port, object, IKOT_PAGER);
	for (vm_size_t at = 0; at < pager->size; at += VM_PAGE_SIZE)
		insert_page(object, at, pager->device->ops->map(pager->offset + at));
	object->pager_initialized = 1;
	vm_object_wakeup(object, VM_OBJECT_EVENT_INITIALIZED);
}

/* A pager for the part of a device; IP_NULL without a place or a port for it. */
static ipc_port_t make_pager(device_t device, vm_offset_t offset, vm_size_t size)
{
	vm_object_t object = vm_object_allocate(size);
	ipc_port_t port = find_pager(device, offset, size); /* it may have taken a while */
	struct dev_pager *pager = &pagers[pager_count];

	if (port || pager_count == DEV_PAGERS || !(port = ipc_port_alloc_kernel())) {
		vm_object_deallocate(object);
		return port;
	}
	*pager = (struct dev_pager){device, offset, size, port};
	pager_count++;
	fill(object, pager);
	return port;
}

/* offset, size: bytes of the device's memory, from a page on; its first byte is the object's. The device allows what it
 * allows to all: prot is not looked at, nor is unmap. */
kern_return_t ds_device_map(device_t device, vm_prot_t prot, vm_offset_t offset, vm_size_t size, ipc_port_t *pager,
                            int unmap)
{
	ipc_port_t port;

	(void)prot, (void)unmap;
	if (!device->ops->map)
		return D_INVALID_OPERATION;
	if (size == 0 || offset & VM_PAGE_MASK || round_page(size) < size || offset + round_page(size) < offset)
		return D_INVALID_SIZE;
	size = round_page(size);
	if (!has_memory(device, offset, size))
		return D_INVALID_SIZE;
	port = find_pager(device, offset, size);
	if (!port)
		port = make_pager(device, offset, size);
	if (!port)
		return D_NO_MEMORY;
	*pager = ipc_port_make_send(port);
	return D_SUCCESS;
}
