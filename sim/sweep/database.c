/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sweep's results in a database (traces/sweep.h), and out of one. */
#include "sim/core/error.h"
#include "sim/sweep/sweep.h"
#include "traces/sweep.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum muk_err sweep_results_init(struct sweep_results *results, struct muk_error *error)
{
	results->result = calloc(results->plan.configurations, sizeof(*results->result));
	results->known = calloc(results->plan.configurations, sizeof(*results->known));
	if (results->result && results->known)
		return MUK_OK;
	return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
}

void sweep_results_free(struct sweep_results *results)
{
	for (unsigned n = 0; results->result && n < results->plan.configurations; n++)
		sweep_result_free(&results->result[n]);
	free(results->result);
	free(results->known);
	sweep_plan_free(&results->plan);
	memset(results, 0, sizeof(*results));
}

/* --- writing --- */

static void write_plan(const struct sweep_plan *plan, struct trace_writer *writer)
{
	char *text = yaml_print(plan->root);
	struct trace_sweep sweep = {plan->name, plan->title, plan->source, plan->scenario, text ? text : "",
	                            plan->identity};

	trace_sweep(writer, &sweep);
	for (unsigned n = 0; n < plan->axes; n++)
		trace_axis(writer, n, plan->axis[n].name);
	free(text);
}

static void write_values(const struct sweep_plan *plan, const struct sweep_result *result, struct trace_writer *writer)
{
	uint32_t number = result->configuration;

	for (unsigned n = 0; n < plan->axes; n++)
		if (plan->configuration[number].value[n] != SWEEP_ANY)
			trace_setting(writer, number, n, plan->axis[n].label[plan->configuration[number].value[n]]);
	for (unsigned n = 0; n < CAUSE_COUNT; n++)
		if (result->ledger[n])
			trace_configuration_cost(writer, number, ledger_cause_name((enum ledger_cause)n),
			                         result->ledger[n]);
	for (unsigned n = 0; n < SWEEP_FIELD_COUNT && plan->operation.value; n++)
		trace_operation(writer, number, sweep_field_name(n), result->field[n]);
	for (unsigned n = 0; n < result->metrics; n++) {
		const struct sweep_metric *metric = &result->metric[n];
		struct trace_result_row row = {metric->id, metric->name, metric->unit, metric->verdict, metric->value};
		trace_sweep_result(writer, number, &row);
	}
}

enum muk_err sweep_results_write(const struct sweep_results *results, struct trace_writer *writer)
{
	const struct sweep_plan *plan = &results->plan;
	enum muk_err code = MUK_OK;

	write_plan(plan, writer);
	for (unsigned n = 0; n < plan->configurations; n++) {
		const struct sweep_result *result = &results->result[n];
		struct trace_configuration row = {n, plan->configuration[n].name, result->status, result->reason,
		                                  result->digest, result->exit, result->cycles,
		                                  result->instructions};
		if (!results->known[n])
			continue;
		code = trace_configuration(writer, &row);
		write_values(plan, result, writer);
	}
	return code;
}

/* --- reading --- */

struct reading {
	struct sweep_results *results;
	const char *path;
	bool found;
	enum muk_err code;
	struct muk_error *error;
};

static bool refuse(struct reading *reading, const char *what)
{
	reading->code = error_at(reading->error, MUK_ERR_INPUT, reading->path, 0, 0, "is damaged: %s", what);
	return false;
}

static bool read_sweep(void *ctx, const struct trace_sweep *sweep)
{
	static struct diagnostics diagnostics; /* large, and one thread reads */
	struct reading *reading = ctx;
	struct sweep_plan *plan = &reading->results->plan;
	char file[80];

	snprintf(file, sizeof(file), "%.64s.yaml", sweep->name);
	diagnostics_init(&diagnostics);
	struct yaml_node *root = yaml_parse(file, sweep->plan, strlen(sweep->plan), &diagnostics);
	bool good = root && sweep_plan_load(plan, root, &diagnostics);
	diagnostics_free(&diagnostics);
	if (!good)
		return refuse(reading, "the plan in it cannot be read");
	snprintf(plan->identity, sizeof(plan->identity), "%s", sweep->identity);
	reading->found = true;
	reading->code = sweep_results_init(reading->results, reading->error);
	return false; /* there is one */
}

static struct sweep_result *result_of(struct reading *reading, uint32_t number)
{
	if (number < reading->results->plan.configurations)
		return &reading->results->result[number];
	refuse(reading, "it has a configuration that its plan has not");
	return NULL;
}

static bool read_configuration(void *ctx, const struct trace_configuration *configuration)
{
	struct reading *reading = ctx;
	struct sweep_result *result = result_of(reading, configuration->number);

	if (!result)
		return false;
	reading->results->known[configuration->number] = true;
	result->configuration = configuration->number;
	result->exit = configuration->exit;
	result->cycles = configuration->cycles;
	result->instructions = configuration->instructions;
	snprintf(result->status, sizeof(result->status), "%s", configuration->status);
	snprintf(result->reason, sizeof(result->reason), "%s", configuration->reason);
	snprintf(result->digest, sizeof(result->digest), "%s", configuration->digest);
	for (unsigned n = 0; n < SWEEP_FIELD_COUNT; n++)
		result->field[n] = NAN;
	return true;
}

static bool read_operation(void *ctx, uint32_t number, const char *field, double value)
{
	struct sweep_result *result = result_of(ctx, number);
	int which = sweep_field_named(field);

	if (result && which >= 0)
		result->field[which] = value;
	return result != NULL;
}

static bool read_cost(void *ctx, uint32_t number, const char *cause, double cycles)
{
	struct sweep_result *result = result_of(ctx, number);
	int which = sweep_field_named(cause);

	if (result && which >= SWEEP_CAUSE)
		result->ledger[which - SWEEP_CAUSE] = (uint64_t)cycles;
	return result != NULL;
}

static bool read_metric(void *ctx, uint32_t number, const struct trace_result_row *row)
{
	struct reading *reading = ctx;
	struct sweep_result *result = result_of(reading, number);

	if (!result)
		return false;
	struct sweep_metric *more = realloc(result->metric, (result->metrics + 1) * sizeof(*more));
	if (!more) {
		reading->code = error_set(reading->error, MUK_ERR_NOMEM, "the host's memory is exhausted");
		return false;
	}
	result->metric = more;
	struct sweep_metric *metric = &more[result->metrics++];
	metric->value = row->value;
	snprintf(metric->id, sizeof(metric->id), "%s", row->metric);
	snprintf(metric->name, sizeof(metric->name), "%s", row->name);
	snprintf(metric->unit, sizeof(metric->unit), "%s", row->unit);
	snprintf(metric->verdict, sizeof(metric->verdict), "%s", row->verdict);
	return true;
}

static enum muk_err read_rows(struct reading *reading, struct trace_reader *reader)
{
	enum muk_err code = trace_each_sweep(reader, read_sweep, reading, reading->error);

	if (code || reading->code || !reading->found)
		return code ? code : reading->code;
	code = trace_each_configuration(reader, read_configuration, reading, reading->error);
	if (!code)
		code = trace_each_operation(reader, read_operation, reading, reading->error);
	if (!code)
		code = trace_each_configuration_cost(reader, read_cost, reading, reading->error);
	if (!code)
		code = trace_each_sweep_result(reader, read_metric, reading, reading->error);
	return code ? code : reading->code;
}

enum muk_err sweep_results_read(struct sweep_results *results, const char *path, bool *found, struct muk_error *error)
{
	struct reading reading = {.results = results, .path = path, .error = error};
	struct trace_reader *reader;

	memset(results, 0, sizeof(*results));
	*found = false;
	enum muk_err code = trace_open(&reader, path, error);
	if (code)
		return code;
	code = read_rows(&reading, reader);
	results->incomplete = trace_incomplete(reader);
	*found = reading.found;
	trace_reader_close(reader);
	return code;
}

/* --- looking --- */

int sweep_configuration_at(const struct sweep_plan *plan, const int16_t value[static SWEEP_AXES_MAX])
{
	for (unsigned n = 0; n < plan->configurations; n++)
		if (!memcmp(plan->configuration[n].value, value, sizeof(plan->configuration[n].value)))
			return (int)n;
	return -1;
}

double sweep_value(const struct sweep_results *results, int configuration, const char *name)
{
	int field = sweep_field_named(name);

	if (configuration < 0 || !results->known[configuration])
		return NAN;
	const struct sweep_result *result = &results->result[configuration];
	if (field >= 0)
		return result->field[field];
	for (unsigned n = 0; n < result->metrics; n++)
		if (!strcmp(result->metric[n].id, name))
			return result->metric[n].value;
	return NAN;
}
