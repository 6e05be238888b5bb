/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What messages and port rights of Mach must do, under the kernel: between threads and tasks, with those who wait, and
 * with what ends while somebody has to do with it.  (What is refused is told in tables by the unit tests, which have the
 * same code; here are the calls through traps and stubs.)
 */
#include "mach/vm_param.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"

enum { ROUNDS = 300, BIG = 3 * 4096 + 100 };

struct message {
	mach_msg_header_t header;
	natural_t body[60];
};

static mach_port_t self;

/* --- Helpers --- */

static mach_port_t new_port(void)
{
	mach_port_t port = MACH_PORT_NULL;

	return mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &port) ? MACH_PORT_NULL : port;
}

static mach_port_t new_port_and_right(void)
{
	const mach_port_t port = new_port();

	return mach_port_insert_right(self, port, port, MACH_MSG_TYPE_MAKE_SEND) ? MACH_PORT_NULL : port;
}

static natural_t names_now(void)
{
	mach_port_array_t names;
	mach_port_type_t *types;
	mach_msg_type_number_t count = 0, type_count;

	if (mach_port_names(self, &names, &count, &types, &type_count) != KERN_SUCCESS)
		return 0;
	vm_deallocate(self, (vm_offset_t)names, count * sizeof *names);
	vm_deallocate(self, (vm_offset_t)types, count * sizeof *types);
	return count;
}

static mach_port_type_t type_of(mach_port_t name)
{
	mach_port_type_t type = MACH_PORT_TYPE_NONE;

	return mach_port_type(self, name, &type) ? MACH_PORT_TYPE_NONE : type;
}

static mach_msg_return_t send_id(mach_port_t to, mach_msg_type_name_t how, mach_msg_id_t id, mach_msg_option_t option,
                                 natural_t ms, mach_port_t notify)
{
	struct message m = { .header = { .msgh_bits = MACH_MSGH_BITS(how, 0), .msgh_remote_port = to, .msgh_id = id } };

	return mach_msg_trap(&m.header, MACH_SEND_MSG | option, sizeof m.header, 0, MACH_PORT_NULL, ms, notify);
}

/* The id of what is received within so many milliseconds; or the error, which is no id that is used here. */
static mach_msg_id_t receive_id(mach_port_t from, natural_t ms)
{
	struct message m;
	const mach_msg_return_t result = mach_msg_trap(&m.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof m, from, ms,
	                                               MACH_PORT_NULL);

	return result ? result : m.header.msgh_id;
}

static void wait_ms(natural_t ms) { thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, ms); }

static natural_t now_ms(void)
{
	static mach_port_t host;
	time_value_t time;

	if (!host)
		host = mach_host_self();
	host_get_time(host, &time);
	return (natural_t)time.seconds * 1000 + (natural_t)time.microseconds / 1000;
}

/* --- RPC --- */

/* Answers with the words' sum in place of the first, until there are none. */
static void serve(mach_port_t port)
{
	struct message m;
	mach_msg_return_t result = mach_msg(&m.header, MACH_RCV_MSG, 0, sizeof m, port, 0, MACH_PORT_NULL);

	while (result == MACH_MSG_SUCCESS) {
		const natural_t words = (m.header.msgh_size - sizeof m.header) / 4;
		natural_t sum = 0;

		for (natural_t i = 0; i < words; i++)
			sum += m.body[i];
		m.body[0] = sum;
		m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
		m.header.msgh_local_port = MACH_PORT_NULL;
		if (words == 0) {
			(void)mach_msg(&m.header, MACH_SEND_MSG, sizeof m.header, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
			return;
		}
		result = mach_msg(&m.header, MACH_SEND_MSG | MACH_RCV_MSG, m.header.msgh_size, sizeof m, port, 0, MACH_PORT_NULL);
	}
}

static mach_msg_return_t call(mach_port_t server, mach_port_t reply, struct message *m, natural_t words)
{
	m->header = (mach_msg_header_t){
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE),
		.msgh_remote_port = server, .msgh_local_port = reply, .msgh_id = 7,
	};
	return mach_msg(&m->header, MACH_SEND_MSG | MACH_RCV_MSG, sizeof m->header + words * 4, sizeof *m, reply, 0,
	                MACH_PORT_NULL);
}

static bool calls_are_answered(mach_port_t server, mach_port_t reply)
{
	struct message m;

	for (natural_t i = 0; i < ROUNDS; i++) {
		const natural_t words = 1 + i % 50;

		for (natural_t w = 0; w < words; w++)
			m.body[w] = i + w;
		if (call(server, reply, &m, words) != MACH_MSG_SUCCESS || m.header.msgh_local_port != reply ||
		    m.body[0] != words * i + words * (words - 1) / 2 || m.header.msgh_seqno != i)
			return false;
	}
	return call(server, reply, &m, 0) == MACH_MSG_SUCCESS;
}

static void *serve_in_thread(void *port)
{
	serve((mach_port_t)port);
	return NULL;
}

static void rpc_between_threads(void)
{
	const mach_port_t port = new_port_and_right(), reply = new_port();
	const cthread_t server = cthread_fork(serve_in_thread, (void *)port);

	claim(calls_are_answered(port, reply), "a thread answers another's calls");
	cthread_join(server);
	mach_port_destroy(self, port);
	mach_port_destroy(self, reply);
}

/* The child makes a port, gives a right to it to the bootstrap port, and serves. */
static void serve_in_task(void *nothing)
{
	mach_port_t port, up;
	struct message m;

	(void)nothing;
	self = mach_task_self();
	port = new_port();
	task_get_special_port(self, TASK_BOOTSTRAP_PORT, &up);
	m.header = (mach_msg_header_t){ .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX,
	                                .msgh_remote_port = up, .msgh_id = 77 };
	m.body[0] = MIG_TYPE(MACH_MSG_TYPE_MAKE_SEND, 32, 1);
	m.body[1] = port;
	if (mach_msg(&m.header, MACH_SEND_MSG, sizeof m.header + 8, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL) == MACH_MSG_SUCCESS)
		serve(port);
}

/* A child task that serves, and a right to its port. */
static mach_port_t child_server(mach_port_t *task)
{
	const mach_port_t meeting = new_port_and_right();
	mach_port_t bootstrap;
	struct message m;

	task_get_special_port(self, TASK_BOOTSTRAP_PORT, &bootstrap);
	task_set_special_port(self, TASK_BOOTSTRAP_PORT, meeting);
	claim(task_fork(serve_in_task, NULL, task) == KERN_SUCCESS, "a task is made");
	task_set_special_port(self, TASK_BOOTSTRAP_PORT, bootstrap);
	claim(mach_msg(&m.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof m, meeting, 1000, MACH_PORT_NULL) ==
	      MACH_MSG_SUCCESS, "and sends a right to its port");
	mach_port_destroy(self, meeting);
	mach_port_deallocate(self, bootstrap);
	return m.body[1];
}

static void rpc_between_tasks(void)
{
	const mach_port_t reply = new_port();
	mach_port_t task, server = child_server(&task);

	claim(calls_are_answered(server, reply), "a task answers another's calls");
	wait_ms(50);
	claim(type_of(server) == MACH_PORT_TYPE_DEAD_NAME, "a right to a port of a task that has ended is a dead name");
	claim(type_of(task) == MACH_PORT_TYPE_DEAD_NAME, "and so is the right to the task");
	mach_port_deallocate(self, server);
	mach_port_deallocate(self, task);
	server = child_server(&task);
	struct message m = { .header = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE),
	                                 .msgh_remote_port = server, .msgh_local_port = reply } };
	task_suspend(task);
	claim(mach_msg(&m.header, MACH_SEND_MSG, sizeof m.header, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL) == MACH_MSG_SUCCESS,
	      "a request to a task that is stopped is sent");
	claim(task_terminate(task) == KERN_SUCCESS, "it ends without an answer");
	claim(receive_id(reply, 1000) == MACH_NOTIFY_SEND_ONCE, "and who asked is told");
	mach_port_deallocate(self, server);
	mach_port_deallocate(self, task);
	mach_port_destroy(self, reply);
}

/* --- Waiting --- */

static volatile mach_msg_return_t waited;
static volatile bool done;

static void *receive_once(void *port)
{
	struct message m;

	waited = mach_msg_trap(&m.header, MACH_RCV_MSG, 0, sizeof m, (mach_port_t)port, 0, MACH_PORT_NULL);
	done = true;
	return NULL;
}

static void *send_once(void *port)
{
	waited = send_id((mach_port_t)port, MACH_MSG_TYPE_COPY_SEND, 100, 0, 0, MACH_PORT_NULL);
	done = true;
	return NULL;
}

static cthread_t waiter(cthread_fn_t function, mach_port_t port)
{
	done = false;
	waited = -1;
	const cthread_t thread = cthread_fork(function, (void *)port);
	wait_ms(30);
	claim(!done, "a thread waits");
	return thread;
}

static void fill(mach_port_t port)
{
	for (int i = 0; i < MACH_PORT_QLIMIT_DEFAULT; i++)
		send_id(port, MACH_MSG_TYPE_COPY_SEND, i, MACH_SEND_TIMEOUT, 0, MACH_PORT_NULL);
}

static void timeouts(void)
{
	const mach_port_t port = new_port_and_right();
	natural_t begin = now_ms();

	claim(receive_id(port, 50) == MACH_RCV_TIMED_OUT, "a receive ends after its time");
	const natural_t took = now_ms() - begin;
	claim(took >= 50 && took <= 80, "of 50 ms (%u)", took);
	claim(receive_id(port, 0) == MACH_RCV_TIMED_OUT, "or at once");
	fill(port);
	begin = now_ms();
	claim(send_id(port, MACH_MSG_TYPE_COPY_SEND, 9, MACH_SEND_TIMEOUT, 50, MACH_PORT_NULL) == MACH_SEND_TIMED_OUT &&
	      now_ms() - begin >= 50, "a send to a full queue ends after its time");
	mach_port_urefs_t refs = 0;
	mach_port_get_refs(self, port, MACH_PORT_RIGHT_SEND, &refs);
	claim(refs == 2, "what it had taken comes back");
	mach_port_destroy(self, port);
}

static void waiting(void)
{
	mach_port_t port = new_port_and_right();
	cthread_t thread = waiter(receive_once, port);
	send_id(port, MACH_MSG_TYPE_COPY_SEND, 1, 0, 0, MACH_PORT_NULL);
	cthread_join(thread);
	claim(waited == MACH_MSG_SUCCESS, "and gets a message");
	thread = waiter(receive_once, port);
	mach_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, -1);
	cthread_join(thread);
	claim(waited == MACH_RCV_PORT_DIED, "and is told that the port has died");
	mach_port_deallocate(self, port);

	port = new_port_and_right();
	mach_port_t set = MACH_PORT_NULL;
	mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &set);
	thread = waiter(receive_once, port);
	mach_port_move_member(self, port, set);
	cthread_join(thread);
	claim(waited == MACH_RCV_PORT_CHANGED, "and is told that the port is in a set now");
	thread = waiter(receive_once, set);
	send_id(port, MACH_MSG_TYPE_COPY_SEND, 1, 0, 0, MACH_PORT_NULL);
	cthread_join(thread);
	claim(waited == MACH_MSG_SUCCESS, "who waits at a set gets its members' messages");
	thread = waiter(receive_once, set);
	mach_port_destroy(self, set);
	cthread_join(thread);
	claim(waited == MACH_RCV_PORT_DIED, "and is told that it is no more");
	claim(receive_id(port, 0) == MACH_RCV_TIMED_OUT, "its members are as before");

	fill(port);
	thread = waiter(send_once, port);
	claim(receive_id(port, 0) == 0, "the first message is received");
	cthread_join(thread);
	claim(waited == MACH_MSG_SUCCESS, "and there is room for who waited");
	thread = waiter(send_once, port);
	mach_port_set_qlimit(self, port, MACH_PORT_QLIMIT_MAX);
	cthread_join(thread);
	claim(waited == MACH_MSG_SUCCESS, "or when the limit is raised");
	mach_port_set_qlimit(self, port, 1);
	thread = waiter(send_once, port);
	mach_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, -1);
	cthread_join(thread);
	claim(waited == MACH_MSG_SUCCESS, "a message to a port that dies is lost, and sent");
	mach_port_destroy(self, port);
}

/* --- Order --- */

enum { ORDER_PORTS = 3, ORDER_SENDERS = 3, ORDER_MESSAGES = 200 };

static mach_port_t order_port[ORDER_PORTS], order_set;
static volatile natural_t order_running;

/* Each message says who sends it, and how many he has sent to that port. */
static void *send_in_order(void *number)
{
	natural_t sent[ORDER_PORTS] = { 0 }, random = (natural_t)number + 1;

	for (natural_t i = 0; i < ORDER_MESSAGES; i++) {
		random = random * 1103515245 + 12345;
		const natural_t to = (random >> 16) % ORDER_PORTS;
		struct message m = { .header = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
		                                 .msgh_remote_port = order_port[to], .msgh_id = (mach_msg_id_t)(natural_t)number },
		                     .body = { to, sent[to]++ } };

		mach_msg(&m.header, MACH_SEND_MSG, sizeof m.header + 8, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
	}
	order_running--;
	return NULL;
}

static void *move_about(void *nothing)
{
	for (natural_t i = 0; order_running > 0; i++) {
		mach_port_move_member(self, order_port[i % ORDER_PORTS], i / ORDER_PORTS % 2 ? MACH_PORT_NULL : order_set);
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_NONE, 0);
	}
	return nothing;
}

/* What comes at a port or set: each sender's next, and the port's next number. */
static natural_t receive_in_order(mach_port_t from, natural_t ms, natural_t (*next)[ORDER_SENDERS], natural_t *seqno,
                                  bool *in_order)
{
	struct message m;
	natural_t received = 0;

	while (mach_msg_trap(&m.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof m, from, ms, MACH_PORT_NULL) ==
	       MACH_MSG_SUCCESS) {
		*in_order = *in_order && m.body[1] == next[m.body[0]][m.header.msgh_id]++ &&
		            m.header.msgh_seqno == seqno[m.body[0]]++ && m.header.msgh_local_port == order_port[m.body[0]];
		received++;
	}
	return received;
}

static void order(void)
{
	natural_t next[ORDER_PORTS][ORDER_SENDERS] = { { 0 } }, seqno[ORDER_PORTS] = { 0 }, received = 0;
	cthread_t thread[ORDER_SENDERS + 1];
	bool in_order = true;

	mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &order_set);
	for (natural_t i = 0; i < ORDER_PORTS; i++)
		order_port[i] = new_port_and_right();
	order_running = ORDER_SENDERS;
	for (natural_t i = 0; i < ORDER_SENDERS; i++)
		thread[i] = cthread_fork(send_in_order, (void *)i);
	thread[ORDER_SENDERS] = cthread_fork(move_about, NULL);
	for (natural_t round = 0; round < 3000 && received < ORDER_SENDERS * ORDER_MESSAGES; round++) {
		received += receive_in_order(order_set, 10, next, seqno, &in_order);
		received += receive_in_order(order_port[round % ORDER_PORTS], 0, next, seqno, &in_order);
	}
	claim(received == ORDER_SENDERS * ORDER_MESSAGES, "all messages come, while ports go into a set and out of it");
	claim(in_order, "each port's in their order, and each once");
	for (natural_t i = 0; i < ORDER_SENDERS + 1; i++)
		cthread_join(thread[i]);
	for (natural_t i = 0; i < ORDER_PORTS; i++)
		mach_port_destroy(self, order_port[i]);
	mach_port_destroy(self, order_set);
}

/* --- Memory and rights --- */

static void *receive_big(void *port)
{
	struct message m;
	const natural_t *data;

	waited = mach_msg(&m.header, MACH_RCV_MSG, 0, sizeof m, (mach_port_t)port, 0, MACH_PORT_NULL);
	data = (const natural_t *)m.body[3];
	done = m.body[2] == BIG;
	for (natural_t i = 0; i < BIG / 4; i++)
		done = done && data[i] == i;
	vm_deallocate(self, m.body[3], BIG);
	return NULL;
}

static void memory(void)
{
	const mach_port_t port = new_port_and_right();
	vm_offset_t data = 0;

	vm_allocate(self, &data, BIG, true);
	for (natural_t i = 0; i < BIG / 4; i++)
		((natural_t *)data)[i] = i;
	struct message m = { .header = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX,
	                                 .msgh_remote_port = port },
	                     .body = { MIG_TYPE_OUT_OF_LINE, MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8), BIG, data } };
	claim(mach_msg(&m.header, MACH_SEND_MSG, sizeof m.header + 16, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL) ==
	      MACH_MSG_SUCCESS, "memory is sent");
	for (natural_t i = 0; i < BIG / 4; i++)
		((natural_t *)data)[i] = 0;
	cthread_join(cthread_fork(receive_big, (void *)port));
	claim(waited == MACH_MSG_SUCCESS && done, "and arrives as it was when it was sent");
	for (natural_t i = 0; i < BIG / 4; i++)
		((natural_t *)data)[i] = i;
	m.header.msgh_remote_port = port;
	m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX;
	m.body[0] = MIG_TYPE_OUT_OF_LINE | MIG_TYPE_DEALLOCATE;
	m.body[3] = data;
	claim(mach_msg(&m.header, MACH_SEND_MSG, sizeof m.header + 16, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL) ==
	      MACH_MSG_SUCCESS, "memory is sent and given up");
	claim(vm_protect(self, data, 4096, false, VM_PROT_DEFAULT) == KERN_INVALID_ADDRESS, "the sender has it no more");
	cthread_join(cthread_fork(receive_big, (void *)port));
	claim(waited == MACH_MSG_SUCCESS && done, "and the receiver has");
	m.header.msgh_remote_port = port;
	m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX;
	m.body[3] = VM_MAX_ADDRESS - VM_PAGE_SIZE;
	claim(mach_msg(&m.header, MACH_SEND_MSG, sizeof m.header + 16, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL) ==
	      MACH_SEND_INVALID_MEMORY, "memory that is not there is not sent");
	mach_port_destroy(self, port);
}

/* A port's receive right goes to a child and comes back with it when it ends. */
static void backup(void)
{
	const mach_port_t port = new_port(), told = new_port();
	mach_port_t previous, task, server = child_server(&task);
	struct message m = { .header = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX,
	                                 .msgh_remote_port = server },
	                     .body = { MIG_TYPE(MACH_MSG_TYPE_MOVE_RECEIVE, 32, 1), port } };

	claim(mach_port_request_notification(self, port, MACH_NOTIFY_PORT_DESTROYED, 0, told, &previous) == KERN_SUCCESS &&
	      previous == MACH_PORT_NULL, "news of a port's end is asked for");
	task_suspend(task);
	claim(mach_msg(&m.header, MACH_SEND_MSG, sizeof m.header + 8, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL) ==
	      MACH_MSG_SUCCESS, "its receive right goes to another task");
	claim(type_of(port) == MACH_PORT_TYPE_NONE, "and is not here");
	task_terminate(task);
	claim(mach_msg(&m.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof m, told, 1000, MACH_PORT_NULL) ==
	      MACH_MSG_SUCCESS && m.header.msgh_id == MACH_NOTIFY_PORT_DESTROYED &&
	      type_of(m.body[1]) == MACH_PORT_TYPE_RECEIVE, "it comes back when that ends");
	mach_port_destroy(self, m.body[1]);
	mach_port_destroy(self, told);
	mach_port_deallocate(self, server);
	mach_port_deallocate(self, task);
}

/* --- Notifications --- */

static void notifications(void)
{
	const mach_port_t told = new_port();
	mach_port_t port = new_port_and_right(), previous = MACH_PORT_NULL;

	claim(mach_port_request_notification(self, port, MACH_NOTIFY_NO_SENDERS, 1, told, &previous) == KERN_SUCCESS,
	      "news of the last sender is asked for");
	claim(receive_id(told, 0) == MACH_RCV_TIMED_OUT, "there is one");
	mach_port_mod_refs(self, port, MACH_PORT_RIGHT_SEND, -1);
	claim(receive_id(told, 0) == MACH_NOTIFY_NO_SENDERS, "and now there is none");
	mach_port_insert_right(self, port, port, MACH_MSG_TYPE_MAKE_SEND);

	claim(mach_port_request_notification(self, port, MACH_NOTIFY_DEAD_NAME, 0, told, &previous) == KERN_SUCCESS &&
	      type_of(port) == (MACH_PORT_TYPE_SEND_RECEIVE | MACH_PORT_TYPE_DNREQUEST), "news of a name's death is asked for");
	mach_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, -1);
	claim(receive_id(told, 0) == MACH_NOTIFY_DEAD_NAME && type_of(port) == MACH_PORT_TYPE_DEAD_NAME, "and it dies");
	mach_port_urefs_t refs = 0;
	mach_port_get_refs(self, port, MACH_PORT_RIGHT_DEAD_NAME, &refs);
	claim(refs == 2, "with one more reference, for the news");
	claim(mach_port_request_notification(self, port, MACH_NOTIFY_DEAD_NAME, 0, told, &previous) == KERN_INVALID_ARGUMENT &&
	      receive_id(told, 0) == MACH_NOTIFY_SEND_ONCE, "of a dead name there is no news: the right comes to nothing");
	claim(mach_port_request_notification(self, port, MACH_NOTIFY_DEAD_NAME, 1, told, &previous) == KERN_SUCCESS &&
	      receive_id(told, 0) == MACH_NOTIFY_DEAD_NAME, "but at once");
	mach_port_destroy(self, port);

	port = new_port_and_right();
	mach_port_request_notification(self, port, MACH_NOTIFY_DEAD_NAME, 0, told, &previous);
	mach_port_destroy(self, port);
	claim(receive_id(told, 0) == MACH_NOTIFY_PORT_DELETED, "of a name that is given up it is told that it is");

	port = new_port_and_right();
	fill(port);
	claim(send_id(port, MACH_MSG_TYPE_COPY_SEND, 50, MACH_SEND_NOTIFY, 0, told) == MACH_SEND_WILL_NOTIFY,
	      "one message more goes into a full queue");
	claim(send_id(port, MACH_MSG_TYPE_COPY_SEND, 50, MACH_SEND_NOTIFY, 0, told) == MACH_SEND_NOTIFY_IN_PROGRESS,
	      "but not two");
	for (int i = 0; i < MACH_PORT_QLIMIT_DEFAULT; i++)
		receive_id(port, 0);
	claim(receive_id(told, 0) == MACH_RCV_TIMED_OUT && receive_id(port, 0) == 50 &&
	      receive_id(told, 0) == MACH_NOTIFY_MSG_ACCEPTED, "and its sender is told when it is received");
	mach_port_destroy(self, port);
	mach_port_destroy(self, told);
}

/* --- Calls, and what they say --- */

static void refusals(void)
{
	const mach_port_t port = new_port();
	mach_port_t set = MACH_PORT_NULL, name = MACH_PORT_NULL, previous;
	mach_port_urefs_t refs;
	mach_port_status_t status;

	mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &set);
	claim(mach_port_allocate(self, MACH_PORT_RIGHT_SEND, &name) == KERN_INVALID_VALUE, "no send right is allocated");
	claim(mach_port_allocate(port, MACH_PORT_RIGHT_RECEIVE, &name) != KERN_SUCCESS, "nor one by who is no task");
	claim(mach_port_allocate_name(self, MACH_PORT_RIGHT_RECEIVE, port) == KERN_NAME_EXISTS, "a name is given once");
	claim(mach_port_deallocate(self, port) == KERN_INVALID_RIGHT, "a receive right is not deallocated so");
	claim(mach_port_deallocate(self, 12345) == KERN_INVALID_NAME, "nor what is not there");
	claim(mach_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, 1) == KERN_INVALID_VALUE, "there is one receive right");
	claim(mach_port_mod_refs(self, port, MACH_PORT_RIGHT_SEND, -1) == KERN_INVALID_RIGHT, "and no send right");
	claim(mach_port_get_refs(self, port, 9, &refs) == KERN_INVALID_VALUE, "of a right that there is not");
	claim(mach_port_set_qlimit(self, port, MACH_PORT_QLIMIT_MAX + 1) == KERN_INVALID_VALUE, "queues have a limit");
	claim(mach_port_move_member(self, port, MACH_PORT_NULL) == KERN_NOT_IN_SET, "a port is in no set");
	claim(mach_port_move_member(self, port, port) == KERN_INVALID_RIGHT, "nor in one that is none");
	claim(mach_port_move_member(self, port, set) == KERN_SUCCESS &&
	      mach_port_get_receive_status(self, port, &status) == KERN_SUCCESS && status.mps_pset == set, "now it is in one");
	mach_port_array_t members;
	mach_msg_type_number_t count = 0;
	claim(mach_port_get_set_status(self, set, &members, &count) == KERN_SUCCESS && count == 1 && members[0] == port,
	      "which has it alone");
	vm_deallocate(self, (vm_offset_t)members, sizeof *members);
	claim(mach_port_rename(self, port, 4711) == KERN_SUCCESS && type_of(4711) == MACH_PORT_TYPE_RECEIVE, "a name is changed");
	claim(mach_port_request_notification(self, 4711, MACH_NOTIFY_SEND_ONCE, 0, 4711, &previous) == KERN_INVALID_VALUE,
	      "of what there is no news");
	mach_port_destroy(self, 4711);
	mach_port_destroy(self, set);
}

/* As many ports as there can be: then they are refused, and all is well when they are gone. */
static void exhaustion(void)
{
	natural_t ports = 0;
	kern_return_t result;
	mach_port_t name, task = MACH_PORT_NULL, set = MACH_PORT_NULL;

	mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &set);
	while ((result = mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &name)) == KERN_SUCCESS) {
		mach_port_move_member(self, name, set);
		ports++;
	}
	claim(result == KERN_RESOURCE_SHORTAGE && ports > 1000, "ports come to an end (after %s)", "thousands");
	claim(task_create(self, true, &task) == KERN_RESOURCE_SHORTAGE, "and with them tasks");
	mach_port_array_t members;
	mach_msg_type_number_t count = 0;
	claim(mach_port_get_set_status(self, set, &members, &count) == KERN_SUCCESS && count == ports, "the set has them all");
	for (natural_t i = 0; i < count; i++)
		mach_port_mod_refs(self, members[i], MACH_PORT_RIGHT_RECEIVE, -1);
	vm_deallocate(self, (vm_offset_t)members, count * sizeof *members);
	mach_port_destroy(self, set);
	name = new_port();
	claim(name != MACH_PORT_NULL, "and there are ports again");
	mach_port_destroy(self, name);
}

/* The library keeps a thread's stack, port and reply port when its work is done: as many as there will be. */
static void *begin_thread(void *nothing)
{
	(void)type_of(self);
	order_running--;
	while (order_running > 0)
		wait_ms(10);
	return nothing;
}

static void begin_threads(void)
{
	cthread_t thread[ORDER_SENDERS + 1];

	order_running = ORDER_SENDERS + 1;
	for (natural_t i = 0; i < ORDER_SENDERS + 1; i++)
		thread[i] = cthread_fork(begin_thread, NULL);
	for (natural_t i = 0; i < ORDER_SENDERS + 1; i++)
		cthread_join(thread[i]);
}

/* As many messages as the kernel will keep for a task: then they are refused, but not to who waits for them. */
static void flood(void)
{
	static struct { mach_msg_header_t header; natural_t body[1000]; } m;
	mach_port_t set = MACH_PORT_NULL, name;
	mach_msg_return_t result = MACH_MSG_SUCCESS;

	mach_port_allocate(self, MACH_PORT_RIGHT_PORT_SET, &set);
	for (int i = 0; i < 500 && result == MACH_MSG_SUCCESS; i++) {
		name = new_port();
		mach_port_move_member(self, name, set);
		for (int n = 0; n < MACH_PORT_QLIMIT_DEFAULT && result == MACH_MSG_SUCCESS; n++) {
			m.header = (mach_msg_header_t){ .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0),
			                                .msgh_remote_port = name };
			result = mach_msg_trap(&m.header, MACH_SEND_MSG | MACH_SEND_TIMEOUT, sizeof m, 0, MACH_PORT_NULL, 0,
			                       MACH_PORT_NULL);
		}
	}
	claim(result == MACH_SEND_NO_BUFFER, "a task's messages come to an end");
	const mach_port_t port = new_port_and_right();
	claim(port != MACH_PORT_NULL, "the kernel still listens to it");
	const cthread_t thread = waiter(receive_once, port);
	claim(send_id(port, MACH_MSG_TYPE_COPY_SEND, 1, 0, 0, MACH_PORT_NULL) == MACH_MSG_SUCCESS, "and who waits for one");
	cthread_join(thread);
	mach_port_array_t members;
	mach_msg_type_number_t count = 0;
	mach_port_get_set_status(self, set, &members, &count);
	for (natural_t i = 0; i < count; i++)
		mach_port_destroy(self, members[i]);
	vm_deallocate(self, (vm_offset_t)members, count * sizeof *members);
	claim(send_id(port, MACH_MSG_TYPE_COPY_SEND, 1, 0, 0, MACH_PORT_NULL) == MACH_MSG_SUCCESS, "it can send again");
	mach_port_destroy(self, port);
	mach_port_destroy(self, set);
}

int main(int argc, char **argv)
{
	mach_port_t host_priv, device_master;

	(void)argc, (void)argv;
	self = mach_task_self();
	mach_privileged_ports(&host_priv, &device_master);
	begin_threads();
	rpc_between_threads();
	memory();
	(void)now_ms();
	const natural_t before = names_now();
	rpc_between_threads();
	rpc_between_tasks();
	timeouts();
	waiting();
	order();
	memory();
	backup();
	notifications();
	refusals();
	exhaustion();
	flood();
	const natural_t after = names_now();
	claim(after == before, "nothing is left of all this (%u names, %u before)", after, before);
	exit(claims_end());
}
