/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * storm: threads of several address spaces make random kernel calls with random, half valid arguments, while the main
 * thread, above them all, kills their tasks in the middle of whatever they do, and starts them again.  What the calls
 * do to these tasks is their own affair; the kernel must stay whole, so it is enough that the main thread comes to
 * its end.
 *
 * Arguments: rounds=N (300), seed=N (1).
 */
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/family.h"
#include "pager/lib/l4/program.h"
#include "pager/lib/l4/thread.h"
#include "raise.h"

enum { TASKS = 4, THREADS = 4, STACK = 1024, SCRATCH = 8 * PAGE_SIZE, LOW = 100, WORDS = 64 };
#define SILENT 0x00e00000u /* nobody's addresses: faults there are never answered */

static uint8_t stack[TASKS * THREADS][STACK] __attribute__((aligned(16)));
static uint8_t scratch[SCRATCH] __attribute__((aligned(PAGE_SIZE)));
static uint8_t sentinel[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static l4_threadid_t task_of[TASKS + 1]; /* the last: this one */
static uint32_t number_of[TASKS], seed;
static volatile uint32_t calls;

static void storm(void *number);
extern void thread_begin(void);

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static uint32_t below(uint32_t *state, uint32_t limit)
{
	return next(state) % limit;
}

static l4_threadid_t somebody(uint32_t *r)
{
	const l4_threadid_t task = task_of[below(r, TASKS + 1)];

	switch (below(r, 12)) {
	case 0:
		return L4_NIL_ID;
	case 1:
		return (l4_threadid_t){ next(r) << 8, next(r) << 8 };
	case 2:
		return L4_INVALID_ID;
	case 3:
		return L4_INTERRUPT_ID(3 + below(r, 13));
	case 4:
		return L4_KERNEL_ID;
	case 5:
		return l4_id_sibling(task, below(r, 128));
	default:
		return l4_id_sibling(task_of[below(r, TASKS)], below(r, THREADS));
	}
}

static uint32_t somewhere(uint32_t *r)
{
	switch (below(r, 8)) {
	case 0:
		return 0x10000000u + (next(r) << 8);
	case 1:
		return SILENT + below(r, SCRATCH);
	default:
		return (uint32_t)scratch + below(r, SCRATCH - 2 * PAGE_SIZE);
	}
}

static uint32_t some_fpage(uint32_t *r)
{
	if (below(r, 6) == 0)
		return L4_IO_FPAGE(0x3f8 + below(r, 8), below(r, 6), below(r, 2));
	return L4_FPAGE(somewhere(r), below(r, 5) ? 12 + below(r, 4) : below(r, 40), below(r, 4));
}

/* A message half of whose words make sense. */
static uint32_t some_message(uint32_t *r)
{
	uint32_t *m = (uint32_t *)(scratch + 16 * below(r, SCRATCH / 16 - WORDS));

	for (unsigned i = 3; i < WORDS; i++)
		m[i] = below(r, 3) ? somewhere(r) : below(r, 2) ? some_fpage(r) : below(r, 2 * PAGE_SIZE);
	m[0] = below(r, 3) ? some_fpage(r) : L4_FPAGE_ALL & ~(below(r, 2) * 0xffu);
	m[1] = L4_DOPE(below(r, 20), below(r, 6));
	m[2] = L4_DOPE(below(r, 20), below(r, 6));
	return (uint32_t)m;
}

static l4_timeout_t some_timeouts(uint32_t *r)
{
	const uint32_t exponent[] = { 0, 12, 13, 15 };

	return L4_TIMEOUT(below(r, 200), exponent[below(r, 4)], below(r, 200), exponent[below(r, 4)],
	                  below(r, 2) ? 15 : 12, below(r, 2) ? 15 : 12);
}

static void some_ipc(uint32_t *r)
{
	l4_threadid_t partner = somebody(r);
	uint32_t w0 = somewhere(r), w1 = below(r, 2) ? some_fpage(r) : next(r);
	uint32_t send = below(r, 4) ? below(r, 2) * L4_IPC_MAP : some_message(r) | below(r, 4);
	uint32_t receive = below(r, 4) ? below(r, 2) : below(r, 2) ? some_message(r) | below(r, 2)
	                                                           : L4_IPC_RECEIVE_WINDOW(some_fpage(r)) | below(r, 2);

	switch (below(r, 8)) {
	case 0:
		send = L4_IPC_NONE;
		break;
	case 1:
		receive = L4_IPC_NONE;
		break;
	case 2:
		l4_ipc_deceive(&partner, somebody(r), send, &w0, &w1, receive, some_timeouts(r));
		return;
	case 3: case 4:
		l4_ipc_call_registers(partner, &w0, &w1);
		return;
	}
	l4_ipc(&partner, send, &w0, &w1, receive, some_timeouts(r));
}

/* The caller's own thread of that number, on the stack that this task's has. */
static void start_thread(uint32_t task, uint32_t lthread, uint32_t argument)
{
	uint8_t *s = stack[task * THREADS + lthread];

	for (unsigned i = 0; i < TASKS; i++)
		if (l4_id_task(task_of[i]) == l4_id_task(l4_myself()))
			s = stack[i * THREADS + lthread];
	l4_thread_start(lthread, (uint32_t)thread_begin, thread_prepare_stack(s, STACK, storm, (void *)argument),
	                family_pager());
}

static void some_call(uint32_t *r)
{
	l4_threadid_t id = somebody(r);
	uint32_t state;

	switch (below(r, 16)) {
	case 0:
		l4_id_nearest(&id);
		break;
	case 1:
		l4_fpage_unmap(some_fpage(r) & ~3u, below(r, 2) * 2 | (below(r, 2) ? 0x80000000u : 0));
		break;
	case 2:
		l4_thread_switch(id);
		break;
	case 3:
		if (l4_id_task(id) != l4_id_task(task_of[TASKS]))
			l4_thread_schedule(id, L4_SCHEDULE(below(r, LOW), below(r, 3), below(r, 16), below(r, 256)),
			                   &state);
		break;
	case 4:
		start_thread(below(r, TASKS), below(r, THREADS), next(r));
		break;
	case 5:
		if (below(r, 20) == 0)
			raise_undefined();
		break;
	case 6:
		l4_task_new(l4_task_id(below(r, 2048)), next(r), (uint32_t)storm, 0, below(r, 2) ? L4_NIL_ID : id);
		break;
	case 7:
		*(volatile uint8_t *)((uint32_t)scratch + below(r, SCRATCH)) = 1;
		break;
	case 8:
		disturb_registers(below(r, 2));
		break;
	default:
		some_ipc(r);
	}
	calls++;
}

static void storm(void *number)
{
	uint32_t random = (uint32_t)number * 2654435761u + seed, state;

	l4_thread_schedule(l4_myself(), L4_SCHEDULE(1 + below(&random, LOW), 0, 0, 0), &state);
	for (;;)
		some_call(&random);
}

static void rest(uint32_t quarters)
{
	uint32_t w0, w1;

	l4_ipc_receive(L4_NIL_ID, &w0, &w1, L4_IPC_SHORT, L4_RECEIVE_QUARTER_MS(quarters));
}

static void restart(uint32_t *r)
{
	uint32_t n = below(r, TASKS);

	l4_threadid_t task = family_start_in(number_of[n], stack[n * THREADS], STACK, storm, (void *)next(r));

	if (!l4_id_is_nil(task))
		task_of[n] = task;
}

int program_main(void)
{
	const struct family_window window = { 0, 0, sentinel, SILENT, SILENT + 0x100000 };
	const uint32_t rounds = argument_number("rounds", 300);
	uint32_t random = seed = argument_number("seed", 1), state;

	family_open();
	family_set_window(&window);
	for (unsigned i = 0; i < SCRATCH; i += PAGE_SIZE)
		scratch[i] = 1;
	task_of[TASKS] = l4_myself();
	l4_thread_schedule(l4_myself(), L4_SCHEDULE(200, 0, 0, 0), &state);
	l4_thread_schedule(family_pager(), L4_SCHEDULE(199, 0, 0, 0), &state);
	for (unsigned i = 0; i < TASKS; i++) {
		number_of[i] = family_task_number();
		task_of[i] = family_start_in(number_of[i], stack[i * THREADS], STACK, storm, (void *)(i + 1));
	}
	for (uint32_t i = 0; i < rounds; i++) {
		restart(&random);
		rest(1 + below(&random, 8));
	}
	for (unsigned i = 0; i < TASKS; i++)
		family_end(task_of[i]);
	if (console_open())
		print("storm: over, %u calls\n", (unsigned)calls);
	return 0;
}
