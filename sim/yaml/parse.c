/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of libyaml -> tree.
 *
 *            mapping start        scalar (a key)          value complete
 *   EXPECT_KEY <---------- ... ---------------> EXPECT_VALUE -----------> EXPECT_KEY
 *       take_key                                  take_value
 *
 * Invariants
 *   1. text.c has looked at every byte before libyaml sees it: libyaml's reader cannot fail but for memory.
 *   2. the first syntax error ends the parse, and no tree comes of it; what this file itself refuses (duplicate
 *      keys, anchors, aliases, tags, words that old YAML takes for booleans) is diagnosed and the parse goes on, so
 *      that all is said in one pass.
 *   3. level <= YAML_DEPTH_MAX and values <= YAML_VALUES_MAX at every event, so all recursion over trees is
 *      bounded, and so is the search for duplicates.
 */
#include "sim/yaml/tree.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

struct parse {
	yaml_parser_t parser;
	struct yaml_document *document;
	struct diagnostics *diagnostics;
	struct yaml_node *root;
	struct yaml_node *open[YAML_DEPTH_MAX]; /* collections not ended, outermost first */
	unsigned level;
	unsigned values;
	bool have_key;                          /* of the innermost mapping */
	char key[YAML_KEY_MAX + 1];
	int key_line, key_column;
	unsigned documents;
	bool stop;                              /* said why; nothing will come of it */
};

/* --- what is refused --- */

static int width_of(yaml_mark_t start, yaml_mark_t end)
{
	enum { TO_THE_END = 4096 };

	return start.line == end.line ? (int)(end.column - start.column) : TO_THE_END;
}

__attribute__((format(printf, 4, 5))) static void refuse(struct parse *parse, const yaml_event_t *event,
                                                         const char *hint, const char *format, ...)
{
	char text[256], key[128] = "";
	size_t used;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (parse->level)
		yaml_path(parse->open[parse->level - 1], key, sizeof(key));
	used = strlen(key);
	if (parse->have_key)
		snprintf(key + used, sizeof(key) - used, "%s%s", used ? "." : "", parse->key);
	diagnose_place(parse->diagnostics, parse->document, (int)event->start_mark.line + 1,
	               (int)event->start_mark.column + 1, width_of(event->start_mark, event->end_mark), key, hint, "%s",
	               text);
}

static void refuse_and_stop(struct parse *parse, const yaml_event_t *event, const char *what)
{
	refuse(parse, event, NULL, "%s", what);
	parse->stop = true;
}

/* Anchors and tags: the same for all kinds of values. */
static void check_decoration(struct parse *parse, const yaml_event_t *event, const yaml_char_t *anchor,
                             const yaml_char_t *tag)
{
	if (anchor)
		refuse(parse, event, "write the value out where it is needed", "expected a value, got an anchor");
	if (tag)
		refuse(parse, event, NULL, "expected a value, got a tag");
}

/* Words that YAML 1.1 reads as booleans, and that somebody may have meant as words. */
static bool is_old_boolean(const char *text)
{
	static const char *const words[] = {"yes", "no", "on", "off", "y", "n"};

	for (unsigned n = 0; n < sizeof(words) / sizeof(words[0]); n++)
		if (!strcasecmp(text, words[n]))
			return true;
	return (!strcasecmp(text, "true") && strcmp(text, "true")) ||
	       (!strcasecmp(text, "false") && strcmp(text, "false"));
}

static void check_scalar(struct parse *parse, const yaml_event_t *event, struct yaml_node *node)
{
	if (strlen(node->text) != event->data.scalar.length) {
		refuse(parse, event, NULL, "expected text, got a zero byte in it");
		node->bad = true;
	} else if (!node->quoted && is_old_boolean(node->text)) {
		refuse(parse, event, "write true or false, or put the word in quotes",
		       "expected true, false or a word in quotes, got \"%s\"", node->text);
		node->bad = true;
	}
}

/* --- building --- */

/* Gives a new node its place in the tree; a value whose key was there already is diagnosed and dropped later on. */
static void attach(struct parse *parse, struct yaml_node *node)
{
	struct yaml_node *parent = parse->level ? parse->open[parse->level - 1] : NULL;

	if (!parent) {
		parse->root = node;
		return;
	}
	if (parent->kind == YAML_MAPPING) {
		node->key = strdup(parse->key);
		node->key_line = parse->key_line;
		node->key_column = parse->key_column;
		parse->have_key = false;
		if (!node->key)
			parse->stop = true;
	}
	node_append(parent, node);
}

static struct yaml_node *take_node(struct parse *parse, const yaml_event_t *event, enum yaml_kind kind,
                                   const char *text)
{
	struct yaml_node *node = NULL;

	if (++parse->values > YAML_VALUES_MAX)
		refuse_and_stop(parse, event, "expected at most 16384 values in a file, got more");
	else if (!(node = node_new(parse->document, kind, text, (int)event->start_mark.line + 1,
	                           (int)event->start_mark.column + 1)))
		parse->stop = true;
	else
		node->width = width_of(event->start_mark, event->end_mark);
	return node;
}

static void take_scalar(struct parse *parse, const yaml_event_t *event)
{
	struct yaml_node *node = take_node(parse, event, YAML_SCALAR, (const char *)event->data.scalar.value);

	if (!node)
		return;
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	check_decoration(parse, event, event->data.scalar.anchor, event->data.scalar.tag);
	check_scalar(parse, event, node);
	attach(parse, node);
}

static void take_collection(struct parse *parse, const yaml_event_t *event, enum yaml_kind kind)
{
	if (parse->level == YAML_DEPTH_MAX) {
		refuse_and_stop(parse, event, "expected at most 32 levels of lists and mappings, got more");
		return;
	}
	struct yaml_node *node = take_node(parse, event, kind, NULL);
	if (!node)
		return;
	if (kind == YAML_MAPPING)
		check_decoration(parse, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
	else
		check_decoration(parse, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
	node->width = 1;
	attach(parse, node);
	parse->open[parse->level++] = node;
}

static void take_alias(struct parse *parse, const yaml_event_t *event)
{
	struct yaml_node *node = take_node(parse, event, YAML_SCALAR, "");

	if (!node)
		return;
	refuse(parse, event, "write the value out where it is needed", "expected a value, got an alias");
	node->bad = true;
	attach(parse, node);
}

static void take_key(struct parse *parse, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t size = event->data.scalar.length;

	if (event->type != YAML_SCALAR_EVENT || strlen(text) != size || !size || size > YAML_KEY_MAX) {
		refuse_and_stop(parse, event, "expected a key of 1 to 96 bytes");
		return;
	}
	check_decoration(parse, event, event->data.scalar.anchor, event->data.scalar.tag);
	memcpy(parse->key, text, size + 1);
	parse->key_line = (int)event->start_mark.line + 1;
	parse->key_column = (int)event->start_mark.column + 1;
	const struct yaml_node *other = node_child(parse->open[parse->level - 1], text);
	parse->have_key = true;
	if (other)
		refuse(parse, event, NULL, "duplicate key, first in line %d", other->key_line);
	else if (!strcmp(text, "<<"))
		refuse(parse, event, "write the values out", "expected a key, got a merge key");
}

static void take_document(struct parse *parse, const yaml_event_t *event)
{
	if (parse->documents++)
		refuse_and_stop(parse, event, "expected one document, got a second");
	else if (event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end)
		refuse(parse, event, NULL, "expected no directive, got %%TAG");
}

static void take_event(struct parse *parse, const yaml_event_t *event)
{
	bool ends = event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT;

	if (ends)
		parse->level--;
	else if (event->type == YAML_DOCUMENT_START_EVENT)
		take_document(parse, event);
	else if (event->type == YAML_STREAM_START_EVENT || event->type == YAML_STREAM_END_EVENT ||
	         event->type == YAML_DOCUMENT_END_EVENT)
		return;
	else if (parse->level && parse->open[parse->level - 1]->kind == YAML_MAPPING && !parse->have_key)
		take_key(parse, event);
	else if (event->type == YAML_SCALAR_EVENT)
		take_scalar(parse, event);
	else if (event->type == YAML_ALIAS_EVENT)
		take_alias(parse, event);
	else
		take_collection(parse, event, event->type == YAML_MAPPING_START_EVENT ? YAML_MAPPING : YAML_SEQUENCE);
}

/* --- the whole --- */

/* libyaml's own words, turned so that they say what was expected. */
static void refuse_syntax(struct parse *parse)
{
	const yaml_parser_t *parser = &parse->parser;
	const char *problem = parser->problem ? parser->problem : "memory exhausted";

	diagnose_place(parse->diagnostics, parse->document, (int)parser->problem_mark.line + 1,
	               (int)parser->problem_mark.column + 1, 1, "", NULL, "expected YAML, but the parser %s%s%s%s",
	               strncmp(problem, "found", 5) && strncmp(problem, "did", 3) ? "says: " : "", problem,
	               parser->context ? " " : "", parser->context ? parser->context : "");
}

static void run_events(struct parse *parse, bool tabs)
{
	bool end = false;

	while (!end && !parse->stop) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parse->parser, &event)) {
			if (!tabs) /* where there were tabs, they are the reason */
				refuse_syntax(parse);
			parse->stop = true;
			return;
		}
		end = event.type == YAML_STREAM_END_EVENT;
		take_event(parse, &event);
		yaml_event_delete(&event);
	}
}

/* Diagnoses what text.c finds, a line once; tabs become blanks, so that the parse can go on. False if it cannot. */
static bool clean_text(struct parse *parse, char *text, size_t size, bool *tabs)
{
	struct text_cursor cursor = {.line = 1, .column = 1};
	struct text_fault fault;
	int last_line = 0;
	bool good = true;

	while (text_next_fault(text, size, &cursor, &fault)) {
		if (fault.line != last_line)
			diagnose_place(parse->diagnostics, parse->document, fault.line, fault.column, 1, "", NULL,
			               "expected %s, got %s", fault.expected, fault.got);
		last_line = fault.line;
		if (text[fault.offset] == '\t') {
			text[fault.offset] = ' ';
			*tabs = true;
		} else {
			good = false;
		}
	}
	return good;
}

static void parse_text(struct parse *parse, char *text, size_t size)
{
	bool tabs = false;

	if (!clean_text(parse, text, size, &tabs))
		return;
	if (!yaml_parser_initialize(&parse->parser)) {
		diagnose(parse->diagnostics, NULL, NULL, "the host's memory is exhausted");
		return;
	}
	yaml_parser_set_encoding(&parse->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parse->parser, (const unsigned char *)text, size);
	run_events(parse, tabs);
	yaml_parser_delete(&parse->parser);
}

/* The tree, if one came of it and it is a mapping. */
static struct yaml_node *finish(struct parse *parse)
{
	struct yaml_node *root = parse->root;

	if (!parse->stop && root && root->kind == YAML_MAPPING)
		return root;
	if (!parse->diagnostics->count) {
		bool nothing = !root || (root->kind == YAML_SCALAR && !root->text[0]);
		const char *got = nothing ? "nothing" : root->kind == YAML_SEQUENCE ? "a list" : "a word";

		diagnose_place(parse->diagnostics, parse->document, 1, 1, 1, "", NULL,
		               "expected a mapping of keys, got %s", got);
	}
	yaml_destroy(root);
	return NULL;
}

struct yaml_node *yaml_parse(const char *name, const char *text, size_t size, struct diagnostics *diagnostics)
{
	struct parse parse = {.diagnostics = diagnostics};
	char *copy;

	snprintf(diagnostics->path, sizeof(diagnostics->path), "%s", name);
	if (size > YAML_FILE_MAX) {
		diagnose(diagnostics, NULL, NULL, "expected at most 1 MiB, got %zu bytes", size);
		return NULL;
	}
	parse.document = document_new(name, text, size);
	copy = malloc(size + 1);
	if (!parse.document || !copy) {
		diagnose(diagnostics, NULL, NULL, "the host's memory is exhausted");
		document_release(parse.document);
		free(copy);
		return NULL;
	}
	memcpy(copy, parse.document->text, size + 1);
	parse_text(&parse, copy, size);
	struct yaml_node *root = finish(&parse);
	document_release(parse.document);
	free(copy);
	return root;
}

/* Reads a whole file. Of one longer than YAML_FILE_MAX one byte more is read, so that yaml_parse refuses it. */
static char *read_file(const char *path, size_t *size, struct diagnostics *diagnostics)
{
	struct stat status;
	FILE *file = fopen(path, "rb");
	char *text = malloc(YAML_FILE_MAX + 1);

	if (!file || !text || fstat(fileno(file), &status)) {
		diagnose_file(diagnostics, MUK_ERR_IO, path, NULL, "cannot be read: %s", strerror(errno));
	} else if (S_ISDIR(status.st_mode)) {
		diagnose_file(diagnostics, MUK_ERR_IO, path, NULL, "cannot be read: it is a directory");
	} else {
		*size = fread(text, 1, YAML_FILE_MAX + 1, file);
		if (!ferror(file)) {
			fclose(file);
			return text;
		}
		diagnose_file(diagnostics, MUK_ERR_IO, path, NULL, "cannot be read: %s", strerror(errno));
	}
	if (file)
		fclose(file);
	free(text);
	return NULL;
}

struct yaml_node *yaml_parse_file(const char *path, struct diagnostics *diagnostics)
{
	size_t size;
	char *text = read_file(path, &size, diagnostics);
	struct yaml_node *root = text ? yaml_parse(path, text, size, diagnostics) : NULL;

	free(text);
	return root;
}
