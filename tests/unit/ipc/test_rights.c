/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Port rights: what may be done with which, in a table; and random calls and messages of three tasks, against the
 * model, every name compared.  At the end all that was made is gone.
 */
#include "../random.h"
#include "message.h"
#include "model.h"
#include <criterion/criterion.h>
#include <stdlib.h>

#ifndef OPERATIONS
#define OPERATIONS 20000
#endif

static void end(void)
{
	if (!fake_end())
		abort();
}

TestSuite(rights, .init = fake_begin, .fini = end);

/* --- The table of ipc_right.h --- */

enum state { RECEIVE, SEND_RECEIVE, SEND, SEND_ONCE, DEAD, STATES };

/* A name in that state, with one user reference. */
static mach_port_t make(enum state state)
{
	if (state == RECEIVE)
		return allocate(0, MACH_PORT_RIGHT_RECEIVE);
	if (state == DEAD)
		return allocate(0, MACH_PORT_RIGHT_DEAD_NAME);
	if (state == SEND_RECEIVE) {
		const mach_port_t name = allocate(0, MACH_PORT_RIGHT_RECEIVE);
		ipc_port_t port;
		mach_msg_type_name_t type;
		cr_assert_eq(mach_port_extract_right(space_of(0), name, MACH_MSG_TYPE_MAKE_SEND, &port, &type), KERN_SUCCESS);
		cr_assert_eq(mach_port_insert_right(space_of(0), name, port, type), KERN_SUCCESS);
		return name;
	}
	return give(1, allocate(1, MACH_PORT_RIGHT_RECEIVE),
	            state == SEND ? MACH_MSG_TYPE_MAKE_SEND : MACH_MSG_TYPE_MAKE_SEND_ONCE, 0);
}

Test(rights, what_may_be_taken_of_which_name_and_what_stays)
{
	enum { N = MACH_PORT_TYPE_NONE, R = MACH_PORT_TYPE_RECEIVE, S = MACH_PORT_TYPE_SEND, D = MACH_PORT_TYPE_DEAD_NAME,
	       SR = S | R, NO = 1 };
	/* by state: what the name is afterwards; NO: it is refused */
	static const struct {
		mach_msg_type_name_t how;
		natural_t after[STATES];
	} table[] = {
		{ MACH_MSG_TYPE_MOVE_RECEIVE, { N, S, NO, NO, NO } },
		{ MACH_MSG_TYPE_MOVE_SEND, { NO, R, N, NO, N } },
		{ MACH_MSG_TYPE_MOVE_SEND_ONCE, { NO, NO, NO, N, N } },
		{ MACH_MSG_TYPE_COPY_SEND, { NO, SR, S, NO, D } },
		{ MACH_MSG_TYPE_MAKE_SEND, { R, SR, NO, NO, NO } },
		{ MACH_MSG_TYPE_MAKE_SEND_ONCE, { R, SR, NO, NO, NO } },
	};
	for (unsigned i = 0; i < sizeof table / sizeof *table; i++)
		for (enum state state = 0; state < STATES; state++) {
			const mach_port_t name = make(state);
			const mach_port_type_t before = type_of(0, name);
			ipc_port_t port;
			mach_msg_type_name_t type;
			const kern_return_t result =
				mach_port_extract_right(space_of(0), name, table[i].how, &port, &type);
			const bool refused = table[i].after[state] == NO;
			cr_assert_eq(result, refused ? KERN_INVALID_RIGHT : KERN_SUCCESS, "row %u state %u", i, state);
			cr_assert_eq(type_of(0, name), refused ? before : table[i].after[state], "row %u state %u", i, state);
			if (!refused)
				ipc_object_destroy(port, type);
		}
}

Test(rights, names_that_a_task_chooses)
{
	ipc_space_t space = space_of(0);
	cr_assert_eq(mach_port_allocate_name(space, MACH_PORT_RIGHT_RECEIVE, MACH_PORT_NULL), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_allocate_name(space, MACH_PORT_RIGHT_RECEIVE, MACH_PORT_DEAD), KERN_INVALID_VALUE);
	cr_assert_eq(mach_port_allocate_name(space, MACH_PORT_RIGHT_SEND, 5), KERN_INVALID_VALUE);
	for (mach_port_t name = 1; name < 3000; name++)
		cr_assert_eq(mach_port_allocate_name(space, MACH_PORT_RIGHT_DEAD_NAME, name), KERN_SUCCESS);
	cr_assert_eq(mach_port_allocate_name(space, MACH_PORT_RIGHT_RECEIVE, 2999), KERN_NAME_EXISTS);
	for (mach_port_t name = 1; name < 3000; name++)
		cr_assert_eq(type_of(0, name), MACH_PORT_TYPE_DEAD_NAME);
	/* the kernel's own names keep out of the way of the next ones that could be its */
	const mach_port_t next = allocate(0, MACH_PORT_RIGHT_DEAD_NAME);
	for (natural_t generation = 1; generation < 64; generation++)
		(void)mach_port_allocate_name(space, MACH_PORT_RIGHT_DEAD_NAME, next + generation * 0x4000 + 1);
	for (unsigned i = 0; i < 64; i++)
		cr_assert_neq(allocate(0, MACH_PORT_RIGHT_DEAD_NAME), MACH_PORT_NULL);
}

Test(rights, a_space_has_so_many_names_and_then_says_so)
{
	kern_return_t result = KERN_SUCCESS;
	natural_t names = 0;
	mach_port_t name;
	while ((result = mach_port_allocate(space_of(0), MACH_PORT_RIGHT_DEAD_NAME, &name)) == KERN_SUCCESS)
		names++;
	cr_assert_eq(result, KERN_NO_SPACE);
	cr_assert_eq(names, 16383);
	cr_assert_eq(mach_port_deallocate(space_of(0), name), KERN_SUCCESS);
	const mach_port_t old = name;
	cr_assert_eq(mach_port_allocate(space_of(0), MACH_PORT_RIGHT_DEAD_NAME, &name), KERN_SUCCESS);
	cr_assert_neq(name, old, "a stale name does not come to life");
}

/* --- Random calls against the model --- */

static struct model model;
static struct random rng;

/* A name that the task has; now and then one that it has not. */
static mach_port_t pick(unsigned task)
{
	if (random_below(&rng, 3) == 0 && model.names[task][0].name)
		return model.names[task][0].name;
	for (unsigned tries = 0; tries < 40; tries++) {
		const struct model_name *n = &model.names[task][random_below(&rng, MODEL_NAMES)];
		if (n->name)
			return n->name;
	}
	return random_below(&rng, 4) ? 0x01230000 + random_below(&rng, 100) : random_below(&rng, 2) ? MACH_PORT_NULL
	                                                                                            : MACH_PORT_DEAD;
}

static unsigned names_of(unsigned task)
{
	unsigned n = 0;
	for (unsigned i = 0; i < MODEL_NAMES; i++)
		n += model.names[task][i].name != 0;
	return n;
}

static void compare(unsigned task)
{
	for (unsigned i = 0; i < MODEL_NAMES; i++) {
		const struct model_name *n = &model.names[task][i];
		if (!n->name)
			continue;
		cr_assert_eq(type_of(task, n->name), model_type(&model, task, n->name), "name %x", n->name);
		cr_assert_eq(refs_of(task, n->name, MACH_PORT_RIGHT_SEND), n->send);
		cr_assert_eq(refs_of(task, n->name, MACH_PORT_RIGHT_DEAD_NAME), n->dead);
	}
	vm_map_copy_t names, types;
	mach_msg_type_number_t count, type_count;
	cr_assert_eq(mach_port_names(space_of(task), &names, &count, &types, &type_count), KERN_SUCCESS);
	cr_assert_eq(count, names_of(task), "no name more and none less");
	if (names)
		vm_map_copy_discard(names);
	if (types)
		vm_map_copy_discard(types);
}

static void do_allocate(unsigned task)
{
	const mach_port_right_t right = random_below(&rng, 4) ? MACH_PORT_RIGHT_RECEIVE : MACH_PORT_RIGHT_DEAD_NAME;
	mach_port_t name = 0x50000000 + random_below(&rng, 50);
	if (random_below(&rng, 4)) {
		cr_assert_eq(mach_port_allocate(space_of(task), right, &name), KERN_SUCCESS);
	} else {
		const bool there = model_find(&model, task, name);
		const kern_return_t result = mach_port_allocate_name(space_of(task), right, name);
		cr_assert_eq(result, there ? KERN_NAME_EXISTS : KERN_SUCCESS);
		if (there)
			return;
	}
	model_allocate(&model, task, right, name);
}

/* The names of what a message has, checked against where each must be, and put into the model. */
static void rights_in(unsigned task, const struct model_right *rights, const mach_port_t *names, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const mach_port_t expected = model_expect(&model, task, &rights[i]);
		if (expected || rights[i].port < 0)
			cr_assert_eq(names[i], expected, "right %u", i);
		else
			cr_assert(!model_find(&model, task, names[i]) && names[i], "a new name");
		model_right_in(&model, task, &rights[i], names[i]);
	}
}

/* Mostly something that the name has to give. */
static mach_msg_type_name_t how(unsigned task, mach_port_t name, unsigned first)
{
	const mach_port_type_t type = model_type(&model, task, name);
	const mach_msg_type_name_t any = first + random_below(&rng, MACH_MSG_TYPE_LAST - first);
	if (random_below(&rng, 8) == 0)
		return any;
	if (type & MACH_PORT_TYPE_SEND_ONCE)
		return MACH_MSG_TYPE_MOVE_SEND_ONCE;
	if (type & MACH_PORT_TYPE_SEND && random_below(&rng, 2))
		return random_below(&rng, 3) ? MACH_MSG_TYPE_COPY_SEND : MACH_MSG_TYPE_MOVE_SEND;
	if (type & MACH_PORT_TYPE_RECEIVE && any != MACH_MSG_TYPE_MOVE_RECEIVE)
		return MACH_MSG_TYPE_MAKE_SEND + random_below(&rng, 2);
	return any;
}

static void do_send(unsigned task)
{
	struct model_send s = { .dest = pick(task), .id = (mach_msg_id_t)random_below(&rng, 1000) };
	s.dest_how = how(task, s.dest, MACH_MSG_TYPE_MOVE_SEND);
	if (random_below(&rng, 2)) {
		s.reply = random_below(&rng, 4) ? pick(task) : s.dest;
		s.reply_how = how(task, s.reply, MACH_MSG_TYPE_MOVE_SEND);
	}
	s.bodies = random_below(&rng, MODEL_RIGHTS + 1);
	struct message *m = message_at(0);
	for (unsigned i = 0; i < s.bodies; i++)
		m->body[1 + i] = s.body[i] = pick(task);
	s.body_how = s.bodies ? how(task, s.body[0], MACH_MSG_TYPE_MOVE_RECEIVE) : MACH_MSG_TYPE_COPY_SEND;
	set_header(m, MACH_MSGH_BITS(s.dest_how, s.reply_how) | MACH_MSGH_BITS_COMPLEX, s.dest, s.reply, s.id);
	m->body[0] = MIG_TYPE(s.body_how, 32, s.bodies);
	const mach_msg_return_t result = send_as(task, m, sizeof m->header + 4 + 4 * s.bodies);
	const mach_msg_return_t expected = model_send(&model, task, &s);
	cr_assert_eq(result, expected, "sent: %x, not %x", result, expected);
	if (result != MACH_SEND_TIMED_OUT)
		return;
	mach_port_t names[2 + MODEL_RIGHTS] = { m->header.msgh_remote_port, m->header.msgh_local_port };
	for (unsigned i = 0; i < s.bodies; i++)
		names[2 + i] = m->body[1 + i];
	rights_in(task, model_taken(), names, 2 + s.bodies);
}

static void do_receive(unsigned task)
{
	const mach_port_t name = pick(task);
	struct message *m = message_at(0);
	const mach_msg_return_t result = receive_as(task, m, name, 0, sizeof *m);
	if (!(model_type(&model, task, name) & MACH_PORT_TYPE_RECEIVE)) {
		cr_assert_eq(result, MACH_RCV_INVALID_NAME);
		return;
	}
	struct model_message *expected = model_next(&model, task, name);
	cr_assert_eq(result, expected ? MACH_MSG_SUCCESS : MACH_RCV_TIMED_OUT);
	if (!expected)
		return;
	cr_assert_eq(m->header.msgh_id, expected->id);
	cr_assert_eq(m->header.msgh_local_port, name);
	cr_assert_eq(MACH_MSGH_BITS_LOCAL(m->header.msgh_bits), expected->dest_type);
	mach_port_t names[1 + MODEL_RIGHTS] = { m->header.msgh_remote_port };
	unsigned count = m->header.msgh_size > sizeof m->header ? m->body[0] >> 16 & 0xfff : 0;
	for (unsigned i = 0; i < count; i++)
		names[1 + i] = m->body[1 + i];
	struct model_right rights[1 + MODEL_RIGHTS] = { expected->reply };
	for (unsigned i = 0; i < MODEL_RIGHTS; i++)
		rights[1 + i] = expected->body[i];
	expected->used = false;
	rights_in(task, rights, names, 1 + count);
}

static void do_references(unsigned task)
{
	const mach_port_t name = pick(task);
	const mach_port_right_t right = random_below(&rng, 6);
	const int delta = (int)random_below(&rng, 5) - 2;
	switch (random_below(&rng, 8)) {
	case 0:
	case 1:
		cr_assert_eq(mach_port_deallocate(space_of(task), name), model_deallocate(&model, task, name));
		break;
	case 2:
		cr_assert_eq(mach_port_destroy(space_of(task), name), model_destroy(&model, task, name));
		break;
	default:
		cr_assert_eq(mach_port_mod_refs(space_of(task), name, right, delta),
		             model_mod_refs(&model, task, name, right, delta), "name %x right %u delta %d", name, right, delta);
	}
}

static void do_rename(unsigned task)
{
	const mach_port_t name = pick(task), to = random_below(&rng, 5) ? 0x60000000 + random_below(&rng, 60) : pick(task);
	struct model_name *n = model_find(&model, task, name);
	const kern_return_t expected = to == MACH_PORT_NULL || to == MACH_PORT_DEAD ? KERN_INVALID_VALUE
	                               : !n                                         ? KERN_INVALID_NAME
	                               : model_find(&model, task, to)               ? KERN_NAME_EXISTS
	                                                                            : KERN_SUCCESS;
	cr_assert_eq(mach_port_rename(space_of(task), name, to), expected);
	if (expected == KERN_SUCCESS)
		n->name = to;
}

static unsigned messages_under_way(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < MODEL_MESSAGES; i++)
		n += model.messages[i].used;
	return n;
}

static void operate(unsigned task)
{
	const unsigned names = names_of(task), kind = random_below(&rng, 100);
	if (kind < 10 && names < MODEL_NAMES / 2)
		do_allocate(task);
	else if (kind < 55 && messages_under_way() < MODEL_MESSAGES / 2)
		do_send(task);
	else if (kind < 80 && names < MODEL_NAMES / 2)
		do_receive(task);
	else if (kind < 84)
		do_rename(task);
	else
		do_references(task);
}

Test(rights, random_calls_and_messages_do_what_the_manual_says, .timeout = 120)
{
	for (unsigned i = 0; i < OPERATIONS && model.ports < MODEL_PORTS - 10; i++) {
		const unsigned task = random_below(&rng, MODEL_TASKS);
		operate(task);
		compare(task);
		if (i % 64 == 0)
			for (unsigned other = 0; other < MODEL_TASKS; other++)
				compare(other);
	}
}
