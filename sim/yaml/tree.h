/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share. */
#pragma once
#include "sim/yaml/yaml.h"

/* A text and its names.  Counted by the nodes that point into it. */
struct yaml_document {
	unsigned references;
	char *name;          /* as given */
	const char *origin;  /* the base name, within name */
	char *text;
	size_t size;
};

/* Copies name and text; one reference is the caller's. NULL: out of memory. */
struct yaml_document *document_new(const char *name, const char *text, size_t size);
void document_release(struct yaml_document *document);
/* A copy of line (from 1) without its end, "" beyond the last; NULL: out of memory. */
char *document_line(const struct yaml_document *document, int line);

/* What text.c found: the place and what is there; offset SIZE_MAX for nothing. */
struct text_fault {
	size_t offset;
	int line, column;
	const char *expected, *got;
};
/*
 * The next thing at or after *from that a file may not hold: no UTF-8, a control character, a tab, a byte order mark.
 * *from and the place are carried along between calls: begin with all 0, line and column 1.
 */
struct text_cursor {
	size_t offset;
	int line, column;
};
bool text_next_fault(const char *text, size_t size, struct text_cursor *cursor, struct text_fault *fault);

/* A node of a document at a place; text is copied (NULL for a collection). NULL: out of memory. */
struct yaml_node *node_new(struct yaml_document *document, enum yaml_kind kind, const char *text, int line, int column);
/* Appends child to parent. */
void node_append(struct yaml_node *parent, struct yaml_node *child);
/* The child with a key, without counting as read; NULL for none. */
struct yaml_node *node_child(const struct yaml_node *mapping, const char *key);
/* Makes node hold a copy of text as a scalar of another place; its children go. False: out of memory. */
bool node_become_scalar(struct yaml_node *node, struct yaml_document *document, const char *text, bool quoted, int line,
                        int column, int width);
/* Decodes the code point at text[0..size-1], size > 0; returns its length in bytes, 0 if it is no UTF-8. */
unsigned text_decode(const char *text, size_t size, uint32_t *point);
/* Whether a code point is one that text_next_fault lets pass. */
bool text_is_printable(uint32_t point);
/* Makes node an empty mapping. */
void node_become_mapping(struct yaml_node *node);
/* Code points of a UTF-8 text: its columns. */
int text_columns(const char *text, size_t size);

/* The general form of diagnose: document may be NULL. */
void diagnose_place(struct diagnostics *diagnostics, const struct yaml_document *document, int line, int column,
                    int width, const char *key, const char *hint, const char *format, ...)
	__attribute__((format(printf, 8, 9)));
