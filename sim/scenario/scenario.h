/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command uses of a scenario beside the public API (include/mukroscope/scenario.h). */
#pragma once
#include "mukroscope/scenario.h"
#include "sim/core/journal.h"
#include "sim/yaml/yaml.h"
#include "traces/trace.h"

/*
 * muk_scenario_set from a node of another file (which lives longer than the scenario): what is wrong with the value is
 * said of the place where it is written.  Before it is checked.
 */
enum muk_err scenario_set_at(struct muk_scenario *scenario, const char *key, const struct yaml_node *value,
                             struct muk_error *error);
/* After it was checked: whether an expression could be evaluated once it ran; the error's column is in the text. */
enum muk_err scenario_check_value(const struct muk_scenario *scenario, const char *expression, struct muk_error *error);
/* Whether a metric has that id. */
bool scenario_has_metric(const struct muk_scenario *scenario, const char *id);
/* After it was checked: a hash of all that its results depend on: what was resolved, and the bytes of images and disks. */
struct digest scenario_fingerprint(const struct muk_scenario *scenario);
/* Where its runs and metrics are told to; NULL: nowhere. The writer stays the caller's. Before it runs. */
void scenario_trace(struct muk_scenario *scenario, struct trace_writer *writer);
/* Metric number n, as traces have it; NULL beyond the last, or before the scenario ran. */
const struct metric *scenario_metric(const struct muk_scenario *scenario, unsigned n);
/* How run number n ended; false beyond the last, or before the scenario ran. */
bool scenario_run_end(const struct muk_scenario *scenario, unsigned n, const char **status, const char **reason);
/* Calls visit for each task (or thread) with a name, of each run. */
void scenario_each_task(const struct muk_scenario *scenario, void (*visit)(void *ctx, const char *name, uint64_t cycles),
                        void *ctx);
void scenario_each_thread(const struct muk_scenario *scenario, void (*visit)(void *ctx, const char *name, uint64_t cycles),
                          void *ctx);
/* The scenario as it is after all overrides, and the model of run n, as YAML; NULL beyond the last run. */
const char *scenario_resolved(const struct muk_scenario *scenario, unsigned n);
/* The text of an embedded scenario; NULL beyond the last. */
const char *scenario_embedded(unsigned n, const char **text, size_t *size);
