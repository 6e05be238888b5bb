/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A first server that says what its arguments are, and ends the run with 42; or, told to "end", just its own task. */
#include "pager/lib/mach/mach.h"
#include "pager/lib/print.h"

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	print("server: %d words:", argc);
	for (int i = 0; i < argc; i++)
		print(" %s", argv[i]);
	print("\n");
	if (argc > 1 && strcmp(argv[1], "end") == 0)
		task_terminate(mach_task_self());
	return 42;
}
