/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/l4/console.h"
#include "pager/lib/format.h"
#include "pager/lib/l4/ports.h"

enum { COM1 = 0x3f8, DATA = COM1, STATUS = COM1 + 5, COM1_LOG2 = 3, STATUS_EMPTY = 0x20, STATUS_IDLE = 0x40 };

bool console_open(void)
{
	return ports_get(COM1, COM1_LOG2);
}

static void put(void *ctx, char c)
{
	(void)ctx;
	while (!(port_read(STATUS) & STATUS_EMPTY))
		;
	port_write(DATA, (uint8_t)c);
}

void print(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	format_to(put, 0, format, arguments);
	va_end(arguments);
	/* The run may end at once: nothing is to be left in the line's chip. */
	while (!(port_read(STATUS) & STATUS_IDLE))
		;
}
