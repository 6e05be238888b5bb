/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: what a scenario leaves open.
 *
 *   parameters: {pages: 8, rpc: 1}
 *   modules: ["sigma0", "root", "workset pages=${pages} rpc=${rpc}"]
 *
 * Each is a scalar, put wherever ${its name} stands, before anything else is read; --set parameters.pages=16 and plans of
 * sweeps give it another value.  A parameter that nothing names is an error: else a misspelled --set would do nothing.
 */
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <string.h>

/* Whether ${name} stands in a scalar at or below node. */
static bool names_it(const struct yaml_node *node, const char *name)
{
	char form[YAML_KEY_MAX + 4];

	snprintf(form, sizeof(form), "${%s}", name);
	if (node->kind == YAML_SCALAR && !node->bad && strstr(node->text, form))
		return true;
	for (const struct yaml_node *child = node->first; child; child = child->next)
		if (names_it(child, name))
			return true;
	return false;
}

static bool is_named(struct yaml_node *root, const struct yaml_node *parameters, const char *name)
{
	for (const struct yaml_node *child = root->first; child; child = child->next)
		if (child != parameters && names_it(child, name))
			return true;
	return false;
}

/* A matrix or an each below node that has a variable of the name: it would never be seen. */
static struct yaml_node *twin_below(struct yaml_node *node, const char *name)
{
	bool variables = node->key && (!strcmp(node->key, "matrix") || !strcmp(node->key, "each"));
	struct yaml_node *found = NULL;

	for (struct yaml_node *child = node->first; child && !found; child = child->next)
		found = variables && child->key && !strcmp(child->key, name) ? child : twin_below(child, name);
	return found;
}

static bool check_parameter(struct yaml_node *root, const struct yaml_node *parameters, struct yaml_node *parameter,
                            struct diagnostics *diagnostics)
{
	struct yaml_node *twin = twin_below(root, parameter->key);

	if (!is_named(root, parameters, parameter->key)) {
		diagnose_key(diagnostics, parameters, parameter->key, NULL, "expected a name that stands somewhere as ${%s}",
		             parameter->key);
		return false;
	}
	if (twin)
		diagnose_key(diagnostics, twin->parent, twin->key, NULL, "expected another name than a parameter's");
	return !twin;
}

bool parameters_load(struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *parameters = yaml_get(root, "parameters", YAML_MAPPING, false, diagnostics);
	struct plan_variables variables = {.others = true};
	bool good = true;

	if (!parameters)
		return !yaml_find(root, "parameters");
	yaml_use(parameters);
	for (struct yaml_node *parameter = parameters->first; parameter; parameter = parameter->next)
		good &= variables_add(&variables, parameter, diagnostics) &&
		        check_parameter(root, parameters, parameter, diagnostics);
	for (struct yaml_node *child = root->first; child && good; child = child->next)
		if (child != parameters)
			good = substitute(child, &variables, diagnostics);
	return good;
}
