/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest without a kernel that ends in every way a guest can: its command line's last word says how. */
#include "kernel/include/probe.h"

typedef unsigned char u8;
typedef unsigned u32;

__attribute__((section(".multiboot"), used)) static const u32 header[3] = { 0x1badb002, 3, -(0x1badb002u + 3) };
__attribute__((aligned(16))) u8 stack[8192];

static void out8(unsigned short port, u8 value) { __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }
static u8 in8(unsigned short port)
{
	u8 value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void print(const char *text)
{
	for (; *text; text++) {
		while (!(in8(0x3fd) & 0x20))
			;
		out8(0x3f8, (u8)*text);
	}
	while (!(in8(0x3fd) & 0x40))
		;
}

static void stop(u32 code)
{
	MUK_PROBE("shutdown", code);
	for (;;)
		__asm__ volatile("cli; hlt");
}

static u32 memory[4096];

/* Work that depends on every step before it. */
__attribute__((noinline)) static u32 churn(u32 rounds)
{
	u32 x = 1;

	for (u32 i = 0; i < rounds; i++) {
		x = x * 1664525u + 1013904223u;
		memory[(x >> 12) & 4095] += x ^ i;
	}
	return x ^ memory[x & 4095];
}

static void triple_fault(void)
{
	static const struct { unsigned short limit; u32 base; } __attribute__((packed)) none = { 0, 0 };

	__asm__ volatile("lidt %0; int3" : : "m"(none));
}

/* A one-shot of the 8254 that nobody serves ends hlt by an interrupt without a gate; masked, it never comes. */
static void wait_for_ever(void) { __asm__ volatile("cli; hlt"); }

static void spans(void)
{
	for (u32 i = 1; i <= 4; i++) {
		MUK_SPAN_BEGIN("work");
		churn(i * 100);
		MUK_SPAN_END("work");
		MUK_VALUE("round", i);
	}
	MUK_SPAN_BEGIN("empty");
	MUK_SPAN_END("empty");
	MUK_PROBE("thread_switch", 7, 9);
	churn(50);
	MUK_PROBE("thread_name", 9, "worker");
	stop(0);
}

/* 4 KB, warm: the pages are in the TLB. */
static void copy(void)
{
	static __attribute__((aligned(4096))) u8 from[4096], to[4096];

	for (u32 turn = 0; turn < 2; turn++) {
		u32 count = 1024;
		void *source = from, *destination = to;

		MUK_SPAN_BEGIN("bcopy");
		__asm__ volatile("rep movsl" : "+S"(source), "+D"(destination), "+c"(count) : : "memory");
		MUK_SPAN_END("bcopy");
	}
	stop(0);
}

/* Threads as a kernel would tell of them: 1 is a daemon, 2 a pager's, 3 has ended, 7 is somebody's. */
static void tell_threads(void)
{
	MUK_PROBE("thread_daemon", 1);
	MUK_PROBE("task_name", 4, "pager");
	MUK_PROBE("thread_name", 2, "pager/1");
	MUK_PROBE("thread_switch", 5, 7);
	MUK_PROBE("thread_wait", 7, 0x70, "a message");
	MUK_PROBE("thread_switch", 4, 2);
	MUK_PROBE("thread_wait", 2, 0x20, "memory");
	MUK_PROBE("thread_switch", 4, 3);
	MUK_PROBE("thread_wait", 3, 0x30, "its end");
	MUK_PROBE("thread_terminate", 3);
	MUK_PROBE("thread_switch", 0, 1);
	MUK_PROBE("thread_wait", 1, 0x10, "work");
}

/* The daemon runs now and then; lives: thread 7 does too. */
static void wait_with_timeouts(u32 lives)
{
	tell_threads();
	for (u32 turn = 0; turn < 50; turn++) {
		MUK_PROBE("thread_switch", 0, 0);
		MUK_PROBE("idle", 1);
		churn(1000);
		MUK_PROBE("thread_switch", 5, 7); /* in whose context it idled */
		MUK_PROBE("thread_run", 1);
		MUK_PROBE("thread_switch", 0, 1);
		churn(1000);
		MUK_PROBE("thread_wait", 1, 0x10, "work");
		if (lives && turn % 8 == 0) {
			MUK_PROBE("thread_run", 7);
			MUK_PROBE("thread_switch", 5, 7);
			MUK_PROBE("thread_wait", 7, 0x70, "a message");
		}
	}
	stop(0);
}

/* The serial line is sending, and will ask for attention then. */
static void wait_for_device(void)
{
	tell_threads();
	out8(0x21, 0xef);
	out8(0x3fc, 8);
	out8(0x3f9, 2);
	out8(0x3f8, 'x');
	in8(0x3fa);
	MUK_PROBE("idle", 0);
	stop(0);
}

static int is(const char *line, const char *word)
{
	const char *last = line;

	for (; *line; line++)
		if (*line == ' ')
			last = line + 1;
	while (*last && *last == *word)
		last++, word++;
	return !*last && !*word;
}

void run(const u32 *info)
{
	const char *line = (const char *)info[4];

	if (is(line, "ok"))
		stop(0);
	if (is(line, "code"))
		stop(3);
	if (is(line, "panic"))
		MUK_PROBE("panic", "out of patience");
	if (is(line, "triple"))
		triple_fault();
	if (is(line, "deadlock"))
		wait_for_ever();
	if (is(line, "spans"))
		spans();
	if (is(line, "dead-at-once")) {
		tell_threads();
		MUK_PROBE("idle", 0);
	}
	if (is(line, "dead-in-time"))
		wait_with_timeouts(0);
	if (is(line, "lives"))
		wait_with_timeouts(1);
	if (is(line, "device"))
		wait_for_device();
	if (is(line, "copy"))
		copy();
	if (is(line, "hello")) {
		print("hello, serial line\n");
		stop(0);
	}
	if (is(line, "churn")) {
		print("a");
		memory[0] = churn(20000);
		print("b");
		memory[1] = churn(20000);
		stop(0);
	}
	for (;;)
		churn(1000);
}

__asm__(".globl _start\n_start: mov $stack+8192, %esp\n push %ebx\n call run\n hlt");
