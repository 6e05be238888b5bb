/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions: values, errors, and random ones against the compiler's own arithmetic. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario/expression.h"
#include "tests/unit/random.h"

/* a.x is 6, run[k=1,l=2].y is 7. */
static bool look_up(void *ctx, const char *name, double *value, char *message, size_t size)
{
	(void)ctx;
	*value = !strcmp(name, "a.x") ? 6 : 7;
	if (!strcmp(name, "a.x") || !strcmp(name, "run[k=1,l=2].y"))
		return true;
	snprintf(message, size, "no %s", name);
	return false;
}

static const struct {
	const char *text;
	double value;
} good[] = {
	{"1", 1}, {"0.1", 0.1}, {"12.50", 12.5}, {"0.3", 0.3}, {"123456789012345", 123456789012345},
	{"1 + 2 * 3", 7}, {"(1 + 2) * 3", 9}, {"10 - 4 - 3", 3}, {"24 / 4 / 2", 3}, {"-2 - -3", 1}, {"- - 2", 2},
	{"2 * -3", -6}, {"a.x / 2", 3}, {"run[k=1,l=2].y * 2", 14}, {"min(3, a.x, 2)", 2}, {"max(3)", 3},
	{"abs(2 - 5)", 3}, {"round(2.5)", 3}, {"round(-2.5)", -3}, {"round(2.345, 1)", 2.3}, {"round(7, 0)", 7},
	{"1 < 2", 1}, {"2 <= 1", 0}, {"2 >= 2", 1}, {"1 > 2", 0}, {"1 == 1", 1}, {"1 != 1", 0},
	{"1 < 2 and 2 < 3", 1}, {"1 < 2 and 3 < 2", 0}, {"0 or 5", 1}, {"not 0", 1}, {"not not 3", 1},
	{"not 1 < 2 or 1", 1}, {"1 + 1 == 2", 1}, {"(1 < 2) + 1", 2}, {"  1\n+ 1 ", 2}, {"1 or 0 and 0", 1},
};

Test(expression, means_what_arithmetic_means)
{
	for (unsigned n = 0; n < sizeof(good) / sizeof(good[0]); n++) {
		struct expression_error error;
		double value;

		cr_assert(expression_evaluate(good[n].text, look_up, NULL, &value, &error), "%s: %s", good[n].text,
		          error.message);
		cr_assert_eq(value, good[n].value, "%s is %.17g", good[n].text, value);
	}
}

static const struct {
	const char *text;
	unsigned column;
	const char *message;
} bad[] = {
	{"", 1, "expected a number or a name, got the end"},
	{"1 +", 4, "expected a number or a name, got the end"},
	{"1 2", 3, "expected an operator, got \"2\""},
	{"(1", 3, "expected \")\", got the end"},
	{"1)", 2, "expected an operator, got \")\""},
	{"1 / 0", 3, "division by zero"},
	{"1 / (a.x - 6)", 3, "division by zero"},
	{"b.y", 1, "no b.y"},
	{"1.", 3, "expected digits after the point"},
	{".5", 1, "expected a number or a name, got \".5\""},
	{"1e5", 1, "expected a number or a name: names begin with a letter"},
	{"1234567890123456", 1, "expected a number of at most 15 digits"},
	{"run[k", 1, "expected \"]\" after the run's name"},
	{"a.task[k", 1, "expected \"]\" after the name"},
	{"min()", 5, "expected a number or a name, got \")\""},
	{"abs(1, 2)", 1, "expected min(...), max(...), abs(x) or round(x, decimals)"},
	{"sqrt(2)", 1, "expected min(...), max(...), abs(x) or round(x, decimals)"},
	{"round(1, 99)", 1, "expected round to 0 to 15 decimals"},
	{"1 < 2 < 3", 7, "expected an operator, got \"<\""},
	{"µ", 1, "expected a number or a name, got \"µ\""},
	{"2 ** 3", 4, "expected a number or a name, got \"*\""},
};

Test(expression, errors_have_their_place)
{
	for (unsigned n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		struct expression_error error = {0};
		double value;

		cr_assert_not(expression_evaluate(bad[n].text, look_up, NULL, &value, &error), "%s", bad[n].text);
		cr_assert_str_eq(error.message, bad[n].message, "%s: %s", bad[n].text, error.message);
		cr_assert_eq(error.column, bad[n].column, "%s: %u", bad[n].text, error.column);
	}
}

Test(expression, a_check_looks_at_names_and_not_at_values)
{
	struct expression_error error;

	cr_assert(expression_check("1 / (a.x - 6) + round(1, a.x * 9)", look_up, NULL, &error));
	cr_assert_not(expression_check("1 / nothing", look_up, NULL, &error));
	cr_assert_not(expression_check("1 +", look_up, NULL, &error));
}

Test(expression, without_a_look_up_names_are_errors)
{
	struct expression_error error;
	double value;

	cr_assert_not(expression_evaluate("1 + a.x", NULL, NULL, &value, &error));
	cr_assert_str_eq(error.message, "expected numbers only, got \"a.x\"");
}

Test(expression, depth_is_bounded)
{
	char text[4000];
	struct expression_error error;
	double value;

	for (const char *sign = "(-n"; *sign; sign++) {
		memset(text, 0, sizeof(text));
		for (int n = 0; n < 900; n++)
			strcat(text, *sign == 'n' ? "not " : *sign == '-' ? "-" : "(");
		cr_assert_not(expression_evaluate(strcat(text, "1"), NULL, NULL, &value, &error));
		cr_assert_str_eq(error.message, "expected at most 64 levels");
	}
}

/* A random expression as text, with its value computed beside it in C. */
static double grow(struct random *random, char **at, int depth)
{
	unsigned kind = depth ? random_below(random, 7) : 0;
	double a, b;

	if (kind == 0)
		return *at += sprintf(*at, "%u", (unsigned)(a = random_below(random, 100))), a;
	if (kind == 1) {
		*at += sprintf(*at, "-(");
		a = -grow(random, at, depth - 1);
	} else if (kind == 6) {
		*at += sprintf(*at, "max(");
		a = grow(random, at, depth - 1);
		*at += sprintf(*at, ", ");
		b = grow(random, at, depth - 1);
		a = fmax(a, b);
	} else {
		*at += sprintf(*at, "(");
		a = grow(random, at, depth - 1);
		*at += sprintf(*at, ") %c (", "+-*<"[kind - 2]);
		b = grow(random, at, depth - 1);
		a = kind == 2 ? a + b : kind == 3 ? a - b : kind == 4 ? a * b : a < b;
	}
	*at += sprintf(*at, ")");
	return a;
}

Test(expression, random_ones_agree_with_the_compilers_arithmetic)
{
	struct random random = {5};
	static char text[1 << 16];

	for (int round = 0; round < 2000; round++) {
		char *at = text;
		struct expression_error error;
		double expected = grow(&random, &at, 6), value;

		cr_assert(expression_evaluate(text, NULL, NULL, &value, &error), "%s: %s", text, error.message);
		cr_assert_eq(value, expected, "%s", text);
	}
}

Test(expression, no_text_makes_it_crash)
{
	static const char alphabet[] = "0123456789.+-*/()<>=! ,abrunmiotd[]_\xc2\xb5";
	struct random random = {9};
	char text[64];

	for (int round = 0; round < 200000; round++) {
		struct expression_error error;
		double value;
		unsigned size = random_below(&random, sizeof(text) - 1);
		for (unsigned n = 0; n < size; n++)
			text[n] = alphabet[random_below(&random, sizeof(alphabet) - 1)];
		text[size] = '\0';
		if (!expression_evaluate(text, look_up, NULL, &value, &error))
			cr_assert(error.column >= 1 && error.column <= size + 1 && error.message[0]);
	}
}
