/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions in a branch's delay slot (KANE, chapter 5: Cause.BD): EPC is the branch's, so that a return executes
 * it again; a link register that the branch has written is written.
 */
#include "trial.h"

/* In a slot: of a branch that goes, of one that stays, of jumps. */
#define IN_SLOT(name_, text_)                                                                                        \
	SNIPPET_AT(name_##_taken, "nop\n" #name_ "_taken_at: beq $0, $0, 1f\n" text_ "\nnop\n1: nop");               \
	SNIPPET_AT(name_##_stays, "nop\n" #name_ "_stays_at: bne $0, $0, 1f\n" text_ "\nnop\n1: nop");               \
	SNIPPET_AT(name_##_asks, "nop\n" #name_ "_asks_at: bne $5, $0, 1f\n" text_ "\nnop\n1: nop");                 \
	SNIPPET_AT(name_##_jumps, "nop\n" #name_ "_jumps_at: jr $7\n" text_ "\nnop\n1: nop");                        \
	SNIPPET_AT(name_##_calls, "nop\n" #name_ "_calls_at: bgezal $0, 1f\n" text_ "\nnop\n1: nop");                \
	SNIPPET_AT(name_##_after, "nop\nbne $0, $0, 1f\nnop\n" #name_ "_after_at: " text_ "\n1: nop")

IN_SLOT(slot_syscall, "syscall");
IN_SLOT(slot_break, "break 7");
IN_SLOT(slot_overflow, "add $2, $6, $6");
IN_SLOT(slot_lw, "lw $2, 1($4)");
IN_SLOT(slot_sw, "sw $2, 2($4)");
IN_SLOT(slot_reserved, ".word 0x7c00003f");
IN_SLOT(slot_unusable, ".word 0x44020000"); /* mfc1 */
IN_SLOT(slot_kernel, "lw $2, 0($8)");       /* kseg0, in user mode */
IN_SLOT(slot_miss, "lw $2, 0($9)");
IN_SLOT(slot_store_miss, "sw $2, 0($9)");

struct slot {
	const char *text;
	struct { const uint32_t *code, *at; } taken, stays, asks, jumps, calls, after;
	unsigned exception;
	bool refill;
};

#define PLACE(name_) { name_, name_##_at }
#define SLOT(text_, name_, exception_, refill_)                                                                      \
	{ text_, PLACE(name_##_taken), PLACE(name_##_stays), PLACE(name_##_asks), PLACE(name_##_jumps),              \
	  PLACE(name_##_calls), PLACE(name_##_after), exception_, refill_ }
static const struct slot slots[] = {
	SLOT("syscall in a slot", slot_syscall, SYS, false), SLOT("break in a slot", slot_break, BP, false),
	SLOT("overflow in a slot", slot_overflow, OV, false), SLOT("lw in a slot, not aligned", slot_lw, ADEL, false),
	SLOT("sw in a slot, not aligned", slot_sw, ADES, false),
	SLOT("a reserved instruction in a slot", slot_reserved, RI, false),
	SLOT("a coprocessor's in a slot", slot_unusable, CPU, false), SLOT("kseg0 in a slot", slot_kernel, ADEL, false),
	SLOT("a miss in a slot", slot_miss, TLBL, true), SLOT("a store's miss in a slot", slot_store_miss, TLBS, true),
};

static struct frame prepare(const uint32_t *code)
{
	struct frame frame = in_user(code);

	frame.reg[A0] = USER(data);
	frame.reg[6] = 0x7fffffff;
	frame.reg[7] = USER(data) + 2 * PAGE;
	frame.reg[8] = KSEG0 + 0x100000;
	frame.reg[9] = FREE_1;
	frame.reg[RA] = 0x1234;
	return frame;
}

static void expect(const char *text, const struct slot *slot, const uint32_t *at, bool in_slot)
{
	if (slot->refill)
		claim_refill(text, slot->exception, USER(at), in_slot);
	else
		claim_trap(text, slot->exception, USER(at), in_slot);
}

static void try_slot(const struct slot *slot)
{
	struct frame frame = prepare(slot->taken.code);

	chapter(slot->text);
	run(&frame);
	expect("a branch that goes", slot, slot->taken.at, true);
	frame = prepare(slot->stays.code);
	run(&frame);
	not_in_qemu("it makes nothing at all of a branch that never goes");
	expect("a branch that never goes", slot, slot->stays.at, true);
	frame = prepare(slot->asks.code);
	run(&frame);
	expect("a branch that stays", slot, slot->asks.at, true);
	frame.reg[A1] = 1;
	run(&frame);
	expect("the same one going", slot, slot->asks.at, true);
	frame = prepare(slot->jumps.code);
	run(&frame);
	expect("a jump", slot, slot->jumps.at, true);
	frame = prepare(slot->calls.code);
	run(&frame);
	expect("a call", slot, slot->calls.at, true);
	claim_equal("its link is written", outcome.reg[RA], USER(slot->calls.at) + 8);
	frame = prepare(slot->after.code);
	run(&frame);
	expect("after the slot it is none", slot, slot->after.at, false);
}

/* A fault in a slot is mended, and the branch executed again. */
SNIPPET_AT(again, "addiu $2, $0, 0\nagain_at: beq $5, $6, 1f\nlw $3, 0($9)\naddiu $2, $2, 16\n1: addiu $2, $2, 256");

static void mended(bool goes)
{
	struct frame frame = in_user(again);

	frame.reg[9] = FREE_1;
	frame.reg[A1] = 5;
	frame.reg[6] = goes ? 5 : 6;
	run(&frame);
	claim_refill("the miss", TLBL, USER(again_at), true);
	*(volatile uint32_t *)data = 0xfeed;
	map(WIRED, FREE_1, PHYSICAL(data), 0, LO_VALID);
	frame.pc = outcome.pc;
	for (unsigned n = 0; n < 26; n++)
		frame.reg[n] = outcome.reg[n];
	run(&frame);
	claim_done("the branch is executed again");
	claim_equal("the slot loads", outcome.reg[V1], 0xfeed);
	claim_equal("and control goes where the branch says", outcome.reg[V0], goes ? 256 : 272);
	unmap(WIRED);
}

void chapter_slots(void)
{
	for (unsigned n = 0; n < sizeof slots / sizeof *slots; n++) {
		if (slots[n].taken.code == slot_kernel_taken)
			unlike_gxemul("what kernel mode has touched, its user mode can touch");
		try_slot(&slots[n]);
		unlike_gxemul(NULL);
	}
	chapter("a miss in a slot is mended");
	mended(true);
	mended(false);
}
