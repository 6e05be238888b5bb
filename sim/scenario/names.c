/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in expressions.
 *
 *   names_check, names_value -> a status, an image, or split (run and rest) -> one of:
 *       whole run, ledger, cost, status, hertz; probe, task, thread, function (parts.c); value, span
 *
 * A name that a run's own fields have (cycles, status, ...) is not looked for among spans.
 */
#include "sim/scenario/names.h"
#include "sim/scenario/names_parts.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool names_no(const struct said *said, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(said->text, said->size, format, args);
	va_end(args);
	return false;
}

/* "did you mean" as a part of the sentence. */
bool names_no_such(const struct said *said, const char *what, const char *word, const char *const *words, unsigned n)
{
	const char *nearest = yaml_nearest(word, words, n);

	return names_no(said, "expected %s, got \"%.60s\"%s%.60s%s", what, word, nearest ? "; did you mean \"" : "",
	                nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool no_cause(const struct said *said, const char *name)
{
	const char *words[CAUSE_COUNT];

	for (unsigned n = 0; n < CAUSE_COUNT; n++)
		words[n] = ledger_cause_name((enum ledger_cause)n);
	return names_no_such(said, "a cause of the ledger", name, words, CAUSE_COUNT);
}

/* --- runs --- */

static bool no_run(const struct said *said, const struct plan *plan, const char *name, bool alone)
{
	const char *words[PLAN_RUNS_MAX + MACHINE_STATUS_COUNT];
	unsigned n = 0;

	for (; n < plan->runs; n++)
		words[n] = plan->run[n].name;
	for (unsigned status = MACHINE_OK; alone && status < MACHINE_STATUS_COUNT; status++)
		words[n++] = names_status((enum machine_status)status);
	return names_no_such(said, alone ? "a run or a status" : "a run", name, words, n);
}

/* Splits "main.rpc.cycles" and "run[a=1].rpc.cycles". */
static bool split(const struct names *names, const char *name, struct place *place, const struct said *said)
{
	char run[PLAN_NAME];
	bool bracket = !strncmp(name, "run[", 4);
	const char *begin = bracket ? name + 4 : name, *end = strchr(begin, bracket ? ']' : '.');

	snprintf(run, sizeof(run), "%.*s", end ? (int)(end - begin) : (int)strlen(begin), begin);
	place->run = plan_run_named(names->plan, run);
	if (!place->run)
		return no_run(said, names->plan, run, !end);
	if (bracket)
		end++;
	if (!end || *end != '.' || !end[1])
		return names_no(said, "expected a field after the run's name, as in \"%.60s.cycles\"", run);
	place->plan = names->plan;
	place->rest = end + 1;
	place->result = names->result ? &names->result[place->run - names->plan->run] : NULL;
	return true;
}

/* --- what belongs to a run itself --- */

static bool cost_value(const struct place *place, const char *key, double *value, const struct said *said)
{
	const char *words[MODEL_COSTS_MOST];
	const struct model *model = place->run->model;
	unsigned costs = model ? model_costs(model->arch) : 0;

	*value = 0;
	if (!model) /* which was said */
		return true;
	for (unsigned n = 0; n < costs; n++) {
		words[n] = model_cost_key(model->arch, n);
		if (strcmp(words[n], key))
			continue;
		if (!strcmp(model->cost_origin[n].source, "absent"))
			return names_no(said, "the model %.60s has no %s", model->name, key);
		*value = model->cost[n];
		return true;
	}
	return names_no_such(said, "a constant of the model", key, words, costs);
}

/* status, hertz, cost.KEY, ledger.CAUSE, FIELD; *mine says whether the name is one of these. */
static bool own_value(const struct place *place, double *value, bool *mine, const struct said *said)
{
	const char *rest = place->rest;
	bool ledger = !strncmp(rest, "ledger.", 7);
	int field = field_number(place, ledger ? rest + 7 : rest);

	*mine = true;
	if (!strncmp(rest, "cost.", 5))
		return cost_value(place, rest + 5, value, said);
	if (ledger && field_cause(field) < 0)
		return no_cause(said, rest + 7);
	if (field >= 0)
		*value = place->result ? field_value(&place->result->reading, 1, field) : 0;
	else if (!strcmp(rest, "status"))
		*value = place->result && place->result->status != MACHINE_OK ? place->result->status : 0;
	else if (!strcmp(rest, "hertz"))
		*value = place->run->model ? (double)place->run->model->hertz : 0;
	else
		*mine = false;
	return true;
}

/* --- what the guest marked --- */

/* The last part of a name ("cycles"), the part before it if it is a word of ours, and the guest's name in front. */
struct parts {
	char guest[PROBE_NAME];
	const char *middle; /* one of words, or NULL */
	const char *last;
};

static const char *const instances[] = {"first", "last", "least", "greatest"};
enum { INSTANCES = sizeof(instances) / sizeof(instances[0]) };

/* Where the last part before end begins: after its dot, or at the start. */
static const char *part_before(const char *start, const char *end)
{
	while (end > start && end[-1] != '.')
		end--;
	return end;
}

static bool take_apart(const struct place *place, struct parts *parts, const struct said *said)
{
	const char *rest = place->rest;
	const char *end = rest + strlen(rest), *last = part_before(rest, end);

	parts->middle = NULL;
	parts->last = last;
	if (last == rest)
		return field_none_of_run(place, said, rest);
	end = last - 1;
	const char *middle = part_before(rest, end);
	for (unsigned n = 0; n < INSTANCES && middle > rest; n++)
		if (strlen(instances[n]) == (size_t)(end - middle) &&
		    !memcmp(instances[n], middle, (size_t)(end - middle)))
			parts->middle = instances[n];
	if (middle > rest && end - middle == 5 && !memcmp(middle, "value", 5))
		parts->middle = "value";
	if (parts->middle)
		end = middle - 1;
	if ((size_t)(end - rest) >= sizeof(parts->guest))
		return names_no(said, "expected a span's or value's name of at most %d bytes", PROBE_NAME - 1);
	snprintf(parts->guest, sizeof(parts->guest), "%.*s", (int)(end - rest), rest);
	return true;
}

/* Whatever the guest marked is of no use if it did not come to its end. */
bool names_ended(const struct place *place, const struct said *said)
{
	const struct run_result *result = place->result;

	if (result->status == place->run->expected)
		return true;
	return names_no(said, "the run ended: %s%s%.120s", machine_status_name(result->status), result->reason[0] ? ": " : "",
	          result->reason);
}

static bool value_value(const struct place *place, const char *name, const char *field, double *value,
                        const struct said *said)
{
	static const char *const fields[] = {"last", "sum", "count", "least", "greatest"};
	unsigned f = 0;

	while (f < 5 && strcmp(fields[f], field))
		f++;
	if (f == 5)
		return names_no_such(said, "last, sum, count, least or greatest", field, fields, 5);
	if (!place->result)
		return true;
	if (!names_ended(place, said))
		return false;
	for (unsigned n = 0; n < place->result->values; n++) {
		const struct machine_value *found = &place->result->value[n];
		if (strcmp(found->name, name))
			continue;
		if (!found->count && f != 2)
			return names_no(said, "the guest never gave the value \"%s\"", name);
		const double all[] = {(double)found->last, (double)found->sum, (double)found->count,
		                      (double)found->least, (double)found->greatest};
		*value = all[f];
		return true;
	}
	return names_no(said, "no program of the run has the value \"%s\"", name);
}

static const struct machine_reading *instance_of(const struct machine_span *span, const char *which)
{
	if (!which)
		return &span->sum;
	return !strcmp(which, "first") ? &span->first
	     : !strcmp(which, "last") ? &span->last
	     : !strcmp(which, "least") ? &span->least : &span->greatest;
}

static bool no_span(const struct place *place, const char *name, const struct said *said)
{
	enum { WORDS = 64 };
	const char *words[WORDS];
	unsigned n = 0;

	for (; n < place->result->spans && n < WORDS; n++)
		words[n] = place->result->span[n].name;
	return names_no_such(said, "a span that a program of the run has", name, words, n);
}

static bool span_value(const struct place *place, const struct parts *parts, double *value, const struct said *said)
{
	int field = field_number(place, parts->last);

	if (field < 0)
		return field_none(place, said, parts->last);
	if (!place->result)
		return true;
	if (!names_ended(place, said))
		return false;
	for (unsigned n = 0; n < place->result->spans; n++) {
		const struct machine_span *span = &place->result->span[n];
		if (strcmp(span->name, parts->guest))
			continue;
		if (!span->count && field != 2)
			return names_no(said, "the span \"%s\" never came to an end", parts->guest);
		*value = field_value(instance_of(span, parts->middle), parts->middle ? 1 : span->count, field);
		return true;
	}
	return no_span(place, parts->guest, said);
}

const char *names_status(enum machine_status status)
{
	return status == MACHINE_TRIPLE_FAULT ? "triple_fault"
	     : status == MACHINE_SHUTDOWN ? "processor_shutdown" : machine_status_name(status);
}

/* "deadlock": what RUN.status is then. */
static bool status_value(const struct names *names, const char *name, double *value)
{
	for (unsigned status = MACHINE_OK; status < MACHINE_STATUS_COUNT; status++)
		if (!strcmp(names_status((enum machine_status)status), name) && !plan_run_named(names->plan, name)) {
			*value = status == MACHINE_OK ? 0 : status;
			return true;
		}
	return false;
}

static bool look_up(const struct names *names, const char *name, double *value, const struct said *said)
{
	struct place place = {0};
	struct parts parts;
	bool mine;

	*value = 0;
	if (status_value(names, name, value))
		return true;
	if (!strncmp(name, "image.", 6) || !strncmp(name, "image[", 6))
		return names_image(names->plan, name + 5, value, said);
	if (!split(names, name, &place, said) || !own_value(&place, value, &mine, said))
		return false;
	if (mine)
		return true;
	if (!names_part(&place, value, &mine, said))
		return false;
	if (mine)
		return true;
	if (!take_apart(&place, &parts, said))
		return false;
	if (parts.middle && !strcmp(parts.middle, "value"))
		return value_value(&place, parts.guest, parts.last, value, said);
	if (!parts.middle && !strcmp(parts.last, "value"))
		return value_value(&place, parts.guest, "last", value, said);
	return span_value(&place, &parts, value, said);
}

bool names_check(void *ctx, const char *name, double *value, char *message, size_t size)
{
	const struct names names = {.plan = ((const struct names *)ctx)->plan};

	if (!names.plan->runs) { /* what is wrong with the runs has been said */
		*value = 0;
		return true;
	}
	return look_up(&names, name, value, &(struct said){message, size});
}

bool names_value(void *ctx, const char *name, double *value, char *message, size_t size)
{
	return look_up(ctx, name, value, &(struct said){message, size});
}
