/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzing the bootstrap's file system: a byte for how many, then changes, five bytes each, of the words of a sound
 * image (FFS_IMAGE, made by mkffs); then everything in it is read, walked and written that can be found.  A touch of
 * the device outside of it, or more reads than a disk of this size can need, is a crash.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pager/bootfs/bootfs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { IMAGE_BYTES = 1 << 20, READS_MAX = 40000, CHANGES_MAX = 32 };
static uint8_t sound[IMAGE_BYTES], image[IMAGE_BYTES], buffer[60000];
static unsigned reads;

static uint8_t *at(uint32_t sector, uint32_t bytes)
{
	if (bytes % FFS_SECTOR_SIZE != 0 || (uint64_t)sector * FFS_SECTOR_SIZE + bytes > IMAGE_BYTES ||
	    ++reads > READS_MAX)
		abort();
	return image + (size_t)sector * FFS_SECTOR_SIZE;
}

static enum bootfs_result read_sectors(struct bootfs_device *device, uint32_t sector, uint32_t bytes, void *to)
{
	(void)device;
	memcpy(to, at(sector, bytes), bytes);
	return BOOTFS_OK;
}

static enum bootfs_result write_sectors(struct bootfs_device *device, uint32_t sector, uint32_t bytes, const void *from)
{
	(void)device;
	memcpy(at(sector, bytes), from, bytes);
	return BOOTFS_OK;
}

static void load_image(void)
{
	FILE *file = fopen(FFS_IMAGE, "rb");
	if (file == NULL || fread(sound, 1, sizeof sound, file) != sizeof sound)
		abort();
	fclose(file);
}

static void use(struct bootfs *fs, const char *path)
{
	struct bootfs_file file;
	char name[FFS_NAME_MAX + 1];
	uint32_t done, sector, offset = 0, inode = 1;
	if (bootfs_open(fs, path, &file) != BOOTFS_OK)
		return;
	while (bootfs_is_directory(&file) && inode != 0 && bootfs_next_entry(&file, &offset, name, &inode) == BOOTFS_OK)
		;
	(void)bootfs_read(&file, 0, buffer, sizeof buffer, &done);
	(void)bootfs_read(&file, file.size - 100, buffer, sizeof buffer, &done);
	for (uint32_t i = 0; i < 40; i++)
		if (bootfs_block_sector(&file, i * i * i, &sector) == BOOTFS_OK &&
		    sector >= IMAGE_BYTES / FFS_SECTOR_SIZE)
			abort();
	(void)bootfs_write(&file, 700, buffer, 5000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bootfs fs;
	static const char *const paths[] = {"/", "/a", "/a/b", "/a/b/file", "/a/link", "/a/up", "/holes"};
	struct bootfs_device device = {read_sectors, write_sectors, IMAGE_BYTES / FFS_SECTOR_SIZE};
	if (sound[FFS_SUPERBLOCK_SECTOR * FFS_SECTOR_SIZE + 32] == 0)
		load_image();
	memcpy(image, sound, sizeof image);
	reads = 0;
	const unsigned changes = size > 0 ? data[0] % CHANGES_MAX : 0;
	for (unsigned i = 0; i < changes && size > 5; i++, data += 5, size -= 5) {
		/* Two thirds of the changes go to the superblock and the first inodes. */
		const uint32_t words = data[3] % 3 ? 640 : IMAGE_BYTES / 4 - 5120;
		const uint32_t place = (data[1] | (uint32_t)data[2] << 8) % words;
		const uint32_t where = data[3] % 3 == 2 ? 20480 : 8192;
		const uint32_t value = data[4] | (uint32_t)(data[5] & 15) << (data[5] >> 4) * 2;
		memcpy(image + where + place * 4, &value, 4);
	}
	if (bootfs_mount(&fs, &device) == BOOTFS_OK)
		for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++)
			use(&fs, paths[i]);
	return 0;
}
