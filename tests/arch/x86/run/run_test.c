/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The run loop: what the processor must do at the joints between engine and simulator. */
#include <criterion/criterion.h>
#include <string.h>
#include "rig.h"

static struct rig rig;

static void set_up(void)
{
	struct model model;
	rig_model(&model);
	rig_init(&rig, &model);
}

static void tear_down(void) { rig_free(&rig); }

TestSuite(run, .init = set_up, .fini = tear_down);

Test(run, a_program_runs_to_its_end)
{
	cr_assert_eq(rig_program(&rig, "sums"), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_word(&rig, RIG_RESULT + 4), 500500);
	cr_assert_eq(rig_traps(&rig), 0);
}

Test(run, time_is_the_sum_of_what_was_charged)
{
	rig_program(&rig, "sums");
	ledger_settle(&rig.ledger);
	uint64_t sum = 0;
	for (unsigned n = 0; n < CAUSE_COUNT; n++)
		sum += rig.ledger.total[n];
	cr_assert_eq(sum, rig.ledger.now);
	/* mov, xor; 1000 times four; the jump; cli, hlt */
	cr_assert_eq(rig.ledger.instructions, 2 + 4000 + 1 + 2);
}

Test(run, a_page_fault_is_precise_and_restarts)
{
	rig_put(&rig, RIG_TABLE_USER + 3 * 4, (RIG_USER_FRAMES + 0x3000) | 6);
	rig_put(&rig, RIG_MEND, RIG_TABLE_USER + 3 * 4);
	rig_put(&rig, RIG_USER_FRAMES + 0x3004, 41);
	cr_assert_eq(rig_program(&rig, "faulting"), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_traps(&rig), 1);
	cr_assert_eq(rig_log(&rig, 0, 0), VECTOR_PF);
	cr_assert_eq(rig_log(&rig, 0, 1), 0); /* not present, read, supervisor */
	cr_assert_eq(rig_log(&rig, 0, 2), rig_symbol("faulting_at"));
	cr_assert_eq(rig_log(&rig, 0, 4), RIG_USER + 0x3004);
	cr_assert_eq(rig_word(&rig, RIG_USER_FRAMES + 0x3004), 42);
	cr_assert_eq(rig_word(&rig, RIG_RESULT), 8);
}

Test(run, sti_takes_effect_after_the_next_instruction)
{
	cr_assert_eq(rig_program(&rig, "shadow"), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_traps(&rig), 1);
	cr_assert_eq(rig_log(&rig, 0, 0), 0x20);
	cr_assert_eq(rig_log(&rig, 0, 2), rig_symbol("shadow_at"));
}

Test(run, the_timer_interrupts_a_loop_at_its_time)
{
	rig.period = 10000;
	cr_assert_eq(rig_program(&rig, "timed"), PROCESSOR_STOP_HALTED);
	cr_assert_gt(rig.ticks, 20);
	cr_assert_eq(rig_traps(&rig), rig.ticks);
	cr_assert_leq(rig.ledger.now / rig.period - rig.ticks, 1);
}

Test(run, code_that_is_written_over_runs_as_written)
{
	cr_assert_eq(rig_program(&rig, "modifying"), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_word(&rig, RIG_RESULT), 1 + 2 + 3);
	cr_assert_eq(rig_word(&rig, RIG_RESULT + 4), 9);
}

Test(run, a_store_into_the_running_block_is_charged_once)
{
	rig_program(&rig, "modifying");
	/* mov xor; 3 x (call, mov movzbl add ret, incb dec jnz); mov xor movb mov mov jmp; cli hlt */
	cr_assert_eq(rig.ledger.instructions, 2 + 3 * 8 + 6 + 2);
}

Test(run, code_and_data_in_one_page_agree)
{
	cr_assert_eq(rig_program(&rig, "mixed"), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_word(&rig, RIG_RESULT), 900);
	cr_assert_eq(rig.ledger.instructions, 1 + 300 * 6 + 3 + 2);
}

Test(run, strings_are_compared_and_counted_once)
{
	memset(rig.x86.ram + 0x30000, 0x55, 64);
	memset(rig.x86.ram + 0x31000, 0x55, 40);
	rig.x86.ram[0x30003] = rig.x86.ram[0x31003] = 0xff;
	cr_assert_eq(rig_program(&rig, "strings"), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_word(&rig, 0x32000), 64 - 41);
	cr_assert_eq(rig_word(&rig, 0x32004), 16 - 4);
	cr_assert_eq(memcmp(rig.x86.ram + 0x33000, rig.x86.ram + 0x30000, 16), 0);
	cr_assert_eq(rig.ledger.instructions, 17 + 2);
}

Test(run, repeated_comparison_costs_its_beginning_once_and_each_iteration)
{
	cycle_t before;
	memset(rig.x86.ram + 0x31000, 0x55, 64);
	rig_program(&rig, "strings"); /* differs at once */
	before = rig.ledger.now;
	rig_free(&rig);
	set_up();
	memset(rig.x86.ram + 0x31004, 0x55, 64); /* differs at the fifth */
	rig_program(&rig, "strings");
	cr_assert_eq(rig.ledger.now - before, 4 * (rig.model.cost[COST_REP_CMPS_EACH] + 2 * rig.model.cost[COST_MEMORY_READ_WAIT]));
}

Test(run, an_instruction_across_pages_faults_in_its_second_page)
{
	uint32_t at = rig_symbol("crossing_at"), second = (at | PAGE_MASK) + 1;
	cr_assert_neq(PAGE_OF(at), PAGE_OF(at + 4));
	rig_put(&rig, RIG_TABLE_LOW + PAGE_OF(second) * 4, second | 6);
	rig_put(&rig, RIG_MEND, RIG_TABLE_LOW + PAGE_OF(second) * 4);
	cr_assert_eq(rig_program(&rig, "crossing"), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_traps(&rig), 1);
	cr_assert_eq(rig_log(&rig, 0, 0), VECTOR_PF);
	cr_assert_eq(rig_log(&rig, 0, 2), at);
	cr_assert_eq(rig_log(&rig, 0, 4), second);
	cr_assert_eq(rig_word(&rig, RIG_RESULT), 0x12345679);
}

Test(run, a_single_step_traps_after_each_instruction)
{
	cr_assert_eq(rig_program(&rig, "stepped"), PROCESSOR_STOP_HALTED);
	/* after nop, nop, pushf, andl, popf */
	cr_assert_eq(rig_traps(&rig), 5);
	for (unsigned n = 0; n < 5; n++)
		cr_assert_eq(rig_log(&rig, n, 0), VECTOR_DB);
	cr_assert_eq(rig_log(&rig, 1, 2), rig_log(&rig, 0, 2) + 1);
}

Test(run, breakpoints_stop_before_instructions_and_after_writes)
{
	cr_assert_eq(rig_program(&rig, "breaking"), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_traps(&rig), 2);
	cr_assert_eq(rig_log(&rig, 0, 2), rig_symbol("breakpoint_at"));
	cr_assert_eq(rig_log(&rig, 1, 2), rig_symbol("breaking_after"));
	cr_assert_eq(rig_word(&rig, 0x30008), 2);
	cr_assert_eq(rig.x86.cpu.dr[6] & 3, 3);
}

Test(run, faults_of_division_and_undefined_opcodes_are_at_the_instruction)
{
	rig_begin(&rig, rig_symbol("dividing"), false);
	/* The undefined instruction's handler goes on after it. */
	const char *what;
	x86_run(&rig.x86, rig.ledger.now + 2000, &what);
	cr_assert_geq(rig_traps(&rig), 2);
	cr_assert_eq(rig_log(&rig, 0, 0), VECTOR_DE);
	cr_assert_eq(rig_log(&rig, 0, 2), rig_symbol("dividing_at"));
	cr_assert_eq(rig_log(&rig, 1, 0), VECTOR_UD);
	cr_assert_eq(rig_log(&rig, 1, 2), rig_symbol("undefined_at"));
}

Test(run, user_calls_come_back)
{
	rig_begin(&rig, rig_symbol("user_calls"), true);
	cr_assert_eq(rig_run(&rig), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_traps(&rig), 51);
	cr_assert_eq(rig_log(&rig, 7, 0), 0x31);
	cr_assert_eq(rig_log(&rig, 7, 3), USER_CODE);
}

/* A user program in a segment whose data ends at limit; the code stays flat, or is the same window. */
static void run_short(uint32_t base, uint32_t limit, bool window)
{
	rig_begin(&rig, rig_symbol("user_short"), true);
	rig.x86.cpu.seg[DS].base = base;
	rig.x86.cpu.seg[DS].limit = limit;
	if (window) {
		rig_small(&rig, base, limit);
		memcpy(rig.x86.ram + RIG_USER_FRAMES + 0x1000, rig.x86.ram + rig_symbol("user_short"), 64);
		rig.x86.cpu.eip = 0x1000;
		rig.x86.cpu.reg[ESP] = 0x1800;
	}
	rig_run(&rig);
}

Test(run, an_access_beyond_a_limit_of_bytes_is_a_protection_fault_before_it_is_made)
{
	rig_put(&rig, RIG_RESUME, rig_symbol("user_short_at") + 6);
	run_short(RIG_USER, 0x1fff, false);
	cr_assert_eq(rig_log(&rig, 0, 0), VECTOR_GP);
	cr_assert_eq(rig_log(&rig, 0, 1), 0);
	cr_assert_eq(rig_log(&rig, 0, 2), rig_symbol("user_short_at"));
	cr_assert_eq(rig_word(&rig, RIG_USER_FRAMES + 0x10), 0x11);
	cr_assert_eq(rig_word(&rig, RIG_USER_FRAMES + 0x2000), 0);
}

Test(run, an_access_out_of_a_small_space_is_a_protection_fault)
{
	uint32_t at = rig_symbol("user_short_at") - rig_symbol("user_short") + 0x1000;
	rig_put(&rig, RIG_RESUME, at + 6);
	run_short(RIG_USER, 0x1fff, true);
	cr_assert_eq(rig_log(&rig, 0, 0), VECTOR_GP);
	cr_assert_eq(rig_log(&rig, 0, 2), at);
	cr_assert_eq(rig_word(&rig, RIG_USER_FRAMES + 0x10), 0x11);
	cr_assert_eq(rig_word(&rig, RIG_USER_FRAMES + 0x2000), 0);
}

Test(run, a_probe_costs_nothing_and_fires_at_its_cycle)
{
	rig.probe_at[0] = rig_symbol("shadow_at") + 1;
	rig.probes = 1;
	rig_program(&rig, "shadow");
	cr_assert_eq(rig.fires, 1);
	cycle_t with = rig.ledger.now;
	uint64_t counted = rig.ledger.instructions;
	rig_free(&rig);
	set_up();
	rig_program(&rig, "shadow");
	cr_assert_eq(rig.ledger.now - with, rig.model.cost[COST_NOP]);
	cr_assert_eq(rig.ledger.instructions - counted, 1);
}

Test(run, a_snapshot_restored_runs_to_the_same_print)
{
	struct stream stream;
	const char *what;
	rig.period = 3000;
	rig_begin(&rig, rig_symbol("timed"), false);
	cr_assert_eq(x86_run(&rig.x86, 50000, &what), PROCESSOR_STOP_LIMIT);
	stream_init(&stream);
	x86_state(&stream, &rig.x86);
	uint8_t *ram = malloc(RIG_RAM);
	memcpy(ram, rig.x86.ram, RIG_RAM);
	struct ledger ledger = rig.ledger;
	struct journal *journal = malloc(sizeof *journal);
	*journal = rig.journal;
	bool line = rig.line;
	cr_assert_eq(rig_run(&rig), PROCESSOR_STOP_HALTED);
	uint64_t print = rig_print(&rig);
	stream_rewind(&stream);
	memcpy(rig.x86.ram, ram, RIG_RAM);
	rig.ledger.now = ledger.now;
	rig.ledger.instructions = ledger.instructions;
	rig.ledger.deadline = ledger.deadline;
	rig.line = line;
	rig.journal = *journal;
	x86_state(&stream, &rig.x86);
	cr_assert(!stream.failed);
	cr_assert_eq(rig_run(&rig), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig_print(&rig), print);
	stream_free(&stream);
	free(journal);
	free(ram);
}

/* At a linear address of the user's region: bytes of code; returns where they end. */
static uint32_t put_code(uint32_t at, const void *bytes, unsigned size)
{
	paddr_t physical = RIG_USER_FRAMES + (at - RIG_USER);
	memcpy(rig.x86.ram + physical, bytes, size);
	x86_memory_written(&rig.x86, physical, size);
	return at + size;
}

static uint32_t put_jump(uint32_t at, uint32_t to)
{
	uint8_t bytes[5] = { 0xe9 };
	uint32_t distance = to - (at + 5);
	memcpy(bytes + 1, &distance, 4);
	return put_code(at, bytes, 5);
}

Test(run, more_marks_than_are_kept_do_no_harm)
{
	/* 400 times: inc ecx; mov eax, ds; inc edx; jmp to the next.  All of it three times: dec esi; jnz */
	static const uint8_t chunk[] = { 0x41, 0x8c, 0xd8, 0x42 };
	uint32_t at = RIG_USER;
	for (unsigned n = 0; n < 400; n++) {
		at = put_code(at, chunk, sizeof chunk);
		at = put_jump(at, at + 5);
	}
	uint8_t loop[] = { 0x4e, 0x0f, 0x85, 0, 0, 0, 0 };
	uint32_t back = RIG_USER - (at + sizeof loop);
	memcpy(loop + 3, &back, 4);
	at = put_code(at, loop, sizeof loop);
	put_jump(at, rig_symbol("done"));
	rig_begin(&rig, RIG_USER, false);
	rig.x86.cpu.reg[ESI] = 3;
	cr_assert_eq(rig_run(&rig), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig.x86.cpu.reg[ECX], 1200);
	cr_assert_eq(rig.x86.cpu.reg[EDX], 1200);
	cr_assert_eq(rig.ledger.instructions, 3 * (400 * 4 + 2) + 1 + 2);
}

Test(run, more_pages_of_code_than_are_kept_do_no_harm)
{
	/* Each of 900 pages: inc ecx; jmp to the next; seen a second time, at other addresses. */
	enum { PAGES = 900 };
	static const uint8_t count[] = { 0x41 };
	for (unsigned n = 0; n < PAGES; n++) {
		uint32_t at = RIG_USER + (n << PAGE_SHIFT);
		put_jump(put_code(at, count, 1), n + 1 < PAGES ? at + PAGE_SIZE : rig_symbol("done"));
	}
	rig_begin(&rig, RIG_USER, false);
	cr_assert_eq(rig_run(&rig), PROCESSOR_STOP_HALTED);
	rig_put(&rig, RIG_DIRECTORY + 4 * (0xfc000000u >> 22), RIG_TABLE_USER | 3);
	put_jump(RIG_USER + ((PAGES - 1) << PAGE_SHIFT) + 1, rig_symbol("done") + RIG_USER - 0xfc000000u);
	uint32_t before = rig.x86.cpu.reg[ECX];
	rig_begin(&rig, 0xfc000000u, false);
	rig.x86.cpu.reg[ECX] = before;
	cr_assert_eq(rig_run(&rig), PROCESSOR_STOP_HALTED);
	cr_assert_eq(rig.x86.cpu.reg[ECX], 2 * PAGES);
}
