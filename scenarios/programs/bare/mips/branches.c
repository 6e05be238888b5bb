/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Branches and jumps (KANE, appendix A): the slot is executed whether control goes or not; links name the instruction
 * after the slot.  v0 counts: 1 for the slot, 16 for what follows it, 256 for the target.
 */
#include "trial.h"

enum { SLOT = 1, AFTER = 16, TARGET = 256, TAKEN = SLOT + TARGET, NOT_TAKEN = SLOT + AFTER + TARGET };

#define BRANCH(name_, text_) \
	SNIPPET(name_, "addiu $2, $0, 0\n" text_ ", 1f\naddiu $2, $2, 1\naddiu $2, $2, 16\n1: addiu $2, $2, 256")

BRANCH(do_beq, "beq $4, $5");
BRANCH(do_bne, "bne $4, $5");
BRANCH(do_blez, "blez $4");
BRANCH(do_bgtz, "bgtz $4");
BRANCH(do_bltz, "bltz $4");
BRANCH(do_bgez, "bgez $4");
BRANCH(do_same_beq, "beq $4, $4");
BRANCH(do_same_bne, "bne $4, $4");

#define TAKE(op_, a_, b_) { #op_ " with " #a_ " and " #b_ " goes", do_##op_, a_, b_, TAKEN }
#define STAY(op_, a_, b_) { #op_ " with " #a_ " and " #b_ " stays", do_##op_, a_, b_, NOT_TAKEN }
static const struct row rows[] = {
	TAKE(beq, 0, 0), STAY(beq, 0, 1), TAKE(beq, 0x80000000, 0x80000000), STAY(beq, 0x7fffffff, 0xffffffff),
	STAY(bne, 0, 0), TAKE(bne, 0, 1), STAY(bne, 0x80000000, 0x80000000), TAKE(bne, 0x7fffffff, 0xffffffff),
	TAKE(blez, 0, 0), STAY(blez, 1, 0), TAKE(blez, 0xffffffff, 0), STAY(blez, 0x7fffffff, 0), TAKE(blez, 0x80000000, 0),
	STAY(bgtz, 0, 0), TAKE(bgtz, 1, 0), STAY(bgtz, 0xffffffff, 0), TAKE(bgtz, 0x7fffffff, 0), STAY(bgtz, 0x80000000, 0),
	STAY(bltz, 0, 0), STAY(bltz, 1, 0), TAKE(bltz, 0xffffffff, 0), STAY(bltz, 0x7fffffff, 0), TAKE(bltz, 0x80000000, 0),
	TAKE(bgez, 0, 0), TAKE(bgez, 1, 0), STAY(bgez, 0xffffffff, 0), TAKE(bgez, 0x7fffffff, 0), STAY(bgez, 0x80000000, 0),
	TAKE(same_beq, 7, 0), STAY(same_bne, 7, 0),
};

/* The register that the condition asks of is written in the slot: the old value counts. */
SNIPPET(do_slot_writes, "addiu $2, $0, 0\nbeq $4, $5, 1f\naddiu $4, $4, 1\naddiu $2, $2, 16\n"
        "1: addiu $2, $2, 256\nsubu $4, $4, 1");
static const struct row slot_writes[] = {
	{ "the slot's result does not turn the branch: goes", do_slot_writes, 3, 3, TARGET },
	{ "the slot's result does not turn the branch: stays", do_slot_writes, 2, 3, TARGET + AFTER },
};

/* A loop backwards, its counting in the slot. */
SNIPPET(do_loop, "addiu $2, $0, 0\naddu $3, $4, $0\n1: addiu $3, $3, -1\nbgtz $3, 1b\naddiu $2, $2, 3\n"
        "addu $3, $0, $0");

static bool loop_holds(const struct frame *frame)
{
	(void)frame;
	return outcome.reg[V0] == 300;
}

/* --- links --- */

SNIPPET_AT(do_bltzal, "addiu $2, $0, 0\nbltzal $4, 1f\naddu $3, $31, $0\ndo_bltzal_at: addiu $2, $2, 16\n"
           "1: addiu $2, $2, 256");
SNIPPET_AT(do_bgezal, "addiu $2, $0, 0\nbgezal $4, 1f\naddu $3, $31, $0\ndo_bgezal_at: addiu $2, $2, 16\n"
           "1: addiu $2, $2, 256");
SNIPPET_AT(do_bal, "addiu $2, $0, 0\nbgezal $0, 1f\naddu $3, $31, $0\ndo_bal_at: addiu $2, $2, 16\n"
           "1: addiu $2, $2, 256");
/* jal to a label of the same 256 MiB: kuseg's addresses and kseg0's differ in bits that jal takes from the PC. */
SNIPPET_AT(do_jal, "addiu $2, $0, 0\njal 1f\naddu $3, $31, $0\ndo_jal_at: addiu $2, $2, 16\n1: addiu $2, $2, 256");
SNIPPET_AT(do_j, "addiu $2, $0, 0\naddu $31, $5, $0\nj 1f\naddu $3, $31, $0\ndo_j_at: addiu $2, $2, 16\n"
           "1: addiu $2, $2, 256");
/* The target's address, relative to here. */
#define TARGET_IN_8 "bgezal $0, 9f\nnop\n9: addiu $8, $31, 1f-9b\n"
SNIPPET_AT(do_jr, TARGET_IN_8 "addiu $2, $0, 0\njr $8\naddu $3, $31, $0\ndo_jr_at: addiu $2, $2, 16\n"
           "1: addiu $2, $2, 256");
SNIPPET_AT(do_jalr, TARGET_IN_8 "addiu $2, $0, 0\njalr $31, $8\naddu $3, $31, $0\ndo_jalr_at: addiu $2, $2, 16\n"
           "1: addiu $2, $2, 256");
SNIPPET_AT(do_jalr_9, TARGET_IN_8 "addiu $2, $0, 0\njalr $9, $8\naddu $3, $9, $0\n"
           "do_jalr_9_at: addiu $2, $2, 16\n1: addiu $2, $2, 256");
/* jr's register is written in its slot: the old value counts. */
SNIPPET_AT(do_jr_late, TARGET_IN_8 "addiu $2, $0, 0\njr $8\naddu $8, $0, $0\ndo_jr_late_at: addiu $2, $2, 16\n"
           "1: addiu $2, $2, 256");

struct linking {
	const char *text;
	const uint32_t *code, *at;
	uint32_t a;
	bool goes, links;
};

static const struct linking linking[] = {
	{ "bltzal goes and links", do_bltzal, do_bltzal_at, 0xffffffff, true, true },
	{ "bltzal stays and links", do_bltzal, do_bltzal_at, 0, false, true },
	{ "bgezal goes and links", do_bgezal, do_bgezal_at, 0, true, true },
	{ "bgezal stays and links", do_bgezal, do_bgezal_at, 0x80000000, false, true },
	{ "bgezal of r0 is a call", do_bal, do_bal_at, 0, true, true },
	{ "jal", do_jal, do_jal_at, 0, true, true },
	{ "j links nothing", do_j, do_j_at, 0, true, false },
	{ "jr links nothing", do_jr, do_jr_at, 0, true, false },
	{ "jalr", do_jalr, do_jalr_at, 0, true, true },
	{ "jalr to another register", do_jalr_9, do_jalr_9_at, 0, true, true },
	{ "jr takes its register before the slot", do_jr_late, do_jr_late_at, 0, true, false },
};

static const struct linking *now;

static bool linking_holds(const struct frame *frame)
{
	uint32_t link = frame->pc + (uint32_t)((now->at - now->code) * 4);

	return outcome.reg[V0] == (now->goes ? TARGET : TARGET + AFTER) && (outcome.reg[V1] == link) == now->links;
}

void chapter_branches(void)
{
	chapter("branches");
	for (unsigned n = 0; n < sizeof rows / sizeof *rows; n++)
		claim_row(&rows[n]);
	for (unsigned n = 0; n < sizeof slot_writes / sizeof *slot_writes; n++)
		claim_row(&slot_writes[n]);
	claim("a loop of a hundred turns", in_both(do_loop, 100, 0, loop_holds));
	chapter("jumps and links");
	for (unsigned n = 0; n < sizeof linking / sizeof *linking; n++) {
		now = &linking[n];
		claim(now->text, in_both(now->code, now->a, 0, linking_holds));
	}
}
