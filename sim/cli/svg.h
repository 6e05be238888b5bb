/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pieces of SVG that all pictures are made of. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

/* Opens a picture, with its title in it. standalone: with its own style, for light and dark, as a file. */
void svg_begin(FILE *out, int width, int height, const char *title, bool standalone);
/* A text at a place; anchor: start, middle or end. */
void svg_text(FILE *out, double x, double y, const char *class, const char *anchor, const char *text);
/* The unit above an axis, which ends at x; a long one begins at the picture's edge. */
void svg_unit(FILE *out, double x, double y, const char *unit);
