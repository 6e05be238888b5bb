/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How errors look, and the search for what was meant. */
#include "tests/unit/random.h"
#include "tests/unit/yaml/parsed.h"

Test(diagnostics, the_form_is_that_of_compilers_with_line_caret_and_hint)
{
	struct parsed *p = parsed_new("tlb:\n  entries: 32x\n");
	uint64_t value;

	yaml_uint(yaml_find(p->root, "tlb"), "entries", true, 1, 4096, &value, &p->diagnostics);
	cr_assert_str_eq(parsed_said(p), "t.yaml:2:12: error: tlb.entries: expected an integer 1..4096, got \"32x\"\n"
	                                 "    2 |   entries: 32x\n"
	                                 "      |            ^~~\n"
	                                 "   hint: did you mean \"32\"?\n");
	parsed_free(p);
}

Test(diagnostics, they_are_sorted_by_place)
{
	struct parsed *p = parsed_new("a: 1\nb: 2\n");

	diagnose(&p->diagnostics, yaml_find(p->root, "b"), NULL, "second");
	diagnose(&p->diagnostics, yaml_find(p->root, "a"), NULL, "first");
	const char *said = parsed_said(p);
	cr_assert_lt(strstr(said, "first"), strstr(said, "second"));
	struct muk_error error;
	diagnostics_error(&p->diagnostics, &error);
	cr_assert_str_eq(error.text, "a: first");
	cr_assert_eq(error.line, 1);
	parsed_free(p);
}

Test(diagnostics, the_same_thing_is_said_once)
{
	struct parsed *p = parsed_new("a: 1\n");

	diagnose(&p->diagnostics, p->root->first, NULL, "wrong");
	diagnose(&p->diagnostics, p->root->first, NULL, "wrong");
	cr_assert_eq(p->diagnostics.count, 1);
	parsed_free(p);
}

Test(diagnostics, beyond_the_most_they_are_counted)
{
	struct parsed *p = parsed_new("a: 1\n");

	for (int n = 0; n < DIAGNOSTICS_MAX + 7; n++)
		diagnose(&p->diagnostics, p->root->first, NULL, "wrong %d", n);
	cr_assert_eq(p->diagnostics.count, DIAGNOSTICS_MAX + 7);
	cr_assert(strstr(parsed_said(p), "and 7 more errors\n"));
	parsed_free(p);
}

Test(diagnostics, a_long_line_is_shown_around_the_place)
{
	char text[600];

	memset(text, ' ', sizeof(text));
	memcpy(text, "{a: 1,", 6);
	strcpy(text + 500, "b: µµx}");
	struct parsed *p = parsed_new(text);
	diagnose(&p->diagnostics, yaml_find(p->root, "b"), NULL, "wrong");
	const char *said = parsed_said(p);
	cr_assert(strstr(said, "b: µµx}\n"), "%s", said);
	for (const char *line = said; line; line = strchr(line + 1, '\n'))
		cr_assert_leq(strcspn(line + 1, "\n"), 120);
	parsed_free(p);
}

Test(diagnostics, nothing_unprintable_is_repeated)
{
	struct parsed *p = parsed_new("a: \"\\x1b[31m\\n\"\n");
	uint64_t value;

	yaml_uint(p->root, "a", true, 0, 9, &value, &p->diagnostics);
	cr_assert_str_eq(p->diagnostics.entry[0].text, "expected an integer 0..9, got \"?[31m?\"");
	parsed_free(p);
}

Test(diagnostics, a_long_value_is_cut_between_characters)
{
	char text[400] = "a: ", got[80];

	for (int n = 0; n < 90; n++)
		strcat(text, "µ");
	struct parsed *p = parsed_new(text);
	yaml_got(yaml_find(p->root, "a"), got, sizeof(got));
	cr_assert_str_eq(got + strlen(got) - 4, "...\"");
	for (size_t n = 1; n + 4 < strlen(got); n += 2)
		cr_assert(!memcmp(got + n, "µ", 2));
	parsed_free(p);
}

/* --- nearest --- */

Test(nearest, one_slip_is_found)
{
	static const char *const words[] = {"entries", "ways", "policy", "i486dx-50", "i486dx-33"};

	cr_assert_str_eq(yaml_nearest("entires", words, 5), "entries");
	cr_assert_str_eq(yaml_nearest("Ways", words, 5), "ways");
	cr_assert_str_eq(yaml_nearest("polic", words, 5), "policy");
	cr_assert_str_eq(yaml_nearest("i486-50", words, 5), "i486dx-50");
	cr_assert_null(yaml_nearest("frobnicate", words, 5));
	cr_assert_null(yaml_nearest("", words, 5));
	cr_assert_null(yaml_nearest("x", words, 5));
}

/* The oracle: the definition, by plain recursion from the words' ends. */
static unsigned edits(const char *a, size_t i, const char *b, size_t j)
{
	unsigned best;

	if (!i || !j)
		return (unsigned)(i + j);
	best = edits(a, i - 1, b, j) + 1;
	unsigned other = edits(a, i, b, j - 1) + 1;
	best = other < best ? other : best;
	other = edits(a, i - 1, b, j - 1) + (a[i - 1] != b[j - 1]);
	best = other < best ? other : best;
	if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
		other = edits(a, i - 2, b, j - 2) + 1;
		best = other < best ? other : best;
	}
	return best;
}

Test(nearest, agrees_with_the_definition_of_the_distance)
{
	struct random random = {3};
	unsigned found = 0;

	for (int round = 0; round < 300; round++) {
		char a[8] = "", b[8] = "";
		const char *words[] = {b};
		for (unsigned n = 4 + random_below(&random, 3); n-- > 0;)
			a[n] = (char)('a' + random_below(&random, 3));
		for (unsigned n = 3 + random_below(&random, 3); n-- > 0;)
			b[n] = (char)('a' + random_below(&random, 3));
		bool near = yaml_nearest(a, words, 1) != NULL; /* 4 to 7 letters: up to two edits */
		cr_assert_eq(near, edits(a, strlen(a), b, strlen(b)) <= 2, "%s %s", a, b);
		found += near;
	}
	cr_assert(found > 20 && found < 280);
}
