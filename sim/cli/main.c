// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * muk: the command.  Finds the subcommand in the table and runs it.
 *
 *   muk [--help | --version] | muk help COMMAND | muk COMMAND ARGUMENT...
 */
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include "sim/cli/cli.h"
#include "traces/trace.h"

static const struct command *const commands[] = {
	&command_list, &command_run, &command_report, &command_sweep, &command_check,
	&command_bench,
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static const struct command *find_command(const char *name)
{
	for (int i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static void print_help(FILE *out)
{
	fprintf(out, "usage: muk COMMAND [ARGUMENT...]\n\n"
	             "Replays the benchmarks of operating-system papers on simulated processors,\n"
	             "with every cycle accounted for.\n\ncommands:\n");
	for (int i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(out, "  %-8s %s\n", "help", "What a command does, and its options");
	fprintf(out, "\nexit status:\n");
#define X(name, value, text) fprintf(out, "  %2d  %s\n", value, text);
	EXIT_STATUSES(X)
#undef X
	fprintf(out, "\nstart here:\n  muk list\n  muk run l95-t2-rpc -o run.db\n  muk report run.db --html run.html\n");
}

static int print_version(void)
{
	printf("muk %s, traces of schema %d, SQLite %s\n", MUK_VERSION, TRACE_SCHEMA, sqlite3_libversion());
	return output_finish(STATUS_FINE);
}

static int unknown_command(const char *name)
{
	fprintf(stderr, "muk: there is no command '%s'; the commands are", name);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(stderr, "%s %s", i ? "," : "", commands[i]->name);
	fprintf(stderr, "\n");
	return STATUS_USAGE;
}

/* muk help [COMMAND] */
static int help(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stdout);
		return output_finish(STATUS_FINE);
	}
	const struct command *command = find_command(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	char name[] = "muk", option[] = "--help";
	char *arguments[] = {name, option, NULL};
	return output_finish(command->run(command, 2, arguments));
}

int main(int argc, char **argv)
{
	signal(SIGXFSZ, SIG_IGN); /* a file too large is an error of writing, told as such */
	if (argc < 2) {
		print_help(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return print_version();
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(argc - 1, argv + 1);
	const struct command *command = find_command(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	return output_finish(command->run(command, argc - 1, argv + 1));
}
