/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whatever a task asks of the kernel, the kernel goes on: tasks ("attackers", one after the other) make calls with
 * arguments that mean something half the time, and change a word of half of the messages; they may ruin themselves and
 * a victim of their own, and nobody else.  When all are gone, the memory is back that there was.
 *
 *   requests [seed=N] [attackers=N] [only=N] [call=N] (which: calls.h)
 *            [plain=1] (no word is changed) [managers=1] (managers.c instead)
 */
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"
#include "pager/lib/print.h"
#include "tests/guest/mach-library/calls.h"

enum { CALLS = 250, PATIENCE = 3000 /* ms */ };

static natural_t random_state;
static bool attacking;
static natural_t only, only_call, plain, managers;

natural_t random_number(natural_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (natural_t)((uint64_t)random_state * below >> 32);
}

/* ---- messages on their way ---- */

/* One bit, a small number, a large one, or nothing. */
static natural_t changed(natural_t word)
{
	switch (random_number(4)) {
	case 0: return word ^ 1u << random_number(32);
	case 1: return word + random_number(9) - 4;
	case 2: return random_number(0xffffffff);
	default: return 0;
	}
}

/* Not the destination: a message may go astray among the attacker's own ports only. */
static void spoil(mach_msg_header_t *message, mach_msg_size_t size)
{
	natural_t *word = (natural_t *)message, at = random_number(size / sizeof(*word));

	if (&word[at] != &message->msgh_remote_port)
		word[at] = changed(word[at]);
}

/* Takes the place of the library's: no call takes long, and half of the requests are not what they were. */
mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                           mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                           mach_port_t notify)
{
	mach_msg_return_t result;

	if (!attacking)
		return mach_msg_trap(msg, option, send_size, rcv_size, rcv_name, timeout, notify);
	if ((option & MACH_SEND_MSG) != 0 && random_number(2) == 0 && !plain)
		spoil(msg, send_size);
	if (random_number(16) == 0 && !plain)
		send_size = changed(send_size) % 8200;
	option |= MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT;
	result = mach_msg_trap(msg, option, send_size, rcv_size, rcv_name, 30, notify);
	return result;
}

/* ---- an attacker ---- */

static void victim_waits(void *argument)
{
	(void)argument;
	for (;;)
		(void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 1000);
}

void end_task(mach_port_t task)
{
	attacking = false;
	(void)task_terminate(task);
	(void)mach_port_deallocate(mach_task_self(), task);
	attacking = true;
}

static void attack(void *argument)
{
	struct targets targets = { 0 };
	mach_port_array_t given;
	mach_msg_type_number_t count;

	random_state = (natural_t)(uintptr_t)argument;
	targets.self = mach_task_self();
	targets.thread = cthread_port();
	targets.host = mach_host_self();
	(void)mach_port_allocate_send(&targets.port);
	(void)mach_port_allocate(targets.self, MACH_PORT_RIGHT_PORT_SET, &targets.set);
	(void)memory_allocate(&targets.memory, TARGET_PAGES * VM_PAGE_SIZE, 0);
	if (mach_ports_lookup(targets.self, &given, &count) != KERN_SUCCESS || count == 0)
		return;
	targets.task = given[0];
	if (thread_create(targets.task, &targets.other_thread) != KERN_SUCCESS)
		return;
	if (managers) {
		manage_badly(&targets, CALLS);
		return;
	}
	attacking = true;
	for (unsigned i = 0; i < CALLS; i++)
		call_anything(&targets, only, only_call);
	attacking = false;
}

/* Waits for the attacker's end, or ends it: it may wait for ever, or have suspended itself. */
static void see_it_out(mach_port_t task)
{
	struct { mach_msg_header_t head; natural_t room[8]; } message;
	mach_port_t notify, previous;

	(void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &notify);
	if (mach_port_request_notification(mach_task_self(), task, MACH_NOTIFY_DEAD_NAME, 1, notify, &previous) ==
	            KERN_SUCCESS &&
	    mach_msg(&message.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(message), notify, PATIENCE,
	             MACH_PORT_NULL) != MACH_MSG_SUCCESS)
		(void)task_terminate(task);
	(void)mach_port_destroy(mach_task_self(), notify);
	(void)mach_port_destroy(mach_task_self(), task);
}

/* A victim, and an attacker that has a right to it; both are gone on return. */
static bool attack_once(natural_t seed)
{
	mach_port_t victim, attacker;
	bool made;

	if (task_fork(victim_waits, NULL, &victim) != KERN_SUCCESS)
		return false;
	(void)mach_ports_register(mach_task_self(), &victim, 1);
	made = task_fork(attack, (void *)(uintptr_t)seed, &attacker) == KERN_SUCCESS;
	(void)mach_ports_register(mach_task_self(), NULL, 0);
	if (made)
		see_it_out(attacker);
	(void)task_terminate(victim);
	(void)mach_port_destroy(mach_task_self(), victim);
	return made;
}

static natural_t argument_number(int argc, char **argv, const char *name, natural_t otherwise)
{
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], name, strlen(name)) == 0) {
			natural_t number = 0;

			for (const char *at = argv[i] + strlen(name); *at >= '0' && *at <= '9'; at++)
				number = number * 10 + (natural_t)(*at - '0');
			return number;
		}
	return otherwise;
}

static natural_t free_pages(void)
{
	struct vm_statistics statistics = { 0 };

	(void)vm_statistics(mach_task_self(), &statistics);
	return (natural_t)(statistics.free_count + statistics.inactive_count);
}

int main(int argc, char **argv)
{
	const natural_t seed = argument_number(argc, argv, "seed=", 1);
	const natural_t attackers = argument_number(argc, argv, "attackers=", 20);
	natural_t before = 0, after, made = 0;

	only = argument_number(argc, argv, "only=", INTERFACES);
	only_call = argument_number(argc, argv, "call=", ANY_CALL);
	managers = argument_number(argc, argv, "managers=", 0);
	plain = argument_number(argc, argv, "plain=", 0);
	for (natural_t i = 0; i < attackers; i++) {
		made += attack_once(seed * 1000 + i);
		if (i == attackers / 2)
			before = free_pages();
	}
	after = free_pages();
	claim(made == attackers, "the kernel has made all tasks that were asked for, and answers");
	claim(after + 16 >= before, "pages come back that attackers had (%u, then %u)", before, after);
	return claims_end();
}
