/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program for tasks.c: it runs wherever it is copied to, and has code in a whole page and in parts of two others. */
#include "kernel/include/probe.h"

__attribute__((noinline)) static unsigned work(unsigned rounds)
{
	unsigned x = NUMBER;

	while (rounds--)
		x = x * 1664525u + 1013904223u;
	return x;
}

/* A byte in the first page is the program's own, never executed. */
__asm__(".text\n.globl padding\npadding: .byte " NAME_BYTE "\n .fill 8000, 1, 0x90\n");

/* Behind the padding: in another page than work. */
__attribute__((noinline, section(".text.last"))) static unsigned last(unsigned rounds)
{
	unsigned x = work(rounds);

	MUK_PROBE(NAME "_last(number,value)", NUMBER, x);
	return x;
}

__attribute__((section(".text.first"))) unsigned _start(unsigned rounds)
{
	MUK_PROBE(NAME "_first(number)", NUMBER);
	return last(rounds);
}
