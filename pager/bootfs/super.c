/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The superblock, and blocks by number.
 */
#include "pager/bootfs/bootfs.h"
#include <string.h>

const char *bootfs_text(enum bootfs_result result)
{
	static const char *const text[] = {
		[BOOTFS_OK] = "fine",
		[BOOTFS_IO] = "the device has failed",
		[BOOTFS_NOT_FFS] = "no 4.2BSD file system is there",
		[BOOTFS_CORRUPT] = "the file system is corrupt",
		[BOOTFS_NOT_FOUND] = "no such file",
		[BOOTFS_NOT_DIRECTORY] = "a part of the path is no directory",
		[BOOTFS_NOT_FILE] = "it is neither a file nor a directory",
		[BOOTFS_LINK_LOOP] = "too many symbolic links",
		[BOOTFS_NAME_TOO_LONG] = "the path is too long",
		[BOOTFS_HOLE] = "the file has holes",
		[BOOTFS_BEYOND_END] = "that is beyond the end of the file",
		[BOOTFS_TOO_LARGE] = "the file is too large",
	};
	return text[result];
}

/* log2, or 32 if it is no power of two. */
static uint32_t shift_of(uint32_t number)
{
	for (uint32_t shift = 0; shift < 32; shift++)
		if (number == 1u << shift)
			return shift;
	return 32;
}

/* What depends on the sizes of block and fragment; false: no sizes that a 4.3BSD has. */
static bool take_sizes(struct bootfs *fs, const struct ffs_superblock *super)
{
	const uint32_t block_size = ffs_32(super->fs_bsize), fragment_size = ffs_32(super->fs_fsize);
	fs->block_size = block_size;
	fs->block_shift = shift_of(block_size);
	fs->fragment_shift = shift_of(fragment_size);
	if (block_size < FFS_BLOCK_MIN || block_size > FFS_BLOCK_MAX || fs->block_shift == 32)
		return false;
	if (fs->fragment_shift == 32 || fragment_size < FFS_SECTOR_SIZE || fragment_size > block_size)
		return false;
	fs->fragments_per_block_shift = fs->block_shift - fs->fragment_shift;
	fs->sector_shift = fs->fragment_shift - 9;
	return fs->fragments_per_block_shift <= 3 && ffs_32(super->fs_frag) == 1u << fs->fragments_per_block_shift;
}

/* What depends on the groups: all of them lie on the disk, and their inodes within them. */
static bool take_groups(struct bootfs *fs, const struct ffs_superblock *super)
{
	fs->size = ffs_32(super->fs_size);
	fs->groups = ffs_32(super->fs_ncg);
	fs->group_fragments = ffs_32(super->fs_fpg);
	fs->group_inodes = ffs_32(super->fs_ipg);
	fs->group_offset = ffs_32(super->fs_cgoffset);
	fs->group_mask = ffs_32(super->fs_cgmask);
	fs->inode_start = ffs_32(super->fs_iblkno);
	fs->data_start = ffs_32(super->fs_dblkno);
	const uint32_t inodes_per_block = fs->block_size / sizeof(struct ffs_inode);
	if (fs->size == 0 || fs->size > fs->device->sectors >> fs->sector_shift)
		return false;
	if (fs->groups == 0 || fs->group_fragments == 0 || fs->groups > fs->size / fs->group_fragments + 1)
		return false;
	if (fs->group_inodes == 0 || fs->group_inodes % inodes_per_block != 0 ||
	    fs->group_inodes > (uint64_t)fs->size << fs->fragment_shift >> 7)
		return false;
	return fs->inode_start < fs->data_start && fs->data_start <= fs->group_fragments;
}

enum bootfs_result bootfs_mount(struct bootfs *fs, struct bootfs_device *device)
{
	memset(fs, 0, sizeof *fs);
	fs->device = device;
	const uint32_t bytes = 3 * FFS_SECTOR_SIZE;
	if (device->sectors < FFS_SUPERBLOCK_SECTOR + FFS_SUPERBLOCK_BYTES / FFS_SECTOR_SIZE)
		return BOOTFS_NOT_FFS;
	const enum bootfs_result result = device->read(device, FFS_SUPERBLOCK_SECTOR, bytes, fs->block);
	if (result != BOOTFS_OK)
		return result;
	const struct ffs_superblock *super = (const struct ffs_superblock *)fs->block;
	if (ffs_32(super->fs_magic) != FFS_MAGIC)
		return BOOTFS_NOT_FFS;
	if (!take_sizes(fs, super))
		return BOOTFS_NOT_FFS;
	if (!take_groups(fs, super))
		return BOOTFS_CORRUPT;
	/* In a 4.2BSD's superblock the two are a part of the tables of rotational positions. */
	if (ffs_32(super->fs_postblformat) == FFS_DYNAMIC_TABLES && ffs_32(super->fs_inodefmt) == FFS_44_INODES) {
		fs->typed_directories = true;
		fs->max_symlink = ffs_32(super->fs_maxsymlinklen);
		if (fs->max_symlink > FFS_LINK_BYTES)
			return BOOTFS_CORRUPT;
	}
	return BOOTFS_OK;
}

enum bootfs_result bootfs_load(struct bootfs *fs, uint32_t *at, uint32_t *buffer, uint32_t fragment)
{
	const uint32_t left = fragment < fs->size ? fs->size - fragment : 0;
	uint32_t fragments = 1u << fs->fragments_per_block_shift;
	if (fragment == 0 || left == 0)
		return BOOTFS_CORRUPT;
	if (*at == fragment)
		return BOOTFS_OK;
	/* The last block of a file may be less than a block, and lie at the end of the disk. */
	if (fragments > left)
		fragments = left;
	*at = 0;
	const enum bootfs_result result = fs->device->read(fs->device, fragment << fs->sector_shift,
	                                                   fragments << fs->fragment_shift, buffer);
	if (result == BOOTFS_OK)
		*at = fragment;
	return result;
}
