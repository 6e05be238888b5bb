/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing buffer of bytes, written and read by the same functions: a module
 * describes its state once, in foo_state(struct stream *, struct foo *), and
 * that serves for taking a snapshot and for restoring it.
 */
#pragma once
#include "sim/core/types.h"

struct stream {
	uint8_t *data;
	size_t size, capacity, at;
	bool loading;  /* false: state -> bytes; true: bytes -> state */
	bool failed;   /* out of memory, or the bytes end early */
};

void stream_init(struct stream *stream);
void stream_free(struct stream *stream);
/* Goes over to reading from the start. */
void stream_rewind(struct stream *stream);
/* Saves or loads size bytes at field. */
void stream_bytes(struct stream *stream, void *field, size_t size);
/* A truth value, as one byte; any byte loads as one. */
void stream_flag(struct stream *stream, bool *flag);
#define stream_field(stream, field) stream_bytes(stream, &(field), sizeof(field))
