/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages for the tests, made and sent as a user does. */
#pragma once
#include "fake_kernel.h"
#include "ipc/ipc_right.h"
#include "ipc/mach_msg.h"
#include "mach/mig.h"
#include "mach_port_server.h"

/* In user memory, from an offset on; sends and receives never wait. */
struct message {
	mach_msg_header_t header;
	natural_t body[64];
};

static inline struct message *message_at(size_t offset) { return fake_user(offset); }

static inline ipc_space_t space_of(unsigned task) { return fake_task[task].itk_space; }

static inline mach_msg_return_t send_as(unsigned task, struct message *m, mach_msg_size_t size)
{
	fake_switch_to(task);
	return mach_msg_trap(&m->header, MACH_SEND_MSG | MACH_SEND_TIMEOUT, size, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
}

static inline mach_msg_return_t receive_as(unsigned task, struct message *m, mach_port_t name, mach_msg_option_t option,
                                           mach_msg_size_t room)
{
	fake_switch_to(task);
	return mach_msg_trap(&m->header, MACH_RCV_MSG | MACH_RCV_TIMEOUT | option, 0, room, name, 0, MACH_PORT_NULL);
}

static inline void set_header(struct message *m, mach_msg_bits_t bits, mach_port_t remote, mach_port_t local,
                              mach_msg_id_t id)
{
	m->header = (mach_msg_header_t){ .msgh_bits = bits, .msgh_remote_port = remote, .msgh_local_port = local,
	                                 .msgh_id = id };
}

static inline mach_port_t allocate(unsigned task, mach_port_right_t right)
{
	mach_port_t name = MACH_PORT_NULL;
	return mach_port_allocate(space_of(task), right, &name) ? MACH_PORT_NULL : name;
}

/* A right of one task's port, made so, into another: its name there. */
static inline mach_port_t give(unsigned from, mach_port_t name, mach_msg_type_name_t how, unsigned to)
{
	ipc_port_t port;
	mach_msg_type_name_t type;
	static mach_port_t chosen = 0x70000000;
	const mach_port_t as = chosen++;
	if (mach_port_extract_right(space_of(from), name, how, &port, &type))
		return MACH_PORT_NULL;
	if (mach_port_insert_right(space_of(to), as, port, type) == KERN_SUCCESS)
		return as;
	ipc_object_destroy(port, type);
	return MACH_PORT_NULL;
}

static inline mach_port_type_t type_of(unsigned task, mach_port_t name)
{
	mach_port_type_t type = MACH_PORT_TYPE_NONE;
	(void)mach_port_type(space_of(task), name, &type);
	return type;
}

static inline natural_t refs_of(unsigned task, mach_port_t name, mach_port_right_t right)
{
	mach_port_urefs_t refs = 0;
	(void)mach_port_get_refs(space_of(task), name, right, &refs);
	return refs;
}
