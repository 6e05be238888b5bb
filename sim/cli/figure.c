// SPDX-License-Identifier: GPL-2.0-or-later
/* Curves: gathering points out of metrics' ids, and drawing them as SVG. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/cli/figure.h"
#include "sim/cli/svg.h"

/* --- gathering --- */

/* Splits "STEM.CURVE.N"; false if id has no such form. */
static bool split_id(const char *id, char stem[static 64], char curve[static 64], double *x)
{
	const char *last = strrchr(id, '.');
	if (!last || last == id || !last[1])
		return false;
	char *end;
	*x = strtod(last + 1, &end);
	if (*end || !isfinite(*x) || strspn(last + 1, "0123456789") == 0)
		return false;
	const char *dot = last - 1;
	while (dot > id && *dot != '.')
		dot--;
	if (dot == id || dot + 1 == last)
		return false;
	snprintf(stem, 64, "%.*s", (int)(dot - id), id);
	snprintf(curve, 64, "%.*s", (int)(last - dot - 1), dot + 1);
	return true;
}

bool figure_stem(const struct metric *metric, char stem[static 64])
{
	char curve[64];
	double x;
	return split_id(metric->id, stem, curve, &x);
}

/*
 * What N counts: the word after it in the metric's name ("8 pages ..."), if all
 * names agree; otherwise "N".
 */
static void guess_axis(struct figure *figure, const char *name, double x)
{
	char number[32], word[24] = "N";
	snprintf(number, sizeof(number), "%.0f ", x);
	const char *at = strstr(name, number);
	while (at && at > name && at[-1] >= '0' && at[-1] <= '9')
		at = strstr(at + 1, number);
	if (at) {
		at += strlen(number);
		size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz");
		if (length && length < sizeof(word))
			snprintf(word, sizeof(word), "%.*s", (int)length, at);
	}
	if (!*figure->axis)
		strcpy(figure->axis, word);
	else if (strcmp(figure->axis, word) != 0 && strncmp(figure->axis, word, strlen(word)) != 0)
		strcpy(figure->axis, "N");
}

static struct curve *curve_named(struct figure *figure, const char *name)
{
	for (unsigned i = 0; i < figure->curves; i++)
		if (!strcmp(figure->curve[i].name, name))
			return &figure->curve[i];
	if (figure->curves == FIGURE_CURVES)
		return NULL;
	struct curve *curve = &figure->curve[figure->curves++];
	*curve = (struct curve){0};
	strcpy(curve->name, name);
	return curve;
}

static void insert_point(struct curve *curve, struct point point)
{
	if (curve->points == FIGURE_POINTS)
		return;
	unsigned at = curve->points++;
	for (; at && curve->point[at - 1].x > point.x; at--)
		curve->point[at] = curve->point[at - 1];
	curve->point[at] = point;
}

static void gather_metric(struct figure *figure, const struct outcome *outcome, const struct metric *metric)
{
	char stem[64], name[64];
	double x;
	if (!split_id(metric->id, stem, name, &x) || strcmp(stem, figure->stem) != 0 || !isfinite(metric->value) ||
	    !strcmp(metric->unit, "claim"))
		return;
	struct curve *curve = curve_named(figure, name);
	if (!curve)
		return;
	if (!*figure->title) {
		strcpy(figure->title, outcome->title);
		strcpy(figure->unit, metric->unit);
	}
	guess_axis(figure, metric->name, x);
	insert_point(curve, (struct point){x, metric->value, metric->has_paper, metric->paper});
}

bool figure_gather(struct figure *figure, const struct outcomes *outcomes, const char *stem)
{
	*figure = (struct figure){0};
	snprintf(figure->stem, sizeof(figure->stem), "%s", stem);
	for (unsigned o = 0; o < outcomes->count; o++)
		for (unsigned m = 0; m < outcomes->entry[o].metrics; m++)
			gather_metric(figure, &outcomes->entry[o], &outcomes->entry[o].metric[m]);
	for (unsigned i = 0; i < figure->curves; i++)
		if (figure->curve[i].points >= 2)
			return true;
	return false;
}

/* --- drawing --- */
enum { WIDTH = 720, HEIGHT = 420, LEFT = 64, RIGHT = 132, TOP = 62, BOTTOM = 52, TICKS = 6 };

/* From values to places. */
struct scale {
	double x0, x1, y0, y1, step; /* y begins at 0, or below where there are points */
};

/* A round step (1, 2, 5 times a power of ten) that makes at most TICKS of most. */
static double round_step(double most)
{
	double step = pow(10, floor(log10(most > 0 ? most : 1))) / 10;
	static const double factor[] = {2, 2.5, 2};
	for (int i = 0; most / step > TICKS; i++)
		step *= factor[i % 3];
	return step;
}

static struct scale scale_of(const struct figure *figure)
{
	struct scale scale = {.x0 = INFINITY, .x1 = -INFINITY};
	double most = 0, least = 0;
	for (unsigned c = 0; c < figure->curves; c++)
		for (unsigned p = 0; p < figure->curve[c].points; p++) {
			const struct point *point = &figure->curve[c].point[p];
			scale.x0 = fmin(scale.x0, point->x);
			scale.x1 = fmax(scale.x1, point->x);
			most = fmax(most, fmax(point->y, point->has_paper ? point->paper : 0));
			least = fmin(least, point->y);
		}
	scale.x0 = fmin(scale.x0, 0);
	if (scale.x1 <= scale.x0)
		scale.x1 = scale.x0 + 1;
	scale.step = round_step(most - least);
	scale.y0 = floor(least / scale.step) * scale.step;
	scale.y1 = ceil(most / scale.step) * scale.step;
	if (scale.y1 <= scale.y0)
		scale.y1 = scale.y0 + 1;
	return scale;
}

static double place_x(const struct scale *scale, double x)
{
	return LEFT + (x - scale->x0) / (scale->x1 - scale->x0) * (WIDTH - LEFT - RIGHT);
}

static double place_y(const struct scale *scale, double y)
{
	return HEIGHT - BOTTOM - (fmax(y, scale->y0) - scale->y0) / (scale->y1 - scale->y0) * (HEIGHT - TOP - BOTTOM);
}

static void draw_grid(FILE *out, const struct scale *scale)
{
	char text[NUMBER_TEXT];
	for (int i = (int)round(scale->y0 / scale->step); i * scale->step <= scale->y1 * 1.0001; i++) {
		double y = place_y(scale, i * scale->step);
		fprintf(out, "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" class=\"%s\"/>\n", LEFT, y, WIDTH - RIGHT, y,
		        i ? "grid" : "axis");
		number_text(text, i * scale->step);
		svg_text(out, LEFT - 8, y + 4, "tick", "end", text);
	}
}

/* Ticks where there are points; one is left out where it would touch the one before. */
static void draw_x_ticks(FILE *out, const struct figure *figure, const struct scale *scale)
{
	double last = -INFINITY;
	for (double x = scale->x0; x < INFINITY;) {
		double next = INFINITY;
		bool here = false;
		for (unsigned c = 0; c < figure->curves; c++)
			for (unsigned p = 0; p < figure->curve[c].points; p++) {
				double value = figure->curve[c].point[p].x;
				here |= value == x;
				if (value > x)
					next = fmin(next, value);
			}
		char text[NUMBER_TEXT];
		number_text(text, x);
		if (here && place_x(scale, x) - last > fmax(14, 7 * text_width(text) + 4)) {
			last = place_x(scale, x);
			fprintf(out, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"axis\"/>\n", last,
			        HEIGHT - BOTTOM, last, HEIGHT - BOTTOM + 5);
			svg_text(out, last, HEIGHT - BOTTOM + 19, "tick", "middle", text);
		}
		x = next;
	}
}

static void draw_point(FILE *out, const struct figure *figure, const struct curve *curve, const struct scale *scale,
                       const struct point *point, unsigned number)
{
	char y[NUMBER_TEXT];
	number_text(y, point->y);
	fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" class=\"dot c%u\"><title>", place_x(scale, point->x),
	        place_y(scale, point->y), number);
	markup_text(out, curve->name);
	fprintf(out, ", %.0f ", point->x);
	markup_text(out, figure->axis);
	fprintf(out, ": %s ", y);
	markup_text(out, figure->unit);
	fprintf(out, "</title></circle>\n");
	if (point->has_paper)
		fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6.5\" class=\"paper c%u\"><title>paper: %.6g</title></circle>\n",
		        place_x(scale, point->x), place_y(scale, point->paper), number, point->paper);
}

static void draw_curve(FILE *out, const struct figure *figure, unsigned number, const struct scale *scale)
{
	const struct curve *curve = &figure->curve[number];
	fprintf(out, "<polyline class=\"curve c%u\" points=\"", number);
	for (unsigned p = 0; p < curve->points; p++)
		fprintf(out, "%s%.1f,%.1f", p ? " " : "", place_x(scale, curve->point[p].x),
		        place_y(scale, curve->point[p].y));
	fprintf(out, "\"/>\n");
	for (unsigned p = 0; p < curve->points; p++)
		draw_point(out, figure, curve, scale, &curve->point[p], number);
}

/* Names at the right ends of the curves, moved apart where they would touch. */
static void draw_names(FILE *out, const struct figure *figure, const struct scale *scale)
{
	double y[FIGURE_CURVES];
	for (unsigned c = 0; c < figure->curves; c++) {
		const struct curve *curve = &figure->curve[c];
		y[c] = curve->points ? place_y(scale, curve->point[curve->points - 1].y) + 4 : 0;
		for (unsigned moved = 0; moved < FIGURE_CURVES; moved++)
			for (unsigned other = 0; other < c; other++)
				if (fabs(y[other] - y[c]) < 16)
					y[c] = y[other] - 16;
		char class[24];
		snprintf(class, sizeof(class), "name c%u", c);
		if (curve->points)
			svg_text(out, WIDTH - RIGHT + 10, y[c], class, "start", curve->name);
	}
}

void figure_draw(FILE *out, const struct figure *figure, bool standalone)
{
	struct scale scale = scale_of(figure);
	svg_begin(out, WIDTH, HEIGHT, figure->title, standalone);
	svg_unit(out, LEFT - 8, TOP - 16, figure->unit);
	draw_grid(out, &scale);
	draw_x_ticks(out, figure, &scale);
	svg_text(out, LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 12, "unit", "middle", figure->axis);
	for (unsigned c = 0; c < figure->curves; c++)
		draw_curve(out, figure, c, &scale);
	draw_names(out, figure, &scale);
	fprintf(out, "</svg>\n");
}
