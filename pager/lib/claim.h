/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims: a program says what holds, one line each on the serial line ("ok 3 - text", "not ok 3 - text"), and in the
 * end how many.  The values passed and claims can be named by metrics.
 */
#pragma once
#include <stdbool.h>

/* States a claim; returns whether it holds. */
bool claim(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints the totals. Returns the program's code: 0 if all held. */
int claims_end(void);
