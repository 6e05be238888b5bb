/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images of disks: a file's bytes as they are, or packed, as the library carries them.
 *
 * Packed: the magic, the size (8 bytes), then for each chunk of 4 KiB that is not all zeros its number (4 bytes) and
 * its bytes, fewer in the last one where the disk ends.  Numbers are little-endian, and ascend.
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/types.h"
#include <stddef.h>

enum { DISK_IMAGE_CHUNK = 4096, DISK_IMAGE_MAGIC = 8 };
#define DISK_IMAGE_MAGIC_TEXT "MUKDISK1"
static const uint64_t DISK_IMAGE_MOST = (uint64_t)1 << 30; /* bytes */

struct disk_image {
	uint8_t *bytes;
	uint64_t size;  /* a multiple of 512 */
};

/* A file of the host: MUK_ERR_IO, MUK_ERR_INPUT (a size that is no disk's), MUK_ERR_NOMEM. */
enum muk_err disk_image_read_file(struct disk_image *disk, const char *path, struct muk_error *error);
/* Unpacks: MUK_ERR_INPUT, MUK_ERR_NOMEM. */
enum muk_err disk_image_unpack(struct disk_image *disk, const void *packed, size_t size, struct muk_error *error);
void disk_image_free(struct disk_image *disk);
