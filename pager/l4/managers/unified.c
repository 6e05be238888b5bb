/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * F: combines the file systems f1 and f2 into one (L95 §2.1, the example of granting).  A page that f1 or f2 maps to
 * it, it grants to the user: the page disappears from here, and F needs no room and no book-keeping for what has passed
 * through it.  So F cannot flush such a page: it has not got it.
 */
#include "pager/lib/l4/region.h"
#include "pager/l4/managers/server.h"

static l4_threadid_t file_system[2];
static uint32_t requests;

static uint32_t give(uintptr_t address, uint32_t *w0, uint32_t *w1)
{
	unsigned n = (address - FILES_REGION) / PAGE_SIZE;
	uintptr_t page = address & ~(uintptr_t)(PAGE_SIZE - 1);

	if (address < FILES_REGION || n >= FILES_PAGES || !region_request(file_system[n / FILE_PAGES], page, false))
		return manager_refuse(w0, w1);
	requests++;
	return manager_give(address, (void *)page, L4_FPAGE_GRANT, w0, w1);
}

/* Flushes its own page at that place, and says that it has tried: 1. */
static uint32_t flush(unsigned n)
{
	if (n >= FILES_PAGES)
		return 0;
	l4_fpage_unmap(L4_FPAGE(FILES_REGION + n * PAGE_SIZE, L4_PAGE_SHIFT, 0), L4_UNMAP_ALL | L4_UNMAP_OTHERS);
	return 1;
}

static uint32_t answer(uint32_t *w0, uint32_t *w1)
{
	if (*w0 == MANAGER_COUNT)
		return manager_number(requests, w0, w1);
	if (*w0 == MANAGER_FLUSH)
		return manager_number(flush(*w1), w0, w1);
	return give(l4_fault_address(*w0), w0, w1);
}

int program_main(void)
{
	file_system[0] = program_find("fs-f1");
	file_system[1] = program_find("fs-f2");
	manager_serve(answer);
}
