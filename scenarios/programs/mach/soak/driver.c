/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a driver has done in its world: one step after another, each a random call on random pages of a random space.
 */
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/soak/choices.h"

enum { RETRY_MS = 100, WIRED_MOST = 8 };

/* --- Memory comes and goes --- */

static void allocate(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, false, ANY, RUN, &first);
	const struct command command = command_on(ALLOCATE, space, first, pages);

	if (!pages)
		return;
	for (natural_t i = 0; i < pages; i++)
		model_allocate(&space->slot[first + i], (struct contents){ { 0, 0 } });
	order_either(space, &command, MACH_PORT_NULL);
}

static void deallocate(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, true, ANY, RUN, &first);
	const struct command command = command_on(DEALLOCATE, space, first, pages);

	if (!pages)
		return;
	for (natural_t i = 0; i < pages; i++)
		model_release(&space->slot[first + i]);
	order_either(space, &command, MACH_PORT_NULL);
}

/* A manager's object, or a copy of it. */
static void map(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, false, ANY, RUN, &first), object = soak_below(OBJECTS);
	const natural_t page = soak_below(OBJECT_PAGES - RUN);
	const bool copy = soak_below(3) == 0;
	struct command command = command_on(MAP, space, first, pages);

	if (!pages)
		return;
	if (copy)
		order_drain();
	command.to = page * VM_PAGE_SIZE;
	command.option = copy;
	for (natural_t i = 0; i < pages; i++)
		if (copy)
			model_allocate(&space->slot[first + i], world->object[object][page + i].contents);
		else
			model_map(&space->slot[first + i], object, page + i);
	if (copy)
		expect(soak_obey(space->task, &command, order_object(object)), KERN_SUCCESS, space, MAP);
	else
		order_either(space, &command, order_object(object));
}

static void protect(struct space *space)
{
	static const vm_prot_t choices[] = { VM_PROT_NONE, VM_PROT_READ, VM_PROT_DEFAULT, VM_PROT_DEFAULT };
	natural_t first;
	const natural_t pages = any_run(space, true, ANY, RUN, &first);
	const vm_prot_t protection = choices[soak_below(4)];
	struct command command = command_on(PROTECT, space, first, pages);

	if (!pages)
		return;
	command.option = (natural_t)protection;
	for (natural_t i = 0; i < pages; i++)
		space->slot[first + i].protection = protection;
	order_either(space, &command, MACH_PORT_NULL);
}

static void inherit(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, true, ANY, RUN, &first), inheritance = soak_below(3);
	struct command command = command_on(INHERIT, space, first, pages);

	if (!pages)
		return;
	command.option = inheritance;
	for (natural_t i = 0; i < pages; i++)
		space->slot[first + i].inheritance = inheritance;
	order_either(space, &command, MACH_PORT_NULL);
}

static natural_t wired_pages(const struct space *space)
{
	natural_t n = 0;

	for (natural_t i = 0; i < SLOTS; i++)
		n += space->slot[i].wired;
	return n;
}

/* A page of nobody's object: copied over, one of a manager would change in all mappings when wired, and in one if not. */
static void wire(struct space *space)
{
	natural_t first;
	struct slot *slot;

	if (!any_run(space, true, WRITABLE, 1, &first) || space->slot[first].place->cell->managed)
		return;
	slot = &space->slot[first];
	if (!slot->wired && wired_pages(space) >= WIRED_MOST)
		return;
	slot->wired = !slot->wired;
	expect(vm_wire(soak_host_priv, space->task, model_address(space, first), VM_PAGE_SIZE,
	               slot->wired ? VM_PROT_DEFAULT : VM_PROT_NONE), KERN_SUCCESS, space, PROTECT);
}

/* --- Contents --- */

static void write(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, true, WRITABLE, RUN, &first);
	struct command command = command_on(WRITE, space, first, pages);

	if (!pages)
		return;
	use(space, first, pages, true);
	command.option = 1 + soak_below(3);
	for (natural_t i = 0; i < pages; i++) {
		struct cell *cell = space->slot[first + i].place->cell;

		cell->contents = model_new_contents(cell->contents, command.option);
		command.contents[i] = cell->contents;
	}
	order(space, &command, MACH_PORT_NULL);
}

static void check_run(struct space *space, natural_t first, natural_t pages)
{
	struct command command = command_on(CHECK, space, first, pages);

	use(space, first, pages, false);
	contents_of(space, first, pages, command.contents);
	world->findings.pages += pages;
	order(space, &command, MACH_PORT_NULL);
}

static void check(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, true, READABLE, RUN, &first);

	if (pages)
		check_run(space, first, pages);
}

static void copy(struct space *space)
{
	natural_t first, to;
	natural_t pages = any_run(space, true, READABLE, RUN, &first);
	const natural_t room = pages ? any_run(space, true, WRITABLE, pages, &to) : 0;
	struct contents contents[RUN];

	if (!room)
		return;
	pages = room < pages ? room : pages;
	if (!model_free(space, first, pages, false) || !model_free(space, to, pages, true))
		order_drain();
	model_use(space, first, pages, false);
	model_use(space, to, pages, true);
	contents_of(space, first, pages, contents);
	for (natural_t i = 0; i < pages; i++)
		model_overwrite(&space->slot[to + i], contents[i]);
	model_use(space, to, pages, true);
	struct command command = command_on(COPY, space, first, pages);
	command.to = model_address(space, to);
	order_either(space, &command, MACH_PORT_NULL);
}

static void read_from(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, true, READABLE, RUN, &first);
	struct contents contents[RUN];
	vm_offset_t data;
	mach_msg_type_number_t bytes;

	if (!pages)
		return;
	use(space, first, pages, false);
	contents_of(space, first, pages, contents);
	expect(vm_read(space->task, model_address(space, first), pages * VM_PAGE_SIZE, &data, &bytes), KERN_SUCCESS, space,
	       CHECK);
	expect_contents(space, data, pages, contents);
	vm_deallocate(mach_task_self(), data, bytes);
}

static void write_to(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, true, WRITABLE, RUN, &first);
	vm_address_t data = 0;

	if (!pages)
		return;
	use(space, first, pages, true);
	expect(vm_allocate(mach_task_self(), &data, pages * VM_PAGE_SIZE, true), KERN_SUCCESS, space, WRITE);
	for (natural_t i = 0; i < pages; i++) {
		const struct contents contents = model_new_contents((struct contents){ { 0, 0 } }, soak_below(4));

		soak_fill(data + i * VM_PAGE_SIZE, &contents, 3);
		model_overwrite(&space->slot[first + i], contents);
	}
	expect(vm_write(space->task, model_address(space, first), data, pages * VM_PAGE_SIZE), KERN_SUCCESS, space, WRITE);
	vm_deallocate(mach_task_self(), data, pages * VM_PAGE_SIZE);
}

/* --- Messages --- */

/* Whole pages, which may go with the message, or any bytes of them. */
static void send(struct space *space)
{
	natural_t first;
	const natural_t pages = any_run(space, true, READABLE, RUN, &first);
	struct space *const to = any_space();
	struct command command = command_on(SEND, space, first, pages);

	if (!pages || to->queued == QUEUE)
		return;
	struct parcel_model *parcel = &to->queue[to->queued++];

	use(space, first, pages, false);
	*parcel = (struct parcel_model){ .bytes = command.bytes, .pad = soak_below(4) ? soak_below(16) : soak_below(PAD),
	                                 .pad_value = soak_below(~0u) };
	contents_of(space, first, pages, parcel->contents);
	command.option = soak_below(3) == 0;
	if (!command.option && soak_below(2)) {
		parcel->first = soak_below(VM_PAGE_SIZE);
		parcel->bytes = 1 + soak_below(command.bytes - parcel->first);
	}
	for (natural_t i = 0; command.option && i < pages; i++)
		model_release(&space->slot[first + i]);
	command.address += parcel->first;
	command.bytes = parcel->bytes;
	command.pad = parcel->pad;
	command.pad_value = parcel->pad_value;
	order(space, &command, to->data);
	order_await(space); /* parcels are in the queue in the order of the model */
}

/* The first slot of a piece that is free; SLOTS: there is none. */
static natural_t free_piece(const struct space *space)
{
	for (natural_t first = WINDOW; first < SLOTS; first += RUN) {
		natural_t n = 0;

		while (n < RUN && !space->slot[first + n].place)
			n++;
		if (n == RUN)
			return first;
	}
	return SLOTS;
}

static void receive(struct space *space)
{
	const struct parcel_model parcel = space->queue[0];
	const natural_t pages = (parcel.first + parcel.bytes + VM_PAGE_SIZE - 1) / VM_PAGE_SIZE;
	struct command command = {
		.kind = RECEIVE, .bytes = parcel.bytes, .to = parcel.first, .pad = parcel.pad, .pad_value = parcel.pad_value,
	};

	if (!space->queued)
		return;
	space->queued--;
	for (natural_t i = 0; i < space->queued; i++)
		space->queue[i] = space->queue[i + 1];
	for (natural_t i = 0; i < pages; i++)
		command.contents[i] = parcel.contents[i];
	space->keeps = parcel.bytes == pages * VM_PAGE_SIZE ? free_piece(space) : SLOTS;
	command.option = space->keeps < SLOTS;
	for (natural_t i = 0; command.option && i < pages; i++)
		model_allocate(&space->slot[space->keeps + i], parcel.contents[i]);
	world->findings.messages++;
	world->findings.pages += pages;
	order(space, &command, MACH_PORT_NULL);
	if (command.option)
		order_await(space); /* only then it is known where */
}

/* --- Spaces come and go --- */

static void fork_or_kill(struct space *space)
{
	struct space *other = &world->space[soak_below(SPACES)];

	if (other == space)
		return;
	if (other->exists) {
		if (!other->busy || other->kind != CHECK) /* which may be cut short */
			order_await(other);
		order_death(other);
	}
	order_drain();
	if (order_birth(space, other))
		model_fork(space, other);
}

/* --- All of it --- */

static void step(void)
{
	static void (*const calls[])(struct space *) = {
		allocate, allocate, allocate, allocate, deallocate, deallocate, map, map, protect, protect, inherit, inherit, wire,
		write, write, write, write, write, check, check, check, check, check, copy, copy, copy, read_from, read_from,
		write_to, write_to, send, send, send, receive, receive, receive, refuse, ask, fork_or_kill,
	};

	calls[soak_below(sizeof calls / sizeof *calls)](idle_space());
	world->findings.call++;
}

static void make_readable(struct space *space)
{
	for (natural_t i = 0; i < SLOTS; i++)
		if (space->slot[i].place && !(space->slot[i].protection & VM_PROT_READ)) {
			const vm_address_t address = model_address(space, i);

			expect(vm_protect(space->task, address, VM_PAGE_SIZE, false, VM_PROT_READ), KERN_SUCCESS, space, PROTECT);
			space->slot[i].protection = VM_PROT_READ;
		}
}

/* Each page of each space, all spaces at once. */
static void check_all(void)
{
	for (struct space *space = world->space; space < world->space + SPACES; space++)
		if (space->exists) {
			order_await(space);
			make_readable(space);
		}
	for (natural_t i = 0; i < SLOTS; i++)
		for (struct space *space = world->space; space < world->space + SPACES; space++)
			if (space->exists && space->slot[i].place) {
				order_await(space);
				check_run(space, i, 1);
			}
	order_drain();
}

void drive(void *number)
{
	const natural_t steps_between = 32;

	soak_seed(soak_options.seed * WORLDS_MAX + (natural_t)number);
	orders_start((natural_t)number);
	while (!order_birth(NULL, &world->space[0]))
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, RETRY_MS);
	for (const natural_t end = soak_seconds() + soak_options.seconds; soak_seconds() < end;)
		for (natural_t i = 0; i < steps_between; i++)
			step();
	check_all();
	for (struct space *space = world->space; space < world->space + SPACES; space++)
		if (space->exists)
			order_death(space);
	orders_end();
}
