/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is YAML here, and what is not. */
#include "tests/unit/random.h"
#include "tests/unit/yaml/parsed.h"

Test(parse, nodes_know_their_places)
{
	struct parsed *p = parsed_new("a: 1\nlist:\n  - x\n  - {b: yy}\n");
	struct yaml_node *list = yaml_find(p->root, "list");
	struct yaml_node *b = yaml_find(list->first->next, "b");
	char path[64];

	cr_assert_eq(p->diagnostics.count, 0);
	cr_assert_eq(b->line, 4);
	cr_assert_eq(b->column, 9);
	cr_assert_eq(b->width, 2);
	cr_assert_eq(b->key_column, 6);
	yaml_path(b, path, sizeof(path));
	cr_assert_str_eq(path, "list[1].b");
	parsed_free(p);
}

Test(parse, a_place_counts_characters_and_not_bytes)
{
	struct parsed *p = parsed_new("{\"µµ\": 1, b: 2}\n");

	cr_assert_eq(yaml_find(p->root, "b")->column, 14);
	parsed_free(p);
}

Test(parse, the_origin_is_the_base_name)
{
	struct diagnostics diagnostics;

	diagnostics_init(&diagnostics);
	struct yaml_node *root = yaml_parse("/some/where/m.yaml", "a: 1", 4, &diagnostics);
	cr_assert_str_eq(root->origin, "m.yaml");
	cr_assert_str_eq(root->file, "/some/where/m.yaml");
	yaml_destroy(root);
	diagnostics_free(&diagnostics);
}

Test(parse, a_duplicate_key_is_said_with_its_first_line_and_the_first_stays)
{
	struct parsed *p = parsed_new("a: 1\nb: 2\na: 3\n");
	uint64_t a = 0;

	cr_assert_eq(p->diagnostics.count, 1);
	cr_assert_str_eq(p->diagnostics.entry[0].text, "duplicate key, first in line 1");
	cr_assert(yaml_uint(p->root, "a", true, 0, 9, &a, &p->diagnostics));
	cr_assert_eq(a, 1);
	parsed_free(p);
}

Test(parse, everything_wrong_is_said_in_one_pass)
{
	struct parsed *p = parsed_new("a: &x 1\nb: yes\nc: !t 2\na: 3\nd: *x\n");

	cr_assert_not_null(p->root);
	cr_assert_eq(p->diagnostics.count, 5, "%s", parsed_said(p));
	parsed_free(p);
}

Test(parse, words_that_old_yaml_takes_for_booleans_need_quotes)
{
	static const char *const words[] = {"yes", "No", "ON", "off", "y", "N", "True", "FALSE"};
	char text[32];

	for (unsigned n = 0; n < sizeof(words) / sizeof(words[0]); n++) {
		snprintf(text, sizeof(text), "a: %s\n", words[n]);
		struct parsed *p = parsed_new(text);
		cr_assert_eq(p->diagnostics.count, 1, "%s", words[n]);
		parsed_free(p);
		snprintf(text, sizeof(text), "a: \"%s\"\n", words[n]);
		p = parsed_new(text);
		cr_assert_eq(p->diagnostics.count, 0, "%s in quotes", words[n]);
		parsed_free(p);
	}
}

/* A text that is refused, and a part of what is said. */
static const struct {
	const char *text, *said;
} refused[] = {
	{"", "expected a mapping of keys, got nothing"},
	{"# only a comment\n", "expected a mapping of keys, got nothing"},
	{"word\n", "expected a mapping of keys, got a word"},
	{"- a\n", "expected a mapping of keys, got a list"},
	{"a: 1\n---\nb: 2\n", "expected one document, got a second"},
	{"a:\t1\n", "expected blanks, got a tab"},
	{"a: \"\xff\"\n", "expected UTF-8, got other bytes"},
	{"a: \"\xc0\x80\"\n", "expected UTF-8, got other bytes"},
	{"a: \"\xed\xa0\x80\"\n", "expected UTF-8, got other bytes"},
	{"\xef\xbb\xbf" "a: 1\n", "got a byte order mark"},
	{"a: 1\rb: 2\n", "expected a line feed"},
	{"a: \x07\n", "got a control character"},
	{"a: \"x\\0y\"\n", "expected text, got a zero byte in it"},
	{"<<: {a: 1}\n", "got a merge key"},
	{"? [a, b]\n: 1\n", "expected a key"},
	{"\"\": 1\n", "expected a key"},
	{"a: [1\nb: 2\n", "expected YAML, but the parser"},
	{"a: *nowhere\n", "expected a value, got an alias"},
	{"%TAG ! x\n---\na: 1\n", "got %TAG"},
};

Test(parse, what_is_no_yaml_of_ours_is_refused_and_named)
{
	for (unsigned n = 0; n < sizeof(refused) / sizeof(refused[0]); n++) {
		struct parsed *p = parsed_new(refused[n].text);
		cr_assert_gt(p->diagnostics.count, 0, "%s", refused[n].text);
		cr_assert(strstr(parsed_said(p), refused[n].said), "%s: %s", refused[n].text, parsed_said(p));
		parsed_free(p);
	}
}

/* depth lists, one in the other, under a key. */
static char *nested(int depth)
{
	char *text = calloc(1, (size_t)(2 * depth + 8));

	strcpy(text, "a: ");
	memset(text + 3, '[', (size_t)depth);
	memset(text + 3 + depth, ']', (size_t)depth);
	return text;
}

Test(parse, thirty_two_levels_are_allowed_and_no_more)
{
	char *good = nested(YAML_DEPTH_MAX - 1), *bad = nested(YAML_DEPTH_MAX), *huge = nested(200000);
	struct parsed *p = parsed_new(good);

	cr_assert_eq(p->diagnostics.count, 0);
	parsed_free(p);
	p = parsed_new(bad);
	cr_assert(strstr(parsed_said(p), "at most 32 levels"));
	parsed_free(p);
	p = parsed_new(huge);
	cr_assert(strstr(parsed_said(p), "at most 32 levels"));
	parsed_free(p);
	free(good);
	free(bad);
	free(huge);
}

Test(parse, a_file_of_more_than_a_mebibyte_is_refused)
{
	struct diagnostics diagnostics;
	char *text = malloc(YAML_FILE_MAX + 1);

	diagnostics_init(&diagnostics);
	memset(text, '#', YAML_FILE_MAX + 1);
	cr_assert_null(yaml_parse("big.yaml", text, YAML_FILE_MAX + 1, &diagnostics));
	cr_assert(strstr(diagnostics.entry[0].text, "at most 1 MiB"));
	diagnostics_free(&diagnostics);
	free(text);
}

Test(parse, more_values_than_anybody_needs_are_refused)
{
	char *text = malloc(4 * (YAML_VALUES_MAX + 8)), *at = text;

	at = stpcpy(at, "a:\n");
	for (unsigned n = 0; n < YAML_VALUES_MAX; n++)
		at = stpcpy(at, "- 1\n");
	struct parsed *p = parsed_new(text);
	cr_assert(strstr(parsed_said(p), "at most 16384 values"));
	parsed_free(p);
	free(text);
}

Test(parse, a_missing_file_and_a_directory_are_errors_of_the_host)
{
	struct diagnostics diagnostics;
	struct muk_error error;

	diagnostics_init(&diagnostics);
	cr_assert_null(yaml_parse_file("no/such/file.yaml", &diagnostics));
	cr_assert_eq(diagnostics_error(&diagnostics, &error), MUK_ERR_IO);
	cr_assert_str_eq(error.path, "no/such/file.yaml");
	diagnostics_free(&diagnostics);
	cr_assert_null(yaml_parse_file("/", &diagnostics));
	cr_assert_eq(diagnostics_error(&diagnostics, &error), MUK_ERR_IO);
	diagnostics_free(&diagnostics);
}

/* A tree of random shape as text, by an own printer: keys k0, k1, ..., scalars numbers and words. */
static char *grow(struct random *random, char *at, int depth, int indent)
{
	unsigned children = 1 + random_below(random, 4);

	for (unsigned n = 0; n < children; n++) {
		at += sprintf(at, "%*sk%u:", indent, "", n);
		if (depth && random_below(random, 2))
			at = grow(random, stpcpy(at, "\n"), depth - 1, indent + 1 + (int)random_below(random, 3));
		else if (random_below(random, 2))
			at += sprintf(at, " [%u, \"q %u\"]\n", random_below(random, 100), random_below(random, 100));
		else
			at += sprintf(at, " w%u\n", random_below(random, 1000));
	}
	return at;
}

Test(parse, printing_and_parsing_again_gives_the_same_text)
{
	struct random random = {17};
	char *text = malloc(1 << 18);

	for (unsigned round = 0; round < 100; round++) {
		grow(&random, text, 5, 0);
		struct parsed *p = parsed_new(text);
		cr_assert_eq(p->diagnostics.count, 0, "%s", parsed_said(p));
		char *once = yaml_print(p->root);
		struct parsed *again = parsed_new(once);
		cr_assert_eq(again->diagnostics.count, 0, "%s", parsed_said(again));
		char *twice = yaml_print(again->root);
		cr_assert_str_eq(once, twice);
		free(once);
		free(twice);
		parsed_free(again);
		parsed_free(p);
	}
	free(text);
}

Test(parse, printed_scalars_read_the_same)
{
	struct parsed *p =
		parsed_new("a: \"yes\"\nb: \"x: y # z\"\nc: \"\\\"\\\\\\n\\x07\"\nd: \"\"\ne: true\nf: \"true\"\n"
	                   "g: \" \"\nh: -\u00b5\n");
	char *text = yaml_print(p->root);
	struct parsed *again = parsed_new(text);

	cr_assert_eq(again->diagnostics.count, 0, "%s%s", text, parsed_said(again));
	for (struct yaml_node *x = p->root->first, *y = again->root->first; x; x = x->next, y = y->next) {
		cr_assert_str_eq(x->key, y->key);
		cr_assert_str_eq(x->text, y->text);
	}
	cr_assert(yaml_find(again->root, "f")->quoted);
	cr_assert_not(yaml_find(again->root, "e")->quoted);
	free(text);
	parsed_free(again);
	parsed_free(p);
}
