/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of traces/ share; nothing outside includes it. */
#pragma once
#include <sqlite3.h>
#include "sim/core/error.h"
#include "traces/trace.h"

/* --- file.c: looking at a path before SQLite does --- */
enum trace_file { FILE_ABSENT, FILE_EMPTY, FILE_TRACE, FILE_OTHER };
/*
 * What stands at path; *schema is set for a FILE_TRACE.  Errors (MUK_ERR_IO): a directory, a device, no permission.
 */
enum muk_err trace_file_look(const char *path, enum trace_file *what, uint32_t *schema, struct muk_error *error);
/* Empties (or creates) the file at path, and removes a journal that a dead writer left beside it. MUK_ERR_IO. */
enum muk_err trace_file_empty(const char *path, struct muk_error *error);

/* --- statement.c: prepared statements, told as format strings --- */
/*
 * Binds by format, one letter a parameter: i uint64_t, d double (NAN: NULL),
 * s const char * (NULL: ""; bytes that are no UTF-8 become '?'), c const char * (UTF-8 that outlives the call: not
 * copied), h const struct digest * (as 32 digits); then runs to the end.  Returns SQLite's code, SQLITE_OK for done.
 */
int statement_run(sqlite3_stmt *statement, const char *format, ...);
/* Turns bytes that are no UTF-8 into '?', in place. */
void text_clean(char *text);
/* Turns SQLite's last error into ours: MUK_ERR_IO (disk full, i/o, locked), MUK_ERR_NOMEM, MUK_ERR_INPUT (damaged). */
enum muk_err sqlite_failed(sqlite3 *db, int code, const char *path, const char *doing, struct muk_error *error);

/* --- derive.c: slices and flows out of the stored events --- */
struct derive; /* opaque */
struct derive_out {
	void (*slice)(void *ctx, const char *name, cycle_t begin, cycle_t end, uint32_t thread);
	void (*flow)(void *ctx, uint64_t from, uint64_t to, const char *kind);
	void *ctx;
};
/* NULL when the host's memory is exhausted. */
struct derive *derive_new(struct derive_out out);
void derive_free(struct derive *derive);
/* A kind's name, made UTF-8; kinds that have none take no part. False when the host's memory is exhausted. */
bool derive_kind(struct derive *derive, unsigned kind, const char *name);
/* An event that was stored as id. */
void derive_event(struct derive *derive, const struct event *event, uint64_t id);

/* --- chunk.c: a chunk of events as a table --- */
enum { TRACE_KINDS = 65536, TRANSACTION_EVENTS = 65536 };

struct trace_chunk {
	const struct event *event;
	unsigned count;
	uint64_t first_number;
	uint32_t run;
	enum trace_level level;
	uint8_t kind_level[TRACE_KINDS];
};

/* Does the level let event number i of the chunk through? */
static inline bool trace_chunk_stored(const struct trace_chunk *chunk, unsigned i)
{
	return chunk->kind_level[chunk->event[i].kind] <= (unsigned)chunk->level;
}

/* Makes *chunk, as it stands at each statement, the table "chunk" of this connection. Returns SQLite's code. */
int trace_chunk_register(sqlite3 *db, const struct trace_chunk *chunk);

/* --- writer.c, with the rows of tables.c --- */
#define TRACE_STATEMENTS(X)                                                                                       \
	X(BEGIN, "BEGIN")                                                                                         \
	X(COMMIT, "COMMIT")                                                                                       \
	X(META, "INSERT OR REPLACE INTO meta VALUES(?,?)")                                                        \
	X(RUN, "INSERT INTO run(id,scenario,name,model,resolved,status,reason) VALUES(?,?,?,?,?,'incomplete','')") \
	X(RUN_END, "UPDATE run SET status=?,reason=?,cycles=?,instructions=?,digest=? WHERE id=?")                \
	X(RUN_EVENTS, "UPDATE run SET first_event=?,last_event=? WHERE id=?")                                     \
	X(EVENTS, "INSERT INTO event(run,number,cycle,instruction,kind,task,thread,pc,a0,a1,a2,a3,a4,a5) "        \
	          "SELECT * FROM chunk")                                                                          \
	X(DIGEST, "INSERT OR REPLACE INTO digest VALUES(?,?,?)")                                                  \
	X(SYMBOL, "INSERT OR REPLACE INTO symbol VALUES(?,?,?)")                                                  \
	X(KIND, "INSERT OR REPLACE INTO kind VALUES(?,?,?,?,?)")                                                  \
	X(TASK, "INSERT OR REPLACE INTO task VALUES(?,?,?)")                                                      \
	X(THREAD, "INSERT OR REPLACE INTO thread VALUES(?,?,?,?)")                                                \
	X(COST, "INSERT OR REPLACE INTO cost VALUES(?,?,?,?,?,?)")                                                \
	X(COUNTER, "INSERT OR REPLACE INTO counter VALUES(?,?,?)")                                                \
	X(SLICE, "INSERT INTO slice(run,name,thread,begin_cycle,end_cycle) VALUES(?,?,?,?,?)")                    \
	X(FLOW, "INSERT INTO flow(run,kind,from_event,to_event) VALUES(?,?,?,?)")                                 \
	X(METRIC, "INSERT OR REPLACE INTO metric(scenario,metric,name,value,unit,source) VALUES(?,?,?,?,?,?)")    \
	X(EXPECTATION, "INSERT OR REPLACE INTO expectation(scenario,metric,paper,paper_low,paper_high,"           \
	               "deviation_pct,tolerance_pct,verdict,cause) VALUES(?,?,?,?,?,?,?,?,?)")                    \
	X(SCENARIO, "INSERT OR REPLACE INTO scenario(name,title,source,status,reason,cycles,instructions,digest) " \
	            "VALUES(?,?,?,?,?,?,?,?)")                                                                        \
	X(SWEEP, "INSERT INTO sweep(name,title,source,scenario,plan,identity) VALUES(?,?,?,?,?,?)")               \
	X(AXIS, "INSERT OR REPLACE INTO axis VALUES(?,?)")                                                        \
	X(CONFIGURATION, "INSERT INTO configuration VALUES(?,?,?,?,?,?,?,?)")                                     \
	X(SETTING, "INSERT INTO setting VALUES(?,?,?)")                                                           \
	X(CONFIGURATION_COST, "INSERT INTO configuration_cost VALUES(?,?,?)")                                     \
	X(OPERATION, "INSERT INTO operation VALUES(?,?,?)")                                                       \
	X(RESULT, "INSERT OR REPLACE INTO result(configuration,metric,name,value,unit,verdict) "                  \
	          "VALUES(?,?,?,?,?,?)")

enum trace_statement {
#define X(name, sql) WRITE_##name,
	TRACE_STATEMENTS(X)
#undef X
	WRITE_COUNT
};

struct trace_writer {
	sqlite3 *db;
	sqlite3_stmt *statement[WRITE_COUNT];
	char *path;
	struct muk_error failed;      /* code MUK_OK: not */
	struct derive *derive;        /* of the run */
	struct trace_chunk chunk;     /* also holds level, run (from 1; 0: none yet) and the kinds' levels */
	uint64_t next_event;          /* id of the next stored event, from 1 */
	uint64_t first_event;         /* of the run */
	unsigned uncommitted;         /* events since BEGIN */
};

/* Keeps the first error; returns the writer's state. doing ends the sentence "cannot ...". */
enum muk_err writer_keep(struct trace_writer *writer, int sqlite_code, const char *doing);

/* Runs a statement; the writer's state: MUK_OK, or the first error of its life, after which nothing is written. */
#define WRITE(writer, which, ...)                                                                                 \
	((writer)->failed.code != MUK_OK                                                                          \
	 ? (writer)->failed.code                                                                                  \
	 : writer_keep(writer, statement_run((writer)->statement[WRITE_##which], __VA_ARGS__), "write the trace"))

/* --- reader.c --- */
/* The schema of the file, 1.. */
uint32_t trace_schema(const struct trace_reader *reader);
/* Prepares a query without parameters; ends one whose last step gave code. */
enum muk_err trace_query(struct trace_reader *reader, sqlite3_stmt **query, const char *sql, struct muk_error *error);
enum muk_err trace_query_end(struct trace_reader *reader, sqlite3_stmt *query, int code, struct muk_error *error);
/* Columns, whatever their stored type: "" and NAN for NULL. */
const char *trace_text(sqlite3_stmt *query, int column);
double trace_number(sqlite3_stmt *query, int column);
uint64_t trace_integer(sqlite3_stmt *query, int column);
