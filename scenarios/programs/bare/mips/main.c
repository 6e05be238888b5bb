/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-cpu: runs all chapters, prints a line for each claim, and ends with code 0 if none failed.
 *
 * Words in the command line: "qemu", "gxemul": claims which that emulator is known not to fulfil are skipped; "brief":
 * only failures and the totals are printed.
 */
#include "cpu.h"
#include "kernel/include/probe.h"

void cpu_main(uint32_t argc, const char *const *argv);

extern const uint32_t vector_refill[], vector_general[];
uint8_t data[4 * PAGE] __attribute__((section(".pages"), aligned(2 * PAGE)));

enum { VECTOR_WORDS = 8 };

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

static void read_words(uint32_t argc, const char *const *argv)
{
	for (uint32_t n = 1; n < argc; n++) {
		under_qemu |= has_word(argv[n], "qemu");
		under_gxemul |= has_word(argv[n], "gxemul");
		brief |= has_word(argv[n], "brief");
	}
}

static void copy_vector(uint32_t offset, const uint32_t *code)
{
	for (unsigned n = 0; n < VECTOR_WORDS; n++)
		store(KSEG0 + offset + 4 * n, code[n]);
}

/* What the vectors lead to stands still after this. */
static void make_vectors(void)
{
	copy_vector(0, vector_refill);
	copy_vector(GENERAL_VECTOR, vector_general);
	flush_code();
}

static void end(unsigned code)
{
	MUK_PROBE("shutdown", code);
	store(0xbf000500, 0x42); /* SOFTRES */
}

void cpu_main(uint32_t argc, const char *const *argv)
{
	read_words(argc, argv);
	outb(0x21, 0xff); /* no interrupt before its chapter */
	outb(0xa1, 0xff);
	open_line();
	make_vectors();
	tlb_init();
	print("# " GENERATION_NAME "\n");
	chapter_arithmetic();
	chapter_multiply();
	chapter_branches();
	chapter_memory();
	chapter_unaligned();
	chapter_addresses();
	chapter_exceptions();
	chapter_slots();
	chapter_reserved();
	chapter_tlb();
	chapter_faults();
	chapter_random();
	chapter_refill();
	chapter_generation();
	chapter_interrupts();
	chapter_board();
	end(claims_end() ? 1 : 0);
}
