/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocation for servers, from memory that the caller gives: first fit on a list of free pieces by address;
 * neighbours are joined when a piece comes back.  A pool is not locked: one thread uses it, or a lock is held.
 *
 * Invariants: 1. pieces are in order of address, and no two touch.  2. sizes are multiples of ALLOC_UNIT.
 */
#pragma once
#include <stddef.h>

enum { ALLOC_UNIT = 16 };

struct alloc_piece {
	struct alloc_piece *next;
	size_t size;
};

struct alloc_pool {
	struct alloc_piece *free;
};

/* Adds memory (aligned to ALLOC_UNIT) to a pool, which may be all zero before. */
void alloc_give(struct alloc_pool *pool, void *memory, size_t size);
/* A piece of at least size bytes, NULL if there is none. */
void *alloc_take(struct alloc_pool *pool, size_t size);
/* Brings a piece back; size as it was asked for. */
void alloc_return(struct alloc_pool *pool, void *memory, size_t size);
/* Bytes that are free, in pieces of whatever size. */
size_t alloc_free_bytes(const struct alloc_pool *pool);
