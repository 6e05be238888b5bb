/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pieces of JSON that the subcommands print. Texts are UTF-8. */
#pragma once
#include <stdio.h>

/* A text in quotes, escaped. */
void json_string(FILE *out, const char *text);
/* "key":"text", with the comma after it. */
void json_member(FILE *out, const char *key, const char *text);
