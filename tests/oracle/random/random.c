/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oracle_random: random programs, executed by the machine and by the oracle.
 *
 *   oracle_random [--seeds FROM COUNT] [--way WAY|all] [--cycles N] [--generation 2|3|4] [--verbose]
 *
 * Exit: 0 no difference, 1 one seed or more differed (each is printed, with how it came to it), 2 bad usage.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "duel.h"

struct options {
	uint64_t from, count, cycles;
	int way;                     /* -1: all that fit */
	unsigned generation;
	bool verbose;
};

static struct stage stage;
static struct duel duel;

/* A new duel over the same stage. */
static bool again(enum duel_way way, uint64_t until, uint64_t interval)
{
	duel_end(&duel);
	return duel_begin(&duel, &stage, way) && duel_run(&duel, until, interval);
}

/* It differs, but not if it is stopped at every block: the earliest clock to which one run does not come rightly. */
static void search(enum duel_way way, uint64_t bad)
{
	uint64_t good = 0;

	while (good + 1 < bad) {
		uint64_t middle = good + (bad - good) / 2;

		if (again(way, middle, middle))
			good = middle;
		else
			bad = middle;
	}
	if (again(way, bad, bad))
		snprintf(duel.witness.report, sizeof duel.witness.report, "differs only when it is stopped every 4096 cycles\n");
}

/* At intervals first; if that differs, once more and block by block, for the first difference. */
static bool fight(const struct options *options, enum duel_way way)
{
	uint64_t bad;

	if (!duel_begin(&duel, &stage, way))
		return false;
	if (way == WAY_PERFORM)
		return duel_steps(&duel, options->cycles / 2);
	if (duel_run(&duel, options->cycles, 4096))
		return true;
	bad = duel.oracle->now;
	if (again(way, options->cycles, 1))
		search(way, bad);
	return false;
}

static bool run_seed(const struct options *options, uint64_t seed, enum duel_way way)
{
	bool well;

	stage_make(&stage, seed, options->generation);
	if (way != WAY_PERFORM && !duel_way_fits(way, &stage.model))
		return true;
	if (way == WAY_PERFORM && (stage.model.policy == ORACLE_LRU || stage.model.policy == ORACLE_PSEUDO_LRU))
		return true; /* when pages of code are touched, blocks say */
	well = fight(options, way);
	if (!well)
		printf("seed %" PRIu64 ", way %s, generation %u: differs\n%s", seed, duel_way_name(way), stage.model.generation,
		       duel.witness.report);
	else if (options->verbose)
		printf("seed %" PRIu64 ", %s: generation %u, %u entries, %u ways, policy %d: %" PRIu64 " cycles, %" PRIu64
		       " instructions, %" PRIu64 " traps, %" PRIu64 " misses, %" PRIu64 " interrupts%s\n", seed,
		       duel_way_name(way), stage.model.generation, stage.model.entries, stage.model.ways, stage.model.policy,
		       duel.oracle->now, duel.oracle->retired, duel.oracle->count.traps,
		       duel.oracle->count.code_misses + duel.oracle->count.data_misses, duel.oracle->count.interrupts,
		       duel.oracle->shutdown ? ", shut down" : "");
	duel_end(&duel);
	return well;
}

static int parse_way(const char *name)
{
	for (int way = 0; way < WAY_COUNT; way++)
		if (strcmp(name, duel_way_name((enum duel_way)way)) == 0)
			return way;
	return strcmp(name, "all") == 0 ? -1 : -2;
}

static bool parse(struct options *options, int argc, char **argv)
{
	for (int n = 1; n < argc; n++) {
		if (strcmp(argv[n], "--seeds") == 0 && n + 2 < argc) {
			options->from = strtoull(argv[++n], NULL, 0);
			options->count = strtoull(argv[++n], NULL, 0);
		} else if (strcmp(argv[n], "--cycles") == 0 && n + 1 < argc) {
			options->cycles = strtoull(argv[++n], NULL, 0);
		} else if (strcmp(argv[n], "--way") == 0 && n + 1 < argc) {
			options->way = parse_way(argv[++n]);
		} else if (strcmp(argv[n], "--generation") == 0 && n + 1 < argc) {
			options->generation = (unsigned)strtoul(argv[++n], NULL, 0);
		} else if (strcmp(argv[n], "--verbose") == 0) {
			options->verbose = true;
		} else {
			return false;
		}
	}
	return options->way >= -1 && options->generation != 1 && options->generation <= 4;
}

int main(int argc, char **argv)
{
	struct options options = { .from = 1, .count = 20, .cycles = 200000, .way = -1 };
	uint64_t bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!parse(&options, argc, argv)) {
		fprintf(stderr, "usage: oracle_random [--seeds FROM COUNT] [--way perform|subset|set-mru|every-access|all] "
		                "[--cycles N] [--generation 2|3|4] [--verbose]\n");
		return 2;
	}
	for (uint64_t seed = options.from; seed < options.from + options.count; seed++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (options.way == -1 || options.way == way)
				bad += !run_seed(&options, seed, (enum duel_way)way);
	printf("%" PRIu64 " seeds from %" PRIu64 ": %" PRIu64 " differences\n", options.count, options.from, bad);
	return bad != 0;
}
