/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces: page tables with, beside each, the table of links from its entries to the nodes of mapping trees;
 * and I/O ports the same way, where there are any.
 */
#pragma once
#include "base/list.h"
#include "base/memory.h"
#include "l4/mapping.h"
#include "l4/types.h"
#include "space_tables.h"

/* One page of kernel memory. */
struct space {
	SPACE_FIRST_WORDS        /* the architecture's tables (space_tables.h) */
	uint32_t task;
	uint32_t threads;        /* one more than the highest number of a thread that it ever had */
};
_Static_assert(sizeof(struct space) <= PAGE_SIZE, "a space is a page");

/* --- Page tables (arch: pmap.c) --- */

/* For memory of this size in bytes; slots of small spaces, bytes each, 0: none. */
void pmap_init(uint32_t memory_size, uint32_t slot_size);
/* An empty space, NULL without memory. */
struct space *pmap_create(uint32_t task);
/* All its pages must have been unmapped. */
void pmap_destroy(struct space *space);
/* The first page at or after this one, below limit, that the space has; limit if there is none. */
page_t pmap_next(struct space *space, page_t page, page_t limit);
/* The kernel's address of a user's byte, NULL if the page is not there or not writable when `write`. */
void *pmap_user_pointer(struct space *space, uint32_t address, bool write);
/* Whether a frame is memory that users may have, or a device's that σ0 may. */
bool pmap_frame_is_memory(page_t frame);
/* Whether somebody has the frame now: then it has a mapping tree. */
bool pmap_frame_has_tree(page_t frame);

/* --- Small spaces: moving in and out of a slot; false: no such spaces, no free slot, or it does not fit. --- */
bool pmap_make_small(struct space *space);
void pmap_make_large(struct space *space);
/* Bytes of a small space; 0: new ones are large. */
uint32_t pmap_slot_size(void);

/* --- σ0 and fpages (l4/space.c) --- */
extern struct space *sigma0_space;
/* A page that σ0 has by construction comes to be when somebody first asks for it. True: it is there now. */
bool space_touch_sigma0(page_t page);
/* Delivers the pages of a map message. Result: 0, or L4_REMAPFAILED when memory ran out. */
l4_u32 space_map(struct space *from, struct space *to, l4_u32 hot_spot, l4_fpage_t fpage, l4_fpage_t window);
void space_unmap(struct space *space, l4_fpage_t fpage, l4_u32 flags);
/* Takes everything from a space. */
void space_clear(struct space *space);
