/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a space consists of here, and functions of pmap.c that this architecture alone has.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
	SPACE_TABLES = 512,      /* page tables of the user's part */
	SPACE_PORT_TABLES = 64,  /* of 1024 ports each */
};

#define SPACE_FIRST_WORDS                                                                               \
	struct mapping **memory_links[SPACE_TABLES]; /* each a page of 1024 links, or NULL */           \
	struct mapping **port_links[SPACE_PORT_TABLES];                                                 \
	struct list on_spaces;                                                                          \
	uint32_t *directory;                                                                            \
	uint32_t directory_frame; /* physical address, for CR3 */                                       \
	uint32_t *bitmap_table;   /* the page table at BITMAP_BASE, NULL if the space has no ports */   \
	uint8_t *bitmap[2];       /* its two pages */                                                   \
	uint32_t ports;           /* how many it has */                                                 \
	uint32_t slot;            /* small space number, from 1; 0: large */

uint32_t pmap_kernel_directory(void);
uint32_t pmap_slot_base(uint32_t slot);
/* Puts the page of a thread control block behind an address that was touched: a page of zeroes that all
 * share for reading, one of its own for writing. False: no memory. */
bool pmap_touch_tcb(uint32_t address, bool write);
