/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/default_pager/io.h"

enum { WRITE_ATTEMPTS = 32 /* places that are tried before a page is lost: bad ones lie together */ };

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

/* Each is said once: what follows would be as many lines as there are pages, with no memory to say them. */
static void complain_once(bool *said, const char *what)
{
	if (!*said)
		env_print("default pager: %s\n", what);
	*said = true;
}

static void complain_of_space(void)
{
	static bool said;
	complain_once(&said, "there is no room in the paging space: pages are lost");
}

/* A place could not be written; it is nobody's, and stays so if it is bad. False: the disk is down, and no other place
 * is better. */
static bool give_up_place(block_t block, kern_return_t result)
{
	static bool said_bad, said_down;
	if (result == D_DEVICE_DOWN) {
		complain_once(&said_down, "the disk does not answer: pages are lost");
		partition_free(block);
		return false;
	}
	complain_once(&said_bad, "places in the paging file cannot be written: they are given up");
	partition_retire(block);
	return true;
}

void page_store(struct object *object, vm_offset_t offset, vm_offset_t data, bool only_new)
{
	const uint32_t page = offset >> VM_PAGE_SHIFT;
	for (unsigned attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
		bool fresh;
		const block_t block = page_map_obtain(&object->map, page, &fresh);
		if (block == BLOCK_NONE) {
			complain_of_space();
			break;
		}
		if (only_new && !fresh)
			return;
		const kern_return_t result = write_block(block, data);
		if (result == KERN_SUCCESS)
			return;
		if (page_map_lose(&object->map, page, block) && !give_up_place(block, result))
			return;
		only_new = false;
	}
	page_map_lose(&object->map, page, BLOCK_NONE);
}
