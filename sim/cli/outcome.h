/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came of a scenario, whether just run or read from a trace: the one thing
 * that all printers (text, JSON, HTML) show.
 */
#pragma once
#include <stdio.h>
#include "sim/core/ledger.h"
#include "traces/trace.h"

/* How a run ended. */
struct outcome_run {
	char name[128], status[32], reason[2048];
	char *console;                   /* what it sent by the serial line; NULL: not known (from a trace) */
};

/* What tasks (or threads) of a name took, in all runs. */
enum outcome_part_kind { OUTCOME_TASKS, OUTCOME_THREADS, OUTCOME_PARTS };
struct outcome_part {
	char name[128];
	uint64_t cycles;
};

struct outcome {
	char name[64], title[160], source[64], status[32], reason[2048], digest[33];
	uint64_t cycles, instructions;   /* of all its runs */
	uint64_t ledger[CAUSE_COUNT];    /* cycles; sums to cycles */
	struct metric *metric;
	unsigned metrics;
	struct outcome_run *run;
	unsigned runs;
	struct outcome_part *part[OUTCOME_PARTS]; /* that have names */
	unsigned parts[OUTCOME_PARTS];
};

struct outcomes {
	struct outcome *entry;
	unsigned count;
	bool incomplete;                 /* the trace says that its writer died */
};

/* How many metrics of each verdict. */
struct score {
	unsigned within, outside, calibrated, input, info;
};

/* A new outcome at the end, all empty; NULL without memory. The pointer is good until the next. */
struct outcome *outcomes_add(struct outcomes *outcomes);
/* Adds a copy of a metric. MUK_ERR_NOMEM. */
enum muk_err outcome_add_metric(struct outcome *outcome, const struct metric *metric);
/* Adds a run; console may be NULL, and is copied. MUK_ERR_NOMEM. */
enum muk_err outcome_add_run(struct outcome *outcome, const char *name, const char *status, const char *reason,
                             const char *console);
/* Adds cycles to those of a task or thread; nothing for one without a name. MUK_ERR_NOMEM. */
enum muk_err outcome_add_part(struct outcome *outcome, enum outcome_part_kind kind, const char *name, uint64_t cycles);
/* Those with most cycles first. */
void outcome_sort_parts(struct outcome *outcome);
void outcomes_free(struct outcomes *outcomes);
/* Everything of a trace file: ended scenarios, and those that began and did not end as status "incomplete". */
enum muk_err outcomes_read(struct outcomes *outcomes, const char *path, struct muk_error *error);

struct score outcomes_score(const struct outcomes *outcomes);
void score_add(struct score *score, const struct outcome *outcome);
/* The exit status that an outcome makes: how its runs ended, then whether a metric is outside. */
int outcome_status(const struct outcome *outcome);

/* --- printers --- */
/* The scorecard, the ledger, the digest; at the end the score of all. */
void text_print(FILE *out, const struct outcomes *outcomes);
/* The same in parts, for those who print each as it comes: one outcome; the score. */
void text_print_outcome(FILE *out, const struct outcome *outcome);
/* Tasks and threads with what they took, and each run's console. */
void text_print_more(FILE *out, const struct outcome *outcome);
void text_print_score(FILE *out, const struct outcomes *outcomes);
/* One object, or an array of them where there are several (or none). */
void json_print(FILE *out, const struct outcomes *outcomes);
/* The head of a page, up to its body. */
void html_begin(FILE *out, const char *title);
/* A whole self-contained page. */
void html_print(FILE *out, const struct outcomes *outcomes);

/* --- numbers and strings, the same in all printers --- */
enum { NUMBER_TEXT = 40, PAPER_TEXT = 2 * NUMBER_TEXT + 2 };
/* For people: 250, 1196, 0.355, 3.2e+10; "-" for NAN. */
void number_text(char text[static NUMBER_TEXT], double value);
/* For machines: the shortest that reads back the same; "null" for what JSON lacks. */
void number_exact(char text[static NUMBER_TEXT], double value);
/* 1,234,567 */
void count_text(char text[static NUMBER_TEXT], uint64_t value);
/* Our value: a number, or "true" and "false" where the unit is "claim". */
void value_text(char text[static NUMBER_TEXT], const struct metric *metric);
/* The paper's value: "250", "36..364", "true", or "-". */
void paper_text(char text[static PAPER_TEXT], const struct metric *metric);
/* "+0.8%", or "-" where there is none, as for claims. */
void deviation_text(char text[static NUMBER_TEXT], const struct metric *metric);
/* "10%", or "-". */
void tolerance_text(char text[static NUMBER_TEXT], const struct metric *metric);
/* Columns that a UTF-8 text takes (one a character). */
int text_width(const char *text);
