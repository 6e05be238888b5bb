/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/l4/family.h"
#include "pager/lib/l4/ports.h"
#include "pager/lib/l4/protocol.h"
#include "pager/lib/l4/thread.h"

enum { FAMILY_PAGER = 1, PRIORITY_AT_MOST = 255 };

extern char thread_begin[];
THREAD_STACK(pager_stack);
static l4_threadid_t pager_thread;
static struct family_window window;
static volatile struct family_notes notes;

void family_set_window(const struct family_window *wanted)
{
	window = *wanted;
}

struct family_notes family_notes(void)
{
	return notes;
}

/* A page that is to be mapped must be here first. */
static void touch(uintptr_t address)
{
	(void)*(volatile uint8_t *)address;
}

static bool may_have(uintptr_t address)
{
	return program_owns(address) || (address & ~(uintptr_t)(PAGE_SIZE - 1)) == L4_KIP_ADDRESS;
}

static bool lies_in(uintptr_t address, uintptr_t begin, uintptr_t end)
{
	return address >= begin && address < end;
}

static void note_fault(uintptr_t address, bool write)
{
	notes.faults++;
	notes.fault_address = address;
	notes.fault_writes = write;
}

static void note_exception(l4_threadid_t from, uint32_t vector)
{
	notes.exceptions++;
	notes.exception_vector = vector;
	notes.exception_task = l4_id_task(from);
}

/* Where the page is, in this space, that answers a fault; NULL: no answer. */
static void *page_for(uintptr_t address, bool write)
{
	if (may_have(address))
		return (void *)address;
	if (lies_in(address, window.begin, window.end)) {
		note_fault(address, write);
		return window.sentinel;
	}
	if (lies_in(address, window.silent_begin, window.silent_end))
		note_fault(address, write);
	return NULL;
}

/* The answer to one message: the send descriptor, with words 0 and 1. No reply to an exception: its thread halts. */
static uint32_t answer(l4_threadid_t from, uint32_t *w0, uint32_t *w1, bool *reply)
{
	uintptr_t address = l4_fault_address(*w0);
	void *page;

	*reply = true;
	if (*w0 == L4_SIGMA0_IO && l4_fpage_is_io(*w1)) {
		*w0 = 0;
		ports_answer(w0, w1);
		return L4_IPC_SHORT_MAP;
	}
	if (l4_is_exception(*w0))
		note_exception(from, l4_exception_vector(*w0));
	page = l4_is_exception(*w0) ? NULL : page_for(address, l4_is_write_fault(*w0));
	if (page == NULL) {
		*reply = false;
		return L4_IPC_SHORT;
	}
	touch((uintptr_t)page);
	*w0 = address & ~(uintptr_t)(PAGE_SIZE - 1);
	*w1 = L4_FPAGE(page, L4_PAGE_SHIFT, L4_FPAGE_WRITE);
	return L4_IPC_SHORT_MAP;
}

static void page_for_family(void *unused)
{
	l4_threadid_t from;
	uint32_t w0, w1;
	l4_msgdope_t dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	(void)unused;
	for (;;) {
		bool reply = false;
		uint32_t send = L4_IPC_SHORT;

		if (l4_dope_error(dope) == 0)
			send = answer(from, &w0, &w1, &reply);
		dope = reply ? l4_ipc_reply_and_wait(&from, send, &w0, &w1, L4_IPC_SHORT, L4_SEND_ZERO)
		             : l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	}
}

void family_open(void)
{
	pager_thread = thread_start(FAMILY_PAGER, pager_stack, sizeof(pager_stack), page_for_family, NULL);
}

l4_threadid_t family_pager(void)
{
	return pager_thread;
}

uint32_t family_task_number(void)
{
	uint32_t w0 = ROOT_TASK, w1 = 0;
	l4_msgdope_t dope = l4_ipc_call(L4_ROOT_ID, L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	return l4_dope_error(dope) == 0 ? w0 : 0;
}

l4_threadid_t family_start_in(uint32_t task, void *stack, size_t size, void (*function)(void *), void *argument)
{
	uint32_t sp = thread_prepare_stack(stack, size, function, argument);

	return l4_task_new(l4_task_id(task), PRIORITY_AT_MOST, (uint32_t)thread_begin, sp, pager_thread);
}

l4_threadid_t family_start(void *stack, size_t size, void (*function)(void *), void *argument)
{
	uint32_t task = family_task_number();

	return task == 0 ? L4_NIL_ID : family_start_in(task, stack, size, function, argument);
}

void family_end(l4_threadid_t task)
{
	l4_task_new(task, 0, 0, 0, L4_NIL_ID);
}
