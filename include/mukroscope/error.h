/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors of the library.
 *
 * Three classes never mix: an error of the user's input, an error of the
 * guest (an event of the run, not of the library), and a defect of the
 * simulator.  No function prints, exits or aborts on input: it returns a
 * code, and leaves the detail in the caller's struct muk_error.
 */
#ifndef MUKROSCOPE_ERROR_H
#define MUKROSCOPE_ERROR_H

#include "mukroscope/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Result of every function that can fail: 0, or one of these. */
enum muk_err {
	MUK_OK = 0,
	MUK_ERR_INPUT = -1,     /**< a scenario, model, image or argument is wrong */
	MUK_ERR_IO = -2,        /**< the host's files: absent, unreadable, disk full */
	MUK_ERR_NOMEM = -3,     /**< the host's memory is exhausted */
	MUK_ERR_ENGINE = -4,    /**< the engine is unfit: wrong version, failed self-test */
	MUK_ERR_UNSUPPORTED = -5, /**< the guest used what no model here has */
	MUK_ERR_MISMATCH = -6,  /**< two digests that must agree differ */
	MUK_ERR_DEFECT = -7,    /**< a defect of the simulator */
};

/** What went wrong, and where.  The caller owns it; all zero is "nothing". */
struct muk_error {
	enum muk_err code;
	int line, column;       /**< from 1; 0 where there is no such place */
	char path[256];         /**< the file, or "" */
	char text[768];         /**< one sentence, no newline at its end */
};

/** The name of a code as users read it ("bad input", ...). Total: never NULL. */
MUK_API const char *muk_strerror(enum muk_err code);

#ifdef __cplusplus
}
#endif
#endif
