/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel time and timeouts on a one-shot timer (the 8254's channel 0), which runs only while something waits for it.
 *
 *   1. Time is counted in the timer's ticks (1.193182 MHz), and stands still while nothing is armed: it is for
 *      differences.
 *   2. The timer is armed for the earliest deadline, or as near as its 16 bits reach.
 *   3. A timer that nobody needs any more fires once, and is not armed again.
 */
#pragma once
#include "base/list.h"
#include <stdint.h>

typedef uint64_t ticks_t;

struct timeout {
	struct list link;    /* sorted by time; on no list: not running */
	ticks_t when;
};

ticks_t timeout_now(void);
ticks_t timeout_ticks_of_us(uint64_t us);
void timeout_start(struct timeout *timeout, ticks_t after);
void timeout_stop(struct timeout *timeout);
/* The end of the running thread's timeslice; 0: nobody waits for it. */
void timeout_set_slice(ticks_t when);
ticks_t timeout_slice(void);
/* The timer has fired. */
void timeout_interrupt(void);
/* Takes one timeout whose time has come off the list; NULL if there is none. */
struct timeout *timeout_expired(void);
/* To be called when the interrupt has been dealt with: arms the timer if it is needed. */
void timeout_arm(void);
