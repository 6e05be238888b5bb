/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that the library carries with it, as embed.c writes it.
 *
 *   custom_target(..., command: [embed, '@OUTPUT@', 'shipped_models', '@INPUT@'])
 *   extern const struct embedded_file shipped_models[];
 */
#pragma once
#include <stddef.h>

struct embedded_file {
	const char *name;   /* base name without .elf or .yaml; NULL in the entry after the last. Sorted by it */
	const void *bytes;  /* followed by a zero byte that does not count */
	size_t size;
};
