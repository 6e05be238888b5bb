/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree: making, finding, freeing, copying and merging nodes, and their paths. */
#include "sim/yaml/tree.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void take_document(struct yaml_node *node, struct yaml_document *document)
{
	document->references++;
	document_release(node->document);
	node->document = document;
	node->file = document->name;
	node->origin = document->origin;
}

struct yaml_node *node_new(struct yaml_document *document, enum yaml_kind kind, const char *text, int line, int column)
{
	struct yaml_node *node = calloc(1, sizeof(*node));

	if (!node)
		return NULL;
	take_document(node, document);
	node->kind = kind;
	node->line = line;
	node->column = column;
	node->width = 1;
	if (text && !(node->text = strdup(text))) {
		yaml_destroy(node);
		return NULL;
	}
	return node;
}

void node_append(struct yaml_node *parent, struct yaml_node *child)
{
	struct yaml_node **at = &parent->first;

	while (*at)
		at = &(*at)->next;
	*at = child;
	child->parent = parent;
}

struct yaml_node *node_child(const struct yaml_node *mapping, const char *key)
{
	for (struct yaml_node *child = mapping->first; child; child = child->next)
		if (child->key && !strcmp(child->key, key))
			return child;
	return NULL;
}

static void free_children(struct yaml_node *node)
{
	while (node->first) {
		struct yaml_node *child = node->first;
		node->first = child->next;
		yaml_destroy(child);
	}
}

/* Depth is bounded by YAML_DEPTH_MAX, so recursion is. */
void yaml_destroy(struct yaml_node *node)
{
	if (!node)
		return;
	free_children(node);
	for (unsigned n = 0; n < node->asked_count; n++)
		free(node->asked[n]);
	free(node->asked);
	free(node->text);
	free(node->key);
	document_release(node->document);
	free(node);
}

bool node_become_scalar(struct yaml_node *node, struct yaml_document *document, const char *text, bool quoted, int line,
                        int column, int width)
{
	char *copy = strdup(text);

	if (!copy)
		return false;
	free_children(node);
	free(node->text);
	node->text = copy;
	node->kind = YAML_SCALAR;
	node->quoted = quoted;
	node->bad = false;
	node->line = node->key_line = line;
	node->column = node->key_column = column;
	node->width = width;
	take_document(node, document);
	return true;
}

void node_become_mapping(struct yaml_node *node)
{
	free_children(node);
	free(node->text);
	node->text = NULL;
	node->kind = YAML_MAPPING;
	node->bad = false;
}

struct yaml_node *yaml_copy(const struct yaml_node *node)
{
	struct yaml_node *copy = node_new(node->document, node->kind, node->text, node->line, node->column);

	if (!copy)
		return NULL;
	copy->width = node->width;
	copy->quoted = node->quoted;
	copy->overridden = node->overridden;
	copy->bad = node->bad;
	copy->key_line = node->key_line;
	copy->key_column = node->key_column;
	bool whole = !node->key || (copy->key = strdup(node->key));
	for (const struct yaml_node *child = node->first; whole && child; child = child->next) {
		struct yaml_node *twin = yaml_copy(child);
		whole = twin != NULL;
		if (twin)
			node_append(copy, twin);
	}
	if (!whole) {
		yaml_destroy(copy);
		return NULL;
	}
	return copy;
}

/* Puts fresh in the place of old among the children of a mapping. */
static void replace_child(struct yaml_node *mapping, struct yaml_node *old, struct yaml_node *fresh)
{
	struct yaml_node **at = &mapping->first;

	while (*at != old)
		at = &(*at)->next;
	fresh->next = old->next;
	fresh->parent = mapping;
	*at = fresh;
	old->next = NULL;
	yaml_destroy(old);
}

struct yaml_node *yaml_merge(struct yaml_node *base, struct yaml_node *over)
{
	while (over->first) {
		struct yaml_node *fresh = over->first, *old = node_child(base, fresh->key);

		over->first = fresh->next;
		fresh->next = NULL;
		if (!old)
			node_append(base, fresh);
		else if (old->kind == YAML_MAPPING && fresh->kind == YAML_MAPPING)
			yaml_merge(old, fresh);
		else
			replace_child(base, old, fresh);
	}
	/* What is missing is missing in the file that was read last. */
	take_document(base, over->document);
	base->line = over->line;
	base->column = over->column;
	base->key_line = over->key_line;
	base->key_column = over->key_column;
	yaml_destroy(over);
	return base;
}

struct yaml_node *yaml_empty(const struct yaml_node *like)
{
	return node_new(like->document, YAML_MAPPING, NULL, like->line, like->column);
}

void yaml_adopt(struct yaml_node *mapping, struct yaml_node *child)
{
	struct yaml_node *old = node_child(mapping, child->key);

	if (old)
		replace_child(mapping, old, child);
	else
		node_append(mapping, child);
}

void yaml_adopt_also(struct yaml_node *mapping, struct yaml_node *child)
{
	node_append(mapping, child);
}

bool yaml_has_bad(const struct yaml_node *root)
{
	bool bad = root->bad;

	for (const struct yaml_node *child = root->first; child && !bad; child = child->next)
		bad = yaml_has_bad(child);
	return bad;
}

/* The number of a node in its list. A copy that is not in the list has its original's: it has the same place. */
static unsigned index_of(const struct yaml_node *node)
{
	unsigned n = 0;

	for (const struct yaml_node *other = node->parent->first; other; other = other->next, n++)
		if (other->line == node->line && other->column == node->column)
			break;
	return n;
}

void yaml_path(const struct yaml_node *node, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	if (!node || !node->parent)
		return;
	yaml_path(node->parent, text, size);
	used = strlen(text);
	if (node->key)
		snprintf(text + used, size - used, "%s%s", used ? "." : "", node->key);
	else
		snprintf(text + used, size - used, "[%u]", index_of(node));
}

const char *yaml_got(const struct yaml_node *node, char *text, size_t size)
{
	enum { LONGEST = 48 };
	size_t out = 0;

	if (!node || (node->kind == YAML_SCALAR && !node->text[0] && !node->quoted))
		return "nothing";
	if (node->kind != YAML_SCALAR)
		return node->kind == YAML_MAPPING ? "a mapping" : "a list";
	text[out++] = '"';
	for (const char *at = node->text; *at && out + 6 < size && out <= LONGEST; at++)
		text[out++] = (unsigned char)*at < 0x20 || *at == 0x7f ? '?' : *at;
	if (out > LONGEST || out + 6 >= size) {
		while (((unsigned char)text[out - 1] & 0xc0) == 0x80) /* no half of a character */
			out--;
		if ((unsigned char)text[out - 1] >= 0xc0)
			out--;
		memcpy(text + out, "...", 3);
		out += 3;
	}
	text[out++] = '"';
	text[out] = '\0';
	return text;
}
