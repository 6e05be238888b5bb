/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/claim.h"
#include "pager/lib/format.h"
#include "pager/lib/print.h"
#include "probe.h"

static unsigned claims, passed;

bool claim(bool holds, const char *format, ...)
{
	char text[128];
	va_list arguments;

	va_start(arguments, format);
	format_text_list(text, sizeof(text), format, arguments);
	va_end(arguments);
	claims++;
	passed += holds;
	print("%s %u - %s\n", holds ? "ok" : "not ok", claims, text);
	return holds;
}

int claims_end(void)
{
	MUK_VALUE("claims", claims);
	MUK_VALUE("passed", passed);
	print("1..%u\n# %u of %u claims hold\n", claims, passed, claims);
	return passed == claims ? 0 : 1;
}
