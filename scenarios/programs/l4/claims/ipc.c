/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synchronous IPC with two words in registers: send, receive open and closed, call, reply-and-wait. */
#include "scenarios/programs/l4/claims/claims.h"

enum { SENDERS = 3, ROUNDS = 50 };

static void send_to_main(void *word)
{
	l4_ipc_send(l4_id_sibling(l4_myself(), 0), L4_IPC_SHORT, (uint32_t)word, ~(uint32_t)word, L4_NEVER);
	thread_end();
}

static void states_call(void)
{
	l4_threadid_t echo = helper_start(0, helper_echo, NULL), server = echo;
	uint32_t w0 = 100, w1 = 0xfffffffe, sum = 0;
	l4_msgdope_t dope = l4_ipc_call(echo, L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	claim(dope == L4_DOPE_INSIDE || dope == 0, "ipc: a short call answers without error, strings or dwords");
	claim(w0 == 101 && w1 == 0xffffffff, "ipc: both words there and back");
	for (uint32_t i = 0; i < ROUNDS; i++)
		sum += helper_call(server, i, 0, NULL);
	claim(sum == ROUNDS * (ROUNDS + 1) / 2, "ipc: %u calls, %u answers", (unsigned)ROUNDS, (unsigned)ROUNDS);
}

static void states_closed_receive(void)
{
	l4_threadid_t from, other = helper_start(2, send_to_main, (void *)22);
	uint32_t w0, w1;

	helper_start(1, send_to_main, (void *)11);
	helper_pause(4);
	l4_ipc_receive(other, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	claim(w0 == 22, "ipc: a closed receive takes the message of whom it names");
	l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	claim(w0 == 11 && w1 == ~11u, "ipc: an open one then that of who has waited");
	claim(l4_id_equal(from, l4_id_sibling(l4_myself(), HELPER_FIRST + 1)), "ipc: and says whose it is");
}

static void states_queue(void)
{
	uint32_t w0, w1, seen = 0, order = 0;
	l4_threadid_t from;

	for (unsigned n = 0; n < SENDERS; n++) {
		helper_start(3 + n, send_to_main, (void *)(n + 1));
		helper_pause(2);
	}
	for (unsigned n = 0; n < SENDERS; n++) {
		l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
		seen += w0;
		order = order * 10 + w0;
	}
	claim(seen == 6, "ipc: who finds the receiver busy waits, and each is heard once");
	claim(order == 123, "ipc: in the order in which they came");
}

static void states_cross_space(void)
{
	struct member_order o = { .operation = MEMBER_READ, .address = (uint32_t)&o.flags, .flags = 0x77 };

	members_open();
	claim(l4_id_task(member_id(0)) != l4_id_task(l4_myself()), "ipc: another task is another address space");
	claim(member_obey(0, &o) && o.value == 0x77, "ipc: and is called as a thread of the own is");
}

void claims_ipc(void)
{
	states_call();
	states_closed_receive();
	states_queue();
	states_cross_space();
}
