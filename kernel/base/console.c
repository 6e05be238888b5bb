/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/console.h"
#include "cpu.h"

enum { COM1 = 0x3f8, DATA = COM1, INTERRUPTS = COM1 + 1, FIFO = COM1 + 2, LINE = COM1 + 3, MODEM = COM1 + 4,
       STATUS = COM1 + 5, DIVISOR_LATCH = 0x80, EIGHT_BITS = 0x03, HOLDING_EMPTY = 0x20 };

void console_init(void)
{
	out8(INTERRUPTS, 0);
	out8(LINE, DIVISOR_LATCH);
	out8(DATA, 1);
	out8(INTERRUPTS, 0);
	out8(LINE, EIGHT_BITS);
	out8(FIFO, 0);
	out8(MODEM, 0x03);
}

void console_char(char c)
{
	while (!(in8(STATUS) & HOLDING_EMPTY))
		;
	out8(DATA, (uint8_t)c);
}

void console_string(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			console_char('\r');
		console_char(*text);
	}
}

void console_hex(uint32_t number)
{
	for (int shift = 28; shift >= 0; shift -= 4)
		console_char("0123456789abcdef"[number >> shift & 0xf]);
}
