/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of `muk bench speed`.
 *
 * Each way runs the usual work and the one that is worst for it, and each is
 * compared with the bare engine on that same work:
 *
 *   every-access   worst: memory, nothing but loads and stores
 *   set-mru        worst: conflict, pages that take turns in one set of the TLB
 *   subset         worst: thrash, no access hits
 *   +events        worst: calls, a handful of events every fifty instructions
 *   mips ...       the usual work on an R3000
 *
 * A row is the best of several runs, beside the best of as many runs of the bare engine between them: what disturbs
 * the host can only make it slower.
 */
#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/workload.h"
#include "sim/core/error.h"
#include "sim/model/load.h"

enum { RUNS = 5, EVENTS_MEASURED = 2000000 };
/* What is measured of each architecture. */
static const struct subject {
	const char *model, *image;
	enum muk_err (*bare)(const struct image *image, const struct model *model, const struct workload *workload,
	                     uint64_t instructions, struct measure *measure, struct muk_error *error);
	enum tlb_policy own;        /* the policy that it has; with it all ways must agree */
} subjects[ARCH_COUNT] = {
	[ARCH_X86] = {"i486dx-50", "speed", bare_x86_run, TLB_PSEUDO_LRU},
	[ARCH_MIPS] = {"r3000-25", "speed-r3000", bare_mips_run, TLB_RANDOM},
};

enum work { WORK_USUAL, WORK_MEMORY, WORK_CONFLICT, WORK_THRASH, WORK_CALLS, WORKS };
static const struct workload workload[WORKS] = {
	[WORK_USUAL] = {"usual", 1500},
	[WORK_MEMORY] = {"memory", 1000000},
	[WORK_CONFLICT] = {"conflict", 40000},
	[WORK_THRASH] = {"thrash", 15000},
	[WORK_CALLS] = {"calls", 100000},
};

enum extra { PLAIN, EVENTS, CACHES };

static const struct way {
	const char *name;
	enum engine_mode mode;
	enum tlb_policy policy;
	enum work work;
	enum extra extra;
	enum model_arch arch;
} ways[] = {
	{"every-access", ENGINE_EVERY_ACCESS, TLB_PSEUDO_LRU, WORK_USUAL, PLAIN, ARCH_X86},
	{"every-access +events", ENGINE_EVERY_ACCESS, TLB_PSEUDO_LRU, WORK_USUAL, EVENTS, ARCH_X86},
	{"every-access +caches", ENGINE_EVERY_ACCESS, TLB_PSEUDO_LRU, WORK_USUAL, CACHES, ARCH_X86},
	{"set-mru", ENGINE_SET_MRU, TLB_PSEUDO_LRU, WORK_USUAL, PLAIN, ARCH_X86},
	{"set-mru +events", ENGINE_SET_MRU, TLB_PSEUDO_LRU, WORK_USUAL, EVENTS, ARCH_X86},
	{"subset", ENGINE_SUBSET, TLB_ROUND_ROBIN, WORK_USUAL, PLAIN, ARCH_X86},
	{"subset +events", ENGINE_SUBSET, TLB_ROUND_ROBIN, WORK_USUAL, EVENTS, ARCH_X86},
	{"every-access worst", ENGINE_EVERY_ACCESS, TLB_PSEUDO_LRU, WORK_MEMORY, PLAIN, ARCH_X86},
	{"every-access worst +caches", ENGINE_EVERY_ACCESS, TLB_PSEUDO_LRU, WORK_MEMORY, CACHES, ARCH_X86},
	{"set-mru worst", ENGINE_SET_MRU, TLB_PSEUDO_LRU, WORK_CONFLICT, PLAIN, ARCH_X86},
	{"subset worst", ENGINE_SUBSET, TLB_ROUND_ROBIN, WORK_THRASH, PLAIN, ARCH_X86},
	{"calls", ENGINE_SET_MRU, TLB_PSEUDO_LRU, WORK_CALLS, PLAIN, ARCH_X86},
	{"calls +events", ENGINE_SET_MRU, TLB_PSEUDO_LRU, WORK_CALLS, EVENTS, ARCH_X86},
	{"mips subset", ENGINE_SUBSET, TLB_RANDOM, WORK_USUAL, PLAIN, ARCH_MIPS},
	{"mips subset +events", ENGINE_SUBSET, TLB_RANDOM, WORK_USUAL, EVENTS, ARCH_MIPS},
	{"mips every-access", ENGINE_EVERY_ACCESS, TLB_RANDOM, WORK_USUAL, PLAIN, ARCH_MIPS},
	{"mips every-access +caches", ENGINE_EVERY_ACCESS, TLB_RANDOM, WORK_USUAL, CACHES, ARCH_MIPS},
};
enum { WAYS = sizeof ways / sizeof ways[0] };
_Static_assert((int)WAYS <= (int)BENCH_ROWS, "there is a row for each way");

/* Everything that a measurement needs. */
struct bench {
	struct bench_speed *result;
	bench_progress_fn *progress;
	void *ctx;
	struct model model[ARCH_COUNT]; /* as their files have them, but for what a way changes */
	struct image image[ARCH_COUNT];
	bool checked[ARCH_COUNT][WORKS]; /* the ways of one model agree */
	struct digest digest[ARCH_COUNT][WORKS];
	char path[512];             /* of the trace */
};

static void tell(struct bench *bench, const char *name)
{
	if (bench->progress)
		bench->progress(bench->ctx, name);
}

static double mips(const struct measure *measure)
{
	return (double)measure->instructions / measure->seconds / 1e6;
}

/* --- a trace --- */

static enum muk_err temporary_path(struct bench *bench, struct muk_error *error)
{
	const char *folder = getenv("TMPDIR");
	int file;

	snprintf(bench->path, sizeof bench->path, "%s/mukroscope-bench-XXXXXX", folder && *folder ? folder : P_tmpdir);
	file = mkstemp(bench->path);
	if (file < 0)
		return error_at(error, MUK_ERR_IO, bench->path, 0, 0, "cannot make a temporary file for the trace");
	close(file);
	return MUK_OK;
}

static void remove_trace(struct bench *bench)
{
	static const char *const beside[] = {"", "-wal", "-shm", "-journal"};
	char path[sizeof bench->path + 16];

	for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
		snprintf(path, sizeof path, "%s%s", bench->path, beside[i]);
		unlink(path);
	}
}

static enum muk_err open_trace(struct bench *bench, struct trace_writer **writer, enum trace_level level,
                               enum model_arch arch, struct muk_error *error)
{
	enum muk_err err = temporary_path(bench, error);

	if (!err)
		err = trace_create(writer, bench->path, level, error);
	if (!err)
		err = trace_begin_run(*writer, "speed", "main", subjects[arch].model, "", error);
	return err;
}

/* --- a row --- */

static void shape_model(struct model *model, const struct way *way)
{
	model->engine = way->mode;
	model->tlb.policy = way->policy;
	model->cache_enabled = way->extra == CACHES;
}

static enum muk_err run_once(struct bench *bench, const struct way *way, struct measure *measure,
                             struct muk_error *error)
{
	struct model model = bench->model[way->arch];
	struct trace_writer *writer = NULL;
	enum muk_err err = MUK_OK;

	shape_model(&model, way);
	if (way->extra != EVENTS)
		return workload_run(&bench->image[way->arch], &model, &workload[way->work], NULL, measure, error);
	err = open_trace(bench, &writer, TRACE_EVENTS, way->arch, error);
	if (!err)
		err = workload_run(&bench->image[way->arch], &model, &workload[way->work], writer, measure, error);
	if (writer && err)
		trace_abandon(writer);
	else if (writer)
		err = trace_close(writer, error);
	remove_trace(bench);
	return err;
}

static enum muk_err bare_once(struct bench *bench, const struct way *way, const struct measure *simulated,
                              double *best_mips, struct muk_error *error)
{
	struct model model = bench->model[way->arch];
	struct measure measure = {0};

	shape_model(&model, way);
	enum muk_err err = subjects[way->arch].bare(&bench->image[way->arch], &model, &workload[way->work],
	                                            simulated->instructions, &measure, error);

	if (err)
		return err;
	if (measure.checksum != simulated->checksum)
		return error_set(error, MUK_ERR_MISMATCH, "the bare engine computed %lld in work=%s, the simulated machine %lld",
		                 (long long)measure.checksum, workload[way->work].work, (long long)simulated->checksum);
	if (mips(&measure) > *best_mips)
		*best_mips = mips(&measure);
	return MUK_OK;
}

/* By turns, so that what disturbs the host disturbs both. */
static enum muk_err best_runs(struct bench *bench, const struct way *way, struct measure *best, double *bare_mips,
                              struct muk_error *error)
{
	enum muk_err err = MUK_OK;

	for (int run = 0; run < RUNS && !err; run++) {
		struct measure measure = {0};

		err = run_once(bench, way, &measure, error);
		if (!err)
			err = bare_once(bench, way, &measure, bare_mips, error);
		if (run == 0 || measure.seconds < best->seconds)
			*best = measure;
	}
	return err;
}

/* A processor with its own policy and without caches is run in two ways, and with events: all must agree. */
static enum muk_err compare(struct bench *bench, const struct way *way, const struct measure *measure,
                            struct muk_error *error)
{
	struct digest *digest = &bench->digest[way->arch][way->work];
	bool *checked = &bench->checked[way->arch][way->work];

	if (way->policy != subjects[way->arch].own || way->extra == CACHES)
		return MUK_OK;
	if (*checked && (digest->low != measure->digest.low || digest->high != measure->digest.high))
		return error_set(error, MUK_ERR_MISMATCH, "%s has another digest than the ways before it", way->name);
	*digest = measure->digest;
	*checked = true;
	return MUK_OK;
}

static enum muk_err measure_way(struct bench *bench, const struct way *way, struct muk_error *error)
{
	struct bench_row *row = &bench->result->row[bench->result->rows];
	struct measure best = {0};
	double bare_mips = 0;
	enum muk_err err;

	tell(bench, way->name);
	err = best_runs(bench, way, &best, &bare_mips, error);
	if (!err)
		err = compare(bench, way, &best, error);
	if (err)
		return err;
	if (way->arch == ARCH_X86 && way->work == WORK_USUAL && bare_mips > bench->result->bare_mips)
		bench->result->bare_mips = bare_mips;
	snprintf(row->name, sizeof row->name, "%s", way->name);
	row->mips = mips(&best);
	row->ratio = row->mips / bare_mips;
	row->misses_per_1000 = (double)best.misses * 1000 / (double)best.instructions;
	bench->result->rows++;
	return MUK_OK;
}

/* --- what else is measured --- */

/* The process at its greatest, after a run with events, less the guest's memory. */
static enum muk_err measure_memory(struct bench *bench, struct muk_error *error)
{
	const struct way way = {"memory", ENGINE_SET_MRU, TLB_PSEUDO_LRU, WORK_USUAL, EVENTS, ARCH_X86};
	struct measure measure = {0};
	struct rusage usage;
	enum muk_err err;

	tell(bench, "memory");
	err = run_once(bench, &way, &measure, error);
	getrusage(RUSAGE_SELF, &usage);
	bench->result->host_memory_mib = (double)usage.ru_maxrss / 1024 - measure.resident_mib;
	return err;
}

/* As a machine would: page faults, traps and their returns of changing threads. */
static void append_events(struct journal *journal, struct ledger *ledger, unsigned count)
{
	static const enum event_kind kind[] = {EVENT_TRAP, EVENT_PAGE_FAULT, EVENT_TLB_MISS, EVENT_TRAP_RETURN};

	for (unsigned n = 0; n < count; n++) {
		uint32_t arg[4] = {n, n * 2654435761u, 3, 0};

		ledger_execute(ledger, 20, 35);
		if (n % 64 == 0)
			ledger_enter_thread(ledger, 1, n / 64 % 8 + 1);
		journal_append(journal, kind[n % 4], 0x100000 + n % 4096, 4, arg);
	}
}

static enum muk_err write_events(struct trace_writer *writer, struct muk_error *error)
{
	struct journal *journal = malloc(sizeof *journal);
	struct ledger ledger;
	struct trace_result end = {.status = "ok", .reason = ""};
	enum muk_err err = MUK_OK;

	if (!journal || !ledger_init(&ledger)) {
		free(journal);
		return error_set(error, MUK_ERR_NOMEM, "out of memory");
	}
	journal_init(journal, &ledger, trace_sink(writer));
	append_events(journal, &ledger, EVENTS_MEASURED);
	journal_flush(journal);
	err = trace_end_run(writer, &end, error);
	ledger_free(&ledger);
	free(journal);
	return err;
}

static enum muk_err measure_events(struct bench *bench, struct muk_error *error)
{
	struct trace_writer *writer = NULL;
	double begin;
	enum muk_err err;

	tell(bench, "events");
	err = open_trace(bench, &writer, TRACE_ALL, ARCH_X86, error);
	begin = host_seconds();
	if (!err)
		err = write_events(writer, error);
	if (writer && err)
		trace_abandon(writer);
	else if (writer)
		err = trace_close(writer, error);
	bench->result->events_per_second = EVENTS_MEASURED / (host_seconds() - begin);
	remove_trace(bench);
	return err;
}

/* --- all of it --- */

static enum muk_err open_model(struct model *model, const char *name, struct muk_error *error)
{
	struct diagnostics diagnostics;
	struct yaml_node *tree;
	enum muk_err err = MUK_OK;

	diagnostics_init(&diagnostics);
	tree = model_open(name, NULL, NULL, &diagnostics);
	if (!tree || !model_load(model, tree, &diagnostics))
		err = diagnostics_error(&diagnostics, error);
	yaml_destroy(tree);
	diagnostics_free(&diagnostics);
	return err;
}

static enum muk_err open_subjects(struct bench *bench, struct muk_error *error)
{
	enum muk_err err = MUK_OK;

	for (unsigned arch = 0; arch < ARCH_COUNT && !err; arch++) {
		err = open_model(&bench->model[arch], subjects[arch].model, error);
		if (!err)
			err = workload_image(&bench->image[arch], subjects[arch].image, error);
	}
	return err;
}

enum muk_err bench_speed(struct bench_speed *result, bench_progress_fn *progress, void *ctx, struct muk_error *error)
{
	struct bench *bench = calloc(1, sizeof *bench);
	enum muk_err err;

	if (!bench)
		return error_set(error, MUK_ERR_NOMEM, "out of memory");
	*result = (struct bench_speed){0};
	bench->result = result;
	bench->progress = progress;
	bench->ctx = ctx;
	err = open_subjects(bench, error);
	if (!err)
		err = measure_memory(bench, error);
	for (unsigned n = 0; n < WAYS && !err; n++)
		err = measure_way(bench, &ways[n], error);
	if (!err)
		err = measure_events(bench, error);
	for (unsigned arch = 0; arch < ARCH_COUNT; arch++)
		image_free(&bench->image[arch]);
	free(bench);
	return err;
}
