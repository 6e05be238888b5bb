/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sweeps: one scenario in many configurations.
 *
 *   file --plan.c--> plan --expand.c--> configurations --workers.c--> results --traces/sweep.c--> a database
 *                      |                                   |   ^
 *                      '--pictures.c--> pictures           v   |
 *                                                         part.c  (what is finished, beside the database)
 *
 * A configuration is the scenario with overrides, as --set would give them: the plan's set:, then a value of each axis
 * of vary: and what also: says of such, or a listed run's set:.
 *
 * Invariants
 *   1. Configurations have an order, the plan's: vary's combinations, the last axis fastest, then the listed runs.
 *      Results are told in it, whoever computed them and whenever.
 *   2. A result is a function of the plan, the scenario, models and images, which are its identity: what was computed
 *      for another identity is never mixed in.
 *   3. A configuration that fails is a result like any other.
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/journal.h"
#include "sim/core/ledger.h"
#include "sim/yaml/yaml.h"
#include "traces/trace.h"

enum {
	SWEEP_AXES_MAX = 8,
	SWEEP_VALUES_MAX = 64,
	SWEEP_CONFIGURATIONS_MAX = 100000,
	SWEEP_METRICS_MAX = 64,
	SWEEP_PICTURES_MAX = 24,
	SWEEP_ALSO_MAX = 32,
	SWEEP_JOBS_MAX = 256,
	SWEEP_ANY = -1
};

/* An axis of vary: a key of --set with a list of values, or a name with named groups of settings. */
struct sweep_axis {
	const char *key;                      /* as written: "tlb.entries" */
	const char *name;                     /* for tables: what is after the last point, where that is unique */
	struct yaml_node *node;
	struct yaml_node *value[SWEEP_VALUES_MAX];
	const char *label[SWEEP_VALUES_MAX];  /* "64", or a group's name */
	unsigned values;
};

struct sweep_configuration {
	char name[192];                       /* "pages=8,tlb=tagged", or the listed run's */
	int16_t value[SWEEP_AXES_MAX];        /* of each axis; SWEEP_ANY: a listed run has none */
	struct yaml_node *own;                /* a listed run's set:, or NULL */
	struct digest fingerprint;            /* scenario_fingerprint, once sweep_plan_check was content */
};

/* Settings of those configurations that have these values (SWEEP_ANY: any). */
struct sweep_also {
	int16_t value[SWEEP_AXES_MAX];
	struct yaml_node *set;
};

/* What one operation takes: an expression in which ${field} stands for cycles, a cause, or a counter. */
struct sweep_operation {
	char name[64], unit[24];
	const struct yaml_node *value;        /* NULL: the plan says none */
};

/* X(name, "word") */
#define SWEEP_PICTURE_KINDS(X)                                                                  \
	X(CURVES, "curves")       /* y over an axis of numbers, a curve for each value of by */ \
	X(BARS, "bars")           /* a bar for each value of by, in pieces by cause */          \
	X(WATERFALL, "waterfall") /* from one value of by to another, cause by cause */
enum sweep_picture_kind {
#define X(name, word) PICTURE_##name,
	SWEEP_PICTURE_KINDS(X)
#undef X
	PICTURE_KIND_COUNT
};

struct sweep_picture {
	char name[48], title[160], y[64];     /* y: a field of the operation (cycles), or a metric's id */
	enum sweep_picture_kind kind;
	int x, by;                            /* axes */
	int16_t where[SWEEP_AXES_MAX];        /* the value that an axis is held at; SWEEP_ANY: x and by */
	bool shown[SWEEP_VALUES_MAX];         /* values of by */
	int between, from, to;                /* values from and to of an axis (waterfall: by); SWEEP_ANY: no such thing */
};

struct sweep_plan {
	char name[64], title[160], source[64], scenario[512];
	char path[512];                       /* of the scenario: beside the plan */
	struct yaml_node *root, *set;
	struct sweep_axis axis[SWEEP_AXES_MAX];
	unsigned axes;
	struct sweep_also also[SWEEP_ALSO_MAX];
	unsigned alsos;
	struct sweep_configuration *configuration;
	unsigned configurations;
	struct sweep_operation operation;
	char metric[SWEEP_METRICS_MAX][64];   /* ids to keep */
	const struct yaml_node *metric_at[SWEEP_METRICS_MAX];
	unsigned metrics;                     /* 0: all */
	struct sweep_picture picture[SWEEP_PICTURES_MAX];
	unsigned pictures;
	char identity[33];                    /* once sweep_plan_check was content */
};

/* Reads a plan, diagnosing all that is wrong with it by itself. The tree stays the plan's; to be freed all the same. */
bool sweep_plan_load(struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics);
void sweep_plan_free(struct sweep_plan *plan);
/* expand.c: makes the configurations of axes and listed runs. */
bool sweep_expand(struct sweep_plan *plan, struct diagnostics *diagnostics);
/* pictures.c */
bool sweep_pictures_load(struct sweep_plan *plan, struct diagnostics *diagnostics);
/* The value of an axis by its label, diagnosing at node that there is none; SWEEP_ANY then. */
int sweep_value_named(const struct sweep_axis *axis, struct yaml_node *node, struct diagnostics *diagnostics);
/* Whether a configuration's values agree with a place, wherever that says something. */
bool sweep_place_agrees(const int16_t place[static SWEEP_AXES_MAX], const int16_t value[static SWEEP_AXES_MAX]);
/* Whether a node is a group of settings: a mapping of scalars, or of such groups. */
bool sweep_settings_good(struct yaml_node *node, struct diagnostics *diagnostics);
/* Reads a mapping of axes' names to labels into value[]; axes that it does not name are left. */
bool sweep_place_load(const struct sweep_plan *plan, struct yaml_node *mapping, int16_t value[static SWEEP_AXES_MAX],
                      struct diagnostics *diagnostics);

/* --- results --- */

/* X(name, "field"): beside the causes. */
#define SWEEP_FIELDS(X) X(CYCLES, "cycles") X(INSTRUCTIONS, "instructions") X(TLB_MISSES, "tlb_misses")
enum sweep_field {
#define X(name, word) SWEEP_##name,
	SWEEP_FIELDS(X)
#undef X
	SWEEP_CAUSE,                          /* the ledger's causes, from here on */
	SWEEP_FIELD_COUNT = SWEEP_CAUSE + CAUSE_COUNT
};
/* "cycles", "tlb_walk", ... */
const char *sweep_field_name(unsigned field);
/* The field of a name; -1 for none. */
int sweep_field_named(const char *name);

/* What is kept of a scenario's metric. */
struct sweep_metric {
	char id[64], name[160], unit[24], verdict[16];
	double value;                         /* NAN: could not be computed */
};

struct sweep_result {
	uint32_t configuration;
	int32_t exit;                         /* what muk run would exit with */
	char status[32], reason[512], digest[33];
	uint64_t cycles, instructions;        /* of all its runs, from power on */
	uint64_t ledger[CAUSE_COUNT];
	double field[SWEEP_FIELD_COUNT];      /* of one operation; NAN: there is none */
	struct sweep_metric *metric;
	unsigned metrics;
};
void sweep_result_free(struct sweep_result *result);
/* A result as bytes, and back: for pipes and part.c, of one program on one host. The caller frees; NULL: no memory. */
void *sweep_result_pack(const struct sweep_result *result, size_t *size);
bool sweep_result_unpack(struct sweep_result *result, const void *bytes, size_t size);

/*
 * Looks at every configuration as muk run would before it runs, and makes the plan's identity.  What is wrong is
 * written to say, each text once.  MUK_ERR_INPUT if anything was.
 */
enum muk_err sweep_plan_check(struct sweep_plan *plan, void (*say)(void *ctx, const char *text), void *ctx,
                              struct muk_error *error);
/*
 * Runs one configuration of a plan that was checked.  Errors of the host are a result too: status "error"; so it is if
 * the scenario, models or images are not any more what was checked (invariant 2).
 */
void sweep_run_one(const struct sweep_plan *plan, unsigned configuration, struct sweep_result *result);

/* --- workers.c --- */

struct sweep_work {
	const struct sweep_plan *plan;
	unsigned jobs;
	const bool *skip;                     /* configurations that are done already; NULL: none */
	/* A result, in the order of completion, as sweep_result_pack made it. False ends the sweep. */
	bool (*finished)(void *ctx, unsigned configuration, const void *bytes, size_t size);
	void *ctx;
};
/* Runs all that is not skipped in processes of its own. A worker that dies costs the configuration that it was at. */
enum muk_err sweep_work(const struct sweep_work *work, struct muk_error *error);

/* --- part.c --- */

struct sweep_part; /* opaque */
/*
 * Opens or makes the file of what is finished.  One of the same identity, by the same program, is taken up: found is
 * called for each result in it, and what a dead writer left half-written is cut off.  One of another with results in it,
 * or somebody else's file, is MUK_ERR_INPUT.
 */
enum muk_err sweep_part_open(struct sweep_part **part, const char *path, const char *identity,
                             bool (*found)(void *ctx, const void *bytes, size_t size), void *ctx,
                             struct muk_error *error);
/* Adds a result; it survives the death of the process. */
enum muk_err sweep_part_add(struct sweep_part *part, const void *bytes, size_t size, struct muk_error *error);
/* Closes it (NULL: nothing); done: and removes the file. */
void sweep_part_close(struct sweep_part *part, bool done);

/* --- database.c --- */

/* A plan with its results, by configuration. */
struct sweep_results {
	struct sweep_plan plan;
	struct sweep_result *result;          /* of each configuration */
	bool *known;                          /* that it is there */
	bool incomplete;                      /* the database says that its writer died */
};

/* Room for the results of a plan that was loaded; MUK_ERR_NOMEM. */
enum muk_err sweep_results_init(struct sweep_results *results, struct muk_error *error);
void sweep_results_free(struct sweep_results *results);
/* Writes all that is known, in the plan's order, to a database that was just created. */
enum muk_err sweep_results_write(const struct sweep_results *results, struct trace_writer *writer);
/*
 * Reads a database: *found false if it is a trace of something else, then *results is empty.  MUK_ERR_INPUT for one whose
 * rows do not belong to its plan.
 */
enum muk_err sweep_results_read(struct sweep_results *results, const char *path, bool *found, struct muk_error *error);

/* The configuration that has these values; -1 for none. */
int sweep_configuration_at(const struct sweep_plan *plan, const int16_t value[static SWEEP_AXES_MAX]);
/* A value of a result: a field of the operation, or a metric; NAN for none. */
double sweep_value(const struct sweep_results *results, int configuration, const char *name);

/* The plans that the library carries: NAME (without .yaml), its text; NULL beyond the last. */
const char *sweep_plan_embedded(unsigned n, const char **text, size_t *size);
/* Whether a tree is a plan, and not a scenario or a model. */
bool sweep_is_plan(const struct yaml_node *root);
