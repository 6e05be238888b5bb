/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/board/store.h"

#include <stdlib.h>
#include <string.h>

#include "sim/model/disk.h"

enum { SECTORS_A_CHUNK = STORE_CHUNK / DISK_SECTOR };

/* Bytes of the image, zeros where it has none. */
static void read_image(const struct store *store, uint64_t offset, uint8_t *data, size_t size)
{
	size_t there = offset >= store->image_size ? 0 : size;

	if (there > store->image_size - offset && there)
		there = (size_t)(store->image_size - offset);
	if (there)
		memcpy(data, store->image + offset, there);
	memset(data + there, 0, size - there);
}

void store_read(const struct store *store, uint32_t sector, uint8_t *data)
{
	const uint8_t *chunk = store->chunk[sector / SECTORS_A_CHUNK];

	if (chunk)
		memcpy(data, chunk + (size_t)(sector % SECTORS_A_CHUNK) * DISK_SECTOR, DISK_SECTOR);
	else
		read_image(store, (uint64_t)sector * DISK_SECTOR, data, DISK_SECTOR);
}

/* A chunk to write to, made of the image's bytes if it is not there. */
static uint8_t *own_chunk(struct store *store, uint32_t n)
{
	if (!store->chunk[n]) {
		store->chunk[n] = malloc(STORE_CHUNK);
		if (store->chunk[n])
			read_image(store, (uint64_t)n * STORE_CHUNK, store->chunk[n], STORE_CHUNK);
	}
	return store->chunk[n];
}

bool store_write(struct store *store, uint32_t sector, const uint8_t *data)
{
	uint8_t *chunk = own_chunk(store, sector / SECTORS_A_CHUNK);

	if (chunk)
		memcpy(chunk + (size_t)(sector % SECTORS_A_CHUNK) * DISK_SECTOR, data, DISK_SECTOR);
	return chunk != NULL;
}

void store_each(const struct store *store, void (*visit)(void *ctx, uint32_t chunk, const uint8_t *bytes), void *ctx)
{
	for (uint32_t n = 0; n < store->chunks; n++)
		if (store->chunk[n])
			visit(ctx, n, store->chunk[n]);
}

/* --- life --- */

bool store_init(struct store *store, const void *image, uint64_t image_size, uint64_t size)
{
	*store = (struct store){.image = image, .image_size = image_size, .size = size};
	store->chunks = (uint32_t)((size + STORE_CHUNK - 1) / STORE_CHUNK);
	store->chunk = calloc(store->chunks, sizeof *store->chunk);
	return store->chunk != NULL;
}

void store_free(struct store *store)
{
	for (uint32_t n = 0; store->chunk && n < store->chunks; n++)
		free(store->chunk[n]);
	free(store->chunk);
	store->chunk = NULL;
}

static void drop_chunk(struct store *store, uint32_t n)
{
	free(store->chunk[n]);
	store->chunk[n] = NULL;
}

void store_state(struct stream *stream, struct store *store)
{
	for (uint32_t n = 0; n < store->chunks && !stream->failed; n++) {
		bool there = store->chunk[n] != NULL;

		stream_flag(stream, &there);
		if (!there)
			drop_chunk(store, n);
		else if (!own_chunk(store, n))
			stream->failed = true;
		else
			stream_bytes(stream, store->chunk[n], STORE_CHUNK);
	}
}
