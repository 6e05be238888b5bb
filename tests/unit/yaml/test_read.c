/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From nodes to C, and what is said where they do not fit. */
#include "tests/unit/yaml/parsed.h"

Test(read, integers_are_decimal_and_within_their_range)
{
	struct parsed *p = parsed_new("a: 0\nb: 18446744073709551615\nc: 18446744073709551616\nd: 010\ne: 0x10\nf: -1\n"
	                              "g: \"5\"\nh: 1_000\ni: 11\nj:\nk: [1]\nl: 3.0\n");
	uint64_t value = 7;

	cr_assert(yaml_uint(p->root, "a", true, 0, 10, &value, &p->diagnostics));
	cr_assert_eq(value, 0);
	cr_assert(yaml_uint(p->root, "b", true, 0, UINT64_MAX, &value, &p->diagnostics));
	cr_assert_eq(value, UINT64_MAX);
	cr_assert_eq(p->diagnostics.count, 0);
	for (const char *key = "cdefghijkl"; *key; key++) {
		char name[2] = {*key};
		cr_assert_not(yaml_uint(p->root, name, true, 0, 10, &value, &p->diagnostics), "%s", name);
		cr_assert_eq(value, UINT64_MAX, "what is wrong leaves the value");
	}
	cr_assert_eq(p->diagnostics.count, 10);
	parsed_free(p);
}

/* What is written, and the hint that it gets. */
static const struct {
	const char *written, *hint;
} slips[] = {
	{"32x", "did you mean \"32\"?"},
	{"\"32\"", "write 32 without quotes"},
	{"032", "write 32: numbers are decimal"},
	{"00", "write 0: numbers are decimal"},
	{"x", ""},
};

Test(read, usual_slips_in_numbers_get_a_hint)
{
	for (unsigned n = 0; n < sizeof(slips) / sizeof(slips[0]); n++) {
		char text[64];
		uint64_t value;

		snprintf(text, sizeof(text), "a: %s\n", slips[n].written);
		struct parsed *p = parsed_new(text);
		yaml_uint(p->root, "a", true, 1, 4096, &value, &p->diagnostics);
		cr_assert_eq(p->diagnostics.count, 1);
		cr_assert_str_eq(p->diagnostics.entry[0].hint, slips[n].hint);
		parsed_free(p);
	}
}

Test(read, a_missing_key_is_said_only_where_it_is_required)
{
	struct parsed *p = parsed_new("a: 1\n");
	uint64_t value;

	cr_assert_not(yaml_uint(p->root, "b", false, 0, 1, &value, &p->diagnostics));
	cr_assert_eq(p->diagnostics.count, 0);
	cr_assert_not(yaml_uint(p->root, "b", true, 0, 1, &value, &p->diagnostics));
	cr_assert_eq(p->diagnostics.count, 1);
	cr_assert_str_eq(p->diagnostics.entry[0].key, "b");
	parsed_free(p);
}

Test(read, booleans_are_true_and_false_without_quotes)
{
	struct parsed *p = parsed_new("a: true\nb: false\nc: \"true\"\nd: 1\n");
	bool value = false;

	cr_assert(yaml_bool(p->root, "a", true, &value, &p->diagnostics) && value);
	cr_assert(yaml_bool(p->root, "b", true, &value, &p->diagnostics) && !value);
	cr_assert_not(yaml_bool(p->root, "c", true, &value, &p->diagnostics));
	cr_assert_not(yaml_bool(p->root, "d", true, &value, &p->diagnostics));
	cr_assert_str_eq(p->diagnostics.entry[0].hint, "write it without quotes");
	parsed_free(p);
}

Test(read, strings_fit_or_are_refused_whole)
{
	struct parsed *p = parsed_new("a: abcd\n");
	char text[5] = "";

	cr_assert(yaml_string(p->root, "a", true, 5, text, &p->diagnostics));
	cr_assert_str_eq(text, "abcd");
	cr_assert_not(yaml_string(p->root, "a", true, 4, text, &p->diagnostics));
	parsed_free(p);
}

Test(read, a_word_close_to_one_of_the_list_gets_it_as_a_hint)
{
	static const char *const words[] = {"lru", "pseudo-lru", "round-robin"};
	struct parsed *p = parsed_new("a: pseudolru\nb: lru\n");
	unsigned n = 9;

	cr_assert(yaml_word(p->root, "b", true, words, 3, &n, &p->diagnostics));
	cr_assert_eq(n, 0);
	cr_assert_not(yaml_word(p->root, "a", true, words, 3, &n, &p->diagnostics));
	cr_assert_str_eq(p->diagnostics.entry[0].text, "expected lru, pseudo-lru or round-robin, got \"pseudolru\"");
	cr_assert_str_eq(p->diagnostics.entry[0].hint, "did you mean \"pseudo-lru\"?");
	parsed_free(p);
}

/* Text, unit, hertz, and the value; NONE: refused. */
enum { NONE = 1 };
static const struct {
	const char *text;
	enum yaml_unit unit;
	uint64_t hertz, value;
} quantities[] = {
	{"25MHz", UNIT_HERTZ, 0, 25000000},
	{"16.67MHz", UNIT_HERTZ, 0, 16670000},
	{"1Hz", UNIT_HERTZ, 0, 1},
	{"0.5Hz", UNIT_HERTZ, 0, NONE},
	{"8MiB", UNIT_BYTES, 0, 8388608},
	{"1.5KiB", UNIT_BYTES, 0, 1536},
	{"8MB", UNIT_BYTES, 0, NONE},
	{"8 MiB", UNIT_BYTES, 0, NONE},
	{"300cyc", UNIT_CYCLES, 0, 300},
	{"2.5Mcyc", UNIT_CYCLES, 0, 2500000},
	{"12us", UNIT_CYCLES, 50000000, 600},
	{"1.5ns", UNIT_CYCLES, 1000000000, 2}, /* rounded */
	{"12us", UNIT_CYCLES, 0, NONE},
	{"999999999999s", UNIT_CYCLES, 10000000000, NONE}, /* beyond 64 bits */
	{"25", UNIT_HERTZ, 0, NONE},
	{"25MHz ", UNIT_HERTZ, 0, 25000000}, /* YAML drops the blank */
	{"-5cyc", UNIT_CYCLES, 0, NONE},
	{"1.cyc", UNIT_CYCLES, 0, NONE},
	{".5KiB", UNIT_BYTES, 0, NONE},
	{"012cyc", UNIT_CYCLES, 0, NONE},
	{"MHz", UNIT_HERTZ, 0, NONE},
};

Test(read, quantities_are_exact)
{
	for (unsigned n = 0; n < sizeof(quantities) / sizeof(quantities[0]); n++) {
		char text[64];
		uint64_t value = NONE;

		snprintf(text, sizeof(text), "a: %s\n", quantities[n].text);
		struct parsed *p = parsed_new(text);
		bool good = yaml_quantity(p->root, "a", true, quantities[n].unit, quantities[n].hertz, 0, UINT64_MAX,
		                          &value, &p->diagnostics);
		cr_assert_eq(value, quantities[n].value, "%s", quantities[n].text);
		cr_assert_eq(p->diagnostics.count, good ? 0 : 1, "%s", quantities[n].text);
		parsed_free(p);
	}
}

Test(read, a_quantity_out_of_range_is_said_in_its_units)
{
	struct parsed *p = parsed_new("memory: 3GiB\n");
	uint64_t value;

	yaml_quantity(p->root, "memory", true, UNIT_BYTES, 0, 1 << 20, 1 << 30, &value, &p->diagnostics);
	cr_assert_str_eq(p->diagnostics.entry[0].text, "expected 1MiB..1GiB, got \"3GiB\"");
	parsed_free(p);
}

Test(read, wrong_units_get_the_right_one_as_a_hint)
{
	struct parsed *p = parsed_new("a: 8MB\nb: 25mhz\nc: 25\n");
	uint64_t value;

	yaml_quantity(p->root, "a", true, UNIT_BYTES, 0, 0, 1 << 30, &value, &p->diagnostics);
	yaml_quantity(p->root, "b", true, UNIT_HERTZ, 0, 0, 1 << 30, &value, &p->diagnostics);
	yaml_quantity(p->root, "c", true, UNIT_HERTZ, 0, 0, 1 << 30, &value, &p->diagnostics);
	cr_assert_str_eq(p->diagnostics.entry[0].hint, "did you mean \"8MiB\"?");
	cr_assert_str_eq(p->diagnostics.entry[1].hint, "did you mean \"25MHz\"?");
	cr_assert_str_eq(p->diagnostics.entry[2].hint, "write the unit after the number: kHz or MHz");
	parsed_free(p);
}

Test(read, what_nobody_asked_for_is_an_unknown_key_at_every_level)
{
	struct parsed *p = parsed_new("tlb: {entires: 5, ways: 4}\nmore: {x: 1}\n");
	struct yaml_node *tlb = yaml_get(p->root, "tlb", YAML_MAPPING, true, &p->diagnostics);
	uint64_t value;

	yaml_uint(tlb, "entries", false, 1, 64, &value, &p->diagnostics);
	yaml_uint(tlb, "ways", true, 1, 64, &value, &p->diagnostics);
	yaml_reject_unknown(p->root, &p->diagnostics);
	cr_assert_eq(p->diagnostics.count, 2);
	cr_assert_str_eq(p->diagnostics.entry[0].key, "tlb.entires");
	cr_assert_str_eq(p->diagnostics.entry[0].hint, "did you mean \"entries\"?");
	cr_assert_str_eq(p->diagnostics.entry[1].key, "more");
	parsed_free(p);
}

Test(read, a_bad_value_is_complained_of_once)
{
	struct parsed *p = parsed_new("a: yes\n");
	bool value;

	cr_assert_not(yaml_bool(p->root, "a", true, &value, &p->diagnostics));
	cr_assert_eq(p->diagnostics.count, 1);
	parsed_free(p);
}
