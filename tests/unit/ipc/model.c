/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"
#include <string.h>

enum { NULL_PORT = -1, DEAD_PORT = -2, TAKEN = 2 + MODEL_RIGHTS };

/* What the last refused message had, to come back. */
static struct model_right taken[TAKEN];

#define FOR_ALL_NAMES(m_, task_, n_) \
	for (struct model_name *n_ = (m_)->names[task_]; n_ < (m_)->names[task_] + MODEL_NAMES; n_++)

struct model_name *model_find(struct model *m, unsigned task, mach_port_t name)
{
	FOR_ALL_NAMES(m, task, n)
		if (name && n->name == name)
			return n;
	return NULL;
}

static struct model_name *new_name(struct model *m, unsigned task, mach_port_t name, int port)
{
	FOR_ALL_NAMES(m, task, n) {
		if (n->name)
			continue;
		*n = (struct model_name){ .name = name, .port = port };
		return n;
	}
	return NULL;
}

void model_allocate(struct model *m, unsigned task, mach_port_right_t right, mach_port_t name)
{
	if (right == MACH_PORT_RIGHT_DEAD_NAME) {
		new_name(m, task, name, DEAD_PORT)->dead = 1;
		return;
	}
	m->alive[m->ports] = true;
	new_name(m, task, name, m->ports++)->receive = true;
}

mach_port_type_t model_type(struct model *m, unsigned task, mach_port_t name)
{
	const struct model_name *n = model_find(m, task, name);
	if (!n)
		return MACH_PORT_TYPE_NONE;
	return (n->send ? MACH_PORT_TYPE_SEND : 0) | (n->receive ? MACH_PORT_TYPE_RECEIVE : 0) |
	       (n->send_once ? MACH_PORT_TYPE_SEND_ONCE : 0) | (n->dead ? MACH_PORT_TYPE_DEAD_NAME : 0);
}

/* A name that has nothing left is none. */
static void settle(struct model_name *n)
{
	if (!n->send && !n->dead && !n->receive && !n->send_once)
		n->name = 0;
}

/* --- Death --- */

static void drop_right(struct model *m, const struct model_right *right);

static void drop_message(struct model *m, struct model_message *message)
{
	struct model_message gone = *message;
	message->used = false;
	if (gone.dest_type == MACH_MSG_TYPE_PORT_SEND_ONCE && gone.dest >= 0 && m->alive[gone.dest])
		drop_right(m, &(struct model_right){ gone.dest_type, gone.dest });
	drop_right(m, &gone.reply);
	for (unsigned i = 0; i < MODEL_RIGHTS; i++)
		drop_right(m, &gone.body[i]);
}

static void port_dies(struct model *m, int port)
{
	m->alive[port] = false;
	for (unsigned task = 0; task < MODEL_TASKS; task++)
		FOR_ALL_NAMES(m, task, n) {
			if (!n->name || n->port != port)
				continue;
			n->dead = n->send + (n->send_once ? 1 : 0);
			n->send = 0;
			n->send_once = n->receive = false;
			n->port = DEAD_PORT;
			settle(n);
		}
	for (unsigned i = 0; i < MODEL_MESSAGES; i++)
		if (m->messages[i].used && m->messages[i].dest == port)
			drop_message(m, &m->messages[i]);
}

static struct model_message *queue(struct model *m, int dest, mach_msg_type_name_t dest_type, mach_msg_id_t id)
{
	struct model_message *message = m->messages;
	while (message->used)
		message++;
	*message = (struct model_message){ .used = true, .dest = dest, .dest_type = dest_type, .id = id,
	                                   .order = m->next_order++ };
	message->reply.port = NULL_PORT;
	for (unsigned i = 0; i < MODEL_RIGHTS; i++)
		message->body[i].port = NULL_PORT;
	return message;
}

/* A right in nobody's hands ends. */
static void drop_right(struct model *m, const struct model_right *right)
{
	if (!right->type || right->port < 0 || !m->alive[right->port])
		return;
	if (right->type == MACH_MSG_TYPE_PORT_RECEIVE)
		port_dies(m, right->port);
	else if (right->type == MACH_MSG_TYPE_PORT_SEND_ONCE)
		queue(m, right->port, MACH_MSG_TYPE_PORT_SEND_ONCE, MACH_NOTIFY_SEND_ONCE);
}

/* --- References --- */

kern_return_t model_mod_refs(struct model *m, unsigned task, mach_port_t name, mach_port_right_t right, int delta)
{
	struct model_name *n = model_find(m, task, name);
	if (right >= MACH_PORT_RIGHT_NUMBER)
		return KERN_INVALID_VALUE;
	if (!n)
		return KERN_INVALID_NAME;
	if (!(model_type(m, task, name) & MACH_PORT_TYPE(right)))
		return KERN_INVALID_RIGHT;
	natural_t *counted = right == MACH_PORT_RIGHT_SEND ? &n->send : right == MACH_PORT_RIGHT_DEAD_NAME ? &n->dead : NULL;
	const int have = counted ? (int)*counted : 1, sum = have + delta;
	if (sum < 0 || (!counted && delta > 0))
		return KERN_INVALID_VALUE;
	if (sum > 0xffff)
		return KERN_UREFS_OVERFLOW;
	if (counted) {
		*counted = (natural_t)sum;
		settle(n);
	} else if (delta) {
		const struct model_right gone = { right == MACH_PORT_RIGHT_RECEIVE ? MACH_MSG_TYPE_PORT_RECEIVE
		                                                                   : MACH_MSG_TYPE_PORT_SEND_ONCE, n->port };
		n->receive = n->send_once = false;
		settle(n);
		drop_right(m, &gone);
	}
	return KERN_SUCCESS;
}

kern_return_t model_deallocate(struct model *m, unsigned task, mach_port_t name)
{
	const mach_port_type_t type = model_type(m, task, name);
	if (!type)
		return KERN_INVALID_NAME;
	if (type & MACH_PORT_TYPE_SEND)
		return model_mod_refs(m, task, name, MACH_PORT_RIGHT_SEND, -1);
	if (type == MACH_PORT_TYPE_SEND_ONCE)
		return model_mod_refs(m, task, name, MACH_PORT_RIGHT_SEND_ONCE, -1);
	if (type == MACH_PORT_TYPE_DEAD_NAME)
		return model_mod_refs(m, task, name, MACH_PORT_RIGHT_DEAD_NAME, -1);
	return KERN_INVALID_RIGHT;
}

kern_return_t model_destroy(struct model *m, unsigned task, mach_port_t name)
{
	struct model_name *n = model_find(m, task, name);
	if (!n)
		return KERN_INVALID_NAME;
	const struct model_name was = *n;
	n->name = 0;
	if (was.receive)
		port_dies(m, was.port);
	else if (was.send_once)
		drop_right(m, &(struct model_right){ MACH_MSG_TYPE_PORT_SEND_ONCE, was.port });
	return KERN_SUCCESS;
}

/* --- Sending --- */

static bool is_valid(mach_port_t name) { return name != MACH_PORT_NULL && name != MACH_PORT_DEAD; }

/* Whether the name has such a right to give. */
static bool can_take(struct model *m, unsigned task, mach_port_t name, mach_msg_type_name_t how, bool dead_is_fine)
{
	const mach_port_type_t type = model_type(m, task, name);
	if (type == MACH_PORT_TYPE_DEAD_NAME)
		return dead_is_fine && (how == MACH_MSG_TYPE_MOVE_SEND || how == MACH_MSG_TYPE_COPY_SEND ||
		                        how == MACH_MSG_TYPE_MOVE_SEND_ONCE);
	if (how == MACH_MSG_TYPE_MOVE_SEND || how == MACH_MSG_TYPE_COPY_SEND)
		return type & MACH_PORT_TYPE_SEND;
	if (how == MACH_MSG_TYPE_MOVE_SEND_ONCE)
		return type & MACH_PORT_TYPE_SEND_ONCE;
	return type & MACH_PORT_TYPE_RECEIVE;
}

static struct model_right take(struct model *m, unsigned task, mach_port_t name, mach_msg_type_name_t how)
{
	struct model_name *n = model_find(m, task, name);
	struct model_right right = { how, n->port };
	if (how == MACH_MSG_TYPE_COPY_SEND || how == MACH_MSG_TYPE_MAKE_SEND || how == MACH_MSG_TYPE_MOVE_SEND)
		right.type = MACH_MSG_TYPE_PORT_SEND;
	if (how == MACH_MSG_TYPE_MAKE_SEND_ONCE || how == MACH_MSG_TYPE_MOVE_SEND_ONCE)
		right.type = MACH_MSG_TYPE_PORT_SEND_ONCE;
	if (n->dead) {
		if (how != MACH_MSG_TYPE_COPY_SEND)
			n->dead--;
	} else if (how == MACH_MSG_TYPE_MOVE_SEND) {
		n->send--;
	} else if (how == MACH_MSG_TYPE_MOVE_SEND_ONCE) {
		n->send_once = false;
	} else if (how == MACH_MSG_TYPE_MOVE_RECEIVE) {
		n->receive = false;
	}
	settle(n);
	return right;
}

/* Whether the port's receive right is in a message for `to`, or for a port whose right is, and so on. */
static bool waits_for(struct model *m, int port, int to)
{
	if (port == to)
		return true;
	for (unsigned i = 0; i < MODEL_MESSAGES; i++)
		for (unsigned r = 0; r < MODEL_RIGHTS && m->messages[i].used; r++)
			if (m->messages[i].body[r].type == MACH_MSG_TYPE_PORT_RECEIVE && m->messages[i].body[r].port == port)
				return waits_for(m, m->messages[i].dest, to);
	return false;
}

static unsigned queued(struct model *m, int port)
{
	unsigned n = 0;
	for (unsigned i = 0; i < MODEL_MESSAGES; i++)
		n += m->messages[i].used && m->messages[i].dest == port;
	return n;
}

static mach_msg_return_t check_header(struct model *m, unsigned task, const struct model_send *s)
{
	if (!is_valid(s->dest) || !can_take(m, task, s->dest, s->dest_how, false))
		return MACH_SEND_INVALID_DEST;
	if (!is_valid(s->reply))
		return MACH_MSG_SUCCESS;
	if (!can_take(m, task, s->reply, s->reply_how, true))
		return MACH_SEND_INVALID_REPLY;
	if (s->reply == s->dest && s->dest_how == s->reply_how &&
	    (s->dest_how == MACH_MSG_TYPE_MOVE_SEND_ONCE ||
	     (s->dest_how == MACH_MSG_TYPE_MOVE_SEND && model_find(m, task, s->dest)->send < 2)))
		return MACH_SEND_INVALID_REPLY;
	return MACH_MSG_SUCCESS;
}

static void take_header(struct model *m, unsigned task, const struct model_send *s)
{
	const bool copies = s->dest_how != MACH_MSG_TYPE_MOVE_SEND;
	if (copies)
		taken[0] = take(m, task, s->dest, s->dest_how);
	if (is_valid(s->reply))
		taken[1] = take(m, task, s->reply, s->reply_how);
	if (!copies)
		taken[0] = take(m, task, s->dest, s->dest_how);
}

mach_msg_return_t model_send(struct model *m, unsigned task, const struct model_send *s)
{
	const mach_msg_return_t refused = check_header(m, task, s);
	if (refused)
		return refused;
	for (unsigned i = 0; i < TAKEN; i++)
		taken[i] = (struct model_right){ 0, NULL_PORT };
	taken[1].port = s->reply == MACH_PORT_DEAD ? DEAD_PORT : NULL_PORT;
	take_header(m, task, s);
	bool circular = false, missing = false;
	for (unsigned i = 0; i < s->bodies && !missing; i++) {
		taken[2 + i].port = s->body[i] == MACH_PORT_DEAD ? DEAD_PORT : NULL_PORT;
		if (!is_valid(s->body[i]))
			continue;
		missing = !can_take(m, task, s->body[i], s->body_how, true);
		if (missing)
			continue;
		taken[2 + i] = take(m, task, s->body[i], s->body_how);
		circular |= taken[2 + i].type == MACH_MSG_TYPE_PORT_RECEIVE && waits_for(m, taken[0].port, taken[2 + i].port);
	}
	const bool full = queued(m, taken[0].port) >= MACH_PORT_QLIMIT_DEFAULT &&
	                  taken[0].type != MACH_MSG_TYPE_PORT_SEND_ONCE;
	if (full && !circular && !missing)
		return MACH_SEND_TIMED_OUT;
	struct model_message *message = queue(m, taken[0].port, taken[0].type, s->id);
	message->reply = taken[1];
	memcpy(message->body, taken + 2, sizeof message->body);
	if (circular || missing)
		drop_message(m, message);
	return missing ? MACH_SEND_INVALID_RIGHT : MACH_MSG_SUCCESS;
}

/* --- Coming in --- */

void model_right_in(struct model *m, unsigned task, const struct model_right *right, mach_port_t name)
{
	if (!right->type || right->port < 0 || !m->alive[right->port])
		return;
	struct model_name *n = model_find(m, task, name);
	if (!n)
		n = new_name(m, task, name, right->port);
	if (right->type == MACH_MSG_TYPE_PORT_SEND)
		n->send++;
	else if (right->type == MACH_MSG_TYPE_PORT_RECEIVE)
		n->receive = true;
	else
		n->send_once = true;
}

const struct model_right *model_taken(void) { return taken; }

struct model_message *model_next(struct model *m, unsigned task, mach_port_t name)
{
	const struct model_name *n = model_find(m, task, name);
	struct model_message *first = NULL;
	for (unsigned i = 0; i < MODEL_MESSAGES; i++) {
		struct model_message *message = &m->messages[i];
		if (message->used && message->dest == n->port && (!first || message->order < first->order))
			first = message;
	}
	return first;
}

mach_port_t model_expect(struct model *m, unsigned task, const struct model_right *right)
{
	if (right->port == NULL_PORT)
		return MACH_PORT_NULL;
	if (right->port == DEAD_PORT || !m->alive[right->port])
		return MACH_PORT_DEAD;
	FOR_ALL_NAMES(m, task, n)
		if (n->name && n->port == right->port && (n->send || n->receive) &&
		    right->type != MACH_MSG_TYPE_PORT_SEND_ONCE)
			return n->name;
	return MACH_PORT_NULL;
}
