// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outcomes as JSON (RFC 8259).  Keys are a contract: they are added to, never
 * renamed or removed.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "sim/cli/json.h"
#include "sim/cli/outcome.h"

void json_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at == '"' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else if (*at == '\n')
			fputs("\\n", out);
		else if (*at < 0x20 || *at == 0x7f)
			fprintf(out, "\\u%04x", *at);
		else
			fputc(*at, out);
	}
	fputc('"', out);
}

void json_member(FILE *out, const char *key, const char *text)
{
	fprintf(out, "\"%s\":", key);
	json_string(out, text);
	fputc(',', out);
}

static void member_number(FILE *out, const char *key, double value)
{
	char text[NUMBER_TEXT];
	number_exact(text, value);
	fprintf(out, "\"%s\":%s,", key, text);
}

static void print_metric(FILE *out, const struct metric *metric)
{
	bool paper = metric->has_paper;
	fprintf(out, "{");
	json_member(out, "id", metric->id);
	json_member(out, "name", metric->name);
	member_number(out, "value", metric->value);
	json_member(out, "unit", metric->unit);
	member_number(out, "paper", paper ? metric->paper : NAN);
	if (paper && metric->paper_low != metric->paper_high) {
		member_number(out, "paper_low", metric->paper_low);
		member_number(out, "paper_high", metric->paper_high);
	}
	member_number(out, "deviation_pct", paper ? metric->deviation_pct : NAN);
	member_number(out, "tolerance_pct", metric->has_tolerance ? metric->tolerance_pct : NAN);
	json_member(out, "verdict", metric->verdict);
	json_member(out, "source", metric->source);
	fprintf(out, "\"cause\":");
	json_string(out, metric->cause);
	fprintf(out, "}");
}

/* "tasks":{"pager":1234,...} */
static void print_parts(FILE *out, const char *key, const struct outcome_part *part, unsigned count)
{
	fprintf(out, ",\"%s\":{", key);
	for (unsigned i = 0; i < count; i++) {
		fprintf(out, "%s", i ? "," : "");
		json_string(out, part[i].name);
		fprintf(out, ":%" PRIu64, part[i].cycles);
	}
	fprintf(out, "}");
}

static void print_outcome(FILE *out, const struct outcome *outcome)
{
	fprintf(out, "{");
	json_member(out, "scenario", outcome->name);
	json_member(out, "title", outcome->title);
	json_member(out, "source", outcome->source);
	json_member(out, "digest", outcome->digest);
	fprintf(out, "\"cycles\":%" PRIu64 ",\"instructions\":%" PRIu64 ",", outcome->cycles, outcome->instructions);
	json_member(out, "status", outcome->status);
	json_member(out, "reason", outcome->reason);
	fprintf(out, "\"ledger\":{");
	for (int i = 0; i < CAUSE_COUNT; i++)
		fprintf(out, "%s\"%s\":%" PRIu64, i ? "," : "", ledger_cause_name((enum ledger_cause)i),
		        outcome->ledger[i]);
	fprintf(out, "},\"metrics\":[");
	for (unsigned i = 0; i < outcome->metrics; i++) {
		fprintf(out, "%s\n  ", i ? "," : "");
		print_metric(out, &outcome->metric[i]);
	}
	fprintf(out, "],\"runs\":[");
	for (unsigned i = 0; i < outcome->runs; i++) {
		fprintf(out, "%s{", i ? "," : "");
		json_member(out, "name", outcome->run[i].name);
		json_member(out, "status", outcome->run[i].status);
		fprintf(out, "\"reason\":");
		json_string(out, outcome->run[i].reason);
		fprintf(out, "}");
	}
	fprintf(out, "]");
	print_parts(out, "tasks", outcome->part[OUTCOME_TASKS], outcome->parts[OUTCOME_TASKS]);
	print_parts(out, "threads", outcome->part[OUTCOME_THREADS], outcome->parts[OUTCOME_THREADS]);
	fprintf(out, "}");
}

void json_print(FILE *out, const struct outcomes *outcomes)
{
	bool array = outcomes->count != 1;
	fprintf(out, "%s", array ? "[" : "");
	for (unsigned i = 0; i < outcomes->count; i++) {
		fprintf(out, "%s", i ? ",\n" : "");
		print_outcome(out, &outcomes->entry[i]);
	}
	fprintf(out, "%s\n", array ? "]" : "");
}
