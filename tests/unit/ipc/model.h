/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Port rights as the manual tells them, written down as they stand: names in a list, ports in another, messages with
 * what is in them; every question is answered by looking at all of it.  No references are counted, and nothing is
 * shared with the kernel's code.
 */
#pragma once
#include "mach/kern_return.h"
#include "mach/message.h"
#include "mach/port.h"

enum { MODEL_TASKS = 3, MODEL_NAMES = 400, MODEL_PORTS = 20000, MODEL_MESSAGES = 1500, MODEL_RIGHTS = 3 };

struct model_name {
	mach_port_t name;              /* 0: not in use */
	int port;                      /* -1: a dead name, if urefs */
	natural_t send, dead;          /* user references */
	bool receive, send_once;
};
struct model_right {
	mach_msg_type_name_t type;     /* MACH_MSG_TYPE_PORT_*; 0: none */
	int port;                      /* -1: null; -2: dead */
};
struct model_message {
	bool used;
	int dest;
	mach_msg_type_name_t dest_type;
	struct model_right reply, body[MODEL_RIGHTS];
	mach_msg_id_t id;
	natural_t order;
};
struct model {
	struct model_name names[MODEL_TASKS][MODEL_NAMES];
	bool alive[MODEL_PORTS];
	natural_t next_order;
	struct model_message messages[MODEL_MESSAGES];
	int ports;
};

/* What to do with which names: one right in the header, one for the reply, up to MODEL_RIGHTS in the body. */
struct model_send {
	mach_port_t dest, reply, body[MODEL_RIGHTS];
	mach_msg_type_name_t dest_how, reply_how, body_how;
	unsigned bodies;
	mach_msg_id_t id;
};

struct model_name *model_find(struct model *m, unsigned task, mach_port_t name);
/* A new name, chosen by somebody else, for a new port; or nothing, if the kernel refused. */
void model_allocate(struct model *m, unsigned task, mach_port_right_t right, mach_port_t name);
mach_port_type_t model_type(struct model *m, unsigned task, mach_port_t name);
kern_return_t model_deallocate(struct model *m, unsigned task, mach_port_t name);
kern_return_t model_mod_refs(struct model *m, unsigned task, mach_port_t name, mach_port_right_t right, int delta);
kern_return_t model_destroy(struct model *m, unsigned task, mach_port_t name);
/* The result that is due; MACH_SEND_TIMED_OUT: the rights of model_taken (dest, reply, body) come back. */
mach_msg_return_t model_send(struct model *m, unsigned task, const struct model_send *send);
const struct model_right *model_taken(void);
/* The message that is next at a port of the task's; NULL: none. It is the caller's to mark it as not used any more. */
struct model_message *model_next(struct model *m, unsigned task, mach_port_t name);
/* The name under which a right must come in; 0: a new one. */
mach_port_t model_expect(struct model *m, unsigned task, const struct model_right *right);
void model_right_in(struct model *m, unsigned task, const struct model_right *right, mach_port_t name);
