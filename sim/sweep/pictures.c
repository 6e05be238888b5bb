/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pictures of a plan.
 *
 *   pictures:
 *     - {name: pages, kind: curves, x: pages, by: tags, where: {entries: 64}}
 *     - {name: saved, kind: curves, x: pages, by: model, y: cycles, between: {axis: tags, from: none, to: six}}
 *     - {name: why, kind: bars, by: tags, where: {pages: 8, entries: 64}}
 *     - {name: saving, kind: waterfall, by: tags, from: none, to: six, where: {pages: 8, entries: 64}}
 *
 * title is optional.  y: a field of the operation (cycles), or the id of a metric; only: those values of by that are
 * shown.  between: what is drawn is the difference of the axis's two values.  Every other axis must be held by where: a
 * point is one configuration.
 */
#include "sim/sweep/sweep.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool load_axis(const struct sweep_plan *plan, struct yaml_node *node, const char *key, int *out,
                      struct diagnostics *diagnostics)
{
	const char *names[SWEEP_AXES_MAX];
	unsigned axis;

	for (unsigned n = 0; n < plan->axes; n++)
		names[n] = plan->axis[n].name;
	if (!yaml_word(node, key, true, names, plan->axes, &axis, diagnostics))
		return false;
	*out = (int)axis;
	return true;
}

/* The labels of an axis of curves are places on a scale. */
static bool check_numbers(const struct sweep_axis *axis, struct yaml_node *at, struct diagnostics *diagnostics)
{
	for (unsigned n = 0; n < axis->values; n++) {
		char *end;
		strtod(axis->label[n], &end);
		if (!*end)
			continue;
		diagnose(diagnostics, at, NULL, "expected an axis of numbers, and \"%s\" is none", axis->label[n]);
		return false;
	}
	return true;
}

static bool load_only(const struct sweep_plan *plan, struct sweep_picture *picture, struct yaml_node *node,
                      struct diagnostics *diagnostics)
{
	const struct sweep_axis *by = &plan->axis[picture->by];
	struct yaml_node *list = yaml_get(node, "only", YAML_SEQUENCE, false, diagnostics);
	bool good = true;

	for (unsigned n = 0; n < by->values; n++)
		picture->shown[n] = !list;
	for (struct yaml_node *value = list ? list->first : NULL; value; value = value->next) {
		int n = sweep_value_named(by, value, diagnostics);
		if (n >= 0)
			picture->shown[n] = true;
		good &= n >= 0;
	}
	return good;
}

/* from: and to: in node, values of an axis. */
static bool load_ends(const struct sweep_axis *axis, struct sweep_picture *picture, struct yaml_node *node,
                      struct diagnostics *diagnostics)
{
	struct yaml_node *from = yaml_get(node, "from", YAML_SCALAR, true, diagnostics);
	struct yaml_node *to = yaml_get(node, "to", YAML_SCALAR, true, diagnostics);

	picture->from = from ? sweep_value_named(axis, from, diagnostics) : SWEEP_ANY;
	picture->to = to ? sweep_value_named(axis, to, diagnostics) : SWEEP_ANY;
	return picture->from >= 0 && picture->to >= 0;
}

static bool load_between(const struct sweep_plan *plan, struct sweep_picture *picture, struct yaml_node *node,
                         struct diagnostics *diagnostics)
{
	struct yaml_node *between = yaml_find(node, "between");

	if (!between)
		return true;
	return yaml_is(between, YAML_MAPPING, diagnostics) &&
	       load_axis(plan, between, "axis", &picture->between, diagnostics) &&
	       load_ends(&plan->axis[picture->between], picture, between, diagnostics);
}

static bool load_kind(const struct sweep_plan *plan, struct sweep_picture *picture, struct yaml_node *node,
                      struct diagnostics *diagnostics)
{
	if (picture->kind == PICTURE_WATERFALL) {
		picture->between = picture->by;
		return load_ends(&plan->axis[picture->by], picture, node, diagnostics);
	}
	if (picture->kind == PICTURE_BARS)
		return load_only(plan, picture, node, diagnostics);
	yaml_string(node, "y", false, sizeof(picture->y), picture->y, diagnostics);
	return load_axis(plan, node, "x", &picture->x, diagnostics) &&
	       check_numbers(&plan->axis[picture->x], yaml_find(node, "x"), diagnostics) &&
	       load_only(plan, picture, node, diagnostics) && load_between(plan, picture, node, diagnostics);
}

/* x, by and between are free, all others are held. */
static bool check_held(const struct sweep_plan *plan, const struct sweep_picture *picture, struct yaml_node *node,
                       struct diagnostics *diagnostics)
{
	bool good = true;

	for (int n = 0; n < (int)plan->axes; n++) {
		bool is_free = n == picture->x || n == picture->by || n == picture->between;
		if (is_free == (picture->where[n] == SWEEP_ANY))
			continue;
		good = false;
		struct yaml_node *where = yaml_find(node, "where");
		if (is_free)
			diagnose(diagnostics, where, NULL, "expected no value of %.48s, which the picture goes along",
			         plan->axis[n].name);
		else
			diagnose(diagnostics, where ? where : node, NULL, "expected where to hold %.48s at one of its values",
			         plan->axis[n].name);
	}
	return good;
}

static bool load_picture(const struct sweep_plan *plan, struct sweep_picture *picture, struct yaml_node *node,
                         struct diagnostics *diagnostics)
{
	static const char *const kinds[] = {
#define X(name, word) word,
		SWEEP_PICTURE_KINDS(X)
#undef X
	};
	unsigned kind;

	*picture = (struct sweep_picture){.x = SWEEP_ANY, .by = SWEEP_ANY, .between = SWEEP_ANY, .y = "cycles"};
	for (unsigned n = 0; n < SWEEP_AXES_MAX; n++)
		picture->where[n] = SWEEP_ANY;
	yaml_string(node, "name", true, sizeof(picture->name), picture->name, diagnostics);
	snprintf(picture->title, sizeof(picture->title), "%s", plan->title);
	yaml_string(node, "title", false, sizeof(picture->title), picture->title, diagnostics);
	struct yaml_node *where = yaml_get(node, "where", YAML_MAPPING, false, diagnostics);
	if (!yaml_word(node, "kind", true, kinds, PICTURE_KIND_COUNT, &kind, diagnostics) ||
	    !load_axis(plan, node, "by", &picture->by, diagnostics))
		return false;
	picture->kind = (enum sweep_picture_kind)kind;
	return (!where || sweep_place_load(plan, where, picture->where, diagnostics)) &&
	       load_kind(plan, picture, node, diagnostics) && check_held(plan, picture, node, diagnostics);
}

/* Pictures of ledgers need an operation, whose ledger it is. */
static bool check_picture(const struct sweep_plan *plan, const struct sweep_picture *picture, struct yaml_node *node,
                          struct diagnostics *diagnostics)
{
	bool field = picture->kind != PICTURE_CURVES || sweep_field_named(picture->y) >= 0;

	for (unsigned n = 0; n < plan->pictures; n++)
		if (!strcmp(plan->picture[n].name, picture->name)) {
			diagnose(diagnostics, yaml_find(node, "name"), NULL, "expected another name than every other picture's");
			return false;
		}
	if (field && !plan->operation.value)
		diagnose(diagnostics, node, NULL, "expected a plan with an operation, whose cycles are drawn");
	return !field || plan->operation.value;
}

bool sweep_pictures_load(struct sweep_plan *plan, struct diagnostics *diagnostics)
{
	struct yaml_node *list = yaml_get(plan->root, "pictures", YAML_SEQUENCE, false, diagnostics);
	bool good = true;

	for (struct yaml_node *node = list ? list->first : NULL; node; node = node->next) {
		struct sweep_picture *picture = &plan->picture[plan->pictures];

		if (plan->pictures == SWEEP_PICTURES_MAX) {
			diagnose(diagnostics, node, NULL, "expected at most %d pictures", SWEEP_PICTURES_MAX);
			yaml_use(list);
			return false;
		}
		if (!yaml_is(node, YAML_MAPPING, diagnostics)) {
			good = false;
			continue;
		}
		if (load_picture(plan, picture, node, diagnostics) && check_picture(plan, picture, node, diagnostics)) {
			plan->pictures++;
		} else {
			yaml_use(node);
			good = false;
		}
	}
	return good;
}
