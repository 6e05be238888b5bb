/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From nodes to C: integers, booleans, strings, words. */
#include "sim/yaml/tree.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { GOT = 80 };

/* Remembers that a key was asked for, for the hints to unknown keys. Where memory ends, a hint is less good. */
static void remember_asked(struct yaml_node *mapping, const char *key)
{
	for (unsigned n = 0; n < mapping->asked_count; n++)
		if (!strcmp(mapping->asked[n], key))
			return;
	char **more = realloc(mapping->asked, (mapping->asked_count + 1) * sizeof(*more));
	if (!more)
		return;
	mapping->asked = more;
	char *copy = strdup(key);
	if (copy)
		more[mapping->asked_count++] = copy;
}

struct yaml_node *yaml_find(struct yaml_node *mapping, const char *key)
{
	remember_asked(mapping, key);
	struct yaml_node *child = node_child(mapping, key);
	if (child)
		child->used = true;
	return child;
}

static const char *kind_name(enum yaml_kind kind)
{
	return kind == YAML_SCALAR ? "a value" : kind == YAML_SEQUENCE ? "a list" : "a mapping";
}

bool yaml_is(struct yaml_node *node, enum yaml_kind kind, struct diagnostics *diagnostics)
{
	char got[GOT];

	node->used = true;
	if (node->bad)
		return false;
	if (node->kind == kind && (kind != YAML_SCALAR || node->text[0] || node->quoted))
		return true;
	diagnose(diagnostics, node, NULL, "expected %s, got %s", kind_name(kind), yaml_got(node, got, sizeof(got)));
	return false;
}

struct yaml_node *yaml_get(struct yaml_node *mapping, const char *key, enum yaml_kind kind, bool required,
                           struct diagnostics *diagnostics)
{
	struct yaml_node *child = yaml_find(mapping, key);

	if (!child) {
		if (required)
			diagnose_key(diagnostics, mapping, key, NULL, "expected %s, got nothing: the key is missing",
			             kind_name(kind));
		return NULL;
	}
	return yaml_is(child, kind, diagnostics) ? child : NULL;
}

static bool is_digits(const char *text)
{
	return text[0] && text[strspn(text, "0123456789")] == '\0';
}

/* What somebody who wrote this text for a number may have meant. */
static void number_hint(const struct yaml_node *node, char *hint, size_t size)
{
	size_t digits = strspn(node->text, "0123456789");
	unsigned zeros = (unsigned)strspn(node->text, "0");

	hint[0] = '\0';
	if (node->quoted && is_digits(node->text))
		snprintf(hint, size, "write %.40s without quotes", node->text);
	else if (is_digits(node->text) && zeros && digits > 1)
		snprintf(hint, size, "write %.40s: numbers are decimal", digits == zeros ? "0" : node->text + zeros);
	else if (digits && digits < 20 && !node->quoted)
		snprintf(hint, size, "did you mean \"%.*s\"?", (int)digits, node->text);
}

/* A decimal number that is written in the one right way; false also if it has no place in 64 bits. */
static bool plain_number(const char *text, uint64_t *out)
{
	uint64_t value = 0;

	if (!is_digits(text) || (text[0] == '0' && text[1]))
		return false;
	for (; *text; text++) {
		unsigned digit = (unsigned)(*text - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

bool yaml_node_uint(struct yaml_node *node, uint64_t least, uint64_t most, uint64_t *out,
                    struct diagnostics *diagnostics)
{
	char hint[96] = "", got[GOT];
	uint64_t value;
	bool number = node->kind == YAML_SCALAR && !node->quoted && plain_number(node->text, &value);

	node->used = true;
	if (node->bad)
		return false;
	if (number && value >= least && value <= most) {
		*out = value;
		return true;
	}
	if (node->kind == YAML_SCALAR && !number)
		number_hint(node, hint, sizeof(hint));
	if (least == most)
		diagnose(diagnostics, node, hint, "expected %" PRIu64 ", got %s", least,
		         yaml_got(node, got, sizeof(got)));
	else
		diagnose(diagnostics, node, hint, "expected an integer %" PRIu64 "..%" PRIu64 ", got %s", least, most,
		         yaml_got(node, got, sizeof(got)));
	return false;
}

/* Diagnoses a key that is missing if it is required. */
static struct yaml_node *find_for(struct yaml_node *mapping, const char *key, bool required, const char *expected,
                                  struct diagnostics *diagnostics)
{
	struct yaml_node *child = yaml_find(mapping, key);

	if (!child && required)
		diagnose_key(diagnostics, mapping, key, NULL, "expected %s, got nothing: the key is missing", expected);
	return child;
}

bool yaml_uint(struct yaml_node *mapping, const char *key, bool required, uint64_t least, uint64_t most, uint64_t *out,
               struct diagnostics *diagnostics)
{
	char expected[64];

	snprintf(expected, sizeof(expected), least == most ? "%" PRIu64 : "an integer %" PRIu64 "..%" PRIu64, least,
	         most);
	struct yaml_node *child = find_for(mapping, key, required, expected, diagnostics);
	return child && yaml_node_uint(child, least, most, out, diagnostics);
}

bool yaml_node_bool(struct yaml_node *node, bool *out, struct diagnostics *diagnostics)
{
	char got[GOT];

	node->used = true;
	if (node->bad)
		return false;
	bool yes = node->kind == YAML_SCALAR && !strcmp(node->text, "true");
	bool no = node->kind == YAML_SCALAR && !strcmp(node->text, "false");
	if ((yes || no) && !node->quoted) {
		*out = yes;
		return true;
	}
	diagnose(diagnostics, node, yes || no ? "write it without quotes" : NULL, "expected true or false, got %s",
	         yaml_got(node, got, sizeof(got)));
	return false;
}

bool yaml_bool(struct yaml_node *mapping, const char *key, bool required, bool *out, struct diagnostics *diagnostics)
{
	struct yaml_node *child = find_for(mapping, key, required, "true or false", diagnostics);

	return child && yaml_node_bool(child, out, diagnostics);
}

bool yaml_node_string(struct yaml_node *node, size_t size, char *out, struct diagnostics *diagnostics)
{
	if (!yaml_is(node, YAML_SCALAR, diagnostics))
		return false;
	if (strlen(node->text) >= size) {
		diagnose(diagnostics, node, NULL, "expected at most %zu bytes, got %zu", size - 1, strlen(node->text));
		return false;
	}
	memcpy(out, node->text, strlen(node->text) + 1);
	return true;
}

bool yaml_string(struct yaml_node *mapping, const char *key, bool required, size_t size, char *out,
                 struct diagnostics *diagnostics)
{
	struct yaml_node *child = find_for(mapping, key, required, "a text", diagnostics);

	return child && yaml_node_string(child, size, out, diagnostics);
}

/* "a, b or c" */
static void list_words(const char *const *words, unsigned n, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ",
		                         words[i]);
}

static void refuse_word(const struct yaml_node *node, const char *const *words, unsigned n,
                        struct diagnostics *diagnostics)
{
	char all[256], got[GOT], hint[128] = "";
	const char *nearest = node->kind == YAML_SCALAR ? yaml_nearest(node->text, words, n) : NULL;

	list_words(words, n, all, sizeof(all));
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%s\"?", nearest);
	diagnose(diagnostics, node, hint, "expected %s, got %s", all, yaml_got(node, got, sizeof(got)));
}

bool yaml_word(struct yaml_node *mapping, const char *key, bool required, const char *const *words, unsigned n,
               unsigned *out, struct diagnostics *diagnostics)
{
	char all[256];

	list_words(words, n, all, sizeof(all));
	struct yaml_node *child = find_for(mapping, key, required, all, diagnostics);
	if (!child || child->bad)
		return false;
	for (unsigned i = 0; child->kind == YAML_SCALAR && i < n; i++)
		if (!strcmp(child->text, words[i])) {
			*out = i;
			return true;
		}
	refuse_word(child, words, n, diagnostics);
	return false;
}
