/* SPDX-License-Identifier: GPL-2.0-or-later */
/* S-L5: timeouts of send and receive, of page faults on the way, and partners that do not exist. */
#include "scenarios/programs/l4/claims/claims.h"

enum { TEXT = 64 };

static uint8_t stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static struct {
	struct l4_message head;
	uint32_t dword[2];
	struct l4_string string;
} letter, box;
static uint8_t text[TEXT], room[TEXT];
static volatile uint32_t partner_error, partner_ready;

static void silent(void *unused)
{
	(void)unused;
	thread_end();
}

static void states_receive(void)
{
	l4_threadid_t from, quiet = helper_start(0, silent, NULL);
	uint32_t w0, w1;

	claim(l4_dope_error(l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_RECEIVE_ZERO)) == L4_RETIMEOUT,
	      "timeouts: a receive that must not wait does not");
	claim(l4_dope_error(l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_RECEIVE_QUARTER_MS(4))) == L4_RETIMEOUT,
	      "timeouts: one that may wait a millisecond ends after it");
	claim(l4_dope_error(l4_ipc_receive(quiet, &w0, &w1, L4_IPC_SHORT, L4_RECEIVE_QUARTER_MS(4))) == L4_RETIMEOUT,
	      "timeouts: and so does a closed one");
}

static void states_send(void)
{
	l4_threadid_t deaf = helper_start(0, silent, NULL);

	helper_pause(4);
	claim(l4_ipc_send(deaf, L4_IPC_SHORT, 1, 2, L4_SEND_ZERO) == L4_SETIMEOUT,
	      "timeouts: a send that must not wait for its partner does not");
	claim(l4_ipc_send(deaf, L4_IPC_SHORT, 1, 2, L4_SEND_QUARTER_MS(4)) == L4_SETIMEOUT,
	      "timeouts: one that may wait a millisecond ends after it");
}

static void states_nobody(void)
{
	claim(l4_ipc_send(l4_id_sibling(l4_myself(), 127), L4_IPC_SHORT, 1, 2, L4_NEVER) == L4_ENOT_EXISTENT,
	      "partners: a thread that was never made does not exist");
	claim(l4_ipc_send(L4_NIL_ID, L4_IPC_SHORT, 1, 2, L4_NEVER) == L4_ENOT_EXISTENT, "partners: nor does nobody");
}

static void prepare(void *from, void *to)
{
	letter.head.size = letter.head.send = L4_DOPE(2, 1);
	letter.string = (struct l4_string){ TEXT, (uint32_t)from, 0, 0 };
	box.head.receive_window = 0;
	box.head.size = L4_DOPE(2, 1);
	box.string = (struct l4_string){ 0, 0, TEXT, (uint32_t)to };
	partner_error = ~0u;
}

static void receive_letter(void *timeouts)
{
	l4_threadid_t from;
	uint32_t w0, w1;

	partner_ready = 1;
	partner_error = l4_dope_error(l4_ipc_wait(&from, &w0, &w1, L4_IPC_MEMORY(&box), (l4_timeout_t)timeouts));
	thread_end();
}

static void send_letter(void *to)
{
	partner_ready = 1;
	partner_error = l4_ipc_send(*(l4_threadid_t *)to, L4_IPC_MEMORY(&letter), 0, 0, L4_NEVER);
	thread_end();
}

/* The receiver's string lies where its pager never answers; the sender says how long that may take. */
static void states_receiver_fault(uint32_t number, uint32_t rcv_pfault, const char *how_long)
{
	l4_threadid_t receiver;
	uint32_t error;

	prepare(text, (void *)SILENT);
	receiver = family_start_in(number, stack, sizeof(stack), receive_letter, (void *)L4_NEVER);
	error = l4_ipc_send(receiver, L4_IPC_MEMORY(&letter), 0, 0, L4_TIMEOUT(0, 0, 0, 0, 0, rcv_pfault));
	helper_pause(8);
	claim(error == L4_SERCVPFTO, "page faults: the receiver's may take %s: the sender is told", how_long);
	claim(partner_error == L4_RERCVPFTO, "page faults: and the receiver");
}

/* The other way round: the sender's string is the missing one, and the receiver says how long that may take. */
static void states_sender_fault(uint32_t number, uint32_t snd_pfault, const char *how_long)
{
	static l4_threadid_t self;
	l4_threadid_t from;
	uint32_t w0, w1, error;

	self = l4_myself();
	prepare((void *)SILENT, room);
	family_start_in(number, stack, sizeof(stack), send_letter, &self);
	error = l4_dope_error(l4_ipc_wait(&from, &w0, &w1, L4_IPC_MEMORY(&box), L4_TIMEOUT(0, 0, 0, 0, snd_pfault, 0)));
	helper_pause(8);
	claim(error == L4_RESNDPFTO, "page faults: the sender's may take %s: the receiver is told", how_long);
	claim(partner_error == L4_SESNDPFTO, "page faults: and the sender");
}

void claims_timeouts(void)
{
	uint32_t number;

	members_open();
	number = family_task_number();
	states_receive();
	states_send();
	states_nobody();
	states_receiver_fault(number, 15, "no time");
	states_receiver_fault(number, 10, "a millisecond");
	states_sender_fault(number, 15, "no time");
	states_sender_fault(number, 10, "a millisecond");
	family_end(l4_task_id(number));
}
