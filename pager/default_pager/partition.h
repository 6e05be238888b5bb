/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paging space: partitions, each a file whose blocks were allocated beforehand, as a list of where they lie on a device
 * (GD91 §5.2), and a bit for each of its pages.
 *
 *   1. A page of the partition is free, in use by one page of one object, or bad: a write to it has failed, and it is
 *      never given out again.
 *   2. The file's block list does not change, and needs no file system to be read.
 */
#pragma once
#include "env.h"

/* A page of the paging space: partition in the upper 8 bits, page of it in the lower 24; or one of these. */
typedef uint32_t block_t;
#define BLOCK_NONE ((block_t)~0u)       /* never written */
#define BLOCK_LOST ((block_t)~1u)       /* written, but there was no room or no disk: its contents are gone */
static inline bool block_is_place(block_t block) { return block < BLOCK_LOST; }

enum { PARTITIONS_MAX = 4, PARTITION_PAGES_MAX = 1 << 24 };

/* Blocks of a file on a device: sectors[i] is where its block number i begins. */
struct paging_file {
	mach_port_t device;
	uint32_t block_shift;           /* log2 bytes, at least that of a page */
	uint32_t pages;                 /* whole ones */
	uint32_t *sectors;
};

void partitions_init(void);
/* The file becomes paging space, and its list the pager's. KERN_RESOURCE_SHORTAGE: no memory for the bits, or
 * PARTITIONS_MAX are there. */
kern_return_t partition_add(const struct paging_file *file);
/* A free page; BLOCK_NONE if there is none. Never waits. */
block_t partition_allocate(void);
void partition_free(block_t block);
/* A page that could not be written: it stays allocated to nobody. */
void partition_retire(block_t block);
/* Where a page lies: the device and the first of its sectors. */
void partition_place(block_t block, mach_port_t *device, uint32_t *sector);
/* Pages in all, and free ones. */
void partition_info(uint32_t *total, uint32_t *free);
