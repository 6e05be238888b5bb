/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zones, with a machine of a few pages: elements are apart, limits and promises hold, pages come back.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include "../random.h"
#include "base/panic.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/vm_page.h"

enum { PAGES = 64 };
static struct thread self;
struct thread *current_thread_ = &self;
static _Alignas(4096) char memory[PAGES][VM_PAGE_SIZE];
static struct vm_page pages[PAGES];
static unsigned pages_free = PAGES, pages_of_machine = PAGES;
static unsigned waits;

vm_page_t vm_page_grab(void)
{
	for (unsigned i = 0; i < pages_of_machine; i++)
		if (!pages[i].busy) {
			pages[i].busy = true;
			pages[i].phys_addr = i * VM_PAGE_SIZE;
			pages_free--;
			return &pages[i];
		}
	return VM_PAGE_NULL;
}

void vm_page_wire(vm_page_t page) { page->wire_count++; }

void vm_page_free(vm_page_t page)
{
	cr_assert(page->busy && page->wire_count == 1);
	memset(memory[page - pages], 0xee, VM_PAGE_SIZE);
	page->busy = page->wire_count = 0;
	pages_free++;
}

/* The machine gets a page more. */
void vm_page_wait(void (*continuation)(void))
{
	cr_assert(continuation == NULL && pages_of_machine < PAGES);
	waits++;
	pages_of_machine++;
}

void *phystokv(paddr_t address) { return memory[address / VM_PAGE_SIZE]; }
void panic(const char *text)
{
	cr_assert_fail("%s", text);
	abort();
}

static void random_life(vm_size_t size, uint64_t seed)
{
	enum { MOST = 200 };
	struct random random = {seed};
	unsigned char *element[MOST] = {0};
	zone_t zone = zinit(size, PAGES * VM_PAGE_SIZE, "test");
	for (unsigned i = 0; i < 20000; i++) {
		unsigned which = random_below(&random, MOST);
		if (element[which] != NULL) {
			for (unsigned j = 0; j < size; j++)
				cr_assert_eq(element[which][j], (unsigned char)which);
			zfree(zone, element[which]);
			element[which] = NULL;
		} else if ((element[which] = zget(zone)) != NULL) {
			cr_assert_eq((uintptr_t)element[which] % 4, 0);
			memset(element[which], (int)which, size);
		}
		if (random_below(&random, 50) == 0)
			consider_zone_gc();
	}
	for (unsigned i = 0; i < MOST; i++)
		if (element[i] != NULL)
			zfree(zone, element[i]);
	cr_assert_eq(zone_in_use(zone), 0);
	consider_zone_gc();
	cr_assert_geq(pages_free, PAGES - 2, "one page of the zone, one of the zone of zones");
}

Test(zalloc, no_element_is_anothers_small) { random_life(8, 1); }
Test(zalloc, no_element_is_anothers_odd) { random_life(53, 2); }
Test(zalloc, no_element_is_anothers_large) { random_life(1000, 3); }

Test(zalloc, a_zone_at_its_maximum_gives_nothing_and_does_not_wait)
{
	zone_t zone = zinit(1024, 2 * VM_PAGE_SIZE, "test");
	unsigned count = 0;
	while (zalloc(zone) != NULL)
		count++;
	cr_assert(count == 6 && waits == 0);
	cr_assert_eq(zone_in_use(zone), 6);
}

Test(zalloc, who_may_wait_waits_and_who_may_not_gets_nothing)
{
	zone_t zone = zinit(1024, PAGES * VM_PAGE_SIZE, "test");
	pages_of_machine = 1; /* the zone of zones has it */
	cr_assert_null(zget(zone));
	cr_assert_not_null(zalloc(zone));
	cr_assert_eq(waits, 1);
}

Test(zalloc, what_is_set_aside_is_there_when_memory_is_not)
{
	zone_t zone = zinit(100, PAGES * VM_PAGE_SIZE, "test");
	zfill(zone, 70);
	pages_of_machine = 0;
	for (unsigned i = 0; i < 70; i++)
		cr_assert_not_null(zget(zone));
}
