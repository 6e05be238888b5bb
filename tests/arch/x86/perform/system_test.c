/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System registers and flags: who may touch them, by family; looks at descriptors; what tells a processor. */
#include "bed.h"

#define CPU(bed) ((bed)->x86.cpu)

/* Instructions that ring 3 may not use: #GP(0), nothing else. */
struct privileged {
	uint8_t bytes[4], size;
};

Test(system, ring_0_instructions_are_general_protection_faults_elsewhere)
{
	static const struct privileged row[] = {
		{ { 0x0f, 0x01, 0x13 }, 3 }, { { 0x0f, 0x01, 0x1b }, 3 },        /* lgdt, lidt [ebx] */
		{ { 0x0f, 0x00, 0xd0 }, 3 }, { { 0x0f, 0x00, 0xd8 }, 3 },        /* lldt ax, ltr ax */
		{ { 0x0f, 0x01, 0xf0 }, 3 }, { { 0x0f, 0x06 }, 2 },              /* lmsw ax, clts */
		{ { 0x0f, 0x22, 0xc0 }, 3 }, { { 0x0f, 0x20, 0xc0 }, 3 },        /* mov cr0, eax and back */
		{ { 0x0f, 0x22, 0xd8 }, 3 }, { { 0x0f, 0x20, 0xd0 }, 3 },        /* mov cr3, eax; mov eax, cr2 */
		{ { 0x0f, 0x23, 0xc0 }, 3 }, { { 0x0f, 0x21, 0xf8 }, 3 },        /* mov dr0, eax; mov eax, dr7 */
		{ { 0x0f, 0x01, 0x3b }, 3 }, { { 0x0f, 0x08 }, 2 }, { { 0x0f, 0x09 }, 2 }, /* invlpg, invd, wbinvd */
		{ { 0xf4 }, 1 }, { { 0x0f, 0x32 }, 2 }, { { 0x0f, 0x30 }, 2 },   /* hlt, rdmsr, wrmsr */
		{ { 0xfa }, 1 }, { { 0xfb }, 1 },                                /* cli, sti with IOPL 0 */
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(5, 3);
		struct bed_copy *copy = bed_copy(bed);
		cr_assert_eq(bed_perform(bed, row[i].bytes, row[i].size), VECTOR_GP, "row %u", i);
		FAULTS(bed, VECTOR_GP, 0);
		cr_assert(bed_same(bed, copy), "row %u", i);
		free(copy);
		bed_destroy(bed);
	}
}

Test(system, tables_are_loaded_and_stored_whole)
{
	struct bed *bed = bed_create(4, 0);

	CPU(bed).reg[EBX] = BED_DATA;
	bed_put(bed, BED_DATA, 0x56780123);
	bed_put(bed, BED_DATA + 4, 0xffff1234);
	cr_assert_eq(DO(bed, 0x0f, 0x01, 0x1b), -1); /* lidt [ebx] */
	cr_assert(CPU(bed).idtr.limit == 0x0123 && CPU(bed).idtr.base == 0x12345678);
	cr_assert_eq(DO(bed, 0x66, 0x0f, 0x01, 0x1b), -1);
	cr_assert_eq(CPU(bed).idtr.base, 0x00345678, "24 bits with a 16-bit operand");
	cr_assert_eq(DO(bed, 0x0f, 0x01, 0x03), -1); /* sgdt [ebx] */
	cr_assert_eq(bed_word(bed, BED_DATA), BED_GDT_LIMIT | (uint32_t)BED_GDT << 16);
	cr_assert_eq(bed_word(bed, BED_DATA + 4), 0xffff0000, "six bytes, no more");
	cr_assert_eq(bed->ledger.now, 2 * CYCLES(LGDT) + CYCLES(PREFIX) + CYCLES(SGDT));
	bed_destroy(bed);
}

Test(system, ltr_marks_the_tss_busy_and_refuses_a_busy_one)
{
	struct bed *bed = bed_create(4, 0);

	CPU(bed).reg[EAX] = TSS_OTHER;
	cr_assert_eq(DO(bed, 0x0f, 0x00, 0xd8), -1);
	cr_assert_eq(CPU(bed).tr.base, (uint32_t)BED_TSS2);
	cr_assert_eq(bed_word(bed, BED_GDT + TSS_OTHER + 4) >> 8 & 0xff, IS_TSS_BUSY);
	cr_assert_eq(DO(bed, 0x0f, 0x00, 0xd8), VECTOR_GP);
	FAULTS(bed, VECTOR_GP, TSS_OTHER);
	CPU(bed).reg[EAX] = 0;
	DO(bed, 0x0f, 0x00, 0xd8);
	FAULTS(bed, VECTOR_GP, 0);
	CPU(bed).reg[EAX] = LDT | LOCAL;
	DO(bed, 0x0f, 0x00, 0xd0); /* lldt ax */
	FAULTS(bed, VECTOR_GP, LDT | LOCAL);
	bed_segment(bed, FREE, 0, 0xff, IS_LDT ^ ABSENT, 0);
	CPU(bed).reg[EAX] = FREE;
	DO(bed, 0x0f, 0x00, 0xd0);
	FAULTS(bed, VECTOR_NP, FREE);
	CPU(bed).reg[EAX] = 0;
	cr_assert_eq(DO(bed, 0x0f, 0x00, 0xd0), -1);
	cr_assert(!CPU(bed).ldtr.usable);
	bed_destroy(bed);
}

/* mov cr0, eax */
static int set_cr0(struct bed *bed, uint32_t value)
{
	CPU(bed).reg[EAX] = value;
	return DO(bed, 0x0f, 0x22, 0xc0);
}

Test(system, cr0_has_the_bits_of_its_family)
{
	static const struct { uint32_t family, result; } row[] = {
		{ 3, CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_PG },
		{ 4, CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG },
		{ 5, CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(row[i].family, 0);
		cr_assert_eq(set_cr0(bed, 0xffffffff), -1);
		cr_assert_eq(CPU(bed).cr0, row[i].result);
		cr_assert_eq(bed->ledger.now, CYCLES(MOV_CR0));
		bed_destroy(bed);
	}
}

Test(system, impossible_control_registers_fault)
{
	struct bed *bed = bed_create(4, 0);

	cr_assert_eq(set_cr0(bed, CR0_PG), VECTOR_GP);
	cr_assert_eq(set_cr0(bed, CR0_PE | CR0_NW), VECTOR_GP);
	cr_assert_eq(CPU(bed).cr0, CR0_PE);
	cr_assert_eq(DO(bed, 0x0f, 0x22, 0xe0), VECTOR_UD, "a 486 has no CR4");
	cr_assert_eq(DO(bed, 0x0f, 0x22, 0xc8), VECTOR_UD, "nobody has CR1");
	cr_assert_eq(set_cr0(bed, 0), -1);
	cr_assert_not_null(bed->unsupported, "real mode");
	cr_assert_eq(CPU(bed).cr0, CR0_PE);
	bed_destroy(bed);
}

Test(system, cr3_is_charged_as_an_address_space_switch)
{
	static const uint32_t kept[] = { 0x12345000, 0x12345018 };

	for (uint32_t family = 3; family <= 4; family++) {
		struct bed *bed = bed_create(family, 0);
		CPU(bed).reg[EDX] = 0x12345fff;
		cr_assert_eq(DO(bed, 0x0f, 0x22, 0xda), -1);
		cr_assert_eq(CPU(bed).cr3, kept[family - 3]);
		cr_assert_eq(bed->x86.count[COUNT_ADDRESS_SPACE_SWITCHES], 1);
		ledger_settle(&bed->ledger);
		cr_assert_eq(bed->ledger.total[CAUSE_ADDRESS_SPACE_SWITCH], CYCLES(MOV_CR3));
		cr_assert_eq(bed->journal.chunk[0].kind, EVENT_ADDRESS_SPACE);
		cr_assert_eq(bed->journal.chunk[0].arg[0], 0x12345000);
		bed_destroy(bed);
	}
}

Test(system, cr4_of_the_pentium_takes_its_bits_and_refuses_others)
{
	struct bed *bed = bed_create(5, 0);

	CPU(bed).reg[EAX] = CR4_PSE | CR4_DE | CR4_TSD;
	cr_assert_eq(DO(bed, 0x0f, 0x22, 0xe0), -1);
	cr_assert_eq(DO(bed, 0x0f, 0x20, 0xe1), -1); /* mov ecx, cr4 */
	cr_assert_eq(CPU(bed).reg[ECX], CR4_PSE | CR4_DE | CR4_TSD);
	CPU(bed).reg[EAX] = CR4_PGE;
	cr_assert_eq(DO(bed, 0x0f, 0x22, 0xe0), VECTOR_GP, "this model has no global pages");
	cr_assert_eq(DO(bed, 0x0f, 0x23, 0xe0), VECTOR_UD, "DE: there is no DR4");
	bed_destroy(bed);
}

Test(system, lmsw_sets_pe_but_never_clears_it)
{
	struct bed *bed = bed_create(4, 0);

	CPU(bed).cr0 |= CR0_ET | CR0_TS;
	CPU(bed).reg[EAX] = CR0_MP;
	cr_assert_eq(DO(bed, 0x0f, 0x01, 0xf0), -1);
	cr_assert_eq(CPU(bed).cr0, CR0_PE | CR0_ET | CR0_MP);
	cr_assert_eq(DO(bed, 0x0f, 0x01, 0xe2), -1); /* smsw edx */
	cr_assert_eq(CPU(bed).reg[EDX], CR0_PE | CR0_ET | CR0_MP);
	bed_destroy(bed);
}

Test(system, debug_registers_alias_and_general_detect_stops_the_next_access)
{
	struct bed *bed = bed_create(4, 0);

	CPU(bed).reg[EAX] = DR7_GD;
	cr_assert_eq(DO(bed, 0x0f, 0x23, 0xe8), -1); /* mov dr5, eax */
	cr_assert(CPU(bed).dr[7] & DR7_GD);
	cr_assert_eq(DO(bed, 0x0f, 0x21, 0xc0), VECTOR_DB);
	cr_assert(CPU(bed).dr[6] & DR6_BD);
	x86_trap(&bed->x86, VECTOR_DB, TRAP_EXCEPTION, CPU(bed).eip, false, 0);
	cr_assert_eq(DO(bed, 0x0f, 0x21, 0xf0), -1); /* mov eax, dr6 in the handler */
	cr_assert_eq(CPU(bed).reg[EAX], 0xffff0ff0 | DR6_BD);
	bed_destroy(bed);
}

/* --- flags --- */

Test(system, popf_changes_what_cpl_and_iopl_allow)
{
	static const struct { uint32_t family, cpl, old, image, result; } row[] = {
		{ 4, 0, 0, EFLAGS_IOPL | EFLAGS_IF | EFLAGS_DF, EFLAGS_IOPL | EFLAGS_IF | EFLAGS_DF },
		{ 4, 3, EFLAGS_IF, EFLAGS_IOPL | EFLAGS_CF, EFLAGS_IF | EFLAGS_CF },
		{ 4, 3, EFLAGS_IOPL, EFLAGS_IF, EFLAGS_IF | EFLAGS_IOPL },
		{ 4, 1, 2u << 12, EFLAGS_IF, EFLAGS_IF | 2u << 12 },
		{ 4, 0, 0, EFLAGS_VM | EFLAGS_RF, 0 },
		{ 3, 0, 0, EFLAGS_AC | EFLAGS_ID, 0 }, { 4, 0, 0, EFLAGS_AC | EFLAGS_ID, EFLAGS_AC },
		{ 5, 0, 0, EFLAGS_AC | EFLAGS_ID, EFLAGS_AC | EFLAGS_ID },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(row[i].family, row[i].cpl);
		CPU(bed).eflags |= row[i].old;
		bed_push(bed, row[i].image);
		cr_assert_eq(DO(bed, 0x9d), -1);
		cr_assert_eq(CPU(bed).eflags, row[i].result | EFLAGS_ONE, "row %u: %#x", i, CPU(bed).eflags);
		cr_assert_eq(bed->ledger.now, CYCLES(POPF));
		bed_destroy(bed);
	}
}

Test(system, pushf_never_shows_the_resume_flag)
{
	struct bed *bed = bed_create(4, 0);

	CPU(bed).eflags |= EFLAGS_RF | EFLAGS_NT;
	cr_assert_eq(DO(bed, 0x9c), -1);
	cr_assert_eq(bed_word(bed, BED_STACK0 - 4), (uint32_t)(EFLAGS_ONE | EFLAGS_NT));
	cr_assert(!(CPU(bed).eflags & EFLAGS_RF), "it lasts for one instruction");
	bed_destroy(bed);
}

Test(system, sti_holds_interrupts_off_for_one_instruction_if_they_were_off)
{
	struct bed *bed = bed_create(4, 3);

	CPU(bed).eflags |= EFLAGS_IOPL;
	cr_assert_eq(DO(bed, 0xfb), -1);
	cr_assert(CPU(bed).shadow && (CPU(bed).eflags & EFLAGS_IF));
	cr_assert_eq(DO(bed, 0xfb), -1);
	cr_assert(!CPU(bed).shadow, "they were on already");
	cr_assert_eq(DO(bed, 0xfa), -1);
	cr_assert(!(CPU(bed).eflags & EFLAGS_IF));
	cr_assert_eq(bed->ledger.now, 2 * CYCLES(STI) + CYCLES(CLI));
	bed_destroy(bed);
}

Test(system, hlt_halts_and_stands_behind_itself)
{
	struct bed *bed = bed_create(4, 0);

	cr_assert_eq(DO(bed, 0xf4), -1);
	cr_assert(CPU(bed).halted);
	cr_assert_eq(CPU(bed).eip, BED_CODE + 1u);
	cr_assert_eq(bed->journal.chunk[0].kind, EVENT_HALT);
	bed_destroy(bed);
}

/* --- looks at descriptors --- */

struct look_vector {
	unsigned cpl, rpl, access;
	bool lar, lsl, verr, verw;
};

Test(system, lar_lsl_verr_verw_see_what_the_manual_lets_them)
{
	static const struct look_vector row[] = {
		{ 0, 0, IS_DATA, true, true, true, true }, { 0, 0, IS_READ_ONLY, true, true, true, false },
		{ 0, 0, IS_CODE, true, true, true, false }, { 0, 0, IS_CODE_ONLY, true, true, false, false },
		{ 3, 3, IS_DATA, false, false, false, false }, { 0, 3, IS_DATA, false, false, false, false },
		{ 3, 3, IS_DATA | ACCESS_DPL(3), true, true, true, true },
		{ 3, 3, IS_CONFORMING, true, true, true, false },
		{ 0, 0, IS_DATA ^ ABSENT, true, true, true, true },
		{ 0, 0, IS_TSS, true, true, false, false }, { 0, 0, IS_LDT, true, true, false, false },
		{ 0, 0, IS_CALL, true, false, false, false }, { 0, 0, IS_TASK, true, false, false, false },
		{ 0, 0, IS_INT, false, false, false, false }, { 0, 0, IS_TRAP, false, false, false, false },
		{ 0, 0, 0x80, false, false, false, false },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, row[i].cpl);
		bed_segment(bed, FREE, 0x123000, 0x12, row[i].access, G | B);
		CPU(bed).reg[EAX] = FREE | row[i].rpl;
		CPU(bed).reg[ECX] = CPU(bed).reg[EDX] = 0x5a5a5a5a;
		DO(bed, 0x0f, 0x02, 0xc8); /* lar ecx, ax */
		cr_assert_eq(!!(CPU(bed).eflags & EFLAGS_ZF), row[i].lar, "lar, row %u", i);
		cr_assert_eq(CPU(bed).reg[ECX], row[i].lar ? row[i].access << 8 | 0xc00000 : 0x5a5a5a5a);
		DO(bed, 0x0f, 0x03, 0xd0); /* lsl edx, ax */
		cr_assert_eq(!!(CPU(bed).eflags & EFLAGS_ZF), row[i].lsl, "lsl, row %u", i);
		cr_assert_eq(CPU(bed).reg[EDX], row[i].lsl ? 0x12fffu : 0x5a5a5a5a);
		DO(bed, 0x0f, 0x00, 0xe0); /* verr ax */
		cr_assert_eq(!!(CPU(bed).eflags & EFLAGS_ZF), row[i].verr, "verr, row %u", i);
		DO(bed, 0x0f, 0x00, 0xe8); /* verw ax */
		cr_assert_eq(!!(CPU(bed).eflags & EFLAGS_ZF), row[i].verw, "verw, row %u", i);
		cr_assert_eq(bed->ledger.now, 2 * CYCLES(LAR) + 2 * CYCLES(VERR));
		bed_destroy(bed);
	}
}

Test(system, looks_at_null_and_beyond_the_table_clear_zf)
{
	static const unsigned selector[] = { 0, 3, BEYOND, BEYOND | LOCAL };

	for (unsigned i = 0; i < sizeof(selector) / sizeof(selector[0]); i++) {
		struct bed *bed = bed_create(4, 0);
		CPU(bed).reg[EAX] = selector[i];
		CPU(bed).eflags |= EFLAGS_ZF;
		cr_assert_eq(DO(bed, 0x0f, 0x02, 0xc8), -1);
		cr_assert(!(CPU(bed).eflags & EFLAGS_ZF));
		bed_destroy(bed);
	}
}

Test(system, arpl_raises_only)
{
	struct bed *bed = bed_create(4, 0);

	CPU(bed).reg[EAX] = 0x12340041;
	CPU(bed).reg[ECX] = 0x0003;
	cr_assert_eq(DO(bed, 0x63, 0xc8), -1); /* arpl ax, cx */
	cr_assert_eq(CPU(bed).reg[EAX], 0x12340043);
	cr_assert(CPU(bed).eflags & EFLAGS_ZF);
	CPU(bed).reg[ECX] = 2;
	cr_assert_eq(DO(bed, 0x63, 0xc8), -1);
	cr_assert_eq(CPU(bed).reg[EAX], 0x12340043);
	cr_assert(!(CPU(bed).eflags & EFLAGS_ZF));
	bed_destroy(bed);
}

/* --- the processor about itself --- */

Test(system, cpuid_tells_the_family_and_no_fpu)
{
	struct bed *bed = bed_create(5, 3);

	CPU(bed).reg[EAX] = 0;
	cr_assert_eq(DO(bed, 0x0f, 0xa2), -1);
	cr_assert_eq(CPU(bed).reg[EAX], 1);
	cr_assert_arr_eq((const char *)&CPU(bed).reg[EBX], "Genu", 4);
	CPU(bed).reg[EAX] = 1;
	cr_assert_eq(DO(bed, 0x0f, 0xa2), -1);
	cr_assert_eq(CPU(bed).reg[EAX] >> 8, 5);
	cr_assert_eq(CPU(bed).reg[EDX] & 1, 0);
	bed_destroy(bed);
}

Test(system, rdtsc_is_the_ledgers_clock_and_wrmsr_sets_it)
{
	struct bed *bed = bed_create(5, 0);

	bed->ledger.now = 0x123456789;
	bed->ledger.booked = 0x123456789;
	cr_assert_eq(DO(bed, 0x0f, 0x31), -1);
	cr_assert_eq(CPU(bed).reg[EAX], 0x23456789);
	cr_assert_eq(CPU(bed).reg[EDX], 1);
	CPU(bed).reg[ECX] = 0x10;
	CPU(bed).reg[EAX] = 1000;
	CPU(bed).reg[EDX] = 0;
	cr_assert_eq(DO(bed, 0x0f, 0x30), -1);
	cr_assert_eq(DO(bed, 0x0f, 0x31), -1);
	cr_assert_eq(CPU(bed).reg[EAX], 1000 + CYCLES(WRMSR));
	CPU(bed).reg[ECX] = 0x11;
	cr_assert_eq(DO(bed, 0x0f, 0x32), VECTOR_GP);
	bed_destroy(bed);
	bed = bed_create(5, 3);
	cr_assert_eq(DO(bed, 0x0f, 0x31), -1);
	CPU(bed).cr4 = CR4_TSD;
	cr_assert_eq(DO(bed, 0x0f, 0x31), VECTOR_GP);
	bed_destroy(bed);
}

Test(system, floating_point_is_device_not_available_and_wait_only_with_mp_and_ts)
{
	struct bed *bed = bed_create(4, 3);

	cr_assert_eq(DO(bed, 0xd9, 0xe8), VECTOR_NM); /* fld1 */
	cr_assert(!bed->fault.has_error);
	cr_assert_eq(DO(bed, 0x9b), -1);
	CPU(bed).cr0 |= CR0_TS;
	cr_assert_eq(DO(bed, 0x9b), -1);
	CPU(bed).cr0 |= CR0_MP;
	cr_assert_eq(DO(bed, 0x9b), VECTOR_NM);
	bed_destroy(bed);
}
