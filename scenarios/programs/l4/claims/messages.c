/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages in memory: dwords, indirect strings; what does not fit is cut, and both sides are told. */
#include "scenarios/programs/l4/claims/claims.h"

enum { DWORDS = 300, BYTES = 9000 };

struct message {
	struct l4_message head;
	uint32_t dword[DWORDS];
	struct l4_string string[2];
};

static struct message outgoing;
static struct message incoming;
static uint8_t source[BYTES + 8], target[BYTES + 8];
static uint8_t fresh[3 * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE))); /* touched by nobody before a message comes */

/* What the receiver is to have room for, and what came. */
static volatile struct {
	uint32_t dwords, strings, error, w0, w1, sender_error;
	l4_msgdope_t dope;
} talk;

static void receive_one(void *unused)
{
	l4_threadid_t from;
	uint32_t w0, w1;
	l4_msgdope_t dope;

	(void)unused;
	incoming.head.receive_window = 0;
	incoming.head.size = L4_DOPE(talk.dwords, talk.strings);
	dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_MEMORY(&incoming), L4_NEVER);
	talk.dope = dope;
	talk.error = l4_dope_error(dope);
	talk.w0 = w0;
	talk.w1 = w1;
	thread_end();
}

/* Sends the outgoing message to a receiver with that much room; both in this address space. */
static void exchange(uint32_t dwords, uint32_t strings, uint32_t room, uint32_t room_strings)
{
	l4_threadid_t receiver;

	talk.dwords = room;
	talk.strings = room_strings;
	talk.error = ~0u;
	receiver = helper_start(0, receive_one, NULL);
	outgoing.head.size = L4_DOPE(DWORDS, 2);
	outgoing.head.send = L4_DOPE(dwords, strings);
	talk.sender_error = l4_ipc_send(receiver, L4_IPC_MEMORY(&outgoing), 0xa0, 0xa1, L4_NEVER);
	helper_pause(4);
}

/* Dwords 0 and 1 travel in registers. */
static bool dwords_came(uint32_t n)
{
	for (uint32_t i = 2; i < n; i++)
		if (incoming.dword[i] != 7 * i)
			return false;
	return true;
}

static void states_dwords(void)
{
	for (uint32_t i = 0; i < DWORDS; i++)
		outgoing.dword[i] = 7 * i;
	exchange(10, 0, DWORDS, 0);
	claim(talk.error == 0 && talk.sender_error == 0, "messages: ten dwords are sent and received");
	claim(talk.w0 == 0xa0 && talk.w1 == 0xa1, "messages: the first two in registers");
	claim(l4_dope_dwords(talk.dope) == 10 && dwords_came(10),
	      "messages: the others in memory, and the dope counts them");
	exchange(DWORDS, 0, DWORDS, 0);
	claim(l4_dope_dwords(talk.dope) == DWORDS && dwords_came(DWORDS), "messages: %u dwords", (unsigned)DWORDS);
	memset(incoming.dword, 0, sizeof(incoming.dword));
	exchange(20, 0, 8, 0);
	claim(talk.error == L4_REMSGCUT && talk.sender_error == L4_SEMSGCUT,
	      "messages: too many are cut, and both are told");
	claim(dwords_came(8) && incoming.dword[8] == 0, "messages: as many as there is room for have come");
}

static void place_strings(uint32_t size, void *to, uint32_t room)
{
	for (uint32_t i = 0; i < BYTES; i++)
		source[i] = (uint8_t)(i * 31 + (i >> 8));
	memset(target, 0, sizeof(target));
	outgoing.string[0] = (struct l4_string){ size, (uint32_t)(source + 3), 0, 0 };
	incoming.string[0] = (struct l4_string){ 0, 0, room, (uint32_t)to };
}

/* The strings of a message follow the dwords that its size dope names. */
static void states_strings(void)
{
	place_strings(5000, target + 1, BYTES);
	exchange(2, 1, DWORDS, 1);
	claim(talk.error == 0 && l4_dope_strings(talk.dope) == 1, "messages: a string is sent and received");
	claim(memcmp(target + 1, source + 3, 5000) == 0 && target[5001] == 0,
	      "messages: whole, from an odd address to another");
	claim(incoming.string[0].send_size == 5000, "messages: and its size is told");
	place_strings(6000, fresh, sizeof(fresh));
	exchange(2, 1, DWORDS, 1);
	claim(talk.error == 0 && memcmp(fresh, source + 3, 6000) == 0,
	      "messages: pages that it needs are brought in on the way");
	place_strings(5000, target, 100);
	exchange(2, 1, DWORDS, 1);
	claim(talk.error == L4_REMSGCUT && talk.sender_error == L4_SEMSGCUT,
	      "messages: too long a string is cut, and both are told");
	place_strings(64, target, BYTES);
	exchange(2, 1, DWORDS, 0);
	claim(talk.error == L4_REMSGCUT && talk.sender_error == L4_SEMSGCUT,
	      "messages: a string nobody waits for is cut");
}

/* --- to another address space --- */

static volatile uint32_t far_dwords, far_error, far_string;

static void receive_far(void *unused)
{
	l4_threadid_t from;
	uint32_t w0, w1;
	l4_msgdope_t dope;

	(void)unused;
	for (;;) {
		incoming.head.receive_window = 0;
		incoming.head.size = L4_DOPE(DWORDS, 1);
		incoming.string[0] = (struct l4_string){ 0, 0, BYTES, (uint32_t)target };
		dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_MEMORY(&incoming), L4_NEVER);
		far_dwords = l4_dope_dwords(dope);
		far_error = l4_dope_error(dope);
		far_string = incoming.string[0].send_size;
		l4_ipc_send(from, L4_IPC_SHORT, 0, 0, L4_NEVER);
	}
}

static void states_far(void)
{
	static uint8_t stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
	uint32_t w0 = 1, w1 = 2;
	l4_threadid_t receiver;
	l4_msgdope_t dope;

	members_open();
	receiver = family_start(stack, sizeof(stack), receive_far, NULL);
	memset(incoming.dword, 0, sizeof(incoming.dword));
	place_strings(7000, target, BYTES);
	outgoing.head.size = L4_DOPE(DWORDS, 2);
	outgoing.head.send = L4_DOPE(DWORDS, 1);
	dope = l4_ipc_call(receiver, L4_IPC_MEMORY(&outgoing), &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	claim(l4_dope_error(dope) == 0 && far_error == 0, "messages: to another address space");
	claim(far_dwords == DWORDS && dwords_came(DWORDS), "messages: all dwords");
	claim(far_string == 7000 && memcmp(target, source + 3, 7000) == 0, "messages: and the string");
	family_end(receiver);
}

void claims_messages(void)
{
	states_dwords();
	states_strings();
	states_far();
}
