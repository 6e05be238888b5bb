/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads: made, moved and asked about by lthread_ex_regs, thread_schedule, thread_switch. */
#include "scenarios/programs/l4/claims/claims.h"

static volatile uint32_t ran, error_seen;

static void mark(void *value)
{
	ran = (uint32_t)value;
	thread_end();
}

/* Tells what error its receive ended with. */
static void wait_and_tell(void *unused)
{
	l4_threadid_t from;
	uint32_t w0, w1;

	(void)unused;
	error_seen = l4_dope_error(l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER));
	thread_end();
}

static void send_and_tell(void *to)
{
	error_seen = l4_ipc_send(l4_id_sibling(l4_myself(), (unsigned)to), L4_IPC_SHORT, 0, 0, L4_NEVER);
	thread_end();
}

static void states_creation(void)
{
	ran = 0;
	helper_start(0, mark, (void *)1);
	helper_pause(4);
	claim(ran == 1, "threads: a new thread runs where it was told to");
	helper_start(0, mark, (void *)2);
	helper_pause(4);
	claim(ran == 2, "threads: and can be moved elsewhere, out of a receive");
}

static void states_registers(void)
{
	struct l4_registers r = { (l4_u32)-1, (l4_u32)-1, L4_INVALID_ID, 0 };

	error_seen = 0;
	helper_start(1, wait_and_tell, NULL);
	helper_pause(4);
	l4_lthread_ex_regs(HELPER_FIRST + 1, &r);
	claim(program_owns(r.pc) && program_owns(r.sp), "threads: ex_regs tells where a thread was");
	claim(l4_id_equal(r.pager, program_pager()), "threads: and who its pager is");
	helper_pause(4);
	claim(error_seen == L4_RECANCELED, "threads: ex_regs cancels a receive");
	error_seen = 0;
	helper_start(1, send_and_tell, (void *)(HELPER_FIRST + 0));
	helper_pause(4);
	r = (struct l4_registers){ (l4_u32)-1, (l4_u32)-1, L4_INVALID_ID, 0 };
	l4_lthread_ex_regs(HELPER_FIRST + 1, &r);
	helper_pause(4);
	claim(error_seen == L4_SECANCELED, "threads: and a send");
}

static void states_schedule(void)
{
	l4_threadid_t thread = helper_start(2, wait_and_tell, NULL);
	uint32_t old, now, state;

	helper_pause(4);
	old = l4_thread_schedule(thread, L4_SCHEDULE_ASK, &state);
	claim(old != L4_SCHEDULE_ASK && state == L4_THREAD_RECEIVING, "threads: a waiting thread's state is receiving");
	l4_thread_schedule(thread, L4_SCHEDULE(17, 0, 0, 0), &state);
	now = l4_thread_schedule(thread, L4_SCHEDULE_ASK, &state);
	claim((now & 0xff) == 17, "threads: its priority can be set and read");
	l4_thread_schedule(l4_id_sibling(l4_myself(), 100), L4_SCHEDULE_ASK, &state);
	claim(state == L4_THREAD_ABSENT, "threads: one that was never made is absent");
}

static void states_switch(void)
{
	ran = 0;
	helper_start(3, mark, (void *)7);
	for (unsigned i = 0; i < 1000 && ran == 0; i++)
		l4_thread_switch(l4_id_sibling(l4_myself(), HELPER_FIRST + 3));
	claim(ran == 7, "threads: thread_switch gives the processor to another");
}

/* A low thread does not run while a high one wants to. */
static void states_priority(void)
{
	uint32_t state, own = l4_thread_schedule(l4_myself(), L4_SCHEDULE_ASK, &state) & 0xff;
	l4_threadid_t low = helper_start(4, wait_and_tell, NULL);

	helper_pause(4);
	l4_thread_schedule(low, L4_SCHEDULE(own - 1, 0, 0, 0), &state);
	ran = 0;
	helper_start(4, mark, (void *)9);
	for (volatile unsigned i = 0; i < 200000; i++)
		;
	claim(ran == 0, "threads: a thread of lower priority waits");
	helper_pause(8);
	claim(ran == 9, "threads: until nobody of higher priority is ready");
	l4_thread_schedule(low, L4_SCHEDULE(own, 0, 0, 0), &state);
}

void claims_threads(void)
{
	states_creation();
	states_registers();
	states_schedule();
	states_switch();
	states_priority();
}
