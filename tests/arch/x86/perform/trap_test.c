/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traps: gates, privilege, stacks, frames, error codes, faults while a trap is delivered. */
#include "bed.h"

static void trap(struct bed *bed, int vector, enum x86_trap_source source)
{
	x86_trap(&bed->x86, vector, source, bed->x86.cpu.eip + (source == TRAP_SOFTWARE ? 2 : 0), false, 0);
}

static uint32_t pushed(const struct bed *bed, unsigned n)
{
	return bed_word(bed, bed->x86.cpu.seg[SS].base + bed->x86.cpu.reg[ESP] + 4 * n);
}

/* Where the processor is: the vector whose handler it stands at, -1 for none. */
static int arrived(const struct bed *bed)
{
	uint32_t offset = bed->x86.cpu.eip - BED_HANDLER;
	return bed->x86.cpu.eip >= BED_HANDLER && offset % 16 == 0 && offset / 16 < 256 ? (int)(offset / 16) : -1;
}

Test(trap, in_the_same_ring_three_words_are_pushed)
{
	struct bed *bed = bed_create(4, 0);

	bed->x86.cpu.eflags |= EFLAGS_IF | EFLAGS_TF | EFLAGS_NT | EFLAGS_CF;
	trap(bed, 0x80, TRAP_SOFTWARE);
	cr_assert_eq(arrived(bed), 0x80);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 12u);
	cr_assert_eq(pushed(bed, 0), BED_CODE + 2u);
	cr_assert_eq(pushed(bed, 1), CODE0);
	cr_assert_eq(pushed(bed, 2), (uint32_t)(EFLAGS_ONE | EFLAGS_IF | EFLAGS_TF | EFLAGS_NT | EFLAGS_CF));
	cr_assert_eq(bed->x86.cpu.eflags, (uint32_t)(EFLAGS_ONE | EFLAGS_CF));
	cr_assert_eq(bed->ledger.now, CYCLES(INT_SAME));
	ledger_settle(&bed->ledger);
	cr_assert_eq(bed->ledger.total[CAUSE_TRAP_ENTRY], CYCLES(INT_SAME));
	cr_assert_eq(bed->x86.count[COUNT_TRAPS], 1);
	bed_destroy(bed);
}

Test(trap, from_user_mode_the_stack_is_that_of_the_tss)
{
	struct bed *bed = bed_create(4, 3);

	bed->x86.cpu.reg[ESP] = BED_STACK3 - 64;
	trap(bed, 0x80, TRAP_SOFTWARE);
	cr_assert_eq(arrived(bed), 0x80);
	cr_assert_eq(bed->x86.cpu.cpl, 0);
	cr_assert_eq(bed->x86.cpu.seg[CS].selector, CODE0);
	cr_assert_eq(bed->x86.cpu.seg[SS].selector, DATA0);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 20u);
	cr_assert_eq(pushed(bed, 0), BED_CODE + 2u);
	cr_assert_eq(pushed(bed, 1), CODE3);
	cr_assert_eq(pushed(bed, 3), BED_STACK3 - 64u);
	cr_assert_eq(pushed(bed, 4), DATA3);
	cr_assert_eq(bed->ledger.now, CYCLES(INT_INNER));
	bed_destroy(bed);
}

Test(trap, ring_3_to_ring_1_takes_the_stack_of_ring_1)
{
	struct bed *bed = bed_create(4, 3);

	bed_vector(bed, 0x80, CODE1, BED_HANDLER + 0x800, IS_TRAP | ACCESS_DPL(3));
	bed->x86.cpu.eflags |= EFLAGS_IF;
	trap(bed, 0x80, TRAP_SOFTWARE);
	cr_assert_eq(bed->x86.cpu.cpl, 1);
	cr_assert_eq(bed->x86.cpu.seg[CS].selector, CODE1);
	cr_assert_eq(bed->x86.cpu.seg[SS].selector, DATA1);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK1 - 20u);
	cr_assert(bed->x86.cpu.eflags & EFLAGS_IF, "a trap gate leaves IF");
	bed_destroy(bed);
}

Test(trap, conforming_handlers_keep_the_ring)
{
	struct bed *bed = bed_create(4, 3);

	bed_vector(bed, 0x80, CONFORMING, BED_HANDLER + 0x800, IS_INT | ACCESS_DPL(3));
	trap(bed, 0x80, TRAP_SOFTWARE);
	cr_assert_eq(bed->x86.cpu.cpl, 3);
	cr_assert_eq(bed->x86.cpu.seg[CS].selector, CONFORMING | 3);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK3 - 12u);
	cr_assert_eq(bed->ledger.now, CYCLES(INT_SAME));
	bed_destroy(bed);
}

Test(trap, gates_of_16_bits_push_words)
{
	struct bed *bed = bed_create(4, 0);

	bed_vector(bed, 0x80, CODE0, 0xdead4444, IS_INT16);
	trap(bed, 0x80, TRAP_SOFTWARE);
	cr_assert_eq(bed->x86.cpu.eip, 0x4444);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 6u);
	cr_assert_eq(pushed(bed, 0), (CODE0 << 16 | (BED_CODE + 2u)));
	bed_destroy(bed);
}

Test(trap, error_codes_and_the_resume_flag_come_with_faults)
{
	struct bed *bed = bed_create(4, 3);

	x86_trap(&bed->x86, VECTOR_GP, TRAP_EXCEPTION, bed->x86.cpu.eip, true, 0x1234);
	cr_assert_eq(arrived(bed), VECTOR_GP);
	cr_assert_eq(pushed(bed, 0), 0x1234);
	cr_assert_eq(pushed(bed, 1), (uint32_t)BED_CODE);
	cr_assert_eq(pushed(bed, 3), (uint32_t)(EFLAGS_ONE | EFLAGS_RF));
	cr_assert_eq(bed->ledger.now, CYCLES(INT_INNER) + CYCLES(FAULT_EXTRA));
	bed_destroy(bed);
}

Test(trap, interrupts_are_counted_and_charged_apart_and_wake_a_halt)
{
	struct bed *bed = bed_create(4, 0);

	bed->x86.cpu.halted = bed->x86.cpu.shadow = true;
	trap(bed, 0x20, TRAP_EXTERNAL);
	cr_assert_eq(arrived(bed), 0x20);
	cr_assert_eq(bed->ledger.now, CYCLES(INT_SAME) + CYCLES(IRQ_EXTRA));
	cr_assert_eq(bed->x86.count[COUNT_INTERRUPTS], 1);
	cr_assert_eq(bed->x86.count[COUNT_TRAPS], 0);
	cr_assert(!bed->x86.cpu.halted && !bed->x86.cpu.shadow);
	bed_destroy(bed);
}

/* What is wrong with the gate of vector 0x80, and which fault with which error code arrives instead. */
struct gate_vector {
	unsigned cpl;
	unsigned target, access;
	enum x86_trap_source source;
	int vector;
	uint32_t error;
};

Test(trap, bad_gates_fault_with_the_error_code_of_the_gate_or_of_its_target)
{
	enum { GATE = 0x80 * 8 + ERROR_IDT };
	static const struct gate_vector row[] = {
		{ 0, CODE0, IS_DATA, TRAP_SOFTWARE, VECTOR_GP, GATE },
		{ 0, CODE0, IS_CALL, TRAP_EXTERNAL, VECTOR_GP, GATE + 1 },
		{ 0, CODE0, 0, TRAP_SOFTWARE, VECTOR_GP, GATE },
		{ 3, CODE0, IS_INT | ACCESS_DPL(2), TRAP_SOFTWARE, VECTOR_GP, GATE },        /* DPL < CPL */
		{ 3, CODE0, (IS_INT | ACCESS_DPL(2)) ^ ABSENT, TRAP_SOFTWARE, VECTOR_GP, GATE },
		{ 3, CODE0, IS_INT, TRAP_EXTERNAL, 0x80, 0 },                                /* DPL not asked */
		{ 0, CODE0, IS_INT ^ ABSENT, TRAP_SOFTWARE, VECTOR_NP, GATE },
		{ 0, CODE0, IS_INT ^ ABSENT, TRAP_EXTERNAL, VECTOR_NP, GATE + 1 },
		{ 0, 0, IS_INT, TRAP_SOFTWARE, VECTOR_GP, 0 },
		{ 0, 0, IS_INT, TRAP_EXTERNAL, VECTOR_GP, 1 },
		{ 0, BEYOND, IS_INT, TRAP_SOFTWARE, VECTOR_GP, BEYOND },
		{ 0, BEYOND | LOCAL, IS_INT, TRAP_EXTERNAL, VECTOR_GP, (BEYOND | LOCAL) + 1 },
		{ 0, DATA0, IS_INT, TRAP_SOFTWARE, VECTOR_GP, DATA0 },
		{ 0, TSS, IS_INT, TRAP_SOFTWARE, VECTOR_GP, TSS },
		{ 0, CODE3, IS_INT, TRAP_SOFTWARE, VECTOR_GP, CODE3 & ~3 },                  /* to an outer ring */
		{ 0, FREE, IS_INT, TRAP_SOFTWARE, VECTOR_NP, FREE },
		{ 0, FREE2, IS_INT, TRAP_SOFTWARE, VECTOR_GP, 0 },                           /* beyond the limit */
		{ 0, FREE2, IS_INT, TRAP_EXTERNAL, VECTOR_GP, 1 },
		{ 0, CODE0, IS_TASK, TRAP_SOFTWARE, VECTOR_GP, CODE0 },                      /* a task gate to no TSS */
		{ 0, TSS, IS_TASK, TRAP_SOFTWARE, VECTOR_GP, TSS },                          /* busy */
		{ 0, TSS_OTHER | LOCAL, IS_TASK, TRAP_EXTERNAL, VECTOR_GP, (TSS_OTHER | LOCAL) + 1 },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, row[i].cpl);
		bed_segment(bed, FREE, 0, 0xfffff, IS_CODE ^ ABSENT, G | B);
		bed_segment(bed, FREE2, 0, 0xff, IS_CODE, B);
		bed_vector(bed, 0x80, row[i].target, BED_HANDLER + 0x800, row[i].access);
		trap(bed, 0x80, row[i].source);
		cr_assert_eq(arrived(bed), row[i].vector, "row %u: %d", i, arrived(bed));
		if (row[i].vector != 0x80) {
			cr_assert_eq(pushed(bed, 0), row[i].error, "row %u: error %#x", i, pushed(bed, 0));
			cr_assert_eq(pushed(bed, 1), (uint32_t)BED_CODE, "the int itself is restarted");
		}
		bed_destroy(bed);
	}
}

Test(trap, a_vector_beyond_the_idt_is_a_general_protection_fault)
{
	struct bed *bed = bed_create(4, 0);

	bed->x86.cpu.idtr.limit = 0x80 * 8 + 6;
	trap(bed, 0x80, TRAP_SOFTWARE);
	cr_assert_eq(arrived(bed), VECTOR_GP);
	cr_assert_eq(pushed(bed, 0), 0x80 * 8 + 2u);
	bed_destroy(bed);
}

/* What is wrong with the inner stack. */
struct stack_vector {
	uint32_t ss, esp;
	uint32_t tss_limit;
	int vector;
	uint32_t error;
};

Test(trap, a_bad_inner_stack_is_an_invalid_tss_or_a_stack_fault)
{
	static const struct stack_vector row[] = {
		{ 0, BED_STACK0, 0x67, VECTOR_TS, 0 },
		{ BEYOND, BED_STACK0, 0x67, VECTOR_TS, BEYOND },
		{ DATA0 | 1, BED_STACK0, 0x67, VECTOR_TS, DATA0 },     /* RPL */
		{ DATA1, BED_STACK0, 0x67, VECTOR_TS, DATA1 & ~3 },    /* RPL, DPL */
		{ CODE0, BED_STACK0, 0x67, VECTOR_TS, CODE0 },
		{ DATA0, BED_STACK0, 0x0a, VECTOR_TS, TSS },           /* SS0 beyond the TSS */
		{ FREE, BED_STACK0, 0x67, VECTOR_SS, FREE },           /* not present */
		{ FREE2, 0x10, 0x67, VECTOR_SS, 0 },                   /* no room */
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, 3);
		/* the fault's handler is in ring 1, whose stack is sound */
		for (int vector = 8; vector < 16; vector++)
			bed_vector(bed, (unsigned)vector, CODE1, BED_HANDLER + (uint32_t)vector * 16, IS_INT);
		bed_segment(bed, FREE, 0, 0xfffff, IS_DATA ^ ABSENT, G | B);
		bed_segment(bed, FREE2, 0, 0xfff, IS_DATA, B);
		bed_put(bed, BED_TSS + TSS_SS0, row[i].ss);
		bed_put(bed, BED_TSS + TSS_ESP0, row[i].esp);
		bed->x86.cpu.tr.limit = row[i].tss_limit;
		if (row[i].tss_limit < 0x67) { /* then ring 1 has no stack either: a conforming handler */
			bed_vector(bed, VECTOR_TS, CONFORMING, BED_HANDLER + VECTOR_TS * 16, IS_INT);
		}
		trap(bed, 0x80, TRAP_SOFTWARE);
		cr_assert_eq(arrived(bed), row[i].vector, "row %u: %d", i, arrived(bed));
		cr_assert_eq(pushed(bed, 0), row[i].error, "row %u: error %#x", i, pushed(bed, 0));
		bed_destroy(bed);
	}
}

Test(trap, a_stack_page_that_is_not_there_is_a_page_fault_with_cr2)
{
	struct bed *bed = bed_create(4, 3);

	bed_paging(bed);
	bed_page(bed, BED_STACK0 - 4, 0);
	bed_vector(bed, VECTOR_PF, CODE1, BED_HANDLER + VECTOR_PF * 16, IS_INT);
	trap(bed, 0x80, TRAP_SOFTWARE);
	cr_assert_eq(arrived(bed), VECTOR_PF);
	cr_assert_eq(pushed(bed, 0), PF_WRITE);
	cr_assert_eq(bed->x86.cpu.cr2 & ~PAGE_MASK, (BED_STACK0 - 4u) & ~PAGE_MASK);
	bed_destroy(bed);
}

/* Whether first, delivered through a gate that is not present, becomes a double fault or #NP itself. */
Test(trap, a_contributory_fault_after_a_contributory_one_is_a_double_fault)
{
	static const struct { int first; enum x86_trap_source source; bool twice;
	} row[] = {
		{ VECTOR_DE, TRAP_EXCEPTION, true },  { VECTOR_TS, TRAP_EXCEPTION, true },
		{ VECTOR_NP, TRAP_EXCEPTION, true },  { VECTOR_SS, TRAP_EXCEPTION, true },
		{ VECTOR_GP, TRAP_EXCEPTION, true },  { VECTOR_PF, TRAP_EXCEPTION, true },
		{ VECTOR_DB, TRAP_EXCEPTION, false }, { VECTOR_UD, TRAP_EXCEPTION, false },
		{ VECTOR_NM, TRAP_EXCEPTION, false }, { VECTOR_BP, TRAP_SOFTWARE, false },
		{ 0x30, TRAP_EXTERNAL, false },       { VECTOR_SS, TRAP_SOFTWARE, false },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, 0);
		bed_vector(bed, (unsigned)row[i].first, CODE0, 0, IS_INT ^ ABSENT);
		trap(bed, row[i].first, row[i].source);
		cr_assert_eq(arrived(bed), row[i].twice ? VECTOR_DF : VECTOR_NP, "row %u: %d", i, arrived(bed));
		cr_assert_eq(pushed(bed, 0),
		             row[i].twice ? 0u : (unsigned)row[i].first * 8 + 2 + (row[i].source != TRAP_SOFTWARE));
		cr_assert_eq(pushed(bed, 1), (uint32_t)BED_CODE);
		bed_destroy(bed);
	}
}

/* Moves the IDT so that the gate of `first` is the first on a page, and takes a page of it away. */
static void split_idt(struct bed *bed, int first, laddr_t missing)
{
	bed_paging(bed);
	bed->x86.cpu.idtr.base = 0x20000 - (uint32_t)first * 8;
	memcpy(bed->ram + bed->x86.cpu.idtr.base, bed->ram + BED_IDT, 0x800);
	bed_page(bed, missing, 0);
}

Test(trap, a_page_fault_after_a_contributory_fault_is_served)
{
	struct bed *bed = bed_create(4, 0);

	split_idt(bed, VECTOR_PF, 0x1f000);
	x86_trap(&bed->x86, VECTOR_GP, TRAP_EXCEPTION, BED_CODE, true, 0);
	cr_assert_eq(arrived(bed), VECTOR_PF);
	cr_assert_eq(pushed(bed, 0), 0);
	cr_assert_eq(bed->x86.cpu.cr2, 0x1fff8);
	bed_destroy(bed);
}

Test(trap, a_page_fault_after_a_page_fault_is_a_double_fault)
{
	struct bed *bed = bed_create(4, 0);

	split_idt(bed, VECTOR_GP, 0x20000);
	x86_trap(&bed->x86, VECTOR_PF, TRAP_EXCEPTION, BED_CODE, true, 0);
	cr_assert_eq(arrived(bed), VECTOR_DF);
	cr_assert_eq(pushed(bed, 0), 0);
	cr_assert_eq(bed->x86.cpu.cr2, 0x20008);
	bed_destroy(bed);
}

Test(trap, a_fault_while_a_double_fault_is_delivered_is_a_shutdown)
{
	struct bed *bed = bed_create(4, 0);

	bed->x86.cpu.idtr.limit = 0;
	trap(bed, VECTOR_UD, TRAP_EXCEPTION);
	cr_assert(bed->x86.cpu.shutdown);
	cr_assert_eq(bed->x86.cpu.eip, (uint32_t)BED_CODE);
	cr_assert_eq(bed->x86.count[COUNT_TRAPS], 0);
	bed_destroy(bed);
}

Test(trap, the_event_tells_vector_error_and_rings)
{
	struct bed *bed = bed_create(4, 3);

	x86_trap(&bed->x86, VECTOR_PF, TRAP_EXCEPTION, bed->x86.cpu.eip, true, 7);
	cr_assert_eq(bed->journal.appended, 1);
	const struct event *event = &bed->journal.chunk[0];
	cr_assert_eq(event->kind, EVENT_TRAP);
	cr_assert_eq(event->pc, (uint32_t)BED_CODE);
	const uint32_t arg[] = { VECTOR_PF, 7, 3, 0 };
	cr_assert_arr_eq(event->arg, arg, sizeof(arg));
	bed_destroy(bed);
}
