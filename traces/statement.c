// SPDX-License-Identifier: GPL-2.0-or-later
/* Prepared statements run in one line, and SQLite's errors as ours. */
#include <stdarg.h>
#include <string.h>
#include "traces/private.h"

/* Length of the UTF-8 sequence at text, 0 if it is none (overlong forms and surrogates are none). */
static size_t utf8_sequence(const unsigned char *text)
{
	if (text[0] < 0x80)
		return 1;
	size_t length = text[0] >= 0xf0 && text[0] < 0xf5 ? 4 : text[0] >= 0xe0 && text[0] < 0xf0 ? 3
	                : text[0] >= 0xc2 && text[0] < 0xe0 ? 2 : 0;
	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] >= 0xa0) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] >= 0x90))
		return 0;
	return length;
}

void text_clean(char *text)
{
	for (char *at = text; *at;) {
		size_t length = utf8_sequence((const unsigned char *)at);
		if (!length)
			*at = '?';
		at += length ? length : 1;
	}
}

/* Names can come from a guest's memory or a hostile ELF: the file holds only UTF-8. */
static int bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	if (!text)
		return sqlite3_bind_text(statement, at, "", 0, SQLITE_STATIC);
	size_t size = strlen(text);
	char *clean = sqlite3_malloc64(size + 1);
	if (!clean)
		return SQLITE_NOMEM;
	memcpy(clean, text, size + 1);
	text_clean(clean);
	return sqlite3_bind_text64(statement, at, clean, size, sqlite3_free, SQLITE_UTF8);
}

static int bind_digest(sqlite3_stmt *statement, int at, const struct digest *digest)
{
	char text[33];
	digest_print(digest, text);
	return sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

int statement_run(sqlite3_stmt *statement, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int code = SQLITE_OK;
	for (int at = 1; format[at - 1] && code == SQLITE_OK; at++) {
		switch (format[at - 1]) {
		case 'i':
			code = sqlite3_bind_int64(statement, at, (sqlite3_int64)va_arg(list, uint64_t));
			break;
		case 'd': /* SQLite stores a NaN as NULL */
			code = sqlite3_bind_double(statement, at, va_arg(list, double));
			break;
		case 's':
			code = bind_text(statement, at, va_arg(list, const char *));
			break;
		case 'c':
			code = sqlite3_bind_text(statement, at, va_arg(list, const char *), -1, SQLITE_STATIC);
			break;
		case 'h':
			code = bind_digest(statement, at, va_arg(list, const struct digest *));
			break;
		default:
			muk_assert(!"a letter of the format");
		}
	}
	va_end(list);
	if (code == SQLITE_OK) {
		code = sqlite3_step(statement);
		if (code == SQLITE_DONE)
			code = SQLITE_OK;
	}
	sqlite3_reset(statement);
	return code;
}

enum muk_err sqlite_failed(sqlite3 *db, int code, const char *path, const char *doing, struct muk_error *error)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR: /* a quota, a limit on the size of files, a broken disk */
		return error_at(error, MUK_ERR_IO, path, 0, 0,
		                "cannot %s: %s; what was committed before stands, marked incomplete", doing,
		                (code & 0xff) == SQLITE_FULL ? "the disk is full" : "the file cannot be written or cannot grow");
	case SQLITE_NOMEM:
		return error_at(error, MUK_ERR_NOMEM, path, 0, 0, "cannot %s: no memory", doing);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_at(error, MUK_ERR_IO, path, 0, 0, "cannot %s: another process is writing to it", doing);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_ERROR: /* a table or column is not there */
	case SQLITE_MISMATCH:
		return error_at(error, MUK_ERR_INPUT, path, 0, 0, "cannot %s: the file is damaged (%s)", doing,
		                db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
	default:
		return error_at(error, MUK_ERR_IO, path, 0, 0, "cannot %s: %s", doing, sqlite3_errstr(code));
	}
}
