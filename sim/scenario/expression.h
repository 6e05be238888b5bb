/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expressions of metrics: "main.rpc.cycles / main.rpc.count / 2".
 *
 *   or         = and { "or" and }
 *   and        = not { "and" not }
 *   not        = "not" not | comparison
 *   comparison = sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
 *   sum        = product { ("+" | "-") product }
 *   product    = unary { ("*" | "/") unary }
 *   unary      = "-" unary | primary
 *   primary    = number | name | "(" or ")" | function "(" or { "," or } ")"
 *   function   = "min" | "max" (one or more)  "abs" (one)  "round" (one, or two: to so many decimals)
 *   name       = letter { letter | digit | "_" | "." | ":" | "[" anything but "]" "]" }
 *
 * Truth is 1 and 0.  Numbers are decimal: digits, a point, digits; no exponent.  Nothing of the host's locale matters.
 */
#pragma once
#include "sim/core/types.h"

enum { EXPRESSION_MAX = 1024 };

/* The value of a name; false after saying in message why there is none. */
typedef bool expression_lookup(void *ctx, const char *name, double *value, char *message, size_t size);

struct expression_error {
	unsigned column;    /* from 1, in the text */
	char message[256];
};

/*
 * Evaluates text.  lookup may be NULL: names are errors then.  False after filling in *error: wrong syntax, a name
 * without a value, a division by zero.
 */
bool expression_evaluate(const char *text, expression_lookup *lookup, void *ctx, double *value,
                         struct expression_error *error);
/* Looks only whether text could be evaluated: lookup judges the names, values mean nothing and may be 0. */
bool expression_check(const char *text, expression_lookup *lookup, void *ctx, struct expression_error *error);
