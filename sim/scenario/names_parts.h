/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that look names up share: names.c, parts.c. */
#pragma once
#include "sim/scenario/names.h"
#include "sim/scenario/result.h"

/* Where a message goes. */
struct said {
	char *text;
	size_t size;
};

/* A name, taken apart. */
struct place {
	const struct plan *plan;
	const struct plan_run *run;
	const struct run_result *result; /* NULL when only checking */
	const char *rest;                /* after the run and its dot */
};

/* Says a message; false. */
bool names_no(const struct said *said, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Says what was expected in a word's place, and a near miss of the n words; false. */
bool names_no_such(const struct said *said, const char *what, const char *word, const char *const *words, unsigned n);
/* fields.c.  The number of a run's field; -1 for none. */
int field_number(const struct place *place, const char *name);
/* The cause that a field is, -1 for none. */
int field_cause(int field);
double field_value(const struct machine_reading *reading, uint64_t count, int field);
/* Says what a field of a span, or of the run itself, may be, or that another architecture has it; false. */
bool field_none(const struct place *place, const struct said *said, const char *name);
bool field_none_of_run(const struct place *place, const struct said *said, const char *name);
/* Whether the run came to the end that it was to have: what the guest told is of no use otherwise, which is said. */
bool names_ended(const struct place *place, const struct said *said);

/*
 * probe.NAME.count, and task, thread or function, .NAME.FIELD or [NAME].FIELD; FIELD is cycles or a cause.  *mine says
 * whether place->rest is one of these.  False after saying why there is no value.
 */
bool names_part(const struct place *place, double *value, bool *mine, const struct said *said);
/* image.NAME.FIELD, FIELD text, data, bss or symbols; name is what follows "image" and begins with a dot or bracket. */
bool names_image(const struct plan *plan, const char *name, double *value, const struct said *said);
