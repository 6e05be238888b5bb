/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a disk holds: an image that is only read, and over it what was written since, in chunks of 4 KiB.
 *
 * Invariants
 *   1. the image is never written.
 *   2. a chunk that is there holds all of its bytes; one that is not is the image's, and zeros beyond the image's end.
 */
#pragma once
#include "sim/core/stream.h"

enum { STORE_CHUNK = 4096 };

struct store {
	const uint8_t *image;
	uint64_t image_size, size;  /* bytes */
	uint8_t **chunk;            /* NULL: not written */
	uint32_t chunks;
};

/* The image must outlive the store, and be no larger than size, a multiple of 512. False: the host has no memory. */
bool store_init(struct store *store, const void *image, uint64_t image_size, uint64_t size);
void store_free(struct store *store);
/* 512 bytes of a sector below size / 512. */
void store_read(const struct store *store, uint32_t sector, uint8_t *data);
/* False, and nothing is written: the host has no memory. */
bool store_write(struct store *store, uint32_t sector, const uint8_t *data);
/* Calls visit for each chunk that was written, from the first. */
void store_each(const struct store *store, void (*visit)(void *ctx, uint32_t chunk, const uint8_t *bytes), void *ctx);
void store_state(struct stream *stream, struct store *store);
