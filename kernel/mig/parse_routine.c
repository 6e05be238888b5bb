/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routines, their arguments, and what messages ask of them (README.md, "Arguments").
 */
#include <string.h>

#include "parser.h"

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
				fail_at(parser, place, "is for what comes out, in line, of variable length",
				        "countinout");
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

void parse_routine(struct parser *parser, bool simple)
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
