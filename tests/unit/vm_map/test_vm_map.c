/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random calls on several address spaces, and the same on the model: results, attributes and contents must agree, and
 * the maps' own rules hold.
 */
#include <criterion/criterion.h>
#include "../random.h"
#include "mach_host_server.h"
#include "mach_server.h"
#include "model.h"
#include "vm/vm_map_entry.h"

#ifndef OPERATIONS
#define OPERATIONS 20000
#endif
enum { OBJECT_PAGES = 16, RANGE_MOST = 7, SPAN = RANGE_MOST + 1 };

static struct world {
	struct random random;
	vm_map_t map[MODEL_SPACES];          /* NULL: no such space now */
	struct model_space model[MODEL_SPACES];
	vm_object_t object;                  /* a manager's, */
	struct cell *object_cell[OBJECT_PAGES];  /* and its pages */
	uint32_t next_value;
	unsigned space, first, end;          /* the call under way: what it is about */
	bool within_call;
} world;

static unsigned below(unsigned bound) { return random_below(&world.random, bound); }
static vm_offset_t address_of(unsigned page) { return FAKE_BASE + page * VM_PAGE_SIZE; }

static vm_prot_t some_protection(void)
{
	static const vm_prot_t some[] = {VM_PROT_NONE, VM_PROT_READ, VM_PROT_DEFAULT, VM_PROT_DEFAULT, VM_PROT_ALL,
		VM_PROT_READ | VM_PROT_EXECUTE};
	return some[below(6)];
}

/* A space that is there, and a range of it: the call's. */
static vm_map_t pick(void)
{
	do
		world.space = below(MODEL_SPACES);
	while (world.map[world.space] == VM_MAP_NULL);
	world.first = below(FAKE_PAGES);
	world.end = world.first + 1 + below(RANGE_MOST);
	if (world.end > FAKE_PAGES)
		world.end = FAKE_PAGES;
	return world.map[world.space];
}

static vm_size_t range_size(void) { return (world.end - world.first) * VM_PAGE_SIZE; }

/* --- The map's own rules --- */

static void check_list(vm_map_t map)
{
	vm_offset_t last = map->min_offset;
	vm_size_t size = 0;
	natural_t count = 0;
	bool hint_found = map->hint == NULL, free_found = map->first_free == NULL, packed = true;
	for (vm_map_entry_t entry = vm_map_entry_first(map); entry != NULL; entry = vm_map_entry_next(map, entry)) {
		cr_assert(entry->start >= last && entry->start < entry->end && entry->end <= map->max_offset);
		packed = packed && entry->start == last;
		hint_found |= entry == map->hint;
		if (entry == map->first_free) {
			free_found = true;
			cr_assert(packed);
		}
		cr_assert(!entry->in_transition && !entry->needs_wakeup);
		cr_assert((entry->user_wired_count != 0) <= entry->wired_count);
		cr_assert(!(entry->is_a_map && entry->needs_copy));
		last = entry->end;
		size += entry->end - entry->start;
		count++;
		if (entry->is_a_map)
			check_list(entry->share_map);
	}
	cr_assert(hint_found && free_found);
	cr_assert_eq(count, map->nentries);
	cr_assert_eq(size, map->size);
	cr_assert(map->lock.readers == 0 && !map->lock.writer && !map->lock.upgrading);
}

/* --- Against the model --- */

static void check_space(unsigned space)
{
	vm_map_t map = world.map[space];
	check_list(map);
	for (unsigned i = 0; i < FAKE_PAGES; i++) {
		const struct model_page *page = &world.model[space].page[i];
		vm_map_entry_t entry;
		uint32_t value;
		cr_assert_eq(vm_map_lookup_entry(map, address_of(i), &entry), page->slot != NULL, "page %u of %u", i, space);
		if (page->slot == NULL)
			continue;
		cr_assert_eq(entry->protection, page->prot);
		cr_assert_eq(entry->max_protection, page->max);
		cr_assert_eq(entry->inheritance, page->inheritance);
		cr_assert_eq(entry->user_wired_count, page->user_wired);
		cr_assert_eq(entry->wired_count, page->kernel_wired + (page->user_wired != 0));
		if (!(page->prot & VM_PROT_READ))
			continue;
		cr_assert_eq(fake_read(map, address_of(i), &value), KERN_SUCCESS);
		cr_assert_eq(value, page->slot->cell->value, "page %u of %u is %u, not %u", i, space, value,
		             page->slot->cell->value);
	}
}

static void check_world(void)
{
	for (unsigned i = 0; i < MODEL_SPACES; i++)
		if (world.map[i] != VM_MAP_NULL)
			check_space(i);
}

/* --- Calls --- */

static void do_allocate(void)
{
	vm_map_t map = pick();
	struct model_space *model = &world.model[world.space];
	bool anywhere = below(2);
	vm_address_t address = address_of(world.first) + below(VM_PAGE_SIZE);
	unsigned pages = world.end - world.first, at = world.first;
	kern_return_t expected = KERN_SUCCESS;
	if (anywhere) {
		at = model_find(model, pages);
		expected = at == FAKE_PAGES ? KERN_NO_SPACE : KERN_SUCCESS;
	}
	for (unsigned i = at; !anywhere && i < at + pages; i++)
		if (model->page[i].slot != NULL)
			expected = KERN_NO_SPACE;
	vm_size_t size = range_size() - (anywhere || below(2) ? 0 : address & VM_PAGE_MASK);
	if (!anywhere && size == range_size())
		address = trunc_page(address);
	cr_assert_eq(vm_allocate(map, &address, size, anywhere), expected);
	if (expected != KERN_SUCCESS)
		return;
	cr_assert_eq(address, address_of(at));
	for (unsigned i = at; i < at + pages; i++)
		model_map(model, i, cell_new(0), VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

static void do_deallocate(void)
{
	vm_map_t map = pick();
	cr_assert_eq(vm_deallocate(map, address_of(world.first), range_size()), KERN_SUCCESS);
	model_unmap(&world.model[world.space], world.first, world.end);
}

static void do_protect(void)
{
	vm_map_t map = pick();
	bool set_max = below(6) == 0;
	vm_prot_t prot = some_protection();
	kern_return_t expected = model_protect(&world.model[world.space], world.first, world.end, prot, set_max);
	cr_assert_eq(vm_protect(map, address_of(world.first), range_size(), set_max, prot), expected);
}

static void do_inherit(void)
{
	vm_map_t map = pick();
	struct model_space *model = &world.model[world.space];
	vm_inherit_t inheritance = below(3);
	kern_return_t expected = model_check(model, world.first, world.end, VM_PROT_NONE);
	cr_assert_eq(vm_inherit(map, address_of(world.first), range_size(), inheritance), expected);
	for (unsigned i = world.first; expected == KERN_SUCCESS && i < world.end; i++)
		model->page[i].inheritance = inheritance;
}

static void do_write_access(void)
{
	vm_map_t map = pick();
	struct model_space *model = &world.model[world.space];
	for (unsigned i = world.first; i < world.end; i++) {
		kern_return_t expected = model_check(model, i, i + 1, VM_PROT_READ | VM_PROT_WRITE);
		cr_assert_eq(fake_write(map, address_of(i), ++world.next_value), expected);
		if (expected == KERN_SUCCESS)
			model->page[i].slot->cell->value = world.next_value;
	}
}

static void do_read_access(void)
{
	vm_map_t map = pick();
	for (unsigned i = world.first; i < world.end; i++) {
		uint32_t value;
		cr_assert_eq(fake_read(map, address_of(i), &value),
		             model_check(&world.model[world.space], i, i + 1, VM_PROT_READ));
	}
}

static void do_copy(void)
{
	uint32_t values[SPAN];
	vm_map_t map = pick();
	struct model_space *model = &world.model[world.space];
	unsigned pages = world.end - world.first, target = below(FAKE_PAGES - pages + 1);
	kern_return_t expected = model_check(model, world.first, world.end, VM_PROT_READ);
	if (expected == KERN_SUCCESS)
		expected = model_check(model, target, target + pages, VM_PROT_WRITE);
	world.within_call = false;
	cr_assert_eq(vm_copy(map, address_of(world.first), range_size(), address_of(target)), expected);
	if (expected != KERN_SUCCESS)
		return;
	model_copyin(model, world.first, world.end, values);
	model_overwrite(model, target, target + pages, values);
}

/* A message with memory out of line, to another or the same space. */
static void do_send(void)
{
	uint32_t values[SPAN];
	vm_map_copy_t copy;
	vm_offset_t address;
	vm_map_t map = pick();
	struct model_space *source = &world.model[world.space];
	unsigned first = world.first, pages = world.end - world.first;
	bool destroy = below(2);
	unsigned within = below(2) ? below(VM_PAGE_SIZE) : 0;
	kern_return_t expected = model_check(source, first, world.end, VM_PROT_READ);
	cr_assert_eq(vm_map_copyin(map, address_of(first) + within, range_size() - within, destroy, &copy), expected);
	if (expected != KERN_SUCCESS)
		return;
	model_copyin(source, first, world.end, values);
	if (destroy)
		model_unmap(source, first, world.end);
	map = pick();
	struct model_space *target = &world.model[world.space];
	unsigned at = model_find(target, pages);
	if (below(3) == 0)
		cr_assert_eq(vm_map_copy_pages(copy, below(2)), KERN_SUCCESS);
	expected = at == FAKE_PAGES ? KERN_NO_SPACE : KERN_SUCCESS;
	cr_assert_eq(vm_map_copyout(map, &address, copy), expected);
	if (expected != KERN_SUCCESS) {
		vm_map_copy_discard(copy);
		return;
	}
	cr_assert_eq(address, address_of(at) + within);
	for (unsigned i = 0; i < pages; i++)
		model_map(target, at + i, cell_new(values[i]), VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

/* vm_read of one, vm_write of another. */
static void do_transfer(void)
{
	uint32_t values[SPAN];
	vm_map_copy_t copy;
	mach_msg_type_number_t count;
	vm_map_t map = pick();
	unsigned pages = world.end - world.first;
	kern_return_t expected = model_check(&world.model[world.space], world.first, world.end, VM_PROT_READ);
	cr_assert_eq(vm_read(map, address_of(world.first), range_size(), &copy, &count), expected);
	if (expected != KERN_SUCCESS)
		return;
	cr_assert_eq(count, range_size());
	model_copyin(&world.model[world.space], world.first, world.end, values);
	map = pick();
	world.end = world.first + pages <= FAKE_PAGES ? world.first + pages : FAKE_PAGES;
	world.first = world.end - pages;
	struct model_space *target = &world.model[world.space];
	expected = model_check(target, world.first, world.end, VM_PROT_WRITE);
	cr_assert_eq(vm_write(map, address_of(world.first), copy, count), expected);
	if (expected == KERN_SUCCESS)
		model_overwrite(target, world.first, world.end, values);
	else
		vm_map_copy_discard(copy);
}

static void do_fork(void)
{
	vm_map_t map = pick();
	unsigned child = below(MODEL_SPACES);
	if (world.map[child] != VM_MAP_NULL)
		return;
	world.first = 0;
	world.end = FAKE_PAGES;
	world.map[child] = vm_map_fork(map);
	cr_assert(world.map[child] != VM_MAP_NULL);
	model_fork(&world.model[world.space], &world.model[child]);
}

static void end_space(unsigned space)
{
	model_unmap(&world.model[space], 0, FAKE_PAGES);
	vm_map_deallocate(world.map[space]);
	world.map[space] = VM_MAP_NULL;
}

static void do_end(void)
{
	unsigned spaces = 0;
	pick();
	for (unsigned i = 0; i < MODEL_SPACES; i++)
		spaces += world.map[i] != VM_MAP_NULL;
	if (spaces > 2 && below(3) == 0) {
		world.first = 0;
		world.end = FAKE_PAGES;
		end_space(world.space);
	}
}

static void do_wire(void)
{
	vm_map_t map = pick();
	struct model_space *model = &world.model[world.space];
	bool user = below(4) != 0;
	vm_prot_t access = user && below(2) ? VM_PROT_READ : VM_PROT_DEFAULT;
	kern_return_t expected = model_wire(model, world.first, world.end, access, user);
	fake_fail_after = below(5) == 0 ? 1 + below(3) : 0;
	kern_return_t result = vm_map_pageable(map, address_of(world.first), address_of(world.end), access, user);
	fake_fail_after = 0;
	if (result == KERN_MEMORY_ERROR && expected == KERN_SUCCESS)
		model_unwire(model, world.first, world.end, user);
	else
		cr_assert_eq(result, expected);
}

static void do_unwire(void)
{
	vm_map_t map = pick();
	bool user = below(4) != 0;
	kern_return_t expected = model_unwire(&world.model[world.space], world.first, world.end, user);
	cr_assert_eq(vm_map_pageable(map, address_of(world.first), address_of(world.end), VM_PROT_NONE, user), expected);
}

static void do_map(void)
{
	vm_map_t map = pick();
	struct model_space *model = &world.model[world.space];
	bool copy = below(3) == 0;
	unsigned pages = world.end - world.first, page = below(OBJECT_PAGES - pages + 1), at = model_find(model, pages);
	vm_address_t address = FAKE_BASE;
	vm_prot_t prot = some_protection();
	vm_inherit_t inheritance = below(3);
	world.within_call = false;
	kern_return_t expected = at == FAKE_PAGES ? KERN_NO_SPACE : KERN_SUCCESS;
	cr_assert_eq(vm_map(map, &address, range_size(), 0, true, fake_port(world.object), page * VM_PAGE_SIZE, copy, prot,
	                    VM_PROT_ALL, inheritance), expected);
	if (expected != KERN_SUCCESS)
		return;
	cr_assert_eq(address, address_of(at));
	for (unsigned i = 0; i < pages; i++) {
		struct cell *cell = world.object_cell[page + i];
		if (copy)
			cell = cell_new(cell->value);
		else
			cell->references++;
		model_map(model, at + i, cell, prot, VM_PROT_ALL, inheritance);
	}
}

/* --- The rest of the world, while a call waits --- */

/* Another thread of the same task changes what the call is not about. */
static void meanwhile(void)
{
	if (!world.within_call || world.map[world.space] == VM_MAP_NULL)
		return;
	vm_map_t map = world.map[world.space];
	struct model_space *model = &world.model[world.space];
	unsigned page = below(FAKE_PAGES);
	cr_assert(!map->lock.writer && map->lock.readers == 0);
	if (page >= world.first && page < world.end)
		return;
	if (model->page[page].slot == NULL) {
		vm_address_t address = address_of(page);
		cr_assert_eq(vm_allocate(map, &address, VM_PAGE_SIZE, false), KERN_SUCCESS);
		model_map(model, page, cell_new(0), VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	} else if (model->page[page].slot->wired == 0) {
		cr_assert_eq(vm_deallocate(map, address_of(page), VM_PAGE_SIZE), KERN_SUCCESS);
		model_unmap(model, page, page + 1);
	}
}

static void (*const calls[])(void) = {
	do_allocate, do_allocate, do_deallocate, do_protect, do_inherit, do_write_access, do_write_access, do_read_access,
	do_copy, do_send, do_send, do_transfer, do_fork, do_end, do_wire, do_unwire, do_map,
};

static void run(uint64_t seed, unsigned operations)
{
	static bool initialized;
	world = (struct world){.random = {seed}};
	if (!initialized)
		vm_map_init();
	initialized = true;
	world.object = fake_manager_object(OBJECT_PAGES, 1000000);
	for (unsigned i = 0; i < OBJECT_PAGES; i++)
		world.object_cell[i] = cell_new(1000000 + i);
	world.map[0] = fake_space();
	fake_meanwhile = meanwhile;
	for (unsigned i = 0; i < operations; i++) {
		world.within_call = true;
		calls[below(sizeof calls / sizeof calls[0])]();
		world.within_call = false;
		if (i % 8 == 0)
			check_world();
	}
	for (unsigned i = 0; i < MODEL_SPACES; i++)
		if (world.map[i] != VM_MAP_NULL)
			end_space(i);
	vm_object_deallocate(world.object);
	for (unsigned i = 0; i < OBJECT_PAGES; i++)
		cell_release(world.object_cell[i]);
}

Test(vm_map, random_calls_agree_with_a_model_of_pages)
{
	run(1, OPERATIONS);
}

Test(vm_map, nothing_is_left_when_the_last_space_has_gone)
{
	for (uint64_t seed = 2; seed < 6; seed++) {
		run(seed, OPERATIONS / 8);
		cr_assert_eq(fake_counts.pages, 0);
		cr_assert_eq(fake_counts.objects, 0);
		cr_assert_eq(fake_counts.pmaps, 0);
		cr_assert_eq(fake_counts.elements, 0);
	}
}
