/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Task switches by jmp, call, interrupt and iret; and what the new task finds wrong. */
#include "bed.h"

static int jump(struct bed *bed, unsigned selector)
{
	return DO(bed, 0xea, 0, 0, 0, 0, (uint8_t)selector, (uint8_t)(selector >> 8));
}

static int call(struct bed *bed, unsigned selector)
{
	return DO(bed, 0x9a, 0, 0, 0, 0, (uint8_t)selector, (uint8_t)(selector >> 8));
}

/* The other task: ring 3 at 0x1234, every register its own number. */
static struct bed *with_task(unsigned cpl)
{
	struct bed *bed = bed_create(4, cpl);

	bed_put(bed, BED_TSS2 + TSS_CR3, BED_PAGES);
	bed_put(bed, BED_TSS2 + TSS_EIP, 0x1234);
	bed_put(bed, BED_TSS2 + TSS_EFLAGS, EFLAGS_ONE | EFLAGS_CF | EFLAGS_IF);
	for (unsigned i = 0; i < 8; i++)
		bed_put(bed, BED_TSS2 + TSS_REGISTERS + 4 * i, 0x1000 + i);
	bed_put(bed, BED_TSS2 + TSS_REGISTERS + 4 * ESP, BED_STACK3);
	for (unsigned i = 0; i < SEGMENTS; i++)
		bed_put(bed, BED_TSS2 + TSS_SEGMENTS + 4 * i, i == CS ? CODE3 : DATA3);
	bed_put(bed, BED_TSS2 + TSS_LDT, LDT);
	return bed;
}

static bool busy(const struct bed *bed, unsigned selector)
{
	return bed_word(bed, BED_GDT + selector + 4) & 0x200;
}

static void assert_in_other_task(const struct bed *bed)
{
	const struct x86_cpu *cpu = &bed->x86.cpu;

	cr_assert_eq(cpu->tr.selector, TSS_OTHER);
	cr_assert_eq(cpu->eip, 0x1234);
	cr_assert_eq(cpu->cpl, 3);
	cr_assert_eq(cpu->reg[EDI], 0x1000 + EDI);
	cr_assert_eq(cpu->seg[GS].selector, DATA3);
	cr_assert(cpu->seg[GS].usable && cpu->ldtr.usable && cpu->ldtr.base == BED_LDT);
	cr_assert(cpu->cr0 & CR0_TS);
}

Test(task, a_jump_saves_the_old_task_and_moves_the_busy_bit)
{
	struct bed *bed = with_task(0);

	bed->x86.cpu.reg[EBX] = 0xb0b0b0b0;
	cr_assert_eq(jump(bed, TSS_OTHER), -1);
	assert_in_other_task(bed);
	cr_assert_eq(bed->x86.cpu.eflags, (uint32_t)(EFLAGS_ONE | EFLAGS_CF | EFLAGS_IF));
	cr_assert_eq(bed_word(bed, BED_TSS + TSS_EIP), BED_CODE + 7u);
	cr_assert_eq(bed_word(bed, BED_TSS + TSS_REGISTERS + 4 * EBX), 0xb0b0b0b0);
	cr_assert_eq(bed_word(bed, BED_TSS + TSS_SEGMENTS + 4 * CS), CODE0);
	cr_assert(!busy(bed, TSS) && busy(bed, TSS_OTHER));
	ledger_settle(&bed->ledger);
	cr_assert_eq(bed->ledger.total[CAUSE_TASK_SWITCH], CYCLES(TASK_SWITCH));
	cr_assert_eq(bed->ledger.now, CYCLES(TASK_SWITCH) + CYCLES(CALL_TASK));
	bed_destroy(bed);
}

Test(task, a_call_nests_and_iret_comes_back)
{
	struct bed *bed = with_task(0);

	cr_assert_eq(call(bed, TSS_OTHER), -1);
	assert_in_other_task(bed);
	cr_assert(bed->x86.cpu.eflags & EFLAGS_NT);
	cr_assert_eq(bed_word(bed, BED_TSS2 + TSS_LINK), TSS);
	cr_assert(busy(bed, TSS) && busy(bed, TSS_OTHER));
	bed->x86.cpu.reg[EAX] = 0xaaaa;
	cr_assert_eq(DO(bed, 0xcf), -1);
	cr_assert_eq(bed->x86.cpu.tr.selector, TSS);
	cr_assert_eq(bed->x86.cpu.eip, BED_CODE + 7u);
	cr_assert_eq(bed->x86.cpu.cpl, 0);
	cr_assert(busy(bed, TSS) && !busy(bed, TSS_OTHER));
	cr_assert_eq(bed_word(bed, BED_TSS2 + TSS_REGISTERS), 0xaaaa);
	cr_assert(!(bed_word(bed, BED_TSS2 + TSS_EFLAGS) & EFLAGS_NT), "saved with NT clear");
	ledger_settle(&bed->ledger);
	cr_assert_eq(bed->ledger.total[CAUSE_TRAP_RETURN], CYCLES(IRET_TASK));
	bed_destroy(bed);
}

Test(task, an_exception_through_a_task_gate_pushes_its_error_code_in_the_new_task)
{
	struct bed *bed = with_task(3);

	bed_vector(bed, VECTOR_GP, TSS_OTHER, 0, IS_TASK);
	x86_trap(&bed->x86, VECTOR_GP, TRAP_EXCEPTION, BED_CODE, true, 0x4321);
	assert_in_other_task(bed);
	cr_assert_eq(bed->x86.cpu.reg[ESP], BED_STACK3 - 4u);
	cr_assert_eq(bed_word(bed, BED_STACK3 - 4), 0x4321);
	cr_assert_eq(bed_word(bed, BED_TSS + TSS_EIP), (uint32_t)BED_CODE);
	cr_assert(bed_word(bed, BED_TSS + TSS_EFLAGS) & EFLAGS_RF);
	cr_assert_eq(bed->ledger.now, CYCLES(TASK_SWITCH) + CYCLES(INT_TASK) + CYCLES(FAULT_EXTRA));
	bed_destroy(bed);
}

Test(task, by_a_task_gate_in_the_gdt)
{
	struct bed *bed = with_task(3);

	bed_gate(bed, FREE, TSS_OTHER, 0, IS_TASK | ACCESS_DPL(3), 0);
	cr_assert_eq(call(bed, FREE | 3), -1);
	assert_in_other_task(bed);
	bed_destroy(bed);
}

Test(task, paging_on_the_page_directory_changes_with_the_task_if_it_is_another)
{
	struct bed *bed = with_task(0);

	bed_paging(bed);
	cr_assert_eq(jump(bed, TSS_OTHER), -1);
	cr_assert_eq(bed->x86.count[COUNT_ADDRESS_SPACE_SWITCHES], 0);
	bed_destroy(bed);
	bed = with_task(0);
	bed_paging(bed);
	memcpy(bed->ram + 0x20000, bed->ram + BED_PAGES, 0x1000);
	bed_put(bed, BED_TSS2 + TSS_CR3, 0x20000);
	cr_assert_eq(jump(bed, TSS_OTHER), -1);
	cr_assert_eq(bed->x86.cpu.cr3, 0x20000);
	cr_assert_eq(bed->x86.count[COUNT_ADDRESS_SPACE_SWITCHES], 1);
	bed_destroy(bed);
}

struct refusal {
	unsigned access, limit;
	unsigned selector;
	bool by_gate, gone;           /* gone: the TSS's page is not there */
	int vector;
	uint32_t error;
};

Test(task, switches_that_are_refused_change_nothing)
{
	static const struct refusal row[] = {
		{ IS_TSS, 0x66, FREE, false, false, VECTOR_TS, FREE },
		{ IS_TSS_BUSY, 0x67, FREE, true, false, VECTOR_GP, FREE },
		{ IS_TSS ^ ABSENT, 0x67, FREE, true, false, VECTOR_NP, FREE },
		{ IS_DATA, 0x67, FREE, true, false, VECTOR_GP, FREE },
		{ IS_TSS, 0x67, 0, true, false, VECTOR_GP, 0 },
		{ IS_TSS, 0x67, BEYOND, true, false, VECTOR_GP, BEYOND },
		{ IS_TSS, 0x67, FREE | LOCAL, true, false, VECTOR_GP, FREE | LOCAL },
		{ IS_TSS, 0x67, FREE, false, true, VECTOR_PF, 0 },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = with_task(0);
		bed_segment(bed, FREE, row[i].gone ? 0x20000 : BED_TSS2, row[i].limit, row[i].access, 0);
		bed_gate(bed, FREE2, row[i].selector, 0, IS_TASK, 0);
		bed_paging(bed);
		bed_page(bed, 0x20000, row[i].gone ? 0 : PAGE_P | PAGE_W);
		struct bed_copy *copy = bed_copy(bed);
		cr_assert_eq(call(bed, row[i].by_gate ? FREE2 : row[i].selector), row[i].vector, "row %u: %d", i,
		             bed->fault.vector);
		cr_assert_eq(bed->fault.error, row[i].error, "row %u: %#x", i, bed->fault.error);
		cr_assert(bed_same(bed, copy), "row %u", i);
		free(copy);
		bed_destroy(bed);
	}
}

Test(task, an_old_tss_that_cannot_be_written_refuses_the_switch_whole)
{
	struct bed *bed = with_task(3);

	bed_gate(bed, FREE, TSS_OTHER, 0, IS_TASK | ACCESS_DPL(3), 0);
	bed_segment(bed, TSS_OTHER, 0x20000, 0xff, IS_TSS, 0);
	memcpy(bed->ram + 0x20000, bed->ram + BED_TSS2, 0x100);
	bed_paging(bed);
	bed_page(bed, BED_TSS, PAGE_P);
	bed->x86.cpu.cr0 |= CR0_WP;
	struct bed_copy *copy = bed_copy(bed);
	cr_assert_eq(call(bed, FREE | 3), VECTOR_PF);
	cr_assert_eq(bed->fault.error, PF_PRESENT | PF_WRITE);
	cr_assert(bed_same(bed, copy));
	free(copy);
	bed_destroy(bed);
}

/* Switches by a jump while one page cannot be written: #PF, and nothing was written elsewhere either. */
static void refuse_with_page(struct bed *bed, laddr_t page)
{
	bed_paging(bed);
	bed_page(bed, page, PAGE_P);
	bed->x86.cpu.cr0 |= CR0_WP;
	struct bed_copy *copy = bed_copy(bed);
	cr_assert_eq(jump(bed, TSS_OTHER), VECTOR_PF);
	cr_assert_eq(bed->fault.address & ~PAGE_MASK, page);
	cr_assert(bed_same(bed, copy));
	free(copy);
}

Test(task, half_of_the_old_tss_is_not_saved_if_the_other_half_cannot_be)
{
	struct bed *bed = with_task(0);

	bed->x86.cpu.tr.base = 0x30000 - 0x40;
	refuse_with_page(bed, 0x30000);
	bed_destroy(bed);
}

Test(task, no_busy_bit_moves_if_the_other_cannot)
{
	for (unsigned which = 0; which < 2; which++) {
		struct bed *bed = with_task(0);
		bed->x86.cpu.gdtr.base = 0x30000 - TSS_OTHER; /* TSS before the page's end, TSS_OTHER behind it */
		memcpy(bed->ram + bed->x86.cpu.gdtr.base, bed->ram + BED_GDT, BED_GDT_LIMIT + 1);
		refuse_with_page(bed, 0x30000 - (which ? 0 : PAGE_SIZE));
		bed_destroy(bed);
	}
}

/* What is wrong in the new task's TSS: the fault is the new task's. */
struct wrong {
	unsigned offset;
	uint32_t value;
	int vector;
	uint32_t error;
};

Test(task, what_is_wrong_with_the_new_task_is_its_own_fault_in_its_context)
{
	static const struct wrong row[] = {
		{ TSS_LDT, DATA0, VECTOR_TS, DATA0 },
		{ TSS_LDT, BEYOND, VECTOR_TS, BEYOND },
		{ TSS_LDT, LDT | LOCAL, VECTOR_TS, LDT | LOCAL },
		{ TSS_SEGMENTS + 4 * CS, 0, VECTOR_TS, 0 },
		{ TSS_SEGMENTS + 4 * CS, DATA3, VECTOR_TS, DATA3 & ~3 },
		{ TSS_SEGMENTS + 4 * CS, CODE0 | 3, VECTOR_TS, CODE0 },
		{ TSS_SEGMENTS + 4 * CS, FREE | 3, VECTOR_NP, FREE },
		{ TSS_SEGMENTS + 4 * SS, 0, VECTOR_TS, 0 },
		{ TSS_SEGMENTS + 4 * SS, DATA0, VECTOR_TS, DATA0 },
		{ TSS_SEGMENTS + 4 * SS, FREE2 | 3, VECTOR_SS, FREE2 },
		{ TSS_SEGMENTS + 4 * DS, DATA0, VECTOR_TS, DATA0 },
		{ TSS_SEGMENTS + 4 * GS, FREE2 | 3, VECTOR_NP, FREE2 },
		{ TSS_SEGMENTS + 4 * ES, BEYOND, VECTOR_TS, BEYOND },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = with_task(0);
		bed_segment(bed, FREE, 0, 0xfffff, (IS_CODE | ACCESS_DPL(3)) ^ ABSENT, G | B);
		bed_segment(bed, FREE2, 0, 0xfffff, (IS_DATA | ACCESS_DPL(3)) ^ ABSENT, G | B);
		bed_put(bed, BED_TSS2 + row[i].offset, row[i].value);
		cr_assert_eq(jump(bed, TSS_OTHER), row[i].vector, "row %u: %d", i, bed->fault.vector);
		cr_assert_eq(bed->fault.error, row[i].error, "row %u: %#x", i, bed->fault.error);
		cr_assert_eq(bed->x86.cpu.tr.selector, TSS_OTHER);
		cr_assert_eq(bed->x86.cpu.eip, 0x1234);
		cr_assert_eq(bed_word(bed, BED_TSS + TSS_EIP), BED_CODE + 7u);
		bed_destroy(bed);
	}
}

Test(task, null_data_segments_are_loaded_and_not_usable)
{
	struct bed *bed = with_task(0);

	bed_put(bed, BED_TSS2 + TSS_SEGMENTS + 4 * FS, 0);
	cr_assert_eq(jump(bed, TSS_OTHER), -1);
	cr_assert(!bed->x86.cpu.seg[FS].usable);
	bed_destroy(bed);
}

Test(task, the_t_bit_is_a_debug_trap_before_the_new_tasks_first_instruction)
{
	struct bed *bed = with_task(0);

	bed_put(bed, BED_TSS2 + TSS_TRAP, 1);
	cr_assert_eq(jump(bed, TSS_OTHER), VECTOR_DB);
	assert_in_other_task(bed);
	cr_assert(bed->x86.cpu.dr[6] & DR6_BT);
	bed_destroy(bed);
}

Test(task, iret_to_a_task_that_is_not_busy_is_an_invalid_tss)
{
	struct bed *bed = with_task(0);

	bed->x86.cpu.eflags |= EFLAGS_NT;
	bed_put(bed, BED_TSS + TSS_LINK, TSS_OTHER);
	struct bed_copy *copy = bed_copy(bed);
	cr_assert_eq(DO(bed, 0xcf), VECTOR_TS);
	cr_assert_eq(bed->fault.error, TSS_OTHER);
	cr_assert(bed_same(bed, copy));
	free(copy);
	bed_destroy(bed);
}

Test(task, sixteen_bit_and_virtual_8086_tasks_are_unsupported)
{
	struct bed *bed = with_task(0);

	bed_segment(bed, FREE, BED_TSS2, 0xff, 0x81, 0);
	cr_assert_eq(jump(bed, FREE), -1);
	cr_assert_not_null(bed->unsupported);
	bed->unsupported = NULL;
	bed_put(bed, BED_TSS2 + TSS_EFLAGS, EFLAGS_VM);
	cr_assert_eq(jump(bed, TSS_OTHER), -1);
	cr_assert_not_null(bed->unsupported);
	cr_assert_eq(bed->x86.cpu.eip, (uint32_t)BED_CODE);
	bed_destroy(bed);
}
