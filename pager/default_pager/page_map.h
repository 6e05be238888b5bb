/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the pages of an object are in the paging space: a table of an entry a page; of a larger object, a table of such
 * tables, each made when the first of its pages is written.
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
/* Makes sure that page_map_set has a table to write to; false: no memory, or the object is not so large. Waits for
 * memory only if the thread is not privileged. */
bool page_map_prepare(struct page_map *map, uint32_t page);
/* The page's place from now on. Result: what it was. */
block_t page_map_set(struct page_map *map, uint32_t page, block_t block);
