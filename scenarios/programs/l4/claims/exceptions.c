/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exceptions of a program are messages to its pager; page faults say where, and whether it was a write. */
#include "scenarios/programs/l4/claims/claims.h"
#include "raise.h"

static uint8_t stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

#define MAKE(raise_, vector_, what_)              \
	static void make_##raise_(void *unused)   \
	{                                         \
		(void)unused;                     \
		raise_();                         \
	}
EXCEPTIONS(MAKE)

static void states_exception(uint32_t number, void (*function)(void *), uint32_t vector, const char *what)
{
	uint32_t before = family_notes().exceptions;
	l4_threadid_t task = family_start_in(number, stack, sizeof(stack), function, NULL);

	helper_pause(8);
	claim(family_notes().exceptions == before + 1 && family_notes().exception_vector == vector &&
	      family_notes().exception_task == l4_id_task(task), "exceptions: %s is exception %u, told to the pager",
	      what, (unsigned)vector);
}

static void states_fault(bool write)
{
	struct member_order o = { .operation = write ? MEMBER_WRITE : MEMBER_READ, .address = WINDOW + 0x80124,
		.value = 1 };
	uint32_t before = family_notes().faults;

	member_unmap(0, L4_FPAGE(WINDOW, WINDOW_LOG2, 0), L4_UNMAP_ALL | L4_UNMAP_SELF);
	member_obey(0, &o);
	claim(family_notes().faults == before + 1 && family_notes().fault_address == WINDOW + 0x80124 &&
	      family_notes().fault_writes == write, "page faults: a %s is told with its address",
	      write ? "write" : "read");
}

void claims_exceptions(void)
{
	uint32_t number;

	members_open();
	number = family_task_number();
#define STATES(raise_, vector_, what_) states_exception(number, make_##raise_, vector_, what_);
	EXCEPTIONS(STATES)
	family_end(l4_task_id(number));
	states_fault(false);
	states_fault(true);
}
