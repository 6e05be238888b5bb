/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * External memory management, message by message (Y87 §3.4, §4, §6), from inside the kernel: this thread is the manager
 * of one object at a time, reads what the kernel tells it, and answers; a client thread touches the memory meanwhile.
 * A store is the default manager.  On the console: each claim as it has held, "managers: ok" or a panic.
 */
#include "store.h"
#include "base/console.h"
#include "base/memory.h"
#include "base/panic.h"
#include "ipc/ipc_space.h"
#include "ipc/mach_msg.h"
#include "kern/ipc_kobject.h"
#include "kern/startup.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "mach_port_server.h"
#include "mach_server.h"
#include "vm/memory_object.h"
#include "vm/vm_fault.h"
#include "vm/vm_kern.h"
#include "vm/vm_resident.h"

void bootstrap_main(int argc, char **argv);

enum { INIT = 2200, TERMINATE, COPY, DATA_REQUEST, DATA_UNLOCK, DATA_WRITE, LOCK_COMPLETED, SUPPLY_COMPLETED,
	DATA_RETURN, CHANGE_COMPLETED };
enum { BASE = 0x400000, PAGES = 64, SOON = 2000 /* ms */ };

static void must(bool condition, const char *claim)
{
	if (!condition) {
		console_string(claim);
		panic(" - is not so");
	}
}

static void holds(const char *claim)
{
	vm_page_check();
	console_string(claim);
	console_string("\n");
}

/* --- The client: one access at a time --- */

static vm_map_t map;
static struct thread *client;
static struct {
	enum { NOTHING, READ, WRITE } what;
	vm_offset_t address;
	natural_t word;
	kern_return_t result;
} job;

static void be_client(void *unused)
{
	(void)unused;
	for (;;) {
		while (job.what == NOTHING)
			thread_sleep(&job, false);
		job.result = job.what == READ ? copyinmap(map, job.address, &job.word, sizeof job.word)
		                              : copyoutmap(map, &job.word, job.address, sizeof job.word);
		job.what = NOTHING;
		thread_wakeup(&job.result);
	}
}

static void begin(int what, natural_t page, natural_t word)
{
	job.address = BASE + page * VM_PAGE_SIZE;
	job.word = word;
	job.what = what;
	thread_wakeup(&job);
}

static kern_return_t finished(void)
{
	while (job.what != NOTHING)
		thread_sleep(&job.result, false);
	return job.result;
}

/* The access needs no manager. */
static natural_t read_now(natural_t page)
{
	begin(READ, page, 0);
	must(finished() == KERN_SUCCESS, "a resident page can be read");
	return job.word;
}

static void write_now(natural_t page, natural_t word)
{
	begin(WRITE, page, word);
	must(finished() == KERN_SUCCESS, "a page can be written");
}

/* --- The manager's ports and messages --- */

static struct { mach_msg_header_t header; natural_t word[64]; } message;
static ipc_space_t space;
static mach_port_t name, control_name, completions_name;
static ipc_port_t port;                 /* a send right to the object */
static ipc_port_t control;              /* what its last init gave */

static bool receive(mach_port_t from, natural_t milliseconds)
{
	mach_msg_return_t result = mach_msg_trap(&message.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof message,
	                                         from, milliseconds, 0);
	must(result == MACH_MSG_SUCCESS || result == MACH_RCV_TIMED_OUT, "messages are received");
	return result == MACH_MSG_SUCCESS;
}

static void expect(int id, const char *claim)
{
	must(receive(name, SOON) && message.header.msgh_id == id, claim);
}

static void expect_silence(const char *claim) { must(!receive(name, 50), claim); }

static void new_port(void)
{
	must(mach_port_allocate(space, MACH_PORT_RIGHT_RECEIVE, &name) == KERN_SUCCESS, "there are ports");
	mach_port_set_qlimit(space, name, MACH_PORT_QLIMIT_MAX);
	port = ipc_port_translate_receive(space, name);
	ipc_port_make_send(port);
	ip_release(port);
}

static void map_object_at(vm_offset_t offset)
{
	vm_address_t address = BASE;
	ipc_port_t right = ipc_port_copy_send(port);
	must(vm_map(map, &address, PAGES * VM_PAGE_SIZE, 0, false, right, offset, false, VM_PROT_DEFAULT, VM_PROT_ALL,
	            VM_INHERIT_DEFAULT) == KERN_SUCCESS, "an object is mapped");
}

static void map_object(void) { map_object_at(0); }

static void unmap_object(void) { vm_map_remove(map, BASE, BASE + PAGES * VM_PAGE_SIZE); }

static void expect_init(void)
{
	expect(INIT, "the manager is told of the mapping (memory_object_init)");
	control_name = message.word[1];
	control = ipc_port_translate_send(space, control_name);
	must(control && message.word[5] == VM_PAGE_SIZE, "with the kernel's ports and page size");
}

static void expect_terminate(void)
{
	expect(TERMINATE, "the manager is told of the end (memory_object_terminate)");
	mach_port_mod_refs(space, message.word[1], MACH_PORT_RIGHT_RECEIVE, -1);
	mach_port_mod_refs(space, message.word[3], MACH_PORT_RIGHT_RECEIVE, -1);
	ip_release(control);
	control = NULL;
}

/* Calls on the control port, as mig's server makes them. */
static vm_object_t object(void)
{
	vm_object_t found = vm_object_lookup(control);
	must(found, "the control port stands for the object");
	return found;
}

static void provide(natural_t page, natural_t word, vm_prot_t lock, bool precious, ipc_port_t reply)
{
	static natural_t data[VM_PAGE_SIZE / 4];
	vm_map_copy_t copy;
	vm_object_t to = object();
	data[0] = word;
	vm_map_copyin_kernel(data, VM_PAGE_SIZE, &copy);
	must(memory_object_data_supply(to, page * VM_PAGE_SIZE, copy, VM_PAGE_SIZE, lock, precious, reply,
	                               MACH_MSG_TYPE_PORT_SEND_ONCE) == KERN_SUCCESS, "data is supplied");
	vm_object_deallocate(to);
}

static void lock_request(natural_t page, natural_t pages, memory_object_return_t should_return, bool flush,
                         vm_prot_t lock, ipc_port_t reply)
{
	vm_object_t of = object();
	must(memory_object_lock_request(of, page * VM_PAGE_SIZE, pages * VM_PAGE_SIZE, should_return, flush, lock,
	                                reply, MACH_MSG_TYPE_PORT_SEND_ONCE) == KERN_SUCCESS, "a lock request");
	vm_object_deallocate(of);
}

static void ready(bool may_cache, memory_object_copy_strategy_t strategy)
{
	vm_object_t of = object();
	must(memory_object_ready(of, may_cache, strategy) == KERN_SUCCESS, "a manager is ready");
	vm_object_deallocate(of);
}

static void expect_request(natural_t page, vm_prot_t access)
{
	expect(DATA_REQUEST, "the manager is asked for the page");
	must(message.word[3] == page * VM_PAGE_SIZE && message.word[5] == VM_PAGE_SIZE, "for that one");
	must((vm_prot_t)message.word[7] == access, "with the access that is wanted");
}

/* Data that comes back: its first word; the memory is let go. */
static natural_t expect_return(natural_t page, bool dirty, bool kernel_copy)
{
	expect(DATA_RETURN, "the page comes back (memory_object_data_return)");
	must(message.word[3] == page * VM_PAGE_SIZE, "that one");
	must(message.word[9] == dirty && message.word[11] == kernel_copy, "marked as what it is");
	const vm_offset_t data = message.word[7];
	const natural_t word = *(const natural_t *)(uintptr_t)data;
	vm_map_remove(kernel_map, data, data + VM_PAGE_SIZE);
	return word;
}

static ipc_port_t completion(void)
{
	ipc_port_t to = ipc_port_translate_receive(space, completions_name);
	ipc_port_make_sonce(to);
	ip_release(to);
	return to;
}

/* --- Claims --- */

static void data_and_locks(void)
{
	new_port();
	map_object();
	expect_init();
	begin(READ, 3, 0);
	expect_silence("nothing is asked before the manager is ready");
	ready(false, MEMORY_OBJECT_COPY_NONE);
	expect_request(3, VM_PROT_READ);
	provide(3, 333, VM_PROT_WRITE, false, IP_NULL);
	must(finished() == KERN_SUCCESS && job.word == 333, "what is provided is read");
	holds("data is asked for once, and only when it is touched");

	begin(WRITE, 3, 334);
	expect(DATA_UNLOCK, "a write to a page that is locked against it asks for its unlocking");
	must(message.word[3] == 3 * VM_PAGE_SIZE && ((vm_prot_t)message.word[7] & VM_PROT_WRITE), "of that page");
	expect_silence("once");
	lock_request(3, 1, MEMORY_OBJECT_RETURN_NONE, false, VM_PROT_NONE, IP_NULL);
	must(finished() == KERN_SUCCESS && read_now(3) == 334, "and goes on when it is unlocked");
	holds("locks hold threads until they are lifted");

	lock_request(0, PAGES, MEMORY_OBJECT_RETURN_DIRTY, false, VM_PROT_NO_CHANGE, completion());
	must(expect_return(3, true, true) == 334, "cleaning sends what was modified");
	must(receive(completions_name, SOON) && message.header.msgh_id == LOCK_COMPLETED, "and says when it is done");
	must(read_now(3) == 334, "the page stays");
	lock_request(0, PAGES, MEMORY_OBJECT_RETURN_DIRTY, false, VM_PROT_NO_CHANGE, IP_NULL);
	expect_silence("a clean page is not sent again");
	write_now(3, 335);
	lock_request(3, 1, MEMORY_OBJECT_RETURN_DIRTY, true, VM_PROT_NO_CHANGE, IP_NULL);
	must(expect_return(3, true, false) == 335, "flushing sends what was modified");
	begin(READ, 3, 0);
	expect_request(3, VM_PROT_READ);
	provide(3, 336, VM_PROT_NONE, true, IP_NULL);
	must(finished() == KERN_SUCCESS && job.word == 336, "a flushed page is asked for again");
	lock_request(3, 1, MEMORY_OBJECT_RETURN_ALL, true, VM_PROT_NO_CHANGE, IP_NULL);
	must(expect_return(3, false, false) == 336, "a precious page comes back though it is clean");
	holds("clean, flush, precious");

	unmap_object();
	expect_terminate();
	ipc_port_release_send(port);
	mach_port_mod_refs(space, name, MACH_PORT_RIGHT_RECEIVE, -1);
}

static void answers(void)
{
	new_port();
	map_object();
	expect_init();
	ready(false, MEMORY_OBJECT_COPY_NONE);
	begin(READ, 0, 1);
	expect_request(0, VM_PROT_READ);
	vm_object_t of = object();
	memory_object_data_unavailable(of, 0, VM_PAGE_SIZE);
	must(finished() == KERN_SUCCESS && job.word == 0, "a page that the manager has not is zeros");
	begin(READ, 1, 0);
	expect_request(1, VM_PROT_READ);
	memory_object_data_error(of, VM_PAGE_SIZE, VM_PAGE_SIZE, KERN_FAILURE);
	must(finished() == KERN_MEMORY_ERROR, "an error of the manager's is the thread's");
	vm_object_deallocate(of);
	begin(READ, 1, 0);
	expect_request(1, VM_PROT_READ);
	provide(1, 11, VM_PROT_NONE, false, completion());
	must(finished() == KERN_SUCCESS && job.word == 11, "the next access asks again");
	must(receive(completions_name, SOON) && message.header.msgh_id == SUPPLY_COMPLETED
	     && message.word[7] == KERN_SUCCESS, "supplying is answered");
	provide(1, 12, VM_PROT_NONE, false, completion());
	must(receive(completions_name, SOON) && (kern_return_t)message.word[7] == KERN_MEMORY_PRESENT,
	     "also that the page was there");
	must(read_now(1) == 11, "which stays as it is");
	provide(7, 77, VM_PROT_NONE, false, IP_NULL);
	must(read_now(7) == 77, "data that nobody asked for is taken");
	holds("unavailable, error, present, unasked");

	write_now(7, 78);
	unmap_object();
	must(expect_return(7, true, false) == 78, "what was modified comes back at the end");
	expect_terminate();
	holds("modified pages come back before the object ends");
	ipc_port_release_send(port);
	mach_port_mod_refs(space, name, MACH_PORT_RIGHT_RECEIVE, -1);
}

static void cache(void)
{
	new_port();
	map_object();
	expect_init();
	ready(true, MEMORY_OBJECT_COPY_DELAY);
	provide(5, 55, VM_PROT_NONE, false, IP_NULL);
	must(read_now(5) == 55, "read");
	unmap_object();
	expect_silence("an object that may be cached does not end");
	const integer_t hits = vm_stat.hits;
	map_object();
	expect_silence("and needs no init");
	must(read_now(5) == 55 && vm_stat.hits == hits + 1, "nor data");
	vm_object_t of = object();
	memory_object_change_attributes(of, false, MEMORY_OBJECT_COPY_DELAY, completion(),
	                                MACH_MSG_TYPE_PORT_SEND_ONCE);
	vm_object_deallocate(of);
	must(receive(completions_name, SOON) && message.header.msgh_id == CHANGE_COMPLETED, "attributes change");
	unmap_object();
	expect_terminate();
	map_object();
	expect_init();
	unmap_object();
	expect_terminate();
	holds("the cache of objects, and its end");
	ipc_port_release_send(port);
	mach_port_mod_refs(space, name, MACH_PORT_RIGHT_RECEIVE, -1);
}

/* Asymmetric copy: the copy keeps what was there; the object has the changes. */
static void delayed_copy(void)
{
	new_port();
	map_object();
	expect_init();
	ready(false, MEMORY_OBJECT_COPY_DELAY);
	provide(0, 100, VM_PROT_NONE, false, IP_NULL);
	write_now(0, 101);
	vm_map_copy_t copy;
	must(vm_map_copyin(map, BASE, 2 * VM_PAGE_SIZE, false, &copy) == KERN_SUCCESS, "a copy is made");
	expect_silence("of which the manager hears nothing");
	write_now(0, 102);
	vm_offset_t address;
	must(vm_map_copyout(map, &address, copy) == KERN_SUCCESS, "and mapped");
	natural_t word;
	must(copyinmap(map, address, &word, sizeof word) == KERN_SUCCESS && word == 101, "it has what was there");
	must(read_now(0) == 102, "the object has what was written");
	word = 103;
	must(copyoutmap(map, &word, address, sizeof word) == KERN_SUCCESS && read_now(0) == 102,
	     "and is not changed by it");
	provide(1, 110, VM_PROT_NONE, false, IP_NULL);
	must(copyinmap(map, address + VM_PAGE_SIZE, &word, sizeof word) == KERN_SUCCESS && word == 110,
	     "what neither has changed, both have");
	write_now(1, 111);
	must(copyinmap(map, address + VM_PAGE_SIZE, &word, sizeof word) == KERN_SUCCESS && word == 110,
	     "until one has");
	vm_map_remove(map, address, address + 2 * VM_PAGE_SIZE);
	unmap_object();
	for (natural_t i = 0; i < 2; i++)
		must(expect_return(i, true, false) == (i ? 111u : 102u), "the manager gets all changes");
	expect_terminate();
	holds("copies of an object whose manager sees all changes");
	ipc_port_release_send(port);
	mach_port_mod_refs(space, name, MACH_PORT_RIGHT_RECEIVE, -1);
}

static void failures(void)
{
	new_port();
	map_object();
	expect_init();
	ready(false, MEMORY_OBJECT_COPY_NONE);
	begin(READ, 0, 0);
	expect_request(0, VM_PROT_READ);
	thread_abort(client);
	must(finished() == KERN_ABORTED, "a thread that waits for a manager can be aborted");
	begin(READ, 0, 0);
	expect_silence("the page has been asked for");
	provide(0, 1, VM_PROT_NONE, false, IP_NULL);
	must(finished() == KERN_SUCCESS, "and may come late");
	begin(READ, 1, 0);
	expect_request(1, VM_PROT_READ);
	ip_release(control);
	ipc_port_release_send(port);
	mach_port_mod_refs(space, name, MACH_PORT_RIGHT_RECEIVE, -1);
	must(finished() == KERN_MEMORY_FAILURE, "who waits for a manager that dies has a memory failure");
	begin(READ, 2, 0);
	must(finished() == KERN_MEMORY_FAILURE, "and so has who comes later");
	must(read_now(0) == 1, "what is there can be read");
	unmap_object();

	new_port();
	map_object();
	expect_init();
	ready(false, MEMORY_OBJECT_COPY_NONE);
	begin(WRITE, 0, 0);
	expect_request(0, VM_PROT_WRITE);
	vm_object_t of = object();
	memory_object_destroy(of, KERN_FAILURE);
	vm_object_deallocate(of);
	expect_terminate();
	must(finished() == KERN_MEMORY_FAILURE, "a manager may let go of its object");
	unmap_object();
	expect_silence("and hears no more of it");
	holds("managers that do not answer, die, or let go");
	ipc_port_release_send(port);
	mach_port_mod_refs(space, name, MACH_PORT_RIGHT_RECEIVE, -1);
}

/* More memory than there is, written and read; downwards, so that no page goes sooner for being the one behind. */
static void use_memory(const char *claim)
{
	enum { WASTE = 1024 };
	vm_offset_t waste = BASE + PAGES * VM_PAGE_SIZE;
	must(vm_map_enter(map, &waste, WASTE * VM_PAGE_SIZE, 0, false, VM_OBJECT_NULL, 0, false, VM_PROT_DEFAULT,
	                  VM_PROT_ALL, VM_INHERIT_DEFAULT) == KERN_SUCCESS, "memory is allocated");
	for (natural_t i = WASTE; i-- > 0;)
		must(copyoutmap(map, &i, waste + i * VM_PAGE_SIZE, sizeof i) == KERN_SUCCESS, "all memory is used");
	for (natural_t i = 0; i < WASTE; i++) {
		natural_t word;
		must(copyinmap(map, waste + i * VM_PAGE_SIZE, &word, sizeof word) == KERN_SUCCESS && word == i, claim);
	}
	vm_map_remove(map, waste, waste + WASTE * VM_PAGE_SIZE);
}

/* Somebody has all the ports that there are. */
static void without_ports(void)
{
	static ipc_port_t all[10000];
	natural_t n = 0;
	while (n < sizeof all / sizeof *all && (all[n] = ipc_port_alloc_kernel()))
		n++;
	must(n < sizeof all / sizeof *all, "ports end");
	const natural_t created = told.created;
	use_memory("memory is paged without ports");
	must(told.created > created, "for which the kernel had some left");
	while (n > 0)
		ipc_port_dealloc_kernel(all[--n]);
	holds("memory is paged when all ports are taken");
}

/* GD91 §3, Y87 §6.2.2: pages that were sent and are not freed go to the default manager, and come back from there. */
static void hoarder(void)
{
	enum { HOARD = 48 };
	static vm_offset_t kept[HOARD];
	new_port();
	map_object();
	expect_init();
	ready(false, MEMORY_OBJECT_COPY_NONE);
	for (natural_t i = 0; i < HOARD; i++) {
		provide(i, 0, VM_PROT_NONE, false, IP_NULL);
		write_now(i, 1000 + i);
		lock_request(i, 1, MEMORY_OBJECT_RETURN_DIRTY, true, VM_PROT_NO_CHANGE, IP_NULL);
		expect(DATA_RETURN, "pages are sent");
		kept[i] = message.word[7];
	}
	const natural_t writes = told.writes;
	use_memory("nothing is lost");
	must(told.writes > writes, "and paged out");
	natural_t paged = 0;
	for (natural_t i = 0; i < HOARD; i++) {
		paged += pmap_extract(kernel_pmap, kept[i]) == 0;
		must(*(natural_t *)(uintptr_t)kept[i] == 1000 + i, "what the manager keeps has not changed");
		vm_map_remove(kernel_map, kept[i], kept[i] + VM_PAGE_SIZE);
	}
	must(paged > 0, "what a manager keeps is paged out like all memory");
	unmap_object();
	expect_terminate();
	holds("pages that a manager does not free go to the default manager");
	ipc_port_release_send(port);
	mach_port_mod_refs(space, name, MACH_PORT_RIGHT_RECEIVE, -1);
}

/* Wired while it may only be read, and written to later: it is still the same page that is unwired. */
static void wired_copy(void)
{
	vm_offset_t address = BASE;
	natural_t word = 5;
	must(vm_map_enter(map, &address, 4 * VM_PAGE_SIZE, 0, false, VM_OBJECT_NULL, 0, false, VM_PROT_DEFAULT,
	                  VM_PROT_ALL, VM_INHERIT_DEFAULT) == KERN_SUCCESS, "memory is allocated");
	for (natural_t i = 0; i < 4; i++)
		write_now(i, 50 + i);
	vm_map_t child = vm_map_fork(map);
	must(copyoutmap(child, &word, BASE + 3 * VM_PAGE_SIZE, sizeof word) == KERN_SUCCESS, "a child writes");
	const vm_offset_t end = BASE + 2 * VM_PAGE_SIZE;
	must(vm_map_protect(child, BASE, end, VM_PROT_READ, false) == KERN_SUCCESS, "what may be read only");
	must(vm_map_pageable(child, BASE, end, VM_PROT_READ, true) == KERN_SUCCESS, "is wired");
	must(vm_map_protect(child, BASE, end, VM_PROT_DEFAULT, false) == KERN_SUCCESS, "and may be written");
	must(copyoutmap(child, &word, BASE, sizeof word) == KERN_SUCCESS, "and is");
	vm_page_check();
	must(vm_map_pageable(child, BASE, end, VM_PROT_NONE, true) == KERN_SUCCESS, "and unwired");
	must(read_now(0) == 50 && copyinmap(child, BASE, &word, sizeof word) == KERN_SUCCESS && word == 5,
	     "parent and child have their own");
	vm_map_deallocate(child);
	vm_map_remove(map, BASE, BASE + 4 * VM_PAGE_SIZE);
	holds("a wired page is its task's own");
}

/* A copy so large that the kernel does not remember which pages its manager has: what is pushed there is offered. */
static void large_copy(void)
{
	enum { FIRST = (64 << 20) / VM_PAGE_SIZE };
	new_port();
	map_object_at(FIRST * VM_PAGE_SIZE);
	expect_init();
	ready(false, MEMORY_OBJECT_COPY_DELAY);
	provide(FIRST, 10, VM_PROT_NONE, false, IP_NULL);
	vm_map_copy_t copy;
	must(vm_map_copyin(map, BASE, 3 * VM_PAGE_SIZE, false, &copy) == KERN_SUCCESS, "a copy is made");
	write_now(0, 11);
	const natural_t created = told.created, offered = told.initializations;
	use_memory("memory is used up");
	must(told.created > created, "the copy has a manager");
	must(expect_return(FIRST, true, false) == 11, "the object's change has been paged out");
	begin(WRITE, 1, 21);
	expect_request(FIRST + 1, VM_PROT_WRITE);
	provide(FIRST + 1, 20, VM_PROT_NONE, false, IP_NULL);
	must(finished() == KERN_SUCCESS, "another page changes");
	vm_offset_t address;
	must(vm_map_copyout(map, &address, copy) == KERN_SUCCESS, "the copy is mapped");
	for (natural_t i = 0; i < 2; i++) {
		natural_t word;
		must(copyinmap(map, address + i * VM_PAGE_SIZE, &word, sizeof word) == KERN_SUCCESS
		     && word == (i ? 20u : 10u), "it has what was there");
	}
	must(told.initializations == offered + 1, "by memory_object_data_initialize");
	vm_map_remove(map, address, address + 3 * VM_PAGE_SIZE);
	unmap_object();
	must(expect_return(FIRST + 1, true, false) == 21, "the object has its change");
	expect_terminate();
	holds("what is pushed to a copy whose manager may know better");
	ipc_port_release_send(port);
	mach_port_mod_refs(space, name, MACH_PORT_RIGHT_RECEIVE, -1);
}

void bootstrap_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	space = current_task()->itk_space;
	start_manager();
	must(mach_port_allocate(space, MACH_PORT_RIGHT_RECEIVE, &completions_name) == KERN_SUCCESS, "ports");
	map = vm_map_create(pmap_create(), BASE, BASE + (1u << 26));
	client = kernel_thread(current_task(), "client", be_client, NULL);
	vm_page_withhold(300);
	data_and_locks();
	answers();
	cache();
	delayed_copy();
	failures();
	hoarder();
	large_copy();
	wired_copy();
	without_ports();
	vm_map_deallocate(map);
	for (natural_t i = 0; i < 1000 && told.created != told.terminated; i++)
		thread_block(NULL);
	vm_page_check();
	must(vm_page_active_count + vm_page_inactive_count == 0 && told.stored == 0, "nothing is left");
	finish("managers: ok\n");
}
