/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts.
 *
 *   judged      within | outside                by the tolerance
 *   input       input, but outside if it is: a constant that does not come back is a fault of the plumbing
 *   calibrated  calibrated                      the one cell that a model was fitted to: says nothing
 *   info        info                            shown, not compared
 *
 * What cannot be computed is outside (info stays info), with the reason as its cause.
 */
#include "sim/scenario/names.h"
#include "sim/scenario/result.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static void say(struct metric *metric, const char *verdict)
{
	snprintf(metric->verdict, sizeof(metric->verdict), "%s", verdict);
}

/* How far value lies beyond the nearer end of the paper's range: 0 within it. */
static double distance(const struct metric *metric)
{
	if (metric->value < metric->paper_low)
		return metric->value - metric->paper_low;
	return metric->value > metric->paper_high ? metric->value - metric->paper_high : 0;
}

/* The end of the range that a value is measured against. */
static double nearer_end(const struct metric *metric)
{
	return metric->value < metric->paper_low ? metric->paper_low
	     : metric->value > metric->paper_high ? metric->paper_high : metric->paper;
}

/* Fills in deviation and tolerance in percent; says whether the value is within. */
static bool compare(struct plan_metric *plan)
{
	struct metric *metric = &plan->metric;
	double away = distance(metric), end = nearer_end(metric), room = 0;

	metric->deviation_pct = end != 0 ? 100 * away / fabs(end) : away == 0 ? 0 : NAN;
	if (plan->tolerance >= 0) {
		room = plan->tolerance;
		metric->tolerance_pct = end != 0 ? 100 * room / fabs(end) : 0;
	} else {
		room = fabs(end) * metric->tolerance_pct / 100;
	}
	/* A tolerance is decimal, doubles are not: what lies on the edge belongs inside. */
	return fabs(away) <= room + 1e-9 * fabs(end);
}

static void give_verdict(struct plan_metric *plan)
{
	struct metric *metric = &plan->metric;
	bool within = !metric->has_paper || compare(plan);

	if (plan->kind == KIND_CALIBRATED) {
		say(metric, "calibrated");
	} else if (plan->kind == KIND_INFO) {
		say(metric, "info");
	} else if (!within) {
		say(metric, "outside");
	} else if (plan->kind == KIND_INPUT) {
		say(metric, "input");
	} else {
		say(metric, "within");
		metric->cause[0] = '\0'; /* it says why a metric deviates */
	}
}

static void judge_one(struct plan_metric *plan, struct names *names)
{
	struct metric *metric = &plan->metric;
	struct expression_error error;

	if (!plan->expression) {
		metric->value = metric->deviation_pct = NAN;
		say(metric, "info");
		return;
	}
	if (expression_evaluate(plan->expression, names_value, names, &metric->value, &error)) {
		give_verdict(plan);
		return;
	}
	metric->value = NAN;
	metric->deviation_pct = NAN;
	snprintf(metric->cause, sizeof(metric->cause), "%s", error.message);
	say(metric, plan->kind == KIND_INFO ? "info" : "outside");
}

void judge(struct plan *plan, const struct run_result *result)
{
	struct names names = {plan, result};

	for (unsigned n = 0; n < plan->metrics; n++)
		judge_one(&plan->metric[n], &names);
}
