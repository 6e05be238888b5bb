/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's shortest ways cost, many times warm, and their stages by the kernel's own spans (L95 §4.1.1 and
 * table 2 have Mach's figures): a trap that does nothing; one that looks something up; a message of one integer to another
 * task and back; a page fault that a manager in another task answers.
 *
 * Arguments: count=N (1000 calls and RPCs), pages=N (64 faults).
 */
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/y87.h"
#include "pager/lib/print.h"
#include "scenarios/programs/mach/arguments.h"
#include "scenarios/programs/mach/meeting.h"

enum { REQUEST_ID = 1995, WARM = 16, EXIT_WRONG = 2 };

struct one_integer {
	mach_msg_header_t head;
	mach_msg_type_t type;
	uint32_t integer;
};

static void expect(bool holds, const char *what)
{
	if (holds)
		return;
	print("kernel-paths: %s\n", what);
	exit(EXIT_WRONG);
}

/* --- Traps --- */

static void measure_traps(uint32_t count)
{
	for (uint32_t i = 0; i < WARM; i++)
		mach_null();
	for (uint32_t i = 0; i < count; i++) {
		MUK_SPAN_BEGIN("null");
		mach_null();
		MUK_SPAN_END("null");
	}
	for (uint32_t i = 0; i < count; i++) {
		MUK_SPAN_BEGIN("self");
		mach_thread_self();
		MUK_SPAN_END("self");
	}
}

/* --- RPC --- */

static void serve_integers(void *unused)
{
	struct one_integer message;
	mach_port_t service;

	(void)unused;
	expect(meeting_offer(&service) == KERN_SUCCESS, "the server cannot offer its port");
	mach_msg_return_t result = mach_msg_trap(&message.head, MACH_RCV_MSG, 0, sizeof message, service, 0, 0);
	while (result == MACH_MSG_SUCCESS) {
		message.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
		message.head.msgh_local_port = MACH_PORT_NULL;
		message.integer++;
		result = mach_msg_trap(&message.head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof message, sizeof message,
		                       service, 0, 0);
	}
	expect(false, "the server's message failed");
}

static uint32_t call(mach_port_t service, mach_port_t reply, uint32_t integer)
{
	struct one_integer message = {
		.head = {
			.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE),
			.msgh_remote_port = service,
			.msgh_local_port = reply,
			.msgh_id = REQUEST_ID,
		},
		.type = { .msgt_name = MACH_MSG_TYPE_INTEGER_32, .msgt_size = 32, .msgt_number = 1, .msgt_inline = 1 },
		.integer = integer,
	};
	const mach_msg_return_t result = mach_msg_trap(&message.head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof message,
	                                               sizeof message, reply, 0, 0);

	expect(result == MACH_MSG_SUCCESS, "an RPC failed");
	return message.integer;
}

static void measure_rpc(uint32_t count)
{
	const mach_port_t reply = mach_reply_port();
	mach_port_t service;

	expect(meeting_fork(serve_integers, &service) == KERN_SUCCESS, "no server");
	for (uint32_t i = 0; i < WARM; i++)
		expect(call(service, reply, i) == i + 1, "a wrong answer");
	for (uint32_t i = 0; i < count; i++) {
		MUK_SPAN_BEGIN("rpc");
		const uint32_t answer = call(service, reply, i);
		MUK_SPAN_END("rpc");
		expect(answer == i + 1, "a wrong answer");
	}
}

/* --- Page faults that a manager answers: each page has its offset in its words --- */

static uint32_t page[VM_PAGE_SIZE / 4] __attribute__((aligned(4096)));

kern_return_t pager_init(mach_port_t object, mach_port_t request, mach_port_t name)
{
	(void)object, (void)request, (void)name;
	return KERN_SUCCESS;
}

kern_return_t pager_data_request(mach_port_t object, mach_port_t request, vm_offset_t offset, vm_size_t length,
                                 vm_prot_t access)
{
	(void)object, (void)access;
	page[0] = offset;
	return pager_data_provided(request, offset, (vm_offset_t)page, length, VM_PROT_NONE);
}

kern_return_t pager_data_write(mach_port_t object, vm_offset_t offset, vm_offset_t data, vm_size_t bytes)
{
	(void)object, (void)offset;
	return vm_deallocate(mach_task_self(), data, bytes);
}

kern_return_t pager_data_unlock(mach_port_t object, mach_port_t request, vm_offset_t offset, vm_size_t length,
                                vm_prot_t access)
{
	(void)object, (void)access;
	return pager_data_lock(request, offset, length, VM_PROT_NONE);
}

kern_return_t pager_create(mach_port_t old_object, mach_port_t new_object, mach_port_t request, mach_port_t name)
{
	(void)old_object, (void)new_object, (void)request, (void)name;
	return KERN_FAILURE; /* not the default manager */
}

kern_return_t pager_terminate(mach_port_t object, mach_port_t request, mach_port_t name)
{
	(void)object, (void)request, (void)name;
	return KERN_SUCCESS;
}

static void manage(void *unused)
{
	mach_port_t object;

	(void)unused;
	expect(meeting_offer(&object) == KERN_SUCCESS, "the manager cannot offer its object");
	mach_msg_server(pager_server, 256, object);
	expect(false, "the manager's message failed");
}

static void measure_faults(uint32_t pages)
{
	vm_offset_t address = 0;
	mach_port_t object;

	expect(meeting_fork(manage, &object) == KERN_SUCCESS, "no manager");
	expect(vm_allocate_with_pager(mach_task_self(), &address, (pages + WARM) * VM_PAGE_SIZE, true, object, 0) ==
	       KERN_SUCCESS, "the object cannot be mapped");
	const volatile uint32_t *const word = (const volatile uint32_t *)address;
	for (uint32_t i = 0; i < WARM; i++)
		expect(word[i * 1024] == i * VM_PAGE_SIZE, "a wrong page");
	for (uint32_t i = WARM; i < WARM + pages; i++) {
		MUK_SPAN_BEGIN("fault");
		const uint32_t offset = word[i * 1024];
		MUK_SPAN_END("fault");
		expect(offset == i * VM_PAGE_SIZE, "a wrong page");
	}
}

int main(int argc, char **argv)
{
	const uint32_t count = argument_number(argc, argv, "count", 1000);

	measure_traps(count);
	measure_rpc(count);
	measure_faults(argument_number(argc, argv, "pages", 64));
	print("kernel-paths: done\n");
	return 0;
}
