/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages through mach_msg on the host: what is refused and how, and what arrives of what is sent.
 * After each test everything that was made is gone.
 */
#include "../random.h"
#include "ipc/ipc_item.h"
#include "message.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { SIMPLE = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0), COMPLEX = (int)MACH_MSGH_BITS_COMPLEX };
#define IN_LINE(name_, bits_, number_) MIG_TYPE(name_, bits_, number_)
#define SHORT_OUT(name_, bits_, number_) (MIG_TYPE(name_, bits_, number_) & ~(1u << 28))

static mach_port_t port, set, dead;

static void begin(void)
{
	fake_begin();
	port = allocate(0, MACH_PORT_RIGHT_RECEIVE);
	set = allocate(0, MACH_PORT_RIGHT_PORT_SET);
	dead = allocate(0, MACH_PORT_RIGHT_DEAD_NAME);
}

/* Criterion does not count what is asserted here: a test that leaves something crashes. */
static void end(void)
{
	if (!fake_end())
		abort();
}

TestSuite(messages, .init = begin, .fini = end);

Test(messages, headers_that_are_refused_and_why)
{
	static const struct {
		mach_msg_bits_t bits;
		int remote, local; /* 0 null, 1 port, 2 set, 3 dead name, 4 no name at all, 5 MACH_PORT_DEAD */
		mach_msg_return_t result;
	} table[] = {
		{ MACH_MSGH_BITS(0, 0), 1, 0, MACH_SEND_INVALID_HEADER },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_RECEIVE, 0), 1, 0, MACH_SEND_INVALID_HEADER },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_LAST, 0), 1, 0, MACH_SEND_INVALID_HEADER },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_INTEGER_32, 0), 1, 0, MACH_SEND_INVALID_HEADER },
		{ SIMPLE | 0x10000, 1, 0, MACH_SEND_INVALID_HEADER },
		{ SIMPLE | 0x40000000, 1, 0, MACH_SEND_INVALID_HEADER },
		{ SIMPLE, 1, 1, MACH_SEND_INVALID_HEADER },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MOVE_RECEIVE), 1, 1, MACH_SEND_INVALID_HEADER },
		{ SIMPLE, 0, 0, MACH_SEND_INVALID_DEST },
		{ SIMPLE, 5, 0, MACH_SEND_INVALID_DEST },
		{ SIMPLE, 4, 0, MACH_SEND_INVALID_DEST },
		{ SIMPLE, 2, 0, MACH_SEND_INVALID_DEST },
		{ SIMPLE, 3, 0, MACH_SEND_INVALID_DEST },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0), 1, 0, MACH_SEND_INVALID_DEST },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND, 0), 1, 0, MACH_SEND_INVALID_DEST },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0), 1, 0, MACH_SEND_INVALID_DEST },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0), 3, 0, MACH_SEND_INVALID_DEST },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_COPY_SEND), 1, 1, MACH_SEND_INVALID_REPLY },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND), 1, 4, MACH_SEND_INVALID_REPLY },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND), 1, 2, MACH_SEND_INVALID_REPLY },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND), 1, 3, MACH_SEND_INVALID_REPLY },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_COPY_SEND), 1, 3, MACH_MSG_SUCCESS },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND), 1, 0, MACH_MSG_SUCCESS },
		{ MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND), 1, 5, MACH_MSG_SUCCESS },
		{ SIMPLE, 1, 0, MACH_MSG_SUCCESS },
	};
	const mach_port_t names[] = { MACH_PORT_NULL, port, set, dead, 0x12345, MACH_PORT_DEAD };
	struct message *m = message_at(0);
	for (unsigned i = 0; i < sizeof table / sizeof *table; i++) {
		set_header(m, table[i].bits, names[table[i].remote], names[table[i].local], 1);
		cr_assert_eq(send_as(0, m, sizeof m->header), table[i].result, "row %u", i);
	}
}

Test(messages, sizes_and_buffers_that_are_refused_and_why)
{
	struct message *m = message_at(0);
	set_header(m, SIMPLE, port, MACH_PORT_NULL, 1);
	cr_assert_eq(send_as(0, m, 0), MACH_SEND_MSG_TOO_SMALL);
	cr_assert_eq(send_as(0, m, sizeof m->header - 4), MACH_SEND_MSG_TOO_SMALL);
	cr_assert_eq(send_as(0, m, sizeof m->header + 2), MACH_SEND_MSG_TOO_SMALL);
	cr_assert_eq(send_as(0, m, MACH_MSG_SIZE_MAX + 4), MACH_SEND_TOO_LARGE);
	cr_assert_eq(send_as(0, m, 0xfffffffc), MACH_SEND_TOO_LARGE);
	cr_assert_eq(send_as(0, m, MACH_MSG_SIZE_MAX), MACH_MSG_SUCCESS);
	cr_assert_eq(send_as(0, fake_no_user(), sizeof m->header), MACH_SEND_INVALID_DATA);
	cr_assert_eq(receive_as(0, fake_no_user(), port, 0, MACH_MSG_SIZE_MAX), MACH_RCV_INVALID_DATA);
	cr_assert_eq(receive_as(0, m, port, 0, sizeof *m), MACH_RCV_TIMED_OUT, "what could not be put down is gone");
	cr_assert_eq(receive_as(0, m, dead, 0, sizeof *m), MACH_RCV_INVALID_NAME);
	cr_assert_eq(receive_as(0, m, 0x12345, 0, sizeof *m), MACH_RCV_INVALID_NAME);
	cr_assert_eq(mach_port_move_member(space_of(0), port, set), KERN_SUCCESS);
	cr_assert_eq(receive_as(0, m, port, 0, sizeof *m), MACH_RCV_IN_SET);
}

Test(messages, items_that_are_refused_and_why)
{
	static const struct {
		natural_t body[4];
		natural_t words;
		mach_msg_return_t result;
	} table[] = {
		{ { IN_LINE(MACH_MSG_TYPE_INTEGER_32, 32, 1), 7 }, 2, MACH_MSG_SUCCESS },
		{ { IN_LINE(MACH_MSG_TYPE_INTEGER_32, 32, 0) }, 1, MACH_MSG_SUCCESS },
		{ { IN_LINE(MACH_MSG_TYPE_BIT, 1, 33), 7, 7 }, 3, MACH_MSG_SUCCESS },
		{ { IN_LINE(MACH_MSG_TYPE_BIT, 1, 33), 7 }, 2, MACH_SEND_MSG_TOO_SMALL },
		{ { IN_LINE(MACH_MSG_TYPE_INTEGER_32, 32, 1) }, 1, MACH_SEND_MSG_TOO_SMALL },
		{ { IN_LINE(MACH_MSG_TYPE_BYTE, 8, 4095), 7 }, 2, MACH_SEND_MSG_TOO_SMALL },
		{ { IN_LINE(MACH_MSG_TYPE_INTEGER_32, 32, 1) | 1u << 31, 7 }, 2, MACH_SEND_INVALID_TYPE },
		{ { IN_LINE(MACH_MSG_TYPE_INTEGER_32, 32, 1) | MIG_TYPE_DEALLOCATE, 7 }, 2, MACH_SEND_INVALID_TYPE },
		{ { IN_LINE(MACH_MSG_TYPE_MAKE_SEND, 16, 1), 7 }, 2, MACH_SEND_INVALID_TYPE },
		{ { IN_LINE(MACH_MSG_TYPE_PORT_NAME, 8, 4), 7 }, 2, MACH_MSG_SUCCESS },
		{ { MIG_TYPE_OUT_OF_LINE }, 1, MACH_SEND_MSG_TOO_SMALL },
		{ { MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8), 4 }, 3, MACH_SEND_MSG_TOO_SMALL },
		{ { MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8), 4, 16 }, 4, MACH_SEND_INVALID_MEMORY },
		{ { MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8), 0, 16 }, 4, MACH_MSG_SUCCESS },
		{ { MIG_TYPE_OUT_OF_LINE | 1, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8), 0, 0 }, 4, MACH_SEND_INVALID_TYPE },
		{ { MIG_TYPE_OUT_OF_LINE | 8 << 8, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8), 0, 0 }, 4,
		  MACH_SEND_INVALID_TYPE },
		{ { MIG_TYPE_OUT_OF_LINE | 1 << 16, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8), 0, 0 }, 4,
		  MACH_SEND_INVALID_TYPE },
		{ { MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 65535), 0xffffffff, 16 }, 4,
		  MACH_SEND_INVALID_TYPE },
		{ { MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_COPY_SEND, 32), 0x10000, 16 }, 4,
		  MACH_SEND_NO_BUFFER },
		{ { MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_COPY_SEND, 32), 4, 16 }, 4,
		  MACH_SEND_INVALID_MEMORY },
		{ { IN_LINE(MACH_MSG_TYPE_COPY_SEND, 32, 1), 0x12345 }, 2, MACH_SEND_INVALID_RIGHT },
		{ { IN_LINE(MACH_MSG_TYPE_MOVE_RECEIVE, 32, 1), 0x12345 }, 2, MACH_SEND_INVALID_RIGHT },
		{ { IN_LINE(MACH_MSG_TYPE_COPY_SEND, 32, 2), MACH_PORT_NULL, MACH_PORT_DEAD }, 3, MACH_MSG_SUCCESS },
		{ { SHORT_OUT(MACH_MSG_TYPE_BYTE, 8, 0), 0 }, 2, MACH_MSG_SUCCESS },
		{ { SHORT_OUT(MACH_MSG_TYPE_BYTE, 8, 9) }, 1, MACH_SEND_MSG_TOO_SMALL },
	};
	struct message *m = message_at(0);
	for (unsigned i = 0; i < sizeof table / sizeof *table; i++) {
		set_header(m, SIMPLE | COMPLEX, port, MACH_PORT_NULL, 1);
		memcpy(m->body, table[i].body, sizeof table[i].body);
		cr_assert_eq(send_as(0, m, sizeof m->header + table[i].words * 4), table[i].result, "row %u", i);
		const mach_msg_return_t there = receive_as(0, m, port, 0, sizeof *m);
		cr_assert_eq(there, table[i].result ? MACH_RCV_TIMED_OUT : MACH_MSG_SUCCESS, "row %u", i);
	}
}

Test(messages, what_is_not_complex_is_not_looked_at)
{
	struct message *m = message_at(0), *r = message_at(4096);
	set_header(m, SIMPLE, port, MACH_PORT_NULL, 42);
	m->body[0] = 0xffffffff;
	cr_assert_eq(send_as(0, m, sizeof m->header + 4), MACH_MSG_SUCCESS);
	cr_assert_eq(receive_as(0, r, port, 0, sizeof *r), MACH_MSG_SUCCESS);
	cr_assert_eq(r->body[0], 0xffffffff);
	cr_assert_eq(r->header.msgh_id, 42);
	cr_assert_eq(r->header.msgh_size, sizeof m->header + 4);
	cr_assert_eq(r->header.msgh_local_port, port);
	cr_assert_eq(r->header.msgh_remote_port, MACH_PORT_NULL);
	cr_assert_eq(r->header.msgh_bits, MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND));
}

Test(messages, messages_of_a_port_are_numbered_and_in_order)
{
	struct message *m = message_at(0);
	for (int i = 0; i < MACH_PORT_QLIMIT_DEFAULT; i++) {
		set_header(m, SIMPLE, port, MACH_PORT_NULL, i);
		cr_assert_eq(send_as(0, m, sizeof m->header), MACH_MSG_SUCCESS);
	}
	set_header(m, SIMPLE, port, MACH_PORT_NULL, 99);
	cr_assert_eq(send_as(0, m, sizeof m->header), MACH_SEND_TIMED_OUT, "the queue is full");
	cr_assert_eq(type_of(0, port), MACH_PORT_TYPE_SEND_RECEIVE, "the right that was made comes back");
	cr_assert_eq(m->header.msgh_bits, MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND, 0), "and can be sent so");
	for (int i = 0; i < MACH_PORT_QLIMIT_DEFAULT; i++) {
		cr_assert_eq(receive_as(0, m, port, 0, sizeof *m), MACH_MSG_SUCCESS);
		cr_assert_eq(m->header.msgh_id, i);
		cr_assert_eq(m->header.msgh_seqno, (mach_port_seqno_t)i);
	}
}

Test(messages, memory_out_of_line_arrives_as_it_was_when_it_was_sent)
{
	struct message *m = message_at(0), *r = message_at(4096);
	char *data = fake_user(8192);
	strcpy(data, "as it was");
	set_header(m, SIMPLE | COMPLEX, port, MACH_PORT_NULL, 1);
	m->body[0] = MIG_TYPE_OUT_OF_LINE;
	m->body[1] = MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8);
	m->body[2] = 10;
	m->body[3] = mig_word(data);
	cr_assert_eq(send_as(0, m, sizeof m->header + 16), MACH_MSG_SUCCESS);
	strcpy(data, "changed");
	cr_assert_eq(receive_as(0, r, port, 0, sizeof *r), MACH_MSG_SUCCESS);
	cr_assert_str_eq(mig_pointer(r->body[3]), "as it was");
	cr_assert_neq(r->body[0] & MIG_TYPE_DEALLOCATE, 0, "it is the receiver's to deallocate");
	fake_user_free(r->body[3]);
}

Test(messages, rights_out_of_line_arrive)
{
	struct message *m = message_at(0), *r = message_at(4096);
	const mach_port_t to_1 = allocate(1, MACH_PORT_RIGHT_RECEIVE), to = give(1, to_1, MACH_MSG_TYPE_MAKE_SEND, 0);
	natural_t *names = fake_user(8192);
	names[0] = port;
	names[1] = dead;
	names[2] = port;
	set_header(m, MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | COMPLEX, to, MACH_PORT_NULL, 1);
	m->body[0] = MIG_TYPE_OUT_OF_LINE;
	m->body[1] = MIG_TYPE_LONG(MACH_MSG_TYPE_MAKE_SEND, 32);
	m->body[2] = 3;
	m->body[3] = mig_word(names);
	cr_assert_eq(send_as(0, m, sizeof m->header + 16), MACH_SEND_INVALID_RIGHT, "a dead name has nothing to make");
	names[1] = MACH_PORT_NULL;
	set_header(m, MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | COMPLEX, to, MACH_PORT_NULL, 1);
	cr_assert_eq(send_as(0, m, sizeof m->header + 16), MACH_MSG_SUCCESS);
	cr_assert_eq(receive_as(1, r, to_1, 0, sizeof *r), MACH_MSG_SUCCESS);
	const natural_t *got = mig_pointer(r->body[3]);
	cr_assert_eq(r->body[1], MIG_TYPE_LONG(MACH_MSG_TYPE_PORT_SEND, 32));
	cr_assert_eq(got[1], MACH_PORT_NULL);
	cr_assert_eq(got[0], got[2], "send rights to one port have one name");
	cr_assert_eq(refs_of(1, got[0], MACH_PORT_RIGHT_SEND), 2);
	fake_user_free(r->body[3]);
}

Test(messages, too_large_a_message_stays_or_goes_as_was_asked)
{
	struct message *m = message_at(0), *r = message_at(4096);
	for (int i = 0; i < 2; i++) {
		set_header(m, MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE), port, port, i);
		cr_assert_eq(send_as(0, m, sizeof m->header + 64), MACH_MSG_SUCCESS);
	}
	cr_assert_eq(receive_as(0, r, port, MACH_RCV_LARGE, sizeof r->header), MACH_RCV_TOO_LARGE);
	cr_assert_eq(r->header.msgh_size, sizeof m->header + 64, "so much room is needed");
	cr_assert_eq(receive_as(0, r, port, 0, sizeof r->header), MACH_RCV_TOO_LARGE);
	cr_assert_eq(r->header.msgh_id, 0);
	cr_assert_eq(r->header.msgh_remote_port, MACH_PORT_NULL, "nobody will answer");
	cr_assert_eq(receive_as(0, r, port, 0, sizeof *r), MACH_MSG_SUCCESS);
	cr_assert_eq(r->header.msgh_id, 1, "the first is gone");
	cr_assert_eq(receive_as(0, m, port, 0, sizeof *m), MACH_MSG_SUCCESS);
	cr_assert_eq(m->header.msgh_id, MACH_NOTIFY_SEND_ONCE, "and who waited for the answer is told");
}

Test(messages, without_room_in_the_address_space_the_rest_arrives)
{
	struct message *m = message_at(0), *r = message_at(4096);
	set_header(m, SIMPLE | COMPLEX, port, MACH_PORT_NULL, 1);
	m->body[0] = MIG_TYPE_OUT_OF_LINE;
	m->body[1] = MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8);
	m->body[2] = 100;
	m->body[3] = mig_word(fake_user(0));
	m->body[4] = IN_LINE(MACH_MSG_TYPE_INTEGER_32, 32, 1);
	m->body[5] = 4711;
	cr_assert_eq(send_as(0, m, sizeof m->header + 24), MACH_MSG_SUCCESS);
	fake_no_address_space = true;
	cr_assert_eq(receive_as(0, r, port, 0, sizeof *r), MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE);
	cr_assert_eq(r->body[3], 0);
	cr_assert_eq(r->body[5], 4711);
}

Test(messages, a_receive_right_in_its_own_queue_is_destroyed_with_the_message)
{
	struct message *m = message_at(0);
	const mach_port_t other = allocate(0, MACH_PORT_RIGHT_RECEIVE);
	set_header(m, SIMPLE | COMPLEX, port, MACH_PORT_NULL, 1);
	m->body[0] = IN_LINE(MACH_MSG_TYPE_MOVE_RECEIVE, 32, 1);
	m->body[1] = port;
	cr_assert_eq(send_as(0, m, sizeof m->header + 8), MACH_MSG_SUCCESS);
	cr_assert_eq(type_of(0, port), MACH_PORT_TYPE_NONE);
	/* a goes to other, and then other to a: nobody could ever receive either */
	const mach_port_t a = allocate(0, MACH_PORT_RIGHT_RECEIVE), a_1 = give(0, a, MACH_MSG_TYPE_MAKE_SEND, 1);
	ipc_port_t right;
	mach_msg_type_name_t type;
	cr_assert_eq(mach_port_extract_right(space_of(0), a, MACH_MSG_TYPE_MAKE_SEND, &right, &type), KERN_SUCCESS);
	cr_assert_eq(mach_port_insert_right(space_of(0), a, right, type), KERN_SUCCESS);
	set_header(m, SIMPLE | COMPLEX, other, MACH_PORT_NULL, 1);
	m->body[0] = IN_LINE(MACH_MSG_TYPE_MOVE_RECEIVE, 32, 1);
	m->body[1] = a;
	cr_assert_eq(send_as(0, m, sizeof m->header + 8), MACH_MSG_SUCCESS);
	cr_assert_eq(type_of(1, a_1), MACH_PORT_TYPE_SEND, "it may come out again");
	set_header(m, MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | COMPLEX, a, MACH_PORT_NULL, 1);
	m->body[0] = IN_LINE(MACH_MSG_TYPE_MOVE_RECEIVE, 32, 1);
	m->body[1] = other;
	cr_assert_eq(send_as(0, m, sizeof m->header + 8), MACH_MSG_SUCCESS);
	cr_assert_eq(type_of(1, a_1), MACH_PORT_TYPE_DEAD_NAME);
	cr_assert_eq(type_of(0, other), MACH_PORT_TYPE_NONE);
}

/* A chain of ports, each in a message to the next one: destroyed from its end. */
Test(messages, a_deep_nest_of_messages_is_destroyed_without_a_deep_stack)
{
	struct message *m = message_at(0);
	mach_port_t inner = allocate(0, MACH_PORT_RIGHT_RECEIVE);
	for (int i = 0; i < 900; i++) {
		const mach_port_t outer = allocate(0, MACH_PORT_RIGHT_RECEIVE);
		set_header(m, SIMPLE | COMPLEX, outer, MACH_PORT_NULL, 1);
		m->body[0] = IN_LINE(MACH_MSG_TYPE_MOVE_RECEIVE, 32, 1);
		m->body[1] = inner;
		cr_assert_eq(send_as(0, m, sizeof m->header + 8), MACH_MSG_SUCCESS);
		inner = outer;
	}
	cr_assert_eq(mach_port_mod_refs(space_of(0), inner, MACH_PORT_RIGHT_RECEIVE, -1), KERN_SUCCESS);
	cr_assert_eq(ipc_statistics.ports, 1, "only the one that every test has");
}

Test(messages, a_task_cannot_fill_the_kernel_with_messages)
{
	struct message *m = message_at(0);
	mach_msg_return_t result = MACH_MSG_SUCCESS;
	natural_t sent = 0;
	while (!result) {
		const mach_port_t to = allocate(0, MACH_PORT_RIGHT_RECEIVE);
		for (int i = 0; i < MACH_PORT_QLIMIT_DEFAULT && !result; i++) {
			set_header(m, SIMPLE, to, MACH_PORT_NULL, 1);
			result = send_as(0, m, MACH_MSG_SIZE_MAX);
			sent += !result;
		}
		cr_assert_lt(sent, 100);
	}
	cr_assert_eq(result, MACH_SEND_NO_BUFFER);
	set_header(m, MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
	           give(0, port, MACH_MSG_TYPE_MAKE_SEND, 1), MACH_PORT_NULL, 1);
	cr_assert_eq(send_as(1, m, sizeof m->header), MACH_MSG_SUCCESS, "others can send");
}

/* A send-once right to task 0's `told`, as the kernel has it. */
static ipc_port_t once(mach_port_t told)
{
	ipc_port_t right = IP_NULL;
	mach_msg_type_name_t type;
	cr_assert_eq(mach_port_extract_right(space_of(0), told, MACH_MSG_TYPE_MAKE_SEND_ONCE, &right, &type), KERN_SUCCESS);
	return right;
}

static mach_msg_id_t next_id(mach_port_t from)
{
	struct message *r = message_at(4096);
	const mach_msg_return_t result = receive_as(0, r, from, 0, sizeof *r);
	return result ? result : r->header.msgh_id;
}

Test(messages, news_of_a_name_that_goes_with_a_message_can_be_cancelled)
{
	const mach_port_t told = allocate(0, MACH_PORT_RIGHT_RECEIVE), to_1 = allocate(1, MACH_PORT_RIGHT_RECEIVE);
	struct message *m = message_at(0);
	ipc_port_t previous;
	for (int cancel = 0; cancel < 2; cancel++) {
		const mach_port_t to = give(1, to_1, MACH_MSG_TYPE_MAKE_SEND_ONCE, 0);
		cr_assert_eq(mach_port_request_notification(space_of(0), to, MACH_NOTIFY_DEAD_NAME, 0, once(told), &previous),
		             KERN_SUCCESS);
		set_header(m, MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0), to, MACH_PORT_NULL, 1);
		fake_switch_to(0);
		const mach_msg_option_t option = MACH_SEND_MSG | (cancel ? MACH_SEND_CANCEL : 0);
		cr_assert_eq(mach_msg_trap(&m->header, option | MACH_SEND_CANCEL, sizeof m->header, 0, 0, 0, MACH_PORT_NULL),
		             MACH_SEND_INVALID_NOTIFY);
		cr_assert_eq(mach_msg_trap(&m->header, option | MACH_SEND_CANCEL, sizeof m->header, 0, 0, 0, dead),
		             MACH_SEND_INVALID_NOTIFY);
		cr_assert_eq(mach_msg_trap(&m->header, option, sizeof m->header, 0, 0, 0, told), MACH_MSG_SUCCESS);
		cr_assert_eq(next_id(told), cancel ? MACH_RCV_TIMED_OUT : MACH_NOTIFY_PORT_DELETED);
	}
}

Test(messages, news_of_a_reply_port_can_be_asked_for_as_it_comes)
{
	const mach_port_t told = allocate(0, MACH_PORT_RIGHT_RECEIVE), reply = allocate(1, MACH_PORT_RIGHT_RECEIVE);
	const mach_port_t to = give(0, port, MACH_MSG_TYPE_MAKE_SEND, 1);
	struct message *m = message_at(0), *r = message_at(4096);
	for (int i = 0; i < 3; i++) {
		set_header(m, MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE), to, reply, 1);
		cr_assert_eq(send_as(1, m, sizeof m->header), MACH_MSG_SUCCESS);
	}
	fake_switch_to(0);
	const mach_msg_option_t option = MACH_RCV_MSG | MACH_RCV_NOTIFY;
	cr_assert_eq(mach_msg_trap(&r->header, option, 0, sizeof *r, port, 0, MACH_PORT_NULL), MACH_RCV_INVALID_NOTIFY);
	cr_assert_eq(mach_msg_trap(&r->header, option, 0, sizeof *r, port, 0, dead), MACH_RCV_INVALID_NOTIFY);
	cr_assert_eq(mach_msg_trap(&r->header, option, 0, sizeof *r, port, 0, told), MACH_MSG_SUCCESS);
	cr_assert_eq(type_of(0, r->header.msgh_remote_port), MACH_PORT_TYPE_SEND_ONCE | MACH_PORT_TYPE_DNREQUEST);
	cr_assert_eq(mach_port_destroy(space_of(1), reply), KERN_SUCCESS);
	cr_assert_eq(next_id(told), MACH_NOTIFY_DEAD_NAME);
}

/* --- Memory that runs out --- */

/* A message with a reply port, memory and rights of both kinds, sent and received: what can be had of it. */
static void all_kinds(void)
{
	struct message *m = message_at(0), *r = message_at(4096);
	natural_t *names = fake_user(8192);
	names[0] = names[1] = port;
	set_header(m, MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE) | COMPLEX, port, port, 1);
	const natural_t body[] = {
		MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8), 100, mig_word(fake_user(0)),
		MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_MAKE_SEND_ONCE, 32), 2, mig_word(names),
		IN_LINE(MACH_MSG_TYPE_MOVE_RECEIVE, 32, 1), allocate(0, MACH_PORT_RIGHT_RECEIVE),
	};
	memcpy(m->body, body, sizeof body);
	if (send_as(0, m, sizeof m->header + sizeof body))
		return;
	if (receive_as(0, r, port, 0, sizeof *r))
		return;
	if (r->body[3])
		fake_user_free(r->body[3]);
	if (r->body[7])
		fake_user_free(r->body[7]);
}

static void calls_of_all_kinds(void)
{
	ipc_port_t notify, previous = IP_NULL;
	mach_msg_type_name_t type;
	const mach_port_t other = allocate(1, MACH_PORT_RIGHT_RECEIVE), name = give(1, other, MACH_MSG_TYPE_MAKE_SEND, 0);
	if (name && mach_port_extract_right(space_of(0), port, MACH_MSG_TYPE_MAKE_SEND_ONCE, &notify, &type) == KERN_SUCCESS) {
		if (mach_port_request_notification(space_of(0), name, MACH_NOTIFY_DEAD_NAME, 0, notify, &previous))
			ipc_object_destroy(notify, type);
		else
			ipc_object_destroy(previous, MACH_MSG_TYPE_PORT_SEND_ONCE);
	}
	if (other)
		(void)mach_port_destroy(space_of(1), other);
	(void)mach_port_allocate_name(space_of(0), MACH_PORT_RIGHT_RECEIVE, 4711);
	(void)mach_port_move_member(space_of(0), port, set);
}

Test(messages, whatever_memory_runs_out_nothing_is_lost)
{
	end();
	for (long n = 0; n < 60; n++) {
		begin();
		fake_memory_fails_after(n);
		all_kinds();
		calls_of_all_kinds();
		for (int i = 0; i < 20; i++)
			(void)allocate(0, MACH_PORT_RIGHT_RECEIVE);
		cr_assert(fake_end(), "after %ld allocations", n);
	}
	begin();
}

/* --- Bodies of any bytes --- */

/* Where a body that is one item after the other ends well: written from mach/message.h's picture, byte by byte. */
static mach_msg_return_t naive_parse(const unsigned char *at, long left)
{
	while (left > 0) {
		if (left < 4)
			return MACH_SEND_MSG_TOO_SMALL;
		unsigned long name = at[0], size = at[1], number = at[2] | (at[3] & 15ul) << 8, head = 4;
		const bool in_line = at[3] & 0x10, long_form = at[3] & 0x20, deallocate = at[3] & 0x40, unused = at[3] & 0x80;
		bool invalid = unused;
		if (long_form) {
			if (left < 12)
				return MACH_SEND_MSG_TOO_SMALL;
			invalid |= name || size || number;
			name = at[4] | at[5] << 8;
			size = at[6] | at[7] << 8;
			number = at[8] | at[9] << 8 | at[10] << 16 | (unsigned long)at[11] << 24;
			head = 12;
		}
		const bool right = name >= 16 && name <= 21;
		if (invalid || (right && size != 32) || (deallocate && in_line))
			return MACH_SEND_INVALID_TYPE;
		const unsigned __int128 bits = (unsigned __int128)number * size, bytes = (bits + 7) / 8;
		const unsigned __int128 here = in_line ? (bytes + 3) / 4 * 4 : 4;
		if (here > (unsigned __int128)(left - (long)head))
			return MACH_SEND_MSG_TOO_SMALL;
		if (bytes > 0xffffffff)
			return MACH_SEND_INVALID_TYPE;
		at += head + (unsigned long)here;
		left -= (long)(head + (unsigned long)here);
	}
	return MACH_MSG_SUCCESS;
}

Test(messages, bodies_of_any_bytes_are_taken_as_the_interface_has_them)
{
	struct random rng = { 5 };
	struct message *m = message_at(0);
	unsigned well = 0;
	for (unsigned i = 0; i < 100000; i++) {
		const unsigned words = random_below(&rng, 12);
		for (unsigned w = 0; w < words; w++) {
			const natural_t any = (natural_t)random_next(&rng);
			/* mostly small numbers of sizes that there are, so that items follow each other */
			const natural_t usual = random_below(&rng, 6) ? 0x10010015 : 0x70030015;
			m->body[w] = random_below(&rng, 12) ? (any & usual) | 32u << 8 : any;
		}
		m->header.msgh_size = sizeof m->header + words * 4;
		struct ipc_items items = ipc_items_of(&m->header);
		struct ipc_item item;
		mach_msg_return_t error;
		while (ipc_item_next(&items, &item, &error))
			cr_assert_leq((char *)(item.data + (item.in_line ? (item.bytes + 3) / 4 : 1)), items.end);
		cr_assert_eq(error, naive_parse((unsigned char *)m->body, words * 4), "message %u", i);
		well += !error && words > 4;
		/* and through the kernel, which finds no such rights and no such memory, or does */
		set_header(m, SIMPLE | COMPLEX, port, MACH_PORT_NULL, 1);
		const mach_msg_return_t sent = send_as(0, m, sizeof m->header + words * 4);
		if (error)
			cr_assert_eq(sent, error);
		if (!sent)
			cr_assert_eq(receive_as(0, m, port, 0, sizeof *m), MACH_MSG_SUCCESS);
	}
	cr_assert_gt(well, 1000);
}
