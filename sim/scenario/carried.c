/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a scenario names: something that the library carries, or a file beside the scenario's. */
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <string.h>

enum { CARRIED_MAX = 256 };

bool carried_is_path(const char *name, const char *ending)
{
	size_t size = strlen(name), end = strlen(ending);

	return strchr(name, '/') || (size > end && !strcmp(name + size - end, ending));
}

void carried_path(char *path, size_t size, const char *name, const struct yaml_node *node)
{
	const char *slash = name[0] == '/' ? NULL : strrchr(node->file, '/');

	snprintf(path, size, "%.*s%s", slash ? (int)(slash + 1 - node->file) : 0, slash ? node->file : "", name);
}

bool carried_find(const struct carried *carried, const char *name, const struct yaml_node *node, const void **bytes,
                  size_t *size, struct diagnostics *diagnostics)
{
	const char *names[CARRIED_MAX], *nearest;
	char hint[128];
	unsigned n = 0;

	for (; n < CARRIED_MAX && (names[n] = carried->entry(n, bytes, size)); n++)
		if (!strcmp(names[n], name))
			return true;
	nearest = yaml_nearest(name, names, n);
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%.64s\"?", nearest);
	else
		snprintf(hint, sizeof(hint), "a file of yours is written with its path or its %s", carried->ending);
	diagnose(diagnostics, node, hint, "expected %s, got \"%.64s\"", carried->what, name);
	return false;
}
