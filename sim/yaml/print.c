/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree as YAML again, for storing what was resolved.  Parsing it gives the same tree. */
#include "sim/yaml/yaml.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a scalar reads the same without quotes, whatever stands around it. */
static bool is_plain(const char *text)
{
	static const char *const words[] = {"yes", "no", "on", "off", "y", "n", "true", "false"};
	size_t size = strlen(text);

	if (!size || strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-%") != size)
		return false;
	if (strchr("-%+.", text[0]))
		return false;
	for (unsigned n = 0; n < sizeof(words) / sizeof(words[0]); n++)
		if (!strcasecmp(text, words[n]))
			return false;
	return true;
}

static void print_text(FILE *out, const char *text, bool quoted)
{
	bool word = !strcmp(text, "true") || !strcmp(text, "false");

	if (!quoted && (is_plain(text) || word)) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20 || *text == 0x7f)
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else
			fputc(*text, out);
	fputc('"', out);
}

static void print_node(FILE *out, const struct yaml_node *node, int indent);

static void print_children(FILE *out, const struct yaml_node *node, int indent)
{
	for (const struct yaml_node *child = node->first; child; child = child->next) {
		fprintf(out, "%*s", indent, "");
		if (node->kind == YAML_MAPPING) {
			print_text(out, child->key, false);
			fputc(':', out);
		} else {
			fputc('-', out);
		}
		print_node(out, child, indent + 2);
	}
}

/* What follows "key:" or "-", to the end of its lines. */
static void print_node(FILE *out, const struct yaml_node *node, int indent)
{
	if (node->kind == YAML_SCALAR) {
		fputc(' ', out);
		print_text(out, node->text, node->quoted);
		fputc('\n', out);
	} else if (!node->first) {
		fputs(node->kind == YAML_MAPPING ? " {}\n" : " []\n", out);
	} else {
		fputc('\n', out);
		print_children(out, node, indent);
	}
}

char *yaml_print(const struct yaml_node *root)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_children(out, root, 0);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
