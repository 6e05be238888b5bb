/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario: a YAML file that says what to run on which processor, and what the paper says about it.
 *
 *            muk_scenario_open           muk_scenario_run
 *   (none) ------------------> OPEN ---------------------> RUN -----> muk_scenario_close
 *                  muk_scenario_set | muk_scenario_check
 *                                 '-'
 *
 * Everything that a function returns belongs to the scenario and lives until it is closed.  Functions that are asked
 * about results before the scenario ran say "nothing": 0, NULL or "".
 */
#ifndef MUKROSCOPE_SCENARIO_H
#define MUKROSCOPE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "mukroscope/api.h"
#include "mukroscope/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct muk_scenario;

/** A row of the scorecard. */
struct muk_metric {
	const char *id;         /**< the cell's: "L95-T2-r1" */
	const char *name, *unit, *source;
	double value;           /**< NAN: could not be computed */
	bool has_paper;
	double paper, paper_low, paper_high; /**< low < high: the paper has a range */
	double deviation_pct;   /**< from the paper's value, or the nearer end of its range; NAN where there is none */
	double tolerance_pct;   /**< NAN where there is none */
	const char *verdict;    /**< "within", "outside", "calibrated", "input", "info" */
	const char *cause;      /**< why it deviates, or "" */
};

/**
 * Opens a scenario: a file's path (with a '/' or ending in .yaml), or the name of one that the library carries.
 * *scenario is set whatever is returned, but for MUK_ERR_NOMEM: muk_scenario_diagnostics has all that is wrong.
 */
MUK_API enum muk_err muk_scenario_open(struct muk_scenario **scenario, const char *name, struct muk_error *error);
MUK_API void muk_scenario_close(struct muk_scenario *scenario);

/** Overrides a key of the scenario ("limit=1Mcyc") or of its models ("tlb.entries=64"). Before it runs. */
MUK_API enum muk_err muk_scenario_set(struct muk_scenario *scenario, const char *assignment, struct muk_error *error);
/** Ends each run at so many cycles, whatever the file says. */
MUK_API void muk_scenario_limit(struct muk_scenario *scenario, uint64_t cycles);
/** Checks the whole: keys, models, images, expressions. Everything wrong is in muk_scenario_diagnostics. */
MUK_API enum muk_err muk_scenario_check(struct muk_scenario *scenario, struct muk_error *error);
/** Runs it, checking it first if that was not done. The guest's failures are the status, not an error. Once. */
MUK_API enum muk_err muk_scenario_run(struct muk_scenario *scenario, struct muk_error *error);

/** All that is wrong, in the form of compilers' messages; "" for nothing. */
MUK_API const char *muk_scenario_diagnostics(struct muk_scenario *scenario);

MUK_API const char *muk_scenario_name(const struct muk_scenario *scenario);
MUK_API const char *muk_scenario_title(const struct muk_scenario *scenario);
MUK_API const char *muk_scenario_source(const struct muk_scenario *scenario);

/** "ok", or how the first run that did not end as expected ended; "unexpected" if that was well. */
MUK_API const char *muk_scenario_status(const struct muk_scenario *scenario);
/** Why, in a sentence, or "". */
MUK_API const char *muk_scenario_reason(const struct muk_scenario *scenario);
/** What muk run would exit with: 0, 1 (a metric is outside), 3 (guest fault), 4 (limit). */
MUK_API int muk_scenario_exit(const struct muk_scenario *scenario);
/** 32 hexadecimal digits: the same on every host. */
MUK_API const char *muk_scenario_digest(const struct muk_scenario *scenario);
/** Of all runs together. */
MUK_API uint64_t muk_scenario_cycles(const struct muk_scenario *scenario);
MUK_API uint64_t muk_scenario_instructions(const struct muk_scenario *scenario);
/** Cause number n of the ledger: its name, and its cycles in all runs; NULL beyond the last. cycles may be NULL. */
MUK_API const char *muk_scenario_ledger(const struct muk_scenario *scenario, unsigned n, uint64_t *cycles);

/** Metric number n; false beyond the last. */
MUK_API bool muk_scenario_metric(const struct muk_scenario *scenario, unsigned n, struct muk_metric *metric);
/** The value of any expression ("main.rpc.cycles / main.rpc.count"). */
MUK_API enum muk_err muk_scenario_value(const struct muk_scenario *scenario, const char *expression, double *value,
                                        struct muk_error *error);

/** Run number n: its name; NULL beyond the last. After muk_scenario_check. */
MUK_API const char *muk_scenario_run_name(const struct muk_scenario *scenario, unsigned n);
/** What run number n sent by the serial line. */
MUK_API const char *muk_scenario_console(const struct muk_scenario *scenario, unsigned n);

/** The scenarios that the library carries, sorted by name; NULL beyond the last. */
MUK_API const char *muk_scenario_embedded(unsigned n);

#ifdef __cplusplus
}
#endif
#endif
