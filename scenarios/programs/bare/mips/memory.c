/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads and stores (KANE, appendix A), little-endian, in kseg0, kseg1 and kuseg. */
#include "trial.h"

SNIPPET(do_lb, "lb $2, 0($4)\nnop");
SNIPPET(do_lbu, "lbu $2, 0($4)\nnop");
SNIPPET(do_lh, "lh $2, 0($4)\nnop");
SNIPPET(do_lhu, "lhu $2, 0($4)\nnop");
SNIPPET(do_lw, "lw $2, 0($4)\nnop");
SNIPPET(do_lw_minus, "addiu $3, $4, 4\nlw $2, -4($3)\naddiu $3, $0, 0");
SNIPPET(do_lw_far, "addiu $3, $4, 16384\naddiu $3, $3, 16384\nlw $2, -32768($3)\naddiu $3, $0, 0");
SNIPPET(do_sb, "sb $5, 0($4)");
SNIPPET(do_sh, "sh $5, 0($4)");
SNIPPET(do_sw, "sw $5, 0($4)");
SNIPPET(do_lw_itself, "lw $4, 0($4)\nnop\naddu $2, $4, $0");

enum { PATTERN_1 = 0x84838281u, PATTERN_2 = 0x08070605u };

static volatile uint32_t *const word = (volatile uint32_t *)data;

static void fill_words(void)
{
	word[0] = PATTERN_1;
	word[1] = PATTERN_2;
	word[2] = 0;
}

struct access {
	const char *text;
	const uint32_t *code;
	unsigned offset;
	uint32_t expected;
};

static const struct access loads[] = {
	{ "lb 0", do_lb, 0, 0xffffff81 }, { "lb 1", do_lb, 1, 0xffffff82 }, { "lb 3", do_lb, 3, 0xffffff84 },
	{ "lb 4", do_lb, 4, 5 }, { "lbu 0", do_lbu, 0, 0x81 }, { "lbu 1", do_lbu, 1, 0x82 }, { "lbu 2", do_lbu, 2, 0x83 },
	{ "lbu 7", do_lbu, 7, 8 }, { "lh 0", do_lh, 0, 0xffff8281 }, { "lh 2", do_lh, 2, 0xffff8483 },
	{ "lh 4", do_lh, 4, 0x0605 }, { "lhu 0", do_lhu, 0, 0x8281 }, { "lhu 2", do_lhu, 2, 0x8483 },
	{ "lhu 6", do_lhu, 6, 0x0807 }, { "lw 0", do_lw, 0, PATTERN_1 }, { "lw 4", do_lw, 4, PATTERN_2 },
};

static const struct access stores[] = {
	{ "sb 0", do_sb, 0, 0x84838278 }, { "sb 1", do_sb, 1, 0x84837881 }, { "sb 2", do_sb, 2, 0x84788281 },
	{ "sb 3", do_sb, 3, 0x78838281 }, { "sh 0", do_sh, 0, 0x84835678 }, { "sh 2", do_sh, 2, 0x56788281 },
	{ "sw 0", do_sw, 0, 0x12345678 },
};

/* A load's result, with its data in one of the segments. */
static uint32_t load_by(const struct access *access, struct frame frame, uint32_t base)
{
	frame.reg[A0] = base + access->offset;
	run(&frame);
	return is_done() ? outcome.reg[V0] : ~access->expected;
}

static bool store_by(const struct access *access, struct frame frame, uint32_t base)
{
	fill_words();
	frame.reg[A0] = base + access->offset;
	frame.reg[A1] = 0x12345678;
	run(&frame);
	return is_done() && word[0] == access->expected && word[1] == PATTERN_2 && only_changed(&frame, 0);
}

static void in_all_segments(void)
{
	for (unsigned n = 0; n < sizeof loads / sizeof *loads; n++) {
		const struct access *access = &loads[n];

		chapter(access->text);
		claim_equal("kseg0", load_by(access, in_kernel(access->code), (uint32_t)data), access->expected);
		claim_equal("kuseg in kernel mode", load_by(access, in_kernel(access->code), USER(data)), access->expected);
		claim_equal("kuseg in user mode", load_by(access, in_user(access->code), USER(data)), access->expected);
	}
	for (unsigned n = 0; n < sizeof stores / sizeof *stores; n++) {
		const struct access *access = &stores[n];

		chapter(access->text);
		claim("kseg0", store_by(access, in_kernel(access->code), (uint32_t)data));
		claim("kuseg in kernel mode", store_by(access, in_kernel(access->code), USER(data)));
		claim("kuseg in user mode", store_by(access, in_user(access->code), USER(data)));
	}
}

/* What lies in kseg1 is seen there once no cache holds it. */
static void uncached(void)
{
	chapter("kseg1");
	store(UNCACHED(data) + PAGE, 0x600df00d);
	claim_equal("what is stored is loaded", load(UNCACHED(data) + PAGE), 0x600df00d);
	flush_code();
	claim_equal("and is seen in kseg0", load((uint32_t)data + PAGE), 0x600df00d);
}

static void offsets(void)
{
	struct frame frame = in_kernel(do_lw_minus);

	chapter("addresses");
	fill_words();
	frame.reg[A0] = (uint32_t)data;
	run(&frame);
	claim_equal("a negative offset", outcome.reg[V0], PATTERN_1);
	frame = in_user(do_lw_far);
	frame.reg[A0] = USER(data);
	run(&frame);
	claim_equal("the most negative offset", outcome.reg[V0], PATTERN_1);
	word[3] = 99;
	frame = in_user(do_lw_itself);
	frame.reg[A0] = USER(data) + 12;
	run(&frame);
	claim_equal("a load to its own base", outcome.reg[V0], 99);
}

/* --- code that is written and then executed --- */

SNIPPET(do_call, "addiu $2, $0, 0\njalr $31, $4\nnop");

static void written_code(void)
{
	uint32_t *const code = (uint32_t *)(data + 2 * PAGE);
	struct frame frame = in_kernel(do_call);

	chapter("code that is written");
	for (unsigned turn = 1; turn <= 3; turn++) {
		code[0] = 0x24420000 | turn; /* addiu v0, v0, turn */
		code[1] = 0x03e00008;        /* jr ra */
		code[2] = 0;
		flush_code();
		frame = in_kernel(do_call);
		frame.reg[A0] = (uint32_t)code;
		run(&frame);
		claim_equal("in kseg0", outcome.reg[V0], turn);
		frame = in_user(do_call);
		frame.reg[A0] = USER(code);
		run(&frame);
		claim_equal("in kuseg", outcome.reg[V0], turn);
	}
}

void chapter_memory(void)
{
	fill_words();
	in_all_segments();
	uncached();
	offsets();
	written_code();
}
