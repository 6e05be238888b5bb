/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command muk: what its files share.
 *
 * A subcommand is a table entry: its name, arguments, options and the function
 * that does it; usage, help and the parsing of options come from the tables.
 *
 * Results go to stdout, everything else to stderr.  Exit statuses:
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "mukroscope/error.h"

#define EXIT_STATUSES(X)                                                                       \
	X(FINE, 0, "fine")                                                                     \
	X(EXPECTATION, 1, "an expectation or a regression gate failed")                        \
	X(USAGE, 2, "bad usage or input")                                                      \
	X(GUEST, 3, "the guest failed: panic, triple fault, deadlock")                         \
	X(LIMIT, 4, "a limit was reached")                                                     \
	X(DIGEST, 5, "digests differ")                                                         \
	X(DEFECT, 70, "a defect of the simulator")

enum exit_status {
#define X(name, value, text) STATUS_##name = value,
	EXIT_STATUSES(X)
#undef X
};

/* An option of a subcommand. argument: its name in the usage, NULL for a flag. */
struct option_entry {
	char letter;            /* 0: long form only */
	const char *name, *argument, *help;
};

struct command {
	const char *name, *arguments, *summary;
	const struct option_entry *option; /* ended by name NULL */
	int (*run)(const struct command *command, int argc, char **argv);
	const char *notes;      /* more for --help, or NULL */
};

extern const struct command command_list, command_run, command_report, command_check, command_bench, command_sweep;

/*
 * The next option of argv, as getopt does: its index in command->option with
 * *argument set; OPTIONS_END when the operands begin (*operand: where);
 * OPTIONS_WRONG after printing what was wrong; OPTIONS_HELP after printing help.
 */
enum { OPTIONS_END = -1, OPTIONS_WRONG = -2, OPTIONS_HELP = -3 };
int options_next(const struct command *command, int argc, char **argv, const char **argument, int *operand);
/* "usage: muk run SCENARIO... [-o FILE.db] ..." */
void usage_print(FILE *out, const struct command *command);
/* "muk run: TEXT" and a pointer to --help; returns STATUS_USAGE. */
int usage_wrong(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints an error as "muk: PATH:LINE:COLUMN: error: TEXT" and returns the exit status of its class. */
int error_print(const struct muk_error *error);
/* The exit status of a class of errors. */
int error_status(enum muk_err code);
/* Flushes stdout; an error there (a full disk) is said, and makes a status of 0 or 1 into STATUS_USAGE. */
int output_finish(int status);
/* The more serious of two exit statuses. */
int status_worse(int a, int b);
