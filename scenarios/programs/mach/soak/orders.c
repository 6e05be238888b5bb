/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 *   driver                                       puppet
 *     order: a command, a send-once right  --->
 *            (others are under way meanwhile)     does it
 *     order_await  <---------------------------   the result
 *
 * A result that is not what it must be ends the soak: main hears of it.
 */
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/soak/driver.h"

enum { PATIENCE_MS = 200000, LATE = 2000 /* a result: nobody has answered */ };

struct world *world;
mach_port_t soak_host_priv;
static mach_port_t to_main, home, meeting, object[OBJECTS];

/* --- Main --- */

static void send_findings(void)
{
	struct end_message end = {
		.head = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0), .msgh_remote_port = to_main,
		          .msgh_id = MESSAGE_END },
		.words_type = SOAK_TYPE_WORDS(struct findings), .findings = world->findings,
	};

	soak_send(&end.head, offsetof(struct end_message, room));
}

static _Noreturn void give_up(enum kind kind, const struct space *space, const struct answer *answer)
{
	world->findings.bad = true;
	world->findings.kind = kind;
	world->findings.space = (natural_t)(space - world->space);
	world->findings.answer = *answer;
	send_findings();
	for (;;)
		task_suspend(mach_task_self());
}

void expect(kern_return_t result, kern_return_t expected, const struct space *space, enum kind kind)
{
	const struct answer answer = { .result = result, .difference = { 0, (natural_t)result, (natural_t)expected } };

	world->findings.calls++;
	if (result != expected)
		give_up(kind, space, &answer);
}

void expect_contents(const struct space *space, vm_address_t here, natural_t pages, const struct contents *contents)
{
	struct answer answer = { .result = DIFFERENT };

	world->findings.pages += pages;
	if (!soak_check(here, pages * VM_PAGE_SIZE, 0, contents, &answer.difference))
		give_up(CHECK, space, &answer);
}

void orders_end(void)
{
	send_findings();
	task_terminate(mach_task_self());
}

static void ask_main(natural_t number)
{
	struct begin_message request = {
		.head = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE),
		          .msgh_remote_port = to_main, .msgh_local_port = home, .msgh_id = MESSAGE_BEGIN },
		.right = { { SOAK_TYPE_WORDS(natural_t), number } },
	};

	soak_send(&request.head, sizeof request.head + sizeof request.right[0]);
	mach_msg(&request.head, MACH_RCV_MSG, 0, sizeof request, home, 0, MACH_PORT_NULL);
	for (natural_t i = 0; i < OBJECTS; i++)
		object[i] = request.right[i].port;
	soak_host_priv = request.right[OBJECTS].port;
}

/* Puppets do not inherit it, and it is not paged. */
static void make_world(natural_t number)
{
	vm_address_t address = 0;

	vm_allocate(mach_task_self(), &address, sizeof *world, true);
	vm_inherit(mach_task_self(), address, sizeof *world, VM_INHERIT_NONE);
	vm_wire(soak_host_priv, mach_task_self(), address, sizeof *world, VM_PROT_DEFAULT);
	world = (struct world *)address;
	world->turn = 1;
	world->findings.world = number;
	for (natural_t i = 0; i < OBJECTS; i++)
		for (natural_t page = 0; page < OBJECT_PAGES; page++)
			world->object[i][page] = (struct cell){
				.contents = soak_initial(number * OBJECTS + i, page), .references = 1, .managed = true,
			};
}

void orders_start(natural_t number)
{
	mach_port_array_t registered;
	mach_msg_type_number_t count;

	mach_ports_lookup(mach_task_self(), &registered, &count);
	to_main = registered[0];
	mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &home);
	mach_port_set_qlimit(mach_task_self(), home, MACH_PORT_QLIMIT_MAX);
	mach_port_allocate_send(&meeting);
	mach_ports_register(mach_task_self(), &meeting, 1);
	ask_main(number);
	make_world(number);
}

mach_port_t order_object(natural_t number) { return object[number]; }

/* --- Commands and answers --- */

/* Of this life of the space: who waits for an answer does not take one of the life before. */
static mach_msg_id_t id_of(const struct space *space)
{
	return (mach_msg_id_t)(MACH_NOTIFY_LAST + 1 + (natural_t)(space - world->space) + SPACES * space->life);
}

void order(struct space *space, const struct command *command, mach_port_t port)
{
	struct command_message message = {
		.head = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE) |
		                       MACH_MSGH_BITS_COMPLEX,
		          .msgh_remote_port = space->service, .msgh_local_port = home, .msgh_id = id_of(space) },
		.port_type = SOAK_TYPE_RIGHT(MACH_MSG_TYPE_COPY_SEND), .port = port,
		.words_type = SOAK_TYPE_WORDS(struct command), .command = *command,
	};

	space->busy = true;
	space->kind = command->kind;
	expect(soak_send(&message.head, offsetof(struct command_message, room)), MACH_MSG_SUCCESS, space, command->kind);
}

void order_either(struct space *space, const struct command *command, mach_port_t port)
{
	if (soak_below(2))
		order(space, command, port);
	else
		expect(soak_obey(space->task, command, port), KERN_SUCCESS, space, command->kind);
}

static void take_answer(struct space *space, const struct answer *answer)
{
	space->result = answer->result;
	if (space->result != KERN_SUCCESS && (space->kind != FORK || space->result != KERN_RESOURCE_SHORTAGE))
		give_up(space->kind, space, answer);
	if (space->kind == RECEIVE && space->keeps < SLOTS)
		space->loose[(space->keeps - WINDOW) / RUN] = answer->address;
	space->busy = false;
}

/* An answer, or the kernel's word that a puppet has died before it could give one. */
static void receive_answer(const struct space *who)
{
	struct answer_message message;
	const mach_msg_return_t result = mach_msg(&message.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof message, home,
	                                          PATIENCE_MS, MACH_PORT_NULL);

	if (result != MACH_MSG_SUCCESS)
		give_up(who->kind, who, &(struct answer){ .result = LATE });
	for (struct space *space = world->space; space < world->space + SPACES; space++)
		if (space->busy && message.head.msgh_id == id_of(space))
			take_answer(space, &message.answer);
}

void order_await(struct space *space)
{
	while (space->busy)
		receive_answer(space);
}

void order_drain(void)
{
	for (struct space *space = world->space; space < world->space + SPACES; space++)
		order_await(space);
	world->turn++;
}

/* --- Births and deaths --- */

/* Result: whether there is one, in *offer. */
static bool fork_puppet(struct space *parent, struct space *child, struct offer_message *offer)
{
	mach_port_t task;
	kern_return_t result;

	if (parent) {
		order(parent, &(struct command){ .kind = FORK }, MACH_PORT_NULL);
		order_await(parent);
		result = parent->result;
	} else {
		result = task_fork(puppet, NULL, &task);
		if (result == KERN_SUCCESS)
			mach_port_deallocate(mach_task_self(), task);
	}
	if (result == KERN_RESOURCE_SHORTAGE)
		return false;
	expect(result, KERN_SUCCESS, child, FORK);
	expect(mach_msg(&offer->head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof *offer, meeting, PATIENCE_MS,
	                MACH_PORT_NULL), MACH_MSG_SUCCESS, child, FORK);
	return true;
}

bool order_birth(struct space *parent, struct space *child)
{
	struct offer_message offer;

	if (!fork_puppet(parent, child, &offer)) {
		world->findings.refused++;
		return false;
	}
	child->service = offer.right[0].port;
	child->data = offer.right[1].port;
	child->task = offer.right[2].port;
	child->exists = true;
	world->findings.forks++;
	return true;
}

void order_death(struct space *space)
{
	expect(task_terminate(space->task), KERN_SUCCESS, space, KINDS);
	mach_port_deallocate(mach_task_self(), space->task);
	mach_port_deallocate(mach_task_self(), space->service);
	mach_port_deallocate(mach_task_self(), space->data);
	model_drop(space);
}
