/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the pages of an object are in the paging space: a table of an entry a page; of a larger object, a table of such
 * tables, each made when the first of its pages is written.
 *
 *   1. A page that the kernel has written is never taken for one that it has not: where there is no room for it, or for
 *      a table, it is lost, and who asks for it is told (BLOCK_LOST).
 */
#pragma once
#include "pager/default_pager/partition.h"

enum { PAGE_MAP_TABLE = 64 /* entries of a table, and pages of an object that has only one */ };

struct page_map {
	struct mutex lock;
	uint32_t pages;
	union {
		block_t *direct;            /* pages <= PAGE_MAP_TABLE */
		block_t **indirect;
	};
};

/* False: no memory. */
bool page_map_init(struct page_map *map, uint32_t pages);
/* Gives back all blocks, and the tables. */
void page_map_destroy(struct page_map *map);
/* The page's place; BLOCK_NONE too if the object is not so large. */
block_t page_map_lookup(struct page_map *map, uint32_t page);
/* The page's place, or, if it has none, a new one, which it has from now on (*fresh). BLOCK_NONE: the paging space is
 * full, the object is not so large, or there is no memory for a table. Waits for memory only if the thread is not
 * privileged. */
block_t page_map_obtain(struct page_map *map, uint32_t page, bool *fresh);
/* The page's contents are lost, if `block` is still what the map has for it; false: it is not. It is not freed. */
bool page_map_lose(struct page_map *map, uint32_t page, block_t block);
