// SPDX-License-Identifier: GPL-2.0-or-later
/* How outcomes are printed: numbers, widths, escapes, curves. JSON is judged by SQLite's parser. */
#include <criterion/criterion.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/cli/figure.h"
#include "sim/cli/outcome.h"

/* What outcomes.c would have made of it; the printers need no more. */
struct score outcomes_score(const struct outcomes *outcomes)
{
	struct score score = {0};
	for (unsigned i = 0; i < outcomes->count; i++)
		score_add(&score, &outcomes->entry[i]);
	return score;
}

void score_add(struct score *score, const struct outcome *outcome)
{
	for (unsigned i = 0; i < outcome->metrics; i++) {
		score->within += !strcmp(outcome->metric[i].verdict, "within");
		score->outside += !strcmp(outcome->metric[i].verdict, "outside");
	}
}

static char *printed(void (*print)(FILE *, const struct outcomes *), const struct outcomes *outcomes)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	print(out, outcomes);
	fclose(out);
	return text;
}

/* A metric with everything that can hurt a printer. */
static struct metric hostile(void)
{
	struct metric metric = {.value = NAN, .has_paper = true, .paper = 36, .paper_low = 36, .paper_high = 364,
	                        .has_tolerance = true, .tolerance_pct = 2.5, .deviation_pct = NAN};
	strcpy(metric.id, "X<&>\"'");
	strcpy(metric.unit, "µs");
	strcpy(metric.verdict, "outside");
	for (size_t i = 0; i + 6 < sizeof(metric.name); i += 6)
		strcat(metric.name, i % 30 ? "µµµ" : " \t\"a\\");
	for (size_t i = 0; i + 9 < sizeof(metric.cause); i += 9)
		strcat(metric.cause, i % 7 ? "because, " : "\n</td>\x01\"\\");
	return metric;
}

static struct outcomes hostile_outcomes(struct metric *metric, unsigned metrics, struct outcome *outcome)
{
	*outcome = (struct outcome){.cycles = UINT64_MAX / 2, .metric = metric, .metrics = metrics};
	strcpy(outcome->name, "a-name");
	strcpy(outcome->title, "<script>\"&\\");
	strcpy(outcome->status, "ok");
	outcome->ledger[CAUSE_INSTRUCTION] = UINT64_MAX / 2 - 1;
	outcome->ledger[CAUSE_IDLE] = 1;
	return (struct outcomes){.entry = outcome, .count = 1};
}

Test(printers, numbers_are_short_and_keep_what_matters)
{
	static const struct {
		double value;
		const char *text;
	} table[] = {
		{0, "0"}, {250, "250"}, {250.5, "250.5"}, {249.96, "250"}, {1196, "1196"}, {1007.6, "1008"}, {0.355, "0.355"},
		{0.5, "0.5"}, {12.345, "12.35"}, {-3.1, "-3.1"}, {2e12, "2e+12"}, {0.0001, "0.0001"}, {NAN, "-"},
		{100, "100"}, {99.999, "100"},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char text[NUMBER_TEXT];
		number_text(text, table[i].value);
		cr_expect_str_eq(text, table[i].text, "%g: %s", table[i].value, text);
	}
}

Test(printers, exact_numbers_read_back_the_same)
{
	uint64_t state = 88172645463325252u;
	for (int i = 0; i < 10000; i++) {
		union {
			uint64_t bits;
			double value;
		} number;
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		number.bits = state;
		char text[NUMBER_TEXT];
		number_exact(text, number.value);
		if (isfinite(number.value))
			cr_assert_eq(strtod(text, NULL), number.value, "%s", text);
		else
			cr_assert_str_eq(text, "null");
	}
}

Test(printers, counts_have_their_thousands_apart)
{
	char text[NUMBER_TEXT];
	count_text(text, 0);
	cr_expect_str_eq(text, "0");
	count_text(text, 999);
	cr_expect_str_eq(text, "999");
	count_text(text, 1000);
	cr_expect_str_eq(text, "1,000");
	count_text(text, UINT64_MAX);
	cr_expect_str_eq(text, "18,446,744,073,709,551,615");
}

Test(printers, width_counts_characters_not_bytes)
{
	cr_expect_eq(text_width("10 µs"), 5);
	cr_expect_eq(text_width(""), 0);
}

Test(printers, json_is_valid_whatever_the_texts_hold)
{
	struct metric metric = hostile();
	struct outcome outcome;
	struct outcomes outcomes = hostile_outcomes(&metric, 1, &outcome);
	char *text = printed(json_print, &outcomes);
	sqlite3 *db;
	sqlite3_stmt *query;
	sqlite3_open(":memory:", &db);
	sqlite3_prepare_v2(db, "SELECT json_valid(?1), json_extract(?1,'$.metrics[0].cause'),"
	                       "json_type(?1,'$.metrics[0].value'), json_extract(?1,'$.cycles')", -1, &query, NULL);
	sqlite3_bind_text(query, 1, text, -1, SQLITE_STATIC);
	cr_assert_eq(sqlite3_step(query), SQLITE_ROW);
	cr_expect_eq(sqlite3_column_int(query, 0), 1, "%s", text);
	cr_expect_str_eq((const char *)sqlite3_column_text(query, 1), metric.cause);
	cr_expect_str_eq((const char *)sqlite3_column_text(query, 2), "null");
	cr_expect_eq((uint64_t)sqlite3_column_int64(query, 3), UINT64_MAX / 2);
	sqlite3_finalize(query);
	sqlite3_close(db);
	free(text);
}

Test(printers, json_of_none_or_several_is_an_array)
{
	struct outcomes none = {0};
	char *text = printed(json_print, &none);
	cr_expect_str_eq(text, "[]\n");
	free(text);
}

Test(printers, no_line_of_the_scorecard_is_longer_than_the_page)
{
	struct metric metric[] = {hostile(), {.value = 250, .has_paper = true, .paper = 250, .paper_low = 250,
	                          .paper_high = 250, .id = "L95-T2-r1", .unit = "cycles", .verdict = "within",
	                          .name = "one way, one byte, between two address spaces on the 50 MHz 486, all warm"}};
	for (char *at = metric[0].cause; *at; at++)
		if (*at == '\n' || *at == 1)
			*at = ' ';
	struct outcome outcome;
	struct outcomes outcomes = hostile_outcomes(metric, 2, &outcome);
	char *text = printed(text_print, &outcomes);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		cr_expect_leq(text_width(line), 100, "%d: %s", text_width(line), line);
	free(text);
}

Test(printers, the_page_escapes_what_texts_hold)
{
	struct metric metric = hostile();
	struct outcome outcome;
	struct outcomes outcomes = hostile_outcomes(&metric, 1, &outcome);
	char *text = printed(html_print, &outcomes);
	cr_expect(!strstr(text, "<script"));
	cr_expect(strstr(text, "&lt;script&gt;&quot;&amp;"));
	cr_expect(!strstr(text, "\x01"));
	free(text);
}

/* Points stem.curve.n with value, in the order given. */
static struct outcomes points(const char *const id[], const double value[], unsigned count, struct outcome *outcome)
{
	static struct metric metric[16];
	for (unsigned i = 0; i < count; i++) {
		metric[i] = (struct metric){.value = value[i], .unit = "cycles", .verdict = "info"};
		strcpy(metric[i].id, id[i]);
		snprintf(metric[i].name, sizeof(metric[i].name), "with %s pages in use", strrchr(id[i], '.') + 1);
	}
	*outcome = (struct outcome){.metric = metric, .metrics = count, .title = "A title"};
	return (struct outcomes){.entry = outcome, .count = 1};
}

Test(printers, ids_of_one_stem_make_curves_sorted_by_n)
{
	static const char *const id[] = {"L95-F2.pages.16", "L95-F2.pages.2", "L95-F2.segments.2", "L95-F2.pages.8", "L95-F2.all",
	                                 "L95-F3.pages.1"};
	static const double value[] = {16, 2, 3, 8, 99, 77};
	struct outcome outcome;
	struct outcomes outcomes = points(id, value, 6, &outcome);
	static struct figure figure;
	cr_assert(figure_gather(&figure, &outcomes, "L95-F2"));
	cr_expect_eq(figure.curves, 2);
	cr_expect_eq(figure.curve[0].points, 3);
	cr_expect_str_eq(figure.curve[0].name, "pages");
	for (unsigned i = 0; i < 3; i++)
		cr_expect_eq(figure.curve[0].point[i].x, figure.curve[0].point[i].y);
	cr_expect(figure.curve[0].point[0].x == 2 && figure.curve[0].point[2].x == 16);
	cr_expect_str_eq(figure.axis, "pages");
	cr_expect_str_eq(figure.unit, "cycles");
	cr_expect_not(figure_gather(&figure, &outcomes, "L95-F3"), "one point is no curve");
	cr_expect_not(figure_gather(&figure, &outcomes, "L95"));
}

Test(printers, a_picture_stays_within_its_frame)
{
	static const char *const id[] = {"S.a.1", "S.a.2", "S.a.1000", "S.b.1", "S.b.1000", "S.c.1", "S.c.1000"};
	static const double value[] = {0, 1e-9, 1e15, 1e15, 1e15, 1e15, 999e12};
	struct outcome outcome;
	struct outcomes outcomes = points(id, value, 7, &outcome);
	static struct figure figure;
	cr_assert(figure_gather(&figure, &outcomes, "S"));
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	figure_draw(out, &figure, true);
	fclose(out);
	cr_expect(!strstr(text, "nan") && !strstr(text, "inf"));
	for (char *at = text; (at = strstr(at, "cy=\"")); at++) {
		double y = strtod(at + 4, NULL);
		cr_expect(y >= 0 && y <= 420, "%f", y);
	}
	free(text);
}
