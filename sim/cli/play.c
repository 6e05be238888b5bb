// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Playing scenarios.
 *
 *   open all -> check all --[something is wrong]--> say it all, run nothing
 *            -> make the trace -> run each, in order -> close the trace
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sim/cli/cli.h"
#include "sim/cli/play.h"
#include "sim/core/error.h"
#include "sim/scenario/scenario.h"

struct playing {
	const struct play *play;
	struct muk_scenario **scenario;
	unsigned count;
	struct trace_writer *trace;
	struct outcomes *outcomes;
	char *said;                    /* the diagnostics that were printed last */
};

/* Prints what is wrong with a scenario; the same for several (an override) is printed once. */
static int print_diagnostics(struct playing *playing, struct muk_scenario *scenario, const struct muk_error *error)
{
	const char *text = scenario ? muk_scenario_diagnostics(scenario) : "";
	if (!*text)
		return error_print(error);
	if (!playing->said || strcmp(playing->said, text) != 0)
		fputs(text, stderr);
	free(playing->said);
	playing->said = strdup(text);
	return error_status(error->code);
}

static enum muk_err prepare(const struct play *play, struct muk_scenario **scenario, const char *name,
                            struct muk_error *error)
{
	enum muk_err code = muk_scenario_open(scenario, name, error);
	for (unsigned i = 0; i < play->sets && code == MUK_OK; i++)
		code = muk_scenario_set(*scenario, play->set[i], error);
	if (code == MUK_OK && play->max_cycles)
		muk_scenario_limit(*scenario, play->max_cycles);
	return code == MUK_OK ? muk_scenario_check(*scenario, error) : code;
}

/* A trace tells scenarios apart by their names. */
static int refuse_twins(const struct playing *playing)
{
	for (unsigned i = 0; i < playing->count; i++)
		for (unsigned j = 0; j < i; j++)
			if (!strcmp(muk_scenario_name(playing->scenario[i]), muk_scenario_name(playing->scenario[j]))) {
				fprintf(stderr, "muk: error: scenario %s is given twice: one trace holds it once\n",
				        muk_scenario_name(playing->scenario[i]));
				return STATUS_USAGE;
			}
	return STATUS_FINE;
}

static int prepare_all(struct playing *playing, char *const *name)
{
	int status = STATUS_FINE;
	for (unsigned i = 0; i < playing->count; i++) {
		struct muk_error error = {0};
		if (prepare(playing->play, &playing->scenario[i], name[i], &error) != MUK_OK)
			status = status_worse(status, print_diagnostics(playing, playing->scenario[i], &error));
	}
	if (status == STATUS_FINE && playing->play->trace_path)
		status = refuse_twins(playing);
	return status;
}

/* Parts on their way into an outcome. */
struct taking {
	struct outcome *outcome;
	enum outcome_part_kind kind;
	enum muk_err code;
};

static void take_part(void *ctx, const char *name, uint64_t cycles)
{
	struct taking *taking = ctx;
	if (taking->code == MUK_OK)
		taking->code = outcome_add_part(taking->outcome, taking->kind, name, cycles);
}

static enum muk_err take_runs(struct outcome *outcome, const struct muk_scenario *scenario)
{
	struct taking tasks = {outcome, OUTCOME_TASKS, MUK_OK}, threads = {outcome, OUTCOME_THREADS, MUK_OK};
	const char *status, *reason;
	enum muk_err code = MUK_OK;
	for (unsigned n = 0; code == MUK_OK && scenario_run_end(scenario, n, &status, &reason); n++)
		code = outcome_add_run(outcome, muk_scenario_run_name(scenario, n), status, reason,
		                       muk_scenario_console(scenario, n));
	scenario_each_task(scenario, take_part, &tasks);
	scenario_each_thread(scenario, take_part, &threads);
	outcome_sort_parts(outcome);
	return code ? code : tasks.code ? tasks.code : threads.code;
}

static enum muk_err take_outcome(struct outcomes *outcomes, const struct muk_scenario *scenario)
{
	struct outcome *outcome = outcomes_add(outcomes);
	if (!outcome)
		return MUK_ERR_NOMEM;
	snprintf(outcome->name, sizeof(outcome->name), "%s", muk_scenario_name(scenario));
	snprintf(outcome->title, sizeof(outcome->title), "%s", muk_scenario_title(scenario));
	snprintf(outcome->source, sizeof(outcome->source), "%s", muk_scenario_source(scenario));
	snprintf(outcome->status, sizeof(outcome->status), "%s", muk_scenario_status(scenario));
	snprintf(outcome->reason, sizeof(outcome->reason), "%s", muk_scenario_reason(scenario));
	snprintf(outcome->digest, sizeof(outcome->digest), "%s", muk_scenario_digest(scenario));
	outcome->cycles = muk_scenario_cycles(scenario);
	outcome->instructions = muk_scenario_instructions(scenario);
	for (unsigned i = 0; i < CAUSE_COUNT; i++)
		muk_scenario_ledger(scenario, i, &outcome->ledger[i]);
	const struct metric *metric;
	enum muk_err code = MUK_OK;
	for (unsigned i = 0; code == MUK_OK && (metric = scenario_metric(scenario, i)); i++)
		code = outcome_add_metric(outcome, metric);
	return code ? code : take_runs(outcome, scenario);
}

static void say_progress(const struct playing *playing, unsigned i)
{
	if (!playing->play->progress || !isatty(STDERR_FILENO))
		return;
	if (i < playing->count)
		fprintf(stderr, "\r\033[K%u/%u %s", i + 1, playing->count, muk_scenario_name(playing->scenario[i]));
	else
		fprintf(stderr, "\r\033[K");
}

/* Runs what was prepared; ends at the first error that is not the guest's. */
static enum muk_err run_all(struct playing *playing, int *status, struct muk_error *error)
{
	enum muk_err code = MUK_OK;
	for (unsigned i = 0; i < playing->count && code == MUK_OK; i++) {
		say_progress(playing, i);
		scenario_trace(playing->scenario[i], playing->trace);
		code = muk_scenario_run(playing->scenario[i], error);
		if (code == MUK_OK && take_outcome(playing->outcomes, playing->scenario[i]) != MUK_OK)
			code = error_set(error, MUK_ERR_NOMEM, "no memory for the results");
		say_progress(playing, playing->count);
		if (code != MUK_OK)
			break;
		*status = status_worse(*status, muk_scenario_exit(playing->scenario[i]));
		if (playing->play->ended)
			playing->play->ended(&playing->outcomes->entry[i]);
	}
	return code;
}

static int run_and_trace(struct playing *playing)
{
	int status = STATUS_FINE;
	struct muk_error error = {0}, closing = {0};
	enum muk_err code = MUK_OK;
	if (playing->play->trace_path)
		code = trace_create(&playing->trace, playing->play->trace_path, playing->play->level, &error);
	if (code == MUK_OK)
		code = run_all(playing, &status, &error);
	if (code != MUK_OK) {
		status = status_worse(status, error_print(&error));
		trace_abandon(playing->trace);
	} else if (trace_close(playing->trace, &closing) != MUK_OK) {
		status = status_worse(status, error_print(&closing));
	}
	return status;
}

int play_all(const struct play *play, char *const *name, unsigned names, struct outcomes *outcomes)
{
	struct playing playing = {.play = play, .count = names, .outcomes = outcomes};
	playing.scenario = calloc(names + 1, sizeof(*playing.scenario));
	if (!playing.scenario)
		return error_print(&(struct muk_error){.code = MUK_ERR_NOMEM});
	int status = prepare_all(&playing, name);
	if (status == STATUS_FINE)
		status = run_and_trace(&playing);
	for (unsigned i = 0; i < names; i++)
		muk_scenario_close(playing.scenario[i]);
	free(playing.scenario);
	free(playing.said);
	return status;
}
