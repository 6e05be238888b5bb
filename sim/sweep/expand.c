/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From axes and listed runs to configurations, in the plan's order. */
#include "sim/sweep/sweep.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXCEPTIONS_MAX = 64 };

/* Combinations to leave out: those that agree with one wherever it says something. */
struct exceptions {
	int16_t value[EXCEPTIONS_MAX][SWEEP_AXES_MAX];
	unsigned count;
};

static void no_values(int16_t value[static SWEEP_AXES_MAX])
{
	for (unsigned n = 0; n < SWEEP_AXES_MAX; n++)
		value[n] = SWEEP_ANY;
}

static bool load_exceptions(struct exceptions *exceptions, const struct sweep_plan *plan,
                            struct diagnostics *diagnostics)
{
	struct yaml_node *list = yaml_get(plan->root, "except", YAML_SEQUENCE, false, diagnostics);
	bool good = true;

	exceptions->count = 0;
	for (struct yaml_node *node = list ? list->first : NULL; node; node = node->next) {
		if (exceptions->count == EXCEPTIONS_MAX) {
			diagnose(diagnostics, node, NULL, "expected at most %d exceptions", EXCEPTIONS_MAX);
			yaml_use(list);
			return false;
		}
		int16_t *value = exceptions->value[exceptions->count++];
		no_values(value);
		if (!yaml_is(node, YAML_MAPPING, diagnostics)) {
			good = false;
			continue;
		}
		if (!node->first)
			diagnose(diagnostics, node, NULL, "expected values of axes, got an empty mapping");
		good &= node->first && sweep_place_load(plan, node, value, diagnostics);
	}
	return good;
}

static bool is_excepted(const struct exceptions *exceptions, const int16_t value[static SWEEP_AXES_MAX])
{
	for (unsigned n = 0; n < exceptions->count; n++)
		if (sweep_place_agrees(exceptions->value[n], value))
			return true;
	return false;
}

/* --- combinations --- */

/* The next, the last axis fastest; false after the last. */
static bool next_combination(const struct sweep_plan *plan, int16_t value[static SWEEP_AXES_MAX])
{
	for (unsigned axis = plan->axes; axis-- > 0;) {
		if ((unsigned)++value[axis] < plan->axis[axis].values)
			return true;
		value[axis] = 0;
	}
	return false;
}

static uint64_t combinations(const struct sweep_plan *plan)
{
	uint64_t total = plan->axes != 0;

	for (unsigned axis = 0; axis < plan->axes && total <= SWEEP_CONFIGURATIONS_MAX; axis++)
		total *= plan->axis[axis].values;
	return total;
}

/* "pages=8,tags=six"; false if it is too long. */
static bool name_combination(const struct sweep_plan *plan, struct sweep_configuration *configuration)
{
	size_t used = 0, size = sizeof(configuration->name);

	for (unsigned n = 0; n < plan->axes && used < size; n++) {
		const struct sweep_axis *axis = &plan->axis[n];
		used += (size_t)snprintf(configuration->name + used, size - used, "%s%s=%s", n ? "," : "", axis->name,
		                         axis->label[configuration->value[n]]);
	}
	return used < size;
}

static bool expand_axes(struct sweep_plan *plan, const struct exceptions *exceptions, struct diagnostics *diagnostics)
{
	int16_t value[SWEEP_AXES_MAX] = {0};

	if (!plan->axes)
		return true;
	do {
		struct sweep_configuration *configuration = &plan->configuration[plan->configurations];

		if (is_excepted(exceptions, value))
			continue;
		*configuration = (struct sweep_configuration){.name = ""};
		no_values(configuration->value);
		memcpy(configuration->value, value, plan->axes * sizeof(*value));
		if (!name_combination(plan, configuration)) {
			diagnose(diagnostics, plan->axis[0].node, NULL,
			         "expected axes and values that make a name of at most %zu bytes",
			         sizeof(configuration->name) - 1);
			return false;
		}
		plan->configurations++;
	} while (next_combination(plan, value));
	return true;
}

/* --- listed runs --- */

static bool is_taken(const struct sweep_plan *plan, const char *name)
{
	for (unsigned n = 0; n < plan->configurations; n++)
		if (!strcmp(plan->configuration[n].name, name))
			return true;
	return false;
}

static bool add_listed(struct sweep_plan *plan, struct yaml_node *node, struct diagnostics *diagnostics)
{
	struct sweep_configuration configuration = {.name = ""};

	if (!yaml_is(node, YAML_MAPPING, diagnostics))
		return false;
	bool good = yaml_string(node, "name", true, 64, configuration.name, diagnostics);
	configuration.own = yaml_get(node, "set", YAML_MAPPING, true, diagnostics);
	if (!configuration.own || !sweep_settings_good(configuration.own, diagnostics) || !good)
		return false;
	yaml_use(configuration.own);
	if (is_taken(plan, configuration.name)) {
		diagnose(diagnostics, yaml_find(node, "name"), NULL, "expected another name than every other run's");
		return false;
	}
	no_values(configuration.value);
	plan->configuration[plan->configurations++] = configuration;
	return true;
}

static unsigned children(const struct yaml_node *list)
{
	unsigned count = 0;

	for (const struct yaml_node *node = list ? list->first : NULL; node; node = node->next)
		count++;
	return count;
}

static bool check_size(const struct sweep_plan *plan, uint64_t total, struct diagnostics *diagnostics)
{
	if (total > SWEEP_CONFIGURATIONS_MAX)
		diagnose(diagnostics, yaml_find(plan->root, "vary"), NULL, "expected at most %d configurations",
		         SWEEP_CONFIGURATIONS_MAX);
	else if (total == 0)
		diagnose(diagnostics, NULL, NULL, "expected something to run: vary or runs");
	return total && total <= SWEEP_CONFIGURATIONS_MAX;
}

bool sweep_expand(struct sweep_plan *plan, struct diagnostics *diagnostics)
{
	struct yaml_node *runs = yaml_get(plan->root, "runs", YAML_SEQUENCE, false, diagnostics);
	struct exceptions exceptions;
	uint64_t total = combinations(plan) + children(runs);
	bool good = load_exceptions(&exceptions, plan, diagnostics);

	if (!check_size(plan, total, diagnostics))
		return false;
	plan->configuration = calloc(total, sizeof(*plan->configuration));
	if (!plan->configuration) {
		diagnose(diagnostics, NULL, NULL, "the host's memory is exhausted");
		return false;
	}
	good = good && expand_axes(plan, &exceptions, diagnostics);
	for (struct yaml_node *node = runs ? runs->first : NULL; node; node = node->next)
		good &= add_listed(plan, node, diagnostics);
	if (good && !plan->configurations)
		diagnose(diagnostics, yaml_find(plan->root, "except"), NULL, "expected exceptions that leave something to run");
	return good && plan->configurations;
}
