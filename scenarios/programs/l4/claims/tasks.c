/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks: made and killed by their chief; ids are never used again. */
#include "scenarios/programs/l4/claims/claims.h"

static uint8_t stack[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

void claims_tasks(void)
{
	uint32_t number, error;
	l4_threadid_t first, second;

	members_open();
	number = family_task_number();
	claim(number != 0, "tasks: root gives a task number away");
	first = family_start_in(number, stack, sizeof(stack), helper_echo, NULL);
	claim(!l4_id_is_nil(first) && l4_id_task(first) == number, "tasks: its owner makes a task of that number");
	claim(l4_id_chief(first) == l4_id_task(l4_myself()), "tasks: and is its chief");
	claim(helper_call(first, 5, 0, &error) == 6 && error == 0, "tasks: the task lives");
	family_end(first);
	helper_call(first, 5, 0, &error);
	claim(error == L4_ENOT_EXISTENT, "tasks: killed, it is not there any more");
	second = family_start_in(number, stack, sizeof(stack), helper_echo, NULL);
	claim(!l4_id_equal(first, second), "tasks: another task of the same number has another id");
	helper_call(first, 5, 0, &error);
	claim(error == L4_ENOT_EXISTENT, "tasks: and is not reached under the old one");
	claim(helper_call(second, 8, 0, &error) == 9 && error == 0, "tasks: but under its own");
	family_end(second);
	claim(l4_id_is_nil(family_start_in(L4_SIGMA0_TASK, stack, sizeof(stack), helper_echo, NULL)),
	      "tasks: a number that is somebody else's makes nothing");
}
