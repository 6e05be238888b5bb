/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock: a tick is an interrupt of the board's periodic timer.  Timeouts are a list by time: there are few, and
 * most never end.
 */
#include "kern/clock.h"
#include "base/pit.h"
#include "kern/sched.h"
#include "kern/startup.h"
#include "machine/pcb.h"
#include "vm/vm_page.h"

enum { CLOCK_LINE = 0, MS_PER_TICK = 1000 / HZ, TICKS_A_CHECK = 50 };

natural_t elapsed_ticks;
static struct list timers = { &timers, &timers };
static natural_t pending;

extern bool interrupt_of_user;

natural_t ticks_of_ms(natural_t milliseconds)
{
	const natural_t ticks = milliseconds / MS_PER_TICK + (milliseconds % MS_PER_TICK != 0);
	return ticks ? ticks : 1;
}

natural_t timeouts_pending(void) { return pending; }

/* Counted from the next tick on: so many whole ticks will have passed, and a part of another. */
void set_timeout(struct timer_elt *timer, natural_t ticks)
{
	reset_timeout(timer);
	timer->when = elapsed_ticks + ticks + 1;
	struct list *at = timers.next;
	while (at != &timers && (integer_t)(LIST_OWNER(at, struct timer_elt, link)->when - timer->when) <= 0)
		at = at->next;
	list_insert_before(at, &timer->link);
	pending++;
}

void reset_timeout(struct timer_elt *timer)
{
	if (!list_is_linked(&timer->link))
		return;
	list_remove(&timer->link);
	pending--;
}

static void expire(void)
{
	while (!list_is_empty(&timers)) {
		struct timer_elt *timer = LIST_OWNER(timers.next, struct timer_elt, link);
		if ((integer_t)(timer->when - elapsed_ticks) > 0)
			return;
		reset_timeout(timer);
		timer->function(timer->argument);
	}
}

/* The kernel is between two calls, or they wait: its accounts must be right. */
static bool checks_pages;

void clock_interrupt(bool user_mode)
{
	elapsed_ticks++;
	if (checks_pages && elapsed_ticks % TICKS_A_CHECK == 0)
		vm_page_check();
	expire();
	sched_tick(user_mode);
}

static void tick(unsigned line)
{
	(void)line;
	clock_interrupt(interrupt_of_user);
}

void clock_init(void)
{
	checks_pages = boot_option_is("check=", "pages");
	pit_repeat((PIT_HZ + HZ / 2) / HZ);
	interrupt_handler(CLOCK_LINE, tick);
}
