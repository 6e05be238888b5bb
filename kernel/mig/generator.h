/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface generator: what a .defs file says, as structures, and the steps from it to C.
 *
 *   read_interface (lex.c, parse*.c, types.c) -> struct interface -> write_user, write_server, write_header (layout.c
 *   has what they share: parameters, message structures, descriptors).
 *
 * Nothing is freed: the program runs once, and small.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct place {
	const char *file;
	unsigned line;
};

/* Says "file:line: error: text" on stderr, and counts. */
void error_at(struct place place, const char *format, ...) __attribute__((format(printf, 2, 3)));
extern unsigned errors;
/* Memory, zeroed, or the end of the program. */
void *get_memory(size_t size);
char *format_name(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- what was read ---- */

struct translation {
	const char *c_type, *function;
	const char *otherwise;         /* the code when it gives nothing; NULL: the routine sees it */
};

struct type {
	struct type *next;
	const char *name;
	const char *out_name, *in_name; /* what sender and receiver have as name in the descriptor; NULL: any right */
	unsigned bits, number;          /* of an element; elements, at most if variable */
	bool port;                      /* elements are rights */
	bool variable, out_of_line, array, string, structure;
	const char *c_type;             /* of a value; of an element if array and not out of line */
	struct translation intran, outtran, check;
	const char *destructor;
};

enum role { ROLE_DATA, ROLE_REQUEST_PORT, ROLE_REPLY_PORT, ROLE_SEQNO, ROLE_WAIT_TIME };
enum { DIRECTION_IN = 1, DIRECTION_OUT = 2 };
enum deallocation { DEALLOCATE_NO, DEALLOCATE_YES, DEALLOCATE_ASK };

struct argument {
	struct argument *next;
	struct place place;
	const char *name;
	const struct type *type;
	unsigned direction;             /* DIRECTION_* bits */
	enum role role;
	bool user_side, server_side;    /* where it is a parameter */
	bool count_in_out;              /* the caller's room goes with the request */
	enum deallocation deallocate;
};

struct routine {
	struct routine *next;
	struct place place;
	const char *name;
	int id;
	bool simple;                    /* no reply is waited for */
	struct argument *arguments;     /* in their order; the first is the request port */
};

struct import {
	struct import *next;
	const char *file;
};

struct interface {
	const char *name;               /* NULL: none was given */
	int first, end;                 /* ids */
	const char *user_prefix, *server_prefix;
	struct import *imports;
	struct type *types;
	struct routine *routines;
};

/* Reads a file and what it includes, from the folders given. Errors are told and counted. */
struct interface *read_interface(const char *file, const char *const *folders, unsigned folder_count);

/* ---- tokens (lex.c) ---- */

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_MARK };
struct token {
	enum token_kind kind;
	struct place place;
	const char *text;               /* a name, a text without its quotes, or the mark's one character */
	unsigned number;
};
struct lexer;
struct lexer *lexer_open(const char *file, const char *const *folders, unsigned folder_count);
struct token lexer_next(struct lexer *lexer);

/* ---- types (types.c) ---- */

/* What the sender calls MACH_MSG_TYPE_name and what the receiver finds; false: there is no such name. */
bool type_of_message_name(const char *message_name, struct type *type);
struct type *type_find(const struct interface *interface, const char *name);

/* ---- what is written ---- */

enum side { SIDE_USER, SIDE_KERNEL_USER, SIDE_SERVER, SIDE_KERNEL_SERVER };
static inline bool side_in_kernel(enum side side) { return side == SIDE_KERNEL_USER || side == SIDE_KERNEL_SERVER; }
static inline bool side_serves(enum side side) { return side == SIDE_SERVER || side == SIDE_KERNEL_SERVER; }

struct output {
	FILE *file;
	enum side side;
	bool seqnos;
	const char *prefix;             /* of routines */
	const char *extra_include;      /* or NULL */
	const char *source, *header;    /* names without folders: the .defs file's; of the header that belongs to it */
};

void write_user(const struct output *output, const struct interface *interface);
void write_server(const struct output *output, const struct interface *interface);
void write_header(const struct output *output, const struct interface *interface);

/* layout.c */
void write_opening(const struct output *output, const struct interface *interface, const char *what);
void write_prototype(const struct output *output, const struct routine *routine);
enum message { MESSAGE_REQUEST, MESSAGE_REPLY };
bool item_in(const struct argument *argument, enum message message);
/* The members of a message after its header, each line after so many tabs. */
void write_items(const struct output *output, const struct routine *routine, enum message message, unsigned tabs);
bool message_is_complex(const struct routine *routine, enum message message);
/* The item of variable length, which is the last one; NULL. */
const struct argument *variable_item(const struct routine *routine, enum message message);
bool is_parameter(const struct output *output, const struct argument *argument);
/* Whether values must be converted between message and C: not just copied or pointed to. */
bool needs_local(const struct output *output, const struct argument *argument);
const char *value_type(const struct output *output, const struct argument *argument);
/* The name in the descriptor of what this side sends, or receives; NULL: any right. */
const char *name_sent(const struct output *output, const struct type *type);
const char *name_received(const struct type *type);
/* A condition that is true if the item's descriptor in `from` is not as it must be. */
void write_type_check(const struct output *output, const struct argument *argument, const char *from);
/* Statements that make an item's descriptor. */
void write_type(const struct output *output, const struct argument *argument, const char *to, const char *count,
                const char *deallocate);
unsigned element_bytes(const struct type *type);
