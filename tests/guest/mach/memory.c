/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's memory against a model, from inside the kernel: linked in the place of the bootstrap, it is the first
 * task.  A manager that keeps pages in memory of its own is the default manager; address spaces are mapped, written,
 * read, forked, copied, wired and unmapped at random, while memory for less than half of it is available, and each page
 * read must be what the model says.  vm_page_check looks after all pages in between.
 *
 * Option steps=N: operations (20000). seed=N. On the console: a dot now and then, "memory: ok" or a panic.
 */
#include "base/console.h"
#include "base/memory.h"
#include "base/panic.h"
#include "ipc/ipc_space.h"
#include "ipc/mach_msg.h"
#include "kern/ipc_kobject.h"
#include "kern/startup.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "mach_port_server.h"
#include "mach_server.h"
#include "vm/memory_object.h"
#include "vm/vm_fault.h"
#include "vm/vm_kern.h"
#include "vm/vm_resident.h"

void bootstrap_main(int argc, char **argv);

/* --- The manager: what it was told about each object, and the pages that it has --- */

enum { STORE_PAGES = 6000, OBJECTS = 1024 };

struct stored {
	mach_port_t object;             /* 0: free */
	vm_offset_t offset;
	char *data;
};
static struct stored store[STORE_PAGES];
static struct { natural_t requests, writes, initializations, created, terminated, unavailable; } told;
static natural_t stored_pages;

static struct stored *stored_at(mach_port_t object, vm_offset_t offset, bool make)
{
	struct stored *free_one = NULL;
	for (natural_t i = 0; i < STORE_PAGES; i++) {
		if (store[i].object == object && store[i].offset == offset)
			return &store[i];
		if (!store[i].object && !free_one)
			free_one = &store[i];
	}
	if (!make)
		return NULL;
	kernel_assert(free_one);
	free_one->object = object;
	free_one->offset = offset;
	stored_pages++;
	return free_one;
}

/* A message, as far as any that comes here goes: its words in order. */
struct message {
	mach_msg_header_t header;
	natural_t word[64];
};

static vm_object_t object_of_control(mach_port_t name)
{
	ipc_port_t port = ipc_port_translate_send(current_task()->itk_space, name);
	vm_object_t object = vm_object_lookup(port);
	if (port)
		ip_release(port);
	return object;
}

static void answer_request(struct message *message)
{
	const mach_port_t control = message->word[1];
	const vm_offset_t offset = message->word[3];
	vm_object_t object = object_of_control(control);
	struct stored *have = stored_at(message->header.msgh_local_port, offset, false);
	told.requests++;
	if (object && have) {
		vm_map_copy_t copy;
		kern_return_t result = vm_map_copyin_kernel(have->data, VM_PAGE_SIZE, &copy);
		kernel_assert(result == KERN_SUCCESS);
		result = memory_object_data_supply(object, offset, copy, VM_PAGE_SIZE, VM_PROT_NONE, false, IP_NULL, 0);
		kernel_assert(result == KERN_SUCCESS);
	} else if (object) {
		told.unavailable++;
		memory_object_data_unavailable(object, offset, VM_PAGE_SIZE);
	}
	if (object)
		vm_object_deallocate(object);
	mach_port_deallocate(current_task()->itk_space, control);
}

static void take_data(struct message *message, bool initial)
{
	const vm_offset_t offset = message->word[3];
	const vm_offset_t data = message->word[7];
	kernel_assert(message->word[6] == VM_PAGE_SIZE);
	struct stored *have = stored_at(message->header.msgh_local_port, offset, false);
	if (!have || !initial) {
		have = stored_at(message->header.msgh_local_port, offset, true);
		memcpy(have->data, (const void *)(uintptr_t)data, VM_PAGE_SIZE);
	}
	told.writes += !initial;
	told.initializations += initial;
	vm_map_remove(kernel_map, data, data + VM_PAGE_SIZE);
	mach_port_deallocate(current_task()->itk_space, message->word[1]);
}

static void forget(struct message *message)
{
	const mach_port_t object = message->header.msgh_local_port;
	for (natural_t i = 0; i < STORE_PAGES; i++)
		if (store[i].object == object) {
			store[i].object = 0;
			stored_pages--;
		}
	told.terminated++;
	ipc_space_t space = current_task()->itk_space;
	mach_port_mod_refs(space, message->word[1], MACH_PORT_RIGHT_RECEIVE, -1);
	mach_port_mod_refs(space, message->word[3], MACH_PORT_RIGHT_RECEIVE, -1);
	mach_port_mod_refs(space, object, MACH_PORT_RIGHT_RECEIVE, -1);
}

static void manage(void *argument)
{
	static struct message message;
	const mach_port_t set = (mach_port_t)(uintptr_t)argument;
	ipc_space_t space = current_task()->itk_space;
	current_thread()->vm_privilege = true;
	for (;;) {
		mach_msg_return_t result = mach_msg_trap(&message.header, MACH_RCV_MSG, 0, sizeof message, set, 0, 0);
		kernel_assert(result == MACH_MSG_SUCCESS);
		switch (message.header.msgh_id) {
		case 2201: forget(&message); break;
		case 2203: answer_request(&message); break;
		case 2205:
		case 2208: take_data(&message, false); break;
		case 2250: {
			const kern_return_t moved = mach_port_move_member(space, message.word[1], set);
			kernel_assert(moved == KERN_SUCCESS);
			mach_port_deallocate(space, message.word[5]);
			mach_port_deallocate(space, message.word[7]);
			told.created++;
			break;
		}
		case 2251: take_data(&message, true); break;
		default: panic_number("memory: the manager was told what it does not know", message.header.msgh_id);
		}
	}
}

static void start_manager(void)
{
	ipc_space_t space = current_task()->itk_space;
	mach_port_t set, port;
	kern_return_t result = mach_port_allocate(space, MACH_PORT_RIGHT_PORT_SET, &set);
	kernel_assert(result == KERN_SUCCESS);
	result = mach_port_allocate(space, MACH_PORT_RIGHT_RECEIVE, &port);
	kernel_assert(result == KERN_SUCCESS);
	result = mach_port_move_member(space, port, set);
	kernel_assert(result == KERN_SUCCESS);
	ipc_port_t right = ipc_port_translate_receive(space, port);
	ipc_port_make_send(right);
	ip_release(right);
	vm_set_default_memory_manager(&right);
	for (natural_t i = 0; i < STORE_PAGES; i++) {
		vm_page_t page = vm_page_grab();
		kernel_assert(page);
		vm_page_wire(page);
		store[i].data = phystokv(page->phys_addr);
	}
	kernel_thread(current_task(), "manager", manage, (void *)(uintptr_t)set);
}

/* --- The model --- */

enum { SPACES = 6, PAGES = 192, BASE = 0x400000 };

struct model {
	vm_map_t map;                   /* NULL: not there */
	struct { bool mapped; bool wired; natural_t value; } page[PAGES];
};

static natural_t seed;
static natural_t random_below(natural_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % limit;
}

static vm_offset_t address_of(natural_t page) { return BASE + (page << VM_PAGE_SHIFT); }

/* What a page with this value is: three words of it, and zeros. */
static void write_page(struct model *space, natural_t page, natural_t value)
{
	static const natural_t at[] = { 0, 2052, 4092 };
	for (unsigned i = 0; i < 3; i++) {
		natural_t word = value + at[i];
		kern_return_t result = copyoutmap(space->map, &word, address_of(page) + at[i], sizeof word);
		kernel_assert(result == KERN_SUCCESS);
	}
	space->page[page].value = value;
}

static void check_page(struct model *space, natural_t page)
{
	static const natural_t at[] = { 0, 2052, 4092 };
	const natural_t value = space->page[page].value;
	for (unsigned i = 0; i < 3; i++) {
		natural_t word = 0;
		kern_return_t result = copyinmap(space->map, address_of(page) + at[i], &word, sizeof word);
		if (result != (space->page[page].mapped ? KERN_SUCCESS : KERN_INVALID_ADDRESS))
			panic_number("memory: an address gives", (uint32_t)result);
		if (space->page[page].mapped && word != (value ? value + at[i] : 0)) {
			console_string("expected ");
			console_hex(value ? value + at[i] : 0);
			panic_number(" memory: a page is not what was written to it, but", word);
		}
	}
}

static struct model spaces[SPACES];

static void make_space(struct model *space)
{
	pmap_t pmap;
	while (!(pmap = pmap_create()))
		vm_page_wait(NULL);
	space->map = vm_map_create(pmap, BASE, BASE + (1u << 26));
	kernel_assert(space->map);
	memset(space->page, 0, sizeof space->page);
}

static void drop_space(struct model *space)
{
	vm_map_deallocate(space->map);
	space->map = VM_MAP_NULL;
}

/* A run of pages that are all mapped, or all not. Result: its length. */
static natural_t run_from(const struct model *space, natural_t page, bool mapped, natural_t most)
{
	natural_t n = 0;
	while (n < most && page + n < PAGES && space->page[page + n].mapped == mapped)
		n++;
	return n;
}

static natural_t random_run(const struct model *space, bool mapped, natural_t *page)
{
	*page = random_below(PAGES);
	return run_from(space, *page, mapped, 1 + random_below(32));
}

/* --- What is done at random --- */

static void map_some(struct model *space)
{
	natural_t page, n = random_run(space, false, &page);
	vm_offset_t address = address_of(page);
	if (n == 0)
		return;
	kern_return_t result = vm_map_enter(space->map, &address, n << VM_PAGE_SHIFT, 0, false, VM_OBJECT_NULL, 0, false,
	                                    VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	kernel_assert(result == KERN_SUCCESS);
	for (natural_t i = page; i < page + n; i++) {
		space->page[i].mapped = true;
		space->page[i].value = 0;
		space->page[i].wired = false;
	}
}

static void unmap_some(struct model *space)
{
	natural_t page, n = random_run(space, true, &page);
	vm_map_remove(space->map, address_of(page), address_of(page + n));
	for (natural_t i = page; i < page + n; i++)
		space->page[i].mapped = space->page[i].wired = false;
}

static void write_some(struct model *space)
{
	natural_t page, n = random_run(space, true, &page);
	for (natural_t i = page; i < page + n; i++)
		write_page(space, i, 1 + random_below(1u << 24));
}

static void read_some(struct model *space)
{
	const natural_t page = random_below(PAGES);
	for (natural_t i = page; i < page + 16 && i < PAGES; i++)
		check_page(space, i);
}

static void fork_some(struct model *space)
{
	struct model *child = &spaces[random_below(SPACES)];
	if (child == space)
		return;
	if (child->map)
		drop_space(child);
	vm_map_t map = vm_map_fork(space->map);
	kernel_assert(map);
	*child = *space;
	child->map = map;
	for (natural_t i = 0; i < PAGES; i++)
		child->page[i].wired = false;
}

/* From one space to another, as in a message. */
static void move_some(struct model *space)
{
	struct model *target = &spaces[random_below(SPACES)];
	natural_t page, n = random_run(space, true, &page);
	if (!target->map || n == 0)
		return;
	natural_t to = random_below(PAGES);
	const natural_t room = run_from(target, to, random_below(2), n);
	if (room == 0 || (target == space && to < page + n && page < to + n))
		return;
	const bool overwrite = target->page[to].mapped;
	vm_map_copy_t copy;
	kern_return_t result = vm_map_copyin(space->map, address_of(page), room << VM_PAGE_SHIFT, false, &copy);
	kernel_assert(result == KERN_SUCCESS);
	if (overwrite) {
		result = vm_map_copy_overwrite(target->map, address_of(to), copy, false);
		kernel_assert(result == KERN_SUCCESS);
	} else {
		vm_offset_t address;
		result = vm_map_copyout(target->map, &address, copy);
		kernel_assert(result == KERN_SUCCESS);
		/* It is anywhere: looked at, and given back. */
		for (natural_t i = 0; i < room; i++) {
			natural_t word;
			result = copyinmap(target->map, address + (i << VM_PAGE_SHIFT), &word, sizeof word);
			kernel_assert(result == KERN_SUCCESS && word == space->page[page + i].value);
		}
		vm_map_remove(target->map, address, address + (room << VM_PAGE_SHIFT));
		return;
	}
	for (natural_t i = 0; i < room; i++)
		target->page[to + i].value = space->page[page + i].value;
}

static void wire_some(struct model *space)
{
	const natural_t page = random_below(PAGES);
	if (!space->page[page].mapped)
		return;
	const bool wire = !space->page[page].wired;
	kern_return_t result = vm_map_pageable(space->map, address_of(page), address_of(page + 1),
	                                       wire ? VM_PROT_DEFAULT : VM_PROT_NONE, true);
	kernel_assert(result == KERN_SUCCESS);
	space->page[page].wired = wire;
}

static void step(void)
{
	struct model *space = &spaces[random_below(SPACES)];
	if (!space->map)
		make_space(space);
	switch (random_below(16)) {
	case 0: case 1: map_some(space); break;
	case 2: unmap_some(space); break;
	case 3: case 4: case 5: case 6: case 7: write_some(space); break;
	case 8: case 9: case 10: case 11: read_some(space); break;
	case 12: fork_some(space); break;
	case 13: case 14: move_some(space); break;
	case 15: wire_some(space); break;
	}
	if (random_below(400) == 0)
		drop_space(space);
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
	const natural_t steps = boot_option_number("steps=", 20000);
	seed = boot_option_number("seed=", 1);
	start_manager();
	vm_page_withhold(boot_option_number("pages=", 400));
	for (natural_t i = 0; i < steps; i++) {
		step();
		if (i % 64 == 0)
			vm_page_check();
		if (i % 2048 == 0)
			console_string(".");
	}
	for (natural_t i = 0; i < SPACES; i++) {
		for (natural_t page = 0; spaces[i].map && page < PAGES; page++)
			check_page(&spaces[i], page);
		if (spaces[i].map)
			drop_space(&spaces[i]);
	}
	/* The manager hears of all ends. */
	for (natural_t i = 0; i < 1000 && told.created != told.terminated; i++)
		thread_block(NULL);
	vm_page_check();
	say("\nrequests ", told.requests);
	say("writes ", told.writes);
	say("created ", told.created);
	say("terminated ", told.terminated);
	say("stored ", stored_pages);
	say("faults ", (natural_t)vm_stat.faults);
	say("copies ", (natural_t)vm_stat.cow_faults);
	say("reactivated ", (natural_t)vm_stat.reactivations);
	say("active ", vm_page_active_count);
	say("inactive ", vm_page_inactive_count);
	kernel_assert(told.created == told.terminated && stored_pages == 0);
	kernel_assert(vm_page_active_count + vm_page_inactive_count == 0 && vm_page_laundry_count == 0);
	console_string("memory: ok\n");
	shutdown(0);
}
