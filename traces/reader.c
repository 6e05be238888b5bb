// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading a trace: opens it, and walks its tables for the reports.  Everything
 * else that a reader may want is a query away, in the file's own views.
 *
 * A hostile file can hold anything in any column: texts are read as texts and
 * numbers as numbers, whatever their stored type, and cut to their places.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "traces/private.h"

struct trace_reader {
	sqlite3 *db;
	char *path;
	uint32_t schema;
	bool incomplete;
};

static enum muk_err check_file(const char *path, uint32_t *schema_of, struct muk_error *error)
{
	enum trace_file what;
	uint32_t schema = 0;
	enum muk_err code = trace_file_look(path, &what, &schema, error);
	if (code != MUK_OK)
		return code;
	if (what == FILE_ABSENT)
		return error_at(error, MUK_ERR_IO, path, 0, 0, "there is no such file");
	if (what == FILE_EMPTY)
		return error_at(error, MUK_ERR_INPUT, path, 0, 0, "is empty: not a trace");
	if (what == FILE_OTHER)
		return error_at(error, MUK_ERR_INPUT, path, 0, 0, "is not a trace of mukroscope");
	if (schema > TRACE_SCHEMA)
		return error_at(error, MUK_ERR_INPUT, path, 0, 0,
		                "is a trace of schema %u, and this version reads up to schema %d: a newer one is needed",
		                schema, TRACE_SCHEMA);
	if (schema == 0)
		return error_at(error, MUK_ERR_INPUT, path, 0, 0, "says that it is a trace of schema %u, which never was",
		                schema);
	*schema_of = schema;
	return MUK_OK;
}

static int read_status(struct trace_reader *reader)
{
	sqlite3_stmt *query = NULL;
	int code = sqlite3_prepare_v2(reader->db, "SELECT value FROM meta WHERE key='status'", -1, &query, NULL);
	if (code != SQLITE_OK)
		return code;
	reader->incomplete = true;
	code = sqlite3_step(query);
	if (code == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(query, 0);
		reader->incomplete = !text || strcmp(text, "complete") != 0;
	}
	sqlite3_finalize(query);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Read and write first: a dead writer's journal is rolled back.  Where that may not be, reading must do. */
static int open_database(struct trace_reader *reader)
{
	int code = sqlite3_open_v2(reader->path, &reader->db, SQLITE_OPEN_READWRITE, NULL);
	if (code == SQLITE_OK) {
		sqlite3_db_config(reader->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		sqlite3_db_config(reader->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
		code = read_status(reader);
	}
	if (code == SQLITE_OK || (code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT)
		return code;
	sqlite3_close(reader->db);
	reader->db = NULL;
	code = sqlite3_open_v2(reader->path, &reader->db, SQLITE_OPEN_READONLY, NULL);
	return code == SQLITE_OK ? read_status(reader) : code;
}

enum muk_err trace_open(struct trace_reader **out, const char *path, struct muk_error *error)
{
	*out = NULL;
	uint32_t schema = 0;
	enum muk_err code = check_file(path, &schema, error);
	if (code != MUK_OK)
		return code;
	struct trace_reader *reader = calloc(1, sizeof(*reader));
	size_t size = strlen(path) + 3;
	if (reader)
		reader->path = malloc(size);
	if (!reader || !reader->path) {
		free(reader);
		return error_set(error, MUK_ERR_NOMEM, "no memory to read a trace");
	}
	reader->schema = schema;
	snprintf(reader->path, size, "%s%s", path[0] == ':' ? "./" : "", path);
	int result = open_database(reader);
	if (result != SQLITE_OK) {
		code = sqlite_failed(reader->db, result, path, "read the trace", error);
		trace_reader_close(reader);
		return code;
	}
	*out = reader;
	return MUK_OK;
}

void trace_reader_close(struct trace_reader *reader)
{
	if (!reader)
		return;
	sqlite3_close(reader->db);
	free(reader->path);
	free(reader);
}

bool trace_incomplete(const struct trace_reader *reader)
{
	return reader->incomplete;
}

/* --- walking --- */

/* Prepares a query with one optional text for its ?1; NULL binds NULL. */
static enum muk_err begin(struct trace_reader *reader, sqlite3_stmt **query, const char *sql, const char *argument,
                          struct muk_error *error)
{
	int code = sqlite3_prepare_v2(reader->db, sql, -1, query, NULL);
	if (code == SQLITE_OK && sqlite3_bind_parameter_count(*query) > 0)
		code = argument ? sqlite3_bind_text(*query, 1, argument, -1, SQLITE_TRANSIENT)
		                : sqlite3_bind_null(*query, 1);
	if (code == SQLITE_OK)
		return MUK_OK;
	sqlite3_finalize(*query);
	return sqlite_failed(reader->db, code, reader->path, "read the trace", error);
}

static enum muk_err finish(struct trace_reader *reader, sqlite3_stmt *query, int code, struct muk_error *error)
{
	enum muk_err result = MUK_OK;
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		result = sqlite_failed(reader->db, code, reader->path, "read the trace", error);
	sqlite3_finalize(query);
	return result;
}

uint32_t trace_schema(const struct trace_reader *reader)
{
	return reader->schema;
}

enum muk_err trace_query(struct trace_reader *reader, sqlite3_stmt **query, const char *sql, struct muk_error *error)
{
	return begin(reader, query, sql, NULL, error);
}

enum muk_err trace_query_end(struct trace_reader *reader, sqlite3_stmt *query, int code, struct muk_error *error)
{
	return finish(reader, query, code, error);
}

const char *trace_text(sqlite3_stmt *query, int column)
{
	const char *value = (const char *)sqlite3_column_text(query, column);
	return value ? value : "";
}

double trace_number(sqlite3_stmt *query, int column)
{
	return sqlite3_column_type(query, column) == SQLITE_NULL ? NAN : sqlite3_column_double(query, column);
}

uint64_t trace_integer(sqlite3_stmt *query, int column)
{
	return (uint64_t)sqlite3_column_int64(query, column);
}

enum muk_err trace_each_scenario(struct trace_reader *reader, trace_scenario_fn *visit, void *ctx,
                                 struct muk_error *error)
{
	sqlite3_stmt *query;
	enum muk_err result = begin(reader, &query, "SELECT name,title,source,status,reason,digest,cycles,instructions "
	                            "FROM scenario ORDER BY id", NULL, error);
	if (result != MUK_OK)
		return result;
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct trace_scenario scenario = {
			.name = trace_text(query, 0), .title = trace_text(query, 1), .source = trace_text(query, 2),
			.status = trace_text(query, 3), .reason = trace_text(query, 4), .digest = trace_text(query, 5),
			.cycles = trace_integer(query, 6), .instructions = trace_integer(query, 7)};
		if (!visit(ctx, &scenario))
			break;
	}
	return finish(reader, query, code, error);
}

/* 32 hexadecimal digits, the high half first, as digest_print has them; anything else is 0. */
static struct digest parse_digest(const char *digits)
{
	struct digest digest = {0};
	char half[17] = "";
	if (strlen(digits) == 32) {
		memcpy(half, digits, 16);
		digest.high = strtoull(half, NULL, 16);
		digest.low = strtoull(digits + 16, NULL, 16);
	}
	return digest;
}

enum muk_err trace_each_run(struct trace_reader *reader, const char *scenario, trace_run_fn *visit, void *ctx,
                            struct muk_error *error)
{
	sqlite3_stmt *query;
	enum muk_err result = begin(reader, &query, "SELECT id,scenario,name,model,status,reason,cycles,instructions,"
	                            "digest FROM run WHERE ?1 IS NULL OR scenario=?1 ORDER BY id", scenario, error);
	if (result != MUK_OK)
		return result;
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct trace_result run = {.status = trace_text(query, 4), .reason = trace_text(query, 5),
		                           .cycles = trace_integer(query, 6), .instructions = trace_integer(query, 7),
		                           .digest = parse_digest(trace_text(query, 8))};
		if (!visit(ctx, (uint32_t)trace_integer(query, 0), trace_text(query, 1), trace_text(query, 2), trace_text(query, 3), &run))
			break;
	}
	return finish(reader, query, code, error);
}

static void read_metric(sqlite3_stmt *query, struct metric *metric)
{
	memset(metric, 0, sizeof(*metric));
	snprintf(metric->id, sizeof(metric->id), "%s", trace_text(query, 0));
	snprintf(metric->name, sizeof(metric->name), "%s", trace_text(query, 1));
	snprintf(metric->unit, sizeof(metric->unit), "%s", trace_text(query, 2));
	snprintf(metric->source, sizeof(metric->source), "%s", trace_text(query, 3));
	metric->value = trace_number(query, 4);
	metric->paper = trace_number(query, 5);
	metric->paper_low = trace_number(query, 6);
	metric->paper_high = trace_number(query, 7);
	metric->has_paper = !isnan(metric->paper);
	metric->deviation_pct = trace_number(query, 8);
	metric->tolerance_pct = trace_number(query, 9);
	metric->has_tolerance = !isnan(metric->tolerance_pct);
	snprintf(metric->verdict, sizeof(metric->verdict), "%s", trace_text(query, 10));
	snprintf(metric->cause, sizeof(metric->cause), "%s", trace_text(query, 11));
}

enum muk_err trace_each_metric(struct trace_reader *reader, const char *scenario, trace_metric_fn *visit, void *ctx,
                               struct muk_error *error)
{
	sqlite3_stmt *query;
	enum muk_err result = begin(reader, &query,
		"SELECT m.metric,m.name,m.unit,m.source,m.value,e.paper,e.paper_low,e.paper_high,e.deviation_pct,"
		"e.tolerance_pct,e.verdict,e.cause FROM metric m LEFT JOIN expectation e USING(scenario,metric) "
		"WHERE m.scenario=?1 ORDER BY m.id", scenario, error);
	if (result != MUK_OK)
		return result;
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW) {
		struct metric metric;
		read_metric(query, &metric);
		if (!visit(ctx, &metric))
			break;
	}
	return finish(reader, query, code, error);
}

/* Names with cycles, as a query gives them for a scenario. */
static enum muk_err each_cycles(struct trace_reader *reader, const char *sql, const char *scenario, trace_ledger_fn *visit,
                                void *ctx, struct muk_error *error)
{
	sqlite3_stmt *query;
	enum muk_err result = begin(reader, &query, sql, scenario, error);
	if (result != MUK_OK)
		return result;
	int code;
	while ((code = sqlite3_step(query)) == SQLITE_ROW)
		if (!visit(ctx, trace_text(query, 0), trace_integer(query, 1)))
			break;
	return finish(reader, query, code, error);
}

#define OF_SCENARIO "WHERE c.run IN (SELECT id FROM run WHERE scenario=?1) "

enum muk_err trace_each_cause(struct trace_reader *reader, const char *scenario, trace_ledger_fn *visit, void *ctx,
                              struct muk_error *error)
{
	return each_cycles(reader, "SELECT c.cause,sum(c.cycles) FROM cost c " OF_SCENARIO "GROUP BY c.cause ORDER BY c.cause",
	                   scenario, visit, ctx, error);
}

enum muk_err trace_each_task(struct trace_reader *reader, const char *scenario, trace_ledger_fn *visit, void *ctx,
                             struct muk_error *error)
{
	return each_cycles(reader, "SELECT k.name,sum(c.cycles) FROM cost c JOIN task k ON k.run=c.run AND k.id=c.task "
	                   OF_SCENARIO "AND k.name!='' GROUP BY k.name ORDER BY 2 DESC,1", scenario, visit, ctx, error);
}

enum muk_err trace_each_thread(struct trace_reader *reader, const char *scenario, trace_ledger_fn *visit, void *ctx,
                               struct muk_error *error)
{
	return each_cycles(reader, "SELECT t.name,sum(c.cycles) FROM cost c JOIN thread t ON t.run=c.run AND t.id=c.thread "
	                   OF_SCENARIO "AND t.name!='' GROUP BY t.name ORDER BY 2 DESC,1", scenario, visit, ctx, error);
}
