/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The claims of the 16550's data sheet.  A cycle is a tick of its clock here: a bit takes 16 * divisor cycles. */
#include <criterion/criterion.h>

#include "sim/board/uart.h"

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR, FCR = IIR };
enum { BIT = 16 * 3 }; /* cycles, with the divisor that begin() sets */

static struct uart uart;
static uint8_t sent[256];
static cycle_t sent_at[256], now;
static unsigned sent_count;

static void console(void *ctx, uint8_t byte)
{
	cr_assert_eq(ctx, &uart);
	sent[sent_count] = byte;
	sent_at[sent_count++] = now;
}

static void out(unsigned reg, uint8_t value)
{
	uart_sync(&uart, now);
	uart_out(&uart, reg, value, now);
}

static uint8_t in(unsigned reg)
{
	uart_sync(&uart, now);
	return uart_in(&uart, reg, now);
}

static void begin(void)
{
	uart_init(&uart, UART_HERTZ, console, &uart);
	out(LCR, 0x83);
	out(DATA, 3);
	out(IER, 0);
	out(LCR, 0x03);
	out(MCR, 0x0b);
}

TestSuite(uart, .init = begin);

/* Runs event by event up to a cycle. */
static void run_to(cycle_t until)
{
	while (uart_next(&uart) <= until) {
		now = uart_next(&uart);
		uart_sync(&uart, now);
	}
	now = until;
}

Test(uart, a_byte_is_sent_when_its_stop_bit_is_out)
{
	out(DATA, 'x');
	cr_assert_eq(uart_next(&uart), 10 * BIT);
	run_to(10 * BIT - 1);
	cr_assert_eq(sent_count, 0);
	run_to(10 * BIT);
	cr_assert_eq(sent_count, 1);
	cr_assert_eq(sent[0], 'x');
	cr_assert_eq(uart_next(&uart), CYCLE_NEVER, "an idle line has no events");
}

Test(uart, every_frame_format_takes_its_bits)
{
	static const struct {
		uint8_t lcr;
		unsigned halves, mask;
	} format[] = {
		{0x03, 20, 0xff}, {0x07, 22, 0xff}, {0x0b, 22, 0xff}, {0x1f, 24, 0xff}, {0x02, 18, 0x7f}, {0x06, 20, 0x7f},
		{0x01, 16, 0x3f}, {0x00, 14, 0x1f}, {0x04, 15, 0x1f}, {0x0c, 17, 0x1f},
	};

	for (unsigned i = 0; i < sizeof format / sizeof format[0]; i++) {
		cycle_t start = now;

		out(LCR, format[i].lcr);
		out(DATA, 0xff);
		run_to(start + 10000);
		cr_assert_eq(sent_count, i + 1);
		cr_assert_eq(sent_at[i] - start, format[i].halves * BIT / 2, "LCR %02x", format[i].lcr);
		cr_assert_eq(sent[i], format[i].mask);
	}
}

Test(uart, at_115200_baud_a_second_is_11520_bytes_on_any_processor)
{
	uint64_t hertz = 33333333;

	uart_init(&uart, hertz, NULL, NULL);
	out(LCR, 0x83);
	out(DATA, 1);
	out(IER, 0);
	out(LCR, 0x03);
	out(FCR, 1);
	unsigned bytes = 0;

	out(DATA, 0);
	while (now < hertz) {
		if (in(LSR) & 0x20) {
			out(DATA, (uint8_t)bytes);
			bytes++;
		}
		now = uart_next(&uart);
	}
	cr_assert_eq(now, hertz, "the last of them ends with the second");
	cr_assert_eq(bytes, 11520);
}

Test(uart, thre_and_temt_tell_the_two_stages_apart)
{
	cr_assert_eq(in(LSR), 0x60);
	out(DATA, 'a');
	cr_assert_eq(in(LSR), 0x20, "the byte moved on to the shift register");
	out(DATA, 'b');
	cr_assert_eq(in(LSR), 0x00);
	run_to(10 * BIT);
	cr_assert_eq(in(LSR), 0x20);
	run_to(20 * BIT);
	cr_assert_eq(in(LSR), 0x60);
	cr_assert_eq(sent_count, 2);
	cr_assert_eq(sent_at[1], 20 * BIT, "frames follow without a gap");
}

Test(uart, the_transmitter_s_fifo_holds_sixteen)
{
	out(FCR, 1);
	for (int i = 0; i < 18; i++) /* one goes to the shift register at once; the last finds no room */
		out(DATA, (uint8_t)i);
	run_to(1000 * BIT);
	cr_assert_eq(sent_count, 17);
	for (int i = 0; i < 17; i++)
		cr_assert_eq(sent[i], i);
}

Test(uart, the_empty_transmitter_interrupts_until_iir_is_read_or_data_written)
{
	out(IER, 2);
	cr_assert(uart_line(&uart), "enabling it with an empty transmitter is enough");
	cr_assert_eq(in(IIR), 2);
	cr_assert(!uart_line(&uart));
	cr_assert_eq(in(IIR), 1);
	out(DATA, 'a');
	cr_assert(uart_line(&uart), "gone to the shift register: empty again");
	out(DATA, 'b');
	cr_assert(!uart_line(&uart));
	run_to(10 * BIT);
	cr_assert(uart_line(&uart));
}

Test(uart, out2_gates_the_interrupt)
{
	out(IER, 2);
	out(MCR, 0x03);
	cr_assert(!uart_line(&uart));
	cr_assert_eq(in(IIR), 2, "the part itself has one");
}

Test(uart, a_received_byte_interrupts_until_read)
{
	out(IER, 1);
	uart_receive(&uart, 'k', now);
	cr_assert(uart_line(&uart));
	cr_assert_eq(in(IIR), 4);
	cr_assert_eq(in(LSR), 0x61);
	cr_assert_eq(in(DATA), 'k');
	cr_assert(!uart_line(&uart));
	cr_assert_eq(in(LSR), 0x60);
}

Test(uart, an_overrun_is_told_once_and_keeps_the_new_byte)
{
	out(IER, 5);
	uart_receive(&uart, 'a', now);
	uart_receive(&uart, 'b', now);
	cr_assert_eq(in(IIR), 6, "line status before data");
	cr_assert_eq(in(LSR), 0x63);
	cr_assert_eq(in(LSR), 0x61);
	cr_assert_eq(in(IIR), 4);
	cr_assert_eq(in(DATA), 'b');
}

Test(uart, a_full_fifo_loses_the_new_byte)
{
	out(FCR, 1);
	for (int i = 0; i < 17; i++)
		uart_receive(&uart, (uint8_t)i, now);
	cr_assert_eq(in(LSR) & 3, 3);
	for (int i = 0; i < 16; i++)
		cr_assert_eq(in(DATA), i);
	cr_assert_eq(in(LSR) & 1, 0);
}

Test(uart, the_receiver_interrupts_at_its_trigger)
{
	static const uint8_t trigger[] = {1, 4, 8, 14};

	for (unsigned i = 0; i < 4; i++) {
		out(FCR, (uint8_t)(3 | i << 6));
		out(IER, 1);
		for (unsigned n = 1; n <= 14; n++) {
			uart_receive(&uart, 'x', now);
			cr_assert_eq(uart_line(&uart), n >= trigger[i], "%u bytes, trigger %u", n, trigger[i]);
		}
	}
}

Test(uart, bytes_below_the_trigger_time_out_after_four_frames)
{
	out(FCR, 0xc1);
	out(IER, 1);
	run_to(1000);
	uart_receive(&uart, 'x', now);
	cr_assert_eq(uart_next(&uart), 1000 + 40 * BIT);
	run_to(1000 + 40 * BIT - 1);
	cr_assert(!uart_line(&uart));
	run_to(1000 + 40 * BIT);
	cr_assert(uart_line(&uart));
	cr_assert_eq(in(IIR), 0xcc);
	cr_assert_eq(in(DATA), 'x');
	cr_assert_eq(in(IIR), 0xc1);
	cr_assert_eq(uart_next(&uart), CYCLE_NEVER);
}

Test(uart, nobody_waits_for_a_time_out_that_nobody_would_see)
{
	out(FCR, 0xc1);
	uart_receive(&uart, 'x', now);
	cr_assert_eq(uart_next(&uart), CYCLE_NEVER);
}

Test(uart, loopback_receives_what_it_sends_and_keeps_the_line_quiet)
{
	out(MCR, 0x1b);
	out(DATA, 0x5a);
	uart_receive(&uart, 'n', now); /* the line is cut off */
	run_to(10 * BIT);
	cr_assert_eq(in(LSR) & 1, 1);
	cr_assert_eq(in(DATA), 0x5a);
	cr_assert_eq(sent_count, 0);
}

Test(uart, loopback_turns_modem_outputs_into_inputs)
{
	out(MCR, 0x10);
	in(MSR);
	out(MCR, 0x12);
	cr_assert_eq(in(MSR), 0x11, "RTS is CTS, and has changed");
	cr_assert_eq(in(MSR), 0x10);
	out(MCR, 0x11);
	cr_assert_eq(in(MSR), 0x23, "DTR is DSR");
	out(MCR, 0x14);
	cr_assert_eq(in(MSR) & 0x44, 0x40, "OUT1 is RI, whose begin is no change");
	out(MCR, 0x18);
	cr_assert_eq(in(MSR), 0x8c, "OUT2 is DCD; RI has ended");
}

Test(uart, modem_changes_interrupt_until_msr_is_read)
{
	out(MCR, 0x10);
	in(MSR);
	out(IER, 8);
	cr_assert_eq(in(IIR), 1);
	out(MCR, 0x12);
	cr_assert_eq(in(IIR), 0);
	in(MSR);
	cr_assert_eq(in(IIR), 1);
}

Test(uart, a_terminal_is_connected_and_ready)
{
	cr_assert_eq(in(MSR), 0xb0);
}

Test(uart, registers_read_back)
{
	out(SCR, 0xa5);
	cr_assert_eq(in(SCR), 0xa5);
	out(LCR, 0x80);
	cr_assert_eq(in(DATA), 3);
	out(IER, 1);
	cr_assert_eq(in(IER), 1);
	out(LCR, 0x1a);
	cr_assert_eq(in(LCR), 0x1a);
	out(IER, 0xff);
	cr_assert_eq(in(IER), 0x0f);
	cr_assert_eq(in(MCR), 0x0b);
}

Test(uart, changing_the_fifos_empties_them)
{
	out(FCR, 1);
	uart_receive(&uart, 'x', now);
	out(FCR, 0);
	cr_assert_eq(in(LSR) & 1, 0);
	cr_assert_eq(in(IIR) & 0xc0, 0);
}

Test(uart, a_snapshot_in_the_midst_of_a_frame_sends_the_rest)
{
	struct stream state;

	out(FCR, 1);
	out(DATA, 'a');
	out(DATA, 'b');
	run_to(3 * BIT);
	stream_init(&state);
	uart_state(&state, &uart);
	uart_init(&uart, UART_HERTZ, console, &uart);
	stream_rewind(&state);
	uart_state(&state, &uart);
	cr_assert(!state.failed && state.at == state.size);
	run_to(100 * BIT);
	cr_assert_eq(sent_count, 2);
	cr_assert_eq(sent_at[1], 20 * BIT);
	stream_free(&state);
}
