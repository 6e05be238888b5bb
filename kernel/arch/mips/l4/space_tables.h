/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a space consists of here: a root of page tables that the refill handler walks, and beside each table its links.
 * A page table is a page of 1024 EntryLo words.
 */
#pragma once
#include <stdint.h>

enum { SPACE_TABLES = 512 }; /* of the user's part */

/* One page of kernel memory. */
struct space_root {
	uint32_t *table[SPACE_TABLES]; /* never NULL: where there is none, one of zeroes is for all */
	uint32_t entry_hi;             /* with the space's ASID, and no page; NO_ASID: it has none now (asid.h) */
};

#define NO_ASID 0x80000000u            /* negative: what assembly looks for */

#define SPACE_FIRST_WORDS                                                                       \
	struct mapping **memory_links[SPACE_TABLES]; /* each a page of 1024 links, or NULL */   \
	struct space_root *root;
