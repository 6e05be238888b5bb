/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Main's memory objects: a manager that keeps to the rules (Y87 §3.4) and uses all of them: it locks what it gives, wants
 * pages back, calls them precious, lets them be cached or not, copied now or later.
 *
 * It keeps of a page the values of its halves: what comes home must be a page that somebody can have written.
 */
#include "memory_object_server.h"
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/soak/soak.h"

static struct object {
	mach_port_t port, control;      /* control: MACH_PORT_NULL while the kernel has nothing of it */
	struct contents contents[OBJECT_PAGES];
} object[WORLDS_MAX * OBJECTS];
static natural_t objects, returned, torn;
static mach_port_t set;

void manager_start(natural_t worlds)
{
	objects = worlds * OBJECTS;
	if (!set)
		mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set);
	for (natural_t i = 0; i < objects; i++) {
		mach_port_allocate_send(&object[i].port);
		mach_port_set_qlimit(mach_task_self(), object[i].port, MACH_PORT_QLIMIT_MAX);
		mach_port_move_member(mach_task_self(), object[i].port, set);
		for (natural_t page = 0; page < OBJECT_PAGES; page++)
			object[i].contents[page] = soak_initial(i, page);
	}
}

mach_port_t manager_object(natural_t number) { return object[number].port; }

mach_port_t manager_set(mach_port_t port)
{
	mach_port_move_member(mach_task_self(), port, set);
	return set;
}

natural_t manager_pages_returned(void) { return returned; }

bool manager_end(void)
{
	for (natural_t i = 0; i < objects; i++) {
		mach_port_destroy(mach_task_self(), object[i].port);
		if (object[i].control)
			mach_port_deallocate(mach_task_self(), object[i].control);
		object[i].control = MACH_PORT_NULL;
	}
	return torn == 0;
}

static struct object *object_of(mach_port_t port)
{
	natural_t i = 0;

	while (object[i].port != port)
		i++; /* the set has no other ports that the kernel knows of */
	return &object[i];
}

static void drop(mach_port_t right) { mach_port_deallocate(mach_task_self(), right); }

/* Now and then it wants pages back, or not to be in memory. */
static void clean(const struct object *o)
{
	const natural_t page = soak_below(OBJECT_PAGES), pages = 1 + soak_below(OBJECT_PAGES - page);

	if (o->control && soak_below(4) == 0)
		memory_object_lock_request(o->control, page * VM_PAGE_SIZE, pages * VM_PAGE_SIZE,
		                           soak_below(2) ? MEMORY_OBJECT_RETURN_DIRTY : MEMORY_OBJECT_RETURN_ALL,
		                           soak_below(2) != 0, VM_PROT_NO_CHANGE, MACH_PORT_NULL);
}

void manager_answer(mach_msg_header_t *request)
{
	struct { mach_msg_header_t head; natural_t room[8]; } reply;
	const struct object *o = object_of(request->msgh_local_port);

	if (!memory_object_server(request, &reply.head))
		torn++;
	clean(o);
}

/* --- What the kernel says (table 3-5) --- */

kern_return_t memory_object_init(mach_port_t memory_object, mach_port_t memory_control,
                                 mach_port_t memory_object_name, vm_size_t memory_object_page_size)
{
	struct object *o = object_of(memory_object);
	const memory_object_copy_strategy_t strategy = soak_below(4) ? MEMORY_OBJECT_COPY_DELAY : MEMORY_OBJECT_COPY_NONE;
	const bool may_cache = soak_below(2);

	(void)memory_object_page_size;
	if (o->control)
		torn++;
	o->control = memory_control;
	drop(memory_object_name);
	if (soak_below(2))
		memory_object_ready(memory_control, may_cache, strategy);
	else
		memory_object_set_attributes(memory_control, true, may_cache, strategy);
	return KERN_SUCCESS;
}

kern_return_t memory_object_terminate(mach_port_t memory_object, mach_port_t memory_control,
                                      mach_port_t memory_object_name)
{
	struct object *o = object_of(memory_object);

	mach_port_mod_refs(mach_task_self(), memory_control, MACH_PORT_RIGHT_RECEIVE, -1);
	mach_port_mod_refs(mach_task_self(), memory_object_name, MACH_PORT_RIGHT_RECEIVE, -1);
	drop(memory_object);
	drop(o->control);
	o->control = MACH_PORT_NULL;
	return KERN_SUCCESS;
}

static void supply(const struct object *o, mach_port_t control, vm_offset_t offset)
{
	const struct contents *contents = &o->contents[offset / VM_PAGE_SIZE];
	const vm_prot_t lock = soak_below(3) ? VM_PROT_NONE : VM_PROT_WRITE;
	vm_address_t page = 0;

	if (contents->half[0] == 0 && contents->half[1] == 0 && soak_below(2)) {
		memory_object_data_unavailable(control, offset, VM_PAGE_SIZE);
		return;
	}
	vm_allocate(mach_task_self(), &page, VM_PAGE_SIZE, true);
	soak_fill(page, contents, 3);
	if (soak_below(2)) {
		memory_object_data_supply(control, offset, page, VM_PAGE_SIZE, true, lock, soak_below(2) != 0, MACH_PORT_NULL);
		return;
	}
	memory_object_data_provided(control, offset, page, VM_PAGE_SIZE, lock);
	vm_deallocate(mach_task_self(), page, VM_PAGE_SIZE);
}

kern_return_t memory_object_data_request(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                         vm_size_t length, vm_prot_t desired_access)
{
	(void)desired_access;
	for (vm_offset_t at = offset; at < offset + length; at += VM_PAGE_SIZE)
		supply(object_of(memory_object), memory_control, at);
	drop(memory_control);
	return KERN_SUCCESS;
}

kern_return_t memory_object_data_unlock(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                        vm_size_t length, vm_prot_t desired_access)
{
	(void)memory_object, (void)desired_access;
	memory_object_lock_request(memory_control, offset, length, MEMORY_OBJECT_RETURN_NONE, false, VM_PROT_NONE,
	                           MACH_PORT_NULL);
	drop(memory_control);
	return KERN_SUCCESS;
}

kern_return_t memory_object_data_write(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                       vm_offset_t data, mach_msg_type_number_t data_count)
{
	struct object *o = object_of(memory_object);
	struct difference difference;

	for (vm_size_t at = 0; at < data_count; at += VM_PAGE_SIZE) {
		const natural_t *words = (const natural_t *)(data + at);
		const struct contents contents = { { words[0], words[VM_PAGE_SIZE / 2 / sizeof *words] } };

		torn += !soak_check(data + at, VM_PAGE_SIZE, 0, &contents, &difference);
		o->contents[(offset + at) / VM_PAGE_SIZE] = contents;
		returned++;
	}
	vm_deallocate(mach_task_self(), data, data_count);
	drop(memory_control);
	return KERN_SUCCESS;
}

kern_return_t memory_object_data_return(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                        vm_offset_t data, mach_msg_type_number_t data_count, bool dirty,
                                        bool kernel_copy)
{
	(void)dirty, (void)kernel_copy;
	return memory_object_data_write(memory_object, memory_control, offset, data, data_count);
}

/* Asked for by nobody. */
kern_return_t memory_object_copy(mach_port_t old_memory_object, mach_port_t old_memory_control, vm_offset_t offset,
                                 vm_size_t length, mach_port_t new_memory_object)
{
	(void)old_memory_object, (void)old_memory_control, (void)offset, (void)length, (void)new_memory_object;
	torn++;
	return KERN_FAILURE;
}

kern_return_t memory_object_lock_completed(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                           vm_size_t length)
{
	(void)memory_object, (void)memory_control, (void)offset, (void)length;
	torn++;
	return KERN_FAILURE;
}

kern_return_t memory_object_supply_completed(mach_port_t memory_object, mach_port_t memory_control,
                                             vm_offset_t offset, vm_size_t length, kern_return_t result,
                                             vm_offset_t error_offset)
{
	(void)memory_object, (void)memory_control, (void)offset, (void)length, (void)result, (void)error_offset;
	torn++;
	return KERN_FAILURE;
}

kern_return_t memory_object_change_completed(mach_port_t memory_object, bool may_cache,
                                             memory_object_copy_strategy_t copy_strategy)
{
	(void)memory_object, (void)may_cache, (void)copy_strategy;
	torn++;
	return KERN_FAILURE;
}
