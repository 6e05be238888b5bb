/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-cpu: runs all chapters, prints a line for each claim, and ends with code 0 if none failed.
 * Words in the command line: "qemu": claims which QEMU is known not to fulfil are skipped; "brief": only failures and
 * the totals are printed.
 */
#include "cpu.h"
#include "kernel/include/probe.h"

void cpu_main(const uint32_t *multiboot);

static bool has_word(const char *line, const char *word)
{
	for (; *line; line++) {
		unsigned n = 0;
		while (word[n] && line[n] == word[n])
			n++;
		if (!word[n])
			return true;
	}
	return false;
}

/* Which flags can be changed tells the family: AC came with the i486, ID with cpuid (P5 5.1.4). */
static bool flag_can_change(uint32_t flag)
{
	uint32_t before = read_eflags(), after;
	__asm__ volatile("pushl %0\npopfl" : : "r"(before ^ flag) : "cc");
	after = read_eflags();
	__asm__ volatile("pushl %0\npopfl" : : "r"(before) : "cc");
	return (before ^ after) & flag;
}

static unsigned find_family(void)
{
	uint32_t a = 1, b, c, d;
	if (!flag_can_change(FLAG_AC))
		return 3;
	if (!flag_can_change(FLAG_ID))
		return 4;
	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
	return a >> 8 & 15;
}

/* QEMU's way out, if it was given the device. */
static void end(unsigned code)
{
	if (under_qemu)
		outb(0xf4, (uint8_t)code);
	MUK_PROBE("shutdown", code);
}

void cpu_main(const uint32_t *multiboot)
{
	const char *line = multiboot[0] & 4 ? (const char *)multiboot[4] : "";
	under_qemu = has_word(line, "qemu");
	brief = has_word(line, "brief");
	outb(0x21, 0xff); /* no interrupt before its chapter */
	outb(0xa1, 0xff);
	open_line();
	make_tables();
	family = find_family();
	print(family == 3 ? "# family 3\n" : family == 4 ? "# family 4\n" : "# family 5 or later\n");
	chapter_segments();
	chapter_limits();
	chapter_small_code();
	chapter_interrupts();
	chapter_far();
	chapter_returns();
	chapter_tasks();
	chapter_exceptions();
	chapter_privilege();
	chapter_io();
	chapter_flags();
	chapter_verify();
	chapter_paging();
	chapter_timer();
	end(claims_end() ? 1 : 0);
}
