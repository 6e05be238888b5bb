/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * self-test: all that is claimed about the kernel's interface, on the serial line: the same lines on any machine.
 * Wants the servers demand, stacked, fs-f1, fs-f2, fs, serial and timer beside it.
 */
#include "pager/lib/l4/console.h"
#include "scenarios/programs/l4/claims/claims.h"

int program_main(void)
{
	console_open();
	claims_identity();
	claims_threads();
	claims_ipc();
	claims_messages();
	claims_tasks();
	claims_exceptions();
	claims_mapping();
	claims_timeouts();
	claims_clans();
	claims_grant();
	claims_pagers();
	claims_interrupts();
	claims_timer();
	claims_library();
	return claims_end();
}
