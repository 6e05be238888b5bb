/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/soak/choices.h"

static void refuse_allocation(struct space *space)
{
	natural_t first;

	if (any_run(space, true, ANY, 1, &first)) {
		vm_address_t address = model_address(space, first);

		expect(vm_allocate(space->task, &address, VM_PAGE_SIZE, false), KERN_NO_SPACE, space, ALLOCATE);
	}
}

/* Whether a page cannot be used so; beside memory that was received there may be anything. */
static bool is_refused(const struct space *space, natural_t slot, natural_t after, vm_prot_t protection)
{
	return slot < end_of_room(after) && !suits(&space->slot[slot], true, protection) &&
	       (slot < WINDOW || space->slot[slot].place);
}

/* Some pages that could be read, and one behind them that cannot. */
static void refuse_reading(struct space *space)
{
	natural_t first, n = any_run(space, true, READABLE, RUN, &first);
	vm_offset_t data;
	mach_msg_type_number_t bytes;

	if (!n || !is_refused(space, first + n, first, READABLE))
		return;
	expect(vm_read(space->task, model_address(space, first), (n + 1) * VM_PAGE_SIZE, &data, &bytes),
	       space->slot[first + n].place ? KERN_PROTECTION_FAILURE : KERN_INVALID_ADDRESS, space, CHECK);
}

static void refuse_writing(struct space *space)
{
	natural_t first, n = any_run(space, true, WRITABLE, RUN, &first);
	vm_address_t data = 0;

	if (!n || !is_refused(space, first + n, first, WRITABLE))
		return;
	expect(vm_allocate(mach_task_self(), &data, (n + 1) * VM_PAGE_SIZE, true), KERN_SUCCESS, space, WRITE);
	expect(vm_write(space->task, model_address(space, first), data, (n + 1) * VM_PAGE_SIZE),
	       space->slot[first + n].place ? KERN_PROTECTION_FAILURE : KERN_INVALID_ADDRESS, space, WRITE);
	vm_deallocate(mach_task_self(), data, (n + 1) * VM_PAGE_SIZE);
}

void refuse(struct space *space)
{
	static void (*const ways[])(struct space *) = { refuse_allocation, refuse_reading, refuse_writing };

	ways[soak_below(3)](space);
}

/* vm_region tells of a page what it must. */
void ask(struct space *space)
{
	const natural_t slot = soak_below(WINDOW);
	const vm_address_t wanted = model_address(space, slot);
	vm_address_t address = wanted;
	vm_size_t size;
	vm_prot_t protection, most;
	vm_inherit_t inheritance;
	bool shared;
	mach_port_t name;
	vm_offset_t offset;
	const kern_return_t result = vm_region(space->task, &address, &size, &protection, &most, &inheritance, &shared, &name,
	                                       &offset);
	const bool there = result == KERN_SUCCESS && address <= wanted;

	expect(there ? 1 : 0, space->slot[slot].place ? 1 : 0, space, PROTECT);
	if (result == KERN_SUCCESS && MACH_PORT_VALID(name))
		mach_port_deallocate(mach_task_self(), name);
	if (!there)
		return;
	expect(protection, space->slot[slot].protection, space, PROTECT);
	expect((kern_return_t)inheritance, (kern_return_t)space->slot[slot].inheritance, space, INHERIT);
}
