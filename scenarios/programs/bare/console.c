/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The serial line COM1, polled: 115200 baud, 8 bits, no parity. */
#include <stdarg.h>

#include "scenarios/programs/bare/bare.h"
#include "scenarios/programs/bare/setup.h"

enum { COM1 = 0x3f8, DATA = COM1, INTERRUPTS = COM1 + 1, FIFO = COM1 + 2, LINE = COM1 + 3, STATUS = COM1 + 5 };
enum { LINE_8N1 = 3, LINE_DIVISOR = 0x80, STATUS_EMPTY = 0x20, STATUS_IDLE = 0x40 };

void console_init(void)
{
	outb(INTERRUPTS, 0);
	outb(LINE, LINE_DIVISOR);
	outb(DATA, 1);
	outb(INTERRUPTS, 0);
	outb(LINE, LINE_8N1);
	outb(FIFO, 1);
}

static void put(char c)
{
	while (!(inb(STATUS) & STATUS_EMPTY))
		;
	outb(DATA, (uint8_t)c);
}

static void put_number(uint32_t number, uint32_t base)
{
	char digits[11];
	unsigned n = 0;

	do
		digits[n++] = "0123456789abcdef"[number % base];
	while ((number /= base) != 0);
	while (n > 0)
		put(digits[--n]);
}

static void put_string(const char *text)
{
	while (*text != '\0')
		put(*text++);
}

static void put_signed(int32_t number)
{
	if (number < 0)
		put('-');
	put_number(number < 0 ? 0u - (uint32_t)number : (uint32_t)number, 10);
}

void print(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	for (; *format != '\0'; format++) {
		if (*format != '%') {
			put(*format);
			continue;
		}
		switch (*++format) {
		case 'd': put_signed(va_arg(arguments, int32_t)); break;
		case 'u': put_number(va_arg(arguments, uint32_t), 10); break;
		case 'x': put_number(va_arg(arguments, uint32_t), 16); break;
		case 's': put_string(va_arg(arguments, const char *)); break;
		default: put(*format); break;
		}
	}
	va_end(arguments);
	while (!(inb(STATUS) & STATUS_IDLE))
		;
}
