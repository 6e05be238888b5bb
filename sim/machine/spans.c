/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spans and values: what the guest's programs mark for metrics.
 *
 *              NAME:begin                NAME:end
 *   (closed) ------------> (open) ------------------> (closed), one instance more
 *                           | ^
 *                           '-'  NAME:begin again: the span begins anew
 *
 * An end without a begin is ignored: a loop may be left in its midst.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/machine/private.h"

void machine_read(struct machine *machine, struct machine_reading *reading)
{
	const struct ledger *ledger = &machine->ledger;

	memset(reading, 0, sizeof *reading);
	reading->cycles = ledger->now;
	reading->instructions = ledger->instructions;
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++)
		reading->cause[cause] = ledger->total[cause];
	reading->cause[ledger->running] += ledger_outstanding(ledger); /* booked late */
	const struct processor_class *class = processor_class(machine->processor);
	memcpy(reading->count, class->counts(machine->processor), class->counters * sizeof *reading->count);
}

static void reading_subtract(struct machine_reading *to, const struct machine_reading *from)
{
	to->cycles -= from->cycles;
	to->instructions -= from->instructions;
	for (unsigned i = 0; i < CAUSE_COUNT; i++)
		to->cause[i] -= from->cause[i];
	for (unsigned i = 0; i < MACHINE_COUNTERS; i++)
		to->count[i] -= from->count[i];
}

static void reading_add(struct machine_reading *to, const struct machine_reading *more)
{
	to->cycles += more->cycles;
	to->instructions += more->instructions;
	for (unsigned i = 0; i < CAUSE_COUNT; i++)
		to->cause[i] += more->cause[i];
	for (unsigned i = 0; i < MACHINE_COUNTERS; i++)
		to->count[i] += more->count[i];
}

/* The number of a span or value of this name, given one if it is new. */
static unsigned span_number(struct machine *machine, const char *name, size_t length)
{
	for (unsigned i = 0; i < machine->spans; i++)
		if (strlen(machine->span[i].name) == length && memcmp(machine->span[i].name, name, length) == 0)
			return i;
	memcpy(machine->span[machine->spans].name, name, length);
	return machine->spans++;
}

static unsigned value_number(struct machine *machine, const char *name, size_t length)
{
	for (unsigned i = 0; i < machine->values; i++)
		if (strlen(machine->value[i].name) == length && memcmp(machine->value[i].name, name, length) == 0)
			return i;
	memcpy(machine->value[machine->values].name, name, length);
	return machine->values++;
}

/* Gives every probe its meaning, and spans and values their places: all that images can name is known at the start. */
bool machine_spans_init(struct machine *machine)
{
	machine->span = calloc(machine->probes + 1, sizeof *machine->span);
	machine->open = calloc(machine->probes + 1, sizeof *machine->open);
	machine->value = calloc(machine->probes + 1, sizeof *machine->value);
	if (!machine->span || !machine->open || !machine->value)
		return false;
	for (unsigned i = 0; i < machine->probes; i++) {
		struct machine_probe_name *probe = &machine->probe[i];
		size_t length;

		probe->meaning = machine_probe_meaning(probe->name, &length);
		if (probe->meaning == MEANS_SPAN_BEGIN || probe->meaning == MEANS_SPAN_END)
			probe->subject = span_number(machine, probe->name, length);
		else if (probe->meaning == MEANS_VALUE)
			probe->subject = value_number(machine, probe->name, length);
	}
	return true;
}

void machine_span_begin(struct machine *machine, unsigned number)
{
	machine->open[number].open = true;
	machine_read(machine, &machine->open[number].begin);
}

void machine_span_end(struct machine *machine, unsigned number)
{
	struct machine_span *span = &machine->span[number];
	struct machine_reading taken;

	if (!machine->open[number].open)
		return;
	machine->open[number].open = false;
	machine_read(machine, &taken);
	reading_subtract(&taken, &machine->open[number].begin);
	reading_add(&span->sum, &taken);
	if (span->count == 0)
		span->first = taken;
	if (span->count == 0 || taken.cycles < span->least.cycles)
		span->least = taken;
	if (span->count == 0 || taken.cycles > span->greatest.cycles)
		span->greatest = taken;
	span->last = taken;
	span->count++;
}

void machine_value_set(struct machine *machine, unsigned number, int32_t last)
{
	struct machine_value *value = &machine->value[number];

	if (value->count == 0 || last < value->least)
		value->least = last;
	if (value->count == 0 || last > value->greatest)
		value->greatest = last;
	value->last = last;
	value->sum += last;
	value->count++;
}

unsigned machine_spans(const struct machine *machine, const struct machine_span **spans)
{
	*spans = machine->span;
	return machine->spans;
}

unsigned machine_values(const struct machine *machine, const struct machine_value **values)
{
	*values = machine->value;
	return machine->values;
}
