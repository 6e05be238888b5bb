// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A chunk of events as a table of SQLite's, so that one statement stores it all:
 *
 *   INSERT INTO event(all but id) SELECT * FROM chunk
 *
 * (a virtual table, eponymous: it exists on the writer's connection alone, never
 * in the file).  Half the time of a statement an event.  The rows are those that
 * the level lets through, in order; SQLite numbers them on, 1, 2, 3 ...
 */
#include "traces/private.h"

struct chunk_table {
	sqlite3_vtab base;
	const struct trace_chunk *chunk;
};

struct chunk_cursor {
	sqlite3_vtab_cursor base;
	const struct trace_chunk *chunk;
	unsigned at;      /* index of the event, chunk->count at the end */
};

enum { COLUMN_RUN, COLUMN_NUMBER, COLUMN_CYCLE, COLUMN_INSTRUCTION, COLUMN_KIND, COLUMN_TASK, COLUMN_THREAD,
       COLUMN_PC, COLUMN_A0 };

static int chunk_connect(sqlite3 *db, void *ctx, int argc, const char *const *argv, sqlite3_vtab **out, char **message)
{
	(void)argc, (void)argv, (void)message;
	int code = sqlite3_declare_vtab(db, "CREATE TABLE x(run,number,cycle,instruction,kind,task,thread,pc,"
	                                    "a0,a1,a2,a3,a4,a5)");
	if (code != SQLITE_OK)
		return code;
	struct chunk_table *table = sqlite3_malloc(sizeof(*table));
	if (!table)
		return SQLITE_NOMEM;
	*table = (struct chunk_table){.chunk = ctx};
	*out = &table->base;
	return SQLITE_OK;
}

static int chunk_disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

static int chunk_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = JOURNAL_CHUNK;
	return SQLITE_OK;
}

static int chunk_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct chunk_cursor *cursor = sqlite3_malloc(sizeof(*cursor));
	if (!cursor)
		return SQLITE_NOMEM;
	*cursor = (struct chunk_cursor){.chunk = ((struct chunk_table *)table)->chunk};
	*out = &cursor->base;
	return SQLITE_OK;
}

static int chunk_close(sqlite3_vtab_cursor *cursor)
{
	sqlite3_free(cursor);
	return SQLITE_OK;
}

static void skip_filtered(struct chunk_cursor *cursor)
{
	while (cursor->at < cursor->chunk->count && !trace_chunk_stored(cursor->chunk, cursor->at))
		cursor->at++;
}

static int chunk_filter(sqlite3_vtab_cursor *base, int index, const char *name, int argc, sqlite3_value **argv)
{
	(void)index, (void)name, (void)argc, (void)argv;
	struct chunk_cursor *cursor = (struct chunk_cursor *)base;
	cursor->at = 0;
	skip_filtered(cursor);
	return SQLITE_OK;
}

static int chunk_next(sqlite3_vtab_cursor *base)
{
	struct chunk_cursor *cursor = (struct chunk_cursor *)base;
	cursor->at++;
	skip_filtered(cursor);
	return SQLITE_OK;
}

static int chunk_eof(sqlite3_vtab_cursor *base)
{
	struct chunk_cursor *cursor = (struct chunk_cursor *)base;
	return cursor->at >= cursor->chunk->count;
}

static uint64_t common_column(const struct chunk_cursor *cursor, const struct event *event, int column)
{
	switch (column) {
	case COLUMN_RUN: return cursor->chunk->run;
	case COLUMN_NUMBER: return cursor->chunk->first_number + cursor->at;
	case COLUMN_CYCLE: return event->cycle;
	case COLUMN_INSTRUCTION: return event->instruction;
	case COLUMN_KIND: return event->kind;
	case COLUMN_TASK: return event->task;
	case COLUMN_THREAD: return event->thread;
	default: return event->pc;
	}
}

static int chunk_column(sqlite3_vtab_cursor *base, sqlite3_context *result, int column)
{
	const struct chunk_cursor *cursor = (const struct chunk_cursor *)base;
	const struct event *event = &cursor->chunk->event[cursor->at];
	if (column < COLUMN_A0)
		sqlite3_result_int64(result, (sqlite3_int64)common_column(cursor, event, column));
	else if (column - COLUMN_A0 < event->args) /* else NULL */
		sqlite3_result_int64(result, event->arg[column - COLUMN_A0]);
	return SQLITE_OK;
}

static int chunk_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
	*rowid = ((struct chunk_cursor *)base)->at;
	return SQLITE_OK;
}

static const sqlite3_module chunk_module = {
	.xConnect = chunk_connect, .xDisconnect = chunk_disconnect, .xBestIndex = chunk_best_index,
	.xOpen = chunk_open, .xClose = chunk_close, .xFilter = chunk_filter, .xNext = chunk_next, .xEof = chunk_eof,
	.xColumn = chunk_column, .xRowid = chunk_rowid,
};

int trace_chunk_register(sqlite3 *db, const struct trace_chunk *chunk)
{
	return sqlite3_create_module(db, "chunk", &chunk_module, (void *)(uintptr_t)chunk);
}
