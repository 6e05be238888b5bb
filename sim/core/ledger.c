/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger's rows: an open-addressed hash table of (cause, task, thread,
 * function) -> cycles.  Hash order never leaves this file: whoever iterates gets
 * the rows sorted.
 *
 * Time is in one of three states:
 *
 *     passed, outstanding --- book ------------------> row of the running cause
 *     (now - booked - charged)
 *     passed, charged ------- ledger_charge ---------> row of its cause, at once
 *
 * Invariants (with those of ledger.h)
 *   4. now - booked >= charged: what other causes claimed has passed.  A refund after a booking that already gave
 *      its cycles away would break this, and is a defect.
 *   5. row_add is the only place that adds to a row, and adds the same to the cause's total.
 *   6. at most half of the table is used, unless the host had no memory to let it grow.
 */
#include "sim/core/ledger.h"

#include <stdlib.h>

#include "sim/core/error.h"

enum { ROWS_FIRST = 256 };

struct ledger_rows {
	struct ledger_row *row; /* cause == CAUSE_COUNT: free */
	size_t capacity;        /* a power of two */
	size_t used;
};

const char *ledger_cause_name(enum ledger_cause cause)
{
	static const char *const name[CAUSE_COUNT] = {
#define X(name, text) [CAUSE_##name] = text,
		LEDGER_CAUSES(X)
#undef X
	};

	muk_assert((unsigned)cause < CAUSE_COUNT);
	return name[cause];
}

/* --- the table --- */

static bool rows_allocate(struct ledger_rows *rows, size_t capacity)
{
	struct ledger_row *row = malloc(capacity * sizeof *row);

	if (!row)
		return false;
	for (size_t i = 0; i < capacity; i++)
		row[i] = (struct ledger_row){.cause = CAUSE_COUNT};
	*rows = (struct ledger_rows){.row = row, .capacity = capacity};
	return true;
}

static size_t row_hash(const struct ledger_row *key)
{
	uint64_t hash = key->function;

	hash = hash * 0x9e3779b97f4a7c15u + key->thread;
	hash = hash * 0x9e3779b97f4a7c15u + key->task;
	hash = hash * 0x9e3779b97f4a7c15u + (uint64_t)key->cause;
	return (size_t)((hash * 0x9e3779b97f4a7c15u) >> 32);
}

static bool row_same(const struct ledger_row *a, const struct ledger_row *b)
{
	return a->function == b->function && a->thread == b->thread && a->task == b->task && a->cause == b->cause;
}

/* The place of a key: its row, or the free one where it belongs. */
static struct ledger_row *row_find(const struct ledger_rows *rows, const struct ledger_row *key)
{
	size_t at = row_hash(key) & (rows->capacity - 1);

	while (rows->row[at].cause != CAUSE_COUNT && !row_same(&rows->row[at], key))
		at = (at + 1) & (rows->capacity - 1);
	return &rows->row[at];
}

/* Doubles the table; leaves it as it is when the host has no memory for that. */
static void rows_grow(struct ledger_rows *rows)
{
	struct ledger_rows larger;

	if (!rows_allocate(&larger, rows->capacity * 2))
		return;
	for (size_t i = 0; i < rows->capacity; i++)
		if (rows->row[i].cause != CAUSE_COUNT)
			*row_find(&larger, &rows->row[i]) = rows->row[i];
	larger.used = rows->used;
	free(rows->row);
	*rows = larger;
}

static struct ledger_row *row_insert(struct ledger_rows *rows, const struct ledger_row *key)
{
	struct ledger_row *row;

	if (rows->used * 2 >= rows->capacity)
		rows_grow(rows);
	muk_assert(rows->used + 1 < rows->capacity); /* no memory, and full: the account cannot go on */
	row = row_find(rows, key);
	*row = *key;
	row->cycles = 0;
	rows->used++;
	return row;
}

static void row_add(struct ledger *ledger, enum ledger_cause cause, cycle_t cycles)
{
	struct ledger_row key = {cause, ledger->task, ledger->thread, ledger->function, 0};
	struct ledger_row *row = row_find(ledger->rows, &key);

	if (row->cause == CAUSE_COUNT)
		row = row_insert(ledger->rows, &key);
	row->cycles += cycles;
	ledger->total[cause] += cycles;
}

/* --- life --- */

bool ledger_init(struct ledger *ledger)
{
	*ledger = (struct ledger){.deadline = CYCLE_NEVER};
	ledger->rows = malloc(sizeof *ledger->rows);
	if (ledger->rows && !rows_allocate(ledger->rows, ROWS_FIRST)) {
		free(ledger->rows);
		ledger->rows = NULL;
	}
	return ledger->rows != NULL;
}

void ledger_free(struct ledger *ledger)
{
	if (ledger->rows)
		free(ledger->rows->row);
	free(ledger->rows);
	ledger->rows = NULL;
}

/* --- time --- */

/* Gives the outstanding time to the instructions, or the refill handler, of whoever runs. */
static void book(struct ledger *ledger)
{
	cycle_t outstanding = ledger_outstanding(ledger);

	muk_assert(ledger->now >= ledger->booked && ledger->now - ledger->booked >= ledger->charged);
	if (outstanding)
		row_add(ledger, ledger->running, outstanding);
	ledger->booked = ledger->now;
	ledger->charged = 0;
}

void ledger_charge(struct ledger *ledger, enum ledger_cause cause, cycle_t cycles)
{
	if (!cycles)
		return;
	row_add(ledger, cause, cycles);
	ledger->now += cycles;
	ledger->charged += cycles;
}

void ledger_enter_function(struct ledger *ledger, uint32_t function)
{
	if (function == ledger->function)
		return;
	book(ledger);
	ledger->function = function;
}

void ledger_enter_thread(struct ledger *ledger, uint32_t task, uint32_t thread)
{
	if (task == ledger->task && thread == ledger->thread)
		return;
	book(ledger);
	ledger->task = task;
	ledger->thread = thread;
}

void ledger_enter_cause(struct ledger *ledger, enum ledger_cause cause)
{
	if (cause == ledger->running)
		return;
	book(ledger);
	ledger->running = cause;
}

void ledger_settle(struct ledger *ledger)
{
	cycle_t sum = 0;

	book(ledger);
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++)
		sum += ledger->total[cause];
	muk_assert(sum == ledger->now);
}

/* --- looking at it --- */

static int row_compare(const void *left, const void *right)
{
	const struct ledger_row *a = left, *b = right;

	if (a->cause != b->cause)
		return a->cause < b->cause ? -1 : 1;
	if (a->task != b->task)
		return a->task < b->task ? -1 : 1;
	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return a->function < b->function ? -1 : a->function > b->function;
}

/* A copy of the used rows, sorted; the caller frees it. */
static struct ledger_row *rows_sorted(const struct ledger_rows *rows)
{
	struct ledger_row *sorted = malloc((rows->used + 1) * sizeof *sorted);
	size_t count = 0;

	muk_assert(sorted);
	for (size_t i = 0; i < rows->capacity; i++)
		if (rows->row[i].cause != CAUSE_COUNT)
			sorted[count++] = rows->row[i];
	qsort(sorted, count, sizeof *sorted, row_compare);
	return sorted;
}

void ledger_each(struct ledger *ledger, void (*visit)(void *ctx, const struct ledger_row *row), void *ctx)
{
	struct ledger_row *sorted;
	size_t count;
	cycle_t sum = 0;

	ledger_settle(ledger);
	count = ledger->rows->used;
	sorted = rows_sorted(ledger->rows);
	for (size_t i = 0; i < count; i++) {
		sum += sorted[i].cycles;
		if (sorted[i].cycles)
			visit(ctx, &sorted[i]);
	}
	free(sorted);
	muk_assert(sum == ledger->now);
}

/* --- snapshots --- */

static void row_state(struct stream *stream, struct ledger_row *row)
{
	uint32_t cause = (uint32_t)row->cause;

	stream_field(stream, cause);
	stream_field(stream, row->task);
	stream_field(stream, row->thread);
	stream_field(stream, row->function);
	stream_field(stream, row->cycles);
	row->cause = (enum ledger_cause)cause;
	if (cause >= CAUSE_COUNT)
		stream->failed = true;
}

static void rows_save(struct stream *stream, const struct ledger_rows *rows)
{
	struct ledger_row *sorted = rows_sorted(rows);
	uint64_t count = rows->used;

	stream_field(stream, count);
	for (size_t i = 0; i < rows->used; i++)
		row_state(stream, &sorted[i]);
	free(sorted);
}

static void rows_load(struct stream *stream, struct ledger_rows *rows)
{
	uint64_t count = 0;

	for (size_t i = 0; i < rows->capacity; i++)
		rows->row[i].cause = CAUSE_COUNT;
	rows->used = 0;
	stream_field(stream, count);
	for (uint64_t i = 0; i < count && !stream->failed; i++) {
		struct ledger_row row = {0};

		row_state(stream, &row);
		if (!stream->failed)
			row_insert(rows, &row)->cycles = row.cycles;
	}
}

void ledger_state(struct stream *stream, struct ledger *ledger)
{
	uint32_t running = (uint32_t)ledger->running;

	stream_field(stream, ledger->now);
	stream_field(stream, ledger->instructions);
	stream_field(stream, ledger->function);
	stream_field(stream, ledger->booked);
	stream_field(stream, ledger->charged);
	stream_field(stream, running);
	if (running >= CAUSE_COUNT) {
		stream->failed = true;
		running = CAUSE_INSTRUCTION;
	}
	ledger->running = (enum ledger_cause)running;
	stream_field(stream, ledger->task);
	stream_field(stream, ledger->thread);
	stream_field(stream, ledger->total);
	if (stream->loading)
		rows_load(stream, ledger->rows);
	else
		rows_save(stream, ledger->rows);
}
