/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors: recording them for the caller, and the one way in which the simulator
 * ends itself.
 *
 *   user error, guest error   a return code and a struct muk_error: error_set, error_at
 *   defect                    muk_assert -> defect -> status 70
 *
 * The context of defect() is kept per host thread: each thread runs one machine
 * at a time, and must not describe another's.
 */
#include "sim/core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_DEFECT = 70 };

static _Thread_local void (*context_describe)(void *ctx, char *buffer, size_t size);
static _Thread_local void *context_ctx;

static void error_fill(struct muk_error *error, enum muk_err code, const char *path, int line, int column,
                       const char *format, va_list arguments)
{
	if (!error)
		return;
	error->code = code;
	error->line = line;
	error->column = column;
	snprintf(error->path, sizeof error->path, "%s", path ? path : "");
	vsnprintf(error->text, sizeof error->text, format, arguments);
}

enum muk_err error_set(struct muk_error *error, enum muk_err code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	error_fill(error, code, NULL, 0, 0, format, arguments);
	va_end(arguments);
	return code;
}

enum muk_err error_at(struct muk_error *error, enum muk_err code, const char *path, int line, int column,
                      const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	error_fill(error, code, path, line, column, format, arguments);
	va_end(arguments);
	return code;
}

void defect_context(void (*describe)(void *ctx, char *buffer, size_t size), void *ctx)
{
	context_describe = describe;
	context_ctx = ctx;
}

_Noreturn void defect(const char *file, int line, const char *what)
{
	void (*describe)(void *ctx, char *buffer, size_t size) = context_describe;
	char about[512] = "";

	context_describe = NULL; /* a defect while describing must not come back here */
	if (describe)
		describe(context_ctx, about, sizeof about);
	fflush(stdout);
	fprintf(stderr, "mukroscope: defect of the simulator at %s:%d: %s\n", file, line, what);
	if (about[0])
		fprintf(stderr, "mukroscope: %s\n", about);
	fflush(stderr);
	_exit(EXIT_DEFECT);
}

const char *muk_strerror(enum muk_err code)
{
	switch (code) {
	case MUK_OK: return "no error";
	case MUK_ERR_INPUT: return "bad input";
	case MUK_ERR_IO: return "input/output error";
	case MUK_ERR_NOMEM: return "out of memory";
	case MUK_ERR_ENGINE: return "unfit engine";
	case MUK_ERR_UNSUPPORTED: return "unsupported by the model";
	case MUK_ERR_MISMATCH: return "digests differ";
	case MUK_ERR_DEFECT: return "defect of the simulator";
	}
	return "unknown error";
}
