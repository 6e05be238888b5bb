/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/timeout.h"
#include "base/pit.h"

/* After its end the count goes on from 65535; what is left above the longest count is how late it may be noticed. */
enum { LONGEST_TICKS = 0xf000, SHORTEST_TICKS = 12 };

static struct list running = { &running, &running };
static ticks_t base;            /* the time at which the timer was armed, or stopped */
static uint32_t armed_ticks;    /* 0: not armed */
static ticks_t slice_end;

ticks_t timeout_now(void)
{
	return armed_ticks ? base + pit_elapsed(armed_ticks) : base;
}

/* 1.193182 is 19549 / 2^14 to five digits. */
ticks_t timeout_ticks_of_us(uint64_t us) { return us * 19549 >> 14; }

/* The earliest deadline; 0 if there is none. */
static ticks_t earliest(void)
{
	ticks_t when = slice_end;
	if (!list_is_empty(&running)) {
		const struct timeout *first = LIST_OWNER(running.next, struct timeout, link);
		if (!when || first->when < when)
			when = first->when;
	}
	return when;
}

void timeout_arm(void)
{
	const ticks_t when = earliest();
	if (!when)
		return;
	const ticks_t now = timeout_now();
	if (armed_ticks && base + armed_ticks <= when)
		return; /* it fires early enough, and will be armed again then */
	const ticks_t ticks = when > now ? when - now : 0;
	base = now;
	armed_ticks = ticks > LONGEST_TICKS ? LONGEST_TICKS : ticks < SHORTEST_TICKS ? SHORTEST_TICKS : (uint32_t)ticks;
	pit_arm(armed_ticks);
}

void timeout_start(struct timeout *timeout, ticks_t after)
{
	timeout->when = timeout_now() + after + 1;
	struct list *at = running.next;
	while (at != &running && LIST_OWNER(at, struct timeout, link)->when <= timeout->when)
		at = at->next;
	list_insert_before(at, &timeout->link);
	timeout_arm();
}

void timeout_stop(struct timeout *timeout) { list_remove(&timeout->link); }

void timeout_set_slice(ticks_t when)
{
	slice_end = when;
	timeout_arm();
}

ticks_t timeout_slice(void) { return slice_end; }

/* What the timer says counts: the interrupt may be a late one, of a time for which it had been armed before. */
void timeout_interrupt(void)
{
	base = timeout_now();
	armed_ticks = 0;
}

struct timeout *timeout_expired(void)
{
	if (list_is_empty(&running))
		return NULL;
	struct timeout *first = LIST_OWNER(running.next, struct timeout, link);
	if (first->when > timeout_now())
		return NULL;
	list_remove(&first->link);
	return first;
}
