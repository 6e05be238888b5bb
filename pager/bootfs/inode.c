/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inodes, and which block of the disk is which block of a file: twelve direct ones, then one, two and three levels of
 * indirect blocks.
 */
#include "pager/bootfs/bootfs.h"
#include <string.h>

/* The group's start, and within it the block with the inode: all 64 bits, as the numbers come from the disk. */
static enum bootfs_result inode_fragment(const struct bootfs *fs, uint32_t number, uint32_t *fragment)
{
	const uint32_t group = number / fs->group_inodes, inodes_per_block = fs->block_size / sizeof(struct ffs_inode);
	if (number < FFS_ROOT_INODE || group >= fs->groups)
		return BOOTFS_CORRUPT;
	const uint64_t base = (uint64_t)fs->group_fragments * group;
	const uint64_t start = base + (uint64_t)fs->group_offset * (group & ~fs->group_mask) + fs->inode_start;
	const uint32_t block = number % fs->group_inodes / inodes_per_block;
	const uint64_t place = start + ((uint64_t)block << fs->fragments_per_block_shift);
	if (place + (1u << fs->fragments_per_block_shift) > fs->size)
		return BOOTFS_CORRUPT;
	*fragment = (uint32_t)place;
	return BOOTFS_OK;
}

enum bootfs_result bootfs_load_inode(struct bootfs *fs, uint32_t number, struct bootfs_file *file)
{
	uint32_t fragment;
	enum bootfs_result result = inode_fragment(fs, number, &fragment);
	if (result == BOOTFS_OK)
		result = bootfs_load(fs, &fs->block_at, fs->block, fragment);
	if (result != BOOTFS_OK)
		return result;
	const struct ffs_inode *inode =
		(const struct ffs_inode *)fs->block + number % (fs->block_size / sizeof(struct ffs_inode));
	const uint16_t mode = ffs_16(inode->di_mode), format = mode & FFS_FORMAT;
	if (format != FFS_REGULAR && format != FFS_DIRECTORY && format != FFS_SYMBOLIC_LINK)
		return mode == 0 ? BOOTFS_CORRUPT : BOOTFS_NOT_FILE;
	if (inode->di_size_high != 0)
		return BOOTFS_TOO_LARGE;
	*file = (struct bootfs_file){.fs = fs, .inode = number, .size = ffs_32(inode->di_size), .mode = mode};
	if (format == FFS_SYMBOLIC_LINK && file->size < fs->max_symlink) {
		memcpy(file->direct, inode->di_db, sizeof file->direct);
		memcpy(file->indirect, inode->di_ib, sizeof file->indirect);
		return BOOTFS_OK;
	}
	for (unsigned i = 0; i < FFS_DIRECT; i++)
		file->direct[i] = ffs_32(inode->di_db[i]);
	for (unsigned i = 0; i < FFS_INDIRECT; i++)
		file->indirect[i] = ffs_32(inode->di_ib[i]);
	return BOOTFS_OK;
}

/* Down from an indirect block, with `levels` levels below it, to the entry of the block with number `index` there. */
static enum bootfs_result map_indirect(struct bootfs *fs, uint32_t block, unsigned levels, uint32_t index,
                                       uint32_t *fragment)
{
	const uint32_t shift = fs->block_shift - 2;
	for (; levels > 0 && block != 0; levels--) {
		const enum bootfs_result result = bootfs_load(fs, &fs->indirect_at, fs->indirect, block);
		if (result != BOOTFS_OK)
			return result;
		block = ffs_32(fs->indirect[index >> (levels - 1) * shift & ((1u << shift) - 1)]);
	}
	*fragment = block;
	return BOOTFS_OK;
}

enum bootfs_result bootfs_map(struct bootfs_file *file, uint32_t index, uint32_t *fragment)
{
	struct bootfs *fs = file->fs;
	const uint32_t shift = fs->block_shift - 2;
	enum bootfs_result result = BOOTFS_TOO_LARGE;
	if (index < FFS_DIRECT) {
		*fragment = file->direct[index];
		result = BOOTFS_OK;
	} else {
		index -= FFS_DIRECT;
		/* A file is shorter than 4 GiB: its index fits what two levels hold, or three. */
		for (unsigned level = 1; level <= FFS_INDIRECT; level++) {
			if (level * shift >= 32 || index < 1u << level * shift) {
				result = map_indirect(fs, file->indirect[level - 1], level, index, fragment);
				break;
			}
			index -= 1u << level * shift;
		}
	}
	if (result == BOOTFS_OK && *fragment >= fs->size)
		return BOOTFS_CORRUPT;
	return result;
}
