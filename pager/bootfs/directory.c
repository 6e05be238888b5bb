/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories: files of entries that fill chunks of a sector.
 */
#include "pager/bootfs/bootfs.h"
#include <string.h>

/* The entry at an offset of a directory, in fs->block; checked: it lies within its chunk, and its name within it. */
static enum bootfs_result load_entry(struct bootfs_file *directory, uint32_t offset,
                                     const struct ffs_directory_entry **entry, uint32_t *length)
{
	struct bootfs *fs = directory->fs;
	const uint32_t in_chunk = FFS_DIRECTORY_CHUNK - offset % FFS_DIRECTORY_CHUNK;
	uint32_t fragment;
	enum bootfs_result result = bootfs_map(directory, offset >> fs->block_shift, &fragment);
	if (result == BOOTFS_OK)
		result = bootfs_load(fs, &fs->block_at, fs->block, fragment);
	if (result != BOOTFS_OK)
		return result;
	*entry = (const void *)((const uint8_t *)fs->block + (offset & (fs->block_size - 1)));
	if (in_chunk < sizeof **entry)
		return BOOTFS_CORRUPT;
	*length = fs->typed_directories ? (*entry)->d_namlen : (*entry)->d_type | (uint32_t)(*entry)->d_namlen << 8;
	const uint32_t record = ffs_16((*entry)->d_reclen);
	if (record % 4 != 0 || record < sizeof **entry || record > in_chunk)
		return BOOTFS_CORRUPT;
	if ((*entry)->d_ino != 0 && (*length == 0 || *length > FFS_NAME_MAX || *length + sizeof **entry > record))
		return BOOTFS_CORRUPT;
	return BOOTFS_OK;
}

/* No directory is larger than the disk, nor ends within a chunk. */
static bool size_is_sound(const struct bootfs_file *directory)
{
	return directory->size % FFS_DIRECTORY_CHUNK == 0 &&
		directory->size >> directory->fs->fragment_shift <= directory->fs->size;
}

/* The next entry that is in use, from *offset on, which moves behind it; *entry NULL: there is none. */
static enum bootfs_result next_used(struct bootfs_file *directory, uint32_t *offset,
                                    const struct ffs_directory_entry **entry, uint32_t *length)
{
	if (!size_is_sound(directory))
		return BOOTFS_CORRUPT;
	while (*offset < directory->size) {
		const enum bootfs_result result = load_entry(directory, *offset, entry, length);
		if (result != BOOTFS_OK)
			return result;
		*offset += ffs_16((*entry)->d_reclen);
		if ((*entry)->d_ino != 0)
			return BOOTFS_OK;
	}
	*entry = NULL;
	return BOOTFS_OK;
}

enum bootfs_result bootfs_search(struct bootfs_file *directory, const char *name, uint32_t length, uint32_t *inode)
{
	const struct ffs_directory_entry *entry;
	uint32_t offset = 0, entry_length;
	for (;;) {
		const enum bootfs_result result = next_used(directory, &offset, &entry, &entry_length);
		if (result != BOOTFS_OK)
			return result;
		if (entry == NULL)
			return BOOTFS_NOT_FOUND;
		if (entry_length == length && memcmp(entry + 1, name, length) == 0) {
			*inode = ffs_32(entry->d_ino);
			return BOOTFS_OK;
		}
	}
}

enum bootfs_result bootfs_next_entry(struct bootfs_file *directory, uint32_t *offset, char *name, uint32_t *inode)
{
	const struct ffs_directory_entry *entry;
	uint32_t length;
	*inode = 0;
	if (!bootfs_is_directory(directory))
		return BOOTFS_NOT_DIRECTORY;
	const enum bootfs_result result = next_used(directory, offset, &entry, &length);
	if (result != BOOTFS_OK || entry == NULL)
		return result;
	memcpy(name, entry + 1, length);
	name[length] = '\0';
	*inode = ffs_32(entry->d_ino);
	return BOOTFS_OK;
}
