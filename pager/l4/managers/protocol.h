/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What memory managers here answer, beside page faults (and calls that look like them: word 0 = address | 2 to write).
 * Codes are odd, so none is a page fault's.
 *
 *   word 0           word 1          answer, word 0
 *   MANAGER_FLUSH    page's number   how many pages were flushed: the page is taken from all who have it from here
 *   MANAGER_COUNT    MANAGER_...     a count
 *
 * Each manager's region lies at the same address in every space that uses it.
 */
#pragma once

#define MANAGER_FLUSH 0xffff9001u
#define MANAGER_COUNT 0xffff9005u

enum { MANAGER_REQUESTS, MANAGER_EVICTIONS, MANAGER_WRITE_BACKS, MANAGER_FAULTS };

enum {
	DEMAND_REGION = 0x00a00000, DEMAND_PAGES = 32, DEMAND_FRAMES = 8,
	STACKED_REGION = 0x00b00000, STACKED_PAGES = 16, /* the first of the demand pager's; odd ones read-only */
	FILES_REGION = 0x00c00000, FILES_PAGES = 8,      /* the unified file system: f1's pages, then f2's */
	FILE_PAGES = 4,                                  /* of f1 and f2 each, from these pages of the demand pager: */
	F1_FIRST = 16, F2_FIRST = 24,
};
#define DEMAND_CONTENT(page_) (0xbac00000u + (uint32_t)(page_)) /* first word of each page at the start */
