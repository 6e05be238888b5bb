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

void outcomes_free(struct outcomes *outcomes)
{
	for (unsigned i = 0; i < outcomes->count; i++)
		free(outcomes->entry[i].metric);
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

static bool read_cause(void *ctx, const char *cause, cycle_t cycles)
{
	struct outcome *outcome = ctx;
	for (int i = 0; i < CAUSE_COUNT; i++)
		if (!strcmp(ledger_cause_name((enum ledger_cause)i), cause))
			outcome->ledger[i] = cycles;
	return true;
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
	for (unsigned i = 0; code == MUK_OK && i < outcomes->count; i++) {
		struct outcome *outcome = &outcomes->entry[i];
		code = trace_each_metric(reader, outcome->name, read_metric, outcome, error);
		if (code == MUK_OK)
			code = trace_each_cause(reader, outcome->name, read_cause, outcome, error);
	}
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
