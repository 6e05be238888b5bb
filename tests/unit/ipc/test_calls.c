/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the calls on port names refuse, and why (Mach 3.0 kernel interface). */
#include "message.h"
#include <criterion/criterion.h>
#include <stdlib.h>

enum { SIMPLE = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0) };

static mach_port_t port, set, dead;

static void begin(void)
{
	fake_begin();
	port = allocate(0, MACH_PORT_RIGHT_RECEIVE);
	set = allocate(0, MACH_PORT_RIGHT_PORT_SET);
	dead = allocate(0, MACH_PORT_RIGHT_DEAD_NAME);
}

static void end(void)
{
	if (!fake_end())
		abort();
}

TestSuite(calls, .init = begin, .fini = end);

Test(calls, calls_on_port_names_that_are_refused_and_why)
{
	ipc_space_t s = space_of(0);
	mach_port_t name;
	mach_port_type_t type;
	mach_port_urefs_t refs;
	mach_port_status_t status;
	vm_map_copy_t copy;
	natural_t count;
	ipc_port_t right, previous;
	mach_msg_type_name_t right_type;
	const mach_port_t none = 0x12345;
	for (mach_port_right_t r = 0; r < 8; r++) {
		const bool fine = r == MACH_PORT_RIGHT_RECEIVE || r == MACH_PORT_RIGHT_PORT_SET || r == MACH_PORT_RIGHT_DEAD_NAME;
		cr_assert_eq(mach_port_allocate(s, r, &name), fine ? KERN_SUCCESS : KERN_INVALID_VALUE);
	}
	cr_assert_eq(mach_port_type(s, none, &type), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_rename(s, none, 5), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_rename(s, port, MACH_PORT_NULL), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_rename(s, port, MACH_PORT_DEAD), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_rename(s, port, set), KERN_NAME_EXISTS);
	cr_assert_eq(mach_port_destroy(s, none), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_deallocate(s, none), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_deallocate(s, set), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_deallocate(s, port), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_get_refs(s, none, MACH_PORT_RIGHT_SEND, &refs), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_get_refs(s, port, MACH_PORT_RIGHT_NUMBER, &refs), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_get_refs(s, port, MACH_PORT_RIGHT_SEND, &refs), KERN_SUCCESS);
	cr_assert_eq(refs, 0);
	cr_assert_eq(mach_port_mod_refs(s, port, MACH_PORT_RIGHT_NUMBER, 0), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_mod_refs(s, set, MACH_PORT_RIGHT_PORT_SET, 1), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_mod_refs(s, dead, MACH_PORT_RIGHT_DEAD_NAME, 0x7fffffff), KERN_UREFS_OVERFLOW);
	cr_assert_eq(mach_port_mod_refs(s, dead, MACH_PORT_RIGHT_DEAD_NAME, -0x7fffffff - 1), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_set_qlimit(s, set, 1), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_set_qlimit(s, none, 1), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_set_qlimit(s, port, MACH_PORT_QLIMIT_MAX + 1), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_set_mscount(s, dead, 1), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_set_seqno(s, none, 1), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_get_receive_status(s, set, &status), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_get_set_status(s, port, &copy, &count), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_move_member(s, none, set), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_move_member(s, set, set), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_move_member(s, port, none), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_move_member(s, port, port), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_move_member(s, port, MACH_PORT_NULL), KERN_NOT_IN_SET);
	cr_assert_eq(mach_port_request_notification(s, port, 99, 0, IP_NULL, &previous), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_request_notification(s, port, MACH_NOTIFY_DEAD_NAME, 0, IP_DEAD, &previous),
	             KERN_INVALID_CAPABILITY);
	cr_assert_eq(mach_port_request_notification(s, set, MACH_NOTIFY_DEAD_NAME, 0, IP_NULL, &previous), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_request_notification(s, set, MACH_NOTIFY_NO_SENDERS, 0, IP_NULL, &previous), KERN_INVALID_RIGHT);
	cr_assert_eq(mach_port_request_notification(s, none, MACH_NOTIFY_DEAD_NAME, 0, IP_NULL, &previous), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_insert_right(s, 77, IP_NULL, MACH_MSG_TYPE_PORT_SEND), KERN_INVALID_CAPABILITY);
	cr_assert_eq(mach_port_insert_right(s, 77, IP_DEAD, MACH_MSG_TYPE_PORT_SEND), KERN_INVALID_CAPABILITY);
	cr_assert_eq(mach_port_extract_right(s, port, MACH_MSG_TYPE_PORT_NAME, &right, &right_type), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_extract_right(s, none, MACH_MSG_TYPE_COPY_SEND, &right, &right_type), KERN_INVALID_NAME);
	cr_assert_eq(mach_port_extract_right(s, port, MACH_MSG_TYPE_COPY_SEND, &right, &right_type), KERN_INVALID_RIGHT);
}

Test(calls, calls_on_the_names_of_a_dead_task)
{
	ipc_space_t s = space_of(0);
	mach_port_t name;
	mach_port_type_t type;
	mach_port_urefs_t refs;
	mach_port_status_t status;
	vm_map_copy_t copy;
	natural_t count;
	ipc_port_t right;
	ipc_space_destroy(s);
	cr_assert_eq(mach_port_names(s, &copy, &count, &copy, &count), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_type(s, port, &type), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_rename(s, port, 5), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_allocate(s, MACH_PORT_RIGHT_RECEIVE, &name), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_allocate_name(s, MACH_PORT_RIGHT_RECEIVE, 5), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_destroy(s, port), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_deallocate(s, port), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_get_refs(s, port, MACH_PORT_RIGHT_SEND, &refs), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_mod_refs(s, port, MACH_PORT_RIGHT_RECEIVE, -1), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_set_qlimit(s, port, 1), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_get_receive_status(s, port, &status), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_get_set_status(s, set, &copy, &count), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_move_member(s, port, set), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_request_notification(s, port, MACH_NOTIFY_DEAD_NAME, 0, IP_NULL, &right), KERN_INVALID_TASK);
	cr_assert_eq(mach_port_extract_right(s, port, MACH_MSG_TYPE_MAKE_SEND, &right, &type), KERN_INVALID_TASK);
	struct message *m = message_at(0);
	set_header(m, SIMPLE, port, MACH_PORT_NULL, 1);
	cr_assert_eq(send_as(0, m, sizeof m->header), MACH_SEND_INVALID_DEST);
	cr_assert_eq(receive_as(0, m, port, 0, sizeof *m), MACH_RCV_INVALID_NAME);
}

Test(calls, names_are_refused_when_memory_is_short)
{
	mach_port_t name;
	const natural_t pages = vm_page_free_count;
	vm_page_free_count = 10;
	cr_assert_eq(mach_port_allocate(space_of(0), MACH_PORT_RIGHT_RECEIVE, &name), KERN_RESOURCE_SHORTAGE);
	cr_assert_eq(mach_port_allocate_name(space_of(0), MACH_PORT_RIGHT_DEAD_NAME, 5), KERN_RESOURCE_SHORTAGE);
	vm_page_free_count = pages;
	cr_assert_eq(mach_port_allocate(space_of(0), MACH_PORT_RIGHT_RECEIVE, &name), KERN_SUCCESS);
}
