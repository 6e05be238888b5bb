/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A puppet: commands come to one of its ports, memory of other puppets to the other one.
 */
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "scenarios/programs/mach/soak/soak.h"

/* Memory on its way from puppet to puppet, behind words in line. */
struct parcel {
	mach_msg_header_t head;
	mach_msg_type_long_t data_type;
	vm_address_t data;
	mach_msg_type_long_t pad_type;
	natural_t pad[PAD];
	natural_t room[2];
};

static mach_port_t service, data;
static struct parcel parcel;
static struct command_message order;
static struct answer_message reply;

kern_return_t soak_obey(mach_port_t task, const struct command *c, mach_port_t port)
{
	vm_address_t address = c->address;

	switch (c->kind) {
	case ALLOCATE: return vm_allocate(task, &address, c->bytes, false);
	case DEALLOCATE: return vm_deallocate(task, address, c->bytes);
	case PROTECT: return vm_protect(task, address, c->bytes, false, (vm_prot_t)c->option);
	case INHERIT: return vm_inherit(task, address, c->bytes, c->option);
	case COPY: return vm_copy(task, address, c->bytes, c->to);
	case MAP: return vm_map(task, &address, c->bytes, 0, false, port, c->to, c->option != 0, VM_PROT_DEFAULT,
		                VM_PROT_ALL, VM_INHERIT_DEFAULT);
	default: return KERN_INVALID_ARGUMENT;
	}
}

static kern_return_t check(const struct command *c, vm_address_t address, struct answer *answer)
{
	return soak_check(address, c->bytes, c->to, c->contents, &answer->difference) ? KERN_SUCCESS : DIFFERENT;
}

static kern_return_t write_pages(const struct command *c)
{
	for (natural_t i = 0; i < c->bytes / VM_PAGE_SIZE; i++)
		soak_fill(c->address + i * VM_PAGE_SIZE, &c->contents[i], c->option);
	return KERN_SUCCESS;
}

static natural_t pad_word(const struct command *c, natural_t i) { return c->pad_value + i * 40503u; }

static kern_return_t send_parcel(const struct command *c, mach_port_t to)
{
	parcel.head = (mach_msg_header_t){
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX, .msgh_remote_port = to,
	};
	parcel.data_type = (mach_msg_type_long_t){
		.msgtl_header = { .msgt_longform = 1, .msgt_deallocate = c->option != 0 },
		.msgtl_name = MACH_MSG_TYPE_BYTE, .msgtl_size = 8, .msgtl_number = c->bytes,
	};
	parcel.data = c->address;
	parcel.pad_type = (mach_msg_type_long_t){
		.msgtl_header = { .msgt_longform = 1, .msgt_inline = 1 },
		.msgtl_name = MACH_MSG_TYPE_INTEGER_32, .msgtl_size = 32, .msgtl_number = c->pad,
	};
	for (natural_t i = 0; i < c->pad; i++)
		parcel.pad[i] = pad_word(c, i);
	return soak_send(&parcel.head, offsetof(struct parcel, pad) + c->pad * sizeof *parcel.pad);
}

static kern_return_t receive_parcel(const struct command *c, struct answer *answer)
{
	kern_return_t result = mach_msg(&parcel.head, MACH_RCV_MSG, 0, sizeof parcel, data, 0, MACH_PORT_NULL);

	if (result != MACH_MSG_SUCCESS)
		return result;
	if (parcel.data_type.msgtl_number != c->bytes || parcel.pad_type.msgtl_number != c->pad)
		return KERN_INVALID_VALUE;
	for (natural_t i = 0; i < c->pad; i++)
		if (parcel.pad[i] != pad_word(c, i)) {
			answer->difference = (struct difference){ i, parcel.pad[i], pad_word(c, i) };
			return DIFFERENT;
		}
	result = check(c, parcel.data, answer);
	if (result == KERN_SUCCESS && !c->option)
		result = vm_deallocate(mach_task_self(), parcel.data, c->bytes);
	answer->address = parcel.data;
	return result;
}

static kern_return_t make_puppet(void)
{
	mach_port_t task;
	const kern_return_t result = task_fork(puppet, NULL, &task);

	if (result == KERN_SUCCESS)
		mach_port_deallocate(mach_task_self(), task);
	return result;
}

static kern_return_t perform(const struct command_message *message, struct answer *answer)
{
	const struct command *c = &message->command;

	switch (c->kind) {
	case WRITE: return write_pages(c);
	case CHECK: return check(c, c->address, answer);
	case SEND: return send_parcel(c, message->port);
	case RECEIVE: return receive_parcel(c, answer);
	case FORK: return make_puppet();
	default: return soak_obey(mach_task_self(), c, message->port);
	}
}

/* Until the kernel has memory for that. */
static void insist(kern_return_t result)
{
	enum { LATER_MS = 100 };

	if (result != KERN_SUCCESS)
		thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, LATER_MS);
}

static mach_port_t new_port(void)
{
	mach_port_t port = MACH_PORT_NULL;

	while (port == MACH_PORT_NULL)
		insist(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port));
	return port;
}

static bool offer_itself(void)
{
	mach_port_array_t registered = NULL;
	mach_msg_type_number_t count;

	for (; mach_task_self() == MACH_PORT_NULL; mach_init())
		insist(KERN_RESOURCE_SHORTAGE);
	while (registered == NULL)
		insist(mach_ports_lookup(mach_task_self(), &registered, &count));
	service = new_port();
	data = new_port();
	struct offer_message offer = {
		.head = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0) | MACH_MSGH_BITS_COMPLEX,
		          .msgh_remote_port = registered[0] },
		.right = { { SOAK_TYPE_RIGHT(MACH_MSG_TYPE_MAKE_SEND), service },
		           { SOAK_TYPE_RIGHT(MACH_MSG_TYPE_MAKE_SEND), data },
		           { SOAK_TYPE_RIGHT(MACH_MSG_TYPE_COPY_SEND), mach_task_self() } },
	};
	vm_deallocate(mach_task_self(), (vm_address_t)registered, count * sizeof *registered);
	return soak_send(&offer.head, offsetof(struct offer_message, room)) == MACH_MSG_SUCCESS;
}

void puppet(void *unused)
{
	(void)unused;
	if (!offer_itself())
		return;
	while (mach_msg(&order.head, MACH_RCV_MSG, 0, sizeof order, service, 0, MACH_PORT_NULL) == MACH_MSG_SUCCESS) {
		reply.words_type = SOAK_TYPE_WORDS(struct answer);
		reply.answer = (struct answer){ .result = KERN_SUCCESS };
		reply.answer.result = perform(&order, &reply.answer);
		reply.head = (mach_msg_header_t){
			.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0),
			.msgh_remote_port = order.head.msgh_remote_port, .msgh_id = order.head.msgh_id,
		};
		if (MACH_PORT_VALID(order.port))
			mach_port_deallocate(mach_task_self(), order.port);
		soak_send(&reply.head, offsetof(struct answer_message, room));
	}
}
