// SPDX-License-Identifier: GPL-2.0-or-later
/* The pictures of a sweep: what the plan asks for, gathered out of the results. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "sim/cli/bars.h"
#include "sim/cli/figure.h"
#include "sim/cli/sweep.h"

/* The configuration at a picture's place, with by at one of its values; -1 for none. */
static int configuration_at(const struct sweep_results *results, const struct sweep_picture *picture, int by, int x,
                            int between)
{
	int16_t value[SWEEP_AXES_MAX];
	memcpy(value, picture->where, sizeof(value));
	value[picture->by] = (int16_t)by;
	if (picture->x >= 0)
		value[picture->x] = (int16_t)x;
	if (picture->between >= 0)
		value[picture->between] = (int16_t)between;
	return sweep_configuration_at(&results->plan, value);
}

/* --- curves --- */

static double point_of(const struct sweep_results *results, const struct sweep_picture *picture, int by, int x)
{
	if (picture->between < 0)
		return sweep_value(results, configuration_at(results, picture, by, x, SWEEP_ANY), picture->y);
	return sweep_value(results, configuration_at(results, picture, by, x, picture->from), picture->y) -
	       sweep_value(results, configuration_at(results, picture, by, x, picture->to), picture->y);
}

static void gather_curve(struct figure *figure, const struct sweep_results *results,
                         const struct sweep_picture *picture, int by)
{
	const struct sweep_axis *x = &results->plan.axis[picture->x];
	struct curve *curve = &figure->curve[figure->curves];
	*curve = (struct curve){0};
	snprintf(curve->name, sizeof(curve->name), "%s", results->plan.axis[picture->by].label[by]);
	for (unsigned n = 0; n < x->values && curve->points < FIGURE_POINTS; n++) {
		double y = point_of(results, picture, by, (int)n);
		if (!isfinite(y))
			continue;
		struct point point = {.x = strtod(x->label[n], NULL), .y = y};
		unsigned at = curve->points++;
		for (; at && curve->point[at - 1].x > point.x; at--)
			curve->point[at] = curve->point[at - 1];
		curve->point[at] = point;
	}
	if (curve->points)
		figure->curves++;
}

static bool gather_curves(struct figure *figure, const struct sweep_results *results,
                          const struct sweep_picture *picture)
{
	const struct sweep_plan *plan = &results->plan;
	*figure = (struct figure){0};
	snprintf(figure->stem, sizeof(figure->stem), "%s", picture->name);
	snprintf(figure->title, sizeof(figure->title), "%s", picture->title);
	snprintf(figure->axis, sizeof(figure->axis), "%.*s", (int)sizeof(figure->axis) - 1, plan->axis[picture->x].name);
	snprintf(figure->unit, sizeof(figure->unit), "%.*s", (int)sizeof(figure->unit) - 1,
	         strcmp(picture->y, "cycles") ? picture->y : plan->operation.unit);
	for (unsigned by = 0; by < plan->axis[picture->by].values && figure->curves < FIGURE_CURVES; by++)
		if (picture->shown[by])
			gather_curve(figure, results, picture, (int)by);
	return figure->curves != 0;
}

/* --- bars --- */

static void gather_bar(struct bars *bars, const struct sweep_results *results, const struct sweep_picture *picture,
                       int by)
{
	int n = configuration_at(results, picture, by, SWEEP_ANY, by);
	if (n < 0 || !results->known[n] || !isfinite(results->result[n].field[SWEEP_CYCLES]))
		return;
	struct bar *bar = &bars->bar[bars->count++];
	*bar = (struct bar){.total = results->result[n].field[SWEEP_CYCLES]};
	snprintf(bar->name, sizeof(bar->name), "%s", results->plan.axis[picture->by].label[by]);
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++) {
		double piece = results->result[n].field[SWEEP_CAUSE + cause];
		bar->piece[cause] = isfinite(piece) ? piece : 0;
	}
}

static bool gather_bars(struct bars *bars, const struct sweep_results *results, const struct sweep_picture *picture)
{
	const struct sweep_plan *plan = &results->plan;
	*bars = (struct bars){0};
	snprintf(bars->title, sizeof(bars->title), "%s", picture->title);
	snprintf(bars->unit, sizeof(bars->unit), "%s", plan->operation.unit);
	if (picture->kind == PICTURE_WATERFALL) {
		gather_bar(bars, results, picture, picture->from);
		gather_bar(bars, results, picture, picture->to);
		return bars->count == 2;
	}
	for (unsigned by = 0; by < plan->axis[picture->by].values; by++)
		if (picture->shown[by])
			gather_bar(bars, results, picture, (int)by);
	return bars->count != 0;
}

/* --- both --- */

static const struct sweep_picture *picture_named(const struct sweep_plan *plan, const char *name)
{
	for (unsigned n = 0; n < plan->pictures; n++)
		if (!strcmp(plan->picture[n].name, name))
			return &plan->picture[n];
	return NULL;
}

/* Draws it, or only looks whether there is something to draw (out NULL). */
static bool draw(FILE *out, const struct sweep_results *results, const char *name, bool standalone)
{
	static struct figure figure; /* large, and one thread draws */
	static struct bars bars;
	const struct sweep_picture *picture = picture_named(&results->plan, name);
	if (!picture)
		return false;
	bool curves = picture->kind == PICTURE_CURVES;
	if (curves ? !gather_curves(&figure, results, picture) : !gather_bars(&bars, results, picture))
		return false;
	if (out && curves)
		figure_draw(out, &figure, standalone);
	else if (out && picture->kind == PICTURE_BARS)
		bars_draw(out, &bars, standalone);
	else if (out)
		waterfall_draw(out, &bars, standalone);
	return true;
}

bool sweep_picture_exists(const struct sweep_results *results, const char *name)
{
	return draw(NULL, results, name, true);
}

void sweep_svg(FILE *out, const struct sweep_results *results, const char *name)
{
	draw(out, results, name, true);
}

void sweep_svg_inline(FILE *out, const struct sweep_results *results, const char *name)
{
	draw(out, results, name, false);
}
