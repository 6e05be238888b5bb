/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stacked: a pager that stands on another (L95 §3: stacked pagers combine access control with existing pagers).  It
 * gives the first STACKED_PAGES pages of the demand pager, the odd ones for reading only.  It keeps no book of who has
 * what: when the pager below takes a page away, it disappears here and from everybody who had it from here.
 */
#include "pager/lib/l4/region.h"
#include "pager/l4/managers/server.h"
#include "atomic.h"

static uint32_t requests;
static unsigned below;

static volatile uint8_t *page_below(unsigned page)
{
	return (volatile uint8_t *)(uintptr_t)(DEMAND_REGION + page * PAGE_SIZE);
}

/* Makes sure that the page is here: reading, or writing what it already has, faults if it is not. */
static void fetch(unsigned page, bool write)
{
	volatile uint32_t *word = (volatile uint32_t *)page_below(page);

	if (write)
		write_same(word);
	else
		(void)*word;
}

static uint32_t give(uintptr_t address, bool write, uint32_t *w0, uint32_t *w1)
{
	unsigned page = (address - STACKED_REGION) / PAGE_SIZE;

	if (address < STACKED_REGION || page >= STACKED_PAGES || (write && page % 2 == 1))
		return manager_refuse(w0, w1);
	requests++;
	fetch(page, write);
	return manager_give(address, page_below(page), write ? L4_FPAGE_WRITE : 0, w0, w1);
}

static uint32_t flush(unsigned page)
{
	if (page >= STACKED_PAGES)
		return 0;
	l4_fpage_unmap(L4_FPAGE(page_below(page), L4_PAGE_SHIFT, 0), L4_UNMAP_ALL | L4_UNMAP_OTHERS);
	return 1;
}

static uint32_t answer(uint32_t *w0, uint32_t *w1)
{
	if (*w0 == MANAGER_COUNT)
		return manager_number(*w1 == MANAGER_FAULTS ? region_faults(below) : requests, w0, w1);
	if (*w0 == MANAGER_FLUSH)
		return manager_number(flush(*w1), w0, w1);
	return give(l4_fault_address(*w0), l4_is_write_fault(*w0), w0, w1);
}

int program_main(void)
{
	region_open();
	below = region_add(DEMAND_REGION, DEMAND_REGION + DEMAND_PAGES * PAGE_SIZE, program_find("demand"));
	manager_serve(answer);
}
