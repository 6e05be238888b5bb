/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The metrics of a plan.
 *
 *   id: L95-T2-r1        the cell's id, unique in the scenario
 *   name: ...            for people
 *   value: EXPRESSION    expression.h; names are looked at as far as a file can tell (names.h); an info metric that has
 *                        the paper's value needs none: another system's figure, shown beside ours
 *   unit: cycles         "claim" for a comparison that must hold: paper is 1 then, unless it is said
 *   paper: 250 | 36..364     numbers, or arithmetic of them
 *   tolerance: 10% | 5       of the paper's value, or in the unit
 *   kind: judged | input | calibrated | info       absent: judged if there is a paper, else info
 *   source, cause        texts; absent: the scenario's source, none
 *   each: {pages: [2, 4, 8]}     the metric is repeated with ${pages} replaced
 */
#include "sim/scenario/names.h"
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {
#define X(name, word) word,
	PLAN_KINDS(X)
#undef X
};

/* --- numbers --- */

/* A number, or arithmetic of numbers, that begins at an offset in node's text. */
static bool constant(const struct yaml_node *node, const char *text, size_t offset, double *value,
                     struct diagnostics *diagnostics)
{
	struct expression_error error;

	if (expression_evaluate(text + offset, NULL, NULL, value, &error))
		return true;
	diagnose_within(diagnostics, node, (int)offset + (int)error.column, NULL, "%s", error.message);
	return false;
}

static void load_paper(struct metric *metric, struct yaml_node *node, struct diagnostics *diagnostics)
{
	char low[EXPRESSION_MAX], *high;

	if (!yaml_node_string(node, sizeof(low), low, diagnostics))
		return;
	high = strstr(low, "..");
	if (high) {
		*high = '\0';
		high += 2;
	}
	metric->has_paper = constant(node, low, 0, &metric->paper_low, diagnostics);
	metric->paper = metric->paper_high = metric->paper_low;
	if (!high)
		return;
	metric->has_paper =
		constant(node, low, (size_t)(high - low), &metric->paper_high, diagnostics) && metric->has_paper;
	metric->paper = (metric->paper_low + metric->paper_high) / 2;
	if (metric->has_paper && metric->paper_low > metric->paper_high)
		diagnose(diagnostics, node, NULL, "expected LOW..HIGH, got a range that falls");
}

/* "10%", or "5" in the metric's unit. */
static void load_tolerance(struct plan_metric *plan, struct yaml_node *node, struct diagnostics *diagnostics)
{
	char text[64];
	double value;

	if (!yaml_node_string(node, sizeof(text), text, diagnostics))
		return;
	size_t size = strlen(text);
	bool percent = size && text[size - 1] == '%';
	if (percent)
		text[size - 1] = '\0';
	if (!constant(node, text, 0, &value, diagnostics))
		return;
	if (value < 0) {
		diagnose(diagnostics, node, NULL, "expected a tolerance of 0 or more");
		return;
	}
	plan->metric.has_tolerance = true;
	if (percent)
		plan->metric.tolerance_pct = value;
	else
		plan->tolerance = value;
}

/* --- a metric --- */

static void load_value(struct plan *plan, struct plan_metric *metric, struct yaml_node *node,
                       struct diagnostics *diagnostics)
{
	char text[EXPRESSION_MAX];
	struct names names = {.plan = plan};
	struct expression_error error;

	/* A figure of the paper's own, shown and not measured, needs none. */
	bool needed = metric->kind != KIND_INFO || !metric->metric.has_paper;

	if (!yaml_string(node, "value", needed, sizeof(text), text, diagnostics))
		return;
	metric->at = yaml_find(node, "value");
	metric->expression = strdup(text);
	if (!metric->expression) {
		diagnose(diagnostics, NULL, NULL, "the host's memory is exhausted");
		return;
	}
	if (!expression_check(text, names_check, &names, &error))
		diagnose_within(diagnostics, metric->at, (int)error.column, NULL, "%s", error.message);
}

static void load_texts(const struct plan *plan, struct metric *metric, struct yaml_node *node,
                       struct diagnostics *diagnostics)
{
	yaml_string(node, "id", true, sizeof(metric->id), metric->id, diagnostics);
	yaml_string(node, "name", true, sizeof(metric->name), metric->name, diagnostics);
	yaml_string(node, "unit", true, sizeof(metric->unit), metric->unit, diagnostics);
	snprintf(metric->source, sizeof(metric->source), "%s", plan->source);
	yaml_string(node, "source", false, sizeof(metric->source), metric->source, diagnostics);
	yaml_string(node, "cause", false, sizeof(metric->cause), metric->cause, diagnostics);
}

static void load_numbers(struct plan_metric *metric, struct yaml_node *node, struct diagnostics *diagnostics)
{
	struct yaml_node *paper = yaml_find(node, "paper"), *tolerance = yaml_find(node, "tolerance");

	metric->tolerance = -1;
	if (paper)
		load_paper(&metric->metric, paper, diagnostics);
	if (tolerance)
		load_tolerance(metric, tolerance, diagnostics);
	if (!strcmp(metric->metric.unit, "claim") && !tolerance)
		metric->metric.has_tolerance = true;
	if (!strcmp(metric->metric.unit, "claim") && !paper) {
		metric->metric.has_paper = true;
		metric->metric.paper = metric->metric.paper_low = metric->metric.paper_high = 1;
	}
}

/* --- calibrates: ID, or [ID, ...] --- */

static bool calibrates(const struct plan *plan, const char *id)
{
	for (unsigned n = 0; n < PLAN_CALIBRATES_MAX && plan->calibrates[n][0]; n++)
		if (!strcmp(plan->calibrates[n], id))
			return true;
	return false;
}

static void load_calibrates(struct plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *node = yaml_find(root, "calibrates");
	unsigned count = 0;

	if (node && node->kind == YAML_SEQUENCE)
		node = node->first;
	for (; node; node = node->parent == root ? NULL : node->next)
		if (count == PLAN_CALIBRATES_MAX)
			diagnose(diagnostics, node, NULL, "expected at most %d metrics that calibrate", PLAN_CALIBRATES_MAX);
		else if (yaml_node_string(node, sizeof(plan->calibrates[0]), plan->calibrates[count], diagnostics))
			count++;
}

static void check_calibrated(const struct plan *plan, const struct yaml_node *node, struct diagnostics *diagnostics)
{
	if (node->kind != YAML_SCALAR || node->bad)
		return;
	for (unsigned n = 0; n < plan->metrics; n++)
		if (!strcmp(plan->metric[n].metric.id, node->text) && plan->metric[n].kind == KIND_CALIBRATED)
			return;
	diagnose(diagnostics, node, NULL, "expected the id of a metric whose kind is calibrated, got \"%.48s\"", node->text);
}

static void check_calibrates(const struct plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	const struct yaml_node *node = yaml_find(root, "calibrates");

	if (node && node->kind == YAML_SEQUENCE)
		node = node->first;
	for (; node; node = node->parent == root ? NULL : node->next)
		check_calibrated(plan, node, diagnostics);
}

/* What the keys say together. */
static void check_metric(struct plan *plan, const struct plan_metric *metric, struct yaml_node *node,
                         struct diagnostics *diagnostics)
{
	const char *word = kinds[metric->kind];
	bool compared = metric->kind == KIND_JUDGED || metric->kind == KIND_INPUT;

	for (unsigned n = 0; n < plan->metrics; n++)
		if (!strcmp(plan->metric[n].metric.id, metric->metric.id))
			diagnose(diagnostics, yaml_find(node, "id"), NULL,
			         "expected another id than every other metric's");
	if (compared && !metric->metric.has_paper && !yaml_find(node, "paper"))
		diagnose_key(diagnostics, node, "paper", NULL, "expected the paper's value, since the metric is %s",
		             word);
	if (compared && !metric->metric.has_tolerance && !yaml_find(node, "tolerance"))
		diagnose_key(diagnostics, node, "tolerance", NULL, "expected a tolerance, since the metric is %s",
		             word);
	if (metric->kind == KIND_CALIBRATED && !calibrates(plan, metric->metric.id))
		diagnose(diagnostics, yaml_find(node, "kind"), NULL,
		         "expected calibrated only for the ids that calibrates: names");
}

static void load_metric(struct plan *plan, struct yaml_node *node, struct diagnostics *diagnostics)
{
	struct plan_metric *metric = &plan->metric[plan->metrics];
	unsigned kind, before = diagnostics->count;

	load_texts(plan, &metric->metric, node, diagnostics);
	load_numbers(metric, node, diagnostics);
	kind = metric->metric.has_paper ? KIND_JUDGED : KIND_INFO;
	yaml_word(node, "kind", false, kinds, KIND_COUNT, &kind, diagnostics);
	metric->kind = (enum plan_kind)kind;
	load_value(plan, metric, node, diagnostics);
	if (diagnostics->count == before)
		check_metric(plan, metric, node, diagnostics);
	plan->metrics++;
}

/* --- the list --- */

static bool has_room(const struct plan *plan, const struct yaml_node *node, struct diagnostics *diagnostics)
{
	if (plan->metrics < PLAN_METRICS_MAX)
		return true;
	diagnose(diagnostics, node, NULL, "expected at most %d metrics", PLAN_METRICS_MAX);
	return false;
}

/* Repeats a metric for each combination of variables, each time from a fresh copy. */
static void load_each(struct plan *plan, struct yaml_node *node, struct yaml_node *each,
                      struct diagnostics *diagnostics)
{
	struct plan_variables variables;

	yaml_use(node);
	if (!variables_load(&variables, each, diagnostics))
		return;
	do {
		struct yaml_node *copy = yaml_copy(node);

		if (!copy || !has_room(plan, node, diagnostics)) {
			yaml_destroy(copy);
			return;
		}
		copy->parent = node->parent;
		yaml_use(yaml_find(copy, "each"));
		if (substitute(copy, &variables, diagnostics)) {
			load_metric(plan, copy, diagnostics);
			yaml_reject_unknown(copy, diagnostics);
			plan->metric[plan->metrics - 1].at = yaml_find(node, "value");
		}
		copy->parent = NULL;
		yaml_destroy(copy);
	} while (variables_next(&variables));
}

static void load_entry(struct plan *plan, struct yaml_node *node, struct diagnostics *diagnostics)
{
	const struct plan_variables none = {.count = 0};
	struct yaml_node *each = yaml_get(node, "each", YAML_MAPPING, false, diagnostics);

	if (each) {
		load_each(plan, node, each, diagnostics);
	} else if (yaml_find(node, "each") || !substitute(node, &none, diagnostics)) {
		yaml_use(node);
	} else if (has_room(plan, node, diagnostics)) {
		load_metric(plan, node, diagnostics);
	} else {
		yaml_use(node);
	}
}

void metrics_load(struct plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *list = yaml_get(root, "metrics", YAML_SEQUENCE, true, diagnostics);

	plan->metric = calloc(PLAN_METRICS_MAX, sizeof(*plan->metric));
	if (!plan->metric) {
		diagnose(diagnostics, NULL, NULL, "the host's memory is exhausted");
		return;
	}
	load_calibrates(plan, root, diagnostics);
	for (struct yaml_node *node = list ? list->first : NULL; node; node = node->next)
		if (yaml_is(node, YAML_MAPPING, diagnostics))
			load_entry(plan, node, diagnostics);
	if (list)
		check_calibrates(plan, root, diagnostics);
}
