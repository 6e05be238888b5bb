// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outcomes for people: a scorecard in 100 columns (the terminal's, where it is
 * one), the ledger, the digest, and the score of all.
 *
 * The table's columns are as wide as what stands in them, but for the name,
 * which has what is left and is wrapped.
 */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "sim/cli/outcome.h"

enum { PAGE_WIDTH = 100, PAGE_LEAST = 80, PAGE_MOST = 140, INDENT = 2, GAP = 2, NAME_LEAST = 18 };

enum column { ID, NAME, UNIT, PAPER, OURS, DEVIATION, TOLERANCE, VERDICT, COLUMNS };
static const char *const heading[COLUMNS] = {"id", "what", "unit", "paper", "ours", "dev", "tol", "verdict"};
static const bool right_aligned[COLUMNS] = {[PAPER] = true, [OURS] = true, [DEVIATION] = true, [TOLERANCE] = true};

/* How to print: the width of the page, and whether it may be coloured. */
struct page {
	FILE *out;
	int width;
	bool colour;
	int column[COLUMNS];
};

/* A row's texts. */
struct cells {
	char paper[PAPER_TEXT], ours[NUMBER_TEXT], deviation[NUMBER_TEXT], tolerance[NUMBER_TEXT];
	const char *text[COLUMNS];
};

static void page_init(struct page *page, FILE *out)
{
	struct winsize size;
	*page = (struct page){.out = out, .width = PAGE_WIDTH};
	if (!isatty(fileno(out)))
		return;
	page->colour = !getenv("NO_COLOR");
	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col)
		page->width = size.ws_col < PAGE_LEAST ? PAGE_LEAST : size.ws_col > PAGE_MOST ? PAGE_MOST : size.ws_col;
}

static const char *colour(const struct page *page, const char *code)
{
	return page->colour ? code : "";
}

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

static const char *verdict_colour(const struct page *page, const char *verdict)
{
	if (!strcmp(verdict, "within"))
		return colour(page, "\033[32m");
	if (!strcmp(verdict, "outside"))
		return colour(page, "\033[31m");
	return colour(page, DIM);
}

/* Prints text in width columns. */
static void pad(const struct page *page, const char *text, int width, bool right)
{
	int blanks = width - text_width(text);
	if (blanks < 0)
		blanks = 0;
	fprintf(page->out, "%*s%s%*s", right ? blanks : 0, "", text, right ? 0 : blanks, "");
}

static void line_of(const struct page *page, int indent, int width)
{
	fprintf(page->out, "%*s%s", indent, "", colour(page, DIM));
	for (int i = 0; i < width; i++)
		fputs("─", page->out);
	fprintf(page->out, "%s\n", colour(page, PLAIN));
}

/*
 * The bytes of text that go on a line of width columns: up to the last blank
 * that fits, or as many characters as fit where there is none.
 */
static size_t line_bytes(const char *text, int width)
{
	size_t best = 0, at = 0;
	for (int columns = 0; text[at]; columns++) {
		if (text[at] == ' ')
			best = at;
		if (columns == width)
			return best ? best : at;
		do
			at++;
		while (((unsigned char)text[at] & 0xc0) == 0x80);
	}
	return at;
}

/* Prints text wrapped into width columns, its lines after the first at indent. Ends with a newline. */
static void wrap(const struct page *page, const char *text, int indent, int width)
{
	for (bool first = true; first || *text; first = false) {
		size_t bytes = line_bytes(text, width);
		fprintf(page->out, "%*s%.*s\n", first ? 0 : indent, "", (int)bytes, text);
		text += bytes;
		text += *text == ' ';
	}
}

static void fill_cells(struct cells *cells, const struct metric *metric)
{
	paper_text(cells->paper, metric);
	value_text(cells->ours, metric);
	deviation_text(cells->deviation, metric);
	tolerance_text(cells->tolerance, metric);
	const char *const text[COLUMNS] = {metric->id, metric->name, metric->unit, cells->paper,
	                                   cells->ours, cells->deviation, cells->tolerance, metric->verdict};
	memcpy(cells->text, text, sizeof(text));
}

static void measure_columns(struct page *page, const struct outcome *outcome)
{
	for (int c = 0; c < COLUMNS; c++)
		page->column[c] = text_width(heading[c]);
	for (unsigned m = 0; m < outcome->metrics; m++) {
		struct cells cells;
		fill_cells(&cells, &outcome->metric[m]);
		for (int c = 0; c < COLUMNS; c++)
			if (text_width(cells.text[c]) > page->column[c])
				page->column[c] = text_width(cells.text[c]);
	}
	int others = INDENT + GAP * (COLUMNS - 1) - page->column[NAME];
	for (int c = 0; c < COLUMNS; c++)
		others += page->column[c];
	page->column[NAME] = page->width - others;
	if (page->column[NAME] < NAME_LEAST)
		page->column[NAME] = NAME_LEAST;
}

static void print_heading(const struct page *page)
{
	fprintf(page->out, "%*s%s", INDENT, "", colour(page, DIM));
	for (int c = 0; c < COLUMNS; c++) {
		pad(page, heading[c], c == VERDICT ? 0 : page->column[c], right_aligned[c]);
		fprintf(page->out, "%*s", c == VERDICT ? 0 : GAP, "");
	}
	fprintf(page->out, "%s\n", colour(page, PLAIN));
}

static int name_indent(const struct page *page)
{
	return INDENT + page->column[ID] + GAP;
}

/* Why it is as it is: outside cells say it loudly, the others that have something to say, softly. */
static void print_cause(const struct page *page, const struct metric *metric)
{
	bool outside = !strcmp(metric->verdict, "outside");
	if (!*metric->cause || !strcmp(metric->verdict, "within"))
		return;
	int indent = name_indent(page) + (outside ? 8 : 2);
	fprintf(page->out, "%*s%s%s", name_indent(page), "", colour(page, outside ? "" : DIM), outside ? "because " : "  ");
	wrap(page, metric->cause, indent, page->width - indent);
	fprintf(page->out, "%s", colour(page, PLAIN));
}

/* Does the next row, of the same verdict, say the same?  Then it is enough that the last of them does. */
static bool cause_follows(const struct metric *metric, const struct metric *next)
{
	return next && !strcmp(metric->cause, next->cause) && !strcmp(metric->verdict, next->verdict);
}

/* The row, its name's further lines below it, and the cause. next: the row after, NULL for none. */
static void print_metric(const struct page *page, const struct metric *metric, const struct metric *next)
{
	struct cells cells;
	fill_cells(&cells, metric);
	size_t first = line_bytes(metric->name, page->column[NAME]);
	char name[sizeof(metric->name)];
	snprintf(name, sizeof(name), "%.*s", (int)first, metric->name);
	cells.text[NAME] = name;
	fprintf(page->out, "%*s", INDENT, "");
	for (int c = 0; c < VERDICT; c++) {
		pad(page, cells.text[c], page->column[c], right_aligned[c]);
		fprintf(page->out, "%*s", GAP, "");
	}
	fprintf(page->out, "%s%s%s\n", verdict_colour(page, metric->verdict), metric->verdict, colour(page, PLAIN));
	const char *rest = metric->name + first;
	rest += *rest == ' ';
	if (*rest) {
		fprintf(page->out, "%*s", name_indent(page), "");
		wrap(page, rest, name_indent(page), page->column[NAME]);
	}
	if (!cause_follows(metric, next))
		print_cause(page, metric);
}

static void print_ledger(const struct page *page, const struct outcome *outcome)
{
	enum { BAR = 40 };
	char count[NUMBER_TEXT];
	uint64_t sum = 0;
	for (int i = 0; i < CAUSE_COUNT; i++)
		sum += outcome->ledger[i];
	if (!sum)
		return;
	fprintf(page->out, "\n%*s%s%-22s%20s%8s%s\n", INDENT, "", colour(page, DIM), "where the cycles went", "cycles",
	        "share", colour(page, PLAIN));
	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (!outcome->ledger[i])
			continue;
		double share = (double)outcome->ledger[i] / (double)sum;
		count_text(count, outcome->ledger[i]);
		fprintf(page->out, "%*s%-22s%20s%7.1f%%", INDENT, "", ledger_cause_name((enum ledger_cause)i), count,
		        100 * share);
		int blocks = (int)lround(share * BAR);
		fprintf(page->out, "%s%s", blocks ? "  " : "", colour(page, DIM));
		for (int b = 0; b < blocks; b++)
			fputs("▪", page->out);
		fprintf(page->out, "%s\n", colour(page, PLAIN));
	}
	count_text(count, sum);
	fprintf(page->out, "%*s%-22s%20s%7.1f%%\n", INDENT, "", "sum", count, 100.0);
}

static void print_title(const struct page *page, const struct outcome *outcome)
{
	fprintf(page->out, "%s%s%s", colour(page, BOLD), outcome->name, colour(page, PLAIN));
	if (*outcome->title)
		fprintf(page->out, "  %s", outcome->title);
	if (*outcome->source)
		fprintf(page->out, "  %s[%s]%s", colour(page, DIM), outcome->source, colour(page, PLAIN));
	fprintf(page->out, "\n");
	line_of(page, 0, page->width);
}

/* Runs that did not end well, where they were not to. */
static void print_ends(const struct page *page, const struct outcome *outcome)
{
	for (unsigned n = 0; n < outcome->runs && !strcmp(outcome->status, "ok"); n++) {
		const struct outcome_run *run = &outcome->run[n];
		if (!strcmp(run->status, "ok"))
			continue;
		fprintf(page->out, "%*srun %s ended as expected: %s\n", INDENT, "", run->name, run->status);
		if (!*run->reason)
			continue;
		fprintf(page->out, "%*s", 2 * INDENT, "");
		wrap(page, run->reason, 2 * INDENT, page->width - 2 * INDENT);
	}
}

void text_print_outcome(FILE *out, const struct outcome *outcome)
{
	struct page page;
	char cycles[NUMBER_TEXT], instructions[NUMBER_TEXT];
	page_init(&page, out);
	measure_columns(&page, outcome);
	print_title(&page, outcome);
	if (outcome->metrics)
		print_heading(&page);
	for (unsigned i = 0; i < outcome->metrics; i++)
		print_metric(&page, &outcome->metric[i], i + 1 < outcome->metrics ? &outcome->metric[i + 1] : NULL);
	print_ledger(&page, outcome);
	count_text(cycles, outcome->cycles);
	count_text(instructions, outcome->instructions);
	fprintf(out, "\n%*s%s cycles, %s instructions, ended: %s%s%s\n", INDENT, "", cycles, instructions,
	        outcome->status, *outcome->reason ? ": " : "", outcome->reason);
	print_ends(&page, outcome);
	if (*outcome->digest)
		fprintf(out, "%*sdigest %s\n", INDENT, "", outcome->digest);
	fprintf(out, "\n");
}

/* --- more --- */

/* Those that took most; the rest in one line. */
static void print_parts(const struct page *page, const struct outcome *outcome, enum outcome_part_kind kind)
{
	enum { MOST = 20 };
	unsigned count = outcome->parts[kind];
	struct outcome_part rest = {.name = "others, and who has no name", .cycles = outcome->cycles};
	if (!count)
		return;
	fprintf(page->out, "%*s%s%-34s%20s%8s%s\n", INDENT, "", colour(page, DIM), kind == OUTCOME_TASKS ? "tasks" : "threads",
	        "cycles", "share", colour(page, PLAIN));
	for (unsigned n = 0; n <= count && n <= MOST; n++) {
		const struct outcome_part *part = n < count && n < MOST ? &outcome->part[kind][n] : &rest;
		char cycles[NUMBER_TEXT];
		count_text(cycles, part->cycles);
		fprintf(page->out, "%*s%-34s%20s%7.1f%%\n", INDENT, "", part->name, cycles,
		        outcome->cycles ? 100.0 * (double)part->cycles / (double)outcome->cycles : 0);
		rest.cycles -= part->cycles;
	}
	fprintf(page->out, "\n");
}

void text_print_more(FILE *out, const struct outcome *outcome)
{
	struct page page;
	page_init(&page, out);
	for (unsigned kind = 0; kind < OUTCOME_PARTS; kind++)
		print_parts(&page, outcome, (enum outcome_part_kind)kind);
	for (unsigned n = 0; n < outcome->runs; n++) {
		const char *text = outcome->run[n].console;
		if (!text || !*text)
			continue;
		fprintf(out, "%*s%sconsole of %s%s\n%s%s\n", INDENT, "", colour(&page, DIM), outcome->run[n].name,
		        colour(&page, PLAIN), text, text[strlen(text) - 1] == '\n' ? "" : "\n");
	}
}

/* Cells outside their tolerance, of all scenarios, each with its cause: only where there are several scenarios. */
static void print_outside(const struct page *page, const struct outcomes *outcomes)
{
	for (unsigned o = 0; o < outcomes->count; o++)
		for (unsigned m = 0; m < outcomes->entry[o].metrics; m++) {
			const struct metric *metric = &outcomes->entry[o].metric[m];
			if (strcmp(metric->verdict, "outside") != 0)
				continue;
			struct cells cells;
			fill_cells(&cells, metric);
			fprintf(page->out, "%*s%s  paper %s, ours %s %s (%s)\n%*s", INDENT, "", metric->id, cells.paper,
			        cells.ours, metric->unit, cells.deviation, 2 * INDENT, "");
			wrap(page, *metric->cause ? metric->cause : "no cause is given", 2 * INDENT,
			     page->width - 2 * INDENT);
		}
}

void text_print_score(FILE *out, const struct outcomes *outcomes)
{
	struct page page;
	struct score score = outcomes_score(outcomes);
	unsigned judged = score.within + score.outside;
	page_init(&page, out);
	fprintf(out, "%sjudged %u: %u within, %u outside", colour(&page, BOLD), judged, score.within, score.outside);
	if (judged)
		fprintf(out, " (%.1f%% within)", 100.0 * score.within / judged);
	fprintf(out, "%s; not judged: %u input, %u calibrated, %u info\n", colour(&page, PLAIN), score.input,
	        score.calibrated, score.info);
	if (outcomes->count > 1 && score.outside)
		print_outside(&page, outcomes);
}

void text_print(FILE *out, const struct outcomes *outcomes)
{
	for (unsigned i = 0; i < outcomes->count; i++)
		text_print_outcome(out, &outcomes->entry[i]);
	text_print_score(out, outcomes);
}
