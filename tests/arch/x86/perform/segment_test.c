/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Segment registers: what may be loaded, with which fault it may not, and what a loaded segment allows. */
#include "bed.h"

/* mov ds, ax and mov ss, ax from the selector in ax. */
static int load_ds(struct bed *bed, unsigned selector)
{
	bed->x86.cpu.reg[EAX] = selector;
	return DO(bed, 0x8e, 0xd8);
}

static int load_ss(struct bed *bed, unsigned selector)
{
	bed->x86.cpu.reg[EAX] = selector;
	return DO(bed, 0x8e, 0xd0);
}

struct load_vector {
	unsigned cpl, access, rpl;
	int vector;               /* -1: loads */
};

static void try_load(const struct load_vector *row, int (*load)(struct bed *, unsigned), unsigned number)
{
	struct bed *bed = bed_create(4, row->cpl);
	unsigned selector = FREE | row->rpl;

	bed_segment(bed, FREE, 0x9000, 0x1f, row->access, B);
	struct bed_copy *copy = bed_copy(bed);
	int vector = load(bed, selector);
	cr_assert_eq(vector, row->vector, "cpl %u access %#x rpl %u: vector %d, not %d", row->cpl, row->access,
	             row->rpl, vector, row->vector);
	if (vector < 0) {
		const struct x86_segment_cache *cache = &bed->x86.cpu.seg[number];
		cr_assert(cache->usable && cache->base == 0x9000 && cache->limit == 0x1f &&
		          cache->selector == selector);
		cr_assert_eq(cache->rights, (row->access << 8) | RIGHTS_ACCESSED | RIGHTS_BIG);
		cr_assert(bed_word(bed, BED_GDT + FREE + 4) & RIGHTS_ACCESSED, "marked in memory");
		cr_assert_eq(bed->ledger.now, CYCLES(MOV_SREG));
		cr_assert_eq(bed->ledger.instructions, 1);
		cr_assert_eq(bed->x86.cpu.eip, BED_CODE + 2u);
		cr_assert_eq(bed->x86.count[COUNT_SEGMENT_LOADS], 1);
	} else {
		FAULTS(bed, row->vector, FREE);
		copy->cpu.reg[EAX] = selector;
		cr_assert(bed_same(bed, copy));
		cr_assert_eq(bed->ledger.now, 0);
	}
	free(copy);
	bed_destroy(bed);
}

Test(segment, data_segments_load_or_fault_as_the_manual_says)
{
	static const struct load_vector row[] = {
		{ 0, IS_DATA, 0, -1 }, { 0, IS_READ_ONLY, 0, -1 }, { 0, IS_CODE, 0, -1 }, { 0, IS_DOWN, 0, -1 },
		{ 0, IS_CODE_ONLY, 0, VECTOR_GP },                             /* not readable */
		{ 0, IS_TSS, 0, VECTOR_GP }, { 0, IS_CALL, 0, VECTOR_GP },     /* system */
		{ 0, IS_DATA, 1, VECTOR_GP },                                  /* RPL > DPL */
		{ 1, IS_DATA, 0, VECTOR_GP },                                  /* CPL > DPL */
		{ 1, IS_DATA | ACCESS_DPL(1), 1, -1 }, { 1, IS_DATA | ACCESS_DPL(2), 2, -1 },
		{ 3, IS_DATA | ACCESS_DPL(3), 0, -1 }, { 3, IS_DATA | ACCESS_DPL(3), 3, -1 },
		{ 3, IS_DATA | ACCESS_DPL(2), 0, VECTOR_GP },
		{ 3, IS_CONFORMING, 3, -1 },                                   /* conforming: any */
		{ 3, IS_CODE, 3, VECTOR_GP },
		{ 0, IS_DATA ^ ABSENT, 0, VECTOR_NP },
		{ 3, IS_DATA ^ ABSENT, 0, VECTOR_GP },                         /* privilege before presence */
		{ 0, IS_CODE_ONLY ^ ABSENT, 0, VECTOR_GP },                    /* type before presence */
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		try_load(&row[i], load_ds, DS);
}

Test(segment, stack_segments_load_or_fault_as_the_manual_says)
{
	static const struct load_vector row[] = {
		{ 0, IS_DATA, 0, -1 }, { 0, IS_DOWN, 0, -1 }, { 3, IS_DATA | ACCESS_DPL(3), 3, -1 },
		{ 0, IS_READ_ONLY, 0, VECTOR_GP }, { 0, IS_CODE, 0, VECTOR_GP }, { 0, IS_LDT, 0, VECTOR_GP },
		{ 0, IS_DATA, 1, VECTOR_GP },                                  /* RPL != CPL */
		{ 1, IS_DATA | ACCESS_DPL(1), 0, VECTOR_GP },
		{ 0, IS_DATA | ACCESS_DPL(1), 0, VECTOR_GP },                  /* DPL != CPL */
		{ 3, IS_DATA | ACCESS_DPL(2), 3, VECTOR_GP },
		{ 0, IS_DATA ^ ABSENT, 0, VECTOR_SS },
		{ 0, IS_DATA ^ ABSENT, 1, VECTOR_GP },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		try_load(&row[i], load_ss, SS);
}

Test(segment, null_loads_into_data_registers_only)
{
	struct bed *bed = bed_create(3, 0);

	for (unsigned rpl = 0; rpl < 4; rpl++) {
		cr_assert_eq(load_ds(bed, rpl), -1);
		cr_assert(!bed->x86.cpu.seg[DS].usable);
		cr_assert_eq(bed->x86.cpu.seg[DS].selector, rpl);
		load_ss(bed, rpl);
		FAULTS(bed, VECTOR_GP, 0);
	}
	bed_destroy(bed);
}

Test(segment, selectors_beyond_their_table_fault)
{
	struct bed *bed = bed_create(3, 0);

	load_ds(bed, BEYOND);
	FAULTS(bed, VECTOR_GP, BEYOND);
	load_ds(bed, (BED_GDT_LIMIT & ~7) | 3); /* the last entry is inside, and empty */
	FAULTS(bed, VECTOR_GP, BED_GDT_LIMIT & ~7);
	load_ds(bed, 0x100 | 4);
	FAULTS(bed, VECTOR_GP, 0x104);
	bed->x86.cpu.ldtr.usable = false;
	bed_local(bed, 8 | LOCAL, 0, 0xfff, IS_DATA, B);
	load_ds(bed, 8 | LOCAL);
	FAULTS(bed, VECTOR_GP, 8 | LOCAL);
	bed_destroy(bed);
}

Test(segment, the_first_entry_of_the_ldt_is_not_null)
{
	struct bed *bed = bed_create(3, 0);

	bed_local(bed, LOCAL, 0x1234000, 0xfff, IS_DATA, B);
	cr_assert_eq(load_ds(bed, LOCAL), -1);
	cr_assert_eq(bed->x86.cpu.seg[DS].base, 0x1234000);
	bed_destroy(bed);
}

Test(segment, a_table_that_is_not_mapped_is_a_page_fault_of_the_supervisor)
{
	struct bed *bed = bed_create(4, 3);

	bed_paging(bed);
	bed_page(bed, BED_GDT, 0);
	struct bed_copy *copy = bed_copy(bed);
	copy->cpu.reg[EAX] = DATA3;
	cr_assert_eq(load_ds(bed, DATA3), VECTOR_PF);
	cr_assert_eq(bed->fault.error, 0);
	cr_assert_eq(bed->fault.address, BED_GDT + (DATA3 & ~7u));
	cr_assert(bed_same(bed, copy));
	bed_page(bed, BED_GDT, PAGE_P); /* the supervisor's own, and with WP not to be marked */
	bed->x86.cpu.cr0 |= CR0_WP;
	cr_assert_eq(load_ds(bed, DATA3), VECTOR_PF);
	cr_assert_eq(bed->fault.error, PF_PRESENT | PF_WRITE);
	bed->x86.cpu.cr0 &= ~CR0_WP;
	x86_mmu_flush(&bed->x86);
	cr_assert_eq(load_ds(bed, DATA3), -1);
	free(copy);
	bed_destroy(bed);
}

Test(segment, push_and_pop_move_four_bytes_and_charge_their_keys)
{
	struct bed *bed = bed_create(4, 0);

	cr_assert_eq(DO(bed, 0x1e), -1); /* push ds */
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 4u);
	cr_assert_eq(bed_word(bed, BED_STACK0 - 4), DATA0);
	cr_assert_eq(DO(bed, 0x0f, 0xa1), -1); /* pop fs */
	cr_assert_eq(bed->x86.cpu.seg[FS].selector, DATA0);
	cr_assert_eq(bed->x86.cpu.reg[ESP], (uint32_t)BED_STACK0);
	cr_assert_eq(bed->ledger.now, CYCLES(PUSH_SREG) + CYCLES(POP_SREG));
	ledger_settle(&bed->ledger);
	cr_assert_eq(bed->ledger.total[CAUSE_SEGMENT_LOAD], CYCLES(POP_SREG));
	cr_assert_eq(DO(bed, 0x66, 0x0e), -1); /* push cs, 16 bits */
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK0 - 2u);
	bed_destroy(bed);
}

Test(segment, loading_ss_holds_interrupts_off_and_loading_ds_does_not)
{
	struct bed *bed = bed_create(4, 0);

	load_ss(bed, DATA0);
	cr_assert(bed->x86.cpu.shadow);
	load_ds(bed, DATA0);
	cr_assert(!bed->x86.cpu.shadow);
	bed_push(bed, DATA0);
	DO(bed, 0x17); /* pop ss */
	cr_assert(bed->x86.cpu.shadow);
	DO(bed, 0x9c); /* pushf: any other */
	cr_assert(!bed->x86.cpu.shadow);
	bed_destroy(bed);
}

Test(segment, far_pointers_load_both_or_nothing)
{
	struct bed *bed = bed_create(4, 0);

	bed->x86.cpu.reg[EBX] = BED_DATA;
	bed_put(bed, BED_DATA, 0x11223344);
	bed_put(bed, BED_DATA + 4, DATA0);
	cr_assert_eq(DO(bed, 0xc4, 0x0b), -1); /* les ecx, [ebx] */
	cr_assert_eq(bed->x86.cpu.reg[ECX], 0x11223344);
	cr_assert_eq(bed->x86.cpu.seg[ES].selector, DATA0);
	cr_assert_eq(DO(bed, 0x0f, 0xb2, 0x23), -1); /* lss esp, [ebx] */
	cr_assert_eq(bed->x86.cpu.reg[ESP], 0x11223344);
	cr_assert_eq(bed->ledger.now, CYCLES(LDS) + CYCLES(LSS));
	bed_put(bed, BED_DATA + 4, BEYOND);
	struct bed_copy *copy = bed_copy(bed);
	DO(bed, 0x0f, 0xb4, 0x13); /* lfs edx, [ebx] */
	FAULTS(bed, VECTOR_GP, BEYOND);
	cr_assert(bed_same(bed, copy));
	free(copy);
	bed_destroy(bed);
}

Test(segment, moves_from_segment_registers_are_16_bits_to_memory)
{
	struct bed *bed = bed_create(4, 0);

	bed->x86.cpu.reg[EBX] = BED_DATA;
	bed->x86.cpu.reg[ECX] = 0xffffffff;
	bed_put(bed, BED_DATA, 0xffffffff);
	DO(bed, 0x8c, 0x1b); /* mov [ebx], ds */
	cr_assert_eq(bed_word(bed, BED_DATA), 0xffff0000 | DATA0);
	DO(bed, 0x8c, 0xd9); /* mov ecx, ds */
	cr_assert_eq(bed->x86.cpu.reg[ECX], DATA0);
	bed_destroy(bed);
}

struct access_vector {
	unsigned access, flags;
	uint32_t limit, offset;
	unsigned size;
	bool write, allowed;
};

Test(segment, limits_and_rights_are_checked_to_the_byte)
{
	static const struct access_vector row[] = {
		{ IS_DATA, B, 0xfff, 0xffc, 4, true, true }, { IS_DATA, B, 0xfff, 0xffd, 4, true, false },
		{ IS_DATA, B, 0xfff, 0xfff, 1, false, true }, { IS_DATA, B, 0xfff, 0x1000, 1, false, false },
		{ IS_DATA, B, 0, 0, 1, true, true }, { IS_DATA, B, 0, 0, 2, true, false },
		{ IS_DATA, G | B, 0, 0xfff, 1, true, true }, { IS_DATA, G | B, 0, 0x1000, 1, true, false },
		{ IS_DATA, G | B, 0xfffff, 0xfffffffc, 4, true, true },
		{ IS_DATA, G | B, 0xfffff, 0xfffffffd, 4, true, false },            /* it wraps */
		{ IS_READ_ONLY, B, 0xfff, 0, 4, false, true }, { IS_READ_ONLY, B, 0xfff, 0, 4, true, false },
		{ IS_CODE, B, 0xfff, 0, 4, false, true }, { IS_CODE, B, 0xfff, 0, 4, true, false },
		{ IS_DOWN, B, 0xfff, 0xfff, 1, true, false }, { IS_DOWN, B, 0xfff, 0x1000, 1, true, true },
		{ IS_DOWN, B, 0xfff, 0xfffffffc, 4, true, true }, { IS_DOWN, B, 0xfff, 0xfffffffd, 4, true, false },
		{ IS_DOWN, 0, 0xfff, 0xfffc, 4, true, true }, { IS_DOWN, 0, 0xfff, 0xfffd, 4, true, false },
		{ IS_DOWN, 0, 0xfff, 0x10000, 1, true, false }, { IS_DOWN, G | B, 0xfffff, 0, 1, false, false },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, 0);
		bed_segment(bed, FREE, 0, row[i].limit, row[i].access, row[i].flags);
		cr_assert_eq(load_ds(bed, FREE), -1);
		const struct x86_access access = { row[i].offset, DS, (uint8_t)row[i].size, row[i].write };
		bool allowed = x86_segment_check(&bed->x86.cpu, &access, &bed->fault);
		cr_assert_eq(allowed, row[i].allowed, "row %u", i);
		if (!allowed)
			FAULTS(bed, VECTOR_GP, 0);
		bed_destroy(bed);
	}
}

Test(segment, beyond_the_stack_is_a_stack_fault_and_a_null_segment_allows_nothing)
{
	struct bed *bed = bed_create(4, 0);

	bed_segment(bed, FREE, 0, 0xfff, IS_DATA, B);
	load_ss(bed, FREE);
	const struct x86_access stack = { 0x1000, SS, 4, true }, data = { 0, FS, 1, false };
	cr_assert(!x86_segment_check(&bed->x86.cpu, &stack, &bed->fault));
	FAULTS(bed, VECTOR_SS, 0);
	cr_assert(!x86_segment_check(&bed->x86.cpu, &data, &bed->fault));
	FAULTS(bed, VECTOR_GP, 0);
	bed->x86.cpu.reg[ESP] = 2;
	cr_assert_eq(DO(bed, 0x1e), VECTOR_SS); /* push ds across offset 0 */
	bed_destroy(bed);
}

Test(segment, flat_is_what_no_access_can_exceed)
{
	struct bed *bed = bed_create(4, 0);

	cr_assert(x86_segment_is_flat(&bed->x86.cpu.seg[DS]));
	cr_assert(!x86_segment_is_flat(&bed->x86.cpu.seg[FS]), "null");
	bed_segment(bed, FREE, 0x5000, 0xffffe, IS_DATA, G | B);
	load_ds(bed, FREE);
	cr_assert(!x86_segment_is_flat(&bed->x86.cpu.seg[DS]));
	bed_segment(bed, FREE, 0, 0xfffff, IS_READ_ONLY, G | B);
	load_ds(bed, FREE);
	cr_assert(!x86_segment_is_flat(&bed->x86.cpu.seg[DS]));
	bed_destroy(bed);
}
