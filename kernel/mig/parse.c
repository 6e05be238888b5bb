/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language (README.md), read top down.  After an error in a statement the next one is read, so that all errors of
 * a file are told at once.
 */
#include <strings.h>

#include "parser.h"

/* ---- tokens ---- */

void advance(struct parser *parser)
{
	parser->token = lexer_next(parser->lexer);
}

bool at_mark(const struct parser *parser, char mark)
{
	return parser->token.kind == TOKEN_MARK && parser->token.text[0] == mark;
}

bool at_word(const struct parser *parser, const char *word)
{
	return parser->token.kind == TOKEN_NAME && strcasecmp(parser->token.text, word) == 0;
}

bool take_mark(struct parser *parser, char mark)
{
	if (!at_mark(parser, mark))
		return false;
	advance(parser);
	return true;
}

bool take_word(struct parser *parser, const char *word)
{
	if (!at_word(parser, word))
		return false;
	advance(parser);
	return true;
}

void expected(struct parser *parser, const char *what)
{
	const struct token *token = &parser->token;

	if (!parser->failed)
		error_at(token->place, "expected %s, got %s", what, token->kind == TOKEN_END ? "the end" : token->text);
	parser->failed = true;
}

void fail_at(struct parser *parser, struct place place, const char *text, const char *name)
{
	if (!parser->failed)
		error_at(place, "%s %s", name, text);
	parser->failed = true;
}

void expect_mark(struct parser *parser, char mark)
{
	const char text[] = { mark, '\0' };

	if (!take_mark(parser, mark))
		expected(parser, text);
}

const char *expect_name(struct parser *parser, const char *what)
{
	const char *name = parser->token.text;

	if (parser->token.kind != TOKEN_NAME) {
		expected(parser, what);
		return "?";
	}
	advance(parser);
	return name;
}

unsigned expect_number(struct parser *parser, const char *what)
{
	const unsigned number = parser->token.number;

	if (parser->token.kind != TOKEN_NUMBER) {
		expected(parser, what);
		return 1;
	}
	advance(parser);
	return number;
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
