/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables in the form that the refill handler walks and the TLB takes (walk.h; L95 §5).
 *
 *   1. A page table of a space has a page of links beside it; an entry is valid if and only if its link is there.
 *   2. What is not valid is 0.
 *   3. No entry of a space changes without the TLB being told; not even one that was 0, since the TLB may have that.
 *   4. Frames that are no memory are the ISA window's: uncached, and σ0's to give, for there are no ports here.
 */
#include "asid.h"
#include "base/panic.h"
#include "cp0.h"
#include "cpu.h"
#include "l4/space.h"
#include "layout.h"
#include "probe.h"
#include "tlb.h"

enum { ENTRIES = 1024, MEMORY_FRAMES = WINDOW_SIZE >> PAGE_SHIFT };
enum { DEVICE_FRAME = ISA_WINDOW >> PAGE_SHIFT, DEVICE_FRAMES = ISA_WINDOW_SIZE >> PAGE_SHIFT };

extern uint8_t kernel_begin[], kernel_end[];

static uint32_t *no_table;                 /* all 0 */
static uint32_t memory_pages, pool_page;
static uint32_t frame_has_tree[(MEMORY_FRAMES + DEVICE_FRAMES + 31) / 32];

static bool is_device(page_t frame) { return frame - DEVICE_FRAME < DEVICE_FRAMES; }

static struct space_root *make_root(void)
{
	struct space_root *root = kmem_page();
	if (!root)
		return NULL;
	for (unsigned i = 0; i < SPACE_TABLES; i++)
		root->table[i] = no_table;
	root->entry_hi = NO_ASID;
	return root;
}

void pmap_init(uint32_t memory_size, uint32_t small)
{
	(void)small;
	memory_pages = memory_size >> PAGE_SHIFT;
	pool_page = memory_pages - kmem_pages_free();
	no_table = kmem_page();
	struct space_root *nobodys = no_table ? make_root() : NULL;
	if (!nobodys)
		panic("no memory to begin with");
	tlb_init();
	asid_init(nobodys);
	MUK_VALUE("tlb_entries", tlb_entries);
	MUK_VALUE("tlb_asids", tlb_asids);
}

bool pmap_frame_is_memory(page_t frame)
{
	if (is_device(frame))
		return true;
	if (frame == 0 || frame >= pool_page)
		return false;
	return frame < ((uint32_t)kernel_begin - WINDOW_BASE) >> PAGE_SHIFT ||
	       frame >= ((uint32_t)kernel_end - WINDOW_BASE) >> PAGE_SHIFT;
}

/* --- Spaces --- */

struct space *pmap_create(uint32_t task)
{
	if (kmem_pages_free() < 2)
		return NULL;
	struct space *space = kmem_page();
	space->root = make_root();
	space->task = task;
	return space;
}

void pmap_destroy(struct space *space)
{
	space_forget(space->root);
	for (unsigned i = 0; i < SPACE_TABLES; i++) {
		if (!space->memory_links[i])
			continue;
		kmem_page_free(space->memory_links[i]);
		kmem_page_free(space->root->table[i]);
	}
	kmem_page_free(space->root);
	kmem_page_free(space);
}

/* The 1024 links that a page is among, NULL if the space has none of them: of ports never. */
static struct mapping **links_of(struct space *space, page_t page)
{
	const unsigned table = page / ENTRIES;
	return table < SPACE_TABLES ? space->memory_links[table] : NULL;
}

page_t pmap_next(struct space *space, page_t page, page_t limit)
{
	while (page < limit) {
		struct mapping *const *links = links_of(space, page);
		const page_t end = (page | (ENTRIES - 1)) + 1;
		if (links)
			for (; page < end && page < limit; page++)
				if (links[page % ENTRIES])
					return page;
		page = end;
	}
	return limit;
}

static uint32_t *entry_of(const struct space *space, page_t page)
{
	return &space->root->table[page / ENTRIES][page % ENTRIES];
}

void *pmap_user_pointer(struct space *space, uint32_t address, bool write)
{
	if (address >= USER_END)
		return NULL;
	const uint32_t entry = *entry_of(space, address >> PAGE_SHIFT);
	if (!(entry & ENTRY_LO_VALID) || (write && !(entry & ENTRY_LO_DIRTY)))
		return NULL;
	const uint32_t frame = entry_lo_address(entry);
	const uint32_t segment = is_device(frame >> PAGE_SHIFT) ? KSEG1_BASE : WINDOW_BASE;
	return (char *)(segment + frame + (address & (PAGE_SIZE - 1)));
}

/* --- What mapping trees stand on (l4/mapping.h) --- */

static bool add_table(struct space *space, unsigned index)
{
	if (kmem_pages_free() < 2)
		return false;
	space->memory_links[index] = kmem_page();
	space->root->table[index] = kmem_page();
	return true;
}

static void set_entry(struct space *space, page_t page, uint32_t entry)
{
	*entry_of(space, page) = entry;
	space_forget_page(space->root, page << PAGE_SHIFT);
}

struct mapping *pmap_mapping(struct space *space, page_t page)
{
	struct mapping *const *links = links_of(space, page);
	return links ? links[page % ENTRIES] : NULL;
}

enum rights pmap_rights(struct space *space, page_t page)
{
	return *entry_of(space, page) & ENTRY_LO_DIRTY ? RIGHTS_ALL : RIGHT_READ;
}

page_t pmap_frame(struct space *space, page_t page)
{
	return entry_lo_address(*entry_of(space, page)) >> PAGE_SHIFT;
}

static uint32_t tree_bit(page_t frame)
{
	return is_device(frame) ? MEMORY_FRAMES + frame - DEVICE_FRAME : frame;
}

bool pmap_enter(struct space *space, page_t page, page_t frame, enum rights rights, struct mapping *mapping)
{
	const unsigned index = page / ENTRIES;
	if (page >= USER_END >> PAGE_SHIFT)
		return false;
	if (!space->memory_links[index] && !add_table(space, index))
		return false;
	const uint32_t cached = is_device(frame) ? ENTRY_LO_UNCACHED : ENTRY_LO_CACHED;
	const uint32_t dirty = rights & RIGHT_WRITE ? ENTRY_LO_DIRTY : 0, bit = tree_bit(frame);
	set_entry(space, page, entry_lo(frame << PAGE_SHIFT, ENTRY_LO_VALID | cached | dirty));
	space->memory_links[index][page % ENTRIES] = mapping;
	frame_has_tree[bit / 32] |= 1u << bit % 32;
	return true;
}

void pmap_remove(struct space *space, page_t page)
{
	space->memory_links[page / ENTRIES][page % ENTRIES] = NULL;
	set_entry(space, page, 0);
}

void pmap_protect(struct space *space, page_t page, enum rights rights)
{
	const uint32_t entry = *entry_of(space, page) & ~(uint32_t)ENTRY_LO_DIRTY;
	set_entry(space, page, entry | (rights & RIGHT_WRITE ? ENTRY_LO_DIRTY : 0));
}

void pmap_frame_free(page_t frame)
{
	const uint32_t bit = tree_bit(frame);
	frame_has_tree[bit / 32] &= ~(1u << bit % 32);
}

bool pmap_frame_has_tree(page_t frame)
{
	const uint32_t bit = tree_bit(frame);
	return frame_has_tree[bit / 32] >> bit % 32 & 1;
}

/* --- Small spaces: what tags give for nothing, segments need not --- */

bool pmap_make_small(struct space *space)
{
	(void)space;
	return false;
}

void pmap_make_large(struct space *space) { (void)space; }
uint32_t pmap_slot_size(void) { return 0; }
