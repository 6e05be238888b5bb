// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows of a sweep, written and read: one function a table. */
#include <math.h>
#include <string.h>
#include "traces/private.h"
#include "traces/sweep.h"

/* --- writing --- */

enum muk_err trace_sweep(struct trace_writer *writer, const struct trace_sweep *sweep)
{
	return WRITE(writer, SWEEP, "ssssss", sweep->name, sweep->title, sweep->source, sweep->scenario, sweep->plan,
	             sweep->identity);
}

enum muk_err trace_axis(struct trace_writer *writer, uint32_t axis, const char *name)
{
	return WRITE(writer, AXIS, "is", (uint64_t)axis + 1, name);
}

enum muk_err trace_configuration(struct trace_writer *writer, const struct trace_configuration *configuration)
{
	return WRITE(writer, CONFIGURATION, "isssiiis", (uint64_t)configuration->number + 1, configuration->name,
	             configuration->status, configuration->reason, (uint64_t)configuration->exit, configuration->cycles,
	             configuration->instructions, configuration->digest);
}

enum muk_err trace_setting(struct trace_writer *writer, uint32_t configuration, uint32_t axis, const char *value)
{
	return WRITE(writer, SETTING, "iis", (uint64_t)configuration + 1, (uint64_t)axis + 1, value);
}

enum muk_err trace_configuration_cost(struct trace_writer *writer, uint32_t configuration, const char *cause,
                                      cycle_t cycles)
{
	return WRITE(writer, CONFIGURATION_COST, "isi", (uint64_t)configuration + 1, cause, (uint64_t)cycles);
}

enum muk_err trace_operation(struct trace_writer *writer, uint32_t configuration, const char *field, double value)
{
	return WRITE(writer, OPERATION, "isd", (uint64_t)configuration + 1, field, value);
}

enum muk_err trace_sweep_result(struct trace_writer *writer, uint32_t configuration, const struct trace_result_row *row)
{
	return WRITE(writer, RESULT, "issdss", (uint64_t)configuration + 1, row->metric, row->name, row->value, row->unit,
	             row->verdict);
}

/* --- reading --- */

/* A file of schema 1 has none of these tables: nothing is there to visit. */
static bool has_sweeps(const struct trace_reader *reader)
{
	return trace_schema(reader) >= 2;
}

static uint32_t number_of(sqlite3_stmt *query)
{
	return (uint32_t)(trace_integer(query, 0) - 1);
}

enum muk_err trace_each_sweep(struct trace_reader *reader, trace_sweep_fn *visit, void *ctx, struct muk_error *error)
{
	sqlite3_stmt *query;
	int code;
	if (!has_sweeps(reader))
		return MUK_OK;
	enum muk_err result = trace_query(reader, &query, "SELECT name,title,source,scenario,plan,identity FROM sweep "
	                                  "ORDER BY id LIMIT 1", error);
	if (result != MUK_OK)
		return result;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct trace_sweep sweep = {trace_text(query, 0), trace_text(query, 1), trace_text(query, 2),
		                            trace_text(query, 3), trace_text(query, 4), trace_text(query, 5)};
		if (!visit(ctx, &sweep))
			break;
	}
	return trace_query_end(reader, query, code, error);
}

enum muk_err trace_each_configuration(struct trace_reader *reader, trace_configuration_fn *visit, void *ctx,
                                      struct muk_error *error)
{
	sqlite3_stmt *query;
	int code;
	enum muk_err result = trace_query(reader, &query, "SELECT id,name,status,reason,exit,cycles,instructions,digest "
	                                  "FROM configuration ORDER BY id", error);
	if (result != MUK_OK)
		return result;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct trace_configuration configuration = {
			.number = number_of(query), .name = trace_text(query, 1), .status = trace_text(query, 2),
			.reason = trace_text(query, 3), .exit = (int)trace_integer(query, 4),
			.cycles = trace_integer(query, 5), .instructions = trace_integer(query, 6),
			.digest = trace_text(query, 7)};
		if (!visit(ctx, &configuration))
			break;
	}
	return trace_query_end(reader, query, code, error);
}

static enum muk_err each_value(struct trace_reader *reader, const char *sql, trace_value_fn *visit, void *ctx,
                               struct muk_error *error)
{
	sqlite3_stmt *query;
	int code;
	enum muk_err result = trace_query(reader, &query, sql, error);
	if (result != MUK_OK)
		return result;
	while ((code = sqlite3_step(query)) == SQLITE_ROW)
		if (!visit(ctx, number_of(query), trace_text(query, 1), trace_number(query, 2)))
			break;
	return trace_query_end(reader, query, code, error);
}

enum muk_err trace_each_operation(struct trace_reader *reader, trace_value_fn *visit, void *ctx,
                                  struct muk_error *error)
{
	return each_value(reader, "SELECT configuration,field,value FROM operation ORDER BY configuration,field", visit, ctx,
	                  error);
}

enum muk_err trace_each_configuration_cost(struct trace_reader *reader, trace_value_fn *visit, void *ctx,
                                           struct muk_error *error)
{
	return each_value(reader, "SELECT configuration,cause,cycles FROM configuration_cost ORDER BY configuration,cause",
	                  visit, ctx, error);
}

enum muk_err trace_each_sweep_result(struct trace_reader *reader, trace_sweep_result_fn *visit, void *ctx,
                                     struct muk_error *error)
{
	sqlite3_stmt *query;
	int code;
	enum muk_err result = trace_query(reader, &query, "SELECT configuration,metric,name,unit,verdict,value FROM result "
	                                  "ORDER BY id", error);
	if (result != MUK_OK)
		return result;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct trace_result_row row = {trace_text(query, 1), trace_text(query, 2), trace_text(query, 3),
		                               trace_text(query, 4), trace_number(query, 5)};
		if (!visit(ctx, number_of(query), &row))
			break;
	}
	return trace_query_end(reader, query, code, error);
}
