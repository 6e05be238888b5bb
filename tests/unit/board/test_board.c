/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices together: ports, interrupts at their exact cycles, and no event that nobody could see. */
#include <criterion/criterion.h>

#include "sim/board/board.h"
#include "tests/unit/random.h"

enum { HERTZ = 50000000 };

static struct ledger ledger;
static struct board board;
static uint8_t sent[64];
static cycle_t sent_at[64];
static unsigned sent_count;

static void console(void *ctx, uint8_t byte)
{
	(void)ctx;
	sent[sent_count] = byte;
	sent_at[sent_count++] = ledger.now;
}

static void out(uint16_t port, uint8_t value)
{
	board_out(&board, port, 1, value);
}

static uint8_t in(uint16_t port)
{
	return (uint8_t)board_in(&board, port, 1);
}

static void begin(void)
{
	cr_assert(ledger_init(&ledger));
	board_init(&board, &ledger, HERTZ, console, NULL);
	out(0x20, 0x11), out(0x21, 0x20), out(0x21, 4), out(0x21, 1), out(0x21, 0xff);
	out(0xa0, 0x11), out(0xa1, 0x28), out(0xa1, 2), out(0xa1, 1), out(0xa1, 0xff);
}

static void end(void)
{
	ledger_free(&ledger);
}

TestSuite(board, .init = begin, .fini = end);

/* Lets time pass as the run loop does: from event to event. */
static void run_to(cycle_t until)
{
	while (board_next_event(&board) <= until) {
		ledger_charge(&ledger, CAUSE_IDLE, board_next_event(&board) - ledger.now);
		board_run_events(&board);
	}
	ledger_charge(&ledger, CAUSE_IDLE, until - ledger.now);
}

/* Counter 0, a count of two bytes. */
static void timer(uint8_t control, uint16_t count)
{
	out(0x43, control);
	out(0x40, (uint8_t)count);
	out(0x40, (uint8_t)(count >> 8));
}

Test(board, after_a_reset_nothing_will_ever_happen)
{
	board_init(&board, &ledger, HERTZ, console, NULL);
	cr_assert_eq(board_next_event(&board), CYCLE_NEVER);
	cr_assert(!board_interrupt_pending(&board));
}

Test(board, a_masked_timer_has_no_events_and_still_counts)
{
	timer(0x34, 1000);
	cr_assert_eq(board_next_event(&board), CYCLE_NEVER);
	run_to(HERTZ);
	out(0x43, 0x00);
	uint32_t count = in(0x40);

	count |= (uint32_t)in(0x40) << 8;
	cr_assert_eq(count, 1000 - (PIT_HERTZ - 1) % 1000);
}

Test(board, an_unmasked_timer_interrupts_at_the_first_cycle_after_its_tick)
{
	out(0x21, 0xfe);
	timer(0x30, 1193);
	cycle_t expected = ((uint64_t)1194 * HERTZ + PIT_HERTZ - 1) / PIT_HERTZ;

	cr_assert_eq(board_next_event(&board), expected);
	run_to(expected - 1);
	cr_assert(!board_interrupt_pending(&board));
	run_to(expected);
	cr_assert(board_interrupt_pending(&board));
	cr_assert_eq(board_acknowledge(&board), 0x20);
	cr_assert(!board_interrupt_pending(&board));
	cr_assert_eq(board_next_event(&board), CYCLE_NEVER, "one shot");
}

Test(board, a_periodic_timer_has_one_event_a_period_and_none_while_it_is_requested)
{
	out(0x21, 0xfe);
	timer(0x34, 1193);
	run_to(board_next_event(&board));
	cr_assert(board_interrupt_pending(&board));
	cr_assert_eq(board_next_event(&board), CYCLE_NEVER);
	board_acknowledge(&board);
	out(0x20, 0x20);
	cr_assert_neq(board_next_event(&board), CYCLE_NEVER);
	for (int i = 2; i <= 100; i++) {
		run_to(board_next_event(&board));
		cr_assert_eq(ledger.now, (((uint64_t)1193 * i + 1) * HERTZ + PIT_HERTZ - 1) / PIT_HERTZ);
		cr_assert_eq(board_acknowledge(&board), 0x20);
		out(0x20, 0x20);
	}
}

Test(board, a_tick_that_passed_while_masked_is_requested_when_unmasked)
{
	timer(0x30, 100);
	run_to(HERTZ / 100);
	cr_assert(!board_interrupt_pending(&board));
	out(0x21, 0xfe);
	cr_assert(board_interrupt_pending(&board));
}

Test(board, a_byte_is_at_the_console_when_its_stop_bit_is_out)
{
	out(0x3fb, 0x83), out(0x3f8, 12), out(0x3f9, 0), out(0x3fb, 0x03);
	ledger_charge(&ledger, CAUSE_INSTRUCTION, 12345);
	out(0x3f8, 'L');
	cr_assert_eq(sent_count, 0);
	run_to(HERTZ);
	cr_assert_eq(sent_count, 1);
	cr_assert_eq(sent[0], 'L');
	/* ticks of 1.8432 MHz: the frame begins in the tick of the write */
	cycle_t expected = (((uint64_t)12345 * UART_HERTZ / HERTZ + 10 * 16 * 12) * HERTZ + UART_HERTZ - 1) / UART_HERTZ;

	cr_assert_eq(sent_at[0], expected);
}

Test(board, a_byte_typed_interrupts_as_irq_4)
{
	out(0x3fc, 0x08);
	out(0x3f9, 0x01);
	out(0x21, 0xef);
	board_serial_input(&board, 'q');
	cr_assert(board_interrupt_pending(&board));
	cr_assert_eq(board_acknowledge(&board), 0x24);
	cr_assert_eq(in(0x3f8), 'q');
	out(0x20, 0x20);
	cr_assert(!board_interrupt_pending(&board));
}

Test(board, the_serial_line_interrupts_again_for_each_byte)
{
	out(0x3fc, 0x08);
	out(0x3f9, 0x01);
	out(0x21, 0xef);
	for (int i = 0; i < 3; i++) {
		board_serial_input(&board, (uint8_t)i);
		cr_assert_eq(board_acknowledge(&board), 0x24);
		cr_assert_eq(in(0x3f8), i);
		out(0x20, 0x20);
	}
}

Test(board, unused_ports_are_open_bus)
{
	cr_assert_eq(board_in(&board, 0x1f0, 1), 0xff);
	cr_assert_eq(board_in(&board, 0x1f0, 2), 0xffff);
	cr_assert_eq(board_in(&board, 0xfffe, 4) & 0xffff, 0xffff);
	board_out(&board, 0x80, 4, 0xdeadbeef);
	cr_assert_eq(board_in(&board, 0x80, 4), 0xffffffff);
}

Test(board, a_wide_access_is_one_byte_to_each_port)
{
	out(0x3fb, 0x80);
	board_out(&board, 0x3f8, 2, 0x1234);
	cr_assert_eq(in(0x3f8), 0x34);
	cr_assert_eq(in(0x3f9), 0x12);
	cr_assert_eq(board_in(&board, 0x3f8, 2), 0x1234);
}

Test(board, the_speaker_s_counter_is_gated_by_port_61h)
{
	out(0x61, 0);
	out(0x43, 0xb0), out(0x42, 0xff), out(0x42, 0x00);
	run_to(HERTZ);
	cr_assert_eq(in(0x61) & 0x20, 0, "the gate is closed");
	out(0x61, 1);
	cr_assert_eq(in(0x61) & 0x23, 0x01);
	run_to(HERTZ + HERTZ / 1000);
	cr_assert_eq(in(0x61) & 0x20, 0x20);
}

Test(board, the_refresh_bit_toggles_every_18_ticks)
{
	uint8_t last = in(0x61) & 0x10;
	unsigned toggles = 0;

	for (cycle_t cycle = 0; cycle < HERTZ / 100; cycle += 50) {
		ledger_charge(&ledger, CAUSE_IDLE, 50);
		if ((in(0x61) & 0x10) != last)
			toggles++;
		last = in(0x61) & 0x10;
	}
	cr_assert_eq(toggles, PIT_HERTZ / 100 / 18);
}

Test(board, a20_can_be_switched_at_both_places)
{
	cr_assert_eq(in(0x92), 2);
	out(0x92, 0);
	cr_assert_eq(in(0x92), 0);
	cr_assert_eq(in(0x64) & 3, 0, "the controller takes commands, and has nothing to tell");
	out(0x64, 0xd1);
	out(0x60, 0xdf);
	cr_assert_eq(in(0x92), 2);
	out(0x60, 0x00);
	cr_assert_eq(in(0x92), 2, "without the command the byte is for the keyboard");
}

/* A random program; the digest of all it saw. */
static uint64_t random_program(uint64_t seed, int steps)
{
	static const uint16_t ports[] = {0x20, 0x21, 0xa0, 0xa1, 0x40, 0x42, 0x43, 0x61, 0x3f8, 0x3f9, 0x3fa, 0x3fb,
	                                 0x3fc, 0x3fd, 0x3fe, 0x3ff};
	struct random random = {seed};
	uint64_t seen = 0;

	for (int i = 0; i < steps; i++) {
		uint16_t port = ports[random_below(&random, sizeof ports / sizeof ports[0])];

		run_to(ledger.now + random_below(&random, 20000));
		if (random_below(&random, 2))
			out(port, (uint8_t)random_next(&random));
		else
			seen = seen * 31 + in(port);
		if (!random_below(&random, 20))
			board_serial_input(&board, (uint8_t)i);
		if (board_interrupt_pending(&board) && random_below(&random, 2))
			seen = seen * 31 + (uint64_t)board_acknowledge(&board);
		seen = seen * 31 + board_next_event(&board);
		sent_count = 0;
	}
	return seen;
}

Test(board, a_restored_board_goes_on_as_the_saved_one)
{
	for (uint64_t seed = 1; seed < 40; seed++) {
		struct stream state;
		uint64_t first, second;

		random_program(seed, 200);
		stream_init(&state);
		ledger_state(&state, &ledger);
		board_state(&state, &board);
		first = random_program(seed + 1000, 200);
		stream_rewind(&state);
		board_init(&board, &ledger, HERTZ, console, NULL);
		ledger_state(&state, &ledger);
		board_state(&state, &board);
		cr_assert(!state.failed && state.at == state.size);
		second = random_program(seed + 1000, 200);
		cr_assert_eq(first, second);
		stream_free(&state);
	}
}

/* Looking more often must not change what is seen: all is a function of time. */
Test(board, looks_in_between_change_nothing)
{
	for (int extra = 0; extra < 2; extra++) {
		static uint64_t seen[2];

		end();
		begin();
		out(0x21, 0xee);
		timer(0x36, 999);
		out(0x3fc, 0x08), out(0x3f9, 0x03), out(0x3f8, 'a');
		for (int i = 0; i < 5000; i++) {
			run_to(ledger.now + 777);
			if (extra) {
				in(0x20), in(0x21), in(0x61), in(0x3ff), in(0x3fb);
				board_run_events(&board);
			}
			if (board_interrupt_pending(&board)) {
				seen[extra] = seen[extra] * 31 + (uint64_t)board_acknowledge(&board) + ledger.now;
				seen[extra] = seen[extra] * 31 + in(0x3fa);
				out(0x20, 0x20);
			}
		}
		if (extra)
			cr_assert_eq(seen[0], seen[1]);
	}
}
