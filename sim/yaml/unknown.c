/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unknown keys: what nobody read.  The hint is the nearest of the keys that were asked for at that place. */
#include "sim/yaml/tree.h"
#include <stdio.h>
#include <string.h>

void yaml_use(struct yaml_node *node)
{
	node->used = true;
	for (struct yaml_node *child = node->first; child; child = child->next)
		yaml_use(child);
}

/* All the keys there are, where they are few. */
static void list_asked(const struct yaml_node *mapping, char *hint, size_t size)
{
	enum { FEW = 18 };
	size_t used;

	if (!mapping->asked_count || mapping->asked_count > FEW)
		return;
	used = (size_t)snprintf(hint, size, "the keys here are ");
	for (unsigned n = 0; n < mapping->asked_count && used < size; n++)
		used += (size_t)snprintf(hint + used, size - used, "%s%s", n ? ", " : "", mapping->asked[n]);
}

static void reject(const struct yaml_node *node, struct diagnostics *diagnostics)
{
	const struct yaml_node *mapping = node->parent;
	char hint[256] = "";
	const char *nearest = yaml_nearest(node->key, (const char *const *)mapping->asked, mapping->asked_count);

	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%s\"?", nearest);
	else
		list_asked(mapping, hint, sizeof(hint));
	diagnose_key(diagnostics, mapping, node->key, hint, "unknown key");
}

void yaml_reject_unknown(struct yaml_node *root, struct diagnostics *diagnostics)
{
	for (struct yaml_node *child = root->first; child; child = child->next)
		if (child->used)
			yaml_reject_unknown(child, diagnostics);
		else if (child->key && strcmp(child->key, "<<") && node_child(root, child->key) == child)
			reject(child, diagnostics);
}
