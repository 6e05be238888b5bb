/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths.  What is still to be walked stands at fs->path + cursor; a symbolic link is put in front of it:
 *
 *   /mach_servers/startup   ->   link "emulator/new" at startup   ->   emulator/new   from /mach_servers
 */
#include "pager/bootfs/bootfs.h"
#include <string.h>

/* The link's text replaces what has been walked of fs->path. */
static enum bootfs_result splice_link(struct bootfs_file *link, const char *rest)
{
	struct bootfs *fs = link->fs;
	const uint32_t rest_bytes = (uint32_t)strlen(rest) + 1;
	uint32_t done = link->size;
	if (link->size == 0)
		return BOOTFS_CORRUPT;
	if (link->size > BOOTFS_PATH_MAX - rest_bytes)
		return BOOTFS_NAME_TOO_LONG;
	memmove(fs->path + link->size, rest, rest_bytes);
	if (link->size < fs->max_symlink) {
		const uint32_t direct = done < sizeof link->direct ? done : sizeof link->direct;
		memcpy(fs->path, link->direct, direct);
		memcpy(fs->path + direct, link->indirect, done - direct);
	} else {
		const enum bootfs_result result = bootfs_read(link, 0, fs->path, link->size, &done);
		if (result != BOOTFS_OK)
			return result;
	}
	/* A NUL within would hide the rest. */
	for (uint32_t i = 0; i < link->size; i++)
		if (fs->path[i] == '\0')
			return BOOTFS_CORRUPT;
	return BOOTFS_OK;
}

/* One name from a directory on: *found. */
static enum bootfs_result step(struct bootfs_file *directory, const char *name, uint32_t length,
                               struct bootfs_file *found)
{
	uint32_t inode;
	if (!bootfs_is_directory(directory))
		return BOOTFS_NOT_DIRECTORY;
	if (length > FFS_NAME_MAX)
		return BOOTFS_NAME_TOO_LONG;
	const enum bootfs_result result = bootfs_search(directory, name, length, &inode);
	return result == BOOTFS_OK ? bootfs_load_inode(directory->fs, inode, found) : result;
}

/* Walks fs->path from the root. */
static enum bootfs_result walk(struct bootfs *fs, struct bootfs_file *file)
{
	const char *cursor = fs->path;
	struct bootfs_file found;
	unsigned links = 0;
	enum bootfs_result result = bootfs_load_inode(fs, FFS_ROOT_INODE, file);
	while (result == BOOTFS_OK) {
		uint32_t length = 0;
		while (*cursor == '/')
			cursor++;
		while (cursor[length] != '/' && cursor[length] != '\0')
			length++;
		if (length == 0)
			return BOOTFS_OK;
		result = step(file, cursor, length, &found);
		if (result != BOOTFS_OK)
			return result;
		cursor += length;
		if ((found.mode & FFS_FORMAT) != FFS_SYMBOLIC_LINK) {
			*file = found;
			continue;
		}
		if (++links > BOOTFS_LINKS_MAX)
			return BOOTFS_LINK_LOOP;
		result = splice_link(&found, cursor);
		cursor = fs->path;
		if (result == BOOTFS_OK && *cursor == '/')
			result = bootfs_load_inode(fs, FFS_ROOT_INODE, file);
	}
	return result;
}

enum bootfs_result bootfs_open(struct bootfs *fs, const char *path, struct bootfs_file *file)
{
	const uint32_t bytes = (uint32_t)strlen(path) + 1;
	if (bytes > BOOTFS_PATH_MAX)
		return BOOTFS_NAME_TOO_LONG;
	memcpy(fs->path, path, bytes);
	return walk(fs, file);
}
