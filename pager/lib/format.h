/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formatted text: %d %u %x %c %s %p and %%, with a width and a leading 0 for numbers; nothing else. */
#pragma once
#include <stdarg.h>
#include <stddef.h>

/* Gives each character to put. */
void format_to(void (*put)(void *ctx, char c), void *ctx, const char *format, va_list arguments);
/* Into a buffer of size > 0 bytes, always terminated. Returns the length that it would have had. */
size_t format_text(char *buffer, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
size_t format_text_list(char *buffer, size_t size, const char *format, va_list arguments);
