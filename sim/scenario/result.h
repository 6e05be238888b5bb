/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of a run: all that outlives its machine. */
#pragma once
#include "sim/scenario/plan.h"

/* What probes, tasks, threads and functions came to: parts.c. */
enum part_kind { PART_PROBE, PART_TASK, PART_THREAD, PART_FUNCTION, PART_KINDS };
enum { PART_NAME = 128 };
struct run_part {
	char name[PART_NAME];         /* the number, where the guest gave no name */
	uint32_t id;
	bool named;                   /* by the guest */
	uint64_t count;               /* probes: how often it fired */
	uint64_t cause[CAUSE_COUNT];  /* the others: cycles */
};
struct run_parts {
	struct run_part *part;
	unsigned count;
};

struct run_result {
	enum machine_status status;
	char reason[MACHINE_REASON];
	struct machine_reading reading;   /* at the end */
	struct digest digest;
	struct machine_span *span;
	unsigned spans;
	struct machine_value *value;
	unsigned values;
	struct run_parts part[PART_KINDS];
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

/* Gathers the parts of a run that is over; false: no memory, and what there is is to be freed all the same. */
bool parts_take(struct run_parts parts[static PART_KINDS], struct machine *machine);
void parts_free(struct run_parts parts[static PART_KINDS]);

/* Computes every metric of a plan whose runs are over, and its verdict: fills in plan->metric[].metric. */
void judge(struct plan *plan, const struct run_result *result);
