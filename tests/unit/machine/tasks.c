/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that copies its modules' code to one place after another, and runs it there: what a kernel does with tasks.
 * Module 0 is program a, module 1 program b (program.c).
 */
#include "kernel/include/probe.h"

typedef unsigned char u8;
typedef unsigned u32;

__attribute__((section(".multiboot"), used)) static const u32 header[3] = { 0x1badb002, 3, -(0x1badb002u + 3) };
__attribute__((aligned(16))) u8 stack[8192];

enum { PAGES = 4, PAGE = 4096, PLACES = 3 };
static __attribute__((aligned(4096))) u8 place[PLACES][PAGES * PAGE];

/* By the processor's own stores. */
static void copy_bytes(u8 *to, const u8 *from, u32 size)
{
	while (size--) {
		*to++ = *from++;
		__asm__ volatile("" : : : "memory");
	}
}

/* By a string instruction. */
static void copy_string(u8 *to, const u8 *from, u32 size)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

/* Loads an ELF file's first segment at its offset in a page; returns its entry. */
static u8 *load(u32 where, const u8 *file, void (*copy)(u8 *to, const u8 *from, u32 size))
{
	const u32 *segment = (const u32 *)(file + *(const u32 *)(file + 28));
	u8 *to = place[where] + (segment[2] & (PAGE - 1));

	copy(to, file + segment[1], segment[4]);
	return to + (*(const u32 *)(file + 24) - segment[2]);
}

static void call(u8 *entry, u32 rounds)
{
	u32 result = ((u32 (*)(u32))entry)(rounds);

	MUK_VALUE("result", result);
}

void run(const u32 *info)
{
	const u32 *module = (const u32 *)info[6];
	const u8 *a = (const u8 *)module[0], *b = (const u8 *)module[4];
	u8 *entry = load(0, a, copy_bytes);

	call(entry, 100);                               /* a, at two places */
	call(entry, 200);
	call(load(1, a, copy_string), 300);
	call(load(0, b, copy_string), 400);             /* b where a was, both ways of writing it */
	call(load(1, b, copy_bytes), 500);
	call(load(2, a, copy_bytes), 600);
	entry = load(0, a, copy_bytes);
	call(entry, 700);
	place[0][2000] ^= 1;                            /* in the padding: a's first page is a's no more */
	call(entry, 800);
	place[0][2000] ^= 1;
	__asm__ volatile("" : : : "memory");
	MUK_PROBE("shutdown", 0);
	for (;;)
		__asm__ volatile("cli; hlt");
}

__asm__(".globl _start\n_start: mov $stack+8192, %esp\n push %ebx\n call run\n hlt");
