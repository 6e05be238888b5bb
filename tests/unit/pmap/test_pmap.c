/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical maps against a model: random operations on both, and after each all that can be asked is asked of both.
 *
 * Between them stands a processor (processor.h).
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/memory.h"
#include "base/panic.h"
#include "kern/zalloc.h"
#include "layout.h"
#include "machine/pmap.h"
#include "tests/unit/pmap/processor.h"
#include "tests/unit/random.h"
#include "vm/vm_page.h"

#ifndef OPERATIONS
#define OPERATIONS 30000
#endif

enum { MEMORY = 8 << 20, MAPS = 4, ADDRESSES = 14, FRAMES = 6, KERNEL = 3 };

/* --- What the maps stand on --- */

natural_t vm_page_wire_count;
extern pmap_t loaded_pmap;
static struct vm_page pages[MEMORY >> 12];
static struct vm_page *free_pages;
static bool no_memory;

vm_page_t vm_page_grab(void)
{
	vm_page_t page = no_memory ? NULL : free_pages;
	if (page)
		free_pages = page->next;
	return page;
}

void vm_page_release(vm_page_t page)
{
	page->next = free_pages;
	free_pages = page;
}

vm_page_t vm_page_of(paddr_t address) { return &pages[address >> 12]; }

/* Somebody frees memory while the map's caller sleeps. */
void vm_page_wait(void (*continuation)(void))
{
	cr_assert(no_memory && !continuation);
	no_memory = false;
}

zone_t zinit(vm_size_t size, vm_size_t max, const char *name)
{
	(void)max, (void)name;
	return (zone_t)(uintptr_t)size;
}

static char pmap_store[64][128];
static unsigned next_pmap;
static void *free_pmap;

void *zalloc(zone_t zone)
{
	void *p = free_pmap;
	cr_assert((uintptr_t)zone <= sizeof pmap_store[0]);
	if (p)
		free_pmap = *(void **)p;
	return p ? p : pmap_store[next_pmap++];
}

void zfree(zone_t zone, void *element)
{
	(void)zone;
	*(void **)element = free_pmap;
	free_pmap = element;
}

void panic(const char *text)
{
	cr_assert(false, "%s", text);
	abort();
}

/* --- The model --- */

static struct {
	pmap_t pmap;
	struct { bool present, writable, wired; int frame; } at[ADDRESSES];
} map[MAPS];
static bool referenced[FRAMES], modified[FRAMES];
static paddr_t frame_address[FRAMES];
static bool may_vanish; /* mappings that are not wired, in this operation */

static vm_offset_t address_of(int m, int a)
{
	/* around the end of one table, and in another one */
	const vm_offset_t base = m == KERNEL ? VIRTUAL_BASE + 0x400000 : 0x400000;
	return a < 10 ? base + (vm_offset_t)(a - 5) * VM_PAGE_SIZE : base + 0x800000 + (vm_offset_t)a * VM_PAGE_SIZE;
}

static bool can_be_read_only(int m) { return m != KERNEL || processor_write_protects(); }

static int frame_of(paddr_t address)
{
	for (int f = 0; f < FRAMES; f++)
		if (frame_address[f] == address)
			return f;
	return -1;
}

static void compare_mapping(int m, int a)
{
	const vm_offset_t va = address_of(m, a);
	const paddr_t there = pmap_extract(map[m].pmap, va);
	if (!there && map[m].at[a].present) {
		cr_assert(may_vanish && !map[m].at[a].wired, "a mapping has vanished");
		map[m].at[a].present = false;
	}
	cr_assert_eq(there != 0, map[m].at[a].present, "map %d, address %d", m, a);
	if (!there)
		return;
	cr_assert_eq(there, frame_address[map[m].at[a].frame]);
	cr_assert(pmap_accessible(map[m].pmap, va, VM_PROT_READ));
	cr_assert_eq(pmap_accessible(map[m].pmap, va, VM_PROT_WRITE), map[m].at[a].writable);
	cr_assert_eq(entry_is_users(map[m].pmap, va), m != KERNEL);
}

static void compare(void)
{
	for (int m = 0; m < MAPS; m++) {
		natural_t resident = 0;
		for (int a = 0; a < ADDRESSES; a++) {
			compare_mapping(m, a);
			resident += map[m].at[a].present;
		}
		cr_assert_eq(pmap_resident_count(map[m].pmap), resident);
	}
	for (int f = 0; f < FRAMES; f++) {
		cr_assert_eq(pmap_is_modified(frame_address[f]), modified[f], "frame %d modified", f);
		cr_assert_eq(pmap_is_referenced(frame_address[f]), referenced[f], "frame %d referenced", f);
	}
}

/* --- Operations on both --- */

static struct random random_state = { 1 };
static int below(int n) { return (int)random_below(&random_state, (uint32_t)n); }

static void lower(int m, int a, vm_prot_t prot)
{
	if (!map[m].at[a].present || prot & VM_PROT_WRITE)
		return;
	if (prot & VM_PROT_READ && can_be_read_only(m))
		map[m].at[a].writable = false;
	else if (!(prot & VM_PROT_READ) || (map[m].at[a].writable && !map[m].at[a].wired))
		map[m].at[a].present = false;
}

static void do_enter(int m, int a)
{
	const int f = map[m].at[a].present && below(2) ? map[m].at[a].frame : below(FRAMES); /* the same, otherwise */
	const bool write = below(2), wired = below(4) == 0;
	no_memory = below(3) == 0;
	may_vanish = no_memory;
	while (!pmap_enter(map[m].pmap, address_of(m, a), frame_address[f], VM_PROT_READ | (write ? VM_PROT_WRITE : 0),
	                   wired))
		vm_page_wait(NULL);
	no_memory = false;
	map[m].at[a].present = write || wired || can_be_read_only(m);
	map[m].at[a].writable = write || !can_be_read_only(m);
	map[m].at[a].wired = wired;
	map[m].at[a].frame = f;
}

static void do_range(int m, int a, bool protect)
{
	const int end = a + 1 + below(ADDRESSES - a);
	const vm_prot_t prot = protect ? below(4) : VM_PROT_NONE;
	/* the addresses up to 9 are one range, and so are the others */
	const int last = a < 10 && end > 10 ? 10 : end;
	if (protect)
		pmap_protect(map[m].pmap, address_of(m, a), address_of(m, last - 1) + VM_PAGE_SIZE, prot);
	else
		pmap_remove(map[m].pmap, address_of(m, a), address_of(m, last - 1) + VM_PAGE_SIZE);
	for (; a < last; a++)
		lower(m, a, prot & VM_PROT_WRITE && !(prot & VM_PROT_READ) ? VM_PROT_READ | VM_PROT_WRITE : prot);
}

static void do_page_protect(int f)
{
	const vm_prot_t prot = below(2) ? VM_PROT_READ : VM_PROT_NONE;
	pmap_page_protect(frame_address[f], prot);
	for (int m = 0; m < MAPS; m++)
		for (int a = 0; a < ADDRESSES; a++)
			if (map[m].at[a].present && map[m].at[a].frame == f)
				lower(m, a, prot);
}

/* The program of the loaded map, or the kernel, which is in all. */
static void do_access(int a)
{
	int m = KERNEL;
	for (int i = 0; i < KERNEL; i++)
		if (map[i].pmap == loaded_pmap && below(2))
			m = i;
	const bool write = below(2);
	const paddr_t reached = access_memory(address_of(m, a), write, &random_state);
	const bool allowed = map[m].at[a].present && (!write || map[m].at[a].writable);
	cr_assert_eq(reached != 0, allowed, "an access that %s", allowed ? "should not fault" : "should fault");
	if (!allowed)
		return;
	const int f = frame_of(reached);
	cr_assert_eq(f, map[m].at[a].frame, "an access to another page");
	referenced[f] = true;
	modified[f] |= write;
}

static void do_clear(int f, bool reference)
{
	if (reference)
		pmap_clear_reference(frame_address[f]);
	else
		pmap_clear_modify(frame_address[f]);
	(reference ? referenced : modified)[f] = false;
}

static void do_renew(int m)
{
	if (m == KERNEL)
		return;
	pmap_destroy(map[m].pmap);
	map[m].pmap = pmap_create();
	for (int a = 0; a < ADDRESSES; a++)
		map[m].at[a].present = false;
}

static void do_one(void)
{
	const int m = below(MAPS), a = below(ADDRESSES), f = below(FRAMES);
	may_vanish = false;
	switch (below(16)) {
	case 0: case 1: case 2: case 3: do_enter(m, a); break;
	case 4: do_range(m, a, false); break;
	case 5: case 6: do_range(m, a, true); break;
	case 7: do_page_protect(f); break;
	case 8: do_clear(f, false); break;
	case 9: do_clear(f, true); break;
	case 10: if (m != KERNEL) pmap_activate(map[m].pmap); break;
	case 11:
		map[m].at[a].wired = below(2);
		pmap_change_wiring(map[m].pmap, address_of(m, a), map[m].at[a].wired);
		break;
	case 12:
		may_vanish = true;
		if (below(4) == 0)
			pmap_collect(map[m].pmap);
		break;
	case 13: if (below(8) == 0) do_renew(m); break;
	default: do_access(a);
	}
}

static void begin(unsigned variant)
{
	void *window = (void *)(uintptr_t)WINDOW_BASE;
	cr_assert_eq(mmap(window, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0),
	             window, "the window's address is not free on this host");
	processor_begin(variant);
	pmap_bootstrap(0x200000, MEMORY);
	for (int f = 0; f < FRAMES; f++)
		cr_assert(pmap_next_page(&frame_address[f]));
	for (paddr_t address; pmap_next_page(&address);) {
		pages[address >> 12].phys_addr = address;
		vm_page_release(&pages[address >> 12]);
	}
	pmap_init();
	for (int m = 0; m < KERNEL; m++)
		map[m].pmap = pmap_create();
	map[KERNEL].pmap = kernel_pmap;
}

static natural_t count_free(void)
{
	natural_t n = 0;
	for (vm_page_t page = free_pages; page; page = page->next)
		n++;
	return n;
}

static void run(unsigned variant)
{
	begin(variant);
	for (int i = 0; i < OPERATIONS; i++) {
		do_one();
		compare();
	}
}

Test(pmap, agrees_with_the_model_whatever_is_done) { run(0); }
/* x86: one whose kernel ignores write protection; MIPS: one with few ASIDs, one without any. */
Test(pmap, agrees_with_the_model_on_a_second_kind_of_processor) { run(1); }
Test(pmap, agrees_with_the_model_on_the_least_kind_of_processor) { run(processor_variants - 1); }

Test(pmap, gives_all_memory_of_a_map_back)
{
	begin(0);
	const natural_t before = count_free(), wired = vm_page_wire_count;
	pmap_t pmap = pmap_create();
	for (vm_offset_t va = 0; va < USER_END; va += 0x1000000)
		pmap_enter(pmap, va, frame_address[0] + (va >> 24 << 12), VM_PROT_READ, false);
	cr_assert_eq(pmap_table_pages(pmap), TABLES_IN_ALL);
	pmap_destroy(pmap);
	cr_assert_eq(count_free(), before);
	cr_assert_eq(vm_page_wire_count, wired);
}
