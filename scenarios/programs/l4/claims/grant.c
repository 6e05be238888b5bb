/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * S-L1, L95 §2.1, the granting example: F grants to A what f1 maps to it; flushing by F is impossible, by f1 affects A,
 * by the standard pager affects f1 and A.  A is this program.
 */
#include "pager/lib/l4/region.h"
#include "pager/l4/managers/protocol.h"
#include "scenarios/programs/l4/claims/claims.h"

static l4_threadid_t standard, f1, f2, unified;
static unsigned files;

static volatile uint32_t *file_word(unsigned page)
{
	return (volatile uint32_t *)(FILES_REGION + page * PAGE_SIZE);
}

/* Whether reading a page of the unified file system faults; the content is checked besides. */
static bool read_faults(unsigned page, uint32_t expected)
{
	uint32_t before = region_faults(files);
	uint32_t word = *file_word(page);

	return word == expected && region_faults(files) == before + 1;
}

static bool read_is_silent(unsigned page, uint32_t expected)
{
	uint32_t before = region_faults(files);
	uint32_t word = *file_word(page);

	return word == expected && region_faults(files) == before;
}

void claims_grant(void)
{
	const uint32_t first = DEMAND_CONTENT(F1_FIRST), other = DEMAND_CONTENT(F2_FIRST);
	uint32_t f1_faults;

	standard = program_find("demand");
	f1 = program_find("fs-f1");
	f2 = program_find("fs-f2");
	unified = program_find("fs");
	region_open();
	files = region_add(FILES_REGION, FILES_REGION + FILES_PAGES * PAGE_SIZE, unified);
	claim(read_faults(0, first), "grant example: A reads a page of f1 through F");
	claim(read_faults(FILE_PAGES, other), "grant example: and one of f2");
	claim(read_is_silent(0, first) && read_is_silent(FILE_PAGES, other), "grant example: A has both now");
	helper_call(unified, MANAGER_FLUSH, 0, NULL);
	claim(read_is_silent(0, first), "grant example: flushing by F does nothing to A: F has the page no longer");
	helper_call(f1, MANAGER_FLUSH, 0, NULL);
	claim(read_is_silent(FILE_PAGES, other), "grant example: flushing by f1 leaves what is f2's");
	f1_faults = helper_call(f1, MANAGER_COUNT, MANAGER_FAULTS, NULL);
	claim(read_faults(0, first), "grant example: and affects A");
	claim(helper_call(f1, MANAGER_COUNT, MANAGER_FAULTS, NULL) == f1_faults,
	      "grant example: but not f1, which still has the page");
	claim(helper_call(standard, MANAGER_FLUSH, F1_FIRST, NULL) == 1,
	      "grant example: the standard pager has it in a frame");
	claim(read_faults(0, first), "grant example: flushing by the standard pager affects A");
	claim(helper_call(f1, MANAGER_COUNT, MANAGER_FAULTS, NULL) == f1_faults + 1, "grant example: and f1");
	claim(helper_call(f2, MANAGER_COUNT, MANAGER_FAULTS, NULL) == 1, "grant example: and f2 never");
}
