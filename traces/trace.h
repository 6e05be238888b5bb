/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trace: one SQLite file a run (schema/NNN.sql), written in large
 * transactions by one writer, single-threaded; a run that died leaves what was
 * committed, readable and marked incomplete.
 *
 *   create -> (chunk)* -> tables -> close        status "incomplete" until close
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/journal.h"

enum trace_level { TRACE_NONE, TRACE_EVENTS, TRACE_ALL };
enum { TRACE_APPLICATION_ID = 0x6d756b72 /* "mukr" */, TRACE_SCHEMA = 1 };

struct trace_writer; /* opaque */

/* A new file (an existing one is replaced only if it is a trace, or empty). */
enum muk_err trace_create(struct trace_writer **writer, const char *path, enum trace_level level,
                          struct muk_error *error);
/* A run within the file: scenarios have one or several (variants). Its number is used by what follows until the next. */
enum muk_err trace_begin_run(struct trace_writer *writer, const char *scenario, const char *run, const char *model,
                             const char *resolved_yaml, struct muk_error *error);
/* The sink to give to a machine. Errors of writing are kept and reported by trace_end_run and trace_close. */
struct journal_sink trace_sink(struct trace_writer *writer);

/* Tables filled at the end of a run. */
struct trace_result {
	const char *status, *reason;
	cycle_t cycles;
	uint64_t instructions;
	struct digest digest;
};
enum muk_err trace_symbol(struct trace_writer *writer, uint32_t id, const char *name);
enum muk_err trace_kind(struct trace_writer *writer, unsigned kind, const char *name, const char *args, int level);
enum muk_err trace_task(struct trace_writer *writer, uint32_t id, const char *name);
enum muk_err trace_thread(struct trace_writer *writer, uint32_t id, uint32_t task, const char *name);
enum muk_err trace_cost(struct trace_writer *writer, const struct ledger_row *row);
enum muk_err trace_counter(struct trace_writer *writer, const char *name, uint64_t value);
enum muk_err trace_slice(struct trace_writer *writer, const char *name, cycle_t begin, cycle_t end, uint32_t thread);
enum muk_err trace_end_run(struct trace_writer *writer, const struct trace_result *result, struct muk_error *error);

/* A scorecard's row, as scenario metrics give it and reports show it. */
struct metric {
	char id[64], name[160], unit[24], source[64];
	double value;
	bool has_paper;
	double paper, paper_low, paper_high; /* low == high == paper for a single value */
	bool has_tolerance;
	double deviation_pct, tolerance_pct;
	char verdict[16];      /* within outside calibrated input info */
	char cause[512];
};
enum muk_err trace_metric(struct trace_writer *writer, const char *scenario, const struct metric *metric);
enum muk_err trace_close(struct trace_writer *writer, struct muk_error *error);

/* --- reading --- */
struct trace_reader; /* opaque */
/* Errors: not a trace, a newer schema (says which is needed), unreadable. An incomplete trace opens. */
enum muk_err trace_open(struct trace_reader **reader, const char *path, struct muk_error *error);
void trace_reader_close(struct trace_reader *reader);
bool trace_incomplete(const struct trace_reader *reader);
