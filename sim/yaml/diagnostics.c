/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diagnostics: collected without stopping, shown sorted by place, in the form that compilers use, so that
 * editors find the place.
 */
#include "sim/yaml/tree.h"
#include "sim/core/error.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void diagnostics_init(struct diagnostics *diagnostics)
{
	memset(diagnostics, 0, sizeof(*diagnostics));
}

void diagnostics_free(struct diagnostics *diagnostics)
{
	for (unsigned n = 0; n < diagnostics->count && n < DIAGNOSTICS_MAX; n++)
		free(diagnostics->entry[n].source);
	diagnostics_init(diagnostics);
}

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

/* Counts one more; the entry to fill in, or NULL when there are too many. */
static struct diagnostic *next_entry(struct diagnostics *diagnostics, enum muk_err code, const char *path)
{
	unsigned n = diagnostics->count++;

	if (n >= DIAGNOSTICS_MAX)
		return NULL;
	struct diagnostic *entry = &diagnostics->entry[n];
	memset(entry, 0, sizeof(*entry));
	entry->code = code;
	copy(entry->path, sizeof(entry->path), path);
	return entry;
}

/* The same thing can be met twice, where several runs share a key: once is enough. */
static void drop_if_said(struct diagnostics *diagnostics)
{
	unsigned last = diagnostics->count - 1;
	const struct diagnostic *fresh = &diagnostics->entry[last];

	for (unsigned n = 0; n < last; n++) {
		const struct diagnostic *old = &diagnostics->entry[n];
		if (old->line == fresh->line && old->column == fresh->column && !strcmp(old->path, fresh->path) &&
		    !strcmp(old->text, fresh->text) && !strcmp(old->key, fresh->key)) {
			free(fresh->source);
			diagnostics->count--;
			return;
		}
	}
}

static void add(struct diagnostics *diagnostics, const struct yaml_document *document, int line, int column, int width,
                const char *key, const char *hint, const char *format, va_list args)
{
	struct diagnostic *entry =
		next_entry(diagnostics, MUK_ERR_INPUT, document ? document->name : diagnostics->path);

	if (!entry)
		return;
	entry->line = line;
	entry->column = column;
	entry->width = width;
	copy(entry->key, sizeof(entry->key), key);
	copy(entry->hint, sizeof(entry->hint), hint);
	vsnprintf(entry->text, sizeof(entry->text), format, args);
	entry->source = document && line ? document_line(document, line) : NULL;
	drop_if_said(diagnostics);
}

void diagnose_place(struct diagnostics *diagnostics, const struct yaml_document *document, int line, int column,
                    int width, const char *key, const char *hint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diagnostics, document, line, column, width, key, hint, format, args);
	va_end(args);
}

void diagnose(struct diagnostics *diagnostics, const struct yaml_node *node, const char *hint, const char *format, ...)
{
	char key[128] = "";
	va_list args;

	va_start(args, format);
	yaml_path(node, key, sizeof(key));
	if (node)
		add(diagnostics, node->document, node->line, node->column, node->width, key, hint, format, args);
	else
		add(diagnostics, NULL, 0, 0, 0, key, hint, format, args);
	va_end(args);
}

void diagnose_key(struct diagnostics *diagnostics, const struct yaml_node *mapping, const char *key, const char *hint,
                  const char *format, ...)
{
	const struct yaml_node *child = node_child(mapping, key);
	char path[128];
	va_list args;

	yaml_path(mapping, path, sizeof(path));
	size_t used = strlen(path);
	snprintf(path + used, sizeof(path) - used, "%s%s", used ? "." : "", key);
	va_start(args, format);
	if (child)
		add(diagnostics, child->document, child->key_line, child->key_column, text_columns(key, strlen(key)),
		    path, hint, format, args);
	else
		add(diagnostics, mapping->document, mapping->line, mapping->column, 1, path, hint, format, args);
	va_end(args);
}

/* The column of a scalar's text, if the text stands in its line as it is; 0 if it was escaped, folded or replaced. */
static int text_column(const struct yaml_node *node)
{
	char *line = document_line(node->document, node->line);
	int column = node->column;
	const char *at = line;

	for (int n = 1; at && *at && n < node->column; n++)
		do
			at++;
		while (((unsigned char)*at & 0xc0) == 0x80);
	if (at && node->quoted && *at) {
		at++;
		column++;
	}
	if (!at || strncmp(at, node->text, strlen(node->text)))
		column = 0;
	free(line);
	return column;
}

void diagnose_within(struct diagnostics *diagnostics, const struct yaml_node *node, int offset, const char *hint,
                     const char *format, ...)
{
	int column = text_column(node);
	char key[128];
	va_list args;

	yaml_path(node, key, sizeof(key));
	va_start(args, format);
	add(diagnostics, node->document, node->line, column ? column + offset - 1 : node->column,
	    column ? 1 : node->width, key, hint, format, args);
	va_end(args);
}

void diagnose_file(struct diagnostics *diagnostics, enum muk_err code, const char *path, const char *hint,
                   const char *format, ...)
{
	struct diagnostic *entry = next_entry(diagnostics, code, path);
	va_list args;

	if (!entry)
		return;
	copy(entry->hint, sizeof(entry->hint), hint);
	va_start(args, format);
	vsnprintf(entry->text, sizeof(entry->text), format, args);
	va_end(args);
	drop_if_said(diagnostics);
}

/* The order of files is that in which they were first complained of. */
static unsigned rank(const struct diagnostics *diagnostics, const char *path)
{
	unsigned n = 0;

	while (strcmp(diagnostics->entry[n].path, path))
		n++;
	return n;
}

static bool comes_before(const struct diagnostics *diagnostics, const unsigned *ranks, unsigned a, unsigned b)
{
	const struct diagnostic *x = &diagnostics->entry[a], *y = &diagnostics->entry[b];

	if (ranks[a] != ranks[b])
		return ranks[a] < ranks[b];
	if (x->line != y->line)
		return x->line < y->line;
	return x->column < y->column;
}

/* Fills order with the entries' numbers by place, equal places as they came; returns how many. */
static unsigned sort(const struct diagnostics *diagnostics, unsigned order[static DIAGNOSTICS_MAX])
{
	unsigned count = diagnostics->count < DIAGNOSTICS_MAX ? diagnostics->count : DIAGNOSTICS_MAX;
	unsigned ranks[DIAGNOSTICS_MAX];

	for (unsigned n = 0; n < count; n++)
		ranks[n] = rank(diagnostics, diagnostics->entry[n].path);
	for (unsigned n = 0; n < count; n++) {
		unsigned at = n;
		for (; at && comes_before(diagnostics, ranks, n, order[at - 1]); at--)
			order[at] = order[at - 1];
		order[at] = n;
	}
	return count;
}

static void show_place(FILE *out, const struct diagnostic *entry)
{
	if (entry->path[0])
		fprintf(out, "%s:", entry->path);
	if (entry->line)
		fprintf(out, "%d:%d:", entry->line, entry->column);
	if (entry->path[0] || entry->line)
		fputc(' ', out);
}

/* A line as it can be shown: what is no printable text becomes "?", tabs blanks; every character keeps its column. */
static char *showable(const char *line)
{
	size_t size = strlen(line);
	char *text = calloc(1, size + 1);

	for (size_t in = 0, out = 0; text && in < size;) {
		uint32_t point = 0;
		unsigned length = text_decode(line + in, size - in, &point);

		if (length && text_is_printable(point)) {
			memcpy(text + out, line + in, length);
			out += length;
		} else {
			text[out++] = point == '\t' ? ' ' : '?';
		}
		in += length ? length : 1;
	}
	return text;
}

/* Goes on by so many characters. */
static const char *skip(const char *text, int characters)
{
	for (; characters > 0 && *text; characters--)
		do
			text++;
		while (((unsigned char)*text & 0xc0) == 0x80);
	return text;
}

/* Lines longer than a terminal's are shown around the place. */
static void show_source(FILE *out, const struct diagnostic *entry)
{
	enum { SHOWN = 96, BEFORE = 60 };
	char *text = showable(entry->source);
	int cut = entry->column > SHOWN ? entry->column - BEFORE : 0, column = entry->column - cut;

	if (!text)
		return;
	const char *begin = skip(text, cut), *end = skip(begin, SHOWN);
	int room = text_columns(begin, (size_t)(end - begin)) - column + 1;
	fprintf(out, "%5d | %.*s\n      | %*s^", entry->line, (int)(end - begin), begin, column - 1, "");
	for (int width = entry->width < room ? entry->width : room; width > 1; width--)
		fputc('~', out);
	fputc('\n', out);
	free(text);
}

static void show(FILE *out, const struct diagnostic *entry)
{
	show_place(out, entry);
	fprintf(out, "error: %s%s%s\n", entry->key, entry->key[0] ? ": " : "", entry->text);
	if (entry->source && entry->line)
		show_source(out, entry);
	if (entry->hint[0])
		fprintf(out, "   hint: %s\n", entry->hint);
}

char *diagnostics_render(struct diagnostics *diagnostics)
{
	unsigned order[DIAGNOSTICS_MAX];
	unsigned count = sort(diagnostics, order);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (unsigned n = 0; n < count; n++)
		show(out, &diagnostics->entry[order[n]]);
	if (diagnostics->count > DIAGNOSTICS_MAX)
		fprintf(out, "and %u more errors\n", diagnostics->count - DIAGNOSTICS_MAX);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

enum muk_err diagnostics_error(const struct diagnostics *diagnostics, struct muk_error *error)
{
	unsigned order[DIAGNOSTICS_MAX];

	if (!sort(diagnostics, order))
		return MUK_OK;
	const struct diagnostic *first = &diagnostics->entry[order[0]];
	return error_at(error, first->code, first->path, first->line, first->column, "%s%s%s", first->key,
	                first->key[0] ? ": " : "", first->text);
}
