/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks that do anything at all with messages and port rights, as fast as they can, and are ended in the midst of it:
 * the kernel goes on, and what they had is gone.
 *
 *   parent --makes--> children, each with rights to the parent's ports (mach_ports_register)
 *   children: random traps and calls, on names that they have and names that nobody has; when a thread waits for ever,
 *             another one of its task aborts that
 *   parent: keeps the rights for replies, and sends what else comes on to one of those; after a while ends all children
 *
 * Arguments: rounds=N (3), seed=N (1).
 */
#include "mach/vm_param.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/arguments.h"

enum { CHILDREN = 4, NAMES = 48, PORTS = 3, KEPT = 8, ROUND_MS = 1500, WORDS = 100 };

struct message {
	mach_msg_header_t header;
	natural_t body[WORDS];
};

static mach_port_t self;
static natural_t state;
static mach_port_t names[NAMES];
static mach_port_t shared[PORTS];
static natural_t page_of_data[1024] __attribute__((aligned(4096)));

static natural_t any(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	return state ^= state << 5;
}

static natural_t below(natural_t n) { return (any() >> 8) % n; }

static mach_port_t own_name(void) { return below(40) ? names[below(NAMES)] : below(2) ? any() : below(3) - 1u; }

static mach_port_t some_name(void) { return below(5) ? own_name() : shared[below(PORTS)]; }

static void remember(mach_port_t name)
{
	if (MACH_PORT_VALID(name))
		names[below(NAMES)] = name;
}

/* --- Messages --- */

/* An item, most likely a good one. Result: its words. */
static natural_t random_item(natural_t *at)
{
	const natural_t how = MACH_MSG_TYPE_MOVE_RECEIVE + below(6), count = below(4);

	switch (below(6)) {
	case 0:
		at[0] = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 2);
		at[1] = at[2] = any();
		return 3;
	case 1:
	case 2:
		at[0] = MIG_TYPE(how, 32, count);
		for (natural_t i = 0; i < count; i++)
			at[1 + i] = some_name();
		return 1 + count;
	case 3:
		at[0] = MIG_TYPE_OUT_OF_LINE;
		at[1] = MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8);
		at[2] = below(10000);
		at[3] = below(4) ? (natural_t)page_of_data : any();
		return 4;
	case 4:
		at[0] = MIG_TYPE_OUT_OF_LINE;
		at[1] = MIG_TYPE_LONG(how, 32);
		at[2] = count;
		at[3] = (natural_t)names;
		return 4;
	default:
		at[0] = any();
		return 1;
	}
}

static mach_msg_size_t random_message(struct message *m)
{
	natural_t words = 0;
	const natural_t items = below(6);

	for (natural_t i = 0; i < items; i++)
		words += random_item(m->body + words);
	m->header = (mach_msg_header_t){
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND + below(5), below(2) ? MACH_MSG_TYPE_MOVE_SEND + below(5) : 0) |
		             (below(3) ? MACH_MSGH_BITS_COMPLEX : 0) | (below(50) ? 0 : any()),
		.msgh_remote_port = some_name(), .msgh_id = (mach_msg_id_t)(below(3) ? below(3000) : any()),
	};
	m->header.msgh_local_port = MACH_MSGH_BITS_LOCAL(m->header.msgh_bits) ? some_name() : MACH_PORT_NULL;
	return below(60) ? sizeof m->header + words * 4 : any();
}

/* The names in a message that has been received become known; its memory is given back. */
static void take_apart(struct message *m)
{
	remember(m->header.msgh_remote_port);
	natural_t *at = m->body, *const end = m->body + (m->header.msgh_size - sizeof m->header) / 4;

	while (m->header.msgh_bits & MACH_MSGH_BITS_COMPLEX && at + 4 <= end) {
		const bool long_form = *at & 1u << 29, in_line = *at & 1u << 28;
		const natural_t name = long_form ? at[1] & 0xffff : *at & 0xff, size = long_form ? at[1] >> 16 : *at >> 8 & 0xff;
		const natural_t number = long_form ? at[2] : MIG_TYPE_NUMBER(*at), bytes = (number * size + 7) / 8;
		natural_t *data = at + (long_form ? 3 : 1);

		if (in_line && MACH_MSG_TYPE_PORT_ANY(name) && number)
			remember(data[0]);
		if (!in_line && *data) {
			if (MACH_MSG_TYPE_PORT_ANY(name))
				remember(*(natural_t *)*data);
			vm_deallocate(self, *data, bytes);
		}
		at = data + (in_line ? (bytes + 3) / 4 : 1);
	}
}

static void random_trap(void)
{
	static struct message m;
	const natural_t what = below(4);
	const mach_msg_option_t option = (what != 0 ? MACH_SEND_MSG : 0) | (what != 1 ? MACH_RCV_MSG : 0) |
	                                 (below(300) ? MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT : 0) |
	                                 (below(8) ? 0 : MACH_SEND_NOTIFY) | (below(8) ? 0 : MACH_SEND_CANCEL) |
	                                 (below(8) ? 0 : MACH_RCV_NOTIFY) | (below(4) ? 0 : MACH_RCV_LARGE);
	struct message *at = below(100) ? &m : (struct message *)(below(2) ? VM_MAX_ADDRESS - 256 : any());
	const mach_msg_size_t size = random_message(&m);
	const mach_msg_return_t result = mach_msg_trap(&at->header, option, size, below(10) ? sizeof m : below(64),
	                                               some_name(), below(40) ? 0 : 5, some_name());

	if (result == MACH_MSG_SUCCESS && option & MACH_RCV_MSG && at == &m)
		take_apart(&m);
}

/* --- Calls --- */

static void random_call(void)
{
	const mach_port_t name = below(300) ? own_name() : some_name(), task = self;
	mach_port_t result = MACH_PORT_NULL;
	mach_port_status_t status;
	mach_port_array_t list;
	mach_msg_type_number_t count;
	mach_msg_type_name_t type;

	switch (below(14)) {
	case 0:
	case 1:
		mach_port_allocate(task, below(5), &result);
		break;
	case 2:
		mach_port_allocate_name(task, below(5), any());
		break;
	case 3:
		mach_port_deallocate(task, name);
		break;
	case 4:
		if (below(8) == 0)
			mach_port_destroy(task, name);
		break;
	case 5:
		mach_port_mod_refs(task, name, below(6), (mach_port_delta_t)below(5) - 3);
		break;
	case 6:
		mach_port_set_qlimit(task, name, below(20));
		break;
	case 7:
		mach_port_move_member(task, name, some_name());
		break;
	case 8:
		mach_port_request_notification(task, name, (mach_msg_id_t)(64 + below(16)), below(2), some_name(), &result);
		break;
	case 9:
		mach_port_insert_right(task, name, below(4) ? name : some_name(), MACH_MSG_TYPE_MOVE_RECEIVE + below(6));
		break;
	case 10:
		if (mach_port_extract_right(task, name, MACH_MSG_TYPE_MOVE_RECEIVE + below(7), &result, &type) != KERN_SUCCESS)
			result = MACH_PORT_NULL;
		break;
	case 11:
		mach_port_get_receive_status(task, name, &status);
		mach_port_set_seqno(task, name, any());
		break;
	case 12:
		if (mach_port_get_set_status(task, name, &list, &count) == KERN_SUCCESS)
			vm_deallocate(self, (vm_offset_t)list, count * sizeof *list);
		break;
	default:
		result = any();
		if (mach_port_rename(task, name, result) != KERN_SUCCESS)
			result = MACH_PORT_NULL;
	}
	remember(result);
}

/* Whatever the other thread waits for: it has waited enough. */
static void *abort_waits(void *thread)
{
	for (;;) {
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 10);
		thread_abort((mach_port_t)thread);
	}
	return NULL;
}

static void storm(void *seed)
{
	mach_port_array_t registered;
	mach_msg_type_number_t count;

	self = mach_task_self();
	state = (natural_t)seed;
	if (mach_ports_lookup(self, &registered, &count) != KERN_SUCCESS)
		return;
	for (natural_t i = 0; i < PORTS; i++) {
		shared[i] = registered[i];
		mach_port_mod_refs(self, shared[i], MACH_PORT_RIGHT_SEND, 10000);
	}
	for (natural_t i = 0; i < NAMES; i++)
		mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &names[i]);
	for (natural_t i = 0; i < NAMES; i += 2)
		mach_port_insert_right(self, names[i], names[i], MACH_MSG_TYPE_MAKE_SEND);
	cthread_detach(cthread_fork(abort_waits, (void *)mach_thread_self()));
	for (;;) {
		if (below(3))
			random_trap();
		else
			random_call();
	}
}

/* --- The parent --- */

static natural_t now_ms(void)
{
	static mach_port_t host;
	time_value_t time;

	if (!host)
		host = mach_host_self();
	host_get_time(host, &time);
	return (natural_t)time.seconds * 1000 + (natural_t)time.microseconds / 1000;
}

static integer_t free_pages(void)
{
	vm_statistics_data_t statistics;

	vm_statistics(self, &statistics);
	return statistics.free_count;
}

/* A message that has come goes on to somebody, with all that is in it, or is thrown away. */
static void pass_on(struct message *m, mach_port_t *kept)
{
	mach_port_t *place = &kept[below(KEPT)], *next = &kept[below(KEPT)];

	if (MACH_MSGH_BITS_REMOTE(m->header.msgh_bits) == MACH_MSG_TYPE_PORT_SEND &&
	    MACH_PORT_VALID(m->header.msgh_remote_port)) {
		if (*place)
			mach_port_deallocate(self, *place);
		*place = m->header.msgh_remote_port;
		m->header.msgh_remote_port = MACH_PORT_NULL;
	}
	if (*next && m->header.msgh_remote_port == MACH_PORT_NULL) {
		m->header.msgh_bits = (m->header.msgh_bits & MACH_MSGH_BITS_COMPLEX) | MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0);
		m->header.msgh_remote_port = *next;
		m->header.msgh_local_port = MACH_PORT_NULL;
		const mach_msg_return_t result = mach_msg_trap(&m->header, MACH_SEND_MSG | MACH_SEND_TIMEOUT,
		                                               m->header.msgh_size, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);

		if (result != MACH_SEND_TIMED_OUT && result != MACH_SEND_INVALID_DEST && result != MACH_SEND_NO_BUFFER)
			return; /* sent, or a right is dead: what was taken is gone */
		if (result != MACH_SEND_TIMED_OUT)
			m->header.msgh_remote_port = MACH_PORT_NULL;
	}
	mach_msg_destroy(&m->header);
}

static natural_t receive_all(mach_port_t set, natural_t until)
{
	static struct message m;
	mach_port_t kept[KEPT] = { 0 };
	natural_t received = 0;

	while (now_ms() < until) {
		if (mach_msg_trap(&m.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof m, set, 20, MACH_PORT_NULL))
			continue;
		received++;
		pass_on(&m, kept);
	}
	for (natural_t i = 0; i < KEPT; i++)
		if (kept[i])
			mach_port_deallocate(self, kept[i]);
	return received;
}

static void round(natural_t seed)
{
	mach_port_t task[CHILDREN], set, port[PORTS];
	natural_t ended = 0;

	mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &set);
	for (natural_t i = 0; i < PORTS; i++) {
		mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &port[i]);
		mach_port_insert_right(self, port[i], port[i], MACH_MSG_TYPE_MAKE_SEND);
		mach_port_move_member(self, port[i], set);
	}
	mach_ports_register(self, port, PORTS);
	for (natural_t i = 0; i < CHILDREN; i++)
		task_fork(storm, (void *)(seed * 7919 + i * 104729 + 1), &task[i]);
	const natural_t received = receive_all(set, now_ms() + ROUND_MS);
	for (natural_t i = 0; i < CHILDREN; i++) {
		ended += task_terminate(task[i]) != KERN_SUCCESS;
		mach_port_deallocate(self, task[i]);
	}
	mach_ports_register(self, NULL, 0);
	for (natural_t i = 0; i < PORTS; i++)
		mach_port_destroy(self, port[i]);
	mach_port_destroy(self, set);
	claim(received > 10, "messages have come from the tasks");
	(void)ended; /* a task may have told the kernel to end it */
}

int main(int argc, char **argv)
{
	mach_port_t host_priv, device_master;
	mach_port_array_t list;
	mach_port_type_t *types;
	mach_msg_type_number_t count, before = 0, type_count;

	self = mach_task_self();
	mach_privileged_ports(&host_priv, &device_master);
	const natural_t rounds = argument_number(argc, argv, "rounds", 3), seed = argument_number(argc, argv, "seed", 1);
	integer_t pages = 0;
	for (natural_t i = 0; i < rounds; i++) {
		round(seed * 1000 + i);
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 100);
		mach_port_names(self, &list, &count, &types, &type_count);
		vm_deallocate(self, (vm_offset_t)list, count * sizeof *list);
		vm_deallocate(self, (vm_offset_t)types, count * sizeof *types);
		if (i == 0) {
			before = count;
			pages = free_pages();
		}
		claim(count == before, "round %u leaves no name (%u, %u)", i, count, before);
		claim(free_pages() >= pages - 40, "and no memory (%d pages free, %d before)", free_pages(), pages);
	}
	exit(claims_end());
}
