/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See fake.h. */
#include "fake.h"
#include <stddef.h>

enum { BASE = 0x18000000, SIZE = 0x60, TIMER = 0x10, LINE = 0x20, ACKNOWLEDGE = 0x1be00c34 };

static void set_due(struct fake *fake, uint64_t due)
{
	fake->due = due;
	if (fake->deadline)
		*fake->deadline = due;
}

void fake_init(struct fake *fake, const uint64_t *now, uint64_t *deadline, uint32_t period)
{
	*fake = (struct fake){ .now = now, .deadline = deadline, .period = period, .state = 1 };
	set_due(fake, period);
}

/* Everything goes into the state. */
static void stir(struct fake *fake, uint32_t address, unsigned size, uint32_t value)
{
	fake->accesses++;
	fake->state = (fake->state ^ address ^ size << 28) * 2654435761u + value + (uint32_t)*fake->now;
	fake->state ^= fake->state >> 15;
}

static bool is_register(uint32_t address, unsigned size)
{
	return address >= BASE && address < BASE + SIZE && address % size == 0;
}

bool fake_load(void *ctx, uint32_t address, unsigned size, uint32_t *value)
{
	struct fake *fake = ctx;

	if (address == ACKNOWLEDGE && size == 4) {
		fake->line = false;
		*value = 8;
		return true;
	}
	if (!is_register(address, size))
		return false;
	stir(fake, address, size, 0);
	*value = size == 4 ? fake->state : fake->state & ((1u << 8 * size) - 1);
	return true;
}

bool fake_store(void *ctx, uint32_t address, unsigned size, uint32_t value)
{
	struct fake *fake = ctx;

	if (!is_register(address, size))
		return false;
	value &= UINT32_MAX >> (32 - 8 * size);
	stir(fake, address, size, value);
	if (address == BASE + TIMER)
		set_due(fake, *fake->now + value % 700 + 1);
	if (address == BASE + LINE)
		fake->line = true;
	return true;
}

bool fake_interrupt(void *ctx) { return ((struct fake *)ctx)->line; }

uint64_t fake_next_event(void *ctx) { return ((struct fake *)ctx)->due; }

void fake_run_events(void *ctx)
{
	struct fake *fake = ctx;

	if (fake->due > *fake->now)
		return;
	fake->line = true;
	fake->fired++;
	set_due(fake, *fake->now + fake->period);
}
