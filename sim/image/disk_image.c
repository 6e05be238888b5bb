/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/image/disk_image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/error.h"

enum { SECTOR = 512 };

static enum muk_err allocate(struct disk_image *disk, uint64_t size, struct muk_error *error)
{
	*disk = (struct disk_image){.size = size};
	if (!size || size % SECTOR || size > DISK_IMAGE_MOST)
		return error_set(error, MUK_ERR_INPUT, "expected a disk's image of whole sectors of 512 bytes, at most 1 GiB, got "
		                 "%llu bytes", (unsigned long long)size);
	disk->bytes = calloc(1, size);
	return disk->bytes ? MUK_OK : error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
}

void disk_image_free(struct disk_image *disk)
{
	free(disk->bytes);
	*disk = (struct disk_image){0};
}

/* --- files --- */

static enum muk_err read_open(struct disk_image *disk, const char *path, FILE *file, struct muk_error *error)
{
	long size = fseek(file, 0, SEEK_END) ? -1 : ftell(file);
	enum muk_err code;

	if (size < 0 || fseek(file, 0, SEEK_SET))
		return error_at(error, MUK_ERR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
	code = allocate(disk, (uint64_t)size, error);
	if (!code && fread(disk->bytes, 1, disk->size, file) != disk->size)
		code = error_at(error, MUK_ERR_IO, path, 0, 0, "cannot be read to its end");
	return code;
}

enum muk_err disk_image_read_file(struct disk_image *disk, const char *path, struct muk_error *error)
{
	FILE *file = fopen(path, "rb");

	*disk = (struct disk_image){0};
	if (!file)
		return error_at(error, MUK_ERR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
	enum muk_err code = read_open(disk, path, file, error);
	fclose(file);
	if (code)
		disk_image_free(disk);
	return code;
}

/* --- packed --- */

static uint64_t number(const uint8_t *bytes, unsigned size)
{
	uint64_t value = 0;

	for (unsigned n = size; n--;)
		value = value << 8 | bytes[n];
	return value;
}

/* A chunk at `at`; result: where the next one is, 0 if this is none. */
static size_t unpack_chunk(struct disk_image *disk, const uint8_t *packed, size_t at, size_t size)
{
	if (size - at < 4)
		return 0;
	uint64_t offset = number(packed + at, 4) * DISK_IMAGE_CHUNK;
	uint64_t bytes = offset < disk->size ? disk->size - offset : 0;

	if (bytes > DISK_IMAGE_CHUNK)
		bytes = DISK_IMAGE_CHUNK;
	at += 4;
	if (!bytes || size - at < bytes)
		return 0;
	memcpy(disk->bytes + offset, packed + at, bytes);
	return at + bytes;
}

enum muk_err disk_image_unpack(struct disk_image *disk, const void *packed, size_t size, struct muk_error *error)
{
	const uint8_t *bytes = packed;
	size_t at = DISK_IMAGE_MAGIC + 8;

	*disk = (struct disk_image){0};
	if (size < at || memcmp(bytes, DISK_IMAGE_MAGIC_TEXT, DISK_IMAGE_MAGIC))
		return error_set(error, MUK_ERR_INPUT, "this is no packed image of a disk");
	enum muk_err code = allocate(disk, number(bytes + DISK_IMAGE_MAGIC, 8), error);
	while (!code && at < size) {
		at = unpack_chunk(disk, bytes, at, size);
		if (!at)
			code = error_set(error, MUK_ERR_INPUT, "the packed image of a disk is damaged");
	}
	if (code)
		disk_image_free(disk);
	return code;
}
