/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan of a scenario: everything that its file says, read and checked, before anything runs.
 *
 *   file --yaml--> tree --plan_load--> plan --execute.c--> results --judge.c--> metrics with verdicts
 *
 *   parameters.c   parameters: what a scenario leaves open
 *   substitute.c   ${name}
 *   carried.c      what the library carries by name, and files beside the scenario's
 *   images.c       kernels and programs, by name or path
 *   disks.c        disks, likewise
 *   runs.c         runs: and matrix:
 *   metrics.c      metrics: and each:
 *   plan.c         the rest, and the whole
 */
#pragma once
#include "sim/image/disk_image.h"
#include "sim/machine/machine.h"
#include "sim/model/load.h"
#include "traces/trace.h"

enum {
	PLAN_RUNS_MAX = 256,
	PLAN_METRICS_MAX = 1024,
	PLAN_VARIABLES_MAX = 8,
	PLAN_CALIBRATES_MAX = 4,
	PLAN_NAME = 128,
	PLAN_TEXT = 512
};

/* Images that were read, each once. */
struct plan_image {
	char key[PLAN_TEXT];        /* embedded name ("l4-r3000"), or path */
	char name[PLAN_TEXT];       /* as scenarios have it ("l4") */
	struct image image;
	struct plan_image *next;
};

/* Disks that were read, each once. */
struct plan_disk {
	char key[PLAN_TEXT];
	struct disk_image image;
	struct plan_disk *next;
};

struct plan_run {
	char name[PLAN_NAME];
	struct model *model;
	char *model_yaml;           /* the model as it is after all overrides */
	const struct image *kernel;
	char options[PLAN_TEXT];
	struct {
		const struct image *image;
		char command_line[PLAN_TEXT]; /* "rpc count=1000" */
	} module[MACHINE_MODULES];
	unsigned modules;
	const struct image *program[MACHINE_PROGRAMS];
	unsigned programs;
	enum machine_status expected;   /* OK, unless the file says otherwise */
	const struct plan_disk *disk; /* NULL: none */
	cycle_t limit;
};

/* X(name, "word") */
#define PLAN_KINDS(X) X(JUDGED, "judged") X(INPUT, "input") X(CALIBRATED, "calibrated") X(INFO, "info")
enum plan_kind {
#define X(name, word) KIND_##name,
	PLAN_KINDS(X)
#undef X
	KIND_COUNT
};

struct plan_metric {
	struct metric metric;       /* what is known before the runs; judge.c fills in the rest */
	enum plan_kind kind;
	char *expression;
	double tolerance;           /* in the metric's unit, where the file says it so; else negative */
	const struct yaml_node *at; /* the expression's place */
};

struct plan {
	char name[64], title[160], source[64];
	char calibrates[PLAN_CALIBRATES_MAX][64]; /* ids of the metrics that constants were fitted to; then "" */
	struct plan_run *run;
	unsigned runs;
	struct plan_metric *metric;
	unsigned metrics;
	struct plan_image *image;
	struct plan_disk *disk;
};

/* What may be given beside the file. */
struct plan_overrides {
	char *const *model_set;     /* "tlb.entries=64": laid over every run's model, last */
	unsigned model_sets;
	cycle_t limit;              /* 0: as the file says */
	const struct plan_placed {  /* after those: a key, and a value that has a place in a file of its own */
		char *key;
		const struct yaml_node *value;
	} *placed;
	unsigned placed_count;
};

/* Reads a scenario's tree, diagnosing all that is wrong. False if anything was. The plan is to be freed all the same. */
bool plan_load(struct plan *plan, struct yaml_node *root, const struct plan_overrides *overrides,
               struct diagnostics *diagnostics);
void plan_free(struct plan *plan);
/* The run of a name; NULL for none. */
const struct plan_run *plan_run_named(const struct plan *plan, const char *name);

/* --- parts --- */

/* Variables and their values: of a matrix, or of each. */
struct plan_variable {
	const char *name;
	const struct yaml_node *values;  /* a list of scalars */
	const struct yaml_node *value;   /* the one of now */
};
struct plan_variables {
	struct plan_variable entry[PLAN_VARIABLES_MAX];
	unsigned count;
	bool others;                     /* ${name} of no variable is left as it is: it is somebody else's */
};

/* Reads a mapping of names to lists of scalars; false if it is wrong. Begins at the first combination. */
bool variables_load(struct plan_variables *variables, struct yaml_node *mapping, struct diagnostics *diagnostics);
/* Adds one that has a single value: a scalar with its key. False after a diagnosis. */
bool variables_add(struct plan_variables *variables, struct yaml_node *value, struct diagnostics *diagnostics);
/* Goes on to the next combination, the last variable fastest; false after the last. */
bool variables_next(struct plan_variables *variables);
/*
 * Replaces each ${name} in every scalar below root by the value of now; what is unknown is diagnosed (others: left).  Places stay
 * those of the text that was written.  False if something was wrong.
 */
bool substitute(struct yaml_node *root, const struct plan_variables *variables, struct diagnostics *diagnostics);

/* Reads parameters: and puts them in their places, in the whole tree. False after a diagnosis. */
bool parameters_load(struct yaml_node *root, struct diagnostics *diagnostics);

/* carried.c: things of a kind that the library carries. entry: the name of number n, NULL after the last (embedded.h). */
struct carried {
	const char *(*entry)(unsigned n, const void **bytes, size_t *size);
	const char *what, *ending; /* "a disk's image", ".img" */
};
/* Whether a name is one of a file: it has a slash, or the ending. */
bool carried_is_path(const char *name, const char *ending);
/* Where such a file is: beside the one that node is in. */
void carried_path(char *path, size_t size, const char *name, const struct yaml_node *node);
/*
 * The full name of what is carried under a name for a model's processor, whose kind is the name's suffix: of "l4" for
 * an R3000 "l4-r3000", else "l4-mips"; a name that has its suffix already is taken as it is.  model NULL: as for x86.
 * NULL after a diagnosis at node: nothing of the name is carried.
 */
const char *carried_find(const struct carried *carried, const char *name, const struct model *model,
                         const struct yaml_node *node, const void **bytes, size_t *size,
                         struct diagnostics *diagnostics);
/* The same without a diagnosis. */
const char *carried_named(const struct carried *carried, const char *name, const struct model *model,
                          const void **bytes, size_t *size);

/* The image of an embedded name or a path beside the scenario's file, for a model's processor (NULL: unknown, which was
 * said); NULL after a diagnosis at node. */
const struct image *plan_image(struct plan *plan, const char *name, const struct model *model,
                               const struct yaml_node *node, struct diagnostics *diagnostics);
void plan_images_free(struct plan *plan);
/* Sizes of an image that the plan or the library has; false for none. */
bool plan_image_sizes(const struct plan *plan, const char *name, struct image_sizes *sizes);
/* The images that the library has, by number; NULL beyond the last. */
const char *plan_image_name(unsigned n);
/* The same of a disk's image. */
const struct plan_disk *plan_disk(struct plan *plan, const char *name, const struct model *model,
                                  const struct yaml_node *node,
                                  struct diagnostics *diagnostics);
void plan_disks_free(struct plan *plan);

void runs_load(struct plan *plan, struct yaml_node *root, const struct plan_overrides *overrides,
               struct diagnostics *diagnostics);
void metrics_load(struct plan *plan, struct yaml_node *root, struct diagnostics *diagnostics);
