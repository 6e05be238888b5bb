/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulator's own speed: the ratio of simulated to bare MIPS, in one process,
 * on one image (scenarios/programs/speed), for each exact way of holding the
 * model's TLB in the engine (docs/architecture.md), plain, with events recorded
 * in a trace, and with caches modelled.
 *
 *   speed.c     the rows, and what else is measured
 *   workload.c  a work of the image, on a simulated machine
 *   bare.c      the same work on the engine alone
 *   print.c     the table, the JSON
 *
 * Seconds are those of the process, not of the wall.  Host time is in these numbers: nothing here goes into any trace
 * or digest.
 */
#pragma once
#include <stdbool.h>
#include <stdio.h>

#include "mukroscope/error.h"

enum { BENCH_ROWS = 24, BENCH_NAME = 48 };

struct bench_row {
	char name[BENCH_NAME];
	double mips;                /* millions of guest instructions a second of the host's processor */
	double ratio;               /* of bare MIPS, of the same work */
	double misses_per_1000;     /* TLB misses in 1000 instructions: how hard the work was */
};

struct bench_speed {
	double bare_mips;           /* of the usual work */
	double events_per_second;   /* from the journal into a trace, all stored */
	double host_memory_mib;     /* the process beside the guest's memory, at its greatest so far, events recorded */
	unsigned rows;
	struct bench_row row[BENCH_ROWS];
};

/* Told before each row, for people who wait; may be NULL. */
typedef void bench_progress_fn(void *ctx, const char *name);

/*
 * Measures everything; takes about a minute.  MUK_ERR_MISMATCH: two ways of the same model disagreed in their
 * digests, or the bare engine computed something else: then speed means nothing.
 */
enum muk_err bench_speed(struct bench_speed *result, bench_progress_fn *progress, void *ctx, struct muk_error *error);
/* As a table, or as one JSON object: {"bare_mips", "rows": [{"name", "mips", "ratio", ...}], ...}. */
void bench_speed_print(const struct bench_speed *result, bool json, FILE *out);
