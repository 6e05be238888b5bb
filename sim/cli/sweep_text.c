// SPDX-License-Identifier: GPL-2.0-or-later
/* A sweep as a table for people, and as JSON. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "sim/cli/json.h"
#include "sim/cli/outcome.h"
#include "sim/cli/sweep.h"

/* --- the table --- */
enum { COLUMNS_MAX = SWEEP_AXES_MAX + SWEEP_FIELD_COUNT + SWEEP_METRICS_MAX + 2, CELL = 192 };

struct table {
	const struct sweep_results *results;
	struct sweep_columns columns;
	int width[COLUMNS_MAX];
	unsigned count;
};

/* Cell c of a row; row -1 is the heading. True if it is a number. */
static bool cell(const struct table *table, int row, unsigned c, char text[static CELL])
{
	const struct sweep_plan *plan = &table->results->plan;
	const struct sweep_columns *columns = &table->columns;
	const char *name;
	if (columns->listed && c-- == 0) {
		bool own = row >= 0 && plan->configuration[row].own;
		snprintf(text, CELL, "%s", row < 0 ? "run" : own ? plan->configuration[row].name : "");
		return false;
	}
	if (c < plan->axes) {
		snprintf(text, CELL, "%s", row < 0 ? plan->axis[c].name : sweep_label(plan, (unsigned)row, c));
		return false;
	}
	c -= plan->axes;
	if (c >= columns->fields + columns->metrics) {
		snprintf(text, CELL, "%s", row < 0 ? "ended" : table->results->result[row].status);
		return false;
	}
	name = c < columns->fields ? sweep_field_name(columns->field[c]) : columns->metric[c - columns->fields];
	if (row < 0)
		snprintf(text, CELL, "%s", name);
	else
		number_text(text, sweep_value(table->results, row, name));
	return true;
}

static void measure(struct table *table)
{
	const struct sweep_plan *plan = &table->results->plan;
	char text[CELL];
	table->count = table->columns.listed + plan->axes + table->columns.fields + table->columns.metrics +
	               table->columns.status;
	for (unsigned c = 0; c < table->count; c++)
		for (int row = -1; row < (int)plan->configurations; row++) {
			if (row >= 0 && !table->results->known[row])
				continue;
			cell(table, row, c, text);
			int width = text_width(text);
			table->width[c] = width > table->width[c] ? width : table->width[c];
		}
}

static void print_row(FILE *out, const struct table *table, int row)
{
	char text[CELL];
	fprintf(out, " ");
	for (unsigned c = 0; c < table->count; c++) {
		bool number = cell(table, row, c, text);
		int blanks = table->width[c] - text_width(text);
		bool last = c + 1 == table->count;
		fprintf(out, " %*s%s%*s%s", number ? blanks : 0, "", text, number || last ? 0 : blanks, "", last ? "" : " ");
	}
	fprintf(out, "\n");
}

/* Those that did not end well, with what is known of why. */
static void print_ends(FILE *out, const struct sweep_results *results)
{
	for (unsigned n = 0; n < results->plan.configurations; n++) {
		const struct sweep_result *result = &results->result[n];
		if (results->known[n] && strcmp(result->status, "ok") != 0)
			fprintf(out, "  %s: %s%s%s\n", results->plan.configuration[n].name, result->status,
			        *result->reason ? ": " : "", result->reason);
	}
}

void sweep_text(FILE *out, const struct sweep_results *results)
{
	const struct sweep_plan *plan = &results->plan;
	struct table table = {.results = results};
	unsigned known = 0;
	for (unsigned n = 0; n < plan->configurations; n++)
		known += results->known[n];
	sweep_columns(&table.columns, results);
	measure(&table);
	fprintf(out, "%s  %s%s%s%s\n", plan->name, plan->title, *plan->source ? "  [" : "", plan->source,
	        *plan->source ? "]" : "");
	if (plan->operation.value)
		fprintf(out, "  %s of one %s, and where they go\n", plan->operation.unit, plan->operation.name);
	print_row(out, &table, -1);
	for (int row = 0; row < (int)plan->configurations; row++)
		if (results->known[row])
			print_row(out, &table, row);
	fprintf(out, "  %u configurations", plan->configurations);
	if (known < plan->configurations)
		fprintf(out, ", of which %u are there", known);
	fprintf(out, "\n");
	print_ends(out, results);
}

/* --- JSON --- */

static void json_value(FILE *out, const char *name, double value, bool first)
{
	char text[NUMBER_TEXT];
	number_exact(text, value);
	fprintf(out, "%s", first ? "" : ",");
	json_string(out, name);
	fprintf(out, ":%s", text);
}

static void json_numbers(FILE *out, const struct sweep_results *results, unsigned n)
{
	const struct sweep_result *result = &results->result[n];
	bool first = true;
	fprintf(out, "\"ledger\":{");
	for (unsigned i = 0; i < CAUSE_COUNT; i++) {
		if (!result->ledger[i])
			continue;
		fprintf(out, "%s\"%s\":%" PRIu64, first ? "" : ",", ledger_cause_name((enum ledger_cause)i),
		        result->ledger[i]);
		first = false;
	}
	fprintf(out, "},\"operation\":{");
	for (unsigned i = 0; i < SWEEP_FIELD_COUNT && results->plan.operation.value; i++)
		json_value(out, sweep_field_name(i), result->field[i], i == 0);
	fprintf(out, "},\"metrics\":{");
	for (unsigned i = 0; i < result->metrics; i++)
		json_value(out, result->metric[i].id, result->metric[i].value, i == 0);
	fprintf(out, "}");
}

static void json_configuration(FILE *out, const struct sweep_results *results, unsigned n)
{
	const struct sweep_plan *plan = &results->plan;
	const struct sweep_result *result = &results->result[n];
	bool first = true;
	fprintf(out, "{");
	json_member(out, "name", plan->configuration[n].name);
	fprintf(out, "\"settings\":{");
	for (unsigned axis = 0; axis < plan->axes; axis++) {
		if (plan->configuration[n].value[axis] == SWEEP_ANY)
			continue;
		fprintf(out, "%s", first ? "" : ",");
		json_string(out, plan->axis[axis].name);
		fprintf(out, ":");
		json_string(out, sweep_label(plan, n, axis));
		first = false;
	}
	fprintf(out, "},");
	json_member(out, "status", result->status);
	json_member(out, "reason", result->reason);
	json_member(out, "digest", result->digest);
	fprintf(out, "\"exit\":%d,\"cycles\":%" PRIu64 ",\"instructions\":%" PRIu64 ",", result->exit, result->cycles,
	        result->instructions);
	json_numbers(out, results, n);
	fprintf(out, "}");
}

void sweep_json(FILE *out, const struct sweep_results *results)
{
	const struct sweep_plan *plan = &results->plan;
	bool first = true;
	fprintf(out, "{");
	json_member(out, "sweep", plan->name);
	json_member(out, "scenario", plan->scenario);
	json_member(out, "identity", plan->identity);
	json_member(out, "operation", plan->operation.name);
	fprintf(out, "\"configurations\":[");
	for (unsigned n = 0; n < plan->configurations; n++) {
		if (!results->known[n])
			continue;
		fprintf(out, "%s\n", first ? "" : ",");
		json_configuration(out, results, n);
		first = false;
	}
	fprintf(out, "]}\n");
}
