/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words on the console device: whole prints as far as one message carries them, so that those of several threads do not
 * mix.  A task that may not open the console is silent.
 */
#include "pager/lib/format.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/print.h"

static struct {
	natural_t identity;
	mach_port_t port;
} console;

struct line {
	char text[IO_INBAND_MAX];
	unsigned length;
};

static mach_port_t open_console(void)
{
	mach_port_t host_priv, device_master;

	if (console.identity != mach_identity) {
		console.port = MACH_PORT_NULL;
		if (mach_privileged_ports(&host_priv, &device_master) == KERN_SUCCESS &&
		    device_open(device_master, D_WRITE, "console", &console.port) != D_SUCCESS)
			console.port = MACH_PORT_NULL;
		console.identity = mach_identity;
	}
	return console.port;
}

static void flush(struct line *line)
{
	const mach_port_t port = open_console();
	unsigned at = 0;
	int written = 0;

	while (port != MACH_PORT_NULL && at < line->length &&
	       device_write_inband(port, 0, 0, line->text + at, line->length - at, &written) == D_SUCCESS &&
	       written > 0)
		at += (unsigned)written;
	line->length = 0;
}

static void put(void *ctx, char c)
{
	struct line *line = ctx;

	line->text[line->length++] = c;
	if (line->length == sizeof(line->text))
		flush(line);
}

void print(const char *format, ...)
{
	struct line line = { .length = 0 };
	va_list arguments;

	va_start(arguments, format);
	format_to(put, &line, format, arguments);
	va_end(arguments);
	flush(&line);
}
