/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest image for the tests: probes with every kind of operand, functions, data, bss. */
#include "kernel/include/probe.h"

__attribute__((section(".multiboot"), used)) static const unsigned header[3] = { 0x1badb002, 3, -(0x1badb002u + 3) };

unsigned table[16] = { 1, 2, 3 };
static unsigned counter = 5;
unsigned big_bss[5000];

__attribute__((noinline)) unsigned second(unsigned a, unsigned *p)
{
	MUK_PROBE("in_second", a, p[1]);
	return a + *p;
}

void _start(void)
{
	unsigned i = second(7, table);

	MUK_PROBE("no_arguments");
	MUK_PROBE("constant", 5);
	MUK_PROBE("memory", counter);
	__asm__ volatile(MUK_PROBE_SITE("address", 1, ".asciz \"4@$big_bss+400\"\n"));
	MUK_SPAN_BEGIN("work");
	MUK_PROBE("four", i, 2, counter, table[i & 15]);
	MUK_SPAN_END("work");
	for (;;)
		big_bss[i++ % 5000] = i;
}
