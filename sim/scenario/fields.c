/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a reading, by number: cycles, instructions, count, the causes of the ledger, and the counters of the
 * run's processor, which another architecture may not have.
 */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/names_parts.h"

enum { FIRST_CAUSE = 3, FIRST_COUNTER = FIRST_CAUSE + CAUSE_COUNT, FIELDS_MOST = FIRST_COUNTER + MACHINE_COUNTERS };

/* A run whose model could not be read, which was said, is taken for an x86. */
static enum model_arch arch_of(const struct place *place)
{
	return place->run->model ? place->run->model->arch : ARCH_X86;
}

/* The names of all fields; returns how many. */
static unsigned field_names(enum model_arch arch, const char *words[FIELDS_MOST])
{
	static const char *const first[FIRST_CAUSE] = {"cycles", "instructions", "count"};
	unsigned counters = machine_counters(arch);

	memcpy(words, first, sizeof(first));
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++)
		words[FIRST_CAUSE + cause] = ledger_cause_name((enum ledger_cause)cause);
	for (unsigned counter = 0; counter < counters; counter++)
		words[FIRST_COUNTER + counter] = machine_counter(arch, counter);
	return FIRST_COUNTER + counters;
}

int field_number(const struct place *place, const char *name)
{
	const char *words[FIELDS_MOST];
	unsigned fields = field_names(arch_of(place), words);

	for (unsigned n = 0; n < fields; n++)
		if (!strcmp(words[n], name))
			return (int)n;
	return -1;
}

int field_cause(int field)
{
	return field >= FIRST_CAUSE && field < FIRST_COUNTER ? field - FIRST_CAUSE : -1;
}

double field_value(const struct machine_reading *reading, uint64_t count, int field)
{
	if (field < FIRST_CAUSE)
		return (double)(field == 0 ? reading->cycles : field == 1 ? reading->instructions : count);
	if (field < FIRST_COUNTER)
		return (double)reading->cause[field - FIRST_CAUSE];
	return (double)reading->count[field - FIRST_COUNTER];
}

/* The architecture whose processors count this, though the run's does not; NULL for none. */
static const char *counted_by(const struct place *place, const char *name)
{
	for (unsigned arch = 0; arch < ARCH_COUNT; arch++)
		for (unsigned n = 0; arch != arch_of(place) && n < machine_counters((enum model_arch)arch); n++)
			if (!strcmp(machine_counter((enum model_arch)arch, n), name))
				return model_arch_word((enum model_arch)arch);
	return NULL;
}

static bool none(const struct place *place, const struct said *said, const char *what, const char *name,
                 const char *const *words, unsigned n)
{
	const char *other = counted_by(place, name);

	if (!other)
		return names_no_such(said, what, name, words, n);
	return names_no(said, "expected %s, got \"%.60s\": only processors of the architecture %s count these, "
	                "and the model %.60s is %s", what, name, other, place->run->model ? place->run->model->name : "",
	                model_arch_word(arch_of(place)));
}

bool field_none(const struct place *place, const struct said *said, const char *name)
{
	const char *words[FIELDS_MOST];
	unsigned fields = field_names(arch_of(place), words);

	return none(place, said, "cycles, instructions, count, a cause or a counter", name, words, fields);
}

bool field_none_of_run(const struct place *place, const struct said *said, const char *name)
{
	const char *words[FIELDS_MOST + 2];
	unsigned fields = field_names(arch_of(place), words);

	words[fields++] = "status";
	words[fields++] = "hertz";
	return none(place, said, "a field of the run, or SPAN.FIELD", name, words, fields);
}
