/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MIPS II's instructions: branches that nullify their slot, traps, load linked and store conditional (R4000,
 * appendix A).
 */
#include "chapters.h"
#include "trial.h"

enum { SLOT = 1, AFTER = 16, TARGET = 256, TAKEN = SLOT + TARGET, NULLIFIED = AFTER + TARGET };

/* --- branch likely --- */

#define LIKELY(name_, text_) \
	SNIPPET(name_, ".set mips2\naddiu $2, $0, 0\n" text_ ", 1f\naddiu $2, $2, 1\naddiu $2, $2, 16\n1: addiu $2, $2, 256")

LIKELY(do_beql, "beql $4, $5");
LIKELY(do_bnel, "bnel $4, $5");
LIKELY(do_blezl, "blezl $4");
LIKELY(do_bgtzl, "bgtzl $4");
LIKELY(do_bltzl, "bltzl $4");
LIKELY(do_bgezl, "bgezl $4");
SNIPPET(do_bgezall, ".set mips2\naddiu $2, $0, 0\naddu $3, $31, $0\n"
                    "bgezall $4, 1f\naddiu $2, $2, 1\naddiu $2, $2, 16\n"
                    "1: addiu $2, $2, 256\nxor $2, $2, $0\naddu $31, $3, $0\naddiu $3, $0, 0");
SNIPPET_AT(slot_nullified, ".set mips2\nslot_nullified_at: beql $4, $5, 1f\nlw $2, 1($0)\naddiu $2, $0, 7\n1: nop");

#define TAKE(op_, a_, b_) { #op_ " with " #a_ " and " #b_ " goes", do_##op_, a_, b_, TAKEN }
#define STAY(op_, a_, b_) { #op_ " with " #a_ " and " #b_ " nullifies", do_##op_, a_, b_, NULLIFIED }
static const struct row likely[] = {
	TAKE(beql, 3, 3), STAY(beql, 3, 4), STAY(bnel, 3, 3), TAKE(bnel, 3, 4), TAKE(blezl, 0, 0), STAY(blezl, 1, 0),
	TAKE(blezl, 0x80000000, 0), STAY(bgtzl, 0, 0), TAKE(bgtzl, 1, 0), STAY(bgtzl, 0x80000000, 0), STAY(bltzl, 0, 0),
	TAKE(bltzl, 0xffffffff, 0), TAKE(bgezl, 0, 0), STAY(bgezl, 0xffffffff, 0),
};

static void branches_likely(void)
{
	struct frame frame = in_kernel(slot_nullified);

	chapter("branches likely");
	for (unsigned n = 0; n < sizeof likely / sizeof *likely; n++)
		claim_row(&likely[n]);
	frame.reg[A0] = 1;
	run(&frame);
	claim_done("a nullified slot cannot fault");
	claim_equal("control goes on after it", outcome.reg[V0], 7);
	frame.reg[A1] = 1;
	run(&frame);
	claim_trap("one that is not can", ADEL, (uint32_t)slot_nullified_at, true);
	frame = in_kernel(do_bgezall);
	run(&frame);
	claim_equal("bgezall goes", outcome.reg[V0], TAKEN);
	frame.reg[A0] = 0x80000000;
	run(&frame);
	claim_equal("bgezall nullifies", outcome.reg[V0], NULLIFIED);
}

/* --- traps --- */

#define TRAP(name_, text_) SNIPPET_AT(name_, ".set mips2\nnop\n" #name_ "_at: " text_ "\nnop")

TRAP(do_tge, "tge $4, $5");
TRAP(do_tgeu, "tgeu $4, $5");
TRAP(do_tlt, "tlt $4, $5");
TRAP(do_tltu, "tltu $4, $5");
TRAP(do_teq, "teq $4, $5");
TRAP(do_tne, "tne $4, $5");
TRAP(do_tgei, "tgei $4, -1");
TRAP(do_tgeiu, "tgeiu $4, -1");
TRAP(do_tlti, "tlti $4, -1");
TRAP(do_tltiu, "tltiu $4, -1");
TRAP(do_teqi, "teqi $4, -1");
TRAP(do_tnei, "tnei $4, -1");

struct trap {
	const char *text;
	const uint32_t *code, *at;
	uint32_t a, b;
	bool traps;
};

#define TRAPS(op_, a_, b_) { #op_ " of " #a_ " and " #b_ " traps", do_##op_, do_##op_##_at, a_, b_, true }
#define GOES_ON(op_, a_, b_) { #op_ " of " #a_ " and " #b_ " does not", do_##op_, do_##op_##_at, a_, b_, false }
static const struct trap traps[] = {
	TRAPS(tge, 1, 1), GOES_ON(tge, 0x80000000, 1), TRAPS(tgeu, 0x80000000, 1), GOES_ON(tgeu, 0, 1),
	TRAPS(tlt, 0x80000000, 1), GOES_ON(tlt, 1, 1), TRAPS(tltu, 0, 1), GOES_ON(tltu, 0x80000000, 1), TRAPS(teq, 7, 7),
	GOES_ON(teq, 7, 8), TRAPS(tne, 7, 8), GOES_ON(tne, 7, 7), TRAPS(tgei, 0, 0), GOES_ON(tgei, 0xfffffffe, 0),
	TRAPS(tgeiu, 0xffffffff, 0), GOES_ON(tgeiu, 0xfffffffe, 0), TRAPS(tlti, 0xfffffffe, 0), GOES_ON(tlti, 0, 0),
	TRAPS(tltiu, 0xfffffffe, 0), GOES_ON(tltiu, 0xffffffff, 0), TRAPS(teqi, 0xffffffff, 0), GOES_ON(teqi, 0xffff, 0),
	TRAPS(tnei, 0xffff, 0), GOES_ON(tnei, 0xffffffff, 0),
};

static void trapping(void)
{
	chapter("traps");
	for (unsigned n = 0; n < sizeof traps / sizeof *traps; n++) {
		struct frame frame = in_user(traps[n].code);

		frame.reg[A0] = traps[n].a;
		frame.reg[A1] = traps[n].b;
		run(&frame);
		if (traps[n].traps)
			claim_trap(traps[n].text, TR, USER(traps[n].at), false);
		else
			claim_done(traps[n].text);
		claim("registers are as they were", only_changed(&frame, 0));
	}
}

/* --- load linked, store conditional, sync --- */

/* ll $2, 0($4), as a word: an assembler may put a sync before it, which mends a processor that is none of these. */
#define LL ".word 0xc0820000"

SNIPPET(do_linked, ".set mips2\n" LL "\naddiu $2, $2, 1\nsc $2, 0($4)\nnop");
SNIPPET(do_unlinked, ".set mips2\n" LL "\nsyscall 0xd0e\nnop");
SNIPPET(do_conditional, ".set mips2\naddiu $2, $0, 9\nsc $2, 0($4)\nnop");
SNIPPET_AT(do_ll_wrong, ".set mips2\ndo_ll_wrong_at: " LL "\nnop");
SNIPPET_AT(do_sc_wrong, ".set mips2\ndo_sc_wrong_at: sc $2, 0($4)\nnop");
SNIPPET(do_sync, ".set mips2\naddiu $2, $0, 3\nsync\naddiu $2, $2, 1");

static void linked(void)
{
	volatile uint32_t *word = (volatile uint32_t *)data;
	struct frame frame = in_user(do_linked);

	chapter("ll and sc");
	word[0] = 41;
	frame.reg[A0] = USER(data);
	run(&frame);
	claim_equal("sc says 1", outcome.reg[V0], 1);
	claim_equal("and has stored", word[0], 42);
	frame.pc = USER(do_unlinked);
	run(&frame);
	claim_equal("ll loads", outcome.reg[V0], 42);
	frame.pc = USER(do_conditional);
	run(&frame);
	claim_equal("after an exception's return sc says 0", outcome.reg[V0], 0);
	claim_equal("and has not stored", word[0], 42);
	frame.pc = USER(do_ll_wrong);
	frame.reg[A0] = USER(data) + 2;
	run(&frame);
	claim_trap("ll that is not aligned", ADEL, USER(do_ll_wrong_at), false);
	frame.pc = USER(do_sc_wrong);
	run(&frame);
	not_in_qemu("it does not look at the address of an sc that fails");
	claim_trap("sc that is not aligned", ADES, USER(do_sc_wrong_at), false);
	frame.pc = USER(do_ll_wrong);
	frame.reg[A0] = FREE_1;
	run(&frame);
	claim_refill("ll's miss", TLBL, USER(do_ll_wrong_at), false);
	frame = in_user(do_sync);
	run(&frame);
	claim_equal("sync does nothing that can be seen", outcome.reg[V0], 4);
}

void claims_of_instructions(void)
{
	branches_likely();
	trapping();
	linked();
}
