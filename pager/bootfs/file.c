/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading files, and writing what they have.
 */
#include "pager/bootfs/bootfs.h"
#include <string.h>

static uint32_t least(uint32_t one, uint32_t other) { return one < other ? one : other; }

/* Bytes of the piece of [offset, offset + bytes) that lies in one block. */
static uint32_t piece(const struct bootfs *fs, uint32_t offset, uint32_t bytes)
{
	return least(bytes, fs->block_size - (offset & (fs->block_size - 1)));
}

enum bootfs_result bootfs_read(struct bootfs_file *file, uint32_t offset, void *to, uint32_t bytes, uint32_t *done)
{
	struct bootfs *fs = file->fs;
	*done = 0;
	bytes = offset < file->size ? least(bytes, file->size - offset) : 0;
	while (*done < bytes) {
		const uint32_t at = offset + *done, part = piece(fs, at, bytes - *done);
		uint8_t *target = (uint8_t *)to + *done;
		uint32_t fragment;
		enum bootfs_result result = bootfs_map(file, at >> fs->block_shift, &fragment);
		if (result == BOOTFS_OK && fragment == 0)
			memset(target, 0, part);
		else if (result == BOOTFS_OK)
			result = bootfs_load(fs, &fs->block_at, fs->block, fragment);
		if (result != BOOTFS_OK)
			return result;
		if (fragment != 0)
			memcpy(target, (const uint8_t *)fs->block + (at & (fs->block_size - 1)), part);
		*done += part;
	}
	return BOOTFS_OK;
}

/* Writes the sectors of fs->block that [start, start + bytes) touches. */
static enum bootfs_result store_sectors(struct bootfs *fs, uint32_t fragment, uint32_t start, uint32_t bytes)
{
	const uint32_t first = start / FFS_SECTOR_SIZE, end = (start + bytes + FFS_SECTOR_SIZE - 1) / FFS_SECTOR_SIZE;
	return fs->device->write(fs->device, (fragment << fs->sector_shift) + first, (end - first) * FFS_SECTOR_SIZE,
	                         (const uint8_t *)fs->block + first * FFS_SECTOR_SIZE);
}

enum bootfs_result bootfs_write(struct bootfs_file *file, uint32_t offset, const void *from, uint32_t bytes)
{
	struct bootfs *fs = file->fs;
	if (offset > file->size || bytes > file->size - offset)
		return BOOTFS_BEYOND_END;
	for (uint32_t done = 0; done < bytes;) {
		const uint32_t at = offset + done, part = piece(fs, at, bytes - done);
		const uint32_t start = at & (fs->block_size - 1);
		uint32_t fragment;
		enum bootfs_result result = bootfs_map(file, at >> fs->block_shift, &fragment);
		if (result == BOOTFS_OK && fragment == 0)
			result = BOOTFS_HOLE;
		if (result == BOOTFS_OK)
			result = bootfs_load(fs, &fs->block_at, fs->block, fragment);
		if (result != BOOTFS_OK)
			return result;
		/* The buffer is the disk's block only if the write succeeds. */
		fs->block_at = 0;
		memcpy((uint8_t *)fs->block + start, (const uint8_t *)from + done, part);
		result = store_sectors(fs, fragment, start, part);
		if (result != BOOTFS_OK)
			return result;
		fs->block_at = fragment;
		done += part;
	}
	return BOOTFS_OK;
}

enum bootfs_result bootfs_block_sector(struct bootfs_file *file, uint32_t index, uint32_t *sector)
{
	struct bootfs *fs = file->fs;
	if (file->size == 0 || index > (file->size - 1) >> fs->block_shift)
		return BOOTFS_BEYOND_END;
	uint32_t fragment;
	const enum bootfs_result result = bootfs_map(file, index, &fragment);
	if (result != BOOTFS_OK)
		return result;
	const uint32_t bytes = least(fs->block_size, file->size - (index << fs->block_shift));
	const uint32_t fragments = (bytes + (1u << fs->fragment_shift) - 1) >> fs->fragment_shift;
	if (fragment != 0 && fs->size - fragment < fragments)
		return BOOTFS_CORRUPT;
	*sector = fragment << fs->sector_shift;
	return BOOTFS_OK;
}
