/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Overrides: a dotted path and a scalar.
 *
 * Keys may have dots themselves (cost keys: "costs.int.inner"), so at each mapping the longest key that begins the rest
 * of the path is taken.  What is not there is added: below a mapping whose keys have dots as one key, elsewhere level
 * by level.  Whether such a key means anything is for the reader of the tree to say, as for any other.
 */
#include "sim/yaml/tree.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct override {
	struct yaml_document *document;
	const char *text;
	bool quoted;
	int line, column, width;         /* of the value */
	int key_line, key_column;
};

/* The child with the longest key that begins path and ends at a dot or at the end; *rest is what follows. */
static struct yaml_node *longest_match(const struct yaml_node *mapping, const char *path, const char **rest)
{
	struct yaml_node *best = NULL;
	size_t longest = 0;

	for (struct yaml_node *child = mapping->first; child; child = child->next) {
		size_t size = child->key ? strlen(child->key) : 0;

		if (size > longest && !strncmp(child->key, path, size) && (path[size] == '\0' || path[size] == '.')) {
			best = child;
			longest = size;
		}
	}
	*rest = best && path[longest] == '.' ? path + longest + 1 : best ? path + longest : path;
	return best;
}

static bool has_dotted_keys(const struct yaml_node *mapping)
{
	for (const struct yaml_node *child = mapping->first; child; child = child->next)
		if (child->key && strchr(child->key, '.'))
			return true;
	return false;
}

/* Adds a node with the key path[0..size-1]. */
static struct yaml_node *add_child(struct yaml_node *mapping, const char *path, size_t size, enum yaml_kind kind,
                                   const struct override *what)
{
	struct yaml_node *child =
		node_new(what->document, kind, kind == YAML_SCALAR ? "" : NULL, what->line, what->column);

	if (!child)
		return NULL;
	child->key_line = what->key_line;
	child->key_column = what->key_column;
	child->key = strndup(path, size);
	if (!child->key) {
		yaml_destroy(child);
		return NULL;
	}
	node_append(mapping, child);
	return child;
}

/* Finds or makes the node of a path; NULL: out of memory. */
static struct yaml_node *reach(struct yaml_node *mapping, const char *path, const struct override *what)
{
	while (*path) {
		const char *rest, *dot = strchr(path, '.');
		struct yaml_node *child = longest_match(mapping, path, &rest);

		if (!child && dot && !has_dotted_keys(mapping)) {
			child = add_child(mapping, path, (size_t)(dot - path), YAML_MAPPING, what);
			rest = dot + 1;
		} else if (!child) {
			child = add_child(mapping, path, strlen(path), YAML_SCALAR, what);
			rest = "";
		}
		if (!child)
			return NULL;
		if (*rest && child->kind != YAML_MAPPING) /* something else in the way: the path goes through it */
			node_become_mapping(child);
		mapping = child;
		path = rest;
	}
	return mapping;
}

/* "a.b.c": no part is empty. */
static bool is_path(const char *path, size_t size)
{
	if (!size || size > YAML_KEY_MAX || path[0] == '.' || path[size - 1] == '.')
		return false;
	for (size_t n = 0; n + 1 < size; n++)
		if (path[n] == '.' && path[n + 1] == '.')
			return false;
	return true;
}

static unsigned depth_of(const char *path)
{
	unsigned depth = 1;

	for (; *path; path++)
		depth += *path == '.';
	return depth;
}

static bool apply(struct yaml_node *root, const char *path, const struct override *what,
                  struct diagnostics *diagnostics)
{
	struct yaml_node *node = reach(root, path, what);

	if (!node || !node_become_scalar(node, what->document, what->text, what->quoted, what->line, what->column,
	                                 what->width)) {
		diagnose(diagnostics, NULL, NULL, "the host's memory is exhausted");
		return false;
	}
	node->overridden = true;
	node->key_line = what->key_line;
	node->key_column = what->key_column;
	return true;
}

bool yaml_override(struct yaml_node *root, const char *path, const struct yaml_node *value,
                   struct diagnostics *diagnostics)
{
	struct override what = {value->document,  value->text,  value->quoted,   value->line,
	                        value->column, value->width, value->key_line, value->key_column};

	if (value->kind != YAML_SCALAR || !is_path(path, strlen(path)) || depth_of(path) >= YAML_DEPTH_MAX / 2) {
		diagnose(diagnostics, value, NULL, "expected a key such as tlb.entries, got \"%.60s\"", path);
		return false;
	}
	return apply(root, path, &what, diagnostics);
}

bool yaml_set(struct yaml_node *root, const char *assignment, struct diagnostics *diagnostics)
{
	struct text_cursor cursor = {.line = 1, .column = 1};
	struct text_fault fault;
	const char *equals = strchr(assignment, '=');
	size_t size = equals ? (size_t)(equals - assignment) : 0;
	char path[YAML_KEY_MAX + 1] = "";
	struct yaml_document *document = document_new("--set", assignment, strlen(assignment));
	bool done = false;

	if (size <= YAML_KEY_MAX)
		memcpy(path, assignment, size);
	if (!document) {
		diagnose(diagnostics, NULL, NULL, "the host's memory is exhausted");
	} else if (text_next_fault(assignment, strlen(assignment), &cursor, &fault) || strchr(assignment, '\n')) {
		diagnose_place(diagnostics, NULL, 0, 0, 0, "--set", NULL, "expected one line of printable text");
	} else if (!equals || !is_path(path, size) || depth_of(path) >= YAML_DEPTH_MAX / 2) {
		diagnose_place(diagnostics, document, 1, 1, text_columns(assignment, strlen(assignment)), "", NULL,
		               "expected KEY=VALUE such as \"tlb.entries=64\"");
	} else {
		int column = text_columns(assignment, size) + 2, width = text_columns(equals + 1, strlen(equals + 1));
		struct override what = {document, equals + 1, false, 1, column, width ? width : 1, 1, 1};
		done = apply(root, path, &what, diagnostics);
	}
	document_release(document);
	return done;
}
