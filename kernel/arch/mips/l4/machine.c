/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In the kernel Status says all the time: kernel mode and interrupts off now, user mode and interrupts on after the
 * next return.  So an entry and an exit need not touch it, and no thread has one of its own.
 */
#include "machine.h"
#include "asid.h"
#include "cache.h"
#include "cp0.h"
#include "l4/atomic_code.h"
#include "layout.h"
#include "tlb.h"

extern uint8_t vectors_begin[], vectors_end[], atomic_code[], atomic_code_end[];

struct tcb *thread_current;
struct tcb **tcb_group[TCB_GROUPS];
static struct tcb absent_thread;
static struct tcb *absent_group[TCB_GROUP];

static void init_threads(void)
{
	for (unsigned i = 0; i < TCB_GROUP; i++)
		absent_group[i] = &absent_thread;
	for (unsigned i = 0; i < TCB_GROUPS; i++)
		tcb_group[i] = absent_group;
}

void machine_init(bool small_spaces)
{
	(void)small_spaces;
	init_threads();
	memcpy((void *)(WINDOW_BASE + L4_EXCHANGE_ADDRESS), atomic_code, (size_t)(atomic_code_end - atomic_code));
	cache_all_written();
	cache_code_written((uint32_t)vectors_begin, (uint32_t)(vectors_end - vectors_begin));
	cp0_status_write(STATUS_TO_USER);
}

static struct tcb **make_group(void)
{
	struct tcb **group = kmem_page();
	if (group)
		memcpy(group, absent_group, sizeof absent_group);
	return group;
}

bool tcb_make(struct tcb **thread, l4_threadid_t id)
{
	const l4_u32 number = l4_id_task(id) * L4_LTHREADS + l4_id_lthread(id);
	struct tcb ***group = &tcb_group[number / TCB_GROUP];
	if (*thread != &absent_thread)
		return true;
	if (kmem_pages_free() < 2)
		return false;
	if (*group == absent_group)
		*group = make_group();
	*thread = (*group)[number % TCB_GROUP] = kmem_page();
	return true;
}

void machine_set_thread(struct tcb *thread) { thread->root = thread->space->root; }

void machine_activate(struct tcb *thread)
{
	thread_current = thread;
	if (thread->root && thread->root != space_current)
		space_enter(thread->root);
}
