/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock: HZ ticks a second from the board's periodic timer; quanta, timeouts, time of day since boot.
 */
#pragma once
#include "base/list.h"
#include "mach/types.h"

enum { HZ = 100 }; /* as Mach on the i386 had it */

extern natural_t elapsed_ticks; /* since the clock was started */

/* Starts the timer; ticks come when interrupts are let in. */
void clock_init(void);
/* At each tick, with whether it came from user mode. */
void clock_interrupt(bool user_mode);
/* Rounded up, at least one. */
natural_t ticks_of_ms(natural_t milliseconds);
struct timer_elt {
	struct list link;              /* by time; on no list: not set */
	natural_t when;                /* tick */
	void (*function)(void *argument);
	void *argument;
};
/* Calls function(argument) when so many whole ticks have passed, in a tick's interrupt; a timer that is set already is
 * moved. Back: it need not be set. */
void set_timeout(struct timer_elt *timer, natural_t ticks);
void reset_timeout(struct timer_elt *timer);
/* How many timeouts are pending: of threads and others. */
natural_t timeouts_pending(void);
