/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * f1 and f2: two file systems, implemented as pagers that operate on top of the standard pager (L95 §2.1, the example
 * of granting).  Each has a file of FILE_PAGES pages, which are pages of the demand pager.  One source, two
 * programs: the argument first=N says which page of the demand pager is the file's first.
 */
#include "pager/lib/l4/region.h"
#include "pager/l4/managers/server.h"

static unsigned below, first;

static volatile uint8_t *file_page(unsigned n)
{
	return (volatile uint8_t *)(uintptr_t)(DEMAND_REGION + (first + n) * PAGE_SIZE);
}

/* Asked at the address of page n of the unified file system; n modulo FILE_PAGES is the file's page. */
static uint32_t give(uintptr_t address, uint32_t *w0, uint32_t *w1)
{
	unsigned n = (address - FILES_REGION) / PAGE_SIZE;

	if (address < FILES_REGION || n >= FILES_PAGES)
		return manager_refuse(w0, w1);
	(void)*file_page(n % FILE_PAGES);
	return manager_give(address, file_page(n % FILE_PAGES), 0, w0, w1);
}

static uint32_t flush(unsigned n)
{
	if (n >= FILE_PAGES)
		return 0;
	l4_fpage_unmap(L4_FPAGE(file_page(n), L4_PAGE_SHIFT, 0), L4_UNMAP_ALL | L4_UNMAP_OTHERS);
	return 1;
}

static uint32_t answer(uint32_t *w0, uint32_t *w1)
{
	if (*w0 == MANAGER_COUNT)
		return manager_number(region_faults(below), w0, w1);
	if (*w0 == MANAGER_FLUSH)
		return manager_number(flush(*w1), w0, w1);
	return give(l4_fault_address(*w0), w0, w1);
}

int program_main(void)
{
	first = argument_number("first", F1_FIRST);
	region_open();
	below = region_add(DEMAND_REGION, DEMAND_REGION + DEMAND_PAGES * PAGE_SIZE, program_find("demand"));
	manager_serve(answer);
}
