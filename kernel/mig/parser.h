/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parser's files share: the next token, and what is read at it.  parse.c has tokens and statements,
 * parse_type.c types, parse_routine.c routines and their arguments.
 *
 * A parser that has failed says nothing more of the statement; what its functions give is then harmless and unused.
 */
#pragma once
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

/* On to the next token. Whether it is this mark, or this word (in any case of letters); take: and if so, past it. */
void advance(struct parser *parser);
bool at_mark(const struct parser *parser, char mark);
bool at_word(const struct parser *parser, const char *word);
bool take_mark(struct parser *parser, char mark);
bool take_word(struct parser *parser, const char *word);
/* The statement is wrong: here something else is needed; or, at a place, "NAME TEXT". */
void expected(struct parser *parser, const char *what);
void fail_at(struct parser *parser, struct place place, const char *text, const char *name);
/* Past a token that must be there. */
void expect_mark(struct parser *parser, char mark);
const char *expect_name(struct parser *parser, const char *what);
unsigned expect_number(struct parser *parser, const char *what);

/* A type as it stands after a colon or an equals sign, without a name; the options that may follow. */
struct type parse_specification(struct parser *parser);
void parse_type_options(struct parser *parser, struct type *type);
/* What is called by this name in messages, and in C by the same unless it is a port, an array or a string. */
void name_type(struct type *type, const char *name);

/* The rest of the statements `type`, `routine` and `simpleroutine`: what they define is the interface's. */
void parse_type(struct parser *parser);
void parse_routine(struct parser *parser, bool simple);
