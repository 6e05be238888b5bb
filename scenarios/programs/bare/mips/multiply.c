/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HI and LO (KANE, appendix A: MULT, DIV, MFHI and their like).  Between mfhi, mflo and the next that writes them lie
 * two instructions, as the manual wants. */
#include "trial.h"

SNIPPET(do_mult, "mult $4, $5\nmfhi $2\nmflo $3\nnop\nnop");
SNIPPET(do_multu, "multu $4, $5\nmfhi $2\nmflo $3\nnop\nnop");
SNIPPET(do_div, "div $0, $4, $5\nmfhi $2\nmflo $3\nnop\nnop");
SNIPPET(do_divu, "divu $0, $4, $5\nmfhi $2\nmflo $3\nnop\nnop");
SNIPPET(do_to, "mthi $4\nmtlo $5\nmfhi $2\nmflo $3\nnop\nnop");
SNIPPET(do_one_alone, "mthi $4\nmflo $3\nmfhi $2\nnop\nnop");
SNIPPET(do_by_zero, "div $0, $4, $0\nnop\nnop\nnop\ndivu $0, $4, $0\nnop\nnop\nnop");

struct product {
	const char *text;
	const uint32_t *code;
	uint32_t a, b, hi, lo;
};

#define SIGNED(a_, b_) ((int64_t)(int32_t)(a_) * (int32_t)(b_))
#define UNSIGNED(a_, b_) ((uint64_t)(a_) * (b_))
#define MULT(a_, b_) \
	{ "mult of " #a_ " and " #b_, do_mult, a_, b_, (uint32_t)(SIGNED(a_, b_) >> 32), (uint32_t)SIGNED(a_, b_) }, \
	{ "multu of " #a_ " and " #b_, do_multu, a_, b_, (uint32_t)(UNSIGNED(a_, b_) >> 32), (uint32_t)UNSIGNED(a_, b_) }
#define DIV(a_, b_)                                                                                           \
	{ "div of " #a_ " by " #b_, do_div, a_, b_, (uint32_t)((int32_t)(a_) % (int32_t)(b_)),                \
	  (uint32_t)((int32_t)(a_) / (int32_t)(b_)) },                                                        \
	{ "divu of " #a_ " by " #b_, do_divu, a_, b_, (uint32_t)(a_) % (b_), (uint32_t)(a_) / (b_) }

static const struct product products[] = {
	MULT(0u, 0u), MULT(3u, 5u), MULT(0xffffffffu, 0xffffffffu), MULT(0x80000000u, 0x80000000u),
	MULT(0x80000000u, 0xffffffffu), MULT(0x7fffffffu, 0x7fffffffu),
	MULT(0x12345678u, 0x9abcdef0u), MULT(0x10000u, 0x10000u),
	DIV(0u, 1u), DIV(7u, 2u), DIV(0xfffffff9u, 2u), DIV(7u, 0xfffffffeu), DIV(0xfffffff9u, 0xfffffffeu),
	DIV(0x7fffffffu, 3u), DIV(0x80000000u, 2u), DIV(0x80000001u, 0xffffffffu), DIV(0x12345678u, 0x9abcu),
	{ "mthi, mtlo, mfhi, mflo", do_to, 0xcafebabe, 0x0badf00d, 0xcafebabe, 0x0badf00d },
	{ "mthi leaves LO alone", do_one_alone, 0xcafebabe, 0, 0xcafebabe, 0x33334444 },
};

static const struct product *now;

static bool product_holds(const struct frame *frame)
{
	return outcome.reg[V0] == now->hi && outcome.reg[V1] == now->lo && outcome.hi == now->hi && outcome.lo == now->lo &&
	       only_changed(frame, 1u << V0 | 1u << V1);
}

static bool nothing_else(const struct frame *frame)
{
	return only_changed(frame, 0);
}

void chapter_multiply(void)
{
	chapter("HI and LO");
	for (unsigned n = 0; n < sizeof products / sizeof *products; n++) {
		now = &products[n];
		claim(now->text, in_both(now->code, now->a, now->b, product_holds));
	}
	claim("a division by zero traps nowhere", in_both(do_by_zero, 17, 0, nothing_else));
}
