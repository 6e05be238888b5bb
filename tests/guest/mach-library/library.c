/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims of Mach's user library: threads and locks, memory, messages by stubs, tasks.  The first server of the run.
 */
#include "mach/vm_param.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"
#include "tests/guest/mach-library/claims.h"

/* ---- threads ---- */

static void *square(void *argument)
{
	const uintptr_t number = (uintptr_t)argument;

	return (void *)(number * number);
}

static void claim_fork_and_join(void)
{
	enum { THREADS = 6 };
	cthread_t thread[THREADS];
	bool right = true;

	for (uintptr_t i = 0; i < THREADS; i++)
		thread[i] = cthread_fork(square, (void *)i);
	for (uintptr_t i = 0; i < THREADS; i++)
		right &= (uintptr_t)cthread_join(thread[i]) == i * i;
	claim(right, "threads' results are what they returned");
}

static void *leave_early(void *argument)
{
	cthread_exit(argument);
}

static void *is_self(void *argument)
{
	return (void *)(uintptr_t)(cthread_self() != argument && cthread_port() != MACH_PORT_NULL);
}

static void claim_exit_and_reuse(void)
{
	const vm_size_t before = malloc_total;
	mach_msg_type_number_t count;
	mach_port_array_t list;
	bool right = true;

	for (uintptr_t i = 1; i < 20; i++)
		right &= (uintptr_t)cthread_join(cthread_fork(leave_early, (void *)i)) == i;
	claim(right, "cthread_exit ends a thread with a result");
	claim(task_threads(mach_task_self(), &list, &count) == KERN_SUCCESS && count <= 7 && malloc_total == before,
	      "threads whose work is done take new work");
	for (natural_t i = 0; i < count; i++)
		(void)mach_port_deallocate(mach_task_self(), list[i]);
	(void)vm_deallocate(mach_task_self(), (vm_offset_t)(uintptr_t)list, count * sizeof(*list));
	claim(cthread_join(cthread_fork(is_self, cthread_self())) != NULL, "each thread is itself");
}

/* ---- locks ---- */

static struct {
	struct mutex lock;
	volatile natural_t inside, sum;
	bool overlapped;
} shop;

/* Leaves the processor in the middle: whoever was let in meanwhile would be seen. */
static void *visit(void *argument)
{
	for (natural_t i = 0; i < 20; i++) {
		natural_t seen;

		mutex_lock(&shop.lock);
		shop.overlapped |= ++shop.inside != 1;
		seen = shop.sum;
		if ((i & 3) == (natural_t)(uintptr_t)argument % 4)
			cthread_yield();
		shop.sum = seen + 1;
		shop.inside--;
		mutex_unlock(&shop.lock);
		if ((i & 1) != 0)
			cthread_yield();
	}
	return NULL;
}

static void claim_mutual_exclusion(void)
{
	enum { THREADS = 5 };
	cthread_t thread[THREADS];

	mutex_init(&shop.lock);
	for (uintptr_t i = 0; i < THREADS; i++)
		thread[i] = cthread_fork(visit, (void *)i);
	for (unsigned i = 0; i < THREADS; i++)
		(void)cthread_join(thread[i]);
	claim(!shop.overlapped && shop.sum == THREADS * 20, "one thread at a time holds a mutex (sum %u)", shop.sum);
	claim(mutex_try_lock(&shop.lock) && !mutex_try_lock(&shop.lock), "mutex_try_lock does not wait");
	mutex_unlock(&shop.lock);
	claim(shop.lock.held == 0 && shop.lock.waiters.first == NULL, "nobody is left waiting for a mutex");
}

static struct {
	struct mutex lock;
	struct condition filled, emptied;
	natural_t slot;
	bool full;
} box;

static void *produce(void *argument)
{
	for (natural_t i = 1; i <= (natural_t)(uintptr_t)argument; i++) {
		mutex_lock(&box.lock);
		while (box.full)
			condition_wait(&box.emptied, &box.lock);
		box.slot = i;
		box.full = true;
		condition_signal(&box.filled);
		mutex_unlock(&box.lock);
	}
	return NULL;
}

static natural_t consume(void)
{
	natural_t got;

	mutex_lock(&box.lock);
	while (!box.full)
		condition_wait(&box.filled, &box.lock);
	got = box.slot;
	box.full = false;
	condition_signal(&box.emptied);
	mutex_unlock(&box.lock);
	return got;
}

static void claim_conditions(void)
{
	cthread_t producer = cthread_fork(produce, (void *)30);
	bool right = true;

	for (natural_t i = 1; i <= 30; i++)
		right &= consume() == i;
	(void)cthread_join(producer);
	claim(right, "what one thread puts into a box of one place, another gets in order");
}

static struct {
	struct mutex lock;
	struct condition open;
	bool opened;
	natural_t through;
} gate;

static void *pass_gate(void *argument)
{
	mutex_lock(&gate.lock);
	while (!gate.opened)
		condition_wait(&gate.open, &gate.lock);
	gate.through++;
	mutex_unlock(&gate.lock);
	return argument;
}

static void claim_broadcast(void)
{
	cthread_t thread[4];

	for (unsigned i = 0; i < 4; i++)
		thread[i] = cthread_fork(pass_gate, NULL);
	cthread_yield();
	mutex_lock(&gate.lock);
	gate.opened = true;
	condition_broadcast(&gate.open);
	mutex_unlock(&gate.lock);
	for (unsigned i = 0; i < 4; i++)
		(void)cthread_join(thread[i]);
	claim(gate.through == 4, "a broadcast wakes all who wait");
}

/* ---- interruptions ---- */

static struct {
	mach_port_t port, thread;
	mach_msg_option_t option;
} patient;

static void *wait_for_message(void *argument)
{
	mach_msg_header_t message = { 0 };
	mach_msg_return_t result;

	(void)argument;
	patient.thread = cthread_port();
	result = mach_msg(&message, MACH_RCV_MSG | patient.option, 0, sizeof(message), patient.port, 0, MACH_PORT_NULL);
	return (void *)(uintptr_t)(result == MACH_MSG_SUCCESS ? (mach_msg_return_t)message.msgh_id : result);
}

/* What a thread gets that waits, is interrupted, and is sent a message. */
static natural_t interrupt(mach_msg_option_t option)
{
	mach_msg_header_t message = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0), .msgh_id = 33 };
	cthread_t thread;

	(void)mach_port_allocate_send(&patient.port);
	patient.thread = MACH_PORT_NULL;
	patient.option = option;
	thread = cthread_fork(wait_for_message, NULL);
	(void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 50);
	(void)thread_abort(patient.thread);
	(void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 50);
	message.msgh_remote_port = patient.port;
	(void)mach_msg(&message, MACH_SEND_MSG, sizeof(message), 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
	return (natural_t)(uintptr_t)cthread_join(thread);
}

static void claim_interruptions(void)
{
	claim(interrupt(MACH_MSG_OPTION_NONE) == 33, "a receive that is interrupted goes on");
	claim(interrupt(MACH_RCV_INTERRUPT) == MACH_RCV_INTERRUPTED, "unless the caller wants to be told");
}

/* ---- memory ---- */

static natural_t next_random(natural_t *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 8;
}

static void claim_malloc(void)
{
	enum { PIECES = 40, STEPS = 600 };
	static struct {
		unsigned char *at;
		vm_size_t size;
	} piece[PIECES];
	natural_t state = 1;
	bool whole = true, aligned = true;

	for (natural_t step = 0; step < STEPS; step++) {
		const natural_t i = next_random(&state) % PIECES;

		for (vm_size_t k = 0; k < piece[i].size; k++)
			whole &= piece[i].at[k] == (unsigned char)i;
		free(piece[i].at);
		piece[i].size = next_random(&state) % (next_random(&state) % 8 == 0 ? 9000 : 200);
		piece[i].at = malloc(piece[i].size);
		aligned &= ((uintptr_t)piece[i].at & 7) == 0 && piece[i].at != NULL;
		memset(piece[i].at, (int)i, piece[i].size);
	}
	claim(whole, "pieces of memory keep what is in them");
	claim(aligned, "pieces of memory are there, and aligned");
	for (natural_t i = 0; i < PIECES; i++) {
		free(piece[i].at);
		piece[i].at = NULL;
	}
	claim(malloc((vm_size_t)-4) == NULL && malloc(VM_MAX_ADDRESS - 0x10000) == NULL, "there is no memory of gigabytes");
}

static void claim_wired_memory(void)
{
	mach_port_t host_priv, device_master;
	vm_offset_t address;
	struct vm_statistics before, after;

	claim(mach_privileged_ports(&host_priv, &device_master) == KERN_SUCCESS, "the first server has the host's ports");
	memory_wire(host_priv);
	(void)vm_statistics(mach_task_self(), &before);
	claim(memory_allocate(&address, 3 * VM_PAGE_SIZE, 4 * VM_PAGE_SIZE - 1) == KERN_SUCCESS &&
	      (address & (4 * VM_PAGE_SIZE - 1)) == 0, "memory comes with the alignment that is asked for");
	(void)vm_statistics(mach_task_self(), &after);
	claim(after.wire_count >= before.wire_count + 3, "memory_wire: three pages more are wired");
	memory_wire(MACH_PORT_NULL);
	(void)vm_deallocate(mach_task_self(), address, 3 * VM_PAGE_SIZE);
	(void)vm_statistics(mach_task_self(), &after);
	claim(after.wire_count <= before.wire_count + 1, "and none is, once they are gone");
}

/* ---- tasks ---- */

static volatile natural_t shared_word;

static void child(void *argument)
{
	mach_port_array_t ports;
	mach_msg_type_number_t count;
	mach_msg_header_t message = {
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
		.msgh_id = (mach_msg_id_t)(uintptr_t)argument + (mach_msg_id_t)shared_word,
	};

	shared_word = 99;
	if (mach_ports_lookup(mach_task_self(), &ports, &count) == KERN_SUCCESS && count >= 1) {
		message.msgh_remote_port = ports[0];
		(void)mach_msg(&message, MACH_SEND_MSG, sizeof(message), 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
	}
}

static void claim_task_fork(void)
{
	struct { mach_msg_header_t head; natural_t room[8]; } message;
	mach_port_t port, task;

	shared_word = 7;
	(void)mach_port_allocate_send(&port);
	claim(mach_ports_register(mach_task_self(), &port, 1) == KERN_SUCCESS, "a port is handed down to children");
	claim(task_fork(child, (void *)1000, &task) == KERN_SUCCESS, "a task is made of this one");
	claim(mach_msg(&message.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(message), port, 5000,
	               MACH_PORT_NULL) == MACH_MSG_SUCCESS && message.head.msgh_id == 1007,
	      "the child has the parent's memory, and a way to it");
	claim(shared_word == 7, "what the child writes stays its own");
	claim_death(task, "a child ends when its function returns");
}

int main(int argc, char **argv)
{
	claim(argc >= 1 && argv[argc] == NULL, "a program has a name");
	claim_fork_and_join();
	claim_exit_and_reuse();
	claim_mutual_exclusion();
	claim_conditions();
	claim_broadcast();
	claim_interruptions();
	claim_malloc();
	claim_wired_memory();
	claim_task_fork();
	return claims_end();
}
