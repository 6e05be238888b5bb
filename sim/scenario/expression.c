/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions: a recursive parser that evaluates as it goes. The grammar is in expression.h; a function a rule. */
#include "sim/scenario/expression.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 64, NAME_MAX = 200, ARGUMENTS_MAX = 16 };

struct parser {
	const char *text, *at;
	expression_lookup *lookup;
	void *ctx;
	bool checking;                 /* values mean nothing */
	bool failed;                   /* *error is filled in; everything returns 0 from here on */
	unsigned depth;
	struct expression_error *error;
};

__attribute__((format(printf, 3, 4))) static double fail(struct parser *parser, const char *at, const char *format, ...)
{
	va_list args;

	if (parser->failed)
		return 0;
	parser->failed = true;
	parser->error->column = (unsigned)(at - parser->text) + 1;
	va_start(args, format);
	vsnprintf(parser->error->message, sizeof(parser->error->message), format, args);
	va_end(args);
	return 0;
}

/* --- words --- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
	return is_letter(c) || is_digit(c) || c == '.';
}

static void skip_blanks(struct parser *parser)
{
	while (*parser->at == ' ' || *parser->at == '\n')
		parser->at++;
}

/* Takes a sign if it is next. */
static bool take(struct parser *parser, const char *sign)
{
	size_t size = strlen(sign);

	skip_blanks(parser);
	if (parser->failed || strncmp(parser->at, sign, size))
		return false;
	if (is_letter(sign[0]) && is_name(parser->at[size]))
		return false;
	parser->at += size;
	return true;
}

/* "an operator", "the end", ... : what stands at a place, for messages. */
static const char *here(const char *at, char text[static 32])
{
	size_t size = 0;

	if (!*at)
		return "the end";
	while (is_name(at[size]) && size < 20)
		size++;
	if (!size) /* a whole character, if it has several bytes */
		for (size = 1; ((unsigned char)at[size] & 0xc0) == 0x80 && size < 4; size++)
			;
	snprintf(text, 32, "\"%.*s\"", (int)size, at);
	return text;
}

/* --- rules --- */

static double parse_or(struct parser *parser);

static double parse_number(struct parser *parser)
{
	const char *begin = parser->at;
	double value = 0, scale = 1;
	unsigned digits = 0;

	for (; is_digit(*parser->at); parser->at++, digits++)
		value = value * 10 + (*parser->at - '0');
	if (*parser->at == '.') {
		if (!is_digit(*++parser->at))
			return fail(parser, parser->at, "expected digits after the point");
		for (; is_digit(*parser->at); parser->at++, digits++, scale *= 10)
			value = value * 10 + (*parser->at - '0');
	}
	if (digits > 15) /* beyond that a double would not be exact */
		return fail(parser, begin, "expected a number of at most 15 digits");
	if (is_name(*parser->at))
		return fail(parser, begin, "expected a number or a name: names begin with a letter");
	return value / scale;
}

/* Copies a name; false after saying that it is too long or its bracket is open. */
static bool take_name(struct parser *parser, char name[static NAME_MAX])
{
	const char *begin = parser->at, *end = begin;

	for (; is_name(*end) || *end == ':' || *end == '['; end++) {
		if (*end == '[' && !(end = strchr(end, ']'))) {
			fail(parser, begin, "expected \"]\" after the %s", strncmp(begin, "run[", 4) ? "name" : "run's name");
			return false;
		}
	}
	size_t size = (size_t)(end - begin);
	if (size >= NAME_MAX) {
		fail(parser, begin, "expected a name of at most %d bytes", NAME_MAX - 1);
		return false;
	}
	memcpy(name, begin, size);
	name[size] = '\0';
	parser->at = end;
	return true;
}

/* To so many decimals, halves away from zero. */
static double round_to(double value, double decimals)
{
	double scale = 1;

	for (; decimals >= 1; decimals--)
		scale *= 10;
	return round(value * scale) / scale;
}

static double apply(struct parser *parser, const char *at, const char *name, const double *argument, unsigned n)
{
	double value = argument[0];

	if (!strcmp(name, "min") || !strcmp(name, "max")) {
		for (unsigned i = 1; i < n; i++)
			value = name[1] == 'i' ? fmin(value, argument[i]) : fmax(value, argument[i]);
		return value;
	}
	if (!strcmp(name, "abs") && n == 1)
		return fabs(value);
	if (!strcmp(name, "round") && n <= 2) {
		if (n == 2 && !parser->checking && !(argument[1] >= 0 && argument[1] <= 15))
			return fail(parser, at, "expected round to 0 to 15 decimals");
		return n == 2 ? parser->checking ? 0 : round_to(value, argument[1]) : round(value);
	}
	return fail(parser, at, "expected min(...), max(...), abs(x) or round(x, decimals)");
}

static double parse_function(struct parser *parser, const char *at, const char *name)
{
	double argument[ARGUMENTS_MAX];
	unsigned n = 0;

	do {
		if (n == ARGUMENTS_MAX)
			return fail(parser, parser->at, "expected at most %d arguments", ARGUMENTS_MAX);
		argument[n++] = parse_or(parser);
	} while (take(parser, ","));
	if (!parser->failed && !take(parser, ")")) {
		char got[32];
		return fail(parser, parser->at, "expected \")\", got %s", here(parser->at, got));
	}
	return parser->failed ? 0 : apply(parser, at, name, argument, n);
}

static double parse_name(struct parser *parser)
{
	const char *begin = parser->at;
	char name[NAME_MAX], message[200] = "";
	double value = 0;

	if (!take_name(parser, name))
		return 0;
	if (take(parser, "("))
		return parse_function(parser, begin, name);
	if (!parser->lookup)
		return fail(parser, begin, "expected numbers only, got \"%.60s\"", name);
	if (!parser->lookup(parser->ctx, name, &value, message, sizeof(message)))
		return fail(parser, begin, "%s", message);
	return value;
}

static double parse_primary(struct parser *parser)
{
	char got[32];
	double value;

	skip_blanks(parser);
	if (parser->failed)
		return 0;
	if (is_digit(*parser->at))
		return parse_number(parser);
	if (is_letter(*parser->at))
		return parse_name(parser);
	if (!take(parser, "("))
		return fail(parser, parser->at, "expected a number or a name, got %s", here(parser->at, got));
	value = parse_or(parser);
	if (!parser->failed && !take(parser, ")"))
		return fail(parser, parser->at, "expected \")\", got %s", here(parser->at, got));
	return value;
}

/* Everything nests through here or parse_not: the bound on depth. */
static double parse_unary(struct parser *parser)
{
	double value;

	if (++parser->depth > DEPTH_MAX)
		return fail(parser, parser->at, "expected at most %d levels", DEPTH_MAX);
	value = take(parser, "-") ? -parse_unary(parser) : parse_primary(parser);
	parser->depth--;
	return value;
}

static double parse_product(struct parser *parser)
{
	double value = parse_unary(parser);

	while (!parser->failed) {
		if (take(parser, "*")) {
			value *= parse_unary(parser);
		} else if (take(parser, "/")) {
			const char *at = parser->at - 1;
			double divisor = parse_unary(parser);
			if (divisor == 0 && !parser->checking)
				return fail(parser, at, "division by zero");
			value = parser->checking ? 0 : value / divisor;
		} else {
			break;
		}
	}
	return value;
}

static double parse_sum(struct parser *parser)
{
	double value = parse_product(parser);

	while (!parser->failed) {
		if (take(parser, "+"))
			value += parse_product(parser);
		else if (take(parser, "-"))
			value -= parse_product(parser);
		else
			break;
	}
	return value;
}

static double parse_comparison(struct parser *parser)
{
	double value = parse_sum(parser);

	if (take(parser, "<="))
		return value <= parse_sum(parser);
	if (take(parser, ">="))
		return value >= parse_sum(parser);
	if (take(parser, "=="))
		return value == parse_sum(parser);
	if (take(parser, "!="))
		return value != parse_sum(parser);
	if (take(parser, "<"))
		return value < parse_sum(parser);
	if (take(parser, ">"))
		return value > parse_sum(parser);
	return value;
}

static double parse_not(struct parser *parser)
{
	double value;

	if (!take(parser, "not"))
		return parse_comparison(parser);
	if (++parser->depth > DEPTH_MAX)
		return fail(parser, parser->at, "expected at most %d levels", DEPTH_MAX);
	value = parse_not(parser);
	parser->depth--;
	return value == 0;
}

static double parse_and(struct parser *parser)
{
	double value = parse_not(parser);

	while (take(parser, "and")) {
		bool right = parse_not(parser) != 0;
		value = value != 0 && right;
	}
	return value;
}

static double parse_or(struct parser *parser)
{
	double value = parse_and(parser);

	while (take(parser, "or")) {
		bool right = parse_and(parser) != 0;
		value = value != 0 || right;
	}
	return value;
}

static bool run(struct parser *parser, double *value)
{
	char got[32];

	*value = parse_or(parser);
	skip_blanks(parser);
	if (!parser->failed && *parser->at)
		fail(parser, parser->at, "expected an operator, got %s", here(parser->at, got));
	return !parser->failed;
}

bool expression_evaluate(const char *text, expression_lookup *lookup, void *ctx, double *value,
                         struct expression_error *error)
{
	struct parser parser = {.text = text, .at = text, .lookup = lookup, .ctx = ctx, .error = error};

	return run(&parser, value);
}

bool expression_check(const char *text, expression_lookup *lookup, void *ctx, struct expression_error *error)
{
	struct parser parser = {
		.text = text, .at = text, .lookup = lookup, .ctx = ctx, .checking = true, .error = error};
	double value;

	return run(&parser, &value);
}
