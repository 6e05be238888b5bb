/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tokens of .defs files.  Blank space and comments separate; a line `#include "file"` stands for that file's tokens.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "generator.h"

enum { INCLUDE_DEPTH_MAX = 16, NAME_MAX_LENGTH = 64, DIGITS = 7 };

struct source {
	const char *at;
	struct place place;
};
struct lexer {
	struct source stack[INCLUDE_DEPTH_MAX];
	unsigned depth;                 /* sources that are open */
	struct place last;              /* where the file ended */
	const char *const *folders;
	unsigned folder_count;
};

unsigned errors;

void error_at(struct place place, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s:%u: error: ", place.file, place.line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	errors++;
}

/* All that is in use, until the end. */
static struct memory {
	struct memory *before;
	_Alignas(16) char bytes[];
} *memory;

void *get_memory(size_t size)
{
	struct memory *more = calloc(1, sizeof(*more) + size);

	if (more == NULL) {
		fputs("mig: no memory\n", stderr);
		exit(1);
	}
	more->before = memory;
	memory = more;
	return more->bytes;
}

char *format_name(const char *format, ...)
{
	char text[256];
	va_list arguments;
	char *name;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	name = get_memory(strlen(text) + 1);
	return strcpy(name, text);
}

/* The whole file, ended by a NUL; NULL if it cannot be read. */
static char *read_file(const char *name)
{
	FILE *file = fopen(name, "rb");
	size_t size = 0, room = 4096;
	char *text;

	if (file == NULL)
		return NULL;
	text = get_memory(room + 1);
	for (size_t n; (n = fread(text + size, 1, room - size, file)) > 0;) {
		size += n;
		if (size == room) {
			char *larger = get_memory(2 * room + 1);

			memcpy(larger, text, size);
			text = larger;
			room *= 2;
		}
	}
	fclose(file);
	return text;
}

static void push(struct lexer *lexer, const char *name, const char *text)
{
	struct source *source = &lexer->stack[lexer->depth++];

	source->at = text;
	source->place.file = name;
	source->place.line = 1;
}

struct lexer *lexer_open(const char *file, const char *const *folders, unsigned folder_count)
{
	struct lexer *lexer = get_memory(sizeof(*lexer));
	const char *text = read_file(file);

	lexer->folders = folders;
	lexer->folder_count = folder_count;
	lexer->last.file = file;
	if (text == NULL) {
		fprintf(stderr, "mig: %s cannot be read\n", file);
		errors++;
		return lexer;
	}
	push(lexer, file, text);
	return lexer;
}

/* `#include "name"`, the rest of the line: looked for in the folders, in their order. */
static void include(struct lexer *lexer)
{
	struct source *source = &lexer->stack[lexer->depth - 1];
	const struct place place = source->place;
	const char *end = source->at + strcspn(source->at, "\n");
	char name[128];

	if (sscanf(source->at, "#include \"%127[^\"\n]\"", name) != 1) {
		error_at(place, "expected #include \"file\"");
		source->at = end;
		return;
	}
	source->at = end;
	if (lexer->depth == INCLUDE_DEPTH_MAX) {
		error_at(place, "files include each other more than %d deep", INCLUDE_DEPTH_MAX);
		return;
	}
	for (unsigned i = 0; i < lexer->folder_count; i++) {
		const char *text = read_file(format_name("%s/%s", lexer->folders[i], name));

		if (text != NULL) {
			push(lexer, format_name("%s", name), text);
			return;
		}
	}
	error_at(place, "%s is in none of the folders", name);
}

/* Past blank space and comments. */
static void skip_blanks(struct source *source)
{
	for (;; source->at++) {
		if (source->at[0] == '/' && source->at[1] == '*') {
			const struct place begin = source->place;

			source->at += 2;
			while (*source->at != '\0' && !(source->at[0] == '*' && source->at[1] == '/'))
				source->place.line += *source->at++ == '\n';
			if (*source->at == '\0') {
				error_at(begin, "a comment has no end");
				return;
			}
			source->at++;
		} else if (*source->at == '\n') {
			source->place.line++;
		} else if (!isspace((unsigned char)*source->at)) {
			return;
		}
	}
}

static struct token word(struct source *source)
{
	struct token token = { .kind = TOKEN_NAME, .place = source->place };
	size_t length = 0;

	while (isalnum((unsigned char)source->at[length]) || source->at[length] == '_')
		length++;
	if (length > NAME_MAX_LENGTH)
		error_at(token.place, "a name has more than %d characters", NAME_MAX_LENGTH);
	token.text = format_name("%.*s", (int)length, source->at);
	if (isdigit((unsigned char)*source->at)) {
		char *end;

		token.number = (unsigned)strtoul(token.text, &end, 10);
		token.kind = TOKEN_NUMBER;
		if (*end != '\0' || length > DIGITS)
			error_at(token.place, "%s is no number of at most %d digits", token.text, DIGITS);
	}
	source->at += length;
	return token;
}

static struct token quoted(struct source *source)
{
	struct token token = { .kind = TOKEN_TEXT, .place = source->place };
	const size_t length = strcspn(source->at + 1, "\"\n");

	token.text = format_name("%.*s", (int)length, source->at + 1);
	source->at += 1 + length;
	if (*source->at == '"')
		source->at++;
	else
		error_at(token.place, "a text has no end");
	return token;
}

struct token lexer_next(struct lexer *lexer)
{
	struct token token = { .kind = TOKEN_END, .place = lexer->last };

	while (lexer->depth > 0) {
		struct source *source = &lexer->stack[lexer->depth - 1];

		skip_blanks(source);
		if (*source->at == '\0') {
			lexer->last = source->place;
			token.place = lexer->last;
			lexer->depth--;
		} else if (*source->at == '#') {
			include(lexer);
		} else if (*source->at == '"') {
			return quoted(source);
		} else if (isalnum((unsigned char)*source->at) || *source->at == '_') {
			return word(source);
		} else {
			token.kind = TOKEN_MARK;
			token.place = source->place;
			token.text = format_name("%c", *source->at++);
			return token;
		}
	}
	return token;
}
