// SPDX-License-Identifier: GPL-2.0-or-later
/* muk report: what muk run printed, or muk sweep, again from its trace; as a page; as a picture. */
#include <errno.h>
#include <string.h>
#include "sim/cli/cli.h"
#include "sim/cli/figure.h"
#include "sim/cli/sweep.h"
#include "sim/core/error.h"

enum { OPTION_HTML, OPTION_SVG, OPTION_OUTPUT, OPTION_JSON, OPTION_VERBOSE };
static const struct option_entry options[] = {
	[OPTION_HTML] = {0, "html", "FILE", "write a self-contained page"},
	[OPTION_SVG] = {0, "svg", "ID", "write the picture of one family of cells (L95-F2), or a sweep's, to -o or the standard output"},
	[OPTION_OUTPUT] = {'o', "output", "FILE", "where --svg writes"},
	[OPTION_JSON] = {0, "json", NULL, "print JSON"},
	[OPTION_VERBOSE] = {'v', "verbose", NULL, "print also what tasks and threads took"},
	{0},
};

struct report {
	const char *trace, *html, *svg, *output;
	bool json, verbose;
};

/* Writes a file by a printer; "-" is the standard output. */
static int write_file(const char *path, void (*print)(FILE *, void *), void *ctx)
{
	FILE *out = strcmp(path, "-") ? fopen(path, "w") : stdout;
	struct muk_error error = {0};
	if (!out) {
		error_at(&error, MUK_ERR_IO, path, 0, 0, "cannot write: %s", strerror(errno));
		return error_print(&error);
	}
	print(out, ctx);
	if (out == stdout)
		return STATUS_FINE;
	bool failed = fflush(out) != 0 || ferror(out);
	int saved = errno;
	if ((fclose(out) != 0 || failed)) {
		error_at(&error, MUK_ERR_IO, path, 0, 0, "cannot write: %s", strerror(failed ? saved : errno));
		return error_print(&error);
	}
	return STATUS_FINE;
}

static void print_page(FILE *out, void *ctx)
{
	html_print(out, ctx);
}

static void print_picture(FILE *out, void *ctx)
{
	figure_draw(out, ctx, true);
}

static int write_picture(const struct report *report, const struct outcomes *outcomes)
{
	static struct figure figure;
	struct muk_error error = {0};
	if (!figure_gather(&figure, outcomes, report->svg)) {
		error_at(&error, MUK_ERR_INPUT, report->trace, 0, 0,
		         "has no curve %s: cells %s.CURVE.N, at least two of a curve, make one", report->svg, report->svg);
		return error_print(&error);
	}
	return write_file(report->output ? report->output : "-", print_picture, &figure);
}

static int show(const struct report *report, struct outcomes *outcomes)
{
	int status = STATUS_FINE;
	if (report->html)
		status = write_file(report->html, print_page, outcomes);
	if (report->svg)
		status = status_worse(status, write_picture(report, outcomes));
	if (report->json)
		json_print(stdout, outcomes);
	else if (!report->html && !report->svg)
		text_print(stdout, outcomes);
	for (unsigned i = 0; report->verbose && !report->json && i < outcomes->count; i++)
		text_print_more(stdout, &outcomes->entry[i]);
	for (unsigned i = 0; i < outcomes->count && !report->html && !report->svg; i++)
		status = status_worse(status, outcome_status(&outcomes->entry[i]));
	return status;
}

static int parse(struct report *report, const struct command *command, int argc, char **argv)
{
	const char *argument;
	int option, operand;
	while ((option = options_next(command, argc, argv, &argument, &operand)) >= 0) {
		switch (option) {
		case OPTION_HTML: report->html = argument; break;
		case OPTION_SVG: report->svg = argument; break;
		case OPTION_OUTPUT: report->output = argument; break;
		case OPTION_JSON: report->json = true; break;
		case OPTION_VERBOSE: report->verbose = true; break;
		}
	}
	if (option != OPTIONS_END)
		return option;
	if (operand + 1 != argc) {
		usage_wrong(command, "%s", operand == argc ? "which trace?" : "one trace at a time");
		return OPTIONS_WRONG;
	}
	report->trace = argv[operand];
	return OPTIONS_END;
}

/* --- sweeps --- */
struct sweep_picture_of {
	const struct sweep_results *results;
	const char *name;
};

static void print_sweep_page(FILE *out, void *ctx)
{
	sweep_html(out, ctx);
}

static void print_sweep_picture(FILE *out, void *ctx)
{
	const struct sweep_picture_of *picture = ctx;
	sweep_svg(out, picture->results, picture->name);
}

static int write_sweep_picture(const struct report *report, const struct sweep_results *results)
{
	struct sweep_picture_of picture = {results, report->svg};
	struct muk_error error = {0};
	if (sweep_picture_exists(results, report->svg))
		return write_file(report->output ? report->output : "-", print_sweep_picture, &picture);
	error_at(&error, MUK_ERR_INPUT, report->trace, 0, 0, "has no picture %s: the plan's pictures are%s", report->svg,
	         results->plan.pictures ? "" : " none");
	for (unsigned n = 0; n < results->plan.pictures; n++) {
		size_t used = strlen(error.text);
		snprintf(error.text + used, sizeof(error.text) - used, "%s %s", n ? "," : "", results->plan.picture[n].name);
	}
	return error_print(&error);
}

static int show_sweep(const struct report *report, struct sweep_results *results)
{
	int status = STATUS_FINE;
	if (report->html)
		status = write_file(report->html, print_sweep_page, results);
	if (report->svg)
		status = status_worse(status, write_sweep_picture(report, results));
	if (report->json)
		sweep_json(stdout, results);
	else if (!report->html && !report->svg)
		sweep_text(stdout, results);
	return report->html || report->svg ? status : status_worse(status, sweep_status(results));
}

/* *found false: the trace is none of a sweep. */
static int report_sweep(const struct report *report, bool *found)
{
	struct sweep_results results;
	struct muk_error error = {0};
	enum muk_err code = sweep_results_read(&results, report->trace, found, &error);
	int status = STATUS_FINE;
	if (code != MUK_OK)
		status = error_print(&error);
	else if (*found && results.incomplete)
		fprintf(stderr, "muk: %s: warning: the sweep is incomplete: its writer ended before its end\n", report->trace);
	if (code == MUK_OK && *found)
		status = show_sweep(report, &results);
	*found |= code != MUK_OK;
	sweep_results_free(&results);
	return status;
}

static int report_outcomes(const struct report *report)
{
	struct outcomes outcomes;
	struct muk_error error = {0};
	enum muk_err code = outcomes_read(&outcomes, report->trace, &error);
	if (code == MUK_OK && outcomes.incomplete)
		fprintf(stderr, "muk: %s: warning: the trace is incomplete: its writer ended before the run did\n",
		        report->trace);
	int status = code == MUK_OK ? show(report, &outcomes) : error_print(&error);
	outcomes_free(&outcomes);
	return status;
}

static int report_run(const struct command *command, int argc, char **argv)
{
	struct report report = {0};
	bool is_sweep;
	int parsed = parse(&report, command, argc, argv);
	if (parsed != OPTIONS_END)
		return parsed == OPTIONS_HELP ? STATUS_FINE : STATUS_USAGE;
	int status = report_sweep(&report, &is_sweep);
	return is_sweep ? status : report_outcomes(&report);
}

const struct command command_report = {
	.name = "report", .arguments = "FILE.db", .summary = "Scorecard, ledger and pictures of a trace",
	.option = options, .run = report_run,
	.notes = "The exit status is that of muk run, but with --html and --svg it only says whether they were written.\n"
	         "FILE - is the standard output. Everything else is a query away: sqlite3 FILE.db .schema;\n"
	         "the views v_scorecard, v_ledger, v_functions, v_threads, v_tasks, v_events, v_kinds, v_spans, v_ipc,\n"
	         "v_faults and v_tlb_misses answer the usual questions; of a sweep v_sweep, v_sweep_causes, v_settings.\n",
};
