/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * YAML with places: a tree whose every node knows its file, line and column;
 * quantities with units; and diagnostics, all of a file in one pass:
 *
 *   i486.yaml:14:12: error: tlb.entries: expected an integer 1..4096, got "32x"
 *      14 |     entries: 32x
 *         |              ^~~
 *      hint: did you mean "32"?
 *
 *   document.c     the text that nodes point into
 *   text.c         what of UTF-8 a file may hold
 *   parse.c        events -> tree
 *   tree.c         making, finding, freeing, merging nodes; paths
 *   read.c quantity.c unknown.c    from nodes to C
 *   set.c print.c nearest.c diagnostics.c
 *
 * The accepted language is a small part of YAML 1.1: no anchors, aliases, tags, merge keys, tabs or second document; no
 * other booleans than true and false; keys are unique; at most 32 levels, 16384 values, 1 MiB.
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/types.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };
enum { YAML_DEPTH_MAX = 32, YAML_VALUES_MAX = 16384, YAML_KEY_MAX = 96, YAML_FILE_MAX = 1 << 20 };

struct yaml_document; /* document.c */

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
	bool overridden;              /* by yaml_set or yaml_override */
	bool bad;                     /* already diagnosed: readers pass it over in silence */
	struct yaml_document *document; /* counted: trees of several files can be merged */
	char **asked;                 /* mapping: the keys that readers asked for */
	unsigned asked_count;
};

enum { DIAGNOSTICS_MAX = 50 };

struct diagnostic {
	enum muk_err code;
	char path[256];
	int line, column, width;
	char key[128];                /* "tlb.entries" */
	char text[512], hint[256];
	char *source;                 /* the line, or NULL */
};
struct diagnostics {
	struct diagnostic entry[DIAGNOSTICS_MAX];
	unsigned count;               /* may exceed DIAGNOSTICS_MAX: the rest is only counted */
	char path[256];               /* the file that was parsed last: for what concerns it as a whole */
};

void diagnostics_init(struct diagnostics *diagnostics);
void diagnostics_free(struct diagnostics *diagnostics);
/* Adds one about a node (NULL: about the file as a whole); hint may be NULL. */
void diagnose(struct diagnostics *diagnostics, const struct yaml_node *node, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Adds one about a place within a scalar's text: offset from 1. */
void diagnose_within(struct diagnostics *diagnostics, const struct yaml_node *node, int offset, const char *hint,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Adds one about a key that a mapping has (the place is the key's), or lacks (the place is the mapping's). */
void diagnose_key(struct diagnostics *diagnostics, const struct yaml_node *mapping, const char *key, const char *hint,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Adds one about a file that could not be read: code is MUK_ERR_IO or MUK_ERR_INPUT. */
void diagnose_file(struct diagnostics *diagnostics, enum muk_err code, const char *path, const char *hint,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));
/* All of them, sorted by place, as above, into a string that the caller frees; NULL when memory is exhausted. */
char *diagnostics_render(struct diagnostics *diagnostics);
/* The first, as a struct muk_error; its code. MUK_OK if there is none. */
enum muk_err diagnostics_error(const struct diagnostics *diagnostics, struct muk_error *error);

/* Parses; NULL if nothing could be made of it (then diagnostics has why). name is for messages. The root is a
 * mapping. */
struct yaml_node *yaml_parse(const char *name, const char *text, size_t size, struct diagnostics *diagnostics);
struct yaml_node *yaml_parse_file(const char *path, struct diagnostics *diagnostics);
/* Frees a tree, or a node that is in none. (libyaml itself exports a yaml_free.) */
void yaml_destroy(struct yaml_node *root);
/*
 * Overrides (or adds) a scalar at a dotted path: "tlb.entries=64". Errors are diagnosed with origin "--set".
 * Keys may have dots themselves (cost keys): the longest key that matches is taken.
 */
bool yaml_set(struct yaml_node *root, const char *assignment, struct diagnostics *diagnostics);
/* The same from a node: path is dotted, the value (and its place) is a copy of value's text. */
bool yaml_override(struct yaml_node *root, const char *path, const struct yaml_node *value,
                   struct diagnostics *diagnostics);
/* Lays over over base, mapping by mapping: what over has wins. Consumes both; the result has base's order. */
struct yaml_node *yaml_merge(struct yaml_node *base, struct yaml_node *over);
/* A deep copy, of which nothing has been read yet; NULL when memory is exhausted. */
struct yaml_node *yaml_copy(const struct yaml_node *root);
/* An empty mapping with the place of another node; NULL when memory is exhausted. */
struct yaml_node *yaml_empty(const struct yaml_node *like);
/* Makes child (which has a key, and is in no tree) a child of mapping, in the place of one of the same key. */
void yaml_adopt(struct yaml_node *mapping, struct yaml_node *child);
/* The same, but beside one of the same key: yaml_find finds the first, ->next goes on. */
void yaml_adopt_also(struct yaml_node *mapping, struct yaml_node *child);
/* Whether anything below was diagnosed by the parser. */
bool yaml_has_bad(const struct yaml_node *root);
/* The tree as YAML text again, keys in their order, for storing what was resolved; the caller frees. */
char *yaml_print(const struct yaml_node *root);
/* The dotted path of a node. */
void yaml_path(const struct yaml_node *node, char *text, size_t size);
/* What a node holds, for "got ...": "32x" in quotes and made printable, "nothing", "a mapping", "a list". */
const char *yaml_got(const struct yaml_node *node, char *text, size_t size);
/* The candidate nearest to word by edit distance, if it is near enough to be meant; else NULL. */
const char *yaml_nearest(const char *word, const char *const *candidates, unsigned n);

/* Readers: each marks the node used, diagnoses what is wrong, and returns whether *out was set. required false: absent
 * is fine and leaves *out. */
struct yaml_node *yaml_get(struct yaml_node *mapping, const char *key, enum yaml_kind kind, bool required,
                           struct diagnostics *diagnostics);
/* The child of a key, of any kind, NULL for none. Counts as asked for and as read. */
struct yaml_node *yaml_find(struct yaml_node *mapping, const char *key);
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
/* The same readers of a node itself, as in a list. */
bool yaml_node_uint(struct yaml_node *node, uint64_t least, uint64_t most, uint64_t *out,
                    struct diagnostics *diagnostics);
bool yaml_node_bool(struct yaml_node *node, bool *out, struct diagnostics *diagnostics);
bool yaml_node_string(struct yaml_node *node, size_t size, char *out, struct diagnostics *diagnostics);
bool yaml_node_quantity(struct yaml_node *node, enum yaml_unit unit, uint64_t hertz, uint64_t least, uint64_t most,
                        uint64_t *out, struct diagnostics *diagnostics);
/* Whether a node is of a kind, diagnosing it if not. */
bool yaml_is(struct yaml_node *node, enum yaml_kind kind, struct diagnostics *diagnostics);
/* Marks a node and everything below as read. */
void yaml_use(struct yaml_node *node);
/* Every node below that nobody read is an unknown key; "did you mean" is of the keys that were asked for. */
void yaml_reject_unknown(struct yaml_node *root, struct diagnostics *diagnostics);
