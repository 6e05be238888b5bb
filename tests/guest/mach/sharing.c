/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What copies, sharing by inheritance, wiring and mapping mean (Y87 §3.3, §5.1; GD91 §5.1), seen by two tasks that take
 * turns.
 */
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/y87.h"

enum { PAGE = 4096, OK = KERN_SUCCESS, ADDRESS = KERN_INVALID_ADDRESS, RW = VM_PROT_DEFAULT, R = VM_PROT_READ,
       NONE = VM_PROT_NONE };

static mach_port_t self, host_priv;

static natural_t *fresh(unsigned pages)
{
	vm_address_t address;
	vm_allocate(self, &address, pages * PAGE, true);
	return (natural_t *)address;
}

enum { WORDS = PAGE / 4 };

static void copies(void)
{
	natural_t *a = fresh(4), *b = fresh(4);
	a[0] = 1;
	a[WORDS] = 2;
	claim(vm_copy(self, (vm_address_t)a, 2 * PAGE, (vm_address_t)b) == OK && b[0] == 1 && b[WORDS] == 2,
	      "a copy has the contents");
	a[0] = 3;
	b[WORDS] = 4;
	claim(b[0] == 1 && a[WORDS] == 2, "and is changed by neither side's writes to its own");
	claim(vm_copy(self, (vm_address_t)b, 2 * PAGE, (vm_address_t)a) == OK && a[0] == 1 && a[WORDS] == 4, "nor back");
	a[2 * WORDS] = 5;
	claim(vm_copy(self, (vm_address_t)a, 3 * PAGE, (vm_address_t)(a + WORDS)) == OK && a[0] == 1 && a[WORDS] == 1 &&
	      a[2 * WORDS] == 4 && a[3 * WORDS] == 5, "a copy over itself is of what was there before");
	vm_offset_t got;
	mach_msg_type_number_t bytes;
	claim(vm_read(self, (vm_address_t)a, 4 * PAGE, &got, &bytes) == OK && bytes == 4 * PAGE &&
	      ((natural_t *)got)[3 * WORDS] == 5, "vm_read of its own memory");
	a[3 * WORDS] = 6;
	claim(((natural_t *)got)[3 * WORDS] == 5, "is of the time of the call");
	claim(vm_write(self, (vm_address_t)b, got, bytes) == OK && b[3 * WORDS] == 5, "and can be written");
	vm_deallocate(self, got, bytes);
	claim(b[3 * WORDS] == 5, "and stays when it is given back");
	vm_deallocate(self, (vm_address_t)a, 4 * PAGE);
	vm_deallocate(self, (vm_address_t)b, 4 * PAGE);
}

/* Parent and child take turns by a word that they share. */
static volatile natural_t *turn;
static natural_t *kept, *shared, *hidden;

static void wait_for_turn(natural_t number)
{
	while (*turn != number)
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 10);
}

static void child(void *unused)
{
	(void)unused;
	turn[4] = vm_protect(mach_task_self(), (vm_address_t)hidden, PAGE, false, R) == ADDRESS;
	natural_t *page = fresh(1);
	turn[1] = kept[0] == 10 && shared[0] == 20;
	kept[0] = 11;
	shared[0] = 21;
	*turn = 1;
	wait_for_turn(2);
	turn[2] = shared[0] == 22 && kept[0] == 11;
	page[0] = 23;
	turn[3] = vm_write(mach_task_self(), (vm_address_t)shared, (vm_address_t)page, PAGE) == OK && shared[0] == 23;
	*turn = 3;
	wait_for_turn(4);
	turn[5] = shared[0] == 24 && shared[WORDS] == 25;
	*turn = 5;
	wait_for_turn(6);
}

static void sharing(void)
{
	mach_port_t task;
	vm_size_t size;
	vm_prot_t protection, most;
	vm_inherit_t inheritance;
	bool is_shared;
	mach_port_t name;
	vm_offset_t offset;
	turn = fresh(1);
	kept = fresh(1);
	shared = fresh(2);
	hidden = fresh(1);
	vm_inherit(self, (vm_address_t)turn, PAGE, VM_INHERIT_SHARE);
	vm_inherit(self, (vm_address_t)shared, 2 * PAGE, VM_INHERIT_SHARE);
	vm_inherit(self, (vm_address_t)hidden, PAGE, VM_INHERIT_NONE);
	kept[0] = 10;
	shared[0] = 20;
	hidden[0] = 30;
	claim(task_fork(child, NULL, &task) == OK, "a task with this one's memory");
	wait_for_turn(1);
	claim(turn[1], "finds what it inherits");
	claim(kept[0] == 10 && shared[0] == 21, "and writes to its copy, and to what is shared");
	vm_address_t address = (vm_address_t)shared;
	claim(vm_region(self, &address, &size, &protection, &most, &inheritance, &is_shared, &name, &offset) == OK &&
	      is_shared && inheritance == VM_INHERIT_SHARE, "vm_region says that it is shared");
	kept[0] = 12;
	shared[0] = 22;
	*turn = 2;
	wait_for_turn(3);
	claim(turn[2], "writes are seen the other way round, too");
	claim(turn[3] && shared[0] == 23, "vm_write by one is seen by both (Y87 §5.1)");
	claim(turn[4], "what is not inherited is not there");
	natural_t *page = fresh(2);
	page[0] = 24;
	page[WORDS] = 25;
	claim(vm_copy(self, (vm_address_t)page, 2 * PAGE, (vm_address_t)shared) == OK, "vm_copy over what is shared");
	page[0] = 99;
	*turn = 4;
	wait_for_turn(5);
	claim(turn[5], "is seen by both");
	claim(vm_wire(host_priv, self, (vm_address_t)shared, 2 * PAGE, RW) == OK && shared[0] == 24, "it can be wired");
	page[0] = 26;
	claim(vm_write(self, (vm_address_t)shared, (vm_address_t)page, 2 * PAGE) == OK && shared[0] == 26,
	      "and written over while it is");
	claim(vm_wire(host_priv, self, (vm_address_t)shared, 2 * PAGE, NONE) == OK, "and be wired no more");
	*turn = 6;
	vm_deallocate(self, (vm_address_t)page, 2 * PAGE);
	vm_deallocate(self, (vm_address_t)shared, 2 * PAGE);
	mach_port_deallocate(self, task);
}

/* --- A manager's object that is mapped, not inherited (Y87 §5.1) --- */

static volatile natural_t managers_writes, managers_unlocks;
enum { FROM_MANAGER = 40 };

kern_return_t pager_init(mach_port_t object, mach_port_t request, mach_port_t name)
{
	(void)object, (void)request, (void)name;
	return KERN_SUCCESS;
}

kern_return_t pager_data_request(mach_port_t object, mach_port_t request, vm_offset_t offset, vm_size_t length,
                                 vm_prot_t access)
{
	natural_t *page = fresh(1);
	(void)object, (void)length, (void)access;
	page[0] = FROM_MANAGER + offset / PAGE;
	return pager_data_provided(request, offset, (vm_offset_t)page, PAGE, VM_PROT_NONE);
}

kern_return_t pager_data_write(mach_port_t object, vm_offset_t offset, vm_offset_t bytes, vm_size_t count)
{
	(void)object, (void)offset;
	managers_writes++;
	return vm_deallocate(self, bytes, count);
}

kern_return_t pager_data_unlock(mach_port_t object, mach_port_t request, vm_offset_t offset, vm_size_t length,
                                vm_prot_t access)
{
	(void)object, (void)request, (void)offset, (void)length, (void)access;
	managers_unlocks++;
	return KERN_SUCCESS;
}

kern_return_t pager_create(mach_port_t old, mach_port_t object, mach_port_t request, mach_port_t name)
{
	(void)old, (void)object, (void)request, (void)name;
	return KERN_FAILURE;
}

kern_return_t pager_terminate(mach_port_t object, mach_port_t request, mach_port_t name)
{
	(void)object, (void)request, (void)name;
	return KERN_SUCCESS;
}

static mach_port_t managed;

static void *manage(void *unused)
{
	mach_msg_server(pager_server, 512, managed);
	return unused;
}

static natural_t *map_managed(void)
{
	vm_address_t address = 0;
	vm_map(self, &address, 2 * PAGE, 0, true, managed, 0, false, RW, RW, VM_INHERIT_COPY);
	return (natural_t *)address;
}

static void mapping(void)
{
	mach_port_allocate_send(&managed);
	cthread_detach(cthread_fork(manage, NULL));
	natural_t *a = map_managed(), *b = map_managed(), *page = fresh(1), *copy = fresh(2);
	claim(a[0] == FROM_MANAGER && b[WORDS] == FROM_MANAGER + 1, "a manager's object is mapped twice");
	a[0] = 50;
	claim(b[0] == 50, "what is written to one mapping is in the other");
	claim(vm_copy(self, (vm_address_t)a, 2 * PAGE, (vm_address_t)copy) == OK && copy[0] == 50, "it can be copied");
	copy[0] = 51;
	b[0] = 52;
	claim(a[0] == 52 && copy[0] == 51, "and the copy is apart");
	page[0] = 60;
	claim(vm_write(self, (vm_address_t)a, (vm_address_t)page, PAGE) == OK && a[0] == 60 && b[0] == 52,
	      "vm_write over one mapping replaces it");
	a[0] = 61;
	claim(a[0] == 61 && b[0] == 52 && a[WORDS] == FROM_MANAGER + 1 && managers_writes == 0,
	      "it is the manager's no more, the rest of it is");
	vm_deallocate(self, (vm_address_t)a, 2 * PAGE);
	vm_deallocate(self, (vm_address_t)b, 2 * PAGE);
	thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 50);
	claim(managers_writes == 0, "a copy keeps it");
	vm_deallocate(self, (vm_address_t)copy, 2 * PAGE);
	for (unsigned i = 0; managers_writes == 0 && i < 100; i++)
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 10);
	claim(managers_writes == 1 && managers_unlocks == 0, "when nobody has it, its manager gets what was written to it");
	vm_deallocate(self, (vm_address_t)page, PAGE);
}

/* --- A manager that never answers (Y87 §6.1) --- */

static vm_address_t unanswered;

static void ask(void *unused)
{
	vm_offset_t got;
	mach_msg_type_number_t bytes;
	(void)unused;
	*turn = 1;
	turn[1] = (natural_t)vm_copy(mach_task_self(), unanswered, PAGE, (vm_address_t)kept);
	*turn = 2;
	turn[2] = (natural_t)vm_read(mach_task_self(), unanswered, PAGE, &got, &bytes);
	*turn = 3;
	(void)*(volatile natural_t *)unanswered;
	*turn = 4;
}

/* Ends the wait of the task's only thread. */
static void abort_it(mach_port_t task, natural_t when)
{
	mach_port_array_t threads;
	mach_msg_type_number_t count;
	wait_for_turn(when);
	thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 50);
	if (task_threads(task, &threads, &count) != KERN_SUCCESS || count != 1)
		return;
	thread_abort(threads[0]);
	mach_port_deallocate(self, threads[0]);
	vm_deallocate(self, (vm_address_t)threads, PAGE);
}

static void waiting_ends(void)
{
	mach_port_t object, task;
	kept = fresh(1);
	turn[0] = 0;
	mach_port_allocate_send(&object);
	vm_map(self, &unanswered, PAGE, 0, true, object, 0, false, RW, RW, VM_INHERIT_SHARE);
	claim(task_fork(ask, NULL, &task) == OK, "a task with a manager's memory");
	abort_it(task, 1);
	wait_for_turn(2);
	claim((kern_return_t)turn[1] == KERN_ABORTED, "vm_copy of what a manager does not give can be aborted");
	abort_it(task, 2);
	wait_for_turn(3);
	claim((kern_return_t)turn[2] == KERN_ABORTED, "vm_read, too");
	thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 50);
	claim(task_terminate(task) == OK && *turn == 3, "and who faults on it can be ended");
	mach_port_deallocate(self, task);
	vm_deallocate(self, unanswered, PAGE);
}

static integer_t wired_pages(void)
{
	vm_statistics_data_t statistics;
	vm_statistics(self, &statistics);
	return statistics.wire_count;
}

/* Whether so many pages more are wired than before, but for the few that the kernel takes and gives back by itself. */
static bool more_wired(integer_t before, integer_t pages)
{
	enum { KERNEL = 6 };
	const integer_t more = wired_pages() - before;
	return more >= pages - KERNEL && more <= pages + KERNEL;
}

static void wiring(void)
{
	enum { MANY = 32, BYTES = MANY * PAGE };
	natural_t *a = fresh(MANY);
	const integer_t before = wired_pages();
	a[0] = 7;
	claim(vm_wire(host_priv, self, (vm_address_t)a, BYTES, RW) == OK && more_wired(before, MANY),
	      "vm_wire wires each page");
	claim(vm_wire(host_priv, self, (vm_address_t)a, BYTES, RW) == OK && more_wired(before, MANY), "once");
	claim(vm_wire(host_priv, self, (vm_address_t)a, BYTES, NONE) == OK && more_wired(before, MANY),
	      "what was wired twice is wired until it was unwired twice");
	claim(vm_wire(host_priv, self, (vm_address_t)a, BYTES, NONE) == OK && more_wired(before, 0) && a[0] == 7,
	      "and then no more");
	vm_wire(host_priv, self, (vm_address_t)a, BYTES, R);
	claim(vm_deallocate(self, (vm_address_t)a, BYTES) == OK && more_wired(before, 0),
	      "wired memory that is deallocated is wired no more");
	natural_t *b = fresh(MANY), *c = fresh(MANY);
	b[0] = 1;
	vm_copy(self, (vm_address_t)b, BYTES, (vm_address_t)c);
	vm_protect(self, (vm_address_t)c, BYTES, false, R);
	claim(vm_wire(host_priv, self, (vm_address_t)c, BYTES, R) == OK && c[0] == 1 && more_wired(before, MANY),
	      "a copy that can only be read is wired");
	vm_protect(self, (vm_address_t)c, BYTES, false, RW);
	c[0] = 2;
	claim(b[0] == 1 && c[0] == 2, "and is its own when it may be written");
	claim(vm_wire(host_priv, self, (vm_address_t)c, BYTES, NONE) == OK && more_wired(before, 0), "and unwired");
	vm_deallocate(self, (vm_address_t)b, BYTES);
	vm_deallocate(self, (vm_address_t)c, BYTES);
}

int main(int argc, char **argv)
{
	mach_port_t device_master;
	(void)argc, (void)argv;
	self = mach_task_self();
	mach_privileged_ports(&host_priv, &device_master);
	copies();
	sharing();
	waiting_ends();
	wiring();
	mapping();
	exit(claims_end());
}
