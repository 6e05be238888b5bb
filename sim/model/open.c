/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding a model's file, embedded or not, and the files that it is based on. */
#include "sim/model/embedded.h"
#include "sim/model/load.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BASES_MAX = 8 }; /* a chain of bases: long enough for any use, and ends a circle */

extern const struct embedded_file shipped_models[];

const char *model_embedded(unsigned n, const char **text, size_t *size)
{
	for (unsigned i = 0; i <= n; i++)
		if (!shipped_models[i].name)
			return NULL;
	if (text)
		*text = shipped_models[n].bytes;
	if (size)
		*size = shipped_models[n].size;
	return shipped_models[n].name;
}

static bool is_path(const char *name)
{
	size_t size = strlen(name);

	return strchr(name, '/') || (size > 5 && !strcmp(name + size - 5, ".yaml"));
}

static struct yaml_node *parse_embedded(const char *name, const struct yaml_node *at, struct diagnostics *diagnostics)
{
	enum { MODELS = 64 };
	const char *names[MODELS], *text;
	char file[80], hint[128] = "";
	size_t size;
	unsigned n = 0;

	for (; n < MODELS && (names[n] = model_embedded(n, &text, &size)); n++)
		if (!strcmp(names[n], name)) {
			snprintf(file, sizeof(file), "%s.yaml", name);
			return yaml_parse(file, text, size, diagnostics);
		}
	const char *nearest = yaml_nearest(name, names, n);
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%s\"?", nearest);
	else
		snprintf(hint, sizeof(hint),
		         "models are listed by muk list; a file of yours is written with its .yaml");
	diagnose(diagnostics, at, hint, "expected a model, got \"%.48s\"", name);
	return NULL;
}

static struct yaml_node *parse_path(const char *name, const char *beside, const struct yaml_node *at,
                                    struct diagnostics *diagnostics)
{
	char path[1024];
	const char *slash = beside && name[0] != '/' ? strrchr(beside, '/') : NULL;

	snprintf(path, sizeof(path), "%.*s%s", slash ? (int)(slash + 1 - beside) : 0, slash ? beside : "", name);
	if (!at || !access(path, R_OK))
		return yaml_parse_file(path, diagnostics);
	diagnose(diagnostics, at, NULL, "%.200s: cannot be read: %s", path, strerror(errno));
	return NULL;
}

static struct yaml_node *parse_any(const char *name, const char *beside, const struct yaml_node *at,
                                   struct diagnostics *diagnostics)
{
	return is_path(name) ? parse_path(name, beside, at, diagnostics) : parse_embedded(name, at, diagnostics);
}

/* Takes a key off a mapping. */
static void drop_key(struct yaml_node *mapping, const char *key)
{
	for (struct yaml_node **at = &mapping->first; *at; at = &(*at)->next)
		if (!strcmp((*at)->key, key)) {
			struct yaml_node *dropped = *at;
			*at = dropped->next;
			dropped->next = NULL;
			yaml_destroy(dropped);
			return;
		}
}

/* A constant is laid over whole: its source is not that of another number. */
static void drop_constants(struct yaml_node *base, struct yaml_node *root, const char *mapping)
{
	struct yaml_node *below = yaml_find(base, mapping), *above = yaml_find(root, mapping);

	if (!below || !above || below->kind != YAML_MAPPING || above->kind != YAML_MAPPING)
		return;
	for (struct yaml_node *constant = above->first; constant; constant = constant->next)
		drop_key(below, constant->key);
}

static struct yaml_node *resolve(struct yaml_node *root, unsigned depth, struct diagnostics *diagnostics)
{
	uint64_t schema; /* each file says it for itself */
	char name[256];
	struct yaml_node *base = NULL, *at = yaml_find(root, "base");

	if (!at)
		return root;
	yaml_uint(root, "schema", true, 1, 1, &schema, diagnostics);
	if (depth == BASES_MAX)
		diagnose(diagnostics, at, NULL,
		         "expected a model that ends somewhere, got a chain of more than 8 bases");
	else if (yaml_node_string(at, sizeof(name), name, diagnostics))
		base = parse_any(name, root->file, at, diagnostics);
	if (base)
		base = resolve(base, depth + 1, diagnostics);
	if (!base) {
		yaml_destroy(root);
		return NULL;
	}
	drop_key(root, "base");
	drop_constants(base, root, "costs");
	drop_constants(base, root, "disk");
	return yaml_merge(base, root);
}

struct yaml_node *model_resolve(struct yaml_node *root, struct diagnostics *diagnostics)
{
	return resolve(root, 0, diagnostics);
}

struct yaml_node *model_open(const char *name, const char *beside, const struct yaml_node *at,
                             struct diagnostics *diagnostics)
{
	struct yaml_node *root = parse_any(name, beside, at, diagnostics);

	return root ? model_resolve(root, diagnostics) : NULL;
}
