/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plans that the library carries; and what a plan is known by. */
#include "sim/model/embedded.h"
#include "sim/sweep/sweep.h"
#include <string.h>

extern const struct embedded_file shipped_plans[];

const char *sweep_plan_embedded(unsigned n, const char **text, size_t *size)
{
	for (unsigned i = 0; i <= n; i++)
		if (!shipped_plans[i].name)
			return NULL;
	if (text)
		*text = shipped_plans[n].bytes;
	if (size)
		*size = shipped_plans[n].size;
	return shipped_plans[n].name;
}

/* Without asking for the keys: who reads the tree next is to say which there are. */
bool sweep_is_plan(const struct yaml_node *root)
{
	for (const struct yaml_node *child = root->first; child; child = child->next)
		if (!strcmp(child->key, "scenario") || !strcmp(child->key, "vary"))
			return true;
	return false;
}
