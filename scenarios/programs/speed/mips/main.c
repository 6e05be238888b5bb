/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * speed on an R3000: argument count=N (100) rounds of the usual work.  Span "work", value "checksum".
 * There is one work: what is worst for a way of holding the TLB is measured on x86.
 */
#include "scenarios/programs/speed/speed.h"

enum { PAGE = 4096, ENTRY_VALID = 1 << 9, ENTRY_DIRTY = 1 << 10, CALL_END = 4, STACK = 2 * PAGE };
enum { SOFTRES = 0x42 };
#define KSEG0 0x80000000u
#define PAGE_TABLE 0x80200000u

extern char user_begin[], user_end[];

void speed_main(uint32_t argc, const char *const *argv);
void speed_enter(void (*user)(void), uint32_t table, uint32_t stack);
void speed_finish(uint32_t checksum) __attribute__((noreturn));
void speed_exit(int code) __attribute__((noreturn));
void speed_end(uint32_t checksum);

#define USER_CODE __attribute__((section(".user_text")))
#define USER_DATA __attribute__((section(".user_bss")))

static uint32_t count USER_DATA;
static uint8_t stack[STACK] USER_DATA __attribute__((aligned(PAGE)));

/* --- user --- */

static USER_CODE void speed_user(void)
{
	uint32_t checksum;

	MUK_SPAN_BEGIN("work");
	checksum = work_usual(count);
	speed_end(checksum);
	MUK_SPAN_END("work");
	speed_call((enum speed_call)CALL_END, checksum, 0);
}

/* --- kernel --- */

void speed_exit(int code)
{
	MUK_PROBE("shutdown", code);
	*(volatile uint8_t *)0xbf000500u = SOFTRES;
	for (;;)
		;
}

void speed_finish(uint32_t checksum)
{
	MUK_VALUE("checksum", checksum);
	speed_exit(0);
}

/* The number after "count=" in a text of words; fallback if there is none. */
static uint32_t find_count(const char *text, uint32_t fallback)
{
	static const char name[] = "count=";
	uint32_t value = 0;

	for (; *text; text++) {
		unsigned n = 0;

		while (name[n] && text[n] == name[n])
			n++;
		if (name[n])
			continue;
		for (text += n; *text >= '0' && *text <= '9'; text++)
			value = value * 10 + (uint32_t)(*text - '0');
		return value;
	}
	return fallback;
}

void speed_main(uint32_t argc, const char *const *argv)
{
	uint32_t *table = (uint32_t *)PAGE_TABLE;
	uint32_t *rounds = (uint32_t *)((uint32_t)&count | KSEG0); /* the user's, seen without a page table */

	*rounds = 100;
	for (uint32_t n = 1; n < argc; n++)
		*rounds = find_count(argv[n], *rounds);
	for (uint32_t page = (uint32_t)user_begin; page < (uint32_t)user_end; page += PAGE)
		table[page / PAGE] = page | ENTRY_VALID | ENTRY_DIRTY;
	speed_enter(speed_user, PAGE_TABLE, (uint32_t)stack + STACK - 32);
}
