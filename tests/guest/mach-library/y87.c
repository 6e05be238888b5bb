/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims of Y87's interface as the library has it: messages and ports (tables 3-1, 3-2), memory (3-3, 3-4), and a
 * manager of its own (3-5, 3-6), whose object has in each word the word's offset.
 */
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"
#include "pager/lib/mach/y87.h"
#include "tests/guest/mach-library/claims.h"

struct letter {
	mach_msg_header_t head;
	natural_t type, word;
};

static void address_letter(struct letter *letter, mach_port_t to, natural_t word)
{
	*letter = (struct letter){
		.head = {
			.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
			.msgh_size = sizeof(*letter),
			.msgh_remote_port = to,
			.msgh_id = 1,
		},
		.type = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1),
		.word = word,
	};
}

static bool receive_word(mach_port_t from, natural_t word)
{
	struct letter letter = { .head = { .msgh_local_port = from, .msgh_size = sizeof(letter) } };

	return msg_receive(&letter.head, RCV_TIMEOUT, 1000) == MACH_MSG_SUCCESS && letter.word == word;
}

static bool send_word(mach_port_t to, natural_t word)
{
	struct letter letter;

	address_letter(&letter, to, word);
	return msg_send(&letter.head, SEND_TIMEOUT, 50) == MACH_MSG_SUCCESS;
}

/* ---- tables 3-1 and 3-2 ---- */

static void claim_messages(mach_port_t port)
{
	struct letter empty = { .head = { .msgh_local_port = port, .msgh_size = sizeof(empty) } };

	claim(send_word(port, 11) && send_word(port, 12), "msg_send");
	claim(receive_word(port, 11) && receive_word(port, 12), "msg_receive gets what was sent, in order");
	claim(msg_receive(&empty.head, RCV_TIMEOUT, 20) == MACH_RCV_TIMED_OUT, "msg_receive gives up in time");
}

static void *answer_once(void *argument)
{
	struct letter letter = { .head = { .msgh_local_port = (mach_port_t)(uintptr_t)argument,
		                           .msgh_size = sizeof(letter) } };

	if (msg_receive(&letter.head, MSG_OPTION_NONE, 0) != MACH_MSG_SUCCESS)
		return NULL;
	letter.word *= 2;
	letter.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
	letter.head.msgh_local_port = MACH_PORT_NULL;
	(void)msg_send(&letter.head, MSG_OPTION_NONE, 0);
	return NULL;
}

static void claim_rpc(mach_port_t port)
{
	for (unsigned i = 0; i < 2; i++) {
		struct letter letter;
		mach_port_t reply;
		cthread_t server = cthread_fork(answer_once, (void *)(uintptr_t)port);

		(void)port_allocate(mach_task_self(), &reply);
		address_letter(&letter, port, 21);
		letter.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
		letter.head.msgh_local_port = reply;
		claim(msg_rpc(&letter.head, i == 0 ? MSG_OPTION_NONE : SEND_TIMEOUT | RCV_TIMEOUT, sizeof(letter), 1000,
		              1000) == MACH_MSG_SUCCESS && letter.word == 42,
		      i == 0 ? "msg_rpc sends, and waits for the reply" : "msg_rpc with two timeouts");
		(void)cthread_join(server);
		(void)port_deallocate(mach_task_self(), reply);
	}
}

static void claim_default_group(mach_port_t one, mach_port_t other)
{
	mach_port_t *ports, set;
	natural_t count, messages, backlog;
	bool receiver, owner;

	claim(port_enable(mach_task_self(), one) == KERN_SUCCESS && port_enable(mach_task_self(), other) == KERN_SUCCESS,
	      "port_enable");
	claim(send_word(one, 31) && send_word(other, 32), "two ports of the group have messages");
	claim(port_messages(mach_task_self(), &ports, &count) == KERN_SUCCESS && count == 2 && ports[0] != ports[1] &&
	      (ports[0] == one || ports[0] == other), "port_messages names both");
	claim(port_status(mach_task_self(), one, &set, &messages, &backlog, &receiver, &owner) == KERN_SUCCESS &&
	      set != MACH_PORT_NULL && messages == 1 && backlog == MACH_PORT_QLIMIT_DEFAULT && receiver && owner,
	      "port_status of a port in the group");
	claim(receive_word(MACH_PORT_NULL, 31) && receive_word(MACH_PORT_NULL, 32),
	      "msg_receive from the default group");
	claim(port_messages(mach_task_self(), &ports, &count) == KERN_SUCCESS && count == 0, "no messages are left");
	claim(port_disable(mach_task_self(), one) == KERN_SUCCESS && port_disable(mach_task_self(), other) ==
	      KERN_SUCCESS && port_disable(mach_task_self(), one) != KERN_SUCCESS, "port_disable");
}

static void claim_backlog(mach_port_t port)
{
	unsigned sent = 0;

	claim(port_set_backlog(mach_task_self(), port, 3) == KERN_SUCCESS, "port_set_backlog");
	while (sent < 10 && send_word(port, sent))
		sent++;
	claim(sent == 3, "three messages wait at a port with a backlog of three (%u)", sent);
	claim(receive_word(port, 0) && receive_word(port, 1) && receive_word(port, 2), "and come out of it");
}

/* ---- table 3-3 ---- */

static void claim_regions(void)
{
	vm_region_element_t *elements;
	natural_t count;
	vm_offset_t address;
	bool right = false;

	(void)memory_allocate(&address, 5 * VM_PAGE_SIZE, 0);
	(void)vm_protect(mach_task_self(), address + VM_PAGE_SIZE, VM_PAGE_SIZE, false, VM_PROT_READ);
	(void)vm_inherit(mach_task_self(), address + 3 * VM_PAGE_SIZE, VM_PAGE_SIZE, VM_INHERIT_SHARE);
	claim(vm_regions(mach_task_self(), address, 5 * VM_PAGE_SIZE, &elements, &count) == KERN_SUCCESS,
	      "vm_regions");
	claim(count == 5, "there are as many regions as attributes change (%u)", count);
	/* The first and the last may be part of larger ones. */
	for (natural_t i = 0; i < count; i++) {
		const vm_offset_t page = address + i * VM_PAGE_SIZE;
		const vm_region_element_t *element = &elements[i];

		right = (i == 0 ? element->address <= page : element->address == page && right) &&
		        (i == 4 ? element->size >= VM_PAGE_SIZE
		                : element->address + element->size == page + VM_PAGE_SIZE) &&
		        element->protection == (i == 1 ? VM_PROT_READ : VM_PROT_DEFAULT) &&
		        element->inheritance == (i == 3 ? VM_INHERIT_SHARE : VM_INHERIT_COPY);
	}
	claim(right, "each is as it was made");
	(void)vm_deallocate(mach_task_self(), (vm_offset_t)(uintptr_t)elements, VM_PAGE_SIZE);
	(void)vm_deallocate(mach_task_self(), address, 5 * VM_PAGE_SIZE);
	claim(vm_regions(mach_task_self(), 0, (vm_size_t)-1, &elements, &count) == KERN_SUCCESS && count > 2,
	      "vm_regions of the whole address space");
}

/* ---- tables 3-4 to 3-6: a manager ---- */

enum { OBJECT_PAGES = 8, HOLE = 5 };

static struct {
	mach_port_t object;
	volatile mach_port_t request;   /* what follows changes while another thread waits for a page: it is looked at then */
	natural_t written_words[OBJECT_PAGES]; /* the first word of each page as it came back */
	volatile natural_t requests, writes, unlocks, terminations;
	struct mutex lock;
	struct condition changed;
} manager;

static void happened(volatile natural_t *count)
{
	mutex_lock(&manager.lock);
	(*count)++;
	condition_broadcast(&manager.changed);
	mutex_unlock(&manager.lock);
}

static void wait_for(const volatile natural_t *count, natural_t value)
{
	mutex_lock(&manager.lock);
	while (*count < value)
		condition_wait(&manager.changed, &manager.lock);
	mutex_unlock(&manager.lock);
}

kern_return_t pager_init(mach_port_t memory_object, mach_port_t pager_request_port, mach_port_t pager_name)
{
	manager.request = pager_request_port;
	return memory_object == manager.object && pager_name != MACH_PORT_NULL ? KERN_SUCCESS : KERN_FAILURE;
}

kern_return_t pager_data_request(mach_port_t memory_object, mach_port_t pager_request_port, vm_offset_t offset,
                                 vm_size_t length, vm_prot_t desired_access)
{
	vm_offset_t data;

	(void)memory_object, (void)desired_access;
	if (offset == HOLE * VM_PAGE_SIZE) {
		happened(&manager.requests);
		return pager_data_unavailable(pager_request_port, offset, length);
	}
	(void)memory_allocate(&data, length, 0);
	for (vm_offset_t at = 0; at < length; at += sizeof(natural_t))
		*(natural_t *)(uintptr_t)(data + at) = offset + at;
	(void)pager_data_provided(pager_request_port, offset, data, length, VM_PROT_WRITE);
	(void)vm_deallocate(mach_task_self(), data, length);
	happened(&manager.requests);
	return KERN_SUCCESS;
}

kern_return_t pager_data_write(mach_port_t memory_object, vm_offset_t offset, vm_offset_t data, vm_size_t data_count)
{
	(void)memory_object;
	for (vm_offset_t at = 0; at < data_count; at += VM_PAGE_SIZE)
		manager.written_words[(offset + at) / VM_PAGE_SIZE] = *(natural_t *)(uintptr_t)(data + at);
	(void)vm_deallocate(mach_task_self(), data, data_count);
	happened(&manager.writes);
	return KERN_SUCCESS;
}

kern_return_t pager_data_unlock(mach_port_t memory_object, mach_port_t pager_request_port, vm_offset_t offset,
                                vm_size_t length, vm_prot_t desired_access)
{
	(void)memory_object, (void)desired_access;
	happened(&manager.unlocks);
	return pager_data_lock(pager_request_port, offset, length, VM_PROT_NONE);
}

/* This manager is not the default one. */
kern_return_t pager_create(mach_port_t old_memory_object, mach_port_t new_memory_object, mach_port_t new_request_port,
                           mach_port_t new_name)
{
	(void)old_memory_object, (void)new_memory_object, (void)new_request_port, (void)new_name;
	return KERN_FAILURE;
}

kern_return_t pager_terminate(mach_port_t memory_object, mach_port_t pager_request_port, mach_port_t pager_name)
{
	(void)memory_object, (void)pager_request_port, (void)pager_name;
	happened(&manager.terminations);
	return KERN_SUCCESS;
}

static void *manage(void *argument)
{
	(void)mach_msg_server(pager_server, 512, manager.object);
	return argument;
}

static void claim_manager(void)
{
	vm_offset_t address = 0;
	volatile natural_t *words;
	bool right = true;

	mutex_init(&manager.lock);
	condition_init(&manager.changed);
	(void)port_allocate(mach_task_self(), &manager.object);
	cthread_detach(cthread_fork(manage, NULL));
	claim(vm_allocate_with_pager(mach_task_self(), &address, OBJECT_PAGES * VM_PAGE_SIZE, true, manager.object, 0) ==
	      KERN_SUCCESS, "vm_allocate_with_pager");
	words = (volatile natural_t *)(uintptr_t)address;
	for (natural_t page = 0; page < OBJECT_PAGES; page += 3) {
		const natural_t word = page * VM_PAGE_SIZE / sizeof(natural_t) + 17;

		right &= words[word] == word * sizeof(natural_t);
	}
	claim(right && manager.requests == 3, "pages are requested, and come with what the manager provides (%u requests)",
	      manager.requests);
	claim(words[HOLE * VM_PAGE_SIZE / sizeof(natural_t)] == 0, "what is unavailable is zeroes");

	words[0] = 4711;
	claim(words[0] == 4711 && manager.unlocks == 1, "a write to a locked page waits for pager_data_unlock");
	(void)pager_clean_request(manager.request, 0, VM_PAGE_SIZE);
	wait_for(&manager.writes, 1);
	claim(manager.written_words[0] == 4711 && words[0] == 4711, "pager_clean_request brings back what was modified");

	words[1] = 4712;
	words[0] = 4713;
	(void)pager_flush_request(manager.request, 0, OBJECT_PAGES * VM_PAGE_SIZE);
	wait_for(&manager.writes, 2);
	claim(manager.written_words[0] == 4713, "pager_flush_request does so, too");
	right = words[0] == 0 && manager.requests == 5;
	claim(right, "and the page is requested anew when it is used (%u requests)", manager.requests);

	(void)pager_data_lock(manager.request, 3 * VM_PAGE_SIZE, VM_PAGE_SIZE, VM_PROT_READ | VM_PROT_WRITE);
	claim(words[3 * VM_PAGE_SIZE / sizeof(natural_t)] == 3 * VM_PAGE_SIZE,
	      "a page locked against reading is unlocked for it");

	(void)vm_deallocate(mach_task_self(), address, OBJECT_PAGES * VM_PAGE_SIZE);
	wait_for(&manager.terminations, 1);
	claim(manager.terminations == 1, "an object that nobody maps, and that may not be cached, is terminated");

	address = 0;
	(void)vm_allocate_with_pager(mach_task_self(), &address, VM_PAGE_SIZE, true, manager.object, 0);
	right = *(volatile natural_t *)(uintptr_t)(address + 4) == 4;
	(void)pager_cache(manager.request, true);
	(void)vm_deallocate(mach_task_self(), address, VM_PAGE_SIZE);
	(void)vm_allocate_with_pager(mach_task_self(), &address, VM_PAGE_SIZE, true, manager.object, 0);
	manager.requests = 0;
	right &= *(volatile natural_t *)(uintptr_t)(address + 4) == 4;
	claim(right && manager.requests == 0 && manager.terminations == 1, "an object that may be cached keeps its pages");
}

int main(void)
{
	mach_port_t one, other;

	claim(port_allocate(mach_task_self(), &one) == KERN_SUCCESS &&
	      port_allocate(mach_task_self(), &other) == KERN_SUCCESS && one != other, "port_allocate");
	claim_messages(one);
	claim_rpc(one);
	claim_default_group(one, other);
	claim_backlog(other);
	claim(port_deallocate(mach_task_self(), other) == KERN_SUCCESS && !send_word(other, 1), "port_deallocate");
	claim_regions();
	claim_manager();
	return claims_end();
}
