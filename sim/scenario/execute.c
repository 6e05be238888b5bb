/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run, from power on to its end, and what a trace is told of it.
 *
 *   machine_create --> kinds of events to the trace --> machine_run --> machine_finish --> result, tables to the trace
 */
#include "sim/core/error.h"
#include "sim/scenario/result.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct machine_config config_of(const struct plan_run *run, struct trace_writer *trace)
{
	struct machine_config config = {.model = run->model, .kernel = run->kernel, .command_line = run->options};

	for (unsigned n = 0; n < run->modules; n++)
		config.module[n] = (struct boot_module){run->module[n].image, run->module[n].command_line};
	config.modules = run->modules;
	memcpy(config.program, run->program, sizeof(config.program));
	config.programs = run->programs;
	if (run->disk)
		config.disk = (struct machine_disk){run->disk->key, run->disk->image.bytes, run->disk->image.size};
	if (trace)
		config.sink = trace_sink(trace);
	return config;
}

/* --- to the trace --- */

static enum muk_err tell_kinds(struct trace_writer *trace, const struct machine *machine)
{
	enum muk_err code = MUK_OK;
	const char *name;

	for (unsigned kind = 0; kind < EVENT_KIND_COUNT && !code; kind++)
		code = trace_kind(trace, kind, event_kind_name(kind), event_kind_args(kind), event_kind_level(kind));
	for (unsigned n = 0; !code && (name = machine_probe(machine, n, NULL)); n++)
		code = trace_kind(trace, EVENT_PROBE + n, name, machine_probe_arg_names(machine, n), 1);
	return code;
}

/* Carried through the ledger's rows. */
struct telling {
	struct trace_writer *trace;
	const struct machine *machine;
	enum muk_err code;
	uint32_t (*seen)[2]; /* (task, thread) pairs told already */
	uint32_t task, thread; /* the pair of the row before: rows of a pair follow each other */
	unsigned count;
};

/* A thread and its task, where they are met for the first time. */
static void tell_thread(struct telling *telling, uint32_t task, uint32_t thread)
{
	bool task_told = false;

	if (telling->count && telling->task == task && telling->thread == thread)
		return;
	telling->task = task;
	telling->thread = thread;
	for (unsigned n = 0; n < telling->count; n++) {
		task_told |= telling->seen[n][0] == task;
		if (telling->seen[n][0] == task && telling->seen[n][1] == thread)
			return;
	}
	uint32_t(*more)[2] = realloc(telling->seen, (telling->count + 1) * sizeof(*more));
	if (!more) {
		telling->code = MUK_ERR_NOMEM;
		return;
	}
	telling->seen = more;
	more[telling->count][0] = task;
	more[telling->count++][1] = thread;
	if (!task_told)
		telling->code = trace_task(telling->trace, task, machine_task_name(telling->machine, task));
	if (!telling->code)
		telling->code =
			trace_thread(telling->trace, thread, task, machine_thread_name(telling->machine, thread));
}

static void tell_row(void *ctx, const struct ledger_row *row)
{
	struct telling *telling = ctx;

	if (!telling->code)
		tell_thread(telling, row->task, row->thread);
	if (!telling->code)
		telling->code = trace_cost(telling->trace, row);
}

static enum muk_err tell_tables(struct trace_writer *trace, struct machine *machine, const struct run_result *result,
                                enum model_arch arch)
{
	struct telling telling = {.trace = trace, .machine = machine};
	enum muk_err code = MUK_OK;

	for (uint32_t n = 1; n <= machine_functions(machine) && !code; n++)
		code = trace_symbol(trace, n, machine_function(machine, n));
	if (code)
		return code;
	ledger_each(machine_ledger(machine), tell_row, &telling);
	free(telling.seen);
	code = telling.code;
	for (unsigned n = 0; n < machine_counters(arch) && !code; n++)
		code = trace_counter(trace, machine_counter(arch, n), result->reading.count[n]);
	return code;
}

static enum muk_err end_trace(struct trace_writer *trace, struct machine *machine, const struct run_result *result,
                              enum model_arch arch, struct muk_error *error)
{
	struct trace_result end = {machine_status_name(result->status), result->reason, result->reading.cycles,
	                           result->reading.instructions, result->digest};
	enum muk_err code = tell_tables(trace, machine, result, arch);

	if (code == MUK_ERR_NOMEM)
		return error_set(error, code, "the host's memory is exhausted");
	return trace_end_run(trace, &end, error); /* which knows of what went wrong before, too */
}

/* --- the run --- */

static void *copy_of(const void *from, size_t size)
{
	void *copy = malloc(size + 1);

	if (copy && size)
		memcpy(copy, from, size);
	if (copy)
		((char *)copy)[size] = '\0';
	return copy;
}

/* Everything of the machine that metrics or people ask for. */
static enum muk_err take_result(struct run_result *result, struct machine *machine, struct muk_error *error)
{
	const struct machine_span *span;
	const struct machine_value *value;
	const char *console = machine_console(machine, &result->console_size);

	result->status = machine_status(machine);
	snprintf(result->reason, sizeof(result->reason), "%s", machine_reason(machine));
	machine_read(machine, &result->reading);
	result->digest = machine_digest(machine);
	result->spans = machine_spans(machine, &span);
	result->values = machine_values(machine, &value);
	result->span = copy_of(span, result->spans * sizeof(*span));
	result->value = copy_of(value, result->values * sizeof(*value));
	result->console = copy_of(console, result->console_size);
	bool gathered = parts_take(result->part, machine);
	if (result->span && result->value && result->console && gathered)
		return MUK_OK;
	return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
}

static enum muk_err run_machine(struct run_result *result, struct machine *machine, const struct plan_run *run,
                                struct trace_writer *trace, struct muk_error *error)
{
	enum muk_err code = trace ? tell_kinds(trace, machine) : MUK_OK;

	if (code)
		return error_set(error, code, "the trace cannot be written");
	enum machine_status status = machine_run(machine, run->limit);
	machine_finish(machine, status == MACHINE_RUNNING ? MACHINE_LIMIT : status);
	if (machine_out_of_memory(machine))
		return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
	code = take_result(result, machine, error);
	return code || !trace ? code : end_trace(trace, machine, result, run->model->arch, error);
}

enum muk_err run_execute(struct run_result *result, const struct plan *plan, const struct plan_run *run,
                         struct trace_writer *trace, const char *resolved, struct muk_error *error)
{
	struct machine_config config;
	struct machine *machine = NULL;
	enum muk_err code = MUK_OK;

	memset(result, 0, sizeof(*result));
	if (trace)
		code = trace_begin_run(trace, plan->name, run->name, run->model->name, resolved, error);
	if (code)
		return code;
	config = config_of(run, trace);
	code = machine_create(&machine, &config, error);
	if (!code)
		code = run_machine(result, machine, run, trace, error);
	machine_destroy(machine);
	return code;
}

void run_result_free(struct run_result *result)
{
	free(result->span);
	free(result->value);
	free(result->console);
	parts_free(result->part);
	memset(result, 0, sizeof(*result));
}
