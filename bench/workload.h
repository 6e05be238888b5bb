/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A work of the program speed, on a simulated machine and on the bare engine. */
#pragma once
#include "sim/image/image.h"
#include "sim/machine/machine.h"
#include "sim/model/model.h"
#include "traces/trace.h"

struct workload {
	const char *work;           /* what the program's work= takes */
	uint32_t count;             /* rounds */
};

/* One run of a workload. */
struct measure {
	double seconds;             /* of the host's processor, without making the machine */
	uint64_t instructions;
	uint64_t misses;            /* of the model's TLBs */
	int64_t checksum;           /* what the work computed */
	struct digest digest;
	double resident_mib;        /* of the guest's memory, at the end */
};

/* Reads an image that the library carries: "speed" (x86), "speed-r3000". */
enum muk_err workload_image(struct image *image, const char *name, struct muk_error *error);
/* A machine at the beginning of a workload. writer: NULL, or where its events go. */
enum muk_err workload_machine(struct machine **machine, const struct image *image, const struct model *model,
                              const struct workload *workload, struct trace_writer *writer, struct muk_error *error);
/* Runs it whole. MUK_ERR_DEFECT: the guest did not end well. */
enum muk_err workload_run(const struct image *image, const struct model *model, const struct workload *workload,
                          struct trace_writer *writer, struct measure *measure, struct muk_error *error);

/*
 * The same on the bare engine: the machine is simulated up to the work's beginning, and from there on the engine runs
 * alone, with no hooks but what running needs (bare.c, bare_mips.c).  instructions are those of a whole simulated run
 * of it: the bare engine counts none.
 */
enum muk_err bare_x86_run(const struct image *image, const struct model *model, const struct workload *workload,
                          uint64_t instructions, struct measure *measure, struct muk_error *error);
enum muk_err bare_mips_run(const struct image *image, const struct model *model, const struct workload *workload,
                           uint64_t instructions, struct measure *measure, struct muk_error *error);

/* Seconds of processor time that this process has used: other processes of the host do not count. */
double host_seconds(void);
