// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * muk sweep: one scenario in all configurations of a plan.
 *
 *   load the plan -> look at every configuration --[something is wrong]--> say it all, run nothing
 *     -> take up FILE.db.part -> run what is left, in N processes -> FILE.db, in the plan's order -> remove FILE.db.part
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sim/cli/cli.h"
#include "sim/cli/sweep.h"
#include "sim/core/error.h"

enum { OPTION_JOBS, OPTION_OUTPUT, OPTION_JSON };
static const struct option_entry options[] = {
	[OPTION_JOBS] = {'j', "jobs", "N", "run so many configurations at once (the host's processors)"},
	[OPTION_OUTPUT] = {'o', "output", "FILE.db", "write the results, which muk report reads; what is finished is kept in "
	                                             "FILE.db.part until all is"},
	[OPTION_JSON] = {0, "json", NULL, "print JSON"},
	{0},
};

struct sweeping {
	struct sweep_results results;
	struct diagnostics diagnostics;
	const char *plan, *output;
	char *part_path;
	unsigned jobs;
	bool json;
	struct sweep_part *part;
	struct trace_writer *trace;
	unsigned finished;
	struct muk_error error;               /* of keeping results */
};

/* --- the plan --- */

static struct yaml_node *parse_embedded(struct sweeping *sweeping)
{
	enum { PLANS = 64 };
	const char *names[PLANS], *text;
	char file[80], hint[128];
	size_t size;
	unsigned n = 0;

	for (; n < PLANS && (names[n] = sweep_plan_embedded(n, &text, &size)); n++)
		if (!strcmp(names[n], sweeping->plan)) {
			snprintf(file, sizeof(file), "%.64s.yaml", names[n]);
			return yaml_parse(file, text, size, &sweeping->diagnostics);
		}
	const char *nearest = yaml_nearest(sweeping->plan, names, n);
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%.64s\"?", nearest);
	else
		snprintf(hint, sizeof(hint), "plans are listed by muk list; a file of yours is written with its .yaml");
	diagnose_file(&sweeping->diagnostics, MUK_ERR_INPUT, "", hint, "expected a plan, got \"%.64s\"", sweeping->plan);
	return NULL;
}

static struct yaml_node *parse_plan(struct sweeping *sweeping)
{
	size_t size = strlen(sweeping->plan);

	if (strchr(sweeping->plan, '/') || (size > 5 && !strcmp(sweeping->plan + size - 5, ".yaml")))
		return yaml_parse_file(sweeping->plan, &sweeping->diagnostics);
	return parse_embedded(sweeping);
}

static void say(void *ctx, const char *text)
{
	(void)ctx;
	fputs(text, stderr);
	if (*text && text[strlen(text) - 1] != '\n')
		fputc('\n', stderr);
}

static int load(struct sweeping *sweeping)
{
	struct muk_error error = {0};
	struct yaml_node *root = parse_plan(sweeping);

	if (root && sweep_plan_load(&sweeping->results.plan, root, &sweeping->diagnostics)) {
		enum muk_err code = sweep_plan_check(&sweeping->results.plan, say, NULL, &error);
		if (code == MUK_OK)
			code = sweep_results_init(&sweeping->results, &error);
		return code == MUK_ERR_INPUT ? STATUS_USAGE : code ? error_print(&error) : STATUS_FINE;
	}
	char *text = diagnostics_render(&sweeping->diagnostics);
	fputs(text ? text : "muk: error: no memory to say what is wrong\n", stderr);
	free(text);
	return error_status(diagnostics_error(&sweeping->diagnostics, &error));
}

/* --- progress --- */

static void say_progress(const struct sweeping *sweeping)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (sweeping->finished < sweeping->results.plan.configurations)
		fprintf(stderr, "\r\033[K%u/%u configurations", sweeping->finished, sweeping->results.plan.configurations);
	else
		fprintf(stderr, "\r\033[K");
	fflush(stderr);
}

/* --- running --- */

/* Keeps a result; one that does not belong to the plan ends the reading of a part file. */
static bool keep(struct sweeping *sweeping, const void *bytes, size_t size)
{
	struct sweep_results *results = &sweeping->results;
	struct sweep_result result;

	if (!sweep_result_unpack(&result, bytes, size))
		return false;
	uint32_t number = result.configuration;
	if (number >= results->plan.configurations || results->known[number]) {
		sweep_result_free(&result);
		return false;
	}
	results->result[number] = result;
	results->known[number] = true;
	sweeping->finished++;
	return true;
}

static bool take_up(void *ctx, const void *bytes, size_t size)
{
	return keep(ctx, bytes, size);
}

/* What the simulator or the host could not do is not kept: the next time it may. */
static bool is_lasting(const struct sweep_result *result)
{
	return strcmp(result->status, "error") && strcmp(result->status, "defect");
}

static bool take_finished(void *ctx, unsigned configuration, const void *bytes, size_t size)
{
	struct sweeping *sweeping = ctx;

	if (!keep(sweeping, bytes, size)) {
		error_set(&sweeping->error, MUK_ERR_NOMEM, "no memory for the results");
		return false;
	}
	say_progress(sweeping);
	if (!sweeping->part || !is_lasting(&sweeping->results.result[configuration]))
		return true;
	return sweep_part_add(sweeping->part, bytes, size, &sweeping->error) == MUK_OK;
}

static enum muk_err open_output(struct sweeping *sweeping, struct muk_error *error)
{
	size_t size = strlen(sweeping->output) + sizeof(".part");

	sweeping->part_path = malloc(size);
	if (!sweeping->part_path)
		return error_set(error, MUK_ERR_NOMEM, "no memory for a path");
	snprintf(sweeping->part_path, size, "%s.part", sweeping->output);
	enum muk_err code = sweep_part_open(&sweeping->part, sweeping->part_path, sweeping->results.plan.identity, take_up,
	                                    sweeping, error);
	return code ? code : trace_create(&sweeping->trace, sweeping->output, TRACE_NONE, error);
}

static enum muk_err run(struct sweeping *sweeping, struct muk_error *error)
{
	unsigned count = sweeping->results.plan.configurations;
	bool *skip = malloc(count * sizeof(*skip));

	if (!skip)
		return error_set(error, MUK_ERR_NOMEM, "no memory for the sweep");
	memcpy(skip, sweeping->results.known, count * sizeof(*skip));
	struct sweep_work work = {.plan = &sweeping->results.plan, .jobs = sweeping->jobs, .skip = skip,
	                          .finished = take_finished, .ctx = sweeping};
	say_progress(sweeping);
	enum muk_err code = sweep_work(&work, error);
	if (code == MUK_OK && sweeping->error.code) {
		*error = sweeping->error;
		code = error->code;
	}
	free(skip);
	return code;
}

/* Everything that is known into the database, which is complete then. */
static enum muk_err write_output(struct sweeping *sweeping, struct muk_error *error)
{
	if (!sweeping->trace)
		return MUK_OK;
	sweep_results_write(&sweeping->results, sweeping->trace);
	enum muk_err code = trace_close(sweeping->trace, error);
	sweeping->trace = NULL;
	sweep_part_close(sweeping->part, code == MUK_OK);
	sweeping->part = NULL;
	return code;
}

static int run_and_write(struct sweeping *sweeping)
{
	struct muk_error error = {0};
	enum muk_err code = sweeping->output ? open_output(sweeping, &error) : MUK_OK;

	if (code == MUK_OK)
		code = run(sweeping, &error);
	if (code == MUK_OK)
		code = write_output(sweeping, &error);
	if (code != MUK_OK)
		return error_print(&error);
	if (sweeping->json)
		sweep_json(stdout, &sweeping->results);
	else
		sweep_text(stdout, &sweeping->results);
	return sweep_status(&sweeping->results);
}

/* --- the command --- */

static bool parse_jobs(const struct command *command, const char *text, unsigned *jobs)
{
	char *end;
	errno = 0;
	unsigned long value = strtoul(text, &end, 10);
	if (*text >= '1' && *text <= '9' && !*end && !errno && value <= SWEEP_JOBS_MAX) {
		*jobs = (unsigned)value;
		return true;
	}
	usage_wrong(command, "-j is a number from 1 to %d, not '%s'", SWEEP_JOBS_MAX, text);
	return false;
}

static unsigned processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > SWEEP_JOBS_MAX ? SWEEP_JOBS_MAX : (unsigned)count;
}

static int parse(struct sweeping *sweeping, const struct command *command, int argc, char **argv)
{
	const char *argument;
	int option, operand;

	while ((option = options_next(command, argc, argv, &argument, &operand)) >= 0) {
		switch (option) {
		case OPTION_OUTPUT: sweeping->output = argument; break;
		case OPTION_JSON: sweeping->json = true; break;
		default:
			if (!parse_jobs(command, argument, &sweeping->jobs))
				return OPTIONS_WRONG;
		}
	}
	if (option != OPTIONS_END)
		return option;
	if (operand + 1 != argc) {
		usage_wrong(command, "%s", operand == argc ? "which plan? muk list knows them" : "one plan at a time");
		return OPTIONS_WRONG;
	}
	sweeping->plan = argv[operand];
	return OPTIONS_END;
}

static int sweep(const struct command *command, int argc, char **argv)
{
	struct sweeping *sweeping = calloc(1, sizeof(*sweeping));

	if (!sweeping)
		return error_print(&(struct muk_error){.code = MUK_ERR_NOMEM});
	sweeping->jobs = processors();
	diagnostics_init(&sweeping->diagnostics);
	int parsed = parse(sweeping, command, argc, argv), status = STATUS_USAGE;
	if (parsed == OPTIONS_HELP)
		status = STATUS_FINE;
	else if (parsed == OPTIONS_END && (status = load(sweeping)) == STATUS_FINE)
		status = run_and_write(sweeping);
	trace_abandon(sweeping->trace);
	sweep_part_close(sweeping->part, false);
	sweep_results_free(&sweeping->results);
	diagnostics_free(&sweeping->diagnostics);
	free(sweeping->part_path);
	free(sweeping);
	return status;
}

const struct command command_sweep = {
	.name = "sweep", .arguments = "PLAN", .summary = "Runs one scenario in many configurations, side by side",
	.option = options, .run = sweep,
	.notes = "A plan is a name that muk list shows, or a file (with a '/' or ending in .yaml). A sweep that was ended\n"
	         "goes on where it was if it is called again with the same -o. What is in FILE.db does not depend on -j.\n"
	         "The exit status is the worst of the configurations'; none stops the others.\n",
};
