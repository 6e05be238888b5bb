/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdbool.h>

#include "pager/lib/format.h"

struct sink {
	void (*put)(void *ctx, char c);
	void *ctx;
};

/* How a number is to look. */
struct shape {
	unsigned width;
	char fill;
};

static void put_text(const struct sink *sink, const char *text)
{
	while (*text != '\0')
		sink->put(sink->ctx, *text++);
}

static void put_number(const struct sink *sink, unsigned number, unsigned base, bool negative, struct shape shape)
{
	char digits[12];
	unsigned n = 0;

	do
		digits[n++] = "0123456789abcdef"[number % base];
	while ((number /= base) != 0);
	if (negative && shape.fill == '0')
		sink->put(sink->ctx, '-');
	for (unsigned length = n + negative; length < shape.width; length++)
		sink->put(sink->ctx, shape.fill);
	if (negative && shape.fill != '0')
		sink->put(sink->ctx, '-');
	while (n > 0)
		sink->put(sink->ctx, digits[--n]);
}

static void put_signed(const struct sink *sink, int number, struct shape shape)
{
	put_number(sink, number < 0 ? 0u - (unsigned)number : (unsigned)number, 10, number < 0, shape);
}

static const char *read_shape(const char *format, struct shape *shape)
{
	*shape = (struct shape){ 0, ' ' };
	if (*format == '0') {
		shape->fill = '0';
		format++;
	}
	while (*format >= '0' && *format <= '9')
		shape->width = shape->width * 10 + (unsigned)(*format++ - '0');
	return format;
}

void format_to(void (*put)(void *ctx, char c), void *ctx, const char *format, va_list arguments)
{
	const struct sink sink = { put, ctx };
	struct shape shape;

	for (; *format != '\0'; format++) {
		if (*format != '%') {
			put(ctx, *format);
			continue;
		}
		format = read_shape(format + 1, &shape);
		switch (*format) {
		case 'd': put_signed(&sink, va_arg(arguments, int), shape); break;
		case 'u': put_number(&sink, va_arg(arguments, unsigned), 10, false, shape); break;
		case 'x': put_number(&sink, va_arg(arguments, unsigned), 16, false, shape); break;
		case 'p': put_number(&sink, (unsigned)va_arg(arguments, void *), 16, false, shape); break;
		case 'c': put(ctx, (char)va_arg(arguments, int)); break;
		case 's': put_text(&sink, va_arg(arguments, const char *)); break;
		default: put(ctx, *format); break;
		}
	}
}

struct buffer {
	char *text;
	size_t size, length;
};

static void put_in_buffer(void *ctx, char c)
{
	struct buffer *buffer = ctx;

	if (buffer->length + 1 < buffer->size)
		buffer->text[buffer->length] = c;
	buffer->length++;
}

size_t format_text_list(char *text, size_t size, const char *format, va_list arguments)
{
	struct buffer buffer = { text, size, 0 };

	format_to(put_in_buffer, &buffer, format, arguments);
	text[buffer.length < size ? buffer.length : size - 1] = '\0';
	return buffer.length;
}

size_t format_text(char *text, size_t size, const char *format, ...)
{
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = format_text_list(text, size, format, arguments);
	va_end(arguments);
	return length;
}
