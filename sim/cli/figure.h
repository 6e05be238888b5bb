/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pictures of metrics: ids STEM.CURVE.N (L95-F2.pages.8) are points of curves
 * over N, one curve for each CURVE, one picture for each STEM.
 */
#pragma once
#include "sim/cli/outcome.h"

enum { FIGURE_CURVES = 6, FIGURE_POINTS = 64 };

struct figure {
	char stem[64], title[160], unit[24], axis[24];
	struct curve {
		char name[64];
		struct point {
			double x, y;
			bool has_paper;
			double paper;
		} point[FIGURE_POINTS]; /* by x */
		unsigned points;
	} curve[FIGURE_CURVES];
	unsigned curves;
};

/* The figure that metric m of an outcome belongs to: its stem; false if the id is of no such form. */
bool figure_stem(const struct metric *metric, char stem[static 64]);
/* Collects all of a stem's points. False if there is no curve of at least two points. */
bool figure_gather(struct figure *figure, const struct outcomes *outcomes, const char *stem);
/*
 * Draws it as an SVG element. standalone: with its own style, for light and dark,
 * as a file; otherwise for a page that defines the classes (html.c).
 */
void figure_draw(FILE *out, const struct figure *figure, bool standalone);
/* The classes that a page with figures must define, after its colours --ink --dim --line --c0..--c5. */
extern const char figure_classes[];
/* Text with &, <, > and quotes escaped, for SVG and HTML. */
void markup_text(FILE *out, const char *text);
