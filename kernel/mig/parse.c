/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language (README.md), read top down.  After an error in a statement the next one is read, so that all errors of
 * a file are told at once.
 */
#include <string.h>
#include <strings.h>

#include "generator.h"

struct parser {
	struct lexer *lexer;
	struct token token;             /* the next one */
	struct interface *interface;
	struct type **last_type;
	struct routine **last_routine;
	struct import **last_import;
	bool failed;                    /* this statement: nothing more is said about it */
};

/* ---- tokens ---- */

static void advance(struct parser *parser)
{
	parser->token = lexer_next(parser->lexer);
}

static bool at_mark(const struct parser *parser, char mark)
{
	return parser->token.kind == TOKEN_MARK && parser->token.text[0] == mark;
}

static bool at_word(const struct parser *parser, const char *word)
{
	return parser->token.kind == TOKEN_NAME && strcasecmp(parser->token.text, word) == 0;
}

static bool take_mark(struct parser *parser, char mark)
{
	if (!at_mark(parser, mark))
		return false;
	advance(parser);
	return true;
}

static bool take_word(struct parser *parser, const char *word)
{
	if (!at_word(parser, word))
		return false;
	advance(parser);
	return true;
}

static void expected(struct parser *parser, const char *what)
{
	const struct token *token = &parser->token;

	if (!parser->failed)
		error_at(token->place, "expected %s, got %s", what, token->kind == TOKEN_END ? "the end" : token->text);
	parser->failed = true;
}

static void fail_at(struct parser *parser, struct place place, const char *text, const char *name)
{
	if (!parser->failed)
		error_at(place, "%s %s", name, text);
	parser->failed = true;
}

static void expect_mark(struct parser *parser, char mark)
{
	const char text[] = { mark, '\0' };

	if (!take_mark(parser, mark))
		expected(parser, text);
}

static const char *expect_name(struct parser *parser, const char *what)
{
	const char *name = parser->token.text;

	if (parser->token.kind != TOKEN_NAME) {
		expected(parser, what);
		return "?";
	}
	advance(parser);
	return name;
}

static unsigned expect_number(struct parser *parser, const char *what)
{
	const unsigned number = parser->token.number;

	if (parser->token.kind != TOKEN_NUMBER) {
		expected(parser, what);
		return 1;
	}
	advance(parser);
	return number;
}

/* ---- types ---- */

static struct type parse_specification(struct parser *parser);

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

static struct type parse_specification(struct parser *parser)
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

static void parse_type_options(struct parser *parser, struct type *type)
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

/* What is called by this name in messages, and in C by the same unless it is a port, an array or a string. */
static void name_type(struct type *type, const char *name)
{
	type->name = name;
	if ((!type->port && !type->array && !type->string) || type->out_of_line)
		type->c_type = name;
}

static void parse_type(struct parser *parser)
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

/* ---- routines ---- */

static const struct {
	const char *word;
	enum role role;
	unsigned direction;
	bool user_side, server_side;
} kinds[] = {
	{ "in", ROLE_DATA, DIRECTION_IN, true, true },
	{ "out", ROLE_DATA, DIRECTION_OUT, true, true },
	{ "inout", ROLE_DATA, DIRECTION_IN | DIRECTION_OUT, true, true },
	{ "requestport", ROLE_REQUEST_PORT, 0, true, true },
	{ "replyport", ROLE_REPLY_PORT, 0, true, true },
	{ "ureplyport", ROLE_REPLY_PORT, 0, true, false },
	{ "sreplyport", ROLE_REPLY_PORT, 0, false, true },
	{ "msgseqno", ROLE_SEQNO, 0, false, true },
	{ "waittime", ROLE_WAIT_TIME, 0, true, false },
};

static void parse_kind(struct parser *parser, struct argument *argument)
{
	argument->direction = DIRECTION_IN;
	argument->user_side = argument->server_side = true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (take_word(parser, kinds[i].word)) {
			argument->role = kinds[i].role;
			argument->direction = kinds[i].direction;
			argument->user_side = kinds[i].user_side;
			argument->server_side = kinds[i].server_side;
			return;
		}
}

static void parse_flags(struct parser *parser, struct argument *argument)
{
	while (take_mark(parser, ',')) {
		const struct place place = parser->token.place;

		if (take_word(parser, "countinout")) {
			argument->count_in_out = true;
			if (!argument->type->variable || argument->type->out_of_line ||
			    argument->direction != DIRECTION_OUT)
				fail_at(parser, place, "is for what comes out, in line, of variable length", "countinout");
		} else if (take_word(parser, "dealloc")) {
			argument->deallocate = DEALLOCATE_YES;
			if (take_mark(parser, '[')) {
				argument->deallocate = DEALLOCATE_ASK;
				expect_mark(parser, ']');
			}
			if (!argument->type->out_of_line)
				fail_at(parser, place, "is for data out of line", "dealloc");
		} else {
			expected(parser, "countinout or dealloc");
		}
	}
}

/* The stubs' own names. */
static bool is_taken(const char *name)
{
	static const char *const names[] = { "message", "request", "reply", "in", "out", "mig_port", "mig_result" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static struct argument *parse_argument(struct parser *parser)
{
	struct argument *argument = get_memory(sizeof(*argument));
	struct type *type = get_memory(sizeof(*type));
	const char *name;

	parse_kind(parser, argument);
	argument->place = parser->token.place;
	argument->name = expect_name(parser, "an argument's name");
	if (is_taken(argument->name))
		fail_at(parser, argument->place, "is a name that stubs use themselves", argument->name);
	expect_mark(parser, ':');
	name = parser->token.kind == TOKEN_NAME ? parser->token.text : "?";
	*type = parse_specification(parser);
	if (take_mark(parser, '=')) {
		*type = parse_specification(parser);
		name_type(type, name);
	}
	parse_type_options(parser, type);
	argument->type = type;
	parse_flags(parser, argument);
	return argument;
}

/* Everything that a message's structure asks of a routine's arguments. */
static void check_message(struct parser *parser, const struct routine *routine, unsigned direction)
{
	const struct argument *variable = NULL;

	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		const bool room = direction == DIRECTION_IN && argument->count_in_out;

		if (!room && (argument->role != ROLE_DATA || (argument->direction & direction) == 0))
			continue;
		if (variable != NULL)
			fail_at(parser, variable->place, "has no fixed length, so it must be the last of its message",
			        variable->name);
		if (!room && argument->type->variable && !argument->type->out_of_line)
			variable = argument;
	}
}

static void check_routine(struct parser *parser, struct routine *routine)
{
	struct argument *first = routine->arguments;

	if (parser->failed)
		return;
	if (first == NULL || !first->type->port || first->type->array || first->direction == DIRECTION_OUT) {
		fail_at(parser, routine->place, "needs a port as its first argument", routine->name);
		return;
	}
	first->role = ROLE_REQUEST_PORT;
	for (struct argument *one = first; one != NULL; one = one->next) {
		if (routine->simple && (one->direction & DIRECTION_OUT) != 0)
			fail_at(parser, one->place, "comes out of a simpleroutine, which has no reply", one->name);
		if (one->direction == (DIRECTION_IN | DIRECTION_OUT) && (one->type->array || one->type->variable))
			fail_at(parser, one->place, "goes in and out: only values of fixed size may", one->name);
		if (one != first && one->role == ROLE_REQUEST_PORT)
			fail_at(parser, one->place, "is a second request port", one->name);
		if (one->role == ROLE_REPLY_PORT && (!one->type->port || one->type->array))
			fail_at(parser, one->place, "is no port", one->name);
		for (struct argument *other = one->next; other != NULL; other = other->next)
			if (strcmp(one->name, other->name) == 0)
				fail_at(parser, other->place, "is there twice", other->name);
	}
	check_message(parser, routine, DIRECTION_IN);
	check_message(parser, routine, DIRECTION_OUT);
}

static void parse_routine(struct parser *parser, bool simple)
{
	struct routine *routine = get_memory(sizeof(*routine));
	struct argument **last = &routine->arguments;

	routine->place = parser->token.place;
	routine->name = expect_name(parser, "a routine's name");
	routine->simple = simple;
	routine->id = parser->interface->end++;
	for (const struct routine *other = parser->interface->routines; other != NULL; other = other->next)
		if (strcmp(other->name, routine->name) == 0)
			fail_at(parser, routine->place, "is a routine already", routine->name);
	expect_mark(parser, '(');
	while (!parser->failed && !at_mark(parser, ')')) {
		*last = parse_argument(parser);
		last = &(*last)->next;
		if (!take_mark(parser, ';') && !at_mark(parser, ')'))
			expected(parser, "; or )");
	}
	expect_mark(parser, ')');
	check_routine(parser, routine);
	if (parser->failed)
		return;
	*parser->last_routine = routine;
	parser->last_routine = &routine->next;
}

/* ---- statements ---- */

static void parse_subsystem(struct parser *parser)
{
	const struct place place = parser->token.place;

	if (parser->interface->name != NULL)
		fail_at(parser, place, "is there twice", "subsystem");
	parser->interface->name = expect_name(parser, "the subsystem's name");
	parser->interface->first = (int)expect_number(parser, "its first message id");
	parser->interface->end = parser->interface->first;
}

static void parse_import(struct parser *parser)
{
	struct import *import = get_memory(sizeof(*import));

	import->file = parser->token.text;
	if (parser->token.kind != TOKEN_TEXT) {
		expected(parser, "a header's name in quotes");
		return;
	}
	advance(parser);
	*parser->last_import = import;
	parser->last_import = &import->next;
}

static bool at_statement(const struct parser *parser)
{
	static const char *const words[] = { "type", "routine", "simpleroutine", "skip", "import", "subsystem",
		                             "userprefix", "serverprefix" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (at_word(parser, words[i]))
			return true;
	return false;
}

/* After an error: on to the next ; that a statement follows. */
static void skip_statement(struct parser *parser)
{
	bool ended = at_statement(parser);

	while (parser->token.kind != TOKEN_END && !(ended && at_statement(parser))) {
		ended = at_mark(parser, ';');
		advance(parser);
	}
}

static void parse_statement(struct parser *parser)
{
	if (take_word(parser, "type"))
		parse_type(parser);
	else if (take_word(parser, "routine"))
		parse_routine(parser, false);
	else if (take_word(parser, "simpleroutine"))
		parse_routine(parser, true);
	else if (take_word(parser, "skip"))
		parser->interface->end += at_mark(parser, ';') ? 1 : (int)expect_number(parser, "a number");
	else if (take_word(parser, "import"))
		parse_import(parser);
	else if (take_word(parser, "subsystem"))
		parse_subsystem(parser);
	else if (take_word(parser, "userprefix"))
		parser->interface->user_prefix = expect_name(parser, "a prefix");
	else if (take_word(parser, "serverprefix"))
		parser->interface->server_prefix = expect_name(parser, "a prefix");
	else
		expected(parser, "a statement");
	if (!parser->failed)
		expect_mark(parser, ';');
}

struct interface *read_interface(const char *file, const char *const *folders, unsigned folder_count)
{
	struct interface *interface = get_memory(sizeof(*interface));
	struct parser parser = { .lexer = lexer_open(file, folders, folder_count), .interface = interface };

	interface->user_prefix = interface->server_prefix = "";
	parser.last_type = &interface->types;
	parser.last_routine = &interface->routines;
	parser.last_import = &interface->imports;
	advance(&parser);
	while (parser.token.kind != TOKEN_END) {
		parser.failed = false;
		parse_statement(&parser);
		if (parser.failed)
			skip_statement(&parser);
	}
	if (interface->name == NULL && errors == 0)
		error_at(parser.token.place, "there is no subsystem");
	return interface;
}
