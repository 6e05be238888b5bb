// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The writer of a trace: its life, its transactions, and the events.
 *
 *            trace_create              trace_begin_run            chunk
 *   (none) ----------------> OPEN ------------------------> RUN ---------> RUN
 *                             ^        trace_end_run         |
 *                             |------------------------------'
 *                             '-- trace_close --> complete      RUN, OPEN -- trace_abandon --> incomplete
 *   any --[an error of SQLite: writer_keep]--> FAILED --[trace_close]--> incomplete
 *
 * Invariants
 *   1. Outside FAILED a transaction is always open; what is in it is lost if the
 *      process dies, what is before it is not.
 *   2. A transaction ends with every TRANSACTION_EVENTS events that pass, with the
 *      beginning and the end of a run, and with trace_close: by count, never by
 *      time, so that equal runs give equal files.
 *   3. In FAILED nothing is written any more.
 *
 * SQLite: a rollback journal without fsync.  That survives the death of the
 * process at any moment, but not that of the host; a trace can be made again.
 */
#include <stdlib.h>
#include <string.h>
#include "trace_schema.h"
#include "traces/private.h"

static const char schema_sql[] = TRACE_SCHEMA_TEXT;

static const char *const statement_sql[WRITE_COUNT] = {
#define X(name, sql) sql,
	TRACE_STATEMENTS(X)
#undef X
};

static const char *const pragmas = "PRAGMA page_size=8192; PRAGMA encoding='UTF-8'; PRAGMA journal_mode=DELETE;"
				   "PRAGMA synchronous=OFF; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;";

enum muk_err writer_keep(struct trace_writer *writer, int sqlite_code, const char *doing)
{
	if (sqlite_code != SQLITE_OK && writer->failed.code == MUK_OK)
		sqlite_failed(writer->db, sqlite_code, writer->path, doing, &writer->failed);
	return writer->failed.code;
}

/* The writer's state, with its detail for the caller. */
static enum muk_err report(const struct trace_writer *writer, struct muk_error *error)
{
	if (writer->failed.code != MUK_OK && error)
		*error = writer->failed;
	return writer->failed.code;
}

static enum muk_err step(struct trace_writer *writer, enum trace_statement which)
{
	if (writer->failed.code != MUK_OK)
		return writer->failed.code;
	return writer_keep(writer, statement_run(writer->statement[which], ""), "write the trace");
}

/* Ends the transaction and begins the next. */
static enum muk_err commit(struct trace_writer *writer)
{
	step(writer, WRITE_COMMIT);
	writer->uncommitted = 0;
	return step(writer, WRITE_BEGIN);
}

/* Is there something at path that may be replaced? */
static enum muk_err check_replaceable(const char *path, struct muk_error *error)
{
	enum trace_file what;
	uint32_t schema;
	enum muk_err code = trace_file_look(path, &what, &schema, error);
	if (code != MUK_OK || what == FILE_ABSENT || what == FILE_EMPTY)
		return code;
	if (what == FILE_OTHER)
		return error_at(error, MUK_ERR_IO, path, 0, 0, "exists and is no trace: it is left as it is");
	sqlite3 *db = NULL;
	int result = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
	code = result == SQLITE_BUSY || result == SQLITE_READONLY || result == SQLITE_CANTOPEN
	       ? sqlite_failed(db, result, path, "replace the trace", error) : MUK_OK; /* a damaged one may go */
	sqlite3_close(db);
	return code;
}

static int prepare(struct trace_writer *writer)
{
	int code = sqlite3_exec(writer->db, pragmas, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(writer->db, "BEGIN", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(writer->db, schema_sql, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = trace_chunk_register(writer->db, &writer->chunk);
	for (int i = 0; code == SQLITE_OK && i < WRITE_COUNT; i++)
		code = sqlite3_prepare_v3(writer->db, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
		                          &writer->statement[i], NULL);
	return code;
}

static const char *const level_name[] = {[TRACE_NONE] = "none", [TRACE_EVENTS] = "events", [TRACE_ALL] = "all"};

static void write_meta(struct trace_writer *writer)
{
	static const char *const schema = "2";
	_Static_assert(TRACE_SCHEMA == 2, "meta.schema says which");
	const char *const pair[][2] = {
		{"schema", schema}, {"level", level_name[writer->chunk.level]}, {"status", "incomplete"}};
	for (size_t i = 0; i < sizeof(pair) / sizeof(*pair); i++)
		writer_keep(writer, statement_run(writer->statement[WRITE_META], "ss", pair[i][0], pair[i][1]),
		            "write the trace");
	commit(writer);
}

static void writer_free(struct trace_writer *writer)
{
	derive_free(writer->derive);
	for (int i = 0; i < WRITE_COUNT; i++)
		sqlite3_finalize(writer->statement[i]);
	sqlite3_close(writer->db);
	free(writer->path);
	free(writer);
}

/* "./" before what SQLite would take for a name of its own. */
static char *plain_path(const char *path)
{
	char *copy = malloc(strlen(path) + 3);
	if (copy) {
		strcpy(copy, path[0] == ':' ? "./" : "");
		strcat(copy, path);
	}
	return copy;
}

static enum muk_err open_writer(struct trace_writer *writer, struct muk_error *error)
{
	enum muk_err code = check_replaceable(writer->path, error);
	if (code == MUK_OK)
		code = trace_file_empty(writer->path, error);
	if (code != MUK_OK)
		return code;
	int result = sqlite3_open_v2(writer->path, &writer->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (result == SQLITE_OK)
		result = prepare(writer);
	if (result != SQLITE_OK)
		return sqlite_failed(writer->db, result, writer->path, "create the trace", error);
	write_meta(writer);
	return report(writer, error);
}

enum muk_err trace_create(struct trace_writer **out, const char *path, enum trace_level level, struct muk_error *error)
{
	*out = NULL;
	struct trace_writer *writer = calloc(1, sizeof(*writer));
	if (writer)
		writer->path = plain_path(path);
	if (!writer || !writer->path) {
		free(writer);
		return error_set(error, MUK_ERR_NOMEM, "no memory for a trace");
	}
	writer->chunk.level = level;
	writer->next_event = 1;
	enum muk_err code = open_writer(writer, error);
	if (code != MUK_OK) {
		writer_free(writer);
		return code;
	}
	*out = writer;
	return MUK_OK;
}

/* --- slices and flows, as derive.c finds them --- */
static void store_slice(void *ctx, const char *name, cycle_t begin, cycle_t end, uint32_t thread)
{
	struct trace_writer *writer = ctx;
	if (writer->failed.code == MUK_OK)
		writer_keep(writer, statement_run(writer->statement[WRITE_SLICE], "iciii", (uint64_t)writer->chunk.run, name,
		                                  (uint64_t)thread, (uint64_t)begin, (uint64_t)end), "write the trace");
}

static void store_flow(void *ctx, uint64_t from, uint64_t to, const char *kind)
{
	struct trace_writer *writer = ctx;
	if (writer->failed.code == MUK_OK)
		writer_keep(writer, statement_run(writer->statement[WRITE_FLOW], "icii", (uint64_t)writer->chunk.run, kind,
		                                  from, to), "write the trace");
}

/* All kinds back to what they are before anybody tells: the machine's own, and probes without a name. */
static void reset_kinds(struct trace_writer *writer)
{
	memset(writer->chunk.kind_level, 1, sizeof(writer->chunk.kind_level));
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
		trace_kind(writer, kind, event_kind_name(kind), event_kind_args(kind), event_kind_level(kind));
}

enum muk_err trace_begin_run(struct trace_writer *writer, const char *scenario, const char *run, const char *model,
                             const char *resolved_yaml, struct muk_error *error)
{
	derive_free(writer->derive);
	writer->derive = derive_new((struct derive_out){store_slice, store_flow, writer});
	if (!writer->derive)
		writer_keep(writer, SQLITE_NOMEM, "write the trace");
	writer->chunk.run++;
	writer->first_event = writer->next_event;
	if (writer->failed.code == MUK_OK)
		writer_keep(writer, statement_run(writer->statement[WRITE_RUN], "issss", (uint64_t)writer->chunk.run, scenario,
		                                  run, model, resolved_yaml), "write the trace");
	if (writer->failed.code == MUK_OK)
		reset_kinds(writer);
	commit(writer);
	return report(writer, error);
}

/* --- events: the hot path --- */

/* Stores what the level lets through; then lets derive.c look at it. */
static void store_events(struct trace_writer *writer)
{
	struct trace_chunk *chunk = &writer->chunk;
	if (writer_keep(writer, statement_run(writer->statement[WRITE_EVENTS], ""), "write the trace") != MUK_OK)
		return;
	for (unsigned i = 0; i < chunk->count; i++)
		if (trace_chunk_stored(chunk, i))
			derive_event(writer->derive, &chunk->event[i], writer->next_event++);
}

static void store_chunk(void *ctx, const struct event *event, unsigned count, uint64_t first,
                        const struct digest *after)
{
	struct trace_writer *writer = ctx;
	if (writer->failed.code != MUK_OK)
		return;
	writer->chunk.event = event;
	writer->chunk.count = count;
	writer->chunk.first_number = first;
	store_events(writer);
	if (writer->failed.code != MUK_OK)
		return;
	writer_keep(writer, statement_run(writer->statement[WRITE_DIGEST], "iih", (uint64_t)writer->chunk.run,
	                                  first + count, after), "write the trace");
	writer->uncommitted += count;
	if (writer->uncommitted >= TRANSACTION_EVENTS)
		commit(writer);
}

struct journal_sink trace_sink(struct trace_writer *writer)
{
	return (struct journal_sink){.chunk = store_chunk, .ctx = writer};
}

/* --- ends --- */
enum muk_err trace_end_run(struct trace_writer *writer, const struct trace_result *result, struct muk_error *error)
{
	if (writer->failed.code == MUK_OK)
		writer_keep(writer, statement_run(writer->statement[WRITE_RUN_END], "ssiihi", result->status,
		                                  result->reason, (uint64_t)result->cycles, result->instructions,
		                                  &result->digest, (uint64_t)writer->chunk.run), "write the trace");
	if (writer->failed.code == MUK_OK && writer->next_event > writer->first_event)
		writer_keep(writer, statement_run(writer->statement[WRITE_RUN_EVENTS], "iii", writer->first_event,
		                                  writer->next_event - 1, (uint64_t)writer->chunk.run), "write the trace");
	commit(writer);
	return report(writer, error);
}

enum muk_err trace_close(struct trace_writer *writer, struct muk_error *error)
{
	if (!writer)
		return MUK_OK;
	if (writer->failed.code == MUK_OK)
		writer_keep(writer, statement_run(writer->statement[WRITE_META], "ss", "status", "complete"),
		            "complete the trace");
	step(writer, WRITE_COMMIT);
	enum muk_err code = report(writer, error);
	writer_free(writer);
	return code;
}

void trace_abandon(struct trace_writer *writer)
{
	if (!writer)
		return;
	step(writer, WRITE_COMMIT);
	writer_free(writer);
}
