/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Register to register (KANE, appendix A).  What is expected is computed by the compiler, on the machine that builds
 * this: the rows are constants.
 */
#include "trial.h"

#define S(x_) ((int32_t)(x_))
#define U(x_) ((uint32_t)(x_))

/* One operation: its snippet, and its value of a_ and b_. */
SNIPPET(do_addu, "addu $2, $4, $5");
#define VALUE_addu(a_, b_) (U(a_) + U(b_))
SNIPPET(do_subu, "subu $2, $4, $5");
#define VALUE_subu(a_, b_) (U(a_) - U(b_))
SNIPPET(do_and, "and $2, $4, $5");
#define VALUE_and(a_, b_) (U(a_) & U(b_))
SNIPPET(do_or, "or $2, $4, $5");
#define VALUE_or(a_, b_) (U(a_) | U(b_))
SNIPPET(do_xor, "xor $2, $4, $5");
#define VALUE_xor(a_, b_) (U(a_) ^ U(b_))
SNIPPET(do_nor, "nor $2, $4, $5");
#define VALUE_nor(a_, b_) (~(U(a_) | U(b_)))
SNIPPET(do_slt, "slt $2, $4, $5");
#define VALUE_slt(a_, b_) (S(a_) < S(b_))
SNIPPET(do_sltu, "sltu $2, $4, $5");
#define VALUE_sltu(a_, b_) (U(a_) < U(b_))
SNIPPET(do_sllv, "sllv $2, $4, $5");
#define VALUE_sllv(a_, b_) (U(a_) << (U(b_) & 31))
SNIPPET(do_srlv, "srlv $2, $4, $5");
#define VALUE_srlv(a_, b_) (U(a_) >> (U(b_) & 31))
SNIPPET(do_srav, "srav $2, $4, $5");
#define VALUE_srav(a_, b_) (S(a_) >> (U(b_) & 31))

/* Of one operand and a constant. */
SNIPPET(do_addiu_1, "addiu $2, $4, 1");
#define VALUE_addiu_1(a_, b_) (U(a_) + 1)
SNIPPET(do_addiu_least, "addiu $2, $4, -32768");
#define VALUE_addiu_least(a_, b_) (U(a_) - 32768)
SNIPPET(do_addiu_most, "addiu $2, $4, 32767");
#define VALUE_addiu_most(a_, b_) (U(a_) + 32767)
SNIPPET(do_slti_0, "slti $2, $4, 0");
#define VALUE_slti_0(a_, b_) (S(a_) < 0)
SNIPPET(do_slti_least, "slti $2, $4, -32768");
#define VALUE_slti_least(a_, b_) (S(a_) < -32768)
SNIPPET(do_slti_most, "slti $2, $4, 32767");
#define VALUE_slti_most(a_, b_) (S(a_) < 32767)
SNIPPET(do_sltiu_1, "sltiu $2, $4, 1");
#define VALUE_sltiu_1(a_, b_) (U(a_) < 1)
SNIPPET(do_sltiu_minus_1, "sltiu $2, $4, -1");
#define VALUE_sltiu_minus_1(a_, b_) (U(a_) < 0xffffffffu)
SNIPPET(do_sltiu_least, "sltiu $2, $4, -32768");
#define VALUE_sltiu_least(a_, b_) (U(a_) < 0xffff8000u)
SNIPPET(do_andi, "andi $2, $4, 0xf0f0");
#define VALUE_andi(a_, b_) (U(a_) & 0xf0f0)
SNIPPET(do_ori, "ori $2, $4, 0xf0f0");
#define VALUE_ori(a_, b_) (U(a_) | 0xf0f0)
SNIPPET(do_xori, "xori $2, $4, 0xffff");
#define VALUE_xori(a_, b_) (U(a_) ^ 0xffff)
SNIPPET(do_lui, "lui $2, 0x8001");
#define VALUE_lui(a_, b_) 0x80010000u
SNIPPET(do_sll_0, "sll $2, $4, 0");
#define VALUE_sll_0(a_, b_) U(a_)
SNIPPET(do_sll_1, "sll $2, $4, 1");
#define VALUE_sll_1(a_, b_) (U(a_) << 1)
SNIPPET(do_sll_31, "sll $2, $4, 31");
#define VALUE_sll_31(a_, b_) (U(a_) << 31)
SNIPPET(do_srl_1, "srl $2, $4, 1");
#define VALUE_srl_1(a_, b_) (U(a_) >> 1)
SNIPPET(do_srl_31, "srl $2, $4, 31");
#define VALUE_srl_31(a_, b_) (U(a_) >> 31)
SNIPPET(do_sra_1, "sra $2, $4, 1");
#define VALUE_sra_1(a_, b_) (S(a_) >> 1)
SNIPPET(do_sra_31, "sra $2, $4, 31");
#define VALUE_sra_31(a_, b_) (S(a_) >> 31)
SNIPPET(do_twice, "addu $2, $4, $0\naddu $2, $2, $2");
#define VALUE_twice(a_, b_) (U(a_) * 2)
SNIPPET(do_zero_written, "ori $0, $4, 0xffff\nlw $0, 0($29)\nlui $0, 0x7777\naddu $2, $0, $0");
#define VALUE_zero_written(a_, b_) 0

#define ROW(op_, a_, b_) { #op_ " of " #a_ " and " #b_, do_##op_, a_, b_, (uint32_t)VALUE_##op_(a_, b_) }
#define PAIRS(op_)                                                                                              \
	ROW(op_, 0, 0), ROW(op_, 1, 2), ROW(op_, 0x7fffffff, 1), ROW(op_, 0x80000000, 0xffffffff),              \
	ROW(op_, 0xffffffff, 0x80000000), ROW(op_, 0x12345678, 0x9abcdef0), ROW(op_, 0xfffffffe, 33),           \
	ROW(op_, 0x80000001, 31)
#define ONES(op_)                                                                                               \
	ROW(op_, 0, 0), ROW(op_, 0x7fffffff, 0), ROW(op_, 0x80000000, 0), ROW(op_, 0xffffffff, 0),              \
	ROW(op_, 0xffff8000, 0), ROW(op_, 0x00007fff, 0)

static const struct row rows[] = {
	PAIRS(addu), PAIRS(subu), PAIRS(and), PAIRS(or), PAIRS(xor), PAIRS(nor), PAIRS(slt), PAIRS(sltu), PAIRS(sllv),
	PAIRS(srlv), PAIRS(srav),
	ONES(addiu_1), ONES(addiu_least), ONES(addiu_most), ONES(slti_0), ONES(slti_least), ONES(slti_most),
	ONES(sltiu_1), ONES(sltiu_minus_1), ONES(sltiu_least), ONES(andi), ONES(ori), ONES(xori), ONES(lui), ONES(sll_0),
	ONES(sll_1), ONES(sll_31), ONES(srl_1), ONES(srl_31), ONES(sra_1), ONES(sra_31), ONES(twice), ONES(zero_written),
};

/* --- those that trap on overflow --- */

SNIPPET_AT(do_add, "nop\ndo_add_at: add $2, $4, $5");
SNIPPET_AT(do_sub, "nop\ndo_sub_at: sub $2, $4, $5");
SNIPPET_AT(do_addi, "nop\ndo_addi_at: addi $2, $4, 32767");
SNIPPET_AT(do_addi_least, "nop\ndo_addi_least_at: addi $2, $4, -32768");

struct trapping {
	const char *text;
	const uint32_t *code, *at;
	uint32_t a, b;
	bool overflow;
	uint32_t expected;
};

#define TRAPPING(op_, a_, b_, overflow_, value_) \
	{ #op_ " of " #a_ " and " #b_, do_##op_, do_##op_##_at, a_, b_, overflow_, value_ }
static const struct trapping trapping[] = {
	TRAPPING(add, 1, 2, false, 3),
	TRAPPING(add, 0x7fffffff, 1, true, 0),
	TRAPPING(add, 0x7ffffffe, 1, false, 0x7fffffff),
	TRAPPING(add, 0x80000000, 0x80000000, true, 0),
	TRAPPING(add, 0x80000000, 0x7fffffff, false, 0xffffffff),
	TRAPPING(add, 0xffffffff, 0xffffffff, false, 0xfffffffe),
	TRAPPING(add, 0x80000000, 0xffffffff, true, 0),
	TRAPPING(sub, 5, 7, false, 0xfffffffe),
	TRAPPING(sub, 0x80000000, 1, true, 0),
	TRAPPING(sub, 0x7fffffff, 0xffffffff, true, 0),
	TRAPPING(sub, 0, 0x80000000, true, 0),
	TRAPPING(sub, 0xffffffff, 0x80000000, false, 0x7fffffff),
	TRAPPING(sub, 0x80000000, 0x80000000, false, 0),
	TRAPPING(addi, 0x7fff8000, 0, false, 0x7fffffff),
	TRAPPING(addi, 0x7fff8001, 0, true, 0),
	TRAPPING(addi, 0x80000000, 0, false, 0x80007fff),
	TRAPPING(addi_least, 0x80008000, 0, false, 0x80000000),
	TRAPPING(addi_least, 0x80007fff, 0, true, 0),
	TRAPPING(addi_least, 0x00000000, 0, false, 0xffff8000),
};

static void try_trapping(const struct trapping *row)
{
	struct row plain = { row->text, row->code, row->a, row->b, row->expected };
	struct frame frame = in_kernel(row->code);

	if (!row->overflow) {
		claim_row(&plain);
		return;
	}
	frame.reg[V0] = 0x5a5a5a5a;
	frame.reg[A0] = row->a;
	frame.reg[A1] = row->b;
	run(&frame);
	claim_trap(row->text, OV, (uint32_t)row->at, false);
	claim("the result is not written", only_changed(&frame, 0));
	frame = in_user(row->code);
	frame.reg[A0] = row->a;
	frame.reg[A1] = row->b;
	run(&frame);
	claim_trap("the same in user mode", OV, USER(row->at), false);
}

void chapter_arithmetic(void)
{
	chapter("arithmetic");
	for (unsigned n = 0; n < sizeof rows / sizeof *rows; n++)
		claim_row(&rows[n]);
	chapter("overflow");
	for (unsigned n = 0; n < sizeof trapping / sizeof *trapping; n++) {
		if (trapping[n].code != do_add)
			unlike_gxemul("its sub and addi find other overflows");
		try_trapping(&trapping[n]);
		unlike_gxemul(NULL);
	}
}
