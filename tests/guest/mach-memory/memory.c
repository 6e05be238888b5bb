/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's memory against a model, from inside the kernel: linked in the place of the bootstrap, it is the first
 * task.  A manager that keeps pages in memory of its own is the default manager; threads map, write, read, share, fork,
 * copy, wire and unmap address spaces of their own at random, while memory for a small part of it is available, and
 * each page read must be what the model says.  vm_page_check looks after all pages in between.
 *
 * Options: steps=N operations of each thread (6000); seed=N; pages=N available (300).
 * On the console: a dot now and then, "memory: ok" or a panic.
 */
#include "store.h"
#include "base/console.h"
#include "base/memory.h"
#include "base/panic.h"
#include "kern/startup.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "vm/vm_fault.h"
#include "vm/vm_kern.h"
#include "vm/vm_resident.h"

void bootstrap_main(int argc, char **argv);

/* --- The model --- */

enum { THREADS = 3, SPACES = 6, PAGES = 192, BASE = 0x400000 };

/* What is in a page that is mapped; several spaces may share it. */
struct cell {
	natural_t value, references;
};
struct model {
	vm_map_t map;                   /* NULL: not there */
	struct { struct cell *cell; bool wired; vm_inherit_t inheritance; } page[PAGES];
};

/* One thread's spaces: nobody else touches them. */
static struct world {
	natural_t seed, steps;
	struct model space[SPACES];
	struct cell cell[SPACES * PAGES];
	bool over;
} worlds[THREADS];

static natural_t random_below(struct world *world, natural_t limit)
{
	world->seed = world->seed * 1664525u + 1013904223u;
	return (world->seed >> 8) % limit;
}

static vm_offset_t address_of(natural_t page) { return BASE + (page << VM_PAGE_SHIFT); }

static struct cell *new_cell(struct world *world, natural_t value)
{
	for (natural_t i = 0; i < SPACES * PAGES; i++)
		if (world->cell[i].references == 0) {
			world->cell[i] = (struct cell){ value, 1 };
			return &world->cell[i];
		}
	panic("memory: the model has no cell left");
}

static void release_cell(struct model *space, natural_t page)
{
	if (space->page[page].cell)
		space->page[page].cell->references--;
	space->page[page].cell = NULL;
	space->page[page].wired = false;
}

/* What a page with this value is: three words of it, and zeros. */
static void write_page(struct model *space, natural_t page, natural_t value)
{
	for (unsigned i = 0; i < STORE_WORDS; i++) {
		natural_t word = value + store_words[i];
		kern_return_t result = copyoutmap(space->map, &word, address_of(page) + store_words[i], sizeof word);
		kernel_assert(result == KERN_SUCCESS);
	}
	space->page[page].cell->value = value;
}

static void check_page(struct model *space, natural_t page)
{
	const struct cell *cell = space->page[page].cell;
	for (unsigned i = 0; i < STORE_WORDS; i++) {
		natural_t word = 0;
		kern_return_t result = copyinmap(space->map, address_of(page) + store_words[i], &word, sizeof word);
		if (result != (cell ? KERN_SUCCESS : KERN_INVALID_ADDRESS))
			panic_number("memory: an address gives", (uint32_t)result);
		if (cell && word != (cell->value ? cell->value + store_words[i] : 0)) {
			console_string("expected ");
			console_hex(cell->value ? cell->value + store_words[i] : 0);
			panic_number(" memory: a page is not what was written to it, but", word);
		}
	}
}

static void make_space(struct model *space)
{
	pmap_t pmap;
	while (!(pmap = pmap_create()))
		vm_page_wait(NULL);
	space->map = vm_map_create(pmap, BASE, BASE + (1u << 26));
	kernel_assert(space->map);
}

static void drop_space(struct model *space)
{
	vm_map_deallocate(space->map);
	space->map = VM_MAP_NULL;
	for (natural_t i = 0; i < PAGES; i++)
		release_cell(space, i);
}

/* A run of pages that are all mapped, or all not. Result: its length. */
static natural_t run_from(const struct model *space, natural_t page, bool mapped, natural_t most)
{
	natural_t n = 0;
	while (n < most && page + n < PAGES && !space->page[page + n].cell == !mapped)
		n++;
	return n;
}

static natural_t random_run(struct world *world, const struct model *space, bool mapped, natural_t *page)
{
	*page = random_below(world, PAGES);
	return run_from(space, *page, mapped, 1 + random_below(world, 32));
}

static struct model *random_space(struct world *world) { return &world->space[random_below(world, SPACES)]; }

/* --- What is done at random --- */

static void map_some(struct world *world, struct model *space)
{
	natural_t page, n = random_run(world, space, false, &page);
	vm_offset_t address = address_of(page);
	if (n == 0)
		return;
	kern_return_t result = vm_map_enter(space->map, &address, n << VM_PAGE_SHIFT, 0, false, VM_OBJECT_NULL, 0,
	                                    false, VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	kernel_assert(result == KERN_SUCCESS);
	for (natural_t i = page; i < page + n; i++) {
		space->page[i].cell = new_cell(world, 0);
		space->page[i].inheritance = VM_INHERIT_DEFAULT;
	}
}

static void unmap_some(struct world *world, struct model *space)
{
	natural_t page, n = random_run(world, space, true, &page);
	vm_map_remove(space->map, address_of(page), address_of(page + n));
	for (natural_t i = page; i < page + n; i++)
		release_cell(space, i);
}

static void write_some(struct world *world, struct model *space)
{
	natural_t page, n = random_run(world, space, true, &page);
	for (natural_t i = page; i < page + n; i++)
		write_page(space, i, 1 + random_below(world, 1u << 24));
}

static void read_some(struct world *world, struct model *space)
{
	const natural_t page = random_below(world, PAGES);
	for (natural_t i = page; i < page + 16 && i < PAGES; i++)
		check_page(space, i);
}

static void inherit_some(struct world *world, struct model *space)
{
	natural_t page, n = random_run(world, space, true, &page);
	const vm_inherit_t inheritance = random_below(world, 3);
	if (n == 0)
		return;
	kern_return_t result = vm_map_inherit(space->map, address_of(page), address_of(page + n), inheritance);
	kernel_assert(result == KERN_SUCCESS);
	for (natural_t i = page; i < page + n; i++)
		space->page[i].inheritance = inheritance;
}

static void fork_some(struct world *world, struct model *space)
{
	struct model *child = random_space(world);
	if (child == space)
		return;
	if (child->map)
		drop_space(child);
	child->map = vm_map_fork(space->map);
	kernel_assert(child->map);
	for (natural_t i = 0; i < PAGES; i++) {
		struct cell *cell = space->page[i].cell;
		const vm_inherit_t inheritance = space->page[i].inheritance;
		if (!cell || inheritance == VM_INHERIT_NONE)
			continue;
		child->page[i].inheritance = inheritance;
		child->page[i].cell = inheritance == VM_INHERIT_SHARE ? cell : new_cell(world, cell->value);
		cell->references += inheritance == VM_INHERIT_SHARE;
	}
}

/* A copy that is mapped anywhere: looked at, and given back. */
static void look_at_copy(struct model *target, vm_map_copy_t copy, const struct model *space, natural_t page,
                         natural_t n)
{
	vm_offset_t address;
	kern_return_t result = vm_map_copyout(target->map, &address, copy);
	kernel_assert(result == KERN_SUCCESS);
	for (natural_t i = 0; i < n; i++) {
		natural_t word;
		result = copyinmap(target->map, address + (i << VM_PAGE_SHIFT), &word, sizeof word);
		kernel_assert(result == KERN_SUCCESS && word == space->page[page + i].cell->value);
	}
	vm_map_remove(target->map, address, address + (n << VM_PAGE_SHIFT));
}

/* From one space to another, as in a message. */
static void move_some(struct world *world, struct model *space)
{
	struct model *target = random_space(world);
	natural_t value[32], page, n = random_run(world, space, true, &page);
	if (!target->map || n == 0)
		return;
	const natural_t to = random_below(world, PAGES);
	const bool overwrite = random_below(world, 2);
	if (overwrite)
		n = run_from(target, to, true, n);
	if (n == 0)
		return;
	vm_map_copy_t copy;
	kern_return_t result = vm_map_copyin(space->map, address_of(page), n << VM_PAGE_SHIFT, false, &copy);
	kernel_assert(result == KERN_SUCCESS);
	if (!overwrite) {
		look_at_copy(target, copy, space, page, n);
		return;
	}
	for (natural_t i = 0; i < n; i++)
		value[i] = space->page[page + i].cell->value;
	result = vm_map_copy_overwrite(target->map, address_of(to), copy, false);
	kernel_assert(result == KERN_SUCCESS);
	for (natural_t i = 0; i < n; i++)
		target->page[to + i].cell->value = value[i];
}

static void wire_some(struct world *world, struct model *space)
{
	const natural_t page = random_below(world, PAGES);
	if (!space->page[page].cell)
		return;
	const bool wire = !space->page[page].wired;
	kern_return_t result = vm_map_pageable(space->map, address_of(page), address_of(page + 1),
	                                       wire ? VM_PROT_DEFAULT : VM_PROT_NONE, true);
	kernel_assert(result == KERN_SUCCESS);
	space->page[page].wired = wire;
}

static void step(struct world *world)
{
	struct model *space = random_space(world);
	if (!space->map)
		make_space(space);
	switch (random_below(world, 17)) {
	case 0: case 1: map_some(world, space); break;
	case 2: unmap_some(world, space); break;
	case 3: case 4: case 5: case 6: case 7: write_some(world, space); break;
	case 8: case 9: case 10: case 11: read_some(world, space); break;
	case 12: fork_some(world, space); break;
	case 13: case 14: move_some(world, space); break;
	case 15: wire_some(world, space); break;
	case 16: inherit_some(world, space); break;
	}
	if (random_below(world, 400) == 0)
		drop_space(space);
}

static void be_thread(void *argument)
{
	struct world *world = argument;
	for (natural_t i = 0; i < world->steps; i++) {
		step(world);
		if (i % 32 == 0)
			vm_page_check();
		if (i % 2048 == 0)
			console_string(".");
	}
	for (natural_t i = 0; i < SPACES; i++) {
		for (natural_t page = 0; world->space[i].map && page < PAGES; page++)
			check_page(&world->space[i], page);
		if (world->space[i].map)
			drop_space(&world->space[i]);
	}
	world->over = true;
	thread_wakeup(world);
	thread_terminate_self();
}

static void say(const char *text, natural_t number)
{
	console_string(text);
	console_hex(number);
	console_string("\n");
}

void bootstrap_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	start_manager();
	vm_page_withhold(boot_option_number("pages=", 300));
	for (natural_t i = 0; i < THREADS; i++) {
		worlds[i].seed = boot_option_number("seed=", 1) * THREADS + i;
		worlds[i].steps = boot_option_number("steps=", 6000);
		kernel_thread(current_task(), "soak", be_thread, &worlds[i]);
	}
	for (natural_t i = 0; i < THREADS; i++)
		while (!worlds[i].over)
			thread_sleep(&worlds[i], false);
	/* The manager hears of all ends. */
	for (natural_t i = 0; i < 1000 && told.created != told.terminated; i++)
		thread_block(NULL);
	vm_page_check();
	say("\nrequests    ", told.requests);
	say("writes      ", told.writes);
	say("initialized ", told.initializations);
	say("objects     ", told.created);
	say("faults      ", (natural_t)vm_stat.faults);
	say("copies      ", (natural_t)vm_stat.cow_faults);
	say("reactivated ", (natural_t)vm_stat.reactivations);
	kernel_assert(told.created == told.terminated && told.stored == 0);
	kernel_assert(vm_page_active_count + vm_page_inactive_count == 0 && vm_page_laundry_count == 0);
	finish("memory: ok\n");
}
