// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * muk bench: gates, and speed.
 *
 *   check    plays the scenarios named, or all that have a baseline; compares their cycles with the
 *            committed baselines, to the cycle
 *   update   plays the same and writes the file anew: it then holds these alone
 *   speed    the simulator's speed against the bare engine (bench/bench.h)
 *
 * A baseline file is JSON, {"SCENARIO": CYCLES, ...}, a line a scenario; SQLite's JSON functions read it.
 */
#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bench/bench.h"
#include "mukroscope/scenario.h"
#include "sim/cli/cli.h"
#include "sim/cli/json.h"
#include "sim/cli/play.h"
#include "sim/core/error.h"

enum { OPTION_BASELINE, OPTION_JSON };
static const struct option_entry options[] = {
	[OPTION_BASELINE] = {0, "baseline", "FILE", "the baselines (bench/baselines.json)"},
	[OPTION_JSON] = {0, "json", NULL, "speed: prints one JSON object"},
	{0},
};

/* --- baselines --- */
struct baselines {
	sqlite3 *db;
	sqlite3_stmt *find;
	char *text;
};

static char *read_whole(const char *path, struct muk_error *error)
{
	enum { MOST = 1 << 20 };
	FILE *in = fopen(path, "r");
	char *text = in ? calloc(1, MOST + 1) : NULL;
	if (!text || (fread(text, 1, MOST, in), ferror(in))) {
		error_at(error, MUK_ERR_IO, path, 0, 0, "cannot read the baselines: %s", strerror(errno));
		free(text);
		text = NULL;
	}
	if (in)
		fclose(in);
	return text;
}

static void baselines_close(struct baselines *baselines)
{
	sqlite3_finalize(baselines->find);
	sqlite3_close(baselines->db);
	free(baselines->text);
}

static enum muk_err baselines_open(struct baselines *baselines, const char *path, struct muk_error *error)
{
	*baselines = (struct baselines){.text = read_whole(path, error)};
	if (!baselines->text)
		return MUK_ERR_IO;
	if (sqlite3_open(":memory:", &baselines->db) != SQLITE_OK ||
	    sqlite3_prepare_v2(baselines->db, "SELECT value FROM json_each(?1) WHERE key=?2 AND type='integer'", -1,
	                       &baselines->find, NULL) != SQLITE_OK)
		return error_at(error, MUK_ERR_NOMEM, path, 0, 0, "no memory to read the baselines");
	sqlite3_bind_text(baselines->find, 1, baselines->text, -1, SQLITE_STATIC);
	sqlite3_bind_text(baselines->find, 2, "", 0, SQLITE_STATIC);
	int code = sqlite3_step(baselines->find);
	sqlite3_reset(baselines->find);
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		return error_at(error, MUK_ERR_INPUT, path, 0, 0, "is not a JSON object of cycles by scenario");
	return MUK_OK;
}

/* A scenario's baseline; 0 for none. */
static uint64_t baseline_of(struct baselines *baselines, const char *scenario)
{
	sqlite3_bind_text(baselines->find, 2, scenario, -1, SQLITE_STATIC);
	uint64_t cycles = sqlite3_step(baselines->find) == SQLITE_ROW
	                  ? (uint64_t)sqlite3_column_int64(baselines->find, 0) : 0;
	sqlite3_reset(baselines->find);
	return cycles;
}

/* The scenarios that have a baseline, in the file's order, into name[0..most); how many. The caller frees each. */
static unsigned baseline_names(struct baselines *baselines, char **name, unsigned most)
{
	sqlite3_stmt *keys;
	unsigned names = 0;
	if (sqlite3_prepare_v2(baselines->db, "SELECT key FROM json_each(?1)", -1, &keys, NULL) != SQLITE_OK)
		return 0;
	sqlite3_bind_text(keys, 1, baselines->text, -1, SQLITE_STATIC);
	while (names < most && sqlite3_step(keys) == SQLITE_ROW)
		if ((name[names] = strdup((const char *)sqlite3_column_text(keys, 0))))
			names++;
	sqlite3_finalize(keys);
	return names;
}

/* --- check and update --- */
static bool compare(struct baselines *baselines, const struct outcome *outcome)
{
	char before[NUMBER_TEXT], now[NUMBER_TEXT], delta[64] = "new";
	uint64_t base = baseline_of(baselines, outcome->name);
	count_text(before, base);
	count_text(now, outcome->cycles);
	if (base == outcome->cycles)
		strcpy(delta, "=");
	else if (base)
		snprintf(delta, sizeof(delta), "%+" PRId64 " cyc", (int64_t)(outcome->cycles - base));
	printf("%-28s %18s %18s  %s\n", outcome->name, base ? before : "-", now, delta);
	return base == outcome->cycles;
}

static int check(struct baselines *baselines, const struct outcomes *outcomes)
{
	unsigned differ = 0;
	printf("%-28s %18s %18s  %s\n", "scenario", "base", "now", "delta");
	for (unsigned i = 0; i < outcomes->count; i++)
		differ += !compare(baselines, &outcomes->entry[i]);
	printf("%u of %u scenarios differ from their baselines\n", differ, outcomes->count);
	return differ ? STATUS_EXPECTATION : STATUS_FINE;
}

static int update(const struct outcomes *outcomes, const char *path)
{
	struct muk_error error = {0};
	FILE *out = fopen(path, "w");
	if (out) {
		fprintf(out, "{");
		for (unsigned i = 0; i < outcomes->count; i++) {
			fprintf(out, "%s\n", i ? "," : "");
			json_string(out, outcomes->entry[i].name);
			fprintf(out, ": %" PRIu64, outcomes->entry[i].cycles);
		}
		fprintf(out, "\n}\n");
		bool failed = ferror(out) != 0;
		if (fclose(out) == 0 && !failed)
			return STATUS_FINE;
	}
	error_at(&error, MUK_ERR_IO, path, 0, 0, "cannot write the baselines: %s", strerror(errno));
	return error_print(&error);
}

/* The verdicts of cells do not matter here, but that the runs end well does. */
static int play_and_check(struct baselines *baselines, char *const *name, unsigned names)
{
	struct outcomes outcomes = {0};
	int status = play_all(&(struct play){.progress = true}, name, names, &outcomes);
	if (status == STATUS_FINE || status == STATUS_EXPECTATION)
		status = check(baselines, &outcomes);
	outcomes_free(&outcomes);
	return status;
}

static int play_and_update(const char *path, char *const *name, unsigned names)
{
	struct outcomes outcomes = {0};
	int status = play_all(&(struct play){.progress = true}, name, names, &outcomes);
	if (status == STATUS_FINE || status == STATUS_EXPECTATION)
		status = update(&outcomes, path);
	outcomes_free(&outcomes);
	return status;
}

static int check_or_update(bool updating, const char *path, char *const *some, unsigned count)
{
	enum { MOST = 256 };
	char *all[MOST];
	unsigned names = 0;
	struct baselines baselines;
	struct muk_error error = {0};
	if (updating && count)
		return play_and_update(path, some, count);
	enum muk_err code = baselines_open(&baselines, path, &error);
	if (code == MUK_OK && !count)
		names = baseline_names(&baselines, all, MOST);
	int status;
	if (code != MUK_OK)
		status = error_print(&error);
	else if (updating)
		status = play_and_update(path, all, names);
	else
		status = play_and_check(&baselines, count ? some : all, count ? count : names);
	while (names)
		free(all[--names]);
	baselines_close(&baselines);
	return status;
}

/* --- speed --- */
static void tell_row(void *ctx, const char *name)
{
	(void)ctx;
	fprintf(stderr, "measuring %s\n", name);
}

static int speed(bool json)
{
	struct bench_speed result;
	struct muk_error error = {0};
	if (bench_speed(&result, isatty(STDERR_FILENO) ? tell_row : NULL, NULL, &error) != MUK_OK)
		return error_print(&error);
	bench_speed_print(&result, json, stdout);
	return STATUS_FINE;
}

static int bench(const struct command *command, int argc, char **argv)
{
	const char *baseline = "bench/baselines.json", *argument;
	int option, operand;
	bool json = false;
	while ((option = options_next(command, argc, argv, &argument, &operand)) >= 0) {
		if (option == OPTION_JSON)
			json = true;
		else
			baseline = argument;
	}
	if (option != OPTIONS_END)
		return option == OPTIONS_HELP ? STATUS_FINE : STATUS_USAGE;
	const char *what = operand < argc ? argv[operand++] : "";
	if (!strcmp(what, "check") || !strcmp(what, "update"))
		return check_or_update(*what == 'u', baseline, argv + operand, (unsigned)(argc - operand));
	if (!strcmp(what, "speed") && operand == argc)
		return speed(json);
	return usage_wrong(command, "one of check, update, speed");
}

const struct command command_bench = {
	.name = "bench", .arguments = "check|update [SCENARIO...] | speed", .option = options, .run = bench,
	.summary = "Cycles of all scenarios against the committed baselines; the simulator's own speed",
};
