/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of a run: all that outlives its machine. */
#pragma once
#include "sim/scenario/plan.h"

struct run_result {
	enum machine_status status;
	char reason[256];
	struct machine_reading reading;   /* at the end */
	struct digest digest;
	struct machine_span *span;
	unsigned spans;
	struct machine_value *value;
	unsigned values;
	char *console;
	size_t console_size;
};

/*
 * Runs one run of a plan from power on to its end or limit, telling a trace (which may be NULL).  The guest's
 * misfortunes are a status in *result; errors are the host's (no memory, no engine, no disk).
 */
enum muk_err run_execute(struct run_result *result, const struct plan *plan, const struct plan_run *run,
                         struct trace_writer *trace, const char *resolved, struct muk_error *error);
void run_result_free(struct run_result *result);

/* Computes every metric of a plan whose runs are over, and its verdict: fills in plan->metric[].metric. */
void judge(struct plan *plan, const struct run_result *result);
