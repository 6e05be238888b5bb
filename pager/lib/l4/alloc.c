/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/l4/alloc.h"

static size_t round_up(size_t size)
{
	if (size == 0)
		size = 1;
	return (size + ALLOC_UNIT - 1) & ~(size_t)(ALLOC_UNIT - 1);
}

static void join_with_next(struct alloc_piece *piece)
{
	struct alloc_piece *next = piece->next;

	if (next == NULL || (char *)piece + piece->size != (char *)next)
		return;
	piece->size += next->size;
	piece->next = next->next;
}

void alloc_give(struct alloc_pool *pool, void *memory, size_t size)
{
	struct alloc_piece *piece = memory, *before = NULL, **link = &pool->free;

	size &= ~(size_t)(ALLOC_UNIT - 1);
	if (size == 0)
		return;
	while (*link != NULL && *link < piece) {
		before = *link;
		link = &before->next;
	}
	*piece = (struct alloc_piece){ *link, size };
	*link = piece;
	join_with_next(piece);
	if (before != NULL)
		join_with_next(before);
}

void *alloc_take(struct alloc_pool *pool, size_t size)
{
	size = round_up(size);
	for (struct alloc_piece **link = &pool->free; *link != NULL; link = &(*link)->next) {
		struct alloc_piece *piece = *link, *rest;

		if (piece->size < size)
			continue;
		if (piece->size == size) {
			*link = piece->next;
			return piece;
		}
		rest = (struct alloc_piece *)((char *)piece + size);
		*rest = (struct alloc_piece){ piece->next, piece->size - size };
		*link = rest;
		return piece;
	}
	return NULL;
}

void alloc_return(struct alloc_pool *pool, void *memory, size_t size)
{
	alloc_give(pool, memory, round_up(size));
}

size_t alloc_free_bytes(const struct alloc_pool *pool)
{
	size_t bytes = 0;

	for (const struct alloc_piece *piece = pool->free; piece != NULL; piece = piece->next)
		bytes += piece->size;
	return bytes;
}
