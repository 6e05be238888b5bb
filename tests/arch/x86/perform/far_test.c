/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Far jumps, calls and returns, and iret: code segments, call gates, rings, and every refusal. */
#include "bed.h"

enum { TARGET = 0x5000 };

/* jmp SEL:TARGET, call SEL:TARGET */
static int jump(struct bed *bed, unsigned selector)
{
	return DO(bed, 0xea, 0x00, 0x50, 0x00, 0x00, (uint8_t)selector, (uint8_t)(selector >> 8));
}

static int call(struct bed *bed, unsigned selector)
{
	return DO(bed, 0x9a, 0x00, 0x50, 0x00, 0x00, (uint8_t)selector, (uint8_t)(selector >> 8));
}

static int iret(struct bed *bed)
{
	return DO(bed, 0xcf);
}

static void push_return(struct bed *bed, uint32_t ss, uint32_t esp, uint32_t flags, uint32_t cs, uint32_t eip)
{
	bed_push(bed, ss);
	bed_push(bed, esp);
	bed_push(bed, flags);
	bed_push(bed, cs);
	bed_push(bed, eip);
}

/* A jump or call to the segment FREE of some access, or to some selector; where it fails, how. */
struct far_vector {
	unsigned cpl, selector, access;
	int vector;
	uint32_t error;
};

static const struct far_vector refused[] = {
	{ 0, 0, IS_CODE, VECTOR_GP, 0 },
	{ 0, 3, IS_CODE, VECTOR_GP, 0 },
	{ 0, BEYOND, IS_CODE, VECTOR_GP, BEYOND },
	{ 0, FREE, IS_DATA, VECTOR_GP, FREE },
	{ 0, FREE, IS_LDT, VECTOR_GP, FREE },
	{ 0, FREE, IS_INT, VECTOR_GP, FREE },
	{ 0, FREE, IS_TSS_BUSY, VECTOR_GP, FREE },
	{ 0, FREE | 1, IS_CODE, VECTOR_GP, FREE },                       /* RPL > CPL */
	{ 0, FREE, IS_CODE | ACCESS_DPL(1), VECTOR_GP, FREE },           /* outer */
	{ 3, FREE | 3, IS_CODE, VECTOR_GP, FREE },                       /* inner */
	{ 1, FREE | 1, IS_CONFORMING | ACCESS_DPL(3), VECTOR_GP, FREE }, /* conforming, outer */
	{ 0, FREE, IS_CODE ^ ABSENT, VECTOR_NP, FREE },
	{ 3, FREE | 3, IS_CODE ^ ABSENT, VECTOR_GP, FREE }, /* privilege before presence */
	{ 3, FREE | 3, IS_CONFORMING ^ ABSENT, VECTOR_NP, FREE },
	{ 0, FREE2, IS_CODE, VECTOR_GP, 0 }, /* TARGET beyond its limit */
	/* the gate itself */
	{ 3, FREE, IS_CALL, VECTOR_GP, FREE },
	{ 0, FREE | 1, IS_CALL, VECTOR_GP, FREE },
	{ 3, FREE | 3, IS_CALL | ACCESS_DPL(2), VECTOR_GP, FREE },
	{ 0, FREE, IS_CALL ^ ABSENT, VECTOR_NP, FREE },
	{ 3, FREE, IS_TSS, VECTOR_GP, FREE },
	{ 0, FREE, IS_TSS ^ ABSENT, VECTOR_NP, FREE },
	{ 3, FREE, IS_TASK, VECTOR_GP, FREE },
	{ 0, FREE, IS_TASK ^ ABSENT, VECTOR_NP, FREE },
};

static void try_refused(int (*go)(struct bed *, unsigned))
{
	for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct far_vector *row = &refused[i];
		struct bed *bed = bed_create(4, row->cpl);
		bed_segment(bed, FREE, 0, 0xfffff, row->access, G | B);
		bed_segment(bed, FREE2, 0, 0xfff, IS_CODE, B);
		struct bed_copy *copy = bed_copy(bed);
		cr_assert_eq(go(bed, row->selector), row->vector, "row %u: vector %d", i, bed->fault.vector);
		cr_assert_eq(bed->fault.error, row->error, "row %u: error %#x", i, bed->fault.error);
		cr_assert(bed_same(bed, copy), "row %u", i);
		cr_assert_eq(bed->ledger.now, 0);
		free(copy);
		bed_destroy(bed);
	}
}

Test(far, jumps_that_are_refused_change_nothing)
{
	try_refused(jump);
}

Test(far, calls_that_are_refused_change_nothing)
{
	try_refused(call);
}

Test(far, a_jump_in_the_same_ring_sets_cs_with_cpl_as_rpl)
{
	struct bed *bed = bed_create(4, 0);

	cr_assert_eq(jump(bed, CODE0), -1);
	cr_assert_eq(bed->x86.cpu.eip, (uint32_t)TARGET);
	cr_assert_eq(bed->ledger.now, CYCLES(JMP_FAR));
	cr_assert_eq(bed->ledger.instructions, 1);
	bed_destroy(bed);
	bed = bed_create(4, 3);
	cr_assert_eq(jump(bed, CODE3 & ~3u), -1);
	cr_assert_eq(bed->x86.cpu.seg[CS].selector, CODE3);
	cr_assert_eq(jump(bed, CONFORMING | 3), -1);
	cr_assert_eq(bed->x86.cpu.seg[CS].selector, CONFORMING | 3);
	cr_assert_eq(bed->x86.cpu.cpl, 3);
	bed_destroy(bed);
}

Test(far, a_call_pushes_cs_and_the_next_eip_and_ret_comes_back)
{
	struct bed *bed = bed_create(4, 3);

	cr_assert_eq(call(bed, CODE3), -1);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK3 - 8u);
	cr_assert_eq(bed_word(bed, BED_STACK3 - 4), CODE3);
	cr_assert_eq(bed_word(bed, BED_STACK3 - 8), BED_CODE + 7u);
	cr_assert_eq(DO(bed, 0xcb), -1);
	cr_assert_eq(bed->x86.cpu.eip, BED_CODE + 7u);
	cr_assert_eq(bed->x86.cpu.reg[ESP], (uint32_t)BED_STACK3);
	cr_assert_eq(bed->ledger.now, CYCLES(CALL_FAR) + CYCLES(RET_FAR));
	bed_destroy(bed);
}

Test(far, a_call_without_room_is_a_stack_fault)
{
	struct bed *bed = bed_create(4, 0);

	bed_segment(bed, FREE, 0, 0xfff, IS_DATA, B);
	bed_load(bed, SS, FREE);
	bed->x86.cpu.reg[ESP] = 4;
	struct bed_copy *copy = bed_copy(bed);
	cr_assert_eq(call(bed, CODE0), VECTOR_SS);
	cr_assert_eq(bed->fault.error, 0);
	cr_assert(bed_same(bed, copy));
	free(copy);
	bed_destroy(bed);
}

Test(far, a_call_gate_to_an_inner_ring_switches_stacks_and_copies_parameters)
{
	struct bed *bed = bed_create(4, 3);

	bed_gate(bed, FREE, CODE0, 0x5678, IS_CALL | ACCESS_DPL(3), 3);
	bed_push(bed, 0x333);
	bed_push(bed, 0x222);
	bed_push(bed, 0x111);
	cr_assert_eq(call(bed, FREE | 3), -1);
	cr_assert_eq(bed->x86.cpu.cpl, 0);
	cr_assert_eq(bed->x86.cpu.eip, 0x5678);
	cr_assert_eq(bed->x86.cpu.seg[CS].selector, CODE0);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 28u);
	const uint32_t frame[] = { BED_CODE + 7, CODE3, 0x111, 0x222, 0x333, BED_STACK3 - 12, DATA3 };
	cr_assert_arr_eq(bed->ram + BED_STACK0 - 28, (const uint8_t *)frame, sizeof(frame));
	cr_assert_eq(bed->ledger.now, CYCLES(CALL_GATE_INNER) + 3 * CYCLES(CALL_GATE_PARAM));
	bed_load(bed, DS, DATA0);
	bed_load(bed, FS, CONFORMING);
	cr_assert_eq(DO(bed, 0xca, 0x0c, 0x00), -1); /* ret far 12 */
	cr_assert_eq(bed->x86.cpu.cpl, 3);
	cr_assert_eq(bed->x86.cpu.eip, BED_CODE + 7u);
	cr_assert_eq(bed->x86.cpu.reg[ESP], (uint32_t)BED_STACK3, "the parameters are released on both stacks");
	cr_assert(!bed->x86.cpu.seg[DS].usable, "ring 0's data segment is taken away");
	cr_assert_eq(bed->x86.cpu.seg[DS].selector, 0);
	cr_assert(bed->x86.cpu.seg[ES].usable, "ring 3's own stays");
	cr_assert(bed->x86.cpu.seg[FS].usable, "conforming code stays");
	bed_destroy(bed);
}

Test(far, a_gate_in_the_same_ring_pushes_two_words)
{
	struct bed *bed = bed_create(4, 0);

	bed_gate(bed, FREE, CODE0, 0x5678, IS_CALL, 5);
	cr_assert_eq(call(bed, FREE), -1);
	cr_assert_eq(bed->x86.cpu.eip, 0x5678);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 8u);
	cr_assert_eq(jump(bed, FREE), -1);
	cr_assert_eq(bed->ledger.now, CYCLES(CALL_GATE) + CYCLES(JMP_GATE));
	bed_destroy(bed);
}

Test(far, a_gate_of_16_bits_pushes_16_bits)
{
	struct bed *bed = bed_create(4, 3);

	bed_gate(bed, FREE, CODE0, 0x5678, IS_CALL16 | ACCESS_DPL(3), 1);
	bed_push(bed, 0xaaaa0111);
	cr_assert_eq(call(bed, FREE | 3), -1);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 10u);
	const uint16_t frame[] = { BED_CODE + 7, CODE3, 0x111, BED_STACK3 - 4, DATA3 };
	cr_assert_arr_eq(bed->ram + BED_STACK0 - 10, (const uint8_t *)frame, sizeof(frame));
	bed_destroy(bed);
}

/* What a gate leads to. */
struct target_vector {
	unsigned cpl, target, access, dpl;
	bool jump;
	int vector;
	uint32_t error;
};

Test(far, gates_to_bad_code_fault_with_its_selector)
{
	static const struct target_vector row[] = {
		{ 0, 0, IS_CODE, 0, false, VECTOR_GP, 0 }, { 0, BEYOND, IS_CODE, 0, false, VECTOR_GP, BEYOND },
		{ 0, FREE2, IS_DATA, 0, false, VECTOR_GP, FREE2 }, { 0, FREE2, IS_CODE, 1, false, VECTOR_GP, FREE2 },
		{ 0, FREE2, IS_CODE ^ ABSENT, 0, false, VECTOR_NP, FREE2 },
		{ 3, FREE2, IS_CODE, 0, true, VECTOR_GP, FREE2 },            /* a jump may not go inwards */
		{ 3, FREE2, IS_CONFORMING, 0, true, -1, 0 },
		{ 3, FREE2, IS_CODE, 3, true, -1, 0 },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, row[i].cpl);
		bed_gate(bed, FREE, row[i].target, 0x5678, IS_CALL | ACCESS_DPL(3), 0);
		bed_segment(bed, FREE2, 0, 0xfffff, row[i].access | ACCESS_DPL(row[i].dpl), G | B);
		struct bed_copy *copy = bed_copy(bed);
		int vector = row[i].jump ? jump(bed, FREE | 3) : call(bed, FREE | 3);
		cr_assert_eq(vector, row[i].vector, "row %u: %d", i, vector);
		if (vector >= 0) {
			cr_assert_eq(bed->fault.error, row[i].error, "row %u: %#x", i, bed->fault.error);
			cr_assert(bed_same(bed, copy));
		}
		free(copy);
		bed_destroy(bed);
	}
}

Test(far, far_pointers_in_memory_are_read_in_the_operands_size)
{
	struct bed *bed = bed_create(4, 0);

	bed_put(bed, BED_DATA, TARGET);
	bed_put(bed, BED_DATA + 4, CODE0);
	cr_assert_eq(DO(bed, 0xff, 0x2d, 0x00, 0x90, 0x00, 0x00), -1); /* jmp far [BED_DATA] */
	cr_assert_eq(bed->x86.cpu.eip, (uint32_t)TARGET);
	bed_put(bed, BED_DATA, 0x1234 | CODE0 << 16);
	cr_assert_eq(DO(bed, 0x66, 0xff, 0x1d, 0x00, 0x90, 0x00, 0x00), -1); /* call far word [BED_DATA] */
	cr_assert_eq(bed->x86.cpu.eip, 0x1234);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 4u);
	cr_assert_eq(bed_word(bed, BED_STACK0 - 4), (TARGET + 7u) | CODE0 << 16);
	bed_destroy(bed);
}

/* --- iret --- */

Test(far, iret_to_ring_3_restores_all_five_and_takes_inner_segments_away)
{
	struct bed *bed = bed_create(4, 0);

	push_return(bed, DATA3, 0x7777, EFLAGS_IF | EFLAGS_CF | EFLAGS_IOPL, CODE3, 0x1234);
	cr_assert_eq(iret(bed), -1);
	cr_assert_eq(bed->x86.cpu.cpl, 3);
	cr_assert_eq(bed->x86.cpu.eip, 0x1234);
	cr_assert_eq(bed->x86.cpu.reg[ESP], 0x7777);
	cr_assert_eq(bed->x86.cpu.seg[SS].selector, DATA3);
	cr_assert_eq(bed->x86.cpu.eflags, (uint32_t)(EFLAGS_ONE | EFLAGS_IF | EFLAGS_CF | EFLAGS_IOPL));
	cr_assert(!bed->x86.cpu.seg[DS].usable && !bed->x86.cpu.seg[ES].usable);
	cr_assert(bed_word(bed, BED_GDT + (CODE3 & ~7) + 4) & bed_word(bed, BED_GDT + (DATA3 & ~7) + 4) &
	          RIGHTS_ACCESSED);
	ledger_settle(&bed->ledger);
	cr_assert_eq(bed->ledger.total[CAUSE_TRAP_RETURN], CYCLES(IRET_OUTER));
	cr_assert_eq(bed->journal.chunk[0].kind, EVENT_TRAP_RETURN);
	cr_assert_eq(bed->journal.chunk[0].arg[2], 3);
	bed_destroy(bed);
}

Test(far, iret_to_ring_1_and_in_the_same_ring)
{
	struct bed *bed = bed_create(4, 0);

	push_return(bed, 0, 0, EFLAGS_ONE, CODE0, 0x1234);
	cr_assert_eq(iret(bed), -1);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 8u);
	cr_assert_eq(bed->ledger.now, CYCLES(IRET_SAME));
	bed->x86.cpu.reg[ESP] = BED_STACK0;
	push_return(bed, DATA1, BED_STACK1, EFLAGS_ONE, CODE1, 0x1234);
	cr_assert_eq(iret(bed), -1);
	cr_assert_eq(bed->x86.cpu.cpl, 1);
	cr_assert_eq(bed->x86.cpu.seg[CS].selector, CODE1);
	bed_destroy(bed);
}

Test(far, iret_changes_only_the_flags_that_the_ring_may_change)
{
	static const struct {
		unsigned cpl;
		uint32_t old, image, result;
	} row[] = {
		{ 0, 0, EFLAGS_IF | EFLAGS_IOPL | EFLAGS_RF | EFLAGS_NT,
		  EFLAGS_IF | EFLAGS_IOPL | EFLAGS_RF | EFLAGS_NT },
		{ 3, EFLAGS_IF, EFLAGS_IOPL | EFLAGS_TF, EFLAGS_IF | EFLAGS_TF },
		{ 3, EFLAGS_IOPL, EFLAGS_IF, EFLAGS_IF | EFLAGS_IOPL },
		{ 1, 1u << 12, EFLAGS_IF | EFLAGS_IOPL, EFLAGS_IF | 1u << 12 },
		{ 3, 0, EFLAGS_AC | EFLAGS_ID, EFLAGS_AC }, /* a 486 has no ID flag here */
	};
	static const unsigned code[] = { CODE0, CODE1, 0, CODE3 }, data[] = { DATA0, DATA1, 0, DATA3 };

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, row[i].cpl);
		bed->x86.cpu.eflags |= row[i].old;
		push_return(bed, data[row[i].cpl], 0, row[i].image, code[row[i].cpl], 0x1234);
		cr_assert_eq(iret(bed), -1);
		cr_assert_eq(bed->x86.cpu.eflags, row[i].result | EFLAGS_ONE, "row %u: %#x", i, bed->x86.cpu.eflags);
		bed_destroy(bed);
	}
}

/* What iret finds on the stack. */
struct iret_vector {
	unsigned cpl;
	uint32_t cs, eip, ss;
	int vector;
	uint32_t error;
};

Test(far, irets_that_are_refused_change_nothing)
{
	static const struct iret_vector row[] = {
		{ 0, 0, 0, DATA3, VECTOR_GP, 0 }, { 0, BEYOND, 0, DATA3, VECTOR_GP, BEYOND },
		{ 3, CODE0, 0, DATA0, VECTOR_GP, CODE0 },                  /* inwards */
		{ 0, DATA3, 0, DATA3, VECTOR_GP, DATA3 & ~3 },
		{ 0, CODE0 | 3, 0, DATA3, VECTOR_GP, CODE0 },              /* DPL != RPL */
		{ 0, FREE, 0, DATA3, VECTOR_NP, FREE },
		{ 0, CODE3, 0, 0, VECTOR_GP, 0 }, { 0, CODE3, 0, BEYOND, VECTOR_GP, BEYOND },
		{ 0, CODE3, 0, DATA0, VECTOR_GP, DATA0 }, { 0, CODE3, 0, CODE3, VECTOR_GP, CODE3 & ~3 },
		{ 0, CODE3, 0, FREE2 | 3, VECTOR_SS, FREE2 },
		{ 0, LOCAL, 0x1000, DATA3, VECTOR_GP, 0 },                 /* beyond the limit of the code */
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, row[i].cpl);
		bed_segment(bed, FREE, 0, 0xfffff, IS_CODE ^ ABSENT, G | B);
		bed_segment(bed, FREE2, 0, 0xfffff, (IS_DATA | ACCESS_DPL(3)) ^ ABSENT, G | B);
		bed_local(bed, LOCAL, 0, 0xfff, IS_CODE, B);
		push_return(bed, row[i].ss, 0x7000, EFLAGS_ONE, row[i].cs, row[i].eip);
		struct bed_copy *copy = bed_copy(bed);
		cr_assert_eq(iret(bed), row[i].vector, "row %u: vector %d", i, bed->fault.vector);
		cr_assert_eq(bed->fault.error, row[i].error, "row %u: error %#x", i, bed->fault.error);
		cr_assert(bed_same(bed, copy), "row %u", i);
		free(copy);
		bed_destroy(bed);
	}
}

Test(far, iret_to_a_16_bit_stack_loads_sp_alone)
{
	struct bed *bed = bed_create(4, 0);

	bed_segment(bed, FREE, 0, 0xffff, IS_DATA | ACCESS_DPL(3), 0);
	push_return(bed, FREE | 3, 0x12347777, EFLAGS_ONE, CODE3, 0);
	bed->x86.cpu.seg[SS].base = 0xfff00000; /* the stack at 0x100000 + ..., upper half of ESP not zero */
	bed->x86.cpu.reg[ESP] += 0x100000;
	cr_assert_eq(iret(bed), -1);
	cr_assert_eq(bed->x86.cpu.reg[ESP], 0x00107777);
	bed_destroy(bed);
}

Test(far, iret_to_virtual_8086_mode_is_unsupported_and_only_from_ring_0)
{
	struct bed *bed = bed_create(4, 0);

	push_return(bed, DATA3, 0, EFLAGS_VM, CODE3, 0);
	iret(bed);
	cr_assert_not_null(bed->unsupported);
	cr_assert_eq(bed->x86.cpu.eip, (uint32_t)BED_CODE);
	bed_destroy(bed);
	bed = bed_create(4, 3);
	push_return(bed, DATA3, 0, EFLAGS_VM, CODE3, 0x1234);
	cr_assert_eq(iret(bed), -1);
	cr_assert_null(bed->unsupported);
	cr_assert(!(bed->x86.cpu.eflags & EFLAGS_VM));
	bed_destroy(bed);
}

Test(far, iret_of_16_bits_pops_words)
{
	struct bed *bed = bed_create(4, 0);

	bed->x86.cpu.eflags |= EFLAGS_AC;
	bed_push(bed, EFLAGS_CF);
	bed_push(bed, CODE0 << 16 | 0x1234);
	bed->x86.cpu.reg[ESP] = BED_STACK0 - 8;
	cr_assert_eq(DO(bed, 0x66, 0xcf), -1);
	cr_assert_eq(bed->x86.cpu.eip, 0x1234);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 2u);
	cr_assert_eq(bed->x86.cpu.eflags, (uint32_t)(EFLAGS_ONE | EFLAGS_AC | EFLAGS_CF));
	bed_destroy(bed);
}
