/* SPDX-License-Identifier: GPL-2.0-or-later */
/* S-L4, L95 §2.1, §3: sigma0 owns all memory at first, other spaces are empty; a demand pager, and a pager on a
 * pager. */
#include "pager/lib/l4/region.h"
#include "pager/l4/managers/protocol.h"
#include "scenarios/programs/l4/claims/claims.h"

static l4_threadid_t demand, stacked;
static unsigned demanded, access_controlled;

static volatile uint32_t *word_of(uint32_t region, unsigned page)
{
	return (volatile uint32_t *)(region + page * PAGE_SIZE);
}

static uint32_t count(l4_threadid_t manager, uint32_t which)
{
	return helper_call(manager, MANAGER_COUNT, which, NULL);
}

/* Reads all pages of a region; how many had what they had at the start, plus `more`. */
static unsigned read_all(uint32_t region, unsigned pages, uint32_t more)
{
	unsigned right = 0;

	for (unsigned page = 0; page < pages; page++)
		right += *word_of(region, page) == DEMAND_CONTENT(page) + more;
	return right;
}

static void states_sigma0(void)
{
	uint32_t w0 = L4_SIGMA0_FREE_PAGE, w1 = 0;
	const uint32_t anywhere = L4_IPC_RECEIVE_WINDOW(L4_FPAGE_ALL);
	l4_msgdope_t dope = l4_ipc_call(program_pager(), L4_IPC_SHORT, &w0, &w1, anywhere, L4_NEVER);
	uint32_t first = l4_fpage_address(w1);

	claim(l4_dope_error(dope) == 0 && (dope & L4_DOPE_FPAGE),
	      "sigma0: a free page can be had, by way of the pager");
	*(volatile uint32_t *)first = 0x516;
	claim(*(volatile uint32_t *)first == 0x516, "sigma0: and used");
	w0 = L4_SIGMA0_FREE_PAGE;
	w1 = 0;
	l4_ipc_call(program_pager(), L4_IPC_SHORT, &w0, &w1, anywhere, L4_NEVER);
	claim(l4_fpage_address(w1) != first, "sigma0: the next one is another");
}

static void states_demand(void)
{
	claim(region_faults(demanded) == 0, "demand pager: the region is empty at first");
	claim(read_all(DEMAND_REGION, DEMAND_PAGES, 0) == DEMAND_PAGES, "demand pager: every page has its content");
	claim(region_faults(demanded) == DEMAND_PAGES, "demand pager: each was brought in by one fault");
	claim(count(demand, MANAGER_EVICTIONS) >= DEMAND_PAGES - DEMAND_FRAMES,
	      "demand pager: with fewer frames than pages");
	for (unsigned page = 0; page < DEMAND_PAGES; page++)
		*word_of(DEMAND_REGION, page) += 1000;
	claim(read_all(DEMAND_REGION, DEMAND_PAGES, 1000) == DEMAND_PAGES,
	      "demand pager: what was written is read again");
	claim(count(demand, MANAGER_WRITE_BACKS) >= DEMAND_PAGES - DEMAND_FRAMES,
	      "demand pager: from the backing store");
}

static void states_stacked(void)
{
	uint32_t faults;

	claim(read_all(STACKED_REGION, STACKED_PAGES, 1000) == STACKED_PAGES,
	      "stacked pager: gives the pages of the one below");
	*word_of(STACKED_REGION, 0) += 1;
	claim(*word_of(DEMAND_REGION, 0) == DEMAND_CONTENT(0) + 1001, "stacked pager: it is the same memory");
	claim(!region_request(stacked, STACKED_REGION + PAGE_SIZE, true),
	      "stacked pager: and refuses to let the odd ones be written");
	(void)*word_of(STACKED_REGION, 2);
	faults = region_faults(access_controlled);
	(void)*word_of(STACKED_REGION, 2);
	claim(region_faults(access_controlled) == faults, "stacked pager: a page that is there does not fault");
	helper_call(stacked, MANAGER_FLUSH, 2, NULL);
	(void)*word_of(STACKED_REGION, 2);
	claim(region_faults(access_controlled) == faults + 1, "stacked pager: flushing by it takes the page away");
	helper_call(demand, MANAGER_FLUSH, 2, NULL);
	(void)*word_of(STACKED_REGION, 2);
	claim(region_faults(access_controlled) == faults + 2, "stacked pager: and so does flushing by the one below");
}

void claims_pagers(void)
{
	demand = program_find("demand");
	stacked = program_find("stacked");
	states_sigma0();
	region_open();
	demanded = region_add(DEMAND_REGION, DEMAND_REGION + DEMAND_PAGES * PAGE_SIZE, demand);
	access_controlled = region_add(STACKED_REGION, STACKED_REGION + STACKED_PAGES * PAGE_SIZE, stacked);
	states_demand();
	states_stacked();
}
