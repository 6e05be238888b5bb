// SPDX-License-Identifier: GPL-2.0-or-later
/* Outcomes: collecting them, and reading them from a trace. */
#include <stdlib.h>
#include <string.h>
#include "sim/cli/cli.h"
#include "sim/cli/outcome.h"
#include "sim/core/error.h"
#include "sim/machine/machine.h"

struct outcome *outcomes_add(struct outcomes *outcomes)
{
	struct outcome *grown = realloc(outcomes->entry, (outcomes->count + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	outcomes->entry = grown;
	grown[outcomes->count] = (struct outcome){0};
	return &grown[outcomes->count++];
}

enum muk_err outcome_add_metric(struct outcome *outcome, const struct metric *metric)
{
	if (outcome->metrics % 64 == 0) {
		struct metric *grown = realloc(outcome->metric, (outcome->metrics + 64) * sizeof(*grown));
		if (!grown)
			return MUK_ERR_NOMEM;
		outcome->metric = grown;
	}
	outcome->metric[outcome->metrics++] = *metric;
	return MUK_OK;
}

enum muk_err outcome_add_run(struct outcome *outcome, const char *name, const char *status, const char *reason,
                             const char *console)
{
	struct outcome_run *grown = realloc(outcome->run, (outcome->runs + 1) * sizeof(*grown));
	if (!grown)
		return MUK_ERR_NOMEM;
	outcome->run = grown;
	struct outcome_run *run = &grown[outcome->runs];
	*run = (struct outcome_run){.console = console ? strdup(console) : NULL};
	if (console && !run->console)
		return MUK_ERR_NOMEM;
	outcome->runs++;
	snprintf(run->name, sizeof(run->name), "%s", name);
	snprintf(run->status, sizeof(run->status), "%s", status);
	snprintf(run->reason, sizeof(run->reason), "%s", reason);
	return MUK_OK;
}

enum muk_err outcome_add_part(struct outcome *outcome, enum outcome_part_kind kind, const char *name, uint64_t cycles)
{
	unsigned n = 0, count = outcome->parts[kind];
	if (!*name)
		return MUK_OK;
	while (n < count && strcmp(outcome->part[kind][n].name, name))
		n++;
	if (n == count) {
		struct outcome_part *grown = realloc(outcome->part[kind], (count + 1) * sizeof(*grown));
		if (!grown)
			return MUK_ERR_NOMEM;
		outcome->part[kind] = grown;
		outcome->parts[kind]++;
		grown[n].cycles = 0;
		snprintf(grown[n].name, sizeof(grown[n].name), "%s", name);
	}
	outcome->part[kind][n].cycles += cycles;
	return MUK_OK;
}

static int by_cycles(const void *a, const void *b)
{
	const struct outcome_part *left = a, *right = b;
	if (left->cycles != right->cycles)
		return left->cycles > right->cycles ? -1 : 1;
	return strcmp(left->name, right->name);
}

void outcome_sort_parts(struct outcome *outcome)
{
	for (unsigned kind = 0; kind < OUTCOME_PARTS; kind++)
		if (outcome->parts[kind])
			qsort(outcome->part[kind], outcome->parts[kind], sizeof(*outcome->part[kind]), by_cycles);
}

static void outcome_free(struct outcome *outcome)
{
	for (unsigned n = 0; n < outcome->runs; n++)
		free(outcome->run[n].console);
	for (unsigned kind = 0; kind < OUTCOME_PARTS; kind++)
		free(outcome->part[kind]);
	free(outcome->run);
	free(outcome->metric);
}

void outcomes_free(struct outcomes *outcomes)
{
	for (unsigned i = 0; i < outcomes->count; i++)
		outcome_free(&outcomes->entry[i]);
	free(outcomes->entry);
	*outcomes = (struct outcomes){0};
}

/* --- from a trace --- */
static bool read_scenario(void *ctx, const struct trace_scenario *scenario)
{
	struct outcome *outcome = outcomes_add(ctx);
	if (!outcome)
		return false;
	snprintf(outcome->name, sizeof(outcome->name), "%s", scenario->name);
	snprintf(outcome->title, sizeof(outcome->title), "%s", scenario->title);
	snprintf(outcome->source, sizeof(outcome->source), "%s", scenario->source);
	snprintf(outcome->status, sizeof(outcome->status), "%s", scenario->status);
	snprintf(outcome->reason, sizeof(outcome->reason), "%s", scenario->reason);
	snprintf(outcome->digest, sizeof(outcome->digest), "%s", scenario->digest);
	outcome->cycles = scenario->cycles;
	outcome->instructions = scenario->instructions;
	return true;
}

/* A run whose scenario has no row of its own: the command died before the scenario's end. */
static bool read_orphan(void *ctx, uint32_t id, const char *scenario, const char *run, const char *model,
                        const struct trace_result *result)
{
	(void)id, (void)run, (void)model;
	struct outcomes *outcomes = ctx;
	struct outcome *outcome = NULL;
	for (unsigned i = 0; i < outcomes->count && !outcome; i++)
		if (!strcmp(outcomes->entry[i].name, scenario))
			outcome = &outcomes->entry[i];
	if (outcome && strcmp(outcome->status, "incomplete") != 0)
		return true;
	if (!outcome) {
		outcome = outcomes_add(outcomes);
		if (!outcome)
			return false;
		snprintf(outcome->name, sizeof(outcome->name), "%s", scenario);
		snprintf(outcome->status, sizeof(outcome->status), "incomplete");
	}
	outcome->cycles += result->cycles;
	outcome->instructions += result->instructions;
	return true;
}

static bool read_metric(void *ctx, const struct metric *metric)
{
	return outcome_add_metric(ctx, metric) == MUK_OK;
}

static bool read_run(void *ctx, uint32_t id, const char *scenario, const char *run, const char *model,
                     const struct trace_result *result)
{
	(void)id, (void)scenario, (void)model;
	return outcome_add_run(ctx, run, result->status, result->reason, NULL) == MUK_OK;
}

static bool read_task(void *ctx, const char *name, cycle_t cycles)
{
	return outcome_add_part(ctx, OUTCOME_TASKS, name, cycles) == MUK_OK;
}

static bool read_thread(void *ctx, const char *name, cycle_t cycles)
{
	return outcome_add_part(ctx, OUTCOME_THREADS, name, cycles) == MUK_OK;
}

static bool read_cause(void *ctx, const char *cause, cycle_t cycles)
{
	struct outcome *outcome = ctx;
	for (int i = 0; i < CAUSE_COUNT; i++)
		if (!strcmp(ledger_cause_name((enum ledger_cause)i), cause))
			outcome->ledger[i] = cycles;
	return true;
}

static enum muk_err read_parts(struct outcome *outcome, struct trace_reader *reader, struct muk_error *error)
{
	enum muk_err code = trace_each_metric(reader, outcome->name, read_metric, outcome, error);
	if (code == MUK_OK)
		code = trace_each_cause(reader, outcome->name, read_cause, outcome, error);
	if (code == MUK_OK)
		code = trace_each_run(reader, outcome->name, read_run, outcome, error);
	if (code == MUK_OK)
		code = trace_each_task(reader, outcome->name, read_task, outcome, error);
	if (code == MUK_OK)
		code = trace_each_thread(reader, outcome->name, read_thread, outcome, error);
	outcome_sort_parts(outcome);
	return code;
}

enum muk_err outcomes_read(struct outcomes *outcomes, const char *path, struct muk_error *error)
{
	struct trace_reader *reader;
	*outcomes = (struct outcomes){0};
	enum muk_err code = trace_open(&reader, path, error);
	if (code != MUK_OK)
		return code;
	outcomes->incomplete = trace_incomplete(reader);
	code = trace_each_scenario(reader, read_scenario, outcomes, error);
	if (code == MUK_OK)
		code = trace_each_run(reader, NULL, read_orphan, outcomes, error);
	for (unsigned i = 0; code == MUK_OK && i < outcomes->count; i++)
		code = read_parts(&outcomes->entry[i], reader, error);
	trace_reader_close(reader);
	return code;
}

/* --- what it amounts to --- */
void score_add(struct score *score, const struct outcome *outcome)
{
	for (unsigned i = 0; i < outcome->metrics; i++) {
		const char *verdict = outcome->metric[i].verdict;
		score->within += !strcmp(verdict, "within");
		score->outside += !strcmp(verdict, "outside");
		score->calibrated += !strcmp(verdict, "calibrated");
		score->input += !strcmp(verdict, "input");
		score->info += !strcmp(verdict, "info");
	}
}

struct score outcomes_score(const struct outcomes *outcomes)
{
	struct score score = {0};
	for (unsigned i = 0; i < outcomes->count; i++)
		score_add(&score, &outcomes->entry[i]);
	return score;
}

int outcome_status(const struct outcome *outcome)
{
	static const struct {
		const char *text;
		int status;
	} ends[] = {
#define X(name, text, status) {text, status},
		MACHINE_STATUSES(X)
#undef X
	};
	struct score score = {0};
	score_add(&score, outcome);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (!strcmp(ends[i].text, outcome->status) && ends[i].status != 0)
			return ends[i].status;
	return score.outside || !strcmp(outcome->status, "unexpected") ? STATUS_EXPECTATION : STATUS_FINE;
}
