/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/default_pager/io.h"

enum { WRITE_ATTEMPTS = 3 /* places that are tried before a page is given up */ };

static kern_return_t read_block(block_t block, vm_offset_t *data, mach_msg_type_number_t *count)
{
	mach_port_t device;
	uint32_t sector;
	partition_place(block, &device, &sector);
	const kern_return_t result = device_read(device, 0, sector, VM_PAGE_SIZE, data, count);
	if (result != KERN_SUCCESS || *count == VM_PAGE_SIZE)
		return result;
	vm_deallocate(mach_task_self(), *data, *count);
	return KERN_FAILURE;
}

static kern_return_t write_block(block_t block, vm_offset_t data)
{
	mach_port_t device;
	uint32_t sector;
	int written;
	partition_place(block, &device, &sector);
	const kern_return_t result = device_write(device, 0, sector, data, VM_PAGE_SIZE, &written);
	return result == KERN_SUCCESS && written != (int)VM_PAGE_SIZE ? KERN_FAILURE : result;
}

void page_supply(struct object *object, mach_port_t control, vm_offset_t offset)
{
	const block_t block = page_map_lookup(&object->map, offset >> VM_PAGE_SHIFT);
	vm_offset_t data;
	mach_msg_type_number_t count;
	if (block == BLOCK_NONE) {
		memory_object_data_unavailable(control, offset, VM_PAGE_SIZE);
		return;
	}
	if (block == BLOCK_LOST || read_block(block, &data, &count) != KERN_SUCCESS) {
		memory_object_data_error(control, offset, VM_PAGE_SIZE, KERN_MEMORY_ERROR);
		return;
	}
	if (memory_object_data_supply(control, offset, data, count, true, VM_PROT_NONE, false, MACH_PORT_NULL) !=
	    KERN_SUCCESS)
		vm_deallocate(mach_task_self(), data, count);
}

/* Said once: what follows would be as many lines as there are pages, with no memory to say them. */
static void complain_once(const char *what)
{
	static bool said;
	if (!said)
		env_print("default pager: %s; pages are lost\n", what);
	said = true;
}

/* The page's contents are in this place from now on, or lost. */
static void put(struct object *object, uint32_t page, block_t block)
{
	const block_t old = page_map_set(&object->map, page, block);
	if (block_is_place(old) && old != block)
		partition_free(old);
}

/* Finds the page a new place and writes it there. */
static void store_anew(struct object *object, uint32_t page, vm_offset_t data)
{
	if (!page_map_prepare(&object->map, page)) {
		complain_once("no memory for the map of an object");
		return;
	}
	for (unsigned attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
		const block_t block = partition_allocate();
		if (block == BLOCK_NONE) {
			complain_once("the paging space is full");
			break;
		}
		if (write_block(block, data) == KERN_SUCCESS) {
			put(object, page, block);
			return;
		}
		partition_retire(block);
		complain_once("the paging file cannot be written");
	}
	put(object, page, BLOCK_LOST);
}

void page_store(struct object *object, vm_offset_t offset, vm_offset_t data, bool only_new)
{
	const uint32_t page = offset >> VM_PAGE_SHIFT;
	const block_t block = page_map_lookup(&object->map, page);
	if (block_is_place(block)) {
		if (only_new || write_block(block, data) == KERN_SUCCESS)
			return;
		/* Off the map before it is retired, so that it is not freed. */
		page_map_set(&object->map, page, BLOCK_NONE);
		partition_retire(block);
	}
	store_anew(object, page, data);
}
