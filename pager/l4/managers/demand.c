/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demand: a pager with fewer frames than pages (L95 §3).  Its region has DEMAND_PAGES pages; DEMAND_FRAMES of them are
 * in frames at a time, the others in backing store, which here is memory of its own.
 *
 *              fault                               first write fault
 *   stored --load--> clean, given for reading --------make_dirty-----> dirty, given for writing
 *     ^                  |                                               |
 *     '------evict-------+---------------evict, written back-------------'
 *
 * Invariants
 *   1. a page in no frame is mapped to nobody: evict flushes before it copies.
 *   2. a clean page is given without the right to write, so its copy in the store is true.
 *   3. frames are evicted in the order in which they were loaded.
 */
#include "pager/l4/managers/server.h"

enum { NO_PAGE = DEMAND_PAGES };

static uint8_t frame[DEMAND_FRAMES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint8_t store[DEMAND_PAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static struct {
	unsigned page;
	bool dirty;
} content[DEMAND_FRAMES];
static unsigned next_victim;
static uint32_t requests, evictions, write_backs;

static void flush(unsigned f)
{
	l4_fpage_unmap(L4_FPAGE(frame[f], L4_PAGE_SHIFT, 0), L4_UNMAP_ALL | L4_UNMAP_OTHERS);
}

static void evict(unsigned f)
{
	if (content[f].page == NO_PAGE)
		return;
	flush(f);
	evictions++;
	if (content[f].dirty) {
		memcpy(store[content[f].page], frame[f], PAGE_SIZE);
		write_backs++;
	}
	content[f].page = NO_PAGE;
}

static unsigned load(unsigned page)
{
	unsigned f = next_victim;

	next_victim = (next_victim + 1) % DEMAND_FRAMES;
	evict(f);
	memcpy(frame[f], store[page], PAGE_SIZE);
	content[f].page = page;
	content[f].dirty = false;
	return f;
}

/* The frame that holds a page, DEMAND_FRAMES if none does. */
static unsigned frame_of(unsigned page)
{
	unsigned f = 0;

	while (f < DEMAND_FRAMES && content[f].page != page)
		f++;
	return f;
}

static uint32_t count(uint32_t which)
{
	switch (which) {
	case MANAGER_REQUESTS: return requests;
	case MANAGER_EVICTIONS: return evictions;
	case MANAGER_WRITE_BACKS: return write_backs;
	default: return 0;
	}
}

static uint32_t flush_page(unsigned page)
{
	unsigned f = page < DEMAND_PAGES ? frame_of(page) : DEMAND_FRAMES;

	if (f == DEMAND_FRAMES)
		return 0;
	flush(f);
	return 1;
}

static uint32_t page_in(uintptr_t address, bool write, uint32_t *w0, uint32_t *w1)
{
	unsigned page = (address - DEMAND_REGION) / PAGE_SIZE, f;

	if (address < DEMAND_REGION || page >= DEMAND_PAGES)
		return manager_refuse(w0, w1);
	requests++;
	f = frame_of(page);
	if (f == DEMAND_FRAMES)
		f = load(page);
	content[f].dirty |= write;
	return manager_give(address, frame[f], content[f].dirty ? L4_FPAGE_WRITE : 0, w0, w1);
}

static uint32_t answer(uint32_t *w0, uint32_t *w1)
{
	if (*w0 == MANAGER_COUNT)
		return manager_number(count(*w1), w0, w1);
	if (*w0 == MANAGER_FLUSH)
		return manager_number(flush_page(*w1), w0, w1);
	return page_in(l4_fault_address(*w0), l4_is_write_fault(*w0), w0, w1);
}

int program_main(void)
{
	for (unsigned page = 0; page < DEMAND_PAGES; page++)
		*(uint32_t *)store[page] = DEMAND_CONTENT(page);
	for (unsigned f = 0; f < DEMAND_FRAMES; f++)
		content[f].page = NO_PAGE;
	manager_serve(answer);
}
