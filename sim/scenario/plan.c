/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario's file -> plan.
 *
 *   schema: 1
 *   name, title, source        name is the file's base name
 *   parameters                 parameters.c
 *   model, kernel, options, modules, disk, set, limit      runs.c
 *   runs or matrix             runs.c
 *   metrics                    metrics.c
 *   calibrates                 the id of the metric that a constant was fitted to, or a list of them
 *
 * Invariants
 *   1. a plan that loaded can run: models, images and expressions are whole.
 *   2. nothing of the host is in a plan but the bytes of the images.
 */
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The base name of the file without .yaml must be the scenario's name, so that a name finds a file. */
static void check_name(const struct plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *node = yaml_find(root, "name");
	size_t size = strlen(root->origin);

	if (!node || size <= 5 || strcmp(root->origin + size - 5, ".yaml"))
		return;
	if (strlen(plan->name) != size - 5 || memcmp(plan->name, root->origin, size - 5))
		diagnose(diagnostics, node, NULL, "expected the file's name, \"%.*s\", got \"%s\"", (int)(size - 5),
		         root->origin, plan->name);
}

static void load_identity(struct plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	uint64_t schema;

	yaml_uint(root, "schema", true, 1, 1, &schema, diagnostics);
	if (yaml_string(root, "name", true, sizeof(plan->name), plan->name, diagnostics))
		check_name(plan, root, diagnostics);
	yaml_string(root, "title", true, sizeof(plan->title), plan->title, diagnostics);
	yaml_string(root, "source", false, sizeof(plan->source), plan->source, diagnostics);
}

bool plan_load(struct plan *plan, struct yaml_node *root, const struct plan_overrides *overrides,
               struct diagnostics *diagnostics)
{
	unsigned before = diagnostics->count;

	memset(plan, 0, sizeof(*plan));
	load_identity(plan, root, diagnostics);
	parameters_load(root, diagnostics);
	runs_load(plan, root, overrides, diagnostics);
	metrics_load(plan, root, diagnostics);
	yaml_reject_unknown(root, diagnostics);
	return diagnostics->count == before;
}

const struct plan_run *plan_run_named(const struct plan *plan, const char *name)
{
	for (unsigned n = 0; n < plan->runs; n++)
		if (!strcmp(plan->run[n].name, name))
			return &plan->run[n];
	return NULL;
}

void plan_free(struct plan *plan)
{
	for (unsigned n = 0; n < plan->runs; n++) {
		free(plan->run[n].model);
		free(plan->run[n].model_yaml);
	}
	for (unsigned n = 0; n < plan->metrics; n++)
		free(plan->metric[n].expression);
	free(plan->run);
	free(plan->metric);
	plan_images_free(plan);
	plan_disks_free(plan);
	memset(plan, 0, sizeof(*plan));
}
