// SPDX-License-Identifier: GPL-2.0-or-later
/* muk run: plays scenarios and prints what came of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "sim/cli/cli.h"
#include "sim/cli/play.h"

enum { OPTION_OUTPUT, OPTION_SET, OPTION_JSON, OPTION_MAX_CYCLES, OPTION_TRACE, OPTION_VERBOSE };
static const struct option_entry options[] = {
	[OPTION_OUTPUT] = {'o', "output", "FILE.db", "write a trace, which muk report reads"},
	[OPTION_SET] = {0, "set", "KEY=VALUE",
	                "override a key of the scenario (limit=1Mcyc) or of its models (tlb.entries=64); repeatable"},
	[OPTION_JSON] = {0, "json", NULL, "print JSON: an object, or an array for several scenarios"},
	[OPTION_MAX_CYCLES] = {0, "max-cycles", "N", "end each run after so many cycles (status limit, exit 4)"},
	[OPTION_TRACE] = {0, "trace", "LEVEL", "what -o stores: none, events (as without it) or all"},
	[OPTION_VERBOSE] = {'v', "verbose", NULL, "print also what tasks and threads took, and each run's console"},
	{0},
};

enum { SETS_MAX = 64 };

struct arguments {
	struct play play;
	char *set[SETS_MAX];
	bool json, verbose;
};

static bool parse_level(const struct command *command, const char *word, enum trace_level *level)
{
	static const char *const words[] = {"none", "events", "all"};
	for (int i = 0; i < 3; i++)
		if (!strcmp(word, words[i])) {
			*level = (enum trace_level)i;
			return true;
		}
	usage_wrong(command, "--trace is one of none, events, all; not '%s'", word);
	return false;
}

static bool parse_cycles(const struct command *command, const char *text, uint64_t *cycles)
{
	char *end;
	errno = 0;
	*cycles = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *cycles)
		return true;
	usage_wrong(command, "--max-cycles is a number of cycles from 1 on, not '%s'", text);
	return false;
}

static bool parse_set(const struct command *command, struct arguments *arguments, const char *text)
{
	const char *equals = strchr(text, '=');
	if (!equals || equals == text) {
		usage_wrong(command, "--set is KEY=VALUE, not '%s'", text);
		return false;
	}
	if (arguments->play.sets == SETS_MAX) {
		usage_wrong(command, "at most %d times --set", SETS_MAX);
		return false;
	}
	arguments->set[arguments->play.sets++] = (char *)(uintptr_t)text;
	return true;
}

static bool take_option(const struct command *command, struct arguments *arguments, int option, const char *argument)
{
	switch (option) {
	case OPTION_OUTPUT: arguments->play.trace_path = argument; return true;
	case OPTION_SET: return parse_set(command, arguments, argument);
	case OPTION_VERBOSE: arguments->verbose = true; return true;
	case OPTION_JSON: arguments->json = true; return true;
	case OPTION_MAX_CYCLES: return parse_cycles(command, argument, &arguments->play.max_cycles);
	default: return parse_level(command, argument, &arguments->play.level);
	}
}

/* The index of the first scenario in argv; OPTIONS_WRONG, OPTIONS_HELP. */
static int parse(const struct command *command, struct arguments *arguments, int argc, char **argv)
{
	const char *argument;
	int option, operand;
	*arguments = (struct arguments){.play = {.level = TRACE_EVENTS, .progress = true}};
	while ((option = options_next(command, argc, argv, &argument, &operand)) >= 0)
		if (!take_option(command, arguments, option, argument))
			return OPTIONS_WRONG;
	if (option != OPTIONS_END)
		return option;
	arguments->play.set = arguments->set;
	if (operand == argc) {
		usage_wrong(command, "which scenario? muk list knows them");
		return OPTIONS_WRONG;
	}
	return operand;
}

/* As it ends: what ended well is on the page, whatever becomes of the next. */
static void print_ended(const struct outcome *outcome)
{
	text_print_outcome(stdout, outcome);
	fflush(stdout);
}

static void print_ended_and_more(const struct outcome *outcome)
{
	text_print_outcome(stdout, outcome);
	text_print_more(stdout, outcome);
	fflush(stdout);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct arguments arguments;
	struct outcomes outcomes = {0};
	int first = parse(command, &arguments, argc, argv);
	if (first < 0)
		return first == OPTIONS_HELP ? STATUS_FINE : STATUS_USAGE;
	arguments.play.ended = arguments.json ? NULL : arguments.verbose ? print_ended_and_more : print_ended;
	int status = play_all(&arguments.play, argv + first, (unsigned)(argc - first), &outcomes);
	if (outcomes.count && arguments.json)
		json_print(stdout, &outcomes);
	else if (outcomes.count)
		text_print_score(stdout, &outcomes);
	outcomes_free(&outcomes);
	return status;
}

const struct command command_run = {
	.name = "run", .arguments = "SCENARIO...", .summary = "Plays scenarios; prints scorecard, ledger and digest",
	.option = options, .run = run,
	.notes = "A scenario is a name that muk list shows, or a file (with a '/' or ending in .yaml).\n",
};
