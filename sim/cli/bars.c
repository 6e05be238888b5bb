// SPDX-License-Identifier: GPL-2.0-or-later
/* Bars by cause, and waterfalls, as SVG. */
#include <math.h>
#include <string.h>
#include "sim/cli/bars.h"
#include "sim/cli/outcome.h"
#include "sim/cli/svg.h"

enum { WIDTH = 720, LEFT = 150, RIGHT = 80, TOP = 44, ROW = 30, BAR = 20, LEGEND = 20, MARGIN = 14, TICKS = 6 };

/* The colour of a cause (svg.c, .k0 to .k11): the TLB's stand out, the instructions' do not. */
static unsigned colour_of(unsigned cause)
{
	static const unsigned char colour[CAUSE_COUNT] = {
		[CAUSE_INSTRUCTION] = 5, [CAUSE_TLB_WALK] = 0, [CAUSE_TLB_REFILL] = 1, [CAUSE_TRAP_ENTRY] = 2,
		[CAUSE_TRAP_RETURN] = 8, [CAUSE_SEGMENT_LOAD] = 3, [CAUSE_TASK_SWITCH] = 9,
		[CAUSE_ADDRESS_SPACE_SWITCH] = 4, [CAUSE_CACHE] = 6, [CAUSE_BUS_IO] = 7, [CAUSE_IDLE] = 11,
		[CAUSE_WRITE_BUFFER] = 10};
	return colour[cause];
}

static bool is_seen(const struct bars *bars, unsigned cause)
{
	for (unsigned n = 0; n < bars->count; n++)
		if (bars->bar[n].piece[cause] > 0)
			return true;
	return false;
}

static double greatest(const struct bars *bars)
{
	double most = 0;
	for (unsigned n = 0; n < bars->count; n++)
		most = fmax(most, bars->bar[n].total);
	return most > 0 ? most : 1;
}

static void draw_box(FILE *out, double x, double y, double width, double height, unsigned colour, const char *name,
                     double value, const char *unit)
{
	char text[NUMBER_TEXT];
	number_text(text, value);
	fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"k%u\"><title>%s: %s %s</title></rect>\n",
	        x, y, width, height, colour, name, text, unit);
}

/* --- bars --- */

/* Names of the causes that are seen, each behind its colour; returns the lines that they take. */
static int draw_legend(FILE *out, const struct bars *bars, int y)
{
	int x = 16, lines = 1;
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++) {
		const char *name = ledger_cause_name((enum ledger_cause)cause);
		int width = 26 + 7 * (int)strlen(name) + 12;
		if (!is_seen(bars, cause))
			continue;
		if (x + width > WIDTH) {
			x = 16;
			lines++;
		}
		if (out) {
			fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" class=\"k%u\"/>\n", x,
			        y + (lines - 1) * LEGEND - 10, colour_of(cause));
			svg_text(out, x + 18, y + (lines - 1) * LEGEND, "tick", "start", name);
		}
		x += width;
	}
	return lines;
}

static void draw_bar(FILE *out, const struct bars *bars, const struct bar *bar, double y, double scale)
{
	char text[NUMBER_TEXT];
	double x = LEFT;
	svg_text(out, LEFT - 10, y + BAR - 5, "tick", "end", bar->name);
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++) {
		double width = fmax(bar->piece[cause], 0) * scale;
		if (width <= 0)
			continue;
		draw_box(out, x, y, width, BAR, colour_of(cause), ledger_cause_name((enum ledger_cause)cause),
		         bar->piece[cause], bars->unit);
		x += width;
	}
	number_text(text, bar->total);
	svg_text(out, x + 8, y + BAR - 5, "name", "start", text);
}

void bars_draw(FILE *out, const struct bars *bars, bool standalone)
{
	int legend = draw_legend(NULL, bars, 0) * LEGEND;
	int height = TOP + (int)bars->count * ROW + legend + 2 * MARGIN;
	double scale = (WIDTH - LEFT - RIGHT) / greatest(bars);
	svg_begin(out, WIDTH, height, bars->title, standalone);
	svg_text(out, WIDTH - 16, 22, "unit", "end", bars->unit);
	for (unsigned n = 0; n < bars->count; n++)
		draw_bar(out, bars, &bars->bar[n], TOP + n * ROW, scale);
	draw_legend(out, bars, TOP + (int)bars->count * ROW + MARGIN + 10);
	fprintf(out, "</svg>\n");
}

/* --- waterfalls --- */
enum { FALL_HEIGHT = 420, FALL_LEFT = 64, FALL_TOP = 62, FALL_BOTTOM = 76 };

struct fall {
	const struct bars *bars;
	FILE *out;
	unsigned columns;
	double y1, step;                      /* y begins at 0 */
};

static double place_y(const struct fall *fall, double y)
{
	return FALL_HEIGHT - FALL_BOTTOM - y / fall->y1 * (FALL_HEIGHT - FALL_TOP - FALL_BOTTOM);
}

static double difference(const struct bars *bars, unsigned cause)
{
	return bars->bar[1].piece[cause] - bars->bar[0].piece[cause];
}

/* Less than a thousandth of a cycle is the arithmetic's. */
static bool is_step(const struct bars *bars, unsigned cause)
{
	return fabs(difference(bars, cause)) >= 1e-3;
}

/* The highest place that the way comes to, and the columns that it takes. */
static struct fall fall_of(FILE *out, const struct bars *bars)
{
	struct fall fall = {.bars = bars, .out = out, .columns = 2};
	double at = bars->bar[0].total, most = greatest(bars);
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++) {
		if (!is_step(bars, cause))
			continue;
		at += difference(bars, cause);
		most = fmax(most, at);
		fall.columns++;
	}
	fall.step = pow(10, floor(log10(most))) / 10;
	static const double factor[] = {2, 2.5, 2};
	for (int i = 0; most / fall.step > TICKS; i++)
		fall.step *= factor[i % 3];
	fall.y1 = ceil(most / fall.step) * fall.step;
	return fall;
}

static void draw_grid(const struct fall *fall)
{
	char text[NUMBER_TEXT];
	for (int i = 0; i * fall->step <= fall->y1 * 1.0001; i++) {
		double y = place_y(fall, i * fall->step);
		fprintf(fall->out, "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" class=\"%s\"/>\n", FALL_LEFT, y, WIDTH - 16, y,
		        i ? "grid" : "axis");
		number_text(text, i * fall->step);
		svg_text(fall->out, FALL_LEFT - 8, y + 4, "tick", "end", text);
	}
}

/* A name below a column, a word a line. */
static void draw_name(const struct fall *fall, double x, const char *name)
{
	char word[64];
	for (int line = 0; *name; line++) {
		size_t size = strcspn(name, "_");
		snprintf(word, sizeof(word), "%.*s", (int)size, name);
		svg_text(fall->out, x, FALL_HEIGHT - FALL_BOTTOM + 18 + 14 * line, "tick", "middle", word);
		name += size + (name[size] == '_');
	}
}

/* Column n, from one height to another; signed_: the number above it is a change. */
static void draw_column(const struct fall *fall, unsigned n, double from, double to, unsigned colour, const char *name,
                        bool signed_)
{
	double pitch = (double)(WIDTH - FALL_LEFT - 16) / fall->columns, x = FALL_LEFT + pitch * n, width = pitch * 0.64;
	double top = place_y(fall, fmax(from, to)), bottom = place_y(fall, fmin(from, to));
	char text[NUMBER_TEXT], label[NUMBER_TEXT + 4];
	number_text(text, fabs(to - from));
	snprintf(label, sizeof(label), "%s%s", !signed_ ? "" : to < from ? "−" : "+", text);
	draw_box(fall->out, x + (pitch - width) / 2, top, width, fmax(bottom - top, 1), colour, name, to - from,
	         fall->bars->unit);
	svg_text(fall->out, x + pitch / 2, top - 6, "name", "middle", label);
	draw_name(fall, x + pitch / 2, name);
	if (n + 1 < fall->columns)
		fprintf(fall->out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"link\"/>\n",
		        x + (pitch + width) / 2, place_y(fall, to), x + pitch + (pitch - width) / 2, place_y(fall, to));
}

void waterfall_draw(FILE *out, const struct bars *bars, bool standalone)
{
	enum { WHOLE = 5 };
	struct fall fall = fall_of(out, bars);
	double at = bars->bar[0].total;
	unsigned n = 0;
	svg_begin(out, WIDTH, FALL_HEIGHT, bars->title, standalone);
	svg_unit(out, FALL_LEFT - 8, FALL_TOP - 16, bars->unit);
	draw_grid(&fall);
	draw_column(&fall, n++, 0, at, WHOLE, bars->bar[0].name, false);
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++) {
		if (!is_step(bars, cause))
			continue;
		draw_column(&fall, n++, at, at + difference(bars, cause), colour_of(cause),
		            ledger_cause_name((enum ledger_cause)cause), true);
		at += difference(bars, cause);
	}
	draw_column(&fall, n, 0, bars->bar[1].total, WHOLE, bars->bar[1].name, false);
	fprintf(out, "</svg>\n");
}
