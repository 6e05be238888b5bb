/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What muk sweep and muk report print of a sweep. */
#pragma once
#include <stdio.h>
#include "sim/sweep/sweep.h"

/* A table: a row a configuration; one operation's cycles, and their causes side by side. */
void sweep_text(FILE *out, const struct sweep_results *results);
/* One object. */
void sweep_json(FILE *out, const struct sweep_results *results);
/* A whole self-contained page, with all pictures. */
void sweep_html(FILE *out, const struct sweep_results *results);
/* A picture of the plan as SVG, by its name; false if there is none of the name, or nothing in it. */
bool sweep_picture_exists(const struct sweep_results *results, const char *name);
void sweep_svg(FILE *out, const struct sweep_results *results, const char *name);
/* The same for a page that defines the classes (html.c). */
void sweep_svg_inline(FILE *out, const struct sweep_results *results, const char *name);
/* The worst of the configurations' exit statuses. */
int sweep_status(const struct sweep_results *results);

/* --- between the printers (sweep_columns.c) --- */

/* Which fields of the operation, and which metrics, are worth a column. */
struct sweep_columns {
	bool listed;                          /* the names of listed runs */
	bool status;                          /* a configuration did not end well */
	unsigned field[SWEEP_FIELD_COUNT];
	unsigned fields;
	const char *metric[SWEEP_METRICS_MAX];
	unsigned metrics;
};
void sweep_columns(struct sweep_columns *columns, const struct sweep_results *results);
/* The text of an axis in a configuration: its label, or "". */
const char *sweep_label(const struct sweep_plan *plan, unsigned configuration, unsigned axis);
