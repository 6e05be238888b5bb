/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables, I/O permission bitmaps and small spaces: what layout.h draws (386 manual ch. 5 and 8.3, L95 §4.1.2, §5).
 *
 *   1. All page directories agree from USER_END up, but for the entry at BITMAP_BASE: a change there is made in all
 *      at once. So a space switch changes the I/O permissions by itself, and kernel addresses never fault but for TCBs.
 *   2. A page table of a space has a page of links beside it; an entry is present if and only if its link is.
 *   3. A small space keeps its own page directory up to date; its page tables hang in its slot of all directories too.
 *   4. A space with ports is large: under another's page directory it would not have them.
 *   5. No entry of a space is lowered without the TLB being told, wherever that space can be seen now.
 */
#include "arch/x86/cpu.h"
#include "arch/x86/l4/layout.h"
#include "arch/x86/l4/segments.h"
#include "arch/x86/tlb.h"
#include "base/panic.h"
#include "l4/kip.h"
#include "l4/space.h"
#include "l4/tcb.h"

enum { PRESENT = 1, WRITABLE = 2, USER = 4, ENTRIES = 1024, TABLE_SHIFT = 22, SLOTS = 64 };
#define FRAME_MASK 0xfffff000u

extern uint32_t boot_directory[ENTRIES];
extern uint8_t kernel_begin[], kernel_end[];

static struct list spaces;
static uint32_t memory_pages, pool_page;
static uint32_t slot_size;
static struct space *slot_owner[SLOTS + 1];
static uint32_t *no_ports_table;
static uint8_t *zero_page;
static uint32_t frame_has_tree[(PAGE_COUNT - PAGE_PORT + (WINDOW_SIZE >> PAGE_SHIFT)) / 32];

static uint32_t frame_of(const void *page) { return (uint32_t)page - WINDOW_BASE; }
static void *page_of(uint32_t entry) { return (void *)((entry & FRAME_MASK) + WINDOW_BASE); }

/* --- What all directories share --- */

static void set_shared_entry(unsigned index, uint32_t entry)
{
	boot_directory[index] = entry;
	for (struct list *l = spaces.next; l != &spaces; l = l->next)
		LIST_OWNER(l, struct space, on_spaces)->directory[index] = entry;
}

static uint32_t *shared_table(uint32_t address)
{
	uint32_t entry = boot_directory[address >> TABLE_SHIFT];
	if (!(entry & PRESENT)) {
		void *table = kmem_page();
		if (!table)
			return NULL;
		entry = frame_of(table) | PRESENT | WRITABLE;
		set_shared_entry(address >> TABLE_SHIFT, entry);
	}
	return page_of(entry);
}

/* Every port forbidden: three times the same page of ones. */
static void init_bitmap(void)
{
	uint8_t *ones = kmem_page();
	no_ports_table = kmem_page();
	if (!ones || !no_ports_table)
		panic("no memory to begin with");
	memset(ones, 0xff, PAGE_SIZE);
	for (unsigned i = 0; i < 3; i++)
		no_ports_table[i] = frame_of(ones) | PRESENT | WRITABLE;
	set_shared_entry(BITMAP_BASE >> TABLE_SHIFT, frame_of(no_ports_table) | PRESENT | WRITABLE);
}

void pmap_init(uint32_t memory_size, uint32_t small)
{
	list_init(&spaces);
	memory_pages = memory_size >> PAGE_SHIFT;
	pool_page = memory_pages - kmem_pages_free();
	slot_size = small;
	for (unsigned i = 0; i < USER_END >> TABLE_SHIFT; i++)
		boot_directory[i] = 0;
	zero_page = kmem_page();
	if (!zero_page)
		panic("no memory to begin with");
	init_bitmap();
	cr3_write(frame_of(boot_directory));
}

uint32_t pmap_kernel_directory(void) { return frame_of(boot_directory); }

bool pmap_frame_is_memory(page_t frame)
{
	if (frame >= PAGE_PORT)
		return frame < PAGE_COUNT;
	if (frame == 0 || frame >= pool_page)
		return false;
	return frame < frame_of(kernel_begin) >> PAGE_SHIFT || frame >= frame_of(kernel_end) >> PAGE_SHIFT;
}

bool pmap_touch_tcb(uint32_t address, bool write)
{
	uint32_t *table = shared_table(address);
	if (!table)
		return false;
	uint32_t *entry = &table[address >> PAGE_SHIFT & (ENTRIES - 1)];
	if (!write && !(*entry & PRESENT)) {
		*entry = frame_of(zero_page) | PRESENT;
	} else if (write && !(*entry & WRITABLE)) {
		void *page = kmem_page();
		if (!page)
			return false;
		*entry = frame_of(page) | PRESENT | WRITABLE;
	}
	tlb_forget(address);
	return true;
}

/* --- Spaces --- */

struct space *pmap_create(uint32_t task)
{
	if (kmem_pages_free() < 2)
		return NULL;
	struct space *space = kmem_page();
	space->directory = kmem_page();
	space->directory_frame = frame_of(space->directory);
	space->task = task;
	const unsigned shared = USER_END >> TABLE_SHIFT;
	memcpy(&space->directory[shared], &boot_directory[shared], (ENTRIES - shared) * sizeof(uint32_t));
	list_append(&spaces, &space->on_spaces);
	return space;
}

static void free_ports(struct space *space)
{
	for (unsigned i = 0; i < SPACE_PORT_TABLES; i++)
		if (space->port_links[i])
			kmem_page_free(space->port_links[i]);
	if (!space->bitmap_table)
		return;
	kmem_page_free(space->bitmap[0]);
	kmem_page_free(space->bitmap[1]);
	kmem_page_free(space->bitmap_table);
}

void pmap_destroy(struct space *space)
{
	if (space->slot)
		pmap_make_large(space);
	if (cr3_read() == space->directory_frame)
		segments_load_directory(pmap_kernel_directory());
	list_remove(&space->on_spaces);
	free_ports(space);
	for (unsigned i = 0; i < SPACE_TABLES; i++) {
		if (!space->memory_links[i])
			continue;
		kmem_page_free(space->memory_links[i]);
		kmem_page_free(page_of(space->directory[i]));
	}
	kmem_page_free(space->directory);
	kmem_page_free(space);
}

/* The 1024 links that a page is among, NULL if the space has none of them. */
static struct mapping **links_of(struct space *space, page_t page)
{
	const unsigned table = (page & (PAGE_PORT - 1)) / ENTRIES;
	if (page >= PAGE_PORT)
		return space->port_links[table];
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

void *pmap_user_pointer(struct space *space, uint32_t address, bool write)
{
	if (address >= USER_END)
		return NULL;
	const uint32_t directory_entry = space->directory[address >> TABLE_SHIFT];
	if (!(directory_entry & PRESENT))
		return NULL;
	const uint32_t *table = page_of(directory_entry);
	const uint32_t entry = table[address >> PAGE_SHIFT & (ENTRIES - 1)];
	if (!(entry & PRESENT) || (write && !(entry & WRITABLE)))
		return NULL;
	return (char *)page_of(entry) + (address & (PAGE_SIZE - 1));
}

/* --- Pages of memory --- */

static uint32_t *entry_of(struct space *space, page_t page)
{
	uint32_t *table = page_of(space->directory[page / ENTRIES]);
	return &table[page % ENTRIES];
}

static void forget(struct space *space, page_t page)
{
	if (space->slot)
		tlb_forget(pmap_slot_base(space->slot) + (page << PAGE_SHIFT));
	if (cr3_read() == space->directory_frame)
		tlb_forget(page << PAGE_SHIFT);
}

static bool add_table(struct space *space, unsigned index)
{
	if (kmem_pages_free() < 2)
		return false;
	space->memory_links[index] = kmem_page();
	space->directory[index] = frame_of(kmem_page()) | PRESENT | WRITABLE | USER;
	if (space->slot) {
		const uint32_t at = pmap_slot_base(space->slot) >> TABLE_SHIFT;
		set_shared_entry(at + index, space->directory[index]);
	}
	return true;
}

static bool enter_memory(struct space *space, page_t page, page_t frame, enum rights rights, struct mapping *mapping)
{
	const unsigned index = page / ENTRIES;
	if (page >= USER_END >> PAGE_SHIFT)
		return false;
	if (space->slot && page >= slot_size >> PAGE_SHIFT)
		pmap_make_large(space);
	if (!space->memory_links[index] && !add_table(space, index))
		return false;
	*entry_of(space, page) = frame << PAGE_SHIFT | PRESENT | USER | (rights & RIGHT_WRITE ? WRITABLE : 0);
	space->memory_links[index][page % ENTRIES] = mapping;
	return true;
}

/* --- Ports --- */

static bool add_bitmap(struct space *space)
{
	if (kmem_pages_free() < 3)
		return false;
	space->bitmap_table = kmem_page();
	memcpy(space->bitmap_table, no_ports_table, 3 * sizeof(uint32_t));
	for (unsigned i = 0; i < 2; i++) {
		space->bitmap[i] = memset(kmem_page(), 0xff, PAGE_SIZE);
		space->bitmap_table[i] = frame_of(space->bitmap[i]) | PRESENT | WRITABLE;
	}
	space->directory[BITMAP_BASE >> TABLE_SHIFT] = frame_of(space->bitmap_table) | PRESENT | WRITABLE;
	if (space->slot)
		pmap_make_large(space);
	segments_space_changed(space);
	if (cr3_read() == space->directory_frame) {
		const bool own = tcb_current()->space == space;
		segments_load_directory(own ? space->directory_frame : pmap_kernel_directory());
	}
	return true;
}

static bool enter_port(struct space *space, uint32_t port, struct mapping *mapping)
{
	const unsigned index = port / ENTRIES;
	if (!space->bitmap_table && !add_bitmap(space))
		return false;
	if (!space->port_links[index] && !(space->port_links[index] = kmem_page()))
		return false;
	space->port_links[index][port % ENTRIES] = mapping;
	space->bitmap[port >> 15][port >> 3 & (PAGE_SIZE - 1)] &= (uint8_t)~(1u << (port & 7));
	space->ports++;
	return true;
}

static void remove_port(struct space *space, uint32_t port)
{
	space->port_links[port / ENTRIES][port % ENTRIES] = NULL;
	space->bitmap[port >> 15][port >> 3 & (PAGE_SIZE - 1)] |= (uint8_t)(1u << (port & 7));
	space->ports--;
}

/* --- What mapping trees stand on (l4/mapping.h) --- */

struct mapping *pmap_mapping(struct space *space, page_t page)
{
	struct mapping *const *links = links_of(space, page);
	return links ? links[page % ENTRIES] : NULL;
}

enum rights pmap_rights(struct space *space, page_t page)
{
	if (page >= PAGE_PORT)
		return RIGHTS_ALL;
	return *entry_of(space, page) & WRITABLE ? RIGHTS_ALL : RIGHT_READ;
}

page_t pmap_frame(struct space *space, page_t page)
{
	return page >= PAGE_PORT ? page : *entry_of(space, page) >> PAGE_SHIFT;
}

/* The bit of a frame, or a port, in the table of those that have a tree. */
static uint32_t tree_bit(page_t frame)
{
	return frame >= PAGE_PORT ? (WINDOW_SIZE >> PAGE_SHIFT) + frame - PAGE_PORT : frame;
}

bool pmap_enter(struct space *space, page_t page, page_t frame, enum rights rights, struct mapping *mapping)
{
	const uint32_t bit = tree_bit(frame);
	if (page >= PAGE_PORT ? page != frame || !enter_port(space, page - PAGE_PORT, mapping)
	                      : !enter_memory(space, page, frame, rights, mapping))
		return false;
	frame_has_tree[bit / 32] |= 1u << bit % 32;
	return true;
}

void pmap_remove(struct space *space, page_t page)
{
	if (page >= PAGE_PORT) {
		remove_port(space, page - PAGE_PORT);
		return;
	}
	*entry_of(space, page) = 0;
	space->memory_links[page / ENTRIES][page % ENTRIES] = NULL;
	forget(space, page);
}

void pmap_protect(struct space *space, page_t page, enum rights rights)
{
	if (page >= PAGE_PORT)
		return;
	uint32_t *entry = entry_of(space, page);
	*entry = (*entry & ~(uint32_t)WRITABLE) | (rights & RIGHT_WRITE ? WRITABLE : 0);
	forget(space, page);
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

/* --- Small spaces --- */

uint32_t pmap_slot_base(uint32_t slot) { return SMALL_BASE + (slot - 1) * slot_size; }
uint32_t pmap_slot_size(void) { return slot_size; }

static bool fits_slot(const struct space *space)
{
	for (unsigned i = slot_size >> TABLE_SHIFT; i < SPACE_TABLES; i++)
		if (space->memory_links[i])
			return false;
	return !space->bitmap_table;
}

static void hang_in_slot(const struct space *space, uint32_t slot, bool in)
{
	const uint32_t at = pmap_slot_base(slot) >> TABLE_SHIFT;
	for (unsigned i = 0; i < slot_size >> TABLE_SHIFT; i++)
		set_shared_entry(at + i, in ? space->directory[i] : 0);
	cr3_write(cr3_read());
}

bool pmap_make_small(struct space *space)
{
	if (space->slot || !slot_size || !fits_slot(space))
		return space->slot != 0;
	const uint32_t slots = (SMALL_END - SMALL_BASE) / slot_size;
	for (uint32_t slot = 1; slot <= slots; slot++) {
		if (slot_owner[slot])
			continue;
		slot_owner[slot] = space;
		space->slot = slot;
		hang_in_slot(space, slot, true);
		segments_space_changed(space);
		return true;
	}
	return false;
}

void pmap_make_large(struct space *space)
{
	const uint32_t slot = space->slot;
	if (!slot)
		return;
	slot_owner[slot] = NULL;
	space->slot = 0;
	hang_in_slot(space, slot, false);
	segments_space_changed(space);
}
