/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/soak/choices.h"

enum { TRIES = 8 };

struct space *any_space(void)
{
	struct space *space;

	do
		space = &world->space[soak_below(SPACES)];
	while (!space->exists);
	return space;
}

struct space *idle_space(void)
{
	struct space *space = any_space();

	order_await(space);
	return space;
}

natural_t end_of_room(natural_t slot)
{
	return slot < WINDOW ? WINDOW : slot - (slot - WINDOW) % RUN + RUN;
}

bool suits(const struct slot *slot, bool allocated, vm_prot_t protection)
{
	return allocated ? slot->place && (slot->protection & protection) == protection : !slot->place;
}

natural_t any_run(const struct space *space, bool allocated, vm_prot_t protection, natural_t most,
                  natural_t *first)
{
	const natural_t wanted = 1 + soak_below(1 + soak_below(most));

	for (unsigned i = 0; i < TRIES; i++) {
		natural_t n = 0;

		*first = soak_below(allocated ? SLOTS : WINDOW);
		while (n < wanted && *first + n < end_of_room(*first) && suits(&space->slot[*first + n], allocated, protection))
			n++;
		if (n)
			return n;
	}
	return 0;
}

void contents_of(const struct space *space, natural_t first, natural_t pages, struct contents *contents)
{
	for (natural_t i = 0; i < pages; i++)
		contents[i] = space->slot[first + i].place->cell->contents;
}

struct command command_on(enum kind kind, const struct space *space, natural_t first, natural_t pages)
{
	return (struct command){ .kind = kind, .address = model_address(space, first), .bytes = pages * VM_PAGE_SIZE };
}

void use(struct space *space, natural_t first, natural_t pages, bool to_write)
{
	if (!model_free(space, first, pages, to_write))
		order_drain();
	model_use(space, first, pages, to_write);
}
