/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bootstrap's file system (GD91 §6.1): finds files of a 4.2 or 4.3BSD file system by name, reads them, and writes
 * blocks that they have.  It cannot allocate, nor make files: that is the real file system's to do.
 *
 *   1. It belongs to one thread: a mounted file system has one buffer for blocks and one for indirect blocks.
 *   2. Nothing on the disk is believed: each number is checked before it is used, so that a corrupt file system is an
 *      error, and no search is longer than the disk.
 *   3. Only buffers of whole sectors go to the device.
 */
#pragma once
#include "pager/bootfs/ffs.h"
#include <stdbool.h>

enum bootfs_result {
	BOOTFS_OK,
	BOOTFS_IO,                     /* the device has failed */
	BOOTFS_NOT_FFS,                /* no superblock, or one of a kind that is not read here */
	BOOTFS_CORRUPT,
	BOOTFS_NOT_FOUND,
	BOOTFS_NOT_DIRECTORY,          /* a name in the midst of a path */
	BOOTFS_NOT_FILE,               /* neither file nor directory */
	BOOTFS_LINK_LOOP,
	BOOTFS_NAME_TOO_LONG,
	BOOTFS_HOLE,                   /* there is no block where one is needed */
	BOOTFS_BEYOND_END,
	BOOTFS_TOO_LARGE,              /* 4 GiB and more */
};
/* In words, for a message. */
const char *bootfs_text(enum bootfs_result result);

enum { BOOTFS_PATH_MAX = 1024, BOOTFS_LINKS_MAX = 8 };

/* Where the file system lies. Both calls move whole sectors: BOOTFS_OK or BOOTFS_IO. */
struct bootfs_device {
	enum bootfs_result (*read)(struct bootfs_device *device, uint32_t sector, uint32_t bytes, void *to);
	enum bootfs_result (*write)(struct bootfs_device *device, uint32_t sector, uint32_t bytes, const void *from);
	uint32_t sectors;
};

struct bootfs {
	struct bootfs_device *device;
	/* the superblock, checked */
	uint32_t block_size, block_shift, fragment_shift; /* bytes; log2 bytes */
	uint32_t fragments_per_block_shift, sector_shift; /* log2 fragments a block; sectors a fragment */
	uint32_t size;                                    /* fragments */
	uint32_t groups, group_fragments, group_inodes, group_offset, group_mask, inode_start, data_start;
	uint32_t max_symlink;                             /* bytes of a link that may lie in its inode; 0: none */
	bool typed_directories;                           /* 4.4BSD's entries */
	/* what is in the buffers: fragment numbers, 0 for nothing */
	uint32_t block_at, indirect_at;
	uint32_t block[FFS_BLOCK_MAX / 4], indirect[FFS_BLOCK_MAX / 4];
	char path[BOOTFS_PATH_MAX];
};

struct bootfs_file {
	struct bootfs *fs;
	uint32_t inode, size;                             /* bytes */
	uint16_t mode;                                    /* enum ffs_mode and permissions */
	uint32_t direct[FFS_DIRECT], indirect[FFS_INDIRECT]; /* fragment numbers; of a link: its text, as on the disk */
};

/* Reads and checks the superblock. */
enum bootfs_result bootfs_mount(struct bootfs *fs, struct bootfs_device *device);
/* The file behind a path from the root, symbolic links followed (at most BOOTFS_LINKS_MAX). */
enum bootfs_result bootfs_open(struct bootfs *fs, const char *path, struct bootfs_file *file);
static inline bool bootfs_is_directory(const struct bootfs_file *file)
{
	return (file->mode & FFS_FORMAT) == FFS_DIRECTORY;
}
/* Up to `bytes` from offset on; *done: how many there were. Holes are zeros. */
enum bootfs_result bootfs_read(struct bootfs_file *file, uint32_t offset, void *to, uint32_t bytes, uint32_t *done);
/* Over what is there: BOOTFS_BEYOND_END or BOOTFS_HOLE, and nothing is written of the block where there is none. */
enum bootfs_result bootfs_write(struct bootfs_file *file, uint32_t offset, const void *from, uint32_t bytes);
/* Where the file's block number `index` lies: *sector, 0 for a hole. BOOTFS_BEYOND_END. */
enum bootfs_result bootfs_block_sector(struct bootfs_file *file, uint32_t index, uint32_t *sector);
/* The directory's entry at *offset, which moves on: a name and its inode, which is 0 at the end. name: FFS_NAME_MAX + 1
 * bytes. */
enum bootfs_result bootfs_next_entry(struct bootfs_file *directory, uint32_t *offset, char *name, uint32_t *inode);

/* --- Between the files of bootfs --- */

/* Reads the block at a fragment into fs->block or fs->indirect, unless it is there; BOOTFS_CORRUPT: no such place. */
enum bootfs_result bootfs_load(struct bootfs *fs, uint32_t *at, uint32_t *buffer, uint32_t fragment);
enum bootfs_result bootfs_load_inode(struct bootfs *fs, uint32_t number, struct bootfs_file *file);
/* The fragment where block `index` begins, 0 for a hole. */
enum bootfs_result bootfs_map(struct bootfs_file *file, uint32_t index, uint32_t *fragment);
enum bootfs_result bootfs_search(struct bootfs_file *directory, const char *name, uint32_t length, uint32_t *inode);
