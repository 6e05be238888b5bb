/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The soak: for so many seconds of the machine several tasks make random calls on memory and send each other messages
 * (soak.h says who they are); each byte that they see is compared with a model of what it must be.  More memory is used
 * than there is.  In the end all of it is free again: memory, and paging space.
 *
 * Arguments: seed=N (1), seconds=N (4), worlds=N (3): each world is a model with four tasks.
 */
#include "default_pager_user.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/print.h"
#include "scenarios/programs/mach/arguments.h"
#include "scenarios/programs/mach/soak/soak.h"

/* Pages: what tables keep, the default pager's among them, once they have been larger than ever before. */
enum { MOST_LOST = 64, MOST_PAGES = 4096, SETTLE_MS = 2000 };

struct soak_options soak_options;
static mach_port_t host_priv, pager, service;
static natural_t state;

/* --- What all tasks use --- */

void soak_seed(natural_t seed) { state = seed * 2654435761u + 1; }

natural_t soak_below(natural_t n)
{
	state = state * 1664525u + 1013904223u;
	return (natural_t)((uint64_t)state * n >> 32);
}

mach_msg_return_t soak_send(mach_msg_header_t *message, mach_msg_size_t size)
{
	enum { LATER_MS = 100 };
	mach_msg_return_t result;

	while ((result = mach_msg(message, MACH_SEND_MSG, size, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL)) ==
	       MACH_SEND_NO_BUFFER)
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, LATER_MS);
	return result;
}

natural_t soak_seconds(void)
{
	static natural_t identity;
	static mach_port_t host;
	time_value_t time;

	if (identity != mach_identity) {
		host = mach_host_self();
		identity = mach_identity;
	}
	host_get_time(host, &time);
	return (natural_t)time.seconds;
}

/* --- Main --- */

/* What there is: pages of memory and of paging space that are or can be made free, names of ports. */
struct stock {
	natural_t pages, space, names;
};

static vm_statistics_data_t statistics(void)
{
	vm_statistics_data_t s;

	vm_statistics(mach_task_self(), &s);
	return s;
}

/* Until pages must be written out: then the kernel has taken back what is free in its tables. */
static void use_up_memory(void)
{
	const integer_t before = statistics().pageouts;
	vm_address_t memory = 0;
	vm_size_t used = 0;

	thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, SETTLE_MS);
	vm_allocate(mach_task_self(), &memory, MOST_PAGES * VM_PAGE_SIZE, true);
	for (; used < MOST_PAGES * VM_PAGE_SIZE && statistics().pageouts == before; used += VM_PAGE_SIZE)
		*(volatile natural_t *)(memory + used) = 1;
	vm_deallocate(mach_task_self(), memory, MOST_PAGES * VM_PAGE_SIZE);
	thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, SETTLE_MS);
}

static struct stock take_stock(void)
{
	struct stock stock = { 0 };
	vm_size_t all = 0, free = 0;
	mach_port_array_t names;
	mach_port_type_t *types;
	mach_msg_type_number_t type_count;

	use_up_memory();
	const vm_statistics_data_t s = statistics();
	stock.pages = (natural_t)(s.free_count + s.active_count + s.inactive_count);
	default_pager_info(pager, &all, &free);
	stock.space = free / VM_PAGE_SIZE;
	if (mach_port_names(mach_task_self(), &names, &stock.names, &types, &type_count) == KERN_SUCCESS) {
		vm_deallocate(mach_task_self(), (vm_address_t)names, stock.names * sizeof *names);
		vm_deallocate(mach_task_self(), (vm_address_t)types, type_count * sizeof *types);
	}
	return stock;
}

static void answer_begin(mach_msg_header_t *request)
{
	const natural_t number = ((natural_t *)(request + 1))[1];
	struct begin_message reply = {
		.head = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0) | MACH_MSGH_BITS_COMPLEX,
		          .msgh_remote_port = request->msgh_remote_port, .msgh_id = MESSAGE_OBJECTS },
	};

	for (natural_t i = 0; i <= OBJECTS; i++) {
		reply.right[i].type = SOAK_TYPE_RIGHT(MACH_MSG_TYPE_COPY_SEND);
		reply.right[i].port = i < OBJECTS ? manager_object(number * OBJECTS + i) : host_priv;
	}
	soak_send(&reply.head, offsetof(struct begin_message, room));
}

static void report(const struct findings *f)
{
	static const char *const names[] = { "allocate", "deallocate", "protect", "inherit", "copy", "map", "write", "check",
	                                     "send", "receive", "fork", "end" };

	claim(!f->bad, "world %u: each byte is as it must be, and each result", f->world);
	print("# %u steps, %u calls, %u parcels, %u tasks (%u refused), %u pages checked\n", f->call, f->calls, f->messages,
	      f->forks, f->refused, f->pages);
	if (f->bad)
		print("# %s in space %u: result %d, at %x %x for %x\n", names[f->kind], f->space, f->answer.result,
		      f->answer.difference.address, f->answer.difference.found, f->answer.difference.expected);
}

/* Result: the worlds that have ended. */
static natural_t take_message(mach_msg_header_t *request)
{
	if (request->msgh_local_port != service) {
		manager_answer(request);
		return 0;
	}
	if (request->msgh_id == MESSAGE_BEGIN) {
		answer_begin(request);
		return 0;
	}
	report(&((const struct end_message *)request)->findings);
	return 1;
}

static void serve(mach_port_t set)
{
	struct { mach_msg_header_t head; natural_t room[256]; } message;

	for (natural_t ended = 0; ended < soak_options.worlds;)
		if (mach_msg(&message.head, MACH_RCV_MSG, 0, sizeof message, set, 0, MACH_PORT_NULL) == MACH_MSG_SUCCESS)
			ended += take_message(&message.head);
}

/* All worlds, for so long. Result: whether the objects' pages that came home were whole. */
static bool round(natural_t seconds)
{
	mach_port_t task;

	soak_options.seconds = seconds;
	manager_start(soak_options.worlds);
	for (natural_t i = 0; i < soak_options.worlds; i++)
		if (task_fork(drive, (void *)i, &task) == KERN_SUCCESS)
			mach_port_deallocate(mach_task_self(), task);
	serve(manager_set(service));
	return manager_end();
}

static void prepare(int argc, char **argv)
{
	mach_port_t device_master;

	soak_options = (struct soak_options){ argument_number(argc, argv, "seed", 1), 0,
	                                      argument_number(argc, argv, "worlds", 3) };
	if (soak_options.worlds > WORLDS_MAX)
		soak_options.worlds = WORLDS_MAX;
	soak_seed(soak_options.seed);
	mach_privileged_ports(&host_priv, &device_master);
	vm_set_default_memory_manager(host_priv, &pager);
	mach_port_allocate_send(&service);
	mach_port_set_qlimit(mach_task_self(), service, MACH_PORT_QLIMIT_MAX);
	mach_ports_register(mach_task_self(), &service, 1);
}

/* What it takes to be here at all is taken in the first, shorter round. */
int main(int argc, char **argv)
{
	const natural_t seconds = argument_number(argc, argv, "seconds", 4);

	prepare(argc, argv);
	bool whole = round(seconds / 4 + 1);
	const struct stock before = take_stock();
	whole &= round(seconds);
	const struct stock after = take_stock();
	claim(whole, "what came home to its manager was whole (%u pages)", manager_pages_returned());
	claim(after.pages + MOST_LOST >= before.pages, "no memory is lost (%u pages, then %u)", before.pages, after.pages);
	claim(after.space + MOST_LOST >= before.space, "nor paging space (%u pages, then %u)", before.space, after.space);
	claim(after.names == before.names, "nor names of ports (%u, then %u)", before.names, after.names);
	exit(claims_end());
}
