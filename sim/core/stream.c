/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of state, in one direction or the other.
 *
 *             stream_bytes appends              stream_bytes consumes
 *   SAVING ------------------------- stream_rewind ----> LOADING
 *      \                                                  /
 *       '-- memory exhausted --> failed <-- bytes end ---'
 *
 * Invariants
 *   1. at <= size <= capacity.
 *   2. a failed stream stays failed; it neither grows nor changes any field.
 */
#include "sim/core/stream.h"

#include <stdlib.h>
#include <string.h>

void stream_init(struct stream *stream)
{
	*stream = (struct stream){0};
}

void stream_free(struct stream *stream)
{
	free(stream->data);
	stream_init(stream);
}

void stream_rewind(struct stream *stream)
{
	stream->loading = true;
	stream->at = 0;
}

/* Makes room for size more bytes, or marks the stream failed. */
static bool reserve(struct stream *stream, size_t size)
{
	size_t capacity = stream->capacity ? stream->capacity : 256;
	uint8_t *data;

	if (size <= stream->capacity - stream->size)
		return true;
	while (capacity - stream->size < size) {
		if (capacity > SIZE_MAX / 2)
			return false;
		capacity *= 2;
	}
	data = realloc(stream->data, capacity);
	if (!data)
		return false;
	stream->data = data;
	stream->capacity = capacity;
	return true;
}

static void save(struct stream *stream, const void *field, size_t size)
{
	if (!reserve(stream, size)) {
		stream->failed = true;
		return;
	}
	memcpy(stream->data + stream->size, field, size);
	stream->size += size;
	stream->at = stream->size;
}

static void load(struct stream *stream, void *field, size_t size)
{
	if (size > stream->size - stream->at) {
		stream->failed = true;
		return;
	}
	memcpy(field, stream->data + stream->at, size);
	stream->at += size;
}

void stream_bytes(struct stream *stream, void *field, size_t size)
{
	if (stream->failed || size == 0)
		return;
	if (stream->loading)
		load(stream, field, size);
	else
		save(stream, field, size);
}

void stream_flag(struct stream *stream, bool *flag)
{
	uint8_t value = *flag;

	stream_bytes(stream, &value, 1);
	*flag = value != 0;
}
