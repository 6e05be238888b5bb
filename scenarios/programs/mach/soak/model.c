/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/soak/model.h"

vm_address_t model_address(const struct space *space, natural_t slot)
{
	if (slot < WINDOW)
		return WINDOW_ADDRESS + slot * VM_PAGE_SIZE;
	return space->loose[(slot - WINDOW) / RUN] + (slot - WINDOW) % RUN * VM_PAGE_SIZE;
}

struct contents model_new_contents(struct contents old, natural_t halves)
{
	enum { WORLD_SHIFT = 26 }; /* so many writes a world, at most */

	for (unsigned half = 0; half < 2; half++)
		if (halves >> half & 1)
			old.half[half] = (world->findings.world + 1) << WORLD_SHIFT | ++world->writes;
	return old;
}

static struct cell *new_cell(struct contents contents)
{
	struct cell *cell = world->cell;

	while (cell->references)
		cell++; /* there are as many as there can be slots */
	*cell = (struct cell){ .contents = contents, .references = 1 };
	return cell;
}

static void take_place(struct slot *slot, struct cell *cell)
{
	struct place *place = world->place;

	while (place->cell)
		place++;
	*place = (struct place){ .cell = cell, .references = 1 };
	*slot = (struct slot){ .place = place, .protection = VM_PROT_DEFAULT, .inheritance = VM_INHERIT_DEFAULT };
}

void model_allocate(struct slot *slot, struct contents contents) { take_place(slot, new_cell(contents)); }

void model_map(struct slot *slot, natural_t object, natural_t page)
{
	struct cell *cell = &world->object[object][page];

	cell->references++;
	take_place(slot, cell);
}

void model_release(struct slot *slot)
{
	struct place *place = slot->place;

	*slot = (struct slot){ 0 };
	if (!place || --place->references)
		return;
	place->cell->references--;
	place->cell = NULL;
}

void model_overwrite(struct slot *slot, struct contents contents)
{
	struct place *place = slot->place;

	if (slot->wired) {
		place->cell->contents = contents;
		return;
	}
	place->cell->references--;
	place->cell = new_cell(contents);
}

void model_fork(const struct space *parent, struct space *child)
{
	for (natural_t i = 0; i < LOOSE; i++)
		child->loose[i] = parent->loose[i];
	for (natural_t i = 0; i < SLOTS; i++) {
		const struct slot *from = &parent->slot[i];
		struct slot *to = &child->slot[i];

		if (!from->place || from->inheritance == VM_INHERIT_NONE)
			continue;
		if (from->inheritance == VM_INHERIT_SHARE) {
			*to = *from;
			to->place->references++;
		} else {
			model_allocate(to, from->place->cell->contents);
		}
		to->protection = from->protection;
		to->inheritance = from->inheritance;
		to->wired = false;
	}
}

void model_drop(struct space *space)
{
	for (natural_t i = 0; i < SLOTS; i++)
		model_release(&space->slot[i]);
	space->queued = 0;
	space->exists = space->busy = false;
	space->life++;
}

bool model_free(const struct space *space, natural_t first, natural_t pages, bool to_write)
{
	for (natural_t i = first; i < first + pages; i++) {
		const struct cell *cell = space->slot[i].place->cell;

		if (cell->written == world->turn || (to_write && cell->read == world->turn))
			return false;
	}
	return true;
}

void model_use(struct space *space, natural_t first, natural_t pages, bool to_write)
{
	for (natural_t i = first; i < first + pages; i++) {
		struct cell *cell = space->slot[i].place->cell;

		if (to_write)
			cell->written = world->turn;
		else
			cell->read = world->turn;
	}
}
