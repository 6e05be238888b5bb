/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A MIPS guest without a kernel that ends in every way such a guest can: its command line's last word says how. */
#include "kernel/include/probe.h"

typedef unsigned char u8;
typedef unsigned u32;

enum { LINE_EMPTY = 0x40, HOLDING_EMPTY = 0x20, RESET_NOW = 0x42 };

u8 stack[8192] __attribute__((aligned(16)));

static void store_byte(u32 address, u8 value) { *(volatile u8 *)address = value; }
static u8 load_byte(u32 address) { return *(volatile u8 *)address; }

static void out8(u32 port, u8 value) { store_byte(0xb8000000 + port, value); }
static u8 in8(u32 port) { return load_byte(0xb8000000 + port); }

static void print(const char *text)
{
	for (; *text; text++) {
		while (!(in8(0x3fd) & HOLDING_EMPTY))
			;
		out8(0x3f8, (u8)*text);
	}
	while (!(in8(0x3fd) & LINE_EMPTY))
		;
}

static void stop(u32 code)
{
	MUK_PROBE("shutdown", code);
	for (;;)
		;
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

static void spans(void)
{
	for (u32 i = 1; i <= 4; i++) {
		MUK_SPAN_BEGIN("work");
		churn(i * 100);
		MUK_SPAN_END("work");
		MUK_VALUE("round", i);
	}
	MUK_PROBE("thread_switch", 7, 9);
	churn(50);
	MUK_PROBE("thread_name", 9, "worker");
	stop(0);
}

/* A string of kuseg, of which the TLB holds nothing. */
__attribute__((section(".user"), used)) static const char user_name[] = "one that is not mapped";

static void names(void)
{
	MUK_PROBE("thread_switch", 3, 5);
	MUK_PROBE("own_task_name", user_name);
	stop(0);
}

#define MTC0(value_, register_) __asm__ volatile("mtc0 %0, $" #register_ "\n\tnop\n\tnop" : : "r"(value_))

/* Two entries for one page, and a look at it. */
static void two_entries(void)
{
	for (u32 index = 10; index <= 20; index += 10) {
		MTC0(0x00400000, 10);
		MTC0(0x600, 2); /* R3000: frame 0, valid, dirty */
		MTC0(index << 8, 0);
		__asm__ volatile("tlbwi");
	}
	load_byte(0x00400000);
}

/* The vectors: whatever happens is not seen to, and happens again. */
static void mend_nothing(void)
{
	static const u32 give_back[] = { 0x401b7000 /* mfc0 k1, EPC */, 0, 0x03600008 /* jr k1 */, 0x42000010 /* rfe */ };

	for (u32 word = 0; word < 4; word++)
		*(volatile u32 *)(0xa0000000 + 4 * word) = give_back[word];
	load_byte(0x00400000);
}

static int is(const char *line, const char *word)
{
	const char *last = line;

	for (; *line; line++)
		if (*line == ' ')
			last = line + 1;
	while (*last && *last == *word)
		last++, word++;
	return *last == *word;
}

__attribute__((used)) static void begin(u32 argc, char **argv)
{
	const char *line = argc > 1 ? argv[1] : "";

	if (is(line, "code"))
		stop(3);
	if (is(line, "panic"))
		MUK_PROBE("panic", "out of patience");
	if (is(line, "reset"))
		store_byte(0xbf000500, RESET_NOW);
	if (is(line, "deadlock"))
		for (;;)
			;
	if (is(line, "hello"))
		print("hello, world\n");
	if (is(line, "spans"))
		spans();
	if (is(line, "names"))
		names();
	if (is(line, "two"))
		two_entries();
	if (is(line, "endless"))
		mend_nothing();
	if (is(line, "churn"))
		MUK_VALUE("churned", churn(200000));
	stop(0);
}

__asm__(".text\n"
	".globl _start\n"
	".set push\n"
	".set noreorder\n"
	"_start:\n"
	"	mtc0 $zero, $12\n"
	"	lui $sp, %hi(stack + 8176)\n"
	"	jal begin\n"
	"	addiu $sp, $sp, %lo(stack + 8176)\n"
	".set pop\n");
