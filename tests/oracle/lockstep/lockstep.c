/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oracle_lockstep: a scenario's runs, executed by a machine and by the oracle in lock-step.
 *
 *   oracle_lockstep SCENARIO [--set key=value]... [--run NAME] [--cycles N] [--interval N]
 *
 * SCENARIO is one that is carried, or a file; --set as muk run has it.  Exit: 0 no difference, 1 a run differed, 2 bad
 * usage or input.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "pair.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/scenario.h"
#include "sim/yaml/yaml.h"

enum { SETS_MOST = 32 };

struct options {
	const char *scenario, *run;
	char *model_set[SETS_MOST];
	const char *own_set[SETS_MOST];
	unsigned model_sets, own_sets;
	uint64_t cycles, interval;
};

static struct pair pair;

/* --- the plan --- */

static struct yaml_node *read_tree(const char *name, struct diagnostics *diagnostics)
{
	const char *text, *entry;
	size_t size;

	if (strstr(name, ".yaml"))
		return yaml_parse_file(name, diagnostics);
	for (unsigned n = 0; (entry = scenario_embedded(n, &text, &size)); n++)
		if (strcmp(entry, name) == 0)
			return yaml_parse(name, text, size, diagnostics);
	return NULL;
}

/* *tree is what the plan is of, and lives as long. */
static bool make_plan(const struct options *options, struct plan *plan, struct yaml_node **tree)
{
	struct diagnostics diagnostics = { 0 };
	struct yaml_node *root = *tree = read_tree(options->scenario, &diagnostics);
	const struct plan_overrides overrides = { .model_set = options->model_set, .model_sets = options->model_sets };
	bool well = root;

	for (unsigned n = 0; well && n < options->own_sets; n++)
		well = yaml_set(root, options->own_set[n], &diagnostics);
	well = well && plan_load(plan, root, &overrides, &diagnostics);
	char *said = diagnostics_render(&diagnostics);

	if (!well)
		fprintf(stderr, "%s: %s\n", options->scenario, said && *said ? said : "no such scenario");
	free(said);
	diagnostics_free(&diagnostics);
	return well;
}

static struct machine_config config_of(const struct plan_run *run)
{
	struct machine_config config = { .model = run->model, .kernel = run->kernel, .command_line = run->options };

	for (unsigned n = 0; n < run->modules; n++)
		config.module[n] = (struct boot_module){ run->module[n].image, run->module[n].command_line };
	config.modules = run->modules;
	memcpy(config.program, run->program, sizeof config.program);
	config.programs = run->programs;
	if (run->disk)
		config.disk = (struct machine_disk){ run->disk->key, run->disk->image.bytes, run->disk->image.size };
	return config;
}

/* --- a run --- */

static bool at_once(const struct machine_config *config, uint64_t until)
{
	pair_end(&pair);
	return pair_begin(&pair, config) && pair_run_at_once(&pair, until);
}

/* Between a clock to which all came rightly, stopping at intervals, and one to which it did not: block by block, or, if
 * that hides it, the earliest clock to which it does not come rightly in one go. */
static void search(const struct machine_config *config, uint64_t good, uint64_t bad)
{
	uint64_t from = good > 1000 ? good - 1000 : 0;

	pair_end(&pair);
	if (!pair_begin(&pair, config) || !pair_run_at_once(&pair, from) || !pair_run(&pair, bad, 1))
		return;
	while (good + 1 < bad) {
		uint64_t middle = good + (bad - good) / 2;

		if (at_once(config, middle))
			good = middle;
		else
			bad = middle;
	}
	if (at_once(config, bad))
		witness_differ(&pair.witness, "differs only when it is stopped at intervals");
}

static bool run_one(const struct options *options, const struct plan *plan, const struct plan_run *run)
{
	const struct machine_config config = config_of(run);
	uint64_t limit = options->cycles < run->limit ? options->cycles : run->limit, good = 0;
	bool well = pair_begin(&pair, &config);

	while (well && !pair.over && pair.oracle->now < limit) {
		good = pair.oracle->now;
		well = pair_run(&pair, good + options->interval < limit ? good + options->interval : limit, options->interval);
	}
	if (!well && pair.oracle)
		search(&config, good, pair.oracle->now);
	printf("%s %s on %s: %s after %" PRIu64 " cycles, %" PRIu64 " instructions, %" PRIu64 " traps, %" PRIu64
	       " misses\n%s", plan->name, run->name, run->model->name, well ? "no difference" : "differs",
	       pair.oracle ? pair.oracle->now : 0, pair.oracle ? pair.oracle->retired : 0,
	       pair.oracle ? pair.oracle->count.traps : 0,
	       pair.oracle ? pair.oracle->count.code_misses + pair.oracle->count.data_misses : 0,
	       well ? "" : pair.witness.report);
	pair_end(&pair);
	return well;
}

/* --- the command --- */

/* As muk run tells them apart: what is a scenario's own, and the models'. */
static bool is_own(const char *assignment)
{
	static const char *const keys[] = { "model=", "options=", "kernel=", "disk=", "limit=", "parameters." };

	for (size_t n = 0; n < sizeof keys / sizeof *keys; n++)
		if (strncmp(assignment, keys[n], strlen(keys[n])) == 0)
			return true;
	return false;
}

static bool add_set(struct options *options, char *assignment)
{
	if (options->own_sets == SETS_MOST || options->model_sets == SETS_MOST)
		return false;
	if (is_own(assignment))
		options->own_set[options->own_sets++] = assignment;
	else
		options->model_set[options->model_sets++] = assignment;
	return true;
}

static bool parse(struct options *options, int argc, char **argv)
{
	for (int n = 1; n < argc; n++) {
		bool more = n + 1 < argc;

		if (strcmp(argv[n], "--set") == 0 && more && add_set(options, argv[n + 1]))
			n++;
		else if (strcmp(argv[n], "--run") == 0 && more)
			options->run = argv[++n];
		else if (strcmp(argv[n], "--cycles") == 0 && more)
			options->cycles = strtoull(argv[++n], NULL, 0);
		else if (strcmp(argv[n], "--interval") == 0 && more)
			options->interval = strtoull(argv[++n], NULL, 0);
		else if (argv[n][0] != '-' && !options->scenario)
			options->scenario = argv[n];
		else
			return false;
	}
	return options->scenario && options->interval;
}

int main(int argc, char **argv)
{
	struct options options = { .cycles = UINT64_MAX, .interval = 1000000 };
	struct yaml_node *tree = NULL;
	struct plan plan = { 0 };
	bool planned, well = true;
	unsigned ran = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!parse(&options, argc, argv)) {
		fprintf(stderr, "usage: oracle_lockstep SCENARIO [--set key=value]... [--run NAME] [--cycles N] [--interval N]\n");
		return 2;
	}
	planned = make_plan(&options, &plan, &tree);
	for (unsigned n = 0; planned && n < plan.runs; n++)
		if (!options.run || strcmp(options.run, plan.run[n].name) == 0) {
			well = run_one(&options, &plan, &plan.run[n]) && well;
			ran++;
		}
	if (planned && !ran)
		fprintf(stderr, "%s: no such run\n", options.scenario);
	plan_free(&plan);
	yaml_destroy(tree);
	return !ran ? 2 : well ? 0 : 1;
}
