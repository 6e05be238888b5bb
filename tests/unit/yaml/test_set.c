/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Overrides and merging. */
#include "tests/unit/yaml/parsed.h"

static const char *text_at(struct yaml_node *root, const char *first, const char *second)
{
	struct yaml_node *node = yaml_find(root, first);

	return second ? yaml_find(node, second)->text : node->text;
}

Test(set, a_value_is_replaced_and_its_place_is_the_command_line)
{
	struct parsed *p = parsed_new("tlb: {entries: 32, ways: 4}\n");

	cr_assert(yaml_set(p->root, "tlb.entries=64", &p->diagnostics));
	struct yaml_node *entries = yaml_find(yaml_find(p->root, "tlb"), "entries");
	cr_assert_str_eq(entries->text, "64");
	cr_assert_str_eq(entries->origin, "--set");
	cr_assert_eq(entries->column, 13);
	cr_assert(entries->overridden);
	cr_assert_str_eq(text_at(p->root, "tlb", "ways"), "4");
	parsed_free(p);
}

Test(set, the_longest_key_that_matches_is_taken)
{
	struct parsed *p = parsed_new("costs: {int: {inner: 1}, int.inner: 2, int.inner.x: 3}\n");

	cr_assert(yaml_set(p->root, "costs.int.inner=9", &p->diagnostics));
	cr_assert_str_eq(text_at(p->root, "costs", "int.inner"), "9");
	cr_assert_str_eq(text_at(p->root, "costs", "int.inner.x"), "3");
	parsed_free(p);
}

Test(set, a_mapping_can_become_a_value)
{
	struct parsed *p = parsed_new("costs: {int.inner: {cycles: 71, source: L95}}\n");

	cr_assert(yaml_set(p->root, "costs.int.inner=50", &p->diagnostics));
	cr_assert_eq(yaml_find(yaml_find(p->root, "costs"), "int.inner")->kind, YAML_SCALAR);
	parsed_free(p);
}

Test(set, what_is_not_there_is_added_level_by_level)
{
	struct parsed *p = parsed_new("a: 1\n");

	cr_assert(yaml_set(p->root, "x.y=5", &p->diagnostics));
	cr_assert_str_eq(text_at(p->root, "x", "y"), "5");
	parsed_free(p);
}

Test(set, the_path_goes_through_what_is_in_its_way)
{
	struct parsed *p = parsed_new("a: [1, 2]\nb: word\n");

	cr_assert(yaml_set(p->root, "a.x=5", &p->diagnostics));
	cr_assert(yaml_set(p->root, "b.x=6", &p->diagnostics));
	char *text = yaml_print(p->root);
	cr_assert_str_eq(text, "a:\n  x: 5\nb:\n  x: 6\n");
	free(text);
	parsed_free(p);
}

Test(set, below_keys_with_dots_the_rest_is_one_key)
{
	struct parsed *p = parsed_new("costs: {int.inner: 1}\n");

	cr_assert(yaml_set(p->root, "costs.mov.rr=5", &p->diagnostics));
	cr_assert_str_eq(text_at(p->root, "costs", "mov.rr"), "5");
	parsed_free(p);
}

Test(set, what_is_no_assignment_is_refused)
{
	static const char *const wrong[] = {"", "=", "=5", "a", ".a=5", "a.=5", "a..b=5", "a=\n", "a=\t",
	                                    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q=1"};

	for (unsigned n = 0; n < sizeof(wrong) / sizeof(wrong[0]); n++) {
		struct parsed *p = parsed_new("a: 1\n");
		cr_assert_not(yaml_set(p->root, wrong[n], &p->diagnostics), "%s", wrong[n]);
		cr_assert_eq(p->diagnostics.count, 1, "%s", wrong[n]);
		parsed_free(p);
	}
}

Test(set, an_error_in_the_value_shows_the_assignment)
{
	struct parsed *p = parsed_new("a: 1\n");
	uint64_t value;

	yaml_set(p->root, "a=5x", &p->diagnostics);
	yaml_uint(p->root, "a", true, 0, 9, &value, &p->diagnostics);
	cr_assert_str_eq(parsed_said(p), "--set:1:3: error: a: expected an integer 0..9, got \"5x\"\n"
	                                 "    1 | a=5x\n"
	                                 "      |   ^~\n"
	                                 "   hint: did you mean \"5\"?\n");
	parsed_free(p);
}

Test(set, the_empty_value_is_a_value_that_is_nothing)
{
	struct parsed *p = parsed_new("a: 1\n");
	uint64_t value;

	cr_assert(yaml_set(p->root, "a=", &p->diagnostics));
	cr_assert_not(yaml_uint(p->root, "a", true, 0, 9, &value, &p->diagnostics));
	cr_assert_str_eq(p->diagnostics.entry[0].text, "expected an integer 0..9, got nothing");
	parsed_free(p);
}

Test(merge, the_later_file_wins_key_by_key)
{
	struct parsed *base = parsed_new("a: 1\nm: {x: 1, y: 2}\nl: [1, 2]\nz: 9\n");
	struct diagnostics diagnostics;
	static const char over[] = "a: 5\nm: {y: 7, w: 8}\nl: [3]\n";

	diagnostics_init(&diagnostics);
	struct yaml_node *root =
		yaml_merge(base->root, yaml_parse("over.yaml", over, strlen(over), &diagnostics));
	char *text = yaml_print(root);
	cr_assert_str_eq(text, "a: 5\nm:\n  x: 1\n  \"y\": 7\n  w: 8\nl:\n  - 3\nz: 9\n");
	cr_assert_str_eq(yaml_find(root, "a")->origin, "over.yaml");
	cr_assert_str_eq(yaml_find(root, "z")->origin, "t.yaml");
	free(text);
	base->root = root;
	parsed_free(base);
	diagnostics_free(&diagnostics);
}

Test(copy, a_copy_is_the_same_and_its_own)
{
	struct parsed *p = parsed_new("a: {b: [1, \"2\"]}\n");
	struct yaml_node *copy = yaml_copy(p->root);
	char *before = yaml_print(p->root), *text = yaml_print(copy);

	cr_assert_str_eq(text, before);
	yaml_destroy(p->root);
	p->root = NULL;
	cr_assert_str_eq(yaml_find(copy, "a")->origin, "t.yaml", "the text lives as long as somebody points into it");
	yaml_destroy(copy);
	free(before);
	free(text);
	parsed_free(p);
}
