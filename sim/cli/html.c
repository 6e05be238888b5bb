// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outcomes as one HTML page that needs nothing else: no script, no fetched
 * style, pictures inline; light or dark as the reader has it.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "sim/cli/figure.h"
#include "sim/cli/outcome.h"

static const char page_style[] =
	":root{color-scheme:light dark;--ink:#1f2328;--dim:#59636e;--line:#d1d9e0;--back:#fff;--soft:#f6f8fa;"
	"--good:#1a7f37;--bad:#cf222e;--c0:#0969da;--c1:#bc4c00;--c2:#1a7f37;--c3:#8250df;--c4:#bf3989;--c5:#6e7781}"
	"@media(prefers-color-scheme:dark){:root{--ink:#f0f6fc;--dim:#9198a1;--line:#3d444d;--back:#0d1117;"
	"--soft:#151b23;--good:#3fb950;--bad:#f85149;--c0:#4493f8;--c1:#f0883e;--c2:#3fb950;--c3:#ab7df8;--c4:#f778ba;"
	"--c5:#9198a1}}"
	"body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:1040px;"
	"margin:0 auto;padding:24px}"
	"h1{font-size:24px;margin:0 0 4px}h2{font-size:19px;margin:40px 0 4px;padding-top:16px;"
	"border-top:1px solid var(--line)}h2 code{font-size:15px;color:var(--dim);font-weight:400}"
	"p{margin:4px 0 12px}.dim{color:var(--dim)}.wide{overflow-x:auto}"
	"table{border-collapse:collapse;width:100%;margin:12px 0;font-size:14px}"
	"th{color:var(--dim);font-weight:600;text-align:left;border-bottom:2px solid var(--line)}"
	"td{border-bottom:1px solid var(--line);vertical-align:top}th,td{padding:5px 10px}"
	".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}code{font-family:ui-monospace,monospace;"
	"font-size:13px;white-space:nowrap}.cause{color:var(--dim);font-size:13px}"
	".within{color:var(--good);font-weight:600}.outside{color:var(--bad);font-weight:600}"
	".other{color:var(--dim)}.bar{display:block;height:12px;border-radius:2px;background:var(--c0);min-width:1px}"
	".barcell{width:45%;vertical-align:middle}figure{margin:16px 0;padding:8px;background:var(--soft);border-radius:6px}"
	"figure svg{display:block;width:100%;height:auto;font:13px system-ui,sans-serif}"
	"figcaption{color:var(--dim);font-size:13px;padding:4px 12px}"
	".score{display:flex;height:14px;border-radius:3px;overflow:hidden;margin:8px 0;background:var(--line)}"
	".score span{display:block}.score .g{background:var(--good)}.score .b{background:var(--bad)}"
	"a{color:var(--c0)}.warn{border-left:4px solid var(--bad);padding:8px 12px;background:var(--soft)}";

static void cell_text(FILE *out, const char *class, const char *text)
{
	fprintf(out, "<td%s%s%s>", *class ? " class=\"" : "", class, *class ? "\"" : "");
	markup_text(out, text);
	fprintf(out, "</td>");
}

static const char *verdict_class(const char *verdict)
{
	return !strcmp(verdict, "within") ? "within" : !strcmp(verdict, "outside") ? "outside" : "other";
}

/* next: the row after, NULL for none; where it says the same, the cause is left to it. */
static void print_metric(FILE *out, const struct metric *metric, const struct metric *next)
{
	char paper[PAPER_TEXT], text[NUMBER_TEXT];
	fprintf(out, "<tr><td><code>");
	markup_text(out, metric->id);
	fprintf(out, "</code></td><td>");
	markup_text(out, metric->name);
	if (*metric->cause && !(next && !strcmp(metric->cause, next->cause) && !strcmp(metric->verdict, next->verdict))) {
		fprintf(out, "<div class=\"cause\">");
		markup_text(out, metric->cause);
		fprintf(out, "</div>");
	}
	fprintf(out, "</td>");
	cell_text(out, "", metric->unit);
	paper_text(paper, metric);
	cell_text(out, "n", paper);
	value_text(text, metric);
	cell_text(out, "n", text);
	deviation_text(text, metric);
	cell_text(out, "n", text);
	tolerance_text(text, metric);
	cell_text(out, "n", text);
	cell_text(out, verdict_class(metric->verdict), metric->verdict);
	fprintf(out, "</tr>\n");
}

static void print_scorecard(FILE *out, const struct outcome *outcome)
{
	if (!outcome->metrics)
		return;
	fprintf(out, "<div class=\"wide\"><table><thead><tr><th>id<th>what<th>unit<th class=\"n\">paper<th class=\"n\">ours"
	             "<th class=\"n\">deviation<th class=\"n\">tolerance<th>verdict</tr></thead><tbody>\n");
	for (unsigned i = 0; i < outcome->metrics; i++)
		print_metric(out, &outcome->metric[i], i + 1 < outcome->metrics ? &outcome->metric[i + 1] : NULL);
	fprintf(out, "</tbody></table></div>\n");
}

static void print_ledger(FILE *out, const struct outcome *outcome)
{
	uint64_t sum = 0, most = 1;
	char text[NUMBER_TEXT];
	for (int i = 0; i < CAUSE_COUNT; i++) {
		sum += outcome->ledger[i];
		most = outcome->ledger[i] > most ? outcome->ledger[i] : most;
	}
	if (!sum)
		return;
	fprintf(out, "<table><thead><tr><th>where the cycles went<th class=\"n\">cycles<th class=\"n\">share<th></tr></thead>"
	             "<tbody>\n");
	for (int i = 0; i < CAUSE_COUNT; i++) {
		uint64_t cycles = outcome->ledger[i];
		if (!cycles)
			continue;
		fprintf(out, "<tr>");
		cell_text(out, "", ledger_cause_name((enum ledger_cause)i));
		count_text(text, cycles);
		cell_text(out, "n", text);
		fprintf(out, "<td class=\"n\">%.1f%%</td><td class=\"barcell\"><span class=\"bar\" style=\"width:%.1f%%\"></span>"
		             "</td></tr>\n", 100.0 * (double)cycles / (double)sum, 100.0 * (double)cycles / (double)most);
	}
	count_text(text, sum);
	fprintf(out, "<tr><td><b>sum</b></td><td class=\"n\"><b>%s</b></td><td class=\"n\">100.0%%</td><td></td></tr>"
	             "</tbody></table>\n", text);
}

/* The first outcome that has a stem is where its figure stands. */
static bool stem_is_first_in(const struct outcomes *outcomes, unsigned outcome, unsigned metric, const char *stem)
{
	for (unsigned o = 0; o <= outcome; o++)
		for (unsigned m = 0; m < outcomes->entry[o].metrics && (o < outcome || m < metric); m++) {
			char other[64];
			if (figure_stem(&outcomes->entry[o].metric[m], other) && !strcmp(other, stem))
				return false;
		}
	return true;
}

static bool has_paper_points(const struct figure *figure)
{
	for (unsigned c = 0; c < figure->curves; c++)
		for (unsigned p = 0; p < figure->curve[c].points; p++)
			if (figure->curve[c].point[p].has_paper)
				return true;
	return false;
}

static void print_figures(FILE *out, const struct outcomes *outcomes, unsigned o)
{
	static struct figure figure; /* large, and one thread prints */
	for (unsigned m = 0; m < outcomes->entry[o].metrics; m++) {
		char stem[64];
		if (!figure_stem(&outcomes->entry[o].metric[m], stem) || !stem_is_first_in(outcomes, o, m, stem) ||
		    !figure_gather(&figure, outcomes, stem))
			continue;
		fprintf(out, "<figure>\n");
		figure_draw(out, &figure, false);
		fprintf(out, "<figcaption><code>");
		markup_text(out, stem);
		fprintf(out, "</code>: dots are measured in the simulated machine%s.</figcaption></figure>\n",
		        has_paper_points(&figure) ? "; rings are the paper's" : "");
	}
}

static void print_outcome(FILE *out, const struct outcomes *outcomes, unsigned o)
{
	const struct outcome *outcome = &outcomes->entry[o];
	char cycles[NUMBER_TEXT], instructions[NUMBER_TEXT];
	fprintf(out, "<section id=\"");
	markup_text(out, outcome->name);
	fprintf(out, "\"><h2>");
	markup_text(out, *outcome->title ? outcome->title : outcome->name);
	fprintf(out, " <code>");
	markup_text(out, outcome->name);
	fprintf(out, "</code></h2>\n<p class=\"dim\">");
	markup_text(out, outcome->source);
	fprintf(out, "</p>\n");
	print_scorecard(out, outcome);
	print_figures(out, outcomes, o);
	print_ledger(out, outcome);
	count_text(cycles, outcome->cycles);
	count_text(instructions, outcome->instructions);
	fprintf(out, "<p class=\"dim\">%s cycles, %s instructions; ended: ", cycles, instructions);
	markup_text(out, outcome->status);
	fprintf(out, "%s", *outcome->reason ? ": " : "");
	markup_text(out, outcome->reason);
	fprintf(out, "<br>digest <code>");
	markup_text(out, *outcome->digest ? outcome->digest : "none");
	fprintf(out, "</code></p></section>\n");
}

static void print_score(FILE *out, const struct outcomes *outcomes)
{
	struct score score = outcomes_score(outcomes);
	unsigned judged = score.within + score.outside;
	fprintf(out, "<p>%u judged: <span class=\"within\">%u within</span>, <span class=\"%s\">%u outside</span>",
	        judged, score.within, score.outside ? "outside" : "other", score.outside);
	if (judged)
		fprintf(out, " (%.1f%% within)", 100.0 * score.within / judged);
	fprintf(out, ". Not judged: %u input, %u calibrated, %u info.</p>\n", score.input, score.calibrated, score.info);
	if (judged)
		fprintf(out, "<div class=\"score\"><span class=\"g\" style=\"flex:%u\"></span><span class=\"b\" "
		             "style=\"flex:%u\"></span></div>\n", score.within, score.outside);
}

/* The table of contents, where there is more than one scenario. */
static void print_contents(FILE *out, const struct outcomes *outcomes)
{
	if (outcomes->count < 2)
		return;
	fprintf(out, "<table><thead><tr><th>scenario<th>what<th class=\"n\">within<th class=\"n\">outside<th>ended</tr>"
	             "</thead><tbody>\n");
	for (unsigned o = 0; o < outcomes->count; o++) {
		const struct outcome *outcome = &outcomes->entry[o];
		struct score score = {0};
		score_add(&score, outcome);
		fprintf(out, "<tr><td><a href=\"#");
		markup_text(out, outcome->name);
		fprintf(out, "\"><code>");
		markup_text(out, outcome->name);
		fprintf(out, "</code></a></td>");
		cell_text(out, "", outcome->title);
		fprintf(out, "<td class=\"n\">%u</td><td class=\"n\">%u</td>", score.within, score.outside);
		cell_text(out, strcmp(outcome->status, "ok") ? "outside" : "other", outcome->status);
		fprintf(out, "</tr>\n");
	}
	fprintf(out, "</tbody></table>\n");
}

void html_begin(FILE *out, const char *title)
{
	fprintf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	             "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	             "<title>%s</title>\n<style>%s%s</style></head><body>\n", title, page_style, figure_classes);
}

void html_print(FILE *out, const struct outcomes *outcomes)
{
	html_begin(out, "mukroscope: scorecard");
	fprintf(out, "<h1>Scorecard</h1>\n<p class=\"dim\">The paper's numbers, and those of the simulated machine.</p>\n");
	if (outcomes->incomplete)
		fprintf(out, "<p class=\"warn\">This trace is incomplete: its writer ended before the run did.</p>\n");
	print_score(out, outcomes);
	print_contents(out, outcomes);
	for (unsigned o = 0; o < outcomes->count; o++)
		print_outcome(out, outcomes, o);
	fprintf(out, "</body></html>\n");
}
