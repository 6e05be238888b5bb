/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the default pager must do in a booted system (GD91 §5.2, §6.1): memory that does not fit comes back as it was,
 * and its space is free again when it is; objects for clients keep their contents as long as somebody has a right to
 * them; where the paging space or the disk does not do, a page is an error, or as it was: never something else.
 *
 *   paging-space [pages=N] [loss=1] [bad=1] [objects=1]
 *
 *   N: pages of memory that are written (400); loss: some of them must be lost; bad: some of the paging space cannot be
 *   written; objects: only what is claimed of objects for clients
 */
#include "pager/lib/claim.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/print.h"
#include "default_pager_user.h"

enum { WORDS = VM_PAGE_SIZE / sizeof(natural_t), WAITS = 200 };
#define ALONE 0x20000000u               /* nothing else is near it: memory there has an object of its own */

static mach_port_t self, host_priv, pager;
static natural_t total, total_at_first;

static natural_t option(int argc, char **argv, const char *key, natural_t otherwise)
{
	const size_t length = strlen(key);
	natural_t number = 0;
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], key, length) != 0)
			continue;
		for (const char *at = argv[i] + length; *at >= '0' && *at <= '9'; at++)
			number = number * 10 + (natural_t)(*at - '0');
		return number;
	}
	return otherwise;
}

/* --- Space --- */

static natural_t free_space(void)
{
	vm_size_t all = 0, free = 0;
	default_pager_info(pager, &all, &free);
	total = all;
	return free;
}

/* Objects end behind their users' backs: the space is looked at until all of it is free. */
static bool space_returns(void)
{
	for (unsigned i = 0; i < WAITS; i++) {
		if (free_space() == total)
			return true;
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 20);
	}
	print("# %u bytes are free of %u\n", free_space(), total);
	return false;
}

/* What the program itself has is not paged: only what it allocates here takes space. */
static void wire_program(void)
{
	vm_offset_t at = 0, offset;
	vm_size_t size;
	vm_prot_t protection, max;
	vm_inherit_t inheritance;
	bool shared;
	mach_port_t name;
	for (; vm_region(self, &at, &size, &protection, &max, &inheritance, &shared, &name, &offset) == KERN_SUCCESS;
	     at += size) {
		mach_port_deallocate(self, name);
		vm_wire(host_priv, self, at, size, protection);
	}
}

/* --- Contents --- */

static natural_t content(natural_t page, natural_t word, natural_t round)
{
	return (page * WORDS + word) * 2654435761u + round;
}

static void write_page(vm_offset_t memory, natural_t page, natural_t round)
{
	natural_t *at = (natural_t *)(memory + page * VM_PAGE_SIZE);
	for (natural_t word = 0; word < WORDS; word++)
		at[word] = content(page, word, round);
}

static bool is_intact(vm_offset_t memory, natural_t page, natural_t round)
{
	const natural_t *at = (const natural_t *)(memory + page * VM_PAGE_SIZE);
	for (natural_t word = 0; word < WORDS; word++)
		if (at[word] != content(page, word, round))
			return false;
	return true;
}

struct survey {
	natural_t intact, errors, others;
};

/* Looks at each page, wired so that an error is a result and no exception. */
static struct survey look(vm_offset_t memory, natural_t pages, natural_t round)
{
	struct survey survey = {0, 0, 0};
	for (natural_t page = 0; page < pages; page++) {
		const vm_offset_t at = memory + page * VM_PAGE_SIZE;
		if (vm_wire(host_priv, self, at, VM_PAGE_SIZE, VM_PROT_READ) != KERN_SUCCESS) {
			survey.errors++;
			continue;
		}
		if (is_intact(memory, page, round))
			survey.intact++;
		else
			survey.others++;
		vm_wire(host_priv, self, at, VM_PAGE_SIZE, VM_PROT_NONE);
	}
	return survey;
}

static bool as_it_must_be(struct survey survey, natural_t pages, bool loss)
{
	print("# %u intact, %u errors, %u others\n", survey.intact, survey.errors, survey.others);
	return survey.others == 0 && survey.intact + survey.errors == pages && (survey.errors > 0) == loss;
}

static vm_offset_t allocate(natural_t pages)
{
	vm_offset_t memory = ALONE;
	return claim(vm_allocate(self, &memory, pages * VM_PAGE_SIZE, false) == KERN_SUCCESS, "%u pages are allocated",
	             pages) ? memory : 0;
}

/* --- Claims --- */

static void memory_comes_back(natural_t pages, bool loss)
{
	for (natural_t round = 1; round <= 2; round++) {
		const vm_offset_t memory = allocate(pages);
		if (memory == 0)
			return;
		for (natural_t page = 0; page < pages; page++)
			write_page(memory, page, round);
		if (!loss)
			claim(free_space() < total, "memory that does not fit takes paging space");
		claim(as_it_must_be(look(memory, pages, round), pages, loss),
		      loss ? "every page is intact, or an error" : "every page is intact");
		vm_deallocate(self, memory, pages * VM_PAGE_SIZE);
		claim(space_returns(), "all paging space is free again");
	}
}

/* Pages are rewritten in place, many times: no space is lost, and the last contents count. */
static void rewriting_needs_no_space(natural_t pages)
{
	const vm_offset_t memory = allocate(pages);
	natural_t least = free_space();
	for (natural_t round = 1; round <= 4; round++)
		for (natural_t page = 0; page < pages; page++) {
			write_page(memory, page, round);
			if (page % 64 == 0 && free_space() < least)
				least = free_space();
		}
	claim(total - least <= pages * VM_PAGE_SIZE, "memory takes no more space than it has pages");
	claim(as_it_must_be(look(memory, pages, 4), pages, false), "rewritten pages have their last contents");
	vm_deallocate(self, memory, pages * VM_PAGE_SIZE);
	claim(space_returns(), "rewritten pages' space is free again");
}

static vm_offset_t map_object(mach_port_t object, natural_t pages)
{
	vm_offset_t memory = 0;
	if (vm_map(self, &memory, pages * VM_PAGE_SIZE, 0, true, object, 0, false, VM_PROT_DEFAULT, VM_PROT_ALL,
	           VM_INHERIT_SHARE) != KERN_SUCCESS)
		return 0;
	return memory;
}

/* GD91 §6.1: "exports an interface to allow other tasks to use it as a shared memory service". */
static void objects_are_shared_and_last(natural_t pages)
{
	mach_port_t object = MACH_PORT_NULL;
	if (!claim(default_pager_object_create(pager, &object, pages * VM_PAGE_SIZE) == KERN_SUCCESS,
	           "an object is made"))
		return;
	vm_offset_t one = map_object(object, pages), other = map_object(object, pages);
	claim(one != 0 && other != 0 && one != other, "it is mapped twice");
	for (natural_t page = 0; page < pages; page++)
		write_page(page % 2 ? one : other, page, 7);
	claim(as_it_must_be(look(one, pages, 7), pages, false) && as_it_must_be(look(other, pages, 7), pages, false),
	      "what is written by one mapping is read by the other");
	vm_deallocate(self, one, pages * VM_PAGE_SIZE);
	vm_deallocate(self, other, pages * VM_PAGE_SIZE);
	one = map_object(object, pages);
	claim(one != 0 && as_it_must_be(look(one, pages, 7), pages, false),
	      "it keeps its contents while nobody maps it");
	vm_deallocate(self, one, pages * VM_PAGE_SIZE);
	claim(mach_port_deallocate(self, object) == KERN_SUCCESS && space_returns(),
	      "with the last right to it its space is free again");
}

enum { OBJECT_INIT_ID = 2200, OBJECT_DESTROY_ID = 2092, PATIENCE_MS = 2000 };

/* What another kernel, on another machine, would say: it maps the object, too. */
static void say_as_another_kernel(mach_port_t object, mach_port_t control, mach_port_t name)
{
	struct {
		mach_msg_header_t head;
		natural_t control_type, control, name_type, name, size_type, size;
	} init = {
		.head = {
			.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX,
			.msgh_remote_port = object,
			.msgh_id = OBJECT_INIT_ID,
		},
		.control_type = MIG_TYPE(MACH_MSG_TYPE_MAKE_SEND, 32, 1), .control = control,
		.name_type = MIG_TYPE(MACH_MSG_TYPE_MAKE_SEND, 32, 1), .name = name,
		.size_type = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1), .size = VM_PAGE_SIZE,
	};
	mach_msg(&init.head, MACH_SEND_MSG, sizeof init, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
}

/* "However, it provides no network consistency management": the object stays with the kernel that has it. */
static void objects_stay_on_one_machine(void)
{
	mach_port_t object = MACH_PORT_NULL, control = MACH_PORT_NULL, name = MACH_PORT_NULL;
	struct {
		mach_msg_header_t head;
		natural_t body[16];
	} answer;
	default_pager_object_create(pager, &object, VM_PAGE_SIZE);
	const vm_offset_t memory = map_object(object, 1);
	write_page(memory, 0, 5);
	mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &control);
	mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &name);
	say_as_another_kernel(object, control, name);
	const mach_msg_return_t result = mach_msg(&answer.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof answer, control,
	                                          PATIENCE_MS, MACH_PORT_NULL);
	claim(result == MACH_MSG_SUCCESS && answer.head.msgh_id == OBJECT_DESTROY_ID,
	      "a second kernel that maps an object is refused");
	claim(is_intact(memory, 0, 5), "and the first one's mapping does not notice");
	vm_deallocate(self, memory, VM_PAGE_SIZE);
	mach_port_deallocate(self, object);
	mach_port_mod_refs(self, control, MACH_PORT_RIGHT_RECEIVE, -1);
	mach_port_mod_refs(self, name, MACH_PORT_RIGHT_RECEIVE, -1);
	claim(space_returns(), "and its space is free again in the end");
}

static void claim_objects(natural_t pages)
{
	objects_are_shared_and_last(pages);
	objects_stay_on_one_machine();
}

static void many_objects_leave_nothing(void)
{
	enum { OBJECTS = 60, PAGES = 3 };
	static mach_port_t object[OBJECTS];
	bool made = true, intact = true;
	for (unsigned i = 0; i < OBJECTS; i++) {
		made = made && default_pager_object_create(pager, &object[i], PAGES * VM_PAGE_SIZE) == KERN_SUCCESS;
		const vm_offset_t memory = made ? map_object(object[i], PAGES) : 0;
		for (natural_t page = 0; memory != 0 && page < PAGES; page++)
			write_page(memory, page, i);
		vm_deallocate(self, memory, PAGES * VM_PAGE_SIZE);
	}
	for (unsigned i = 0; made && i < OBJECTS; i++) {
		const vm_offset_t memory = map_object(object[i], PAGES);
		intact = intact && memory != 0 && look(memory, PAGES, i).intact == PAGES;
		vm_deallocate(self, memory, PAGES * VM_PAGE_SIZE);
		mach_port_deallocate(self, object[i]);
	}
	claim(made && intact, "%u objects keep their contents", OBJECTS);
	claim(space_returns(), "%u objects leave nothing behind", OBJECTS);
}

/* A message that the pager does not know, or that lies, is answered or dropped: those after it are served. */
static void strange_messages_do_no_harm(void)
{
	mach_port_t object = MACH_PORT_NULL;
	default_pager_object_create(pager, &object, 2 * VM_PAGE_SIZE);
	struct {
		mach_msg_header_t head;
		natural_t body[8];
	} message;
	for (mach_msg_id_t id = 2190; id < 2290; id++)
		for (unsigned i = 0; i < 2; i++) {
			message.head = (mach_msg_header_t){
				.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0), .msgh_size = sizeof message,
				.msgh_remote_port = i ? object : pager, .msgh_id = id,
			};
			memset(message.body, (int)id, sizeof message.body);
			mach_msg(&message.head, MACH_SEND_MSG | MACH_SEND_TIMEOUT, sizeof message, 0, MACH_PORT_NULL,
			         1000, MACH_PORT_NULL);
		}
	const vm_offset_t memory = map_object(object, 2);
	claim(memory != 0, "an object that was sent nonsense can be mapped");
	write_page(memory, 1, 3);
	claim(is_intact(memory, 1, 3), "and used");
	vm_deallocate(self, memory, 2 * VM_PAGE_SIZE);
	mach_port_deallocate(self, object);
	claim(space_returns(), "and leaves nothing behind");
}

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	mach_port_t device_master;
	const natural_t pages = option(argc, argv, "pages=", 400);
	const bool loss = option(argc, argv, "loss=", 0) != 0;
	self = mach_task_self();
	claim(mach_privileged_ports(&host_priv, &device_master) == KERN_SUCCESS,
	      "the first server has the privileged ports");
	claim(vm_set_default_memory_manager(host_priv, &pager) == KERN_SUCCESS && MACH_PORT_VALID(pager),
	      "the default pager's port is known");
	wire_program();
	claim(free_space() == total && total > 0, "the paging space is free");
	total_at_first = total;
	if (option(argc, argv, "objects=", 0) != 0) {
		claim_objects(pages / 2);
		return claims_end();
	}
	memory_comes_back(pages, loss);
	if (option(argc, argv, "bad=", 0) != 0)
		claim(total < total_at_first, "what cannot be written is not counted any more");
	if (!loss) {
		rewriting_needs_no_space(pages / 2);
		claim_objects(pages / 2);
		many_objects_leave_nothing();
		strange_messages_do_no_harm();
	}
	return claims_end();
}
