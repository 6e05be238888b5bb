/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timer's driver: a clock and an alarm for those who ask.  The clock is channel 2 of the 8254, whose ports it
 * has in its address space: it counts down from 65536 at 1.193182 MHz, and is read often enough, while anybody
 * sleeps, that no turn is missed.  It wakes sleepers from a receive with a timeout, the kernel's only notion of time.
 *
 * Invariants
 *   1. `ticks` is the sum of all that the counter has counted, up to `last`.
 *   2. sleepers are in order of their waking time.
 */
#include "pager/l4/drivers/protocol.h"
#include "pager/lib/l4/ports.h"
#include "pager/lib/l4/program.h"

enum { CHANNEL2 = 0x42, MODE = 0x43, SYSTEM = 0x61, MODE_RATE_CHANNEL2 = 0xb4, LATCH_CHANNEL2 = 0x80 };
enum { SYSTEM_GATE2 = 1, SYSTEM_SPEAKER = 2 };  /* of port 0x61; its page is of two ports, the least that can be had */
enum { TICKS_PER_QUARTER = 298 /* 1193182 / 4000 */, SLEEPERS = 16, LONGEST_WAIT = 120 /* quarters: 30 ms of 54 */ };

struct sleeper {
	l4_threadid_t thread;
	uint32_t wakes;
};

static struct sleeper sleeper[SLEEPERS];
static unsigned sleepers;
static uint32_t ticks, quarters;
static uint16_t last;

static uint16_t read_counter(void)
{
	uint8_t low;

	port_write(MODE, LATCH_CHANNEL2);
	low = port_read(CHANNEL2);
	return (uint16_t)(low | port_read(CHANNEL2) << 8);
}

static void start_counter(void)
{
	port_write(SYSTEM, (uint8_t)((port_read(SYSTEM) & ~SYSTEM_SPEAKER) | SYSTEM_GATE2));
	port_write(MODE, MODE_RATE_CHANNEL2);
	port_write(CHANNEL2, 0);
	port_write(CHANNEL2, 0);
	last = read_counter();
}

/* Quarters of a millisecond since start_counter. */
static uint32_t now(void)
{
	uint16_t counter = read_counter();

	ticks += (uint16_t)(last - counter);
	last = counter;
	quarters += ticks / TICKS_PER_QUARTER;
	ticks %= TICKS_PER_QUARTER;
	return quarters;
}

static bool sleep_until(l4_threadid_t thread, uint32_t wakes)
{
	unsigned n = sleepers;

	if (sleepers == SLEEPERS)
		return false;
	for (; n > 0 && sleeper[n - 1].wakes > wakes; n--)
		sleeper[n] = sleeper[n - 1];
	sleeper[n] = (struct sleeper){ thread, wakes };
	sleepers++;
	return true;
}

static void wake_who_is_due(void)
{
	while (sleepers > 0 && sleeper[0].wakes <= now()) {
		l4_ipc_send(sleeper[0].thread, L4_IPC_SHORT, 0, 0, L4_SEND_ZERO);
		sleepers--;
		memmove(&sleeper[0], &sleeper[1], sleepers * sizeof(sleeper[0]));
	}
}

static l4_timeout_t until_next(void)
{
	uint32_t wait = LONGEST_WAIT, time = now();

	if (sleepers == 0)
		return L4_NEVER;
	if (sleeper[0].wakes - time < wait)
		wait = sleeper[0].wakes - time;
	return L4_RECEIVE_QUARTER_MS(wait == 0 ? 1 : wait);
}

static void answer(l4_threadid_t from, uint32_t w0, uint32_t w1)
{
	if (w0 == TIMER_SLEEP && sleep_until(from, now() + w1))
		return;
	l4_ipc_send(from, L4_IPC_SHORT, w0 == TIMER_NOW ? now() : 0, 0, L4_SEND_ZERO);
}

int program_main(void)
{
	l4_threadid_t from;
	uint32_t w0, w1;

	if (!ports_get(CHANNEL2, 1) || !ports_get(SYSTEM - 1, 1))
		return 1;
	start_counter();
	for (;;) {
		if (l4_dope_error(l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, until_next())) == 0)
			answer(from, w0, w1);
		wake_who_is_due();
	}
}
