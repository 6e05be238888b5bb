/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filling a struct muk_error, and the assertion that release builds keep. */
#pragma once
#include <stddef.h>
#include "mukroscope/error.h"

/*
 * Records an error and returns its code, so that "return error_set(...)" reads
 * as one step.  error may be NULL.  format is printf's; the text is cut to fit.
 */
enum muk_err error_set(struct muk_error *error, enum muk_err code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with a place: line and column from 1, 0 for none; path may be NULL. */
enum muk_err error_at(struct muk_error *error, enum muk_err code, const char *path, int line, int column,
                      const char *format, ...) __attribute__((format(printf, 6, 7)));

/*
 * A defect of the simulator: prints what is known (place, the running machine's
 * digest, cycle and how to reproduce, as the last defect_context set them) to
 * stderr and ends the process with status 70.  Never reached by any input.
 */
_Noreturn void defect(const char *file, int line, const char *what);

/* Says what defect() prints about the run: a callback that writes one line into a buffer. NULL clears it. */
void defect_context(void (*describe)(void *ctx, char *buffer, size_t size), void *ctx);

#define muk_assert(condition) ((condition) ? (void)0 : defect(__FILE__, __LINE__, #condition))
