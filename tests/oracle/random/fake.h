/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A board of one device, of which each of two processors has its own: what it answers depends on all that it was asked
 * before, and when.  So a duel finds the first access that differs in address, size, value or cycle.
 *
 *   0x18000000 + n   n < 0x60, a multiple of the size: registers
 *     0x10           a store sets when the line rises next        0x20   a store raises it
 *   0x1be00c34       a load lowers the line
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct fake {
	const uint64_t *now;       /* the processor's clock */
	uint64_t *deadline;        /* where due is to be seen too; may be NULL */
	uint64_t due, accesses;
	uint32_t period, state;
	bool line;
	unsigned fired;
};

void fake_init(struct fake *fake, const uint64_t *now, uint64_t *deadline, uint32_t period);
bool fake_load(void *fake, uint32_t address, unsigned size, uint32_t *value);
bool fake_store(void *fake, uint32_t address, unsigned size, uint32_t value);
bool fake_interrupt(void *fake);
uint64_t fake_next_event(void *fake);
void fake_run_events(void *fake);
