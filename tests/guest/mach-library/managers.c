/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A manager that does anything: it answers requests for data rightly, wrongly, twice or never, says of its object what
 * comes to its mind, and keeps or drops what it is sent; while threads of its task map the object and use it.
 */
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/mach.h"
#include "tests/guest/mach-library/calls.h"

enum { OBJECT_PAGES = 8, TOUCHERS_EVERY = 25, TOUCHES = 12 };
enum { MEMORY_OBJECT_INIT = 2200, MEMORY_OBJECT_DATA_REQUEST = 2203 };

static struct {
	mach_port_t port, control;
} object;

static vm_offset_t some_page(void)
{
	return random_number(OBJECT_PAGES + 2) * VM_PAGE_SIZE + (random_number(10) == 0 ? random_number(VM_PAGE_SIZE) : 0);
}

/* Maps, uses, lets go, again and again. A thread that gets an exception stays in it: nobody answers. */
static void *touch(void *argument)
{
	for (;;) {
		vm_offset_t address = 0;
		const bool copy = random_number(3) == 0;

		if (vm_map(mach_task_self(), &address, OBJECT_PAGES * VM_PAGE_SIZE, 0, true, object.port,
		           random_number(3) * VM_PAGE_SIZE, copy, VM_PROT_DEFAULT, VM_PROT_ALL, random_number(3)) !=
		    KERN_SUCCESS)
			return argument;
		for (natural_t i = 0; i < TOUCHES; i++) {
			volatile natural_t *word = (volatile natural_t *)(uintptr_t)(address +
			                                                             random_number(OBJECT_PAGES) * VM_PAGE_SIZE);

			if (random_number(2) == 0)
				*word = i;
			else
				(void)*word;
		}
		(void)vm_deallocate(mach_task_self(), address, OBJECT_PAGES * VM_PAGE_SIZE);
	}
}

static void say_anything(const struct targets *t)
{
	const mach_port_t control = random_number(20) == 0 ? t->thread : object.control;
	const mach_port_t reply = random_number(3) == 0 ? t->port : MACH_PORT_NULL;
	const vm_prot_t lock = (vm_prot_t)random_number(9);
	const vm_offset_t offset = some_page();
	const vm_size_t size = (1 + random_number(3)) * VM_PAGE_SIZE;
	bool ready, cache;
	memory_object_copy_strategy_t strategy = (memory_object_copy_strategy_t)random_number(5);

	switch (random_number(16)) {
	case 0: case 1: (void)memory_object_data_provided(control, offset, t->memory, size, lock); break;
	case 2: case 3: (void)memory_object_data_supply(control, offset, t->memory, size, false, lock,
		                                        random_number(2) == 0, reply); break;
	case 4: (void)memory_object_data_unavailable(control, offset, size); break;
	case 5: (void)memory_object_data_error(control, offset, size, KERN_MEMORY_ERROR); break;
	case 6: case 7: (void)memory_object_lock_request(control, offset, size, (int)random_number(4),
		                                         random_number(2) == 0, lock, reply); break;
	case 8: (void)memory_object_set_attributes(control, true, random_number(2) == 0, strategy); break;
	case 9: (void)memory_object_change_attributes(control, random_number(2) == 0, strategy, reply); break;
	case 10: (void)memory_object_get_attributes(control, &ready, &cache, &strategy); break;
	case 11: case 12: case 13: /* who waits for an access goes on */
		(void)memory_object_lock_request(control, 0, OBJECT_PAGES * VM_PAGE_SIZE, MEMORY_OBJECT_RETURN_NONE, false,
		                                 VM_PROT_NONE, MACH_PORT_NULL);
		break;
	case 14: /* and who waits for data */
		(void)memory_object_data_unavailable(control, 0, (OBJECT_PAGES + 2) * VM_PAGE_SIZE);
		break;
	default:
		if (random_number(10) == 0)
			(void)memory_object_destroy(control, KERN_FAILURE);
		break;
	}
}

/* The words of a body whose items are single words. */
static natural_t word_of(const mach_msg_header_t *message, unsigned item)
{
	return ((const natural_t *)(message + 1))[2 * item + 1];
}

static void answer(const struct targets *t, mach_msg_header_t *message)
{
	if (message->msgh_id == MEMORY_OBJECT_INIT) {
		object.control = word_of(message, 0);
		(void)memory_object_set_attributes(object.control, true, random_number(2) == 0, (int)random_number(4));
	} else if (message->msgh_id == MEMORY_OBJECT_DATA_REQUEST && random_number(4) != 0) {
		const vm_offset_t offset = word_of(message, 1);

		(void)memory_object_data_provided(word_of(message, 0), offset, t->memory, VM_PAGE_SIZE,
		                                  (vm_prot_t)(random_number(3) == 0 ? random_number(8) : VM_PROT_NONE));
	} else if (random_number(4) != 0) {
		mach_msg_destroy(message);
	}
}

void manage_badly(const struct targets *targets, unsigned calls)
{
	struct { mach_msg_header_t head; natural_t room[64]; } message;

	(void)mach_port_allocate_send(&object.port);
	(void)task_set_special_port(mach_task_self(), TASK_EXCEPTION_PORT, targets->port);
	for (unsigned i = 0; i < calls; i++) {
		if (i % TOUCHERS_EVERY == 0)
			cthread_detach(cthread_fork(touch, NULL));
		while (mach_msg_trap(&message.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(message), object.port,
		                     random_number(4) == 0 ? 10 : 0, MACH_PORT_NULL) == MACH_MSG_SUCCESS)
			answer(targets, &message.head);
		if (object.control != MACH_PORT_NULL)
			say_anything(targets);
	}
}
