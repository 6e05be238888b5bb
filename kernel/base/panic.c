/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/panic.h"
#include "cpu.h"
#include "base/console.h"
#include "probe.h"

static _Noreturn void halt_for_good(void)
{
	for (;;)
		cpu_halt();
}

_Noreturn void panic(const char *text)
{
	interrupts_off();
	console_string("\nkernel panic: ");
	console_string(text);
	console_string("\n");
	MUK_PROBE("panic(text)", text);
	halt_for_good();
}

_Noreturn void panic_number(const char *text, uint32_t number)
{
	interrupts_off();
	console_string("\nkernel panic: ");
	console_string(text);
	console_string(" 0x");
	console_hex(number);
	console_string("\n");
	MUK_PROBE("panic(text)", text);
	halt_for_good();
}

_Noreturn void shutdown(uint32_t code)
{
	MUK_PROBE("shutdown(code)", code);
	halt_for_good();
}
