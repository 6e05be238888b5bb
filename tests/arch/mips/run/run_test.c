/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The run loop: what the processor must do at the joints between engine and simulator. Programs: guest.S. */
#include <criterion/criterion.h>
#include <string.h>
#include "rig.h"

static struct rig rig;

static void set_up(void)
{
	struct model model;
	rig_model(&model);
	rig_init(&rig, &model, true);
}

static void tear_down(void) { rig_free(&rig); }

TestSuite(run, .init = set_up, .fini = tear_down);

static uint32_t result(unsigned n) { return rig_word(&rig, RIG_RESULT + 4 * n); }

static uint32_t code(unsigned n) { return rig_log(&rig, n, 0) >> CAUSE_CODE_SHIFT & 31; }

static bool in_slot(unsigned n) { return rig_log(&rig, n, 0) & CAUSE_BD; }

Test(run, a_program_runs_to_its_end)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_sums), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 500500);
	cr_assert_eq(rig_exceptions(&rig), 0);
	/* li, li; 1000 times four; la (two), sw, j, slot; done's mtc0 */
	cr_assert_eq(rig.ledger.instructions, 2 + 4000 + 5 + 1);
}

Test(run, time_is_the_sum_of_what_was_charged)
{
	rig_program(&rig, PROGRAM_slot_faults);
	ledger_settle(&rig.ledger);
	uint64_t sum = 0;
	for (unsigned n = 0; n < CAUSE_COUNT; n++)
		sum += rig.ledger.total[n];
	cr_assert_eq(sum, rig.ledger.now);
}

Test(run, a_loop_takes_what_the_law_says)
{
	rig_program(&rig, PROGRAM_sums);
	const uint32_t *cost = rig.model.cost;
	uint64_t branches = 999 + 1; /* taken, and j */
	uint64_t expected = rig.ledger.instructions * cost[MIPS_COST_ISSUE] + branches * cost[MIPS_COST_BRANCH_TAKEN] +
	                    cost[MIPS_COST_CP0_MOVE];
	cr_assert_eq(rig.ledger.now, expected, "%llu, not %llu", (unsigned long long)rig.ledger.now,
	             (unsigned long long)expected);
}

Test(run, slots_are_executed_taken_or_not)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_slots), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 1 + 2 + 4);
	cr_assert_eq(rig_word(&rig, (result(1) & UNMAPPED_PHYSICAL) - 4), 0xae080000, "behind jal and its slot: sw t0,0(s0)");
	cr_assert_eq(rig.mips.cpu.reg[R_T0], 1 + 2 + 4 + 8);
}

Test(run, a_miss_in_a_slot_executes_the_branch_again)
{
	rig_put(&rig, RIG_FRAMES, 4242);
	cr_assert_eq(rig_program(&rig, PROGRAM_slot_faults), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 4242);
	cr_assert_eq(rig_word(&rig, RIG_FRAMES + 0x1000), 4242);
}

Test(run, an_exception_in_a_slot_names_the_branch_and_says_so)
{
	rig_program(&rig, PROGRAM_slot_faults);
	cr_assert_eq(rig_exceptions(&rig), 2);
	cr_assert_eq(code(0), EXC_TLBL);
	cr_assert_eq(rig_log(&rig, 0, 2), RIG_DATA + 0x200004);
	cr_assert(in_slot(0));
	cr_assert_eq(code(1), EXC_ADES);
	cr_assert_eq(rig_log(&rig, 1, 2), (KSEG0 | RIG_RESULT) + 2);
	cr_assert(in_slot(1));
	/* bnez zero was not taken: the handler went on behind its slot. */
	cr_assert_eq(result(2), 5);
}

Test(run, branches_that_never_go_have_slots_too)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_likely_pairs), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 1 + 2 + 4 + 8);
}

Test(run, a_jump_to_no_instruction_faults_at_its_target)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_odd_jumps), PROCESSOR_STOP_HALTED);
	cr_assert_eq(code(0), EXC_ADEL);
	cr_assert_eq(rig_log(&rig, 0, 1), rig_log(&rig, 0, 2));
	cr_assert_eq(rig_log(&rig, 0, 1) & 3, 2);
	cr_assert(!in_slot(0));
	cr_assert_eq(rig_word(&rig, RIG_SAVED), 1 + 2 + 4, "t0, as the handler has kept it");
}

Test(run, misaligned_accesses_are_found_where_they_are)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_misaligned), PROCESSOR_STOP_HALTED);
	vaddr_t at = rig_log(&rig, 0, 1);
	cr_assert_eq(rig_exceptions(&rig), 4);
	cr_assert_eq(code(0), EXC_ADEL);
	cr_assert_eq(rig_word(&rig, at & UNMAPPED_PHYSICAL), 0x8d0b0000, "lw t3,0(t0)");
	cr_assert_eq(rig_log(&rig, 1, 1), at + 8);
	cr_assert_eq(code(1), EXC_ADEL);
	cr_assert_eq(rig_log(&rig, 2, 1), at + 12);
	cr_assert_eq(code(2), EXC_ADES);
	cr_assert_eq(rig_log(&rig, 3, 1), at + 20);
	cr_assert_eq(code(3), EXC_ADES);
}

Test(run, a_list_faults_at_the_load_that_is_misaligned)
{
	rig_program(&rig, PROGRAM_pointers);
	cr_assert_eq(rig_exceptions(&rig), 1);
	cr_assert_eq(rig_log(&rig, 0, 3), 2, "the register that counts loads");
	cr_assert_eq(result(0), 3);
}

Test(run, overflow_is_found_where_it_is_and_leaves_the_register)
{
	rig_program(&rig, PROGRAM_overflows);
	cr_assert_eq(rig_exceptions(&rig), 4);
	for (unsigned n = 0; n < 4; n++)
		cr_assert_eq(code(n), EXC_OV);
	cr_assert_eq(result(0), 0x7fff0001);
	cr_assert_eq(result(1), 3 - 0x7fff0001);
	cr_assert_eq(rig.mips.cpu.reg[R_T3], 0x80000000);
}

Test(run, code_that_is_written_over_runs_as_written)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_modifying), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 1 + 2 + 3);
	cr_assert_eq(result(1), 9);
}

Test(run, code_and_data_in_one_page_agree)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_mixed), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 900);
	cr_assert_eq(rig.ledger.instructions, 3 + 300 * 7 + 5 + 1);
}

Test(run, isolated_caches_keep_stores_from_memory)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_isolated), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 0x1234);
	cr_assert_eq(result(1), 0x5678);
	cr_assert_eq(result(2), 0x1234);
}

Test(run, uncached_memory_is_the_same_memory_at_its_price)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_uncached), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 5);
	cr_assert_eq(result(2), 6);
	ledger_settle(&rig.ledger);
	cr_assert_eq(rig.ledger.total[CAUSE_CACHE], 2 * rig.model.cost[MIPS_COST_UNCACHED_WRITE]);
}

Test(run, a_device_sees_each_access_once_in_slots_too)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_device), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 1);
	cr_assert_eq(result(1), 2);
	cr_assert_eq(result(2), 3);
	cr_assert_eq(rig_exceptions(&rig), 1);
	cr_assert_eq(code(0), EXC_DBE);
}

Test(run, the_device_interrupts_a_loop_at_its_time)
{
	rig.period = 1000;
	cr_assert_eq(rig_program(&rig, PROGRAM_spinning), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_exceptions(&rig), 10);
	cr_assert_lt(rig.ledger.now, 10 * 1000 + 200);
	cr_assert_geq(rig.ledger.now, 10 * 1000);
}

Test(run, a_loop_that_does_nothing_is_idle_time_in_whole_rounds)
{
	rig.period = 12345;
	cr_assert_eq(rig_program(&rig, PROGRAM_idling), PROCESSOR_STOP_HALTED);
	ledger_settle(&rig.ledger);
	cycle_t round = 2 * rig.model.cost[MIPS_COST_ISSUE] + rig.model.cost[MIPS_COST_BRANCH_TAKEN];
	cr_assert_eq(rig.ledger.total[CAUSE_IDLE] % round, 0);
	cr_assert_gt(rig.ledger.total[CAUSE_IDLE], 195 * 12000);
}

Test(run, a_block_as_long_as_a_page_is_one_wherever_it_is_entered)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_long_block), PROCESSOR_STOP_HALTED);
	uint32_t sum = 0;
	for (uint32_t left = 1; left <= 20; left++)
		sum += 900 - 8 * left;
	cr_assert_eq(result(0), sum);
}

Test(run, a_slot_in_the_next_page_belongs_to_its_branch)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_page_end), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 1 + 2);
}

Test(run, products_and_quotients_are_waited_for)
{
	cr_assert_eq(rig_program(&rig, PROGRAM_multiplies), PROCESSOR_STOP_HALTED);
	cr_assert_eq(result(0), 1234 * 567);
	cr_assert_eq(result(1), 1234);
	cr_assert_eq(result(2), 0);
}

Test(run, a_user_program_lives_on_the_refill_handler)
{
	rig_begin(&rig, RIG_CODE + (rig_address(PROGRAM_user_loop) & 0xffff), true);
	cr_assert_eq(rig_run(&rig, 1000000), PROCESSOR_STOP_HALTED);
	cr_assert_gt(rig.mips.count[MIPS_COUNT_UTLB_MISSES], 100);
	ledger_settle(&rig.ledger);
	/* Its vector alone; what the handler takes is booked there too. */
	cr_assert_gt(rig.ledger.total[CAUSE_TLB_REFILL],
	             rig.mips.count[MIPS_COUNT_UTLB_MISSES] * rig.model.cost[MIPS_COST_EXCEPTION_REFILL]);
	cr_assert_eq(rig_word(&rig, RIG_FRAMES + 0x5000), 4);
}

Test(run, a_probe_costs_nothing_and_fires_at_its_cycle)
{
	rig_program(&rig, PROGRAM_slots);
	cycle_t before = rig.ledger.now;
	uint64_t instructions = rig.ledger.instructions;
	tear_down();
	set_up();
	paddr_t at = (rig_address(PROGRAM_slots) & UNMAPPED_PHYSICAL) + 4; /* la's second word is at +4 */
	for (unsigned n = 0; n < 64 && rig_word(&rig, at); n++)
		at += 4;
	rig.probe_at[rig.probes++] = at; /* j's slot: a no-op */
	cr_assert_eq(rig_program(&rig, PROGRAM_slots), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig.fires, 1);
	cr_assert_eq(rig.ledger.now, before - rig.model.cost[MIPS_COST_ISSUE]);
	cr_assert_eq(rig.ledger.instructions, instructions - 1);
	cr_assert_eq(rig.fired_at[0], rig.ledger.now - rig.model.cost[MIPS_COST_ISSUE] - rig.model.cost[MIPS_COST_CP0_MOVE]);
}

Test(run, it_stops_when_it_is_told_and_goes_on_the_same)
{
	static struct rig other;
	struct model model;
	rig.period = 700;
	rig_program(&rig, PROGRAM_spinning);
	rig_model(&model);
	rig_init(&other, &model, true);
	other.period = 700;
	rig_begin(&other, rig_address(PROGRAM_spinning), false);
	while (rig_run(&other, 97) == PROCESSOR_STOP_LIMIT)
		;
	ledger_settle(&rig.ledger);
	ledger_settle(&other.ledger);
	rig_agree(&rig, &other, "in pieces");
	rig_free(&other);
}
