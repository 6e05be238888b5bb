/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * YAML with places: a tree whose every node knows its file, line and column;
 * quantities with units; and diagnostics, all of a file in one pass:
 *
 *   i486.yaml:14:12: error: tlb.entries: expected integer 1..4096, got "32x"
 *      14 |     entries: 32x
 *         |              ^~~
 *      hint: did you mean "32"?
 *
 * Duplicate keys, aliases to nothing, tabs, a second document, unknown keys are errors.
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/types.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
	enum yaml_kind kind;
	int line, column, width;      /* from 1; width of a scalar in columns */
	const char *file;             /* name as given, for messages */
	const char *origin;           /* base name, for records; "--set" for overrides */
	char *text;                   /* scalar */
	bool quoted;
	char *key;                    /* in a mapping */
	int key_line, key_column;
	struct yaml_node *parent, *first, *next; /* children in order */
	bool used;                    /* read by somebody: what is not is an unknown key */
};

enum { DIAGNOSTICS_MAX = 50 };

struct diagnostic {
	char path[256];
	int line, column, width;
	char key[128];                /* "tlb.entries" */
	char text[512], hint[256];
	char *source;                 /* the line, or NULL */
};
struct diagnostics {
	struct diagnostic entry[DIAGNOSTICS_MAX];
	unsigned count;               /* may exceed DIAGNOSTICS_MAX: the rest is only counted */
};

void diagnostics_init(struct diagnostics *diagnostics);
void diagnostics_free(struct diagnostics *diagnostics);
/* Adds one about a node (NULL: about the file as a whole); key is the dotted path, hint may be NULL. */
void diagnose(struct diagnostics *diagnostics, const struct yaml_node *node, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* All of them, sorted by place, as above, into a string that the caller frees. */
char *diagnostics_render(struct diagnostics *diagnostics);
/* The first, as a struct muk_error. */
enum muk_err diagnostics_error(const struct diagnostics *diagnostics, struct muk_error *error);

/* Parses; NULL if nothing could be made of it (then diagnostics has why). name is for messages. */
struct yaml_node *yaml_parse(const char *name, const char *text, size_t size, struct diagnostics *diagnostics);
struct yaml_node *yaml_parse_file(const char *path, struct diagnostics *diagnostics);
void yaml_free(struct yaml_node *root);
/* Overrides (or adds) a scalar at a dotted path: "tlb.entries=64". Errors are diagnosed with origin "--set". */
bool yaml_set(struct yaml_node *root, const char *assignment, struct diagnostics *diagnostics);
/* The tree as YAML text again, keys in their order, for storing what was resolved; the caller frees. */
char *yaml_print(const struct yaml_node *root);
/* The dotted path of a node. */
void yaml_path(const struct yaml_node *node, char *text, size_t size);

/* Readers: each marks the node used, diagnoses what is wrong, and returns whether *out was set. required false: absent is
 * fine and leaves *out. */
struct yaml_node *yaml_get(struct yaml_node *mapping, const char *key, enum yaml_kind kind, bool required,
                           struct diagnostics *diagnostics);
bool yaml_uint(struct yaml_node *mapping, const char *key, bool required, uint64_t least, uint64_t most, uint64_t *out,
               struct diagnostics *diagnostics);
bool yaml_bool(struct yaml_node *mapping, const char *key, bool required, bool *out, struct diagnostics *diagnostics);
bool yaml_string(struct yaml_node *mapping, const char *key, bool required, size_t size, char *out,
                 struct diagnostics *diagnostics);
/* One of words[0..n-1]; its index. A near miss gets a hint. */
bool yaml_word(struct yaml_node *mapping, const char *key, bool required, const char *const *words, unsigned n,
               unsigned *out, struct diagnostics *diagnostics);
/* Quantities: "25MHz" -> Hz; "8MiB" -> bytes; "300cyc", "12us" (needs hertz) -> cycles. */
enum yaml_unit { UNIT_HERTZ, UNIT_BYTES, UNIT_CYCLES };
bool yaml_quantity(struct yaml_node *mapping, const char *key, bool required, enum yaml_unit unit, uint64_t hertz,
                   uint64_t least, uint64_t most, uint64_t *out, struct diagnostics *diagnostics);
/* Every node below that nobody read is an unknown key; candidates for "did you mean" are the keys that were asked for. */
void yaml_reject_unknown(struct yaml_node *root, struct diagnostics *diagnostics);
