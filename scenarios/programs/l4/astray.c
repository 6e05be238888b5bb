/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * astray: a program that ends in none of the good ways, to see what becomes of the run.
 *
 * Argument: how=
 *   touch    writes to memory that is not its own: root ends the run
 *   divide   divides by zero, or has whatever exception of arithmetic there is: it goes to root, which ends the run
 *   wait     waits for a message from nobody: nothing can ever happen again
 *   loop     runs for ever
 *   code     ends with a code that is not 0
 */
#include "pager/lib/l4/program.h"
#include "pager/lib/l4/thread.h"
#include "raise.h"

enum { NOT_MINE = 0x00300000, A_CODE = 7 };

static void touch(void)
{
	*(volatile uint32_t *)NOT_MINE = 1;
}

static void loop(void)
{
	for (;;)
		__asm__ volatile("");
}

int program_main(void)
{
	if (argument_is("how", "touch"))
		touch();
	if (argument_is("how", "divide"))
		raise_arithmetic();
	if (argument_is("how", "wait"))
		thread_end();
	if (argument_is("how", "loop"))
		loop();
	return argument_is("how", "code") ? A_CODE : 0;
}
