/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The timer's driver, at user level: a clock and an alarm. */
#include "pager/l4/drivers/protocol.h"
#include "scenarios/programs/l4/claims/claims.h"

enum { SHORT = 8, LONG = 24 };

static l4_threadid_t timer;
static volatile uint32_t order;

static void sleep_and_tell(void *quarters)
{
	helper_call(timer, TIMER_SLEEP, (uint32_t)quarters, NULL);
	order = order * 100 + (uint32_t)quarters;
	l4_ipc_send(l4_id_sibling(l4_myself(), 0), L4_IPC_SHORT, 0, 0, L4_NEVER);
	thread_end();
}

void claims_timer(void)
{
	l4_threadid_t from;
	uint32_t before, after, w0, w1;

	timer = program_find("timer");
	before = helper_call(timer, TIMER_NOW, 0, NULL);
	helper_call(timer, TIMER_SLEEP, LONG, NULL);
	after = helper_call(timer, TIMER_NOW, 0, NULL);
	claim(after - before >= LONG, "timer: who sleeps so long wakes not before");
	order = 0;
	helper_start(0, sleep_and_tell, (void *)LONG);
	helper_start(1, sleep_and_tell, (void *)SHORT);
	for (unsigned n = 0; n < 2; n++)
		l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	claim(order == SHORT * 100 + LONG, "timer: who sleeps shorter wakes first");
	claim(helper_call(timer, TIMER_NOW, 0, NULL) - after >= LONG, "timer: and the clock has gone on meanwhile");
}
