// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rows that describe a run and its results: one function a table.  Each
 * returns the writer's state: MUK_OK, or the first error of its life, after
 * which nothing is written (writer.c, invariant 3).
 */
#include <math.h>
#include "traces/private.h"

enum muk_err trace_symbol(struct trace_writer *writer, uint32_t id, const char *name)
{
	return WRITE(writer, SYMBOL, "iis", (uint64_t)writer->chunk.run, (uint64_t)id, name);
}

enum muk_err trace_kind(struct trace_writer *writer, unsigned kind, const char *name, const char *args, int level)
{
	muk_assert(kind < TRACE_KINDS && level >= 1 && level <= 2 && writer->chunk.run);
	writer->chunk.kind_level[kind] = (uint8_t)level;
	if (writer->derive && !derive_kind(writer->derive, kind, name))
		return writer_keep(writer, SQLITE_NOMEM, "write the trace");
	return WRITE(writer, KIND, "iissi", (uint64_t)writer->chunk.run, (uint64_t)kind, name, args, (uint64_t)level);
}

enum muk_err trace_task(struct trace_writer *writer, uint32_t id, const char *name)
{
	return WRITE(writer, TASK, "iis", (uint64_t)writer->chunk.run, (uint64_t)id, name);
}

enum muk_err trace_thread(struct trace_writer *writer, uint32_t id, uint32_t task, const char *name)
{
	return WRITE(writer, THREAD, "iiis", (uint64_t)writer->chunk.run, (uint64_t)id, (uint64_t)task, name);
}

enum muk_err trace_cost(struct trace_writer *writer, const struct ledger_row *row)
{
	return WRITE(writer, COST, "isiiii", (uint64_t)writer->chunk.run, ledger_cause_name(row->cause), (uint64_t)row->task,
	             (uint64_t)row->thread, (uint64_t)row->function, (uint64_t)row->cycles);
}

enum muk_err trace_counter(struct trace_writer *writer, const char *name, uint64_t value)
{
	return WRITE(writer, COUNTER, "isi", (uint64_t)writer->chunk.run, name, value);
}

enum muk_err trace_slice(struct trace_writer *writer, const char *name, cycle_t begin, cycle_t end, uint32_t thread)
{
	return WRITE(writer, SLICE, "isiii", (uint64_t)writer->chunk.run, name, (uint64_t)thread, (uint64_t)begin,
	             (uint64_t)end);
}

enum muk_err trace_metric(struct trace_writer *writer, const char *scenario, const struct metric *metric)
{
	bool paper = metric->has_paper;
	WRITE(writer, METRIC, "sssdss", scenario, metric->id, metric->name, metric->value, metric->unit, metric->source);
	return WRITE(writer, EXPECTATION, "ssdddddss", scenario, metric->id, paper ? metric->paper : NAN,
	             paper ? metric->paper_low : NAN, paper ? metric->paper_high : NAN,
	             paper ? metric->deviation_pct : NAN, metric->has_tolerance ? metric->tolerance_pct : NAN,
	             metric->verdict, metric->cause);
}

enum muk_err trace_scenario(struct trace_writer *writer, const struct trace_scenario *scenario)
{
	return WRITE(writer, SCENARIO, "sssssiis", scenario->name, scenario->title, scenario->source, scenario->status,
	             scenario->reason, scenario->cycles, scenario->instructions, scenario->digest);
}
