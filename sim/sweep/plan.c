/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sweep's file -> plan.
 *
 *   schema: 1
 *   name, title, source         name is the file's base name
 *   scenario: NAME              one that the library carries, or a file beside this one
 *   set: {KEY: VALUE, ...}      overrides of all configurations
 *   vary:                       every combination of
 *     tlb.entries: [32, 64]       the values of a key
 *     tags:                       named groups of settings
 *       none: {tlb.tag_bits: 0}
 *       six: {tlb.tag_bits: 6}
 *   also: [{where: {tags: six}, set: {seed: 1}}]    settings of those that have these values
 *   except: [{entries: 32, tags: six}]    but for these
 *   runs: [{name, set}]         and these, listed
 *   operation: {name, unit, value}    value: an expression of the scenario's runs, with ${field} in it
 *   metrics: [ID, ...]          what to keep of the scenario's metrics; absent: all
 *   pictures                    pictures.c
 *
 * In except and pictures an axis is called by what is after its last point, unless two have that in common.
 */
#include "sim/sweep/sweep.h"
#include "sim/scenario/expression.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

static bool good_word(const struct yaml_node *at, const char *text, size_t most, struct diagnostics *diagnostics)
{
	size_t size = strlen(text);

	if (size && size <= most && strspn(text, letters) == size)
		return true;
	diagnose(diagnostics, at, NULL, "expected 1 to %zu letters, digits or _ . + -, got \"%.48s\"", most, text);
	return false;
}

/* --- who it is --- */

/* The base name of the file without .yaml must be the plan's name, so that a name finds a file. */
static void check_name(const struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	size_t size = strlen(root->origin);

	if (size <= 5 || strcmp(root->origin + size - 5, ".yaml"))
		return;
	if (strlen(plan->name) != size - 5 || memcmp(plan->name, root->origin, size - 5))
		diagnose(diagnostics, yaml_find(root, "name"), NULL, "expected the file's name, \"%.*s\", got \"%s\"",
		         (int)(size - 5), root->origin, plan->name);
}

/* A scenario's name, or its path from here: what is written is relative to the plan's file. */
static void load_scenario(struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	const char *name = plan->scenario, *slash = strrchr(root->file, '/');

	if (!yaml_string(root, "scenario", true, sizeof(plan->scenario), plan->scenario, diagnostics))
		return;
	size_t size = strlen(name);
	bool is_path = strchr(name, '/') || (size > 5 && !strcmp(name + size - 5, ".yaml"));
	int before = is_path && slash && name[0] != '/' ? (int)(slash + 1 - root->file) : 0;
	if ((size_t)snprintf(plan->path, sizeof(plan->path), "%.*s%s", before, root->file, name) >= sizeof(plan->path))
		diagnose(diagnostics, yaml_find(root, "scenario"), NULL, "expected a path of at most %zu bytes",
		         sizeof(plan->path) - 1);
}

static void load_identity(struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	uint64_t schema;

	yaml_uint(root, "schema", true, 1, 1, &schema, diagnostics);
	if (yaml_string(root, "name", true, sizeof(plan->name), plan->name, diagnostics))
		check_name(plan, root, diagnostics);
	yaml_string(root, "title", true, sizeof(plan->title), plan->title, diagnostics);
	yaml_string(root, "source", false, sizeof(plan->source), plan->source, diagnostics);
	load_scenario(plan, root, diagnostics);
}

/* --- axes --- */

/* A group of settings: scalars, which may lie in mappings of their own. */
bool sweep_settings_good(struct yaml_node *node, struct diagnostics *diagnostics)
{
	bool good = true;

	if (!yaml_is(node, YAML_MAPPING, diagnostics))
		return false;
	for (struct yaml_node *child = node->first; child; child = child->next)
		good &= child->kind == YAML_MAPPING ? sweep_settings_good(child, diagnostics)
		                                    : yaml_is(child, YAML_SCALAR, diagnostics);
	return good;
}

static bool twice(const struct sweep_axis *axis, const struct yaml_node *value, const char *label,
                  struct diagnostics *diagnostics)
{
	for (unsigned n = 0; n < axis->values; n++)
		if (!strcmp(axis->label[n], label)) {
			diagnose(diagnostics, value, NULL, "expected different values, got \"%.48s\" twice", label);
			return true;
		}
	return false;
}

static bool add_value(struct sweep_axis *axis, struct yaml_node *value, struct diagnostics *diagnostics)
{
	bool group = axis->node->kind == YAML_MAPPING;

	if (axis->values == SWEEP_VALUES_MAX) {
		diagnose(diagnostics, value, NULL, "expected at most %d values of an axis", SWEEP_VALUES_MAX);
		return false;
	}
	if (group ? !sweep_settings_good(value, diagnostics) : !yaml_is(value, YAML_SCALAR, diagnostics))
		return false;
	const char *label = group ? value->key : value->text;
	if (!good_word(value, label, 40, diagnostics) || twice(axis, value, label, diagnostics))
		return false;
	axis->value[axis->values] = value;
	axis->label[axis->values++] = label;
	return true;
}

static bool add_axis(struct sweep_plan *plan, struct yaml_node *node, struct diagnostics *diagnostics)
{
	bool good = true;

	if (plan->axes == SWEEP_AXES_MAX) {
		diagnose(diagnostics, node, NULL, "expected at most %d axes", SWEEP_AXES_MAX);
		return false;
	}
	if (node->kind != YAML_MAPPING && !yaml_is(node, YAML_SEQUENCE, diagnostics))
		return false;
	struct sweep_axis *axis = &plan->axis[plan->axes++];
	*axis = (struct sweep_axis){.key = node->key, .node = node};
	if (!node->first)
		diagnose(diagnostics, node, NULL, "expected at least one value");
	for (struct yaml_node *value = node->first; value; value = value->next)
		good &= add_value(axis, value, diagnostics);
	return good && node->first && good_word(node, axis->key, YAML_KEY_MAX, diagnostics);
}

static const char *last_part(const char *key)
{
	const char *dot = strrchr(key, '.');

	return dot ? dot + 1 : key;
}

static void name_axes(struct sweep_plan *plan)
{
	for (unsigned a = 0; a < plan->axes; a++) {
		plan->axis[a].name = last_part(plan->axis[a].key);
		for (unsigned b = 0; b < plan->axes; b++)
			if (a != b && !strcmp(last_part(plan->axis[b].key), last_part(plan->axis[a].key)))
				plan->axis[a].name = plan->axis[a].key;
	}
}

static bool load_axes(struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *vary = yaml_get(root, "vary", YAML_MAPPING, false, diagnostics);
	bool good = true;

	if (!vary)
		return !yaml_find(root, "vary");
	yaml_use(vary);
	if (!vary->first) {
		diagnose(diagnostics, vary, NULL, "expected at least one axis, got an empty mapping");
		return false;
	}
	for (struct yaml_node *node = vary->first; node; node = node->next)
		good &= add_axis(plan, node, diagnostics);
	name_axes(plan);
	return good;
}

/* --- places among the axes --- */

int sweep_value_named(const struct sweep_axis *axis, struct yaml_node *node, struct diagnostics *diagnostics)
{
	char hint[96] = "", got[80];

	node->used = true;
	for (unsigned n = 0; n < axis->values && node->kind == YAML_SCALAR; n++)
		if (!strcmp(axis->label[n], node->text))
			return (int)n;
	const char *nearest = node->kind == YAML_SCALAR ? yaml_nearest(node->text, axis->label, axis->values) : NULL;
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%.64s\"?", nearest);
	diagnose(diagnostics, node, hint, "expected a value of %.48s, got %s", axis->name,
	         yaml_got(node, got, sizeof(got)));
	return SWEEP_ANY;
}

static int axis_named(const struct sweep_plan *plan, const struct yaml_node *child, struct diagnostics *diagnostics)
{
	const char *names[SWEEP_AXES_MAX];
	char hint[128] = "";

	for (unsigned n = 0; n < plan->axes; n++) {
		names[n] = plan->axis[n].name;
		if (!strcmp(names[n], child->key))
			return (int)n;
	}
	const char *nearest = yaml_nearest(child->key, names, plan->axes);
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%.64s\"?", nearest);
	diagnose_key(diagnostics, child->parent, child->key, hint, "expected an axis of vary");
	return SWEEP_ANY;
}

bool sweep_place_load(const struct sweep_plan *plan, struct yaml_node *mapping, int16_t value[static SWEEP_AXES_MAX],
                      struct diagnostics *diagnostics)
{
	bool good = true;

	for (struct yaml_node *child = mapping->first; child; child = child->next) {
		int axis = axis_named(plan, child, diagnostics);

		child->used = true;
		if (axis >= 0)
			value[axis] = (int16_t)sweep_value_named(&plan->axis[axis], child, diagnostics);
		good &= axis >= 0 && value[axis] >= 0;
	}
	return good;
}

bool sweep_place_agrees(const int16_t place[static SWEEP_AXES_MAX], const int16_t value[static SWEEP_AXES_MAX])
{
	bool agrees = true;

	for (unsigned axis = 0; axis < SWEEP_AXES_MAX; axis++)
		agrees &= place[axis] == SWEEP_ANY || place[axis] == value[axis];
	return agrees;
}

/* --- the rest --- */

static bool add_also(struct sweep_plan *plan, struct yaml_node *node, struct diagnostics *diagnostics)
{
	struct sweep_also *also = &plan->also[plan->alsos];

	if (plan->alsos == SWEEP_ALSO_MAX) {
		diagnose(diagnostics, node, NULL, "expected at most %d", SWEEP_ALSO_MAX);
		return false;
	}
	if (!yaml_is(node, YAML_MAPPING, diagnostics))
		return false;
	for (unsigned axis = 0; axis < SWEEP_AXES_MAX; axis++)
		also->value[axis] = SWEEP_ANY;
	struct yaml_node *where = yaml_get(node, "where", YAML_MAPPING, true, diagnostics);
	also->set = yaml_get(node, "set", YAML_MAPPING, true, diagnostics);
	bool good = where && also->set && sweep_place_load(plan, where, also->value, diagnostics) &&
	            sweep_settings_good(also->set, diagnostics);
	if (also->set)
		yaml_use(also->set);
	plan->alsos += good;
	return good;
}

static bool load_also(struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *list = yaml_get(root, "also", YAML_SEQUENCE, false, diagnostics);
	bool good = true;

	for (struct yaml_node *node = list ? list->first : NULL; node; node = node->next)
		good &= add_also(plan, node, diagnostics);
	return good;
}

static void load_operation(struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *node = yaml_get(root, "operation", YAML_MAPPING, false, diagnostics);
	struct sweep_operation *operation = &plan->operation;
	char text[EXPRESSION_MAX];

	strcpy(operation->unit, "cycles");
	if (!node)
		return;
	yaml_string(node, "name", true, sizeof(operation->name), operation->name, diagnostics);
	yaml_string(node, "unit", false, sizeof(operation->unit), operation->unit, diagnostics);
	if (!yaml_string(node, "value", true, sizeof(text), text, diagnostics))
		return;
	operation->value = yaml_find(node, "value");
	if (!strstr(text, "${field}"))
		diagnose(diagnostics, operation->value, NULL, "expected ${field} in it, where the ledger's fields are to stand");
}

static void load_metrics(struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *list = yaml_get(root, "metrics", YAML_SEQUENCE, false, diagnostics);

	for (struct yaml_node *node = list ? list->first : NULL; node; node = node->next) {
		if (plan->metrics == SWEEP_METRICS_MAX) {
			diagnose(diagnostics, node, NULL, "expected at most %d metrics", SWEEP_METRICS_MAX);
			yaml_use(list);
			return;
		}
		if (yaml_node_string(node, sizeof(plan->metric[0]), plan->metric[plan->metrics], diagnostics))
			plan->metric_at[plan->metrics++] = node;
	}
}

bool sweep_plan_load(struct sweep_plan *plan, struct yaml_node *root, struct diagnostics *diagnostics)
{
	unsigned before = diagnostics->count;

	memset(plan, 0, sizeof(*plan));
	plan->root = root;
	load_identity(plan, root, diagnostics);
	plan->set = yaml_get(root, "set", YAML_MAPPING, false, diagnostics);
	if (plan->set && sweep_settings_good(plan->set, diagnostics))
		yaml_use(plan->set);
	bool axes = load_axes(plan, root, diagnostics);
	load_operation(plan, root, diagnostics);
	load_metrics(plan, root, diagnostics);
	if (axes && load_also(plan, root, diagnostics) && sweep_expand(plan, diagnostics))
		sweep_pictures_load(plan, diagnostics);
	else if (diagnostics->count > before) /* what depends on what is wrong is not looked at */
		for (struct yaml_node *child = root->first; child; child = child->next)
			if (!strcmp(child->key, "pictures") || !strcmp(child->key, "except") ||
			    !strcmp(child->key, "also") || !strcmp(child->key, "runs"))
				yaml_use(child);
	yaml_reject_unknown(root, diagnostics);
	return diagnostics->count == before;
}

void sweep_plan_free(struct sweep_plan *plan)
{
	free(plan->configuration);
	yaml_destroy(plan->root);
	memset(plan, 0, sizeof(*plan));
}
