/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disk as the file system sees it.
 */
#include "pager/bootstrap/bootstrap.h"

/* One disk, for bootfs's calls. */
static mach_port_t disk;

static enum bootfs_result read_sectors(struct bootfs_device *device, uint32_t sector, uint32_t bytes, void *to)
{
	vm_offset_t data;
	mach_msg_type_number_t count;
	(void)device;
	if (device_read(disk, 0, sector, (int)bytes, &data, &count) != KERN_SUCCESS)
		return BOOTFS_IO;
	memcpy(to, (const void *)data, count < bytes ? count : bytes);
	vm_deallocate(mach_task_self(), data, count);
	return count == bytes ? BOOTFS_OK : BOOTFS_IO;
}

static enum bootfs_result write_sectors(struct bootfs_device *device, uint32_t sector, uint32_t bytes, const void *from)
{
	int written;
	(void)device;
	if (device_write(disk, 0, sector, (vm_offset_t)from, bytes, &written) != KERN_SUCCESS)
		return BOOTFS_IO;
	return written == (int)bytes ? BOOTFS_OK : BOOTFS_IO;
}

void bootstrap_open_disk(struct bootstrap *bootstrap, const char *name)
{
	static struct bootfs_device device = {.read = read_sectors, .write = write_sectors};
	natural_t status[DEV_GET_SIZE_COUNT];
	mach_msg_type_number_t count = DEV_GET_SIZE_COUNT;
	kern_return_t opened = device_open(bootstrap->master_device, D_READ | D_WRITE, name, &disk);
	if (opened != KERN_SUCCESS)
		bootstrap_fail("cannot be opened", name, NULL, opened);
	opened = device_get_status(disk, DEV_GET_SIZE, status, &count);
	if (opened != KERN_SUCCESS || count != DEV_GET_SIZE_COUNT)
		bootstrap_fail("does not tell its size", name, NULL, opened);
	if (status[DEV_GET_SIZE_RECORD_SIZE] != FFS_SECTOR_SIZE)
		bootstrap_fail("has no sectors of 512 bytes", name, NULL, 0);
	device.sectors = status[DEV_GET_SIZE_DEVICE_SIZE] / FFS_SECTOR_SIZE;
	bootstrap->device = disk;
	const enum bootfs_result result = bootfs_mount(&bootstrap->fs, &device);
	if (result != BOOTFS_OK)
		bootstrap_fail("cannot be mounted", name, bootfs_text(result), 0);
}
