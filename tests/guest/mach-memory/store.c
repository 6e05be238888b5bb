/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A default manager that keeps pages in memory of its own, as a thread in the kernel.  The tests' pages are zeros but
 * for three words of each (store.h): those it keeps, and the zeros it checks.
 */
#include "store.h"
#include "base/console.h"
#include "base/panic.h"
#include "ipc/ipc_space.h"
#include "ipc/mach_msg.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "mach_port_server.h"
#include "mach_server.h"
#include "vm/memory_object.h"
#include "vm/vm_kern.h"

enum { STORE_PAGES = 6144, BUCKETS = 1024 };

const natural_t store_words[STORE_WORDS] = { 0, 2052, 4092 };

struct stored {
	struct stored *next;            /* of its bucket, or the next free one */
	mach_port_t object;
	vm_offset_t offset;
	natural_t word[STORE_WORDS];
};
static struct stored store[STORE_PAGES], *bucket[BUCKETS], *free_stored;
struct told told;

static struct stored **bucket_of(mach_port_t object, vm_offset_t offset)
{
	return &bucket[(object * 5 + (offset >> VM_PAGE_SHIFT)) % BUCKETS];
}

static struct stored *stored_at(mach_port_t object, vm_offset_t offset)
{
	struct stored *at = *bucket_of(object, offset);
	while (at && (at->object != object || at->offset != offset))
		at = at->next;
	return at;
}

static struct stored *new_stored(mach_port_t object, vm_offset_t offset)
{
	struct stored *new = free_stored, **head = bucket_of(object, offset);
	if (!new)
		panic("store: full");
	free_stored = new->next;
	*new = (struct stored){ .next = *head, .object = object, .offset = offset };
	*head = new;
	told.stored++;
	return new;
}

static void forget_all_of(mach_port_t object)
{
	for (natural_t i = 0; i < BUCKETS; i++)
		for (struct stored **link = &bucket[i]; *link;) {
			struct stored *this = *link;
			if (this->object != object) {
				link = &this->next;
				continue;
			}
			*link = this->next;
			this->next = free_stored;
			free_stored = this;
			told.stored--;
		}
}

/* A message, as far as any that comes here goes: its words in order. */
struct message {
	mach_msg_header_t header;
	natural_t word[64];
};

static vm_object_t object_of_control(mach_port_t name)
{
	ipc_port_t port = ipc_port_translate_send(current_task()->itk_space, name);
	vm_object_t object = vm_object_lookup(port);
	if (port)
		ip_release(port);
	return object;
}

static void answer_request(struct message *message)
{
	const mach_port_t control = message->word[1];
	const vm_offset_t offset = message->word[3];
	vm_object_t object = object_of_control(control);
	const struct stored *have = stored_at(message->header.msgh_local_port, offset);
	told.requests++;
	if (object && have) {
		static natural_t data[VM_PAGE_SIZE / sizeof(natural_t)];
		vm_map_copy_t copy;
		for (natural_t i = 0; i < STORE_WORDS; i++)
			data[store_words[i] / sizeof *data] = have->word[i];
		kern_return_t result = vm_map_copyin_kernel(data, VM_PAGE_SIZE, &copy);
		kernel_assert(result == KERN_SUCCESS);
		result = memory_object_data_supply(object, offset, copy, VM_PAGE_SIZE, VM_PROT_NONE, false, IP_NULL, 0);
		kernel_assert(result == KERN_SUCCESS);
	} else if (object) {
		told.unavailable++;
		memory_object_data_unavailable(object, offset, VM_PAGE_SIZE);
	}
	if (object)
		vm_object_deallocate(object);
	mach_port_deallocate(current_task()->itk_space, control);
}

static void keep(struct stored *at, const natural_t *data)
{
	natural_t sum = 0;
	for (natural_t i = 0; i < VM_PAGE_SIZE / sizeof *data; i++)
		sum |= data[i] && i * sizeof *data != store_words[0] && i * sizeof *data != store_words[1]
			&& i * sizeof *data != store_words[2];
	if (sum)
		panic("store: a page has what nobody wrote");
	for (natural_t i = 0; i < STORE_WORDS; i++)
		at->word[i] = data[store_words[i] / sizeof *data];
}

static void take_data(struct message *message, bool initial)
{
	const vm_offset_t offset = message->word[3];
	const vm_offset_t data = message->word[7];
	kernel_assert(message->word[6] == VM_PAGE_SIZE);
	struct stored *have = stored_at(message->header.msgh_local_port, offset);
	if (!have || !initial)
		keep(have ? have : new_stored(message->header.msgh_local_port, offset),
		     (const natural_t *)(uintptr_t)data);
	told.writes += !initial;
	told.initializations += initial;
	vm_map_remove(kernel_map, data, data + VM_PAGE_SIZE);
	mach_port_deallocate(current_task()->itk_space, message->word[1]);
}

static void forget(struct message *message)
{
	const mach_port_t object = message->header.msgh_local_port;
	forget_all_of(object);
	told.terminated++;
	ipc_space_t space = current_task()->itk_space;
	mach_port_mod_refs(space, message->word[1], MACH_PORT_RIGHT_RECEIVE, -1);
	mach_port_mod_refs(space, message->word[3], MACH_PORT_RIGHT_RECEIVE, -1);
	mach_port_mod_refs(space, object, MACH_PORT_RIGHT_RECEIVE, -1);
}

static void manage(void *argument)
{
	static struct message message;
	const mach_port_t set = (mach_port_t)(uintptr_t)argument;
	ipc_space_t space = current_task()->itk_space;
	current_thread()->vm_privilege = true;
	for (;;) {
		mach_msg_return_t result = mach_msg_trap(&message.header, MACH_RCV_MSG, 0, sizeof message, set, 0, 0);
		kernel_assert(result == MACH_MSG_SUCCESS);
		switch (message.header.msgh_id) {
		case 2201: forget(&message); break;
		case 2203: answer_request(&message); break;
		case 2205:
		case 2208: take_data(&message, false); break;
		case 2250: {
			const kern_return_t moved = mach_port_move_member(space, message.word[1], set);
			kernel_assert(moved == KERN_SUCCESS);
			mach_port_deallocate(space, message.word[5]);
			mach_port_deallocate(space, message.word[7]);
			told.created++;
			break;
		}
		case 2251: take_data(&message, true); break;
		default: panic_number("memory: the manager was told what it does not know", message.header.msgh_id);
		}
	}
}

void start_manager(void)
{
	ipc_space_t space = current_task()->itk_space;
	mach_port_t set, port;
	kern_return_t result = mach_port_allocate(space, MACH_PORT_RIGHT_PORT_SET, &set);
	kernel_assert(result == KERN_SUCCESS);
	result = mach_port_allocate(space, MACH_PORT_RIGHT_RECEIVE, &port);
	kernel_assert(result == KERN_SUCCESS);
	result = mach_port_move_member(space, port, set);
	kernel_assert(result == KERN_SUCCESS);
	ipc_port_t right = ipc_port_translate_receive(space, port);
	ipc_port_make_send(right);
	ip_release(right);
	vm_set_default_memory_manager(&right);
	for (natural_t i = 0; i < STORE_PAGES; i++) {
		store[i].next = free_stored;
		free_stored = &store[i];
	}
	kernel_thread(current_task(), "manager", manage, (void *)(uintptr_t)set);
}

void finish(const char *text)
{
	console_string(text);
	assert_wait(&told, false);
	thread_set_timeout(20);
	thread_block(NULL);
	shutdown(0);
}
