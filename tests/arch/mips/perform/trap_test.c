/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exceptions and interrupts: what they leave in coprocessor 0, where they go, what they count and take. */
#include "bed.h"

#define CODE(bed) (bed_cp0(bed)[CP0_CAUSE] >> 2 & 31)
#define EXCEPTION(code_, ...) ((struct mips_fault){ .code = (code_), __VA_ARGS__ })

static void take(struct bed *bed, struct mips_fault fault)
{
	mips_trap(&bed->mips, &fault);
}

/* --- where they go --- */

static const struct {
	const char *what;
	uint32_t generation, status;
	struct mips_fault fault;
	vaddr_t vector;
} vectors[] = {
	{ "syscall", 3, 0, { .code = EXC_SYS }, 0x80000080 },
	{ "kuseg miss", 3, 0, { .code = EXC_TLBL, .refill = true, .address = 0x00400000 }, 0x80000000 },
	{ "kseg2 miss", 3, 0, { .code = EXC_TLBS, .refill = true, .address = 0xc0000000 }, 0x80000080 },
	{ "invalid", 3, 0, { .code = EXC_TLBL, .address = 0x00400000 }, 0x80000080 },
	{ "modified", 3, 0, { .code = EXC_MOD, .address = 0x00400000 }, 0x80000080 },
	{ "syscall, BEV", 3, SR_BEV, { .code = EXC_SYS }, 0xbfc00180 },
	{ "kuseg miss, BEV", 3, SR_BEV, { .code = EXC_TLBL, .refill = true }, 0xbfc00100 },
	{ "syscall", 4, 0, { .code = EXC_SYS }, 0x80000180 },
	{ "kuseg miss", 4, 0, { .code = EXC_TLBL, .refill = true, .address = 0x00400000 }, 0x80000000 },
	{ "kseg3 miss", 4, 0, { .code = EXC_TLBS, .refill = true, .address = 0xe0000000 }, 0x80000000 },
	{ "miss under EXL", 4, SR4_EXL, { .code = EXC_TLBL, .refill = true, .address = 0x00400000 }, 0x80000180 },
	{ "invalid", 4, 0, { .code = EXC_TLBL, .address = 0x00400000 }, 0x80000180 },
	{ "syscall, BEV", 4, SR_BEV, { .code = EXC_SYS }, 0xbfc00380 },
	{ "miss, BEV", 4, SR_BEV, { .code = EXC_TLBL, .refill = true }, 0xbfc00200 },
};

Test(mips_trap, exceptions_go_to_their_vectors)
{
	for (unsigned n = 0; n < sizeof vectors / sizeof *vectors; n++) {
		struct bed *bed = bed_new(vectors[n].generation);

		bed_cp0(bed)[CP0_STATUS] = vectors[n].status;
		take(bed, vectors[n].fault);
		cr_expect_eq(bed->mips.cpu.pc, vectors[n].vector, "%u %s: %#x", vectors[n].generation, vectors[n].what,
		             bed->mips.cpu.pc);
		cr_expect_eq(CODE(bed), (unsigned)vectors[n].fault.code);
		bed_free(bed);
	}
}

/* --- what they leave --- */

Test(mips_trap, the_stack_of_modes_is_pushed_on_a_3)
{
	for (uint32_t stack = 0; stack < 64; stack++) {
		struct bed *bed = bed_new(3);

		bed_cp0(bed)[CP0_STATUS] = SR_CU0 | 0x400 | stack;
		take(bed, EXCEPTION(EXC_SYS));
		cr_assert_eq(bed_cp0(bed)[CP0_STATUS], SR_CU0 | 0x400 | (stack << 2 & 0x3c));
		cr_assert(!mips_user_mode(&bed->mips));
		bed_free(bed);
	}
}

Test(mips_trap, exl_is_set_on_a_4_and_the_mode_stays_below_it)
{
	struct bed *bed = bed_new(4);

	bed_user(bed);
	bed_cp0(bed)[CP0_STATUS] |= SR4_IE;
	take(bed, EXCEPTION(EXC_SYS));
	cr_assert_eq(bed_cp0(bed)[CP0_STATUS], SR4_KSU_USER | SR4_EXL | SR4_IE);
	cr_assert(!mips_user_mode(&bed->mips));
	bed_free(bed);
}

Test(mips_trap, epc_is_the_instruction_or_in_a_slot_its_branch)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);

		take(bed, EXCEPTION(EXC_SYS));
		cr_assert(bed_cp0(bed)[CP0_EPC] == BED_PC && !(bed_cp0(bed)[CP0_CAUSE] & CAUSE_BD));
		bed_power_on(bed);
		bed_do(bed, BEQ(R_ZERO, R_ZERO, 8));
		take(bed, EXCEPTION(EXC_SYS));
		cr_assert(bed_cp0(bed)[CP0_EPC] == BED_PC && bed_cp0(bed)[CP0_CAUSE] & CAUSE_BD);
		cr_assert(!bed->mips.cpu.in_slot);
		bed_power_on(bed);
		bed_do(bed, BNE(R_ZERO, R_ZERO, 8)); /* not taken: its slot is one all the same */
		take(bed, EXCEPTION(EXC_SYS));
		cr_assert(bed_cp0(bed)[CP0_EPC] == BED_PC && bed_cp0(bed)[CP0_CAUSE] & CAUSE_BD);
		bed_free(bed);
	}
}

Test(mips_trap, a_nested_exception_of_a_4_keeps_epc_and_bd)
{
	struct bed *bed = bed_new(4);

	bed_do(bed, BEQ(R_ZERO, R_ZERO, 8));
	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0x00400000));
	cr_assert_eq(bed->mips.cpu.pc, 0x80000000);
	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0x00800000));
	cr_assert_eq(bed->mips.cpu.pc, 0x80000180);
	cr_assert(bed_cp0(bed)[CP0_EPC] == BED_PC && bed_cp0(bed)[CP0_CAUSE] & CAUSE_BD);
	cr_assert_eq(bed_cp0(bed)[CP0_BADVADDR], 0x00800000);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_UTLB_MISSES], 1);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_KTLB_MISSES], 1);
	bed_free(bed);
}

Test(mips_trap, a_nested_exception_of_a_3_pushes_again_and_replaces_epc)
{
	struct bed *bed = bed_new(3);

	bed_cp0(bed)[CP0_STATUS] = 3; /* user, on */
	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0x00400000));
	bed->mips.cpu.pc = 0x80000008;
	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0xc0001000));
	cr_assert_eq(bed_cp0(bed)[CP0_STATUS] & 0x3f, 0x30);
	cr_assert_eq(bed_cp0(bed)[CP0_EPC], 0x80000008);
	cr_assert_eq(bed->mips.cpu.pc, 0x80000080);
	bed_free(bed);
}

Test(mips_trap, translation_exceptions_prepare_context_and_entryhi)
{
	struct bed *bed = bed_new(3);

	bed_cp0(bed)[CP0_CONTEXT] = 0xff800000;
	bed_cp0(bed)[CP0_ENTRYHI] = 0x11111000 | 7 << HI3_ASID_SHIFT;
	take(bed, EXCEPTION(EXC_TLBS, .refill = true, .address = 0x12345678));
	cr_assert_eq(bed_cp0(bed)[CP0_BADVADDR], 0x12345678);
	cr_assert_eq(bed_cp0(bed)[CP0_CONTEXT], 0xff800000 | 0x12345 << 2);
	cr_assert_eq(bed_cp0(bed)[CP0_ENTRYHI], 0x12345000 | 7 << HI3_ASID_SHIFT);
	bed_free(bed);
	bed = bed_new(4);
	bed_cp0(bed)[CP0_CONTEXT] = 0xff800000;
	bed_cp0(bed)[CP0_ENTRYHI] = 0x11110007;
	take(bed, EXCEPTION(EXC_MOD, .address = 0x12345678));
	cr_assert_eq(bed_cp0(bed)[CP0_CONTEXT], 0xff800000 | (0x12345 >> 1) << 4);
	cr_assert_eq(bed_cp0(bed)[CP0_ENTRYHI], 0x12344007);
	cr_assert_eq(bed->flushes, 0);
	bed_free(bed);
}

Test(mips_trap, address_errors_set_badvaddr_alone_and_others_nothing)
{
	struct bed *bed = bed_new(3);

	take(bed, EXCEPTION(EXC_ADES, .address = 0x12345679));
	cr_assert(bed_cp0(bed)[CP0_BADVADDR] == 0x12345679 && bed_cp0(bed)[CP0_CONTEXT] == 0 && bed_cp0(bed)[CP0_ENTRYHI] == 0);
	take(bed, EXCEPTION(EXC_DBE));
	take(bed, EXCEPTION(EXC_SYS));
	cr_assert_eq(bed_cp0(bed)[CP0_BADVADDR], 0x12345679);
	take(bed, EXCEPTION(EXC_CPU, .unit = 2));
	cr_assert_eq(bed_cp0(bed)[CP0_CAUSE], 2u << 28 | EXC_CPU << 2);
	take(bed, EXCEPTION(EXC_RI));
	cr_assert_eq(bed_cp0(bed)[CP0_CAUSE], EXC_RI << 2);
	bed_free(bed);
}

Test(mips_trap, software_interrupts_stay_pending_through_exceptions)
{
	struct bed *bed = bed_new(3);

	mips_cp0_write(&bed->mips, CP0_CAUSE, 0x300);
	take(bed, EXCEPTION(EXC_SYS));
	cr_assert_eq(bed_cp0(bed)[CP0_CAUSE], 0x300 | EXC_SYS << 2);
	bed_free(bed);
}

Test(mips_trap, an_interrupt_is_exception_0_and_wakes_who_waits)
{
	struct bed *bed = bed_new(4);

	bed->interrupt = true;
	bed_user(bed);
	bed_cp0(bed)[CP0_STATUS] |= SR4_IE | CAUSE_IP2;
	bed->mips.cpu.waiting = true;
	mips_interrupt(&bed->mips);
	cr_assert(CODE(bed) == EXC_INT && bed->mips.cpu.pc == 0x80000180 && !bed->mips.cpu.waiting);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_INTERRUPTS], 1);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_TRAPS], 0);
	cr_assert_eq(bed->mips.count[MIPS_COUNT_MODE_SWITCHES], 1);
	cr_assert(bed->journal.chunk[0].kind == EVENT_INTERRUPT && bed->journal.chunk[0].arg[0] == 4);
	cr_assert(bed->journal.chunk[1].kind == EVENT_TRAP && bed->journal.chunk[1].arg[2] == 3);
	bed_free(bed);
}

/* --- whole instructions --- */

Test(mips_trap, a_load_of_a_page_that_is_not_there_is_restarted_after_the_refill)
{
	struct bed *bed = bed_new(3);
	uint32_t *cp0 = bed_cp0(bed);

	bed_put(bed, 0x80012004, 99);
	bed_put(bed, BED_PC, LW(R_T0, 4, R_S0));
	bed_put(bed, 0x80000000, NOP);
	bed_reg(bed)[R_S0] = 0x00400000;
	cr_assert_eq(bed_step(bed), EXC_TLBL);
	cr_assert(bed->mips.cpu.pc == 0x80000000 && cp0[CP0_BADVADDR] == 0x00400004);
	cp0[CP0_ENTRYLO0] = 0x00012000 | LO3_V;
	bed_do(bed, TLBWR);
	bed_reg(bed)[R_K0] = cp0[CP0_EPC];
	bed_do(bed, JR(R_K0));
	bed_do(bed, RFE);
	cr_assert_eq(bed_step(bed), -1);
	cr_assert_eq(bed_reg(bed)[R_T0], 99);
	bed_free(bed);
}

Test(mips_trap, an_exception_in_a_slot_runs_the_branch_again)
{
	struct bed *bed = bed_new(3);

	bed_put(bed, BED_PC, BGEZAL(R_ZERO, 0x10));
	bed_put(bed, BED_PC + 4, SYSCALL);
	cr_assert_eq(bed_step(bed), -1);
	cr_assert_eq(bed_step(bed), EXC_SYS);
	cr_assert(bed_cp0(bed)[CP0_EPC] == BED_PC && bed_cp0(bed)[CP0_CAUSE] & CAUSE_BD);
	bed_reg(bed)[R_K0] = bed_cp0(bed)[CP0_EPC];
	bed_do(bed, JR(R_K0));
	bed_do(bed, RFE);
	bed_put(bed, BED_PC + 4, NOP);
	bed_step(bed);
	bed_step(bed);
	cr_assert(bed->mips.cpu.pc == BED_PC + 0x44 && bed_reg(bed)[R_RA] == BED_PC + 8);
	bed_free(bed);
}

Test(mips_trap, users_may_not_touch_the_kernels_addresses)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		static const vaddr_t address[] = { 0x80000000, 0xa0000000, 0xc0000000, 0xfffffffc };
		struct bed *bed = bed_new(generation);

		for (unsigned n = 0; n < 4; n++) {
			bed_power_on(bed);
			bed_user(bed);
			bed_reg(bed)[R_S0] = address[n];
			cr_expect_eq(bed_do(bed, LW(R_T0, 0, R_S0)), EXC_ADEL);
			cr_expect_eq(bed_do(bed, SW(R_T0, 0, R_S0)), EXC_ADES);
			bed->mips.cpu.pc = address[n];
			cr_expect_eq(bed_step(bed), EXC_ADEL);
			cr_expect(bed_cp0(bed)[CP0_EPC] == address[n] && bed_cp0(bed)[CP0_BADVADDR] == address[n]);
		}
		bed_free(bed);
	}
}

Test(mips_trap, the_supervisor_of_a_4_has_kuseg_and_sseg)
{
	struct bed *bed = bed_new(4);

	bed_cp0(bed)[CP0_STATUS] = 1u << 3;
	bed_reg(bed)[R_S0] = 0xc0000000;
	cr_assert_eq(bed_do(bed, LW(R_T0, 0, R_S0)), EXC_TLBL);
	bed_reg(bed)[R_S0] = 0x00400000;
	cr_assert_eq(bed_do(bed, LW(R_T0, 0, R_S0)), EXC_TLBL);
	bed_reg(bed)[R_S0] = 0xe0000000;
	cr_assert_eq(bed_do(bed, LW(R_T0, 0, R_S0)), EXC_ADEL);
	bed_reg(bed)[R_S0] = 0x80000000;
	cr_assert_eq(bed_do(bed, LW(R_T0, 0, R_S0)), EXC_ADEL);
	cr_assert_eq(bed_do(bed, TLBP), EXC_CPU);
	bed_free(bed);
}

Test(mips_trap, kuseg_is_physical_under_erl)
{
	struct bed *bed = bed_new(4);

	bed_cp0(bed)[CP0_STATUS] = SR4_ERL;
	bed_put(bed, BED_DATA, 0x55);
	bed_reg(bed)[R_S0] = BED_DATA & UNMAPPED_PHYSICAL;
	cr_assert_eq(bed_do(bed, LW(R_T0, 0, R_S0)), -1);
	cr_assert_eq(bed_reg(bed)[R_T0], 0x55);
	bed_free(bed);
}

/* --- counting --- */

Test(mips_trap, misses_are_counted_by_their_kind)
{
	struct bed *bed = bed_new(3);
	const uint64_t *count = bed->mips.count;

	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0x1000));
	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0x1000, .fetch = true));
	take(bed, EXCEPTION(EXC_TLBS, .refill = true, .address = 0xc0001000));
	take(bed, EXCEPTION(EXC_TLBL, .address = 0x1000));
	take(bed, EXCEPTION(EXC_MOD, .address = 0x1000));
	take(bed, EXCEPTION(EXC_SYS));
	cr_assert(count[MIPS_COUNT_TLB_MISSES] == 3 && count[MIPS_COUNT_CODE_TLB_MISSES] == 1);
	cr_assert(count[MIPS_COUNT_DATA_TLB_MISSES] == 2 && count[MIPS_COUNT_UTLB_MISSES] == 2);
	cr_assert(count[MIPS_COUNT_KTLB_MISSES] == 1 && count[MIPS_COUNT_TLB_INVALID] == 1);
	cr_assert(count[MIPS_COUNT_TLB_MODIFIED] == 1 && count[MIPS_COUNT_PAGE_FAULTS] == 2);
	cr_assert_eq(count[MIPS_COUNT_TRAPS], 6);
	bed_free(bed);
}

Test(mips_trap, a_miss_and_a_page_fault_are_events)
{
	struct bed *bed = bed_new(3);
	const struct event *event = bed->journal.chunk;

	take(bed, EXCEPTION(EXC_TLBS, .refill = true, .address = 0x1234));
	cr_assert(event[0].kind == EVENT_TLB_MISS && event[0].arg[0] == 0x1234 && event[0].arg[1] == ACCESS_WRITE);
	cr_assert(event[0].arg[2] == COST(bed, EXCEPTION_REFILL) && event[0].pc == BED_PC && event[0].cycle == 0);
	cr_assert(event[1].kind == EVENT_TRAP && event[1].arg[0] == EXC_TLBS && event[1].arg[1] == 0x1234);
	take(bed, EXCEPTION(EXC_MOD, .address = 0x1234));
	cr_assert(event[2].kind == EVENT_PAGE_FAULT && event[2].arg[0] == 0x1234 && event[2].arg[1] == EXC_MOD);
	bed_free(bed);
}

/* --- T11 --- */

Test(mips_trap, a_refill_handlers_time_is_the_refills)
{
	struct bed *bed = bed_new(3);
	uint32_t issue = COST(bed, ISSUE);
	uint64_t *total = bed->ledger.total;

	bed_do(bed, NOP);
	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0x1000));
	bed_do(bed, NOP);
	bed_do(bed, MFC0(R_K1, CP0_CONTEXT));
	bed_reg(bed)[R_S0] = BED_DEVICE;
	bed_do(bed, LW(R_T0, 0, R_S0)); /* what is charged to others stays theirs */
	ledger_enter_function(&bed->ledger, 7);
	bed_do(bed, JR(R_K0));
	bed_do(bed, RFE);
	bed_do(bed, NOP);
	ledger_settle(&bed->ledger);
	cr_assert_eq(total[CAUSE_INSTRUCTION], 2 * issue);
	cr_assert_eq(total[CAUSE_TLB_REFILL], COST(bed, EXCEPTION_REFILL) + 5 * issue + COST(bed, CP0_MOVE) +
	                                      COST(bed, BRANCH_TAKEN));
	cr_assert_eq(total[CAUSE_BUS_IO], COST(bed, BUS_IO32));
	cr_assert_eq(total[CAUSE_TRAP_RETURN], COST(bed, RFE));
	cr_assert(!bed->mips.refilling);
	bed_free(bed);
}

Test(mips_trap, an_exception_in_a_refill_handler_ends_it)
{
	struct bed *bed = bed_new(3);
	uint64_t *total = bed->ledger.total;

	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0x1000));
	bed_do(bed, NOP);
	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = 0xc0001000));
	cr_assert(!bed->mips.refilling);
	bed_do(bed, NOP);
	ledger_settle(&bed->ledger);
	cr_assert_eq(total[CAUSE_TLB_REFILL], COST(bed, EXCEPTION_REFILL) + COST(bed, ISSUE));
	cr_assert_eq(total[CAUSE_TRAP_ENTRY], COST(bed, EXCEPTION_ENTRY));
	cr_assert_eq(total[CAUSE_INSTRUCTION], COST(bed, ISSUE));
	bed_free(bed);
}

/* --- refills without end --- */

/* A program's instruction misses; its registers are as they are. */
static void miss_at(struct bed *bed, vaddr_t pc, vaddr_t address)
{
	bed_cp0(bed)[CP0_STATUS] = 0;
	bed_user(bed);
	bed->mips.cpu.pc = pc;
	take(bed, EXCEPTION(EXC_TLBL, .refill = true, .address = address));
}

Test(mips_trap, an_instruction_that_misses_for_ever_ends_the_run)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);
		unsigned misses = 0;

		while (misses < 20000 && !bed->mips.cpu.shutdown) {
			miss_at(bed, 0x00400000, 0x00410000);
			misses++;
		}
		cr_expect_eq(misses, 10000, "%u", misses);
		bed_free(bed);
	}
}

/* Two pages that put each other out of the TLB: the program counts rounds, in memory, and gets on. */
Test(mips_trap, a_loop_that_gets_on_may_miss_in_each_round)
{
	for (uint32_t generation = 3; generation <= 4; generation++) {
		struct bed *bed = bed_new(generation);

		for (unsigned round = 0; round < 20000; round++) {
			bed_reg(bed)[R_T0] = 0;
			miss_at(bed, 0x00400000, 0x00410000);
			bed_reg(bed)[R_T0] = round;
			miss_at(bed, 0x00400008, 0x00420000);
		}
		cr_expect_not(bed->mips.cpu.shutdown, "%s", bed->mips.reason);
		bed_free(bed);
	}
}
