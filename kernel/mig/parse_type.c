/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types (README.md, "Types" and "Options").
 */
#include <strings.h>

#include "parser.h"

static struct type parse_element(struct parser *parser)
{
	const struct token token = parser->token;
	const char *name = expect_name(parser, "a type");
	struct type type;
	const struct type *known;

	if (parser->failed || type_of_message_name(name, &type))
		return parser->failed ? (struct type){ .number = 1, .bits = 32 } : type;
	known = type_find(parser->interface, name);
	if (known == NULL) {
		fail_at(parser, token.place, "is no type", name);
		return (struct type){ .number = 1, .bits = 32 };
	}
	return *known;
}

/* TYPE, or SENT | RECEIVED: rights that sender and receiver see by different names. */
static struct type parse_base(struct parser *parser)
{
	struct type type = parse_element(parser), received;
	const struct place place = parser->token.place;

	if (!take_mark(parser, '|'))
		return type;
	received = parse_element(parser);
	if (!parser->failed && (!type.port || !received.port))
		fail_at(parser, place, "stands between rights only", "|");
	type.in_name = received.in_name;
	return type;
}

/* [N], [*:N] or []. */
static void parse_bounds(struct parser *parser, struct type *type)
{
	expect_mark(parser, '[');
	if (take_mark(parser, '*')) {
		type->variable = true;
		expect_mark(parser, ':');
	}
	if (at_mark(parser, ']')) {
		type->variable = true;
		type->number = 0;
	} else {
		const struct place place = parser->token.place;

		type->number = expect_number(parser, "a number of elements");
		if (type->number == 0 || type->number > 4095)
			fail_at(parser, place, "is 1 to 4095", "a number of elements in line");
	}
	expect_mark(parser, ']');
}

static struct type parse_array(struct parser *parser, bool out_of_line)
{
	struct type bounds = { 0 }, element;
	const struct place place = parser->token.place;

	parse_bounds(parser, &bounds);
	if (!take_word(parser, "of"))
		expected(parser, "of");
	element = parse_specification(parser);
	if (element.variable || element.out_of_line || element.string)
		fail_at(parser, place, "has elements of one size, in line", "an array");
	if (!out_of_line && bounds.number == 0)
		fail_at(parser, place, "needs ^ or a number of elements", "an array");
	bounds.number *= element.number;
	element.number = bounds.number;
	element.variable = bounds.variable;
	element.out_of_line = out_of_line;
	element.array = true;
	element.structure = false;
	element.intran = element.outtran = element.check = (struct translation){ 0 };
	element.destructor = NULL;
	return element;
}

static struct type parse_structure(struct parser *parser)
{
	struct type type = parse_array(parser, false);

	type.array = false;
	type.structure = true;
	return type;
}

static struct type parse_string(struct parser *parser)
{
	struct type type, bounds = { 0 };
	const struct place place = parser->token.place;

	(void)type_of_message_name("MACH_MSG_TYPE_STRING_C", &type);
	parse_bounds(parser, &bounds);
	if (!bounds.variable || bounds.number == 0)
		fail_at(parser, place, "has a largest size: c_string[*:N]", "a string");
	type.variable = type.string = true;
	type.number = bounds.number;
	return type;
}

struct type parse_specification(struct parser *parser)
{
	if (take_mark(parser, '^')) {
		if (!take_word(parser, "array"))
			expected(parser, "array");
		return parse_array(parser, true);
	}
	if (take_word(parser, "array"))
		return parse_array(parser, false);
	if (take_word(parser, "struct"))
		return parse_structure(parser);
	if (take_word(parser, "c_string"))
		return parse_string(parser);
	return parse_base(parser);
}

/* TYPE FUNCTION(TYPE) [else CODE]; check and destructor have no first type.  The routine's type is the result's of an
 * intran, the argument's of an outtran. */
static struct translation parse_translation(struct parser *parser, const char *option)
{
	const bool in = strcasecmp(option, "intran") == 0, out = strcasecmp(option, "outtran") == 0;
	struct translation translation = { 0 };
	const char *result = NULL, *argument;

	if (in || out)
		result = expect_name(parser, "a C type");
	translation.function = expect_name(parser, "a function");
	expect_mark(parser, '(');
	argument = expect_name(parser, "a C type");
	expect_mark(parser, ')');
	translation.c_type = in ? result : argument;
	if (take_word(parser, "else"))
		translation.otherwise = expect_name(parser, "a code");
	return translation;
}

void parse_type_options(struct parser *parser, struct type *type)
{
	for (;;) {
		const struct place place = parser->token.place;
		const char *option = parser->token.text;

		if (parser->token.kind != TOKEN_NAME)
			return;
		if (!at_word(parser, "ctype") && !at_word(parser, "intran") && !at_word(parser, "outtran") &&
		    !at_word(parser, "destructor") && !at_word(parser, "check"))
			return;
		advance(parser);
		expect_mark(parser, ':');
		if (strcasecmp(option, "ctype") == 0) {
			type->c_type = expect_name(parser, "a C type");
			continue;
		}
		if (!type->port || type->array)
			fail_at(parser, place, "is for a port", option);
		if (strcasecmp(option, "intran") == 0)
			type->intran = parse_translation(parser, option);
		else if (strcasecmp(option, "outtran") == 0)
			type->outtran = parse_translation(parser, option);
		else if (strcasecmp(option, "check") == 0)
			type->check = parse_translation(parser, option);
		else
			type->destructor = parse_translation(parser, option).function;
		if (strcasecmp(option, "check") == 0 && type->check.otherwise == NULL)
			fail_at(parser, place, "needs else CODE", "check");
	}
}

void name_type(struct type *type, const char *name)
{
	type->name = name;
	if ((!type->port && !type->array && !type->string) || type->out_of_line)
		type->c_type = name;
}

void parse_type(struct parser *parser)
{
	const struct place place = parser->token.place;
	const char *name = expect_name(parser, "a type's name");
	struct type *type = get_memory(sizeof(*type));

	if (!parser->failed && type_find(parser->interface, name) != NULL)
		fail_at(parser, place, "is a type already", name);
	expect_mark(parser, '=');
	*type = parse_specification(parser);
	type->next = NULL;
	name_type(type, name);
	parse_type_options(parser, type);
	if (parser->failed)
		return;
	*parser->last_type = type;
	parser->last_type = &type->next;
}
