/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel's image for MIPS, for the tests: linked in kseg0, probes with every kind of operand. */
#include "kernel/include/probe.h"

unsigned table[16] = { 1, 2, 3 };
unsigned counter = 5;
unsigned big_bss[5000];

__attribute__((noinline)) unsigned second(unsigned a, unsigned *p)
{
	MUK_PROBE("in_second", a, p[1]);
	return a + *p;
}

void _start(void)
{
	unsigned i = second(7, table);

	MUK_PROBE("compiled(i,constant,counter,of_table)", i, 2, counter, table[i & 15]);
	__asm__ volatile(MUK_PROBE_SITE("registers", 4,
	                                ".asciz \"4@$4\"\n.asciz \"4@$sp\"\n.asciz \"4@$31\"\n.asciz \"-2@$k1\"\n"));
	__asm__ volatile(MUK_PROBE_SITE("constants", 2, ".asciz \"4@5\"\n.asciz \"4@-5\"\n"));
	__asm__ volatile(MUK_PROBE_SITE("memory", 3, ".asciz \"4@16($29)\"\n.asciz \"4@-4($sp)\"\n.asciz \"1@0($0)\"\n"));
	__asm__ volatile(MUK_PROBE_SITE("low", 2, ".asciz \"4@%lo(counter)($2)\"\n.asciz \"4@%lo(big_bss+400)($2)\"\n"));
	for (;;)
		big_bss[i++ % 5000] = i;
}
