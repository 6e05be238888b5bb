/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bootfs_cat IMAGE PATH: a file of a file system, read by the bootstrap's code, on stdout. */
#include <stdio.h>
#include <stdlib.h>

#include "pager/bootfs/bootfs.h"

struct disk {
	struct bootfs_device device;
	FILE *file;
};

static enum bootfs_result read_sectors(struct bootfs_device *device, uint32_t sector, uint32_t bytes, void *to)
{
	FILE *file = ((struct disk *)device)->file;
	if (fseek(file, (long)sector * FFS_SECTOR_SIZE, SEEK_SET) != 0 || fread(to, 1, bytes, file) != bytes)
		return BOOTFS_IO;
	return BOOTFS_OK;
}

static enum bootfs_result write_sectors(struct bootfs_device *device, uint32_t sector, uint32_t bytes, const void *from)
{
	(void)device, (void)sector, (void)bytes, (void)from;
	return BOOTFS_IO;
}

static int fail(enum bootfs_result result)
{
	fprintf(stderr, "bootfs_cat: %s\n", bootfs_text(result));
	return 1;
}

int main(int count, char **arguments)
{
	static struct bootfs fs;
	static uint8_t buffer[10000];
	struct disk disk = {{read_sectors, write_sectors, 0}, count == 3 ? fopen(arguments[1], "rb") : NULL};
	struct bootfs_file file;
	uint32_t done;
	if (disk.file == NULL || fseek(disk.file, 0, SEEK_END) != 0)
		return 2;
	disk.device.sectors = (uint32_t)(ftell(disk.file) / FFS_SECTOR_SIZE);
	enum bootfs_result result = bootfs_mount(&fs, &disk.device);
	if (result == BOOTFS_OK)
		result = bootfs_open(&fs, arguments[2], &file);
	for (uint32_t at = 0; result == BOOTFS_OK && at < file.size; at += done) {
		result = bootfs_read(&file, at, buffer, sizeof buffer, &done);
		fwrite(buffer, 1, done, stdout);
	}
	return result == BOOTFS_OK ? 0 : fail(result);
}
