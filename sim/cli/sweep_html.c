// SPDX-License-Identifier: GPL-2.0-or-later
/* A sweep as one HTML page that needs nothing else: its pictures, and its table. */
#include <string.h>
#include "sim/cli/figure.h"
#include "sim/cli/outcome.h"
#include "sim/cli/sweep.h"

static void print_pictures(FILE *out, const struct sweep_results *results)
{
	for (unsigned n = 0; n < results->plan.pictures; n++) {
		const char *name = results->plan.picture[n].name;
		if (!sweep_picture_exists(results, name))
			continue;
		fprintf(out, "<figure id=\"");
		markup_text(out, name);
		fprintf(out, "\">\n");
		sweep_svg_inline(out, results, name);
		fprintf(out, "<figcaption><code>");
		markup_text(out, name);
		fprintf(out, "</code></figcaption></figure>\n");
	}
}

static void print_heading(FILE *out, const struct sweep_results *results, const struct sweep_columns *columns)
{
	fprintf(out, "<thead><tr>%s", columns->listed ? "<th>run" : "");
	for (unsigned n = 0; n < results->plan.axes; n++) {
		fprintf(out, "<th>");
		markup_text(out, results->plan.axis[n].name);
	}
	for (unsigned n = 0; n < columns->fields; n++)
		fprintf(out, "<th class=\"n\">%s", sweep_field_name(columns->field[n]));
	for (unsigned n = 0; n < columns->metrics; n++) {
		fprintf(out, "<th class=\"n\">");
		markup_text(out, columns->metric[n]);
	}
	fprintf(out, "<th>ended</tr></thead><tbody>\n");
}

static void print_number(FILE *out, double value)
{
	char text[NUMBER_TEXT];
	number_text(text, value);
	fprintf(out, "<td class=\"n\">%s</td>", text);
}

static void print_row(FILE *out, const struct sweep_results *results, const struct sweep_columns *columns, unsigned n)
{
	const struct sweep_plan *plan = &results->plan;
	fprintf(out, "<tr>");
	if (columns->listed) {
		fprintf(out, "<td>");
		markup_text(out, plan->configuration[n].own ? plan->configuration[n].name : "");
		fprintf(out, "</td>");
	}
	for (unsigned axis = 0; axis < plan->axes; axis++) {
		fprintf(out, "<td>");
		markup_text(out, sweep_label(plan, n, axis));
		fprintf(out, "</td>");
	}
	for (unsigned i = 0; i < columns->fields; i++)
		print_number(out, results->result[n].field[columns->field[i]]);
	for (unsigned i = 0; i < columns->metrics; i++)
		print_number(out, sweep_value(results, (int)n, columns->metric[i]));
	fprintf(out, "<td class=\"%s\">", strcmp(results->result[n].status, "ok") ? "outside" : "other");
	markup_text(out, results->result[n].status);
	if (*results->result[n].reason) {
		fprintf(out, "<div class=\"cause\">");
		markup_text(out, results->result[n].reason);
		fprintf(out, "</div>");
	}
	fprintf(out, "</td></tr>\n");
}

static void print_table(FILE *out, const struct sweep_results *results)
{
	struct sweep_columns columns;
	sweep_columns(&columns, results);
	if (results->plan.operation.value) {
		fprintf(out, "<p class=\"dim\">");
		markup_text(out, results->plan.operation.unit);
		fprintf(out, " of one ");
		markup_text(out, results->plan.operation.name);
		fprintf(out, ", and where they go.</p>\n");
	}
	fprintf(out, "<div class=\"wide\"><table>");
	print_heading(out, results, &columns);
	for (unsigned n = 0; n < results->plan.configurations; n++)
		if (results->known[n])
			print_row(out, results, &columns, n);
	fprintf(out, "</tbody></table></div>\n");
}

void sweep_html(FILE *out, const struct sweep_results *results)
{
	const struct sweep_plan *plan = &results->plan;
	html_begin(out, "mukroscope: a sweep");
	fprintf(out, "<h1>");
	markup_text(out, plan->title);
	fprintf(out, "</h1>\n<p class=\"dim\">");
	markup_text(out, plan->source);
	fprintf(out, " <code>");
	markup_text(out, plan->name);
	fprintf(out, "</code>: %u configurations of <code>", plan->configurations);
	markup_text(out, plan->scenario);
	fprintf(out, "</code></p>\n");
	if (results->incomplete)
		fprintf(out, "<p class=\"warn\">This sweep is incomplete: its writer ended before the configurations did.</p>\n");
	print_pictures(out, results);
	print_table(out, results);
	fprintf(out, "<p class=\"dim\">identity <code>%s</code></p></body></html>\n", plan->identity);
}
