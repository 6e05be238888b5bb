/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables, and ${name} in texts. */
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- variables --- */

/* A value becomes part of a run's name, and of a name in an expression. */
static bool good_value(struct yaml_node *value, struct diagnostics *diagnostics)
{
	char got[80];

	if (!yaml_is(value, YAML_SCALAR, diagnostics))
		return false;
	size_t size = strlen(value->text);
	if (size && size <= 32 &&
	    strspn(value->text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-") == size)
		return true;
	diagnose(diagnostics, value, NULL, "expected 1 to 32 letters, digits or _ . + -, got %s",
	         yaml_got(value, got, sizeof(got)));
	return false;
}

/* Whether there may be one more variable, of node's key. */
static bool good_key(const struct plan_variables *variables, const struct yaml_node *node,
                     struct diagnostics *diagnostics)
{
	if (strspn(node->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != strlen(node->key)) {
		diagnose_key(diagnostics, node->parent, node->key, NULL, "expected a name of letters, digits and _");
		return false;
	}
	if (variables->count == PLAN_VARIABLES_MAX) {
		diagnose(diagnostics, node, NULL, "expected at most %d variables", PLAN_VARIABLES_MAX);
		return false;
	}
	return true;
}

bool variables_add(struct plan_variables *variables, struct yaml_node *value, struct diagnostics *diagnostics)
{
	if (!good_key(variables, value, diagnostics) || !good_value(value, diagnostics))
		return false;
	variables->entry[variables->count++] = (struct plan_variable){value->key, NULL, value};
	return true;
}

static bool add_list(struct plan_variables *variables, struct yaml_node *list, struct diagnostics *diagnostics)
{
	bool good = yaml_is(list, YAML_SEQUENCE, diagnostics);

	if (!good_key(variables, list, diagnostics))
		return false;
	if (good && !list->first) {
		diagnose(diagnostics, list, NULL, "expected at least one value, got an empty list");
		good = false;
	}
	for (struct yaml_node *value = good ? list->first : NULL; value; value = value->next)
		good &= good_value(value, diagnostics);
	variables->entry[variables->count++] = (struct plan_variable){list->key, list, list->first};
	return good;
}

bool variables_load(struct plan_variables *variables, struct yaml_node *mapping, struct diagnostics *diagnostics)
{
	bool good = true;

	variables->count = 0;
	variables->others = false;
	if (!mapping->first) {
		diagnose(diagnostics, mapping, NULL, "expected at least one variable, got an empty mapping");
		return false;
	}
	for (struct yaml_node *list = mapping->first; list; list = list->next)
		good &= add_list(variables, list, diagnostics);
	return good;
}

bool variables_next(struct plan_variables *variables)
{
	for (unsigned n = variables->count; n-- > 0;) {
		struct plan_variable *variable = &variables->entry[n];

		variable->value = variable->value->next;
		if (variable->value)
			return true;
		variable->value = variable->values->first;
	}
	return false;
}

/* --- texts --- */

static const char *value_of(const struct plan_variables *variables, const char *name, size_t size)
{
	for (unsigned n = 0; n < variables->count; n++)
		if (strlen(variables->entry[n].name) == size && !memcmp(variables->entry[n].name, name, size))
			return variables->entry[n].value->text;
	return NULL;
}

static void refuse_name(const struct yaml_node *node, const struct plan_variables *variables, const char *name,
                        size_t size, struct diagnostics *diagnostics)
{
	const char *names[PLAN_VARIABLES_MAX];
	char word[64], hint[128] = "";

	for (unsigned n = 0; n < variables->count; n++)
		names[n] = variables->entry[n].name;
	snprintf(word, sizeof(word), "%.*s", (int)size, name);
	const char *nearest = yaml_nearest(word, names, variables->count);
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"${%.64s}\"?", nearest);
	diagnose(diagnostics, node, hint, "expected a variable of matrix or each, got \"${%s}\"", word);
}

/* One scalar. The text grows by what the values are longer. */
static bool substitute_text(struct yaml_node *node, const struct plan_variables *variables,
                            struct diagnostics *diagnostics)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool good = out != NULL;

	for (const char *at = node->text; good && *at;) {
		const char *end = !strncmp(at, "${", 2) ? strchr(at, '}') : NULL;

		if (!end) {
			putc(*at++, out);
			continue;
		}
		const char *value = value_of(variables, at + 2, (size_t)(end - at - 2));
		if (value)
			fputs(value, out);
		else if (variables->others)
			fprintf(out, "%.*s", (int)(end + 1 - at), at);
		else
			refuse_name(node, variables, at + 2, (size_t)(end - at - 2), diagnostics);
		good = value || variables->others;
		at = end + 1;
	}
	if (out)
		fclose(out);
	if (!good || !text) {
		free(text);
		node->bad = true;
		return false;
	}
	free(node->text);
	node->text = text;
	node->quoted = false; /* quotes were for the braces' sake: "${pages}" may stand for a number */
	return true;
}

bool substitute(struct yaml_node *root, const struct plan_variables *variables, struct diagnostics *diagnostics)
{
	bool good = true;

	if (root->kind == YAML_SCALAR && !root->bad && strstr(root->text, "${"))
		good = substitute_text(root, variables, diagnostics);
	for (struct yaml_node *child = root->first; child; child = child->next)
		good &= substitute(child, variables, diagnostics);
	return good;
}
