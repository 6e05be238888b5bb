/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trace: one SQLite file a command (schema/NNN.sql), written in large
 * transactions by one writer, single-threaded; a run that died leaves what was
 * committed, readable and marked incomplete.
 *
 *   trace_create -> ( trace_begin_run -> chunks of events -> tables -> trace_end_run )*
 *                -> trace_scenario, trace_metric -> trace_close
 *
 * meta.status is "incomplete" until trace_close has committed.
 *
 * What goes wrong while writing (a full disk) is kept by the writer: the first
 * error sticks, what follows is dropped, and trace_end_run and trace_close
 * report it.  A run is never disturbed by its trace.
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/journal.h"

enum trace_level { TRACE_NONE, TRACE_EVENTS, TRACE_ALL };
enum { TRACE_APPLICATION_ID = 0x6d756b72 /* "mukr" */, TRACE_SCHEMA = 2 };

struct trace_writer; /* opaque */

/*
 * A new file; an existing one is replaced only if it is a trace that nobody
 * writes to, or empty.  *writer is NULL after an error.  Errors: MUK_ERR_IO,
 * with the path, for a directory, a file of another kind, a directory that
 * cannot be written to; MUK_ERR_NOMEM.
 */
enum muk_err trace_create(struct trace_writer **writer, const char *path, enum trace_level level,
                          struct muk_error *error);
/* A run within the file: scenarios have one or several (variants). What follows is about it, until the next. */
enum muk_err trace_begin_run(struct trace_writer *writer, const char *scenario, const char *run, const char *model,
                             const char *resolved_yaml, struct muk_error *error);
/* The sink to give to a machine: stores what the level lets through. Errors of writing are kept, see above. */
struct journal_sink trace_sink(struct trace_writer *writer);

/* Tables filled at the end of a run. */
struct trace_result {
	const char *status, *reason;
	cycle_t cycles;
	uint64_t instructions;
	struct digest digest;
};
enum muk_err trace_symbol(struct trace_writer *writer, uint32_t id, const char *name);
/*
 * A kind of event: level 1 is stored at TRACE_EVENTS, 2 only at TRACE_ALL.  The
 * machine's own kinds need not be told.  A probe's kind must be told before its
 * events come (right after trace_begin_run): its name makes slices and flows,
 * and until then it counts as level 1.
 */
enum muk_err trace_kind(struct trace_writer *writer, unsigned kind, const char *name, const char *args, int level);
enum muk_err trace_task(struct trace_writer *writer, uint32_t id, const char *name);
enum muk_err trace_thread(struct trace_writer *writer, uint32_t id, uint32_t task, const char *name);
enum muk_err trace_cost(struct trace_writer *writer, const struct ledger_row *row);
enum muk_err trace_counter(struct trace_writer *writer, const char *name, uint64_t value);
/* The writer makes slices itself of probes NAME:begin and NAME:end; this is for others. */
enum muk_err trace_slice(struct trace_writer *writer, const char *name, cycle_t begin, cycle_t end, uint32_t thread);
/* Ends the run and commits it. */
enum muk_err trace_end_run(struct trace_writer *writer, const struct trace_result *result, struct muk_error *error);

/* A scorecard's row, as scenario metrics give it and reports show it. */
struct metric {
	char id[64], name[160], unit[24], source[64];
	double value;          /* NAN: could not be computed */
	bool has_paper;
	double paper, paper_low, paper_high; /* low == high == paper for a single value */
	bool has_tolerance;
	double deviation_pct, tolerance_pct; /* deviation: only with has_paper; NAN where the paper has 0 */
	char verdict[16];      /* within outside calibrated input info */
	char cause[512];
};
enum muk_err trace_metric(struct trace_writer *writer, const char *scenario, const struct metric *metric);

/* A whole scenario's outcome; a second one of the same name replaces it and its metrics must be told again. */
struct trace_scenario {
	const char *name, *title, *source, *status, *reason, *digest;
	uint64_t cycles, instructions;
};
enum muk_err trace_scenario(struct trace_writer *writer, const struct trace_scenario *scenario);
/* Marks the file complete, commits, frees the writer (which may be NULL). Returns the first error of its life. */
enum muk_err trace_close(struct trace_writer *writer, struct muk_error *error);
/* Commits what was written and frees the writer (which may be NULL), leaving the file marked incomplete. */
void trace_abandon(struct trace_writer *writer);

/* --- reading --- */
struct trace_reader; /* opaque */
/*
 * Errors, with the path: absent or unreadable (MUK_ERR_IO); not a trace, or of
 * a newer schema, naming both (MUK_ERR_INPUT).  An incomplete trace opens; what
 * a dead writer left uncommitted is rolled back first.
 */
enum muk_err trace_open(struct trace_reader **reader, const char *path, struct muk_error *error);
void trace_reader_close(struct trace_reader *reader);
bool trace_incomplete(const struct trace_reader *reader);

/* Visitors return false to stop. Texts live until the visitor returns. Order is that of writing. */
typedef bool trace_scenario_fn(void *ctx, const struct trace_scenario *scenario);
typedef bool trace_metric_fn(void *ctx, const struct metric *metric);
/* A run: result is as far as known (cycles 0 and status "incomplete" for one that did not end). */
typedef bool trace_run_fn(void *ctx, uint32_t id, const char *scenario, const char *run, const char *model,
                          const struct trace_result *result);
typedef bool trace_ledger_fn(void *ctx, const char *name, cycle_t cycles);

enum muk_err trace_each_scenario(struct trace_reader *reader, trace_scenario_fn *visit, void *ctx,
                                 struct muk_error *error);
/* Runs of a scenario, or of all (NULL): also of scenarios that never ended. */
enum muk_err trace_each_run(struct trace_reader *reader, const char *scenario, trace_run_fn *visit, void *ctx,
                            struct muk_error *error);
enum muk_err trace_each_metric(struct trace_reader *reader, const char *scenario, trace_metric_fn *visit, void *ctx,
                               struct muk_error *error);
/* Cycles by cause, summed over a scenario's runs; causes with none are left out. */
enum muk_err trace_each_cause(struct trace_reader *reader, const char *scenario, trace_ledger_fn *visit, void *ctx,
                              struct muk_error *error);
/* The same by the names of tasks, and of threads, those with most cycles first; those without names are left out. */
enum muk_err trace_each_task(struct trace_reader *reader, const char *scenario, trace_ledger_fn *visit, void *ctx,
                             struct muk_error *error);
enum muk_err trace_each_thread(struct trace_reader *reader, const char *scenario, trace_ledger_fn *visit, void *ctx,
                               struct muk_error *error);
