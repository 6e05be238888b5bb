/* SPDX-License-Identifier: GPL-2.0-or-later */
/* S-L6, L95 §2.2: clans and chiefs.  Within a clan messages go straight; across its border they go to the chief, who
 * may pass them on in the sender's name. */
#include "scenarios/programs/l4/claims/claims.h"

enum { A, B };

static struct member_order order;

/* A member sends two words; the thread runs it, so that the program can receive meanwhile. */
static void tell_member(void *member)
{
	member_obey((unsigned)member, &order);
	thread_end();
}

static void states_inside(void)
{
	struct member_mail mail;

	order = (struct member_order){ .operation = MEMBER_SEND, .partner = member_id(B), .value = 0x600d,
		.flags = 0x11 };
	member_obey(A, &order);
	helper_pause(4);
	mail = member_mail(B);
	claim(order.error == 0 && mail.w0 == 0x600d && mail.w1 == 0x11, "clans: inside, a message goes straight");
	claim(l4_id_equal(mail.from, member_id(A)), "clans: and comes from its sender");
	claim((mail.dope & (L4_DOPE_REDIRECTED | L4_DOPE_DECEITED)) == 0, "clans: neither redirected nor deceiving");
}

static void states_border(void)
{
	l4_threadid_t from = L4_NIL_ID;
	uint32_t w0 = 0, w1 = 0;
	struct l4_ipc_words words = { L4_RECEIVE_QUARTER_MS(200), L4_IPC_SHORT | L4_IPC_OPEN, L4_NIL_ID };
	l4_msgdope_t dope;

	order = (struct member_order){ .operation = MEMBER_SEND, .partner = L4_SIGMA0_ID, .value = 0xabc,
		.flags = 0xdef };
	helper_start(0, tell_member, (void *)A);
	dope = l4_ipc_full(&from, L4_IPC_NONE, &w0, &w1, &words);
	claim(l4_dope_error(dope) == 0 && w0 == 0xabc && w1 == 0xdef,
	      "clans: a message out of the clan comes to the chief");
	claim((dope & L4_DOPE_REDIRECTED) != 0, "clans: marked as redirected");
	claim(l4_id_equal(from, member_id(A)), "clans: with its sender");
	claim(l4_id_equal(words.meant, L4_SIGMA0_ID), "clans: and whom it was meant for");
	helper_pause(4);
}

static void states_deceit(void)
{
	l4_threadid_t to = member_id(A);
	uint32_t w0 = 0xcafe, w1 = 2;
	struct member_mail mail;
	l4_msgdope_t dope;

	dope = l4_ipc_deceive(&to, L4_SIGMA0_ID, L4_IPC_SHORT, &w0, &w1, L4_IPC_NONE, L4_SEND_QUARTER_MS(200));
	helper_pause(4);
	mail = member_mail(A);
	claim(l4_dope_error(dope) == 0 && mail.w0 == 0xcafe, "clans: the chief passes a message in");
	claim(l4_id_equal(mail.from, L4_SIGMA0_ID), "clans: in the name of its origin");
	claim((mail.dope & L4_DOPE_DECEITED) != 0, "clans: and the receiver sees that it is so");
	order = (struct member_order){ .operation = MEMBER_SEND, .partner = member_id(B), .value = 0xbad,
		.as = L4_SIGMA0_ID };
	member_obey(A, &order);
	helper_pause(4);
	mail = member_mail(B);
	claim(!(mail.w0 == 0xbad && l4_id_equal(mail.from, L4_SIGMA0_ID)), "clans: a member cannot deceive another");
}

static void states_nearest(void)
{
	order = (struct member_order){ .operation = MEMBER_NEAREST, .partner = L4_SIGMA0_ID };
	member_obey(A, &order);
	claim(order.value == L4_OUTER_CLAN && l4_id_task(order.partner) == l4_id_task(l4_myself()),
	      "clans: a member's way out leads to its chief");
	order = (struct member_order){ .operation = MEMBER_NEAREST, .partner = member_id(B) };
	member_obey(A, &order);
	claim(order.value == L4_SAME_CLAN && l4_id_equal(order.partner, member_id(B)),
	      "clans: and to another member is direct");
}

void claims_clans(void)
{
	members_open();
	states_inside();
	states_border();
	states_deceit();
	states_nearest();
}
