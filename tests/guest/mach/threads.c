/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What threads and tasks of Mach must do: start, stop, wait, be told, and end, in each state in which they can be.
 *
 * The threads here are raw ones: a stack and registers, no library of their own.
 */
#include "mach/vm_param.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/mach.h"
#include "processor.h"

enum { STACK_BYTES = 4096, THREADS = 24, MS_A_TICK = 10, THREAD_TERMINATE = 2016 };

static mach_port_t self_task, host, host_priv;
static char stacks[THREADS][STACK_BYTES] __attribute__((aligned(4096)));
static unsigned stacks_used;
static volatile natural_t count[THREADS];
static volatile mach_msg_return_t last_result;

/* --- Helpers --- */

typedef void (*body_t)(natural_t argument);

static machine_thread_state_t registers(body_t body, natural_t argument)
{
	return raw_registers((natural_t)body, (natural_t)(stacks[stacks_used++ % THREADS] + STACK_BYTES), argument);
}

static kern_return_t set_registers(mach_port_t thread, const machine_thread_state_t *state)
{
	return thread_set_state(thread, MACHINE_THREAD_STATE, (const natural_t *)state, MACHINE_THREAD_STATE_COUNT);
}

static kern_return_t get_registers(mach_port_t thread, machine_thread_state_t *state)
{
	mach_msg_type_number_t words = MACHINE_THREAD_STATE_COUNT;

	return thread_get_state(thread, MACHINE_THREAD_STATE, (natural_t *)state, &words);
}

static mach_port_t make(body_t body, natural_t argument)
{
	const machine_thread_state_t state = registers(body, argument);
	mach_port_t thread = MACH_PORT_NULL;

	if (thread_create(self_task, &thread) != KERN_SUCCESS || set_registers(thread, &state) != KERN_SUCCESS)
		claim(false, "a thread can be made");
	return thread;
}

static mach_port_t start(body_t body, natural_t argument)
{
	const mach_port_t thread = make(body, argument);

	thread_resume(thread);
	return thread;
}

static void wait_ms(natural_t ms) { thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, ms); }

static natural_t now_ms(void)
{
	time_value_t time;

	host_get_time(host, &time);
	return (natural_t)time.seconds * 1000 + (natural_t)time.microseconds / 1000;
}

static natural_t threads_of(mach_port_t task)
{
	mach_port_array_t list;
	mach_msg_type_number_t threads = 0;

	if (task_threads(task, &list, &threads) != KERN_SUCCESS)
		return 0;
	for (natural_t i = 0; i < threads; i++)
		mach_port_deallocate(self_task, list[i]);
	vm_deallocate(self_task, (vm_offset_t)list, threads * sizeof *list);
	return threads;
}

static integer_t state_of(mach_port_t thread)
{
	thread_basic_info_data_t info;
	mach_msg_type_number_t words = THREAD_BASIC_INFO_COUNT;

	return thread_info(thread, THREAD_BASIC_INFO, (natural_t *)&info, &words) == KERN_SUCCESS ? info.run_state : -1;
}

static mach_port_t new_port(void)
{
	mach_port_t port = MACH_PORT_NULL;

	mach_port_allocate_send(&port);
	return port;
}

/* --- What they do: nothing of the library, which would look for its part of them --- */

static void compute(natural_t n)
{
	for (;;)
		count[n]++;
}

static void once(natural_t n)
{
	count[n]++;
	for (;;)
		wait_ms(1000000);
}

static void receive(natural_t port)
{
	struct { mach_msg_header_t head; char body[64]; } message;

	last_result = mach_msg_trap(&message.head, MACH_RCV_MSG | MACH_RCV_INTERRUPT, 0, sizeof message, port, 0, 0);
	once(0);
}

static mach_msg_return_t send_id(mach_port_t port, mach_msg_id_t id, mach_msg_option_t option, natural_t ms)
{
	mach_msg_header_t message = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0), .msgh_remote_port = port,
	                              .msgh_id = id };

	return mach_msg_trap(&message, MACH_SEND_MSG | option, sizeof message, 0, 0, ms, 0);
}

static mach_msg_return_t send_one(mach_port_t port, mach_msg_option_t option, natural_t ms)
{
	return send_id(port, 0, option, ms);
}

static void send_for_ever(natural_t port)
{
	for (;;)
		last_result = send_one(port, 0, 0);
}

static void touch(natural_t address)
{
	last_result = *(volatile int *)address;
	once(0);
}

/* A message that is in memory of a manager who says nothing. */
static void send_from(natural_t address)
{
	last_result = mach_msg_trap((mach_msg_header_t *)address, MACH_SEND_MSG, sizeof(mach_msg_header_t), 0, 0, 0, 0);
	once(0);
}

static mach_port_t receive_port;

static void receive_to(natural_t address)
{
	last_result = mach_msg_trap((mach_msg_header_t *)address, MACH_RCV_MSG, 0, 128, receive_port, 0, 0);
	once(0);
}

/* The same of a call's arguments. */
static void call_from(natural_t stack)
{
	last_result = (mach_msg_return_t)raw_call(25, stack);
	once(0);
}

static void end_self(natural_t unused)
{
	(void)unused;
	send_id(mach_thread_self(), THREAD_TERMINATE, 0, 0);
	count[1]++; /* never */
}

/* --- Traps --- */

static void traps(void)
{
	natural_t words[16] = { 0 };

	claim(mach_null() == KERN_SUCCESS, "the null call returns 0");
	claim(raw_call(1, (natural_t)words) == KERN_INVALID_ARGUMENT, "a number between those of calls is refused");
	claim(raw_call(63, (natural_t)words) == KERN_INVALID_ARGUMENT, "a number behind them is refused");
	claim(raw_call(0xfffffff0, (natural_t)words) == KERN_INVALID_ARGUMENT, "a large number is refused");
	claim(raw_call(25, 0x400) == KERN_INVALID_ARGUMENT, "arguments at no memory are refused");
	claim(raw_call(25, KERNEL_ADDRESS) == KERN_INVALID_ARGUMENT, "arguments in the kernel are refused");
	claim(raw_call(25, VM_MAX_ADDRESS - 8) == KERN_INVALID_ARGUMENT, "arguments across the user's end are refused");
	claim(raw_call(17, 0) == KERN_SUCCESS, "a call without arguments needs no stack");
	processor_traps();
}

/* --- Time and turns --- */

static void time_and_turns(void)
{
	const natural_t begin = now_ms();
	wait_ms(50);
	const natural_t waited = now_ms() - begin;
	claim(waited >= 50 && waited <= 70, "a wait of 50 ms takes 50 to 70");
	struct { mach_msg_header_t head; char body[64]; } message;
	const mach_port_t port = new_port();
	const natural_t before = now_ms();
	claim(mach_msg_trap(&message.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof message, port, 30, 0) ==
	      MACH_RCV_TIMED_OUT && now_ms() - before >= 30, "a receive of 30 ms times out");
	const mach_port_t a = start(compute, 2), b = start(compute, 3);
	wait_ms(1000);
	const natural_t in_a = count[2], in_b = count[3];
	claim(in_a && in_b, "two threads that compute for ever both get on");
	claim(in_a < in_b * 2 && in_b < in_a * 2, "they share the processor");
	claim(thread_priority(a, 13, false) == KERN_SUCCESS, "a thread's priority can be lowered");
	wait_ms(100);
	const natural_t low = count[2];
	wait_ms(300);
	claim(count[2] == low && count[3] > in_b, "who is worse does not run while a better one does");
	thread_suspend(b);
	wait_ms(50);
	claim(count[2] > low, "and does when none is left");
	claim(thread_priority(a, -1, false) == KERN_INVALID_ARGUMENT && thread_priority(a, 32, false) == KERN_INVALID_ARGUMENT,
	      "there are priorities from 0 to 31");
	claim(thread_priority(a, 11, false) == KERN_FAILURE, "none may be better than a thread's best");
	claim(thread_priority(a, 20, true) == KERN_SUCCESS && thread_priority(a, 15, false) == KERN_FAILURE,
	      "and that can be lowered");
	thread_terminate(a);
	thread_terminate(b);
	claim(thread_switch(MACH_PORT_NULL, 7, 0) == KERN_INVALID_ARGUMENT, "thread_switch knows its options");
	const mach_port_t named = start(once, 4);
	thread_switch(named, SWITCH_OPTION_NONE, 0);
	claim(count[4] == 1, "thread_switch goes to whom it is told");
	thread_terminate(named);
}

/* --- Stopping --- */

static mach_port_t stopped;
static kern_return_t set_stopped(const machine_thread_state_t *state) { return set_registers(stopped, state); }
static kern_return_t get_stopped(machine_thread_state_t *state) { return get_registers(stopped, state); }

static void stopping(void)
{
	const mach_port_t thread = start(compute, 5);
	wait_ms(100);
	claim(count[5] > 0 && state_of(thread) == TH_STATE_RUNNING, "a thread runs");
	claim(thread_suspend(thread) == KERN_SUCCESS && thread_suspend(thread) == KERN_SUCCESS, "it is stopped twice");
	natural_t before = count[5];
	wait_ms(100);
	claim(count[5] == before, "and does not run");
	claim(thread_resume(thread) == KERN_SUCCESS, "resumed once");
	wait_ms(100);
	claim(count[5] == before, "it still does not");
	thread_resume(thread);
	wait_ms(100);
	claim(count[5] > before, "twice, it does");
	claim(thread_resume(thread) == KERN_FAILURE, "what is not stopped cannot be resumed");
	thread_suspend(thread);
	machine_thread_state_t state;
	claim(get_registers(thread, &state) == KERN_SUCCESS && state.MACHINE_STATE_PC >= (natural_t)compute &&
	      state.MACHINE_STATE_PC < (natural_t)compute + 128, "its registers say where it is");
	stopped = thread;
	processor_state(&state, set_stopped, get_stopped);
	const machine_thread_state_t other = registers(once, 6);
	claim(set_registers(thread, &other) == KERN_SUCCESS && thread_resume(thread) == KERN_SUCCESS, "it is sent elsewhere");
	wait_ms(20);
	claim(count[6] == 1, "and goes there");
	mach_msg_type_number_t words = 3;
	claim(thread_get_state(thread, MACHINE_THREAD_STATE, (natural_t *)&state, &words) == KERN_INVALID_ARGUMENT,
	      "registers need room");
	claim(thread_get_state(mach_thread_self(), MACHINE_THREAD_STATE, (natural_t *)&state, &words) == KERN_INVALID_ARGUMENT,
	      "nobody asks for his own");
	thread_terminate(thread);
}

static void aborting(void)
{
	const mach_port_t port = new_port();
	const mach_port_t thread = start(receive, port);
	wait_ms(30);
	claim(state_of(thread) == TH_STATE_WAITING, "a thread waits for a message");
	thread_suspend(thread);
	claim(thread_abort(thread) == KERN_SUCCESS, "its wait is ended");
	wait_ms(30);
	claim(count[0] == 0, "while it is stopped it sees nothing of that");
	thread_resume(thread);
	wait_ms(30);
	claim(count[0] == 1 && last_result == MACH_RCV_INTERRUPTED, "then its receive was interrupted");
	claim(thread_abort(thread) == KERN_SUCCESS, "a sleep is ended too");
	thread_terminate(thread);
	claim(thread_abort(thread) != KERN_SUCCESS, "who has ended cannot be interrupted");
	wait_ms(30);
	mach_port_destroy(self_task, port);
}

/* --- Ending --- */

static void ends(mach_port_t thread, const char *state)
{
	const natural_t before = threads_of(self_task);
	const kern_return_t result = thread_terminate(thread);
	wait_ms(30);
	claim(result == KERN_SUCCESS && threads_of(self_task) == before - 1, "a thread ends that %s", state);
	claim(thread_resume(thread) != KERN_SUCCESS && state_of(thread) == -1, "and is nobody then");
	mach_port_deallocate(self_task, thread);
}

static void ending(void)
{
	ends(make(compute, 7), "has never run");
	mach_port_t thread = start(compute, 7);
	wait_ms(30);
	ends(thread, "computes");
	thread = start(compute, 7);
	wait_ms(30);
	thread_suspend(thread);
	wait_ms(30);
	ends(thread, "is stopped");
	thread = start(once, 7);
	wait_ms(30);
	ends(thread, "sleeps");
	const mach_port_t port = new_port();
	thread = start(receive, port);
	wait_ms(30);
	ends(thread, "waits for a message");
	claim(send_one(port, MACH_SEND_TIMEOUT, 0) == MACH_MSG_SUCCESS, "and takes none any more");
	thread = start(send_for_ever, port);
	wait_ms(50);
	claim(state_of(thread) == TH_STATE_WAITING, "a sender waits for room");
	ends(thread, "waits to send");
	vm_offset_t address = 0;
	receive_port = new_port();
	const mach_port_t silent = new_port();
	claim(vm_map(self_task, &address, 8192, 0, true, silent, 0, false, VM_PROT_DEFAULT, VM_PROT_ALL,
	             VM_INHERIT_NONE) == KERN_SUCCESS, "memory of a manager that says nothing is mapped");
	thread = start(touch, address);
	wait_ms(50);
	claim(state_of(thread) == TH_STATE_WAITING, "who touches it waits");
	ends(thread, "waits for a page");
	thread = start(touch, address + 4096);
	wait_ms(30);
	thread_suspend(thread);
	thread_abort(thread);
	const machine_thread_state_t other = registers(once, 8);
	claim(set_registers(thread, &other) == KERN_SUCCESS && thread_resume(thread) == KERN_SUCCESS,
	      "who waits for a page can be sent elsewhere");
	wait_ms(30);
	claim(count[8] == 1, "and goes there");
	ends(thread, "was sent elsewhere");
	thread = start(send_from, address);
	wait_ms(50);
	claim(state_of(thread) == TH_STATE_WAITING, "who sends from such memory waits");
	ends(thread, "waits for a page of its message");
	thread = start(call_from, address + 4096);
	wait_ms(50);
	claim(state_of(thread) == TH_STATE_WAITING, "whose arguments are there waits");
	ends(thread, "waits for a page of its call's arguments");
	thread = start(receive_to, address);
	wait_ms(30);
	claim(send_one(receive_port, MACH_SEND_TIMEOUT, 0) == MACH_MSG_SUCCESS, "a message goes to who receives there");
	wait_ms(50);
	claim(state_of(thread) == TH_STATE_WAITING, "who waits for the page where it goes");
	ends(thread, "waits for a page of what it receives");
	thread = start(end_self, 0);
	wait_ms(30);
	claim(count[1] == 0 && state_of(thread) == -1, "a thread ends itself");
	mach_port_destroy(self_task, port);
	vm_deallocate(self_task, address, 8192);
	mach_port_destroy(self_task, silent);
}

/* --- Many --- */

static integer_t wired_pages(void)
{
	vm_statistics_data_t statistics;

	vm_statistics(self_task, &statistics);
	return statistics.wire_count;
}

static void many(void)
{
	static mach_port_t waiting[THREADS];
	const mach_port_t port = new_port();
	const integer_t before = wired_pages();
	for (unsigned i = 0; i < THREADS; i++)
		waiting[i] = start(receive, port);
	wait_ms(100);
	claim(wired_pages() - before < THREADS / 2, "threads that wait have no kernel stacks");
	for (unsigned i = 0; i < THREADS; i++)
		thread_terminate(waiting[i]);
	wait_ms(50);
	const integer_t after = wired_pages();
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < THREADS; i++)
			waiting[i] = start(receive, port);
		wait_ms(20);
		for (unsigned i = 0; i < THREADS; i++) {
			thread_terminate(waiting[i]);
			mach_port_deallocate(self_task, waiting[i]);
		}
		wait_ms(20);
	}
	claim(wired_pages() - after <= 1, "four hundred threads that come and go leave nothing");
	mach_port_destroy(self_task, port);
}

/* --- Tasks --- */

static integer_t free_pages(void)
{
	vm_statistics_data_t statistics;

	vm_statistics(self_task, &statistics);
	return statistics.free_count;
}

static void tasks(void)
{
	mach_port_t task = MACH_PORT_NULL, thread = MACH_PORT_NULL;
	const machine_thread_state_t state = registers(compute, 9);
	claim(task_create(self_task, true, &task) == KERN_SUCCESS, "a task is made of this one");
	claim(thread_create(task, &thread) == KERN_SUCCESS && set_registers(thread, &state) == KERN_SUCCESS &&
	      thread_resume(thread) == KERN_SUCCESS && threads_of(task) == 1, "and has a thread");
	claim(task_suspend(task) == KERN_SUCCESS, "it is stopped");
	wait_ms(30);
	claim(state_of(thread) == TH_STATE_STOPPED, "and its thread with it");
	claim(thread_suspend(thread) == KERN_SUCCESS && task_resume(task) == KERN_SUCCESS, 
	      "task and thread count for themselves");
	wait_ms(30);
	claim(state_of(thread) == TH_STATE_STOPPED && thread_resume(thread) == KERN_SUCCESS, "both must let it go");
	wait_ms(30);
	claim(state_of(thread) == TH_STATE_RUNNING, "then it runs");
	claim(task_resume(task) == KERN_FAILURE, "what is not stopped cannot be resumed");
	claim(task_terminate(task) == KERN_SUCCESS, "the task is ended");
	wait_ms(30);
	claim(state_of(thread) == -1 && task_terminate(task) != KERN_SUCCESS, "and its thread with it, once");
	claim(count[9] == 0, "what it did was in its own memory");
	mach_port_deallocate(self_task, thread);
	mach_port_deallocate(self_task, task);
	integer_t before = 0;
	for (int round = 0; round < 40; round++) {
		if (round == 8)
			before = free_pages();
		task_create(self_task, true, &task);
		thread_create(task, &thread);
		set_registers(thread, &state);
		thread_resume(thread);
		wait_ms(20);
		task_terminate(task);
		mach_port_deallocate(self_task, thread);
		mach_port_deallocate(self_task, task);
		wait_ms(20);
	}
	claim(before - free_pages() <= 2, "tasks that come and go give all their memory back");
}

/* --- Exceptions --- */

static struct { integer_t exception, code, subcode; unsigned times; } raised;

kern_return_t catch_exception_raise(mach_port_t exception_port, mach_port_t thread, mach_port_t task,
                                    integer_t exception, integer_t code, integer_t subcode);

kern_return_t catch_exception_raise(mach_port_t exception_port, mach_port_t thread, mach_port_t task,
                                    integer_t exception, integer_t code, integer_t subcode)
{
	(void)exception_port;
	raised.exception = exception;
	raised.code = code;
	raised.subcode = subcode;
	raised.times++;
	const machine_thread_state_t next = registers(once, 10);
	thread_suspend(thread);
	const kern_return_t result = set_registers(thread, &next);
	thread_resume(thread);
	mach_port_deallocate(self_task, thread);
	mach_port_deallocate(self_task, task);
	return result;
}

extern const struct mig_subsystem exc_subsystem;
bool exc_server(mach_msg_header_t *request, mach_msg_header_t *reply);

static void divide(natural_t zero) { count[1] = 5 / zero; }
static void kernel_jump(natural_t u)
{
	(void)u;
	((void (*)(void))(KERNEL_ADDRESS + 0x20))();
}

static void raises(body_t body, natural_t argument, integer_t exception, integer_t code, const char *what)
{
	mach_port_t port = MACH_PORT_NULL;
	task_get_special_port(self_task, TASK_EXCEPTION_PORT, &port);
	const mach_port_t thread = start(body, argument);
	const unsigned times = raised.times, counted = count[10];
	mach_msg_server_once(exc_server, 512, port, MACH_RCV_TIMEOUT, 1000);
	claim(raised.times == times + 1 && raised.exception == exception && (raised.code == code || code < 0),
	      "%s raises exception %d, code %d", what, (int)raised.exception, (int)raised.code);
	wait_ms(30);
	claim(count[10] == counted + 1, "and the thread goes on where it was sent");
	thread_terminate(thread);
	mach_port_deallocate(self_task, thread);
}

static void exceptions(void)
{
	const mach_port_t port = new_port();
	task_set_special_port(self_task, TASK_EXCEPTION_PORT, port);
	raises(divide, 0, EXC_ARITHMETIC, DIVISION_BY_ZERO, "a division by 0");
	for (unsigned i = 0; i < sizeof processor_exceptions / sizeof *processor_exceptions; i++)
		raises(processor_exceptions[i].body, processor_exceptions[i].argument, processor_exceptions[i].exception,
		       processor_exceptions[i].code, processor_exceptions[i].what);
	raises(touch, 0x10, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "an address without memory");
	claim(raised.subcode == 0x10, "and the address is told");
	raises(touch, KERNEL_ADDRESS, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "the kernel's memory");
	raises(kernel_jump, 0, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "a jump into the kernel");
	mach_port_t task, thread;
	const machine_thread_state_t bad = registers(undefined, 0);
	task_set_special_port(self_task, TASK_EXCEPTION_PORT, MACH_PORT_NULL);
	task_create(self_task, true, &task);
	thread_create(task, &thread);
	set_registers(thread, &bad);
	thread_resume(thread);
	wait_ms(50);
	claim(state_of(thread) == -1 && task_resume(task) != KERN_SUCCESS, "a task whose exception nobody wants is ended");
}

int main(int argc, char **argv)
{
	(void)argc, (void)argv;
	self_task = mach_task_self();
	host = mach_host_self();
	mach_port_t device_master;
	mach_privileged_ports(&host_priv, &device_master);
	traps();
	time_and_turns();
	stopping();
	aborting();
	ending();
	many();
	tasks();
	exceptions();
	claim(thread_wire(host_priv, mach_thread_self(), true) == KERN_SUCCESS &&
	      thread_wire(host_priv, mach_thread_self(), false) == KERN_SUCCESS, "a thread is wired, and not");
	claim(thread_wire(self_task, mach_thread_self(), true) != KERN_SUCCESS, "only with the host's port");
	exit(claims_end());
}
