/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * National Semiconductor PC16550D (data sheet, June 1995).
 *
 * The transmitter:
 *
 *          uart_out(THR)                    frame_begins                frame_ends
 *   idle ----------------> byte in THR/FIFO ------------> shifting ----------------> console (or, in
 *     ^                                                    |   ^                     loopback, the receiver)
 *     |                              no byte waits         |   | another waits
 *     '----------------------------------------------------'   '--- frame_begins
 *
 * Invariants
 *   1. shifting: shift_end is ahead of the last uart_sync.
 *   2. a byte waits in the transmitter only while shifting.
 *   3. without FIFOs receiver and transmitter hold at most one byte.
 *
 * Simplified: a frame begins with the write to an idle transmitter (the part takes up to one bit time more); line
 * errors do not happen, but for overruns; a break sends nothing.
 */
#include "sim/board/uart.h"

#include "sim/board/clock.h"

enum { REG_DATA, REG_IER, REG_IIR, REG_LCR, REG_MCR, REG_LSR, REG_MSR, REG_SCR };
enum { IER_RECEIVED = 1, IER_EMPTY = 2, IER_LINE = 4, IER_MODEM = 8 };
enum { IIR_NONE = 1, IIR_MODEM = 0, IIR_EMPTY = 2, IIR_RECEIVED = 4, IIR_LINE = 6, IIR_TIMEOUT = 0xc };
enum { IIR_FIFOS = 0xc0 };
enum { FCR_ENABLE = 1, FCR_CLEAR_RECEIVER = 2, FCR_CLEAR_TRANSMITTER = 4 };
enum { LCR_WORD = 3, LCR_STOP = 4, LCR_PARITY = 8, LCR_BREAK = 0x40, LCR_DLAB = 0x80 };
enum { MCR_DTR = 1, MCR_RTS = 2, MCR_OUT1 = 4, MCR_OUT2 = 8, MCR_LOOP = 0x10 };
enum { LSR_DATA = 1, LSR_OVERRUN = 2, LSR_THRE = 0x20, LSR_TEMT = 0x40 };
enum { MSR_CTS = 0x10, MSR_DSR = 0x20, MSR_RI = 0x40, MSR_DCD = 0x80, MSR_TERI = 4 };
enum { TIMEOUT_FRAMES = 4 };

/* --- FIFOs --- */

static void fifo_clear(struct uart_fifo *fifo)
{
	fifo->first = fifo->count = 0;
}

static void fifo_put(struct uart_fifo *fifo, uint8_t byte)
{
	fifo->byte[(fifo->first + fifo->count++) % UART_FIFO] = byte;
}

static uint8_t fifo_get(struct uart_fifo *fifo)
{
	uint8_t byte = fifo->byte[fifo->first];

	fifo->first = (uint8_t)((fifo->first + 1) % UART_FIFO);
	fifo->count--;
	return byte;
}

static unsigned room(const struct uart *uart)
{
	return uart->fifos ? UART_FIFO : 1;
}

/* --- time --- */

static uint64_t ticks(const struct uart *uart, cycle_t now)
{
	return clock_ticks(now, UART_HERTZ, uart->hertz);
}

static unsigned word_bits(const struct uart *uart)
{
	return 5u + (uart->lcr & LCR_WORD);
}

/* Ticks of a frame.  A bit is 16 * divisor ticks; stop bits are counted in halves, for a word of 5 bits has 1.5. */
static uint64_t frame_ticks(const struct uart *uart)
{
	unsigned stop_halves = !(uart->lcr & LCR_STOP) ? 2 : word_bits(uart) == 5 ? 3 : 4;
	unsigned halves = 2 * (1 + word_bits(uart) + !!(uart->lcr & LCR_PARITY)) + stop_halves;

	return (uint64_t)(uart->divisor ? uart->divisor : 65536) * 8 * halves;
}

static uint64_t timeout_tick(const struct uart *uart)
{
	return uart->receiver_quiet + TIMEOUT_FRAMES * frame_ticks(uart);
}

/* --- the receiver --- */

/* The byte is in; a full receiver loses: with FIFOs the new byte, without the old one. */
static void received(struct uart *uart, uint8_t byte, uint64_t tick)
{
	byte &= (uint8_t)(0xff >> (8 - word_bits(uart)));
	if (uart->receiver.count == room(uart)) {
		uart->lsr_errors |= LSR_OVERRUN;
		if (uart->fifos)
			return;
		fifo_clear(&uart->receiver);
	}
	fifo_put(&uart->receiver, byte);
	uart->receiver_quiet = tick;
	uart->timeout = false;
}

static uint8_t read_received(struct uart *uart, uint64_t tick)
{
	uart->timeout = false;
	uart->receiver_quiet = tick;
	return uart->receiver.count ? fifo_get(&uart->receiver) : 0;
}

/* --- the transmitter --- */

static void frame_begins(struct uart *uart, uint64_t tick)
{
	uart->shift = fifo_get(&uart->transmitter);
	uart->shifting = true;
	uart->shift_end = tick + frame_ticks(uart);
	if (!uart->transmitter.count)
		uart->thre_interrupt = true;
}

static void frame_ends(struct uart *uart)
{
	uint64_t tick = uart->shift_end;
	uint8_t byte = uart->shift & (uint8_t)(0xff >> (8 - word_bits(uart)));

	uart->shifting = false;
	if (uart->mcr & MCR_LOOP)
		received(uart, byte, tick);
	else if (uart->console && !(uart->lcr & LCR_BREAK))
		uart->console(uart->ctx, byte);
	if (uart->transmitter.count)
		frame_begins(uart, tick);
}

static void transmit(struct uart *uart, uint8_t byte, uint64_t tick)
{
	uart->thre_interrupt = false;
	if (uart->transmitter.count == room(uart))
		return; /* a full transmitter: the byte is lost, as the program was warned by THRE */
	fifo_put(&uart->transmitter, byte);
	if (!uart->shifting)
		frame_begins(uart, tick);
}

/* --- interrupts --- */

/* The modem's lines: a terminal that is ready; in loopback, our own outputs. */
static uint8_t modem_lines(const struct uart *uart)
{
	if (!(uart->mcr & MCR_LOOP))
		return MSR_CTS | MSR_DSR | MSR_DCD;
	return (uint8_t)((uart->mcr & MCR_RTS ? MSR_CTS : 0) | (uart->mcr & MCR_DTR ? MSR_DSR : 0) |
	                 (uart->mcr & MCR_OUT1 ? MSR_RI : 0) | (uart->mcr & MCR_OUT2 ? MSR_DCD : 0));
}

/* The interrupt of highest priority, as IIR's low bits name it. */
static uint8_t interrupt(const struct uart *uart)
{
	if ((uart->ier & IER_LINE) && uart->lsr_errors)
		return IIR_LINE;
	if ((uart->ier & IER_RECEIVED) && uart->receiver.count >= (uart->fifos ? uart->trigger : 1))
		return IIR_RECEIVED;
	if ((uart->ier & IER_RECEIVED) && uart->timeout)
		return IIR_TIMEOUT;
	if ((uart->ier & IER_EMPTY) && uart->thre_interrupt)
		return IIR_EMPTY;
	if ((uart->ier & IER_MODEM) && uart->msr_deltas)
		return IIR_MODEM;
	return IIR_NONE;
}

bool uart_line(const struct uart *uart)
{
	return interrupt(uart) != IIR_NONE && (uart->mcr & MCR_OUT2) && !(uart->mcr & MCR_LOOP);
}

/* --- registers --- */

/* Reading IIR answers for the transmitter's interrupt, if it is the one named. */
static uint8_t read_iir(struct uart *uart)
{
	uint8_t which = interrupt(uart);

	if (which == IIR_EMPTY)
		uart->thre_interrupt = false;
	return which | (uart->fifos ? IIR_FIFOS : 0);
}

static uint8_t read_lsr(struct uart *uart)
{
	uint8_t lsr = uart->lsr_errors;

	if (uart->receiver.count)
		lsr |= LSR_DATA;
	if (!uart->transmitter.count)
		lsr |= uart->shifting ? LSR_THRE : LSR_THRE | LSR_TEMT;
	uart->lsr_errors = 0;
	return lsr;
}

static uint8_t read_msr(struct uart *uart)
{
	uint8_t msr = modem_lines(uart) | uart->msr_deltas;

	uart->msr_deltas = 0;
	return msr;
}

uint8_t uart_in(struct uart *uart, unsigned reg, cycle_t now)
{
	bool dlab = uart->lcr & LCR_DLAB;

	switch (reg & 7) {
	case REG_DATA: return dlab ? (uint8_t)uart->divisor : read_received(uart, ticks(uart, now));
	case REG_IER: return dlab ? (uint8_t)(uart->divisor >> 8) : uart->ier;
	case REG_IIR: return read_iir(uart);
	case REG_LCR: return uart->lcr;
	case REG_MCR: return uart->mcr;
	case REG_LSR: return read_lsr(uart);
	case REG_MSR: return read_msr(uart);
	default: return uart->scr;
	}
}

static void write_ier(struct uart *uart, uint8_t value)
{
	value &= 0x0f;
	if ((value & IER_EMPTY) && !(uart->ier & IER_EMPTY) && !uart->transmitter.count)
		uart->thre_interrupt = true;
	uart->ier = value;
}

static void write_fcr(struct uart *uart, uint8_t value)
{
	static const uint8_t trigger[4] = {1, 4, 8, 14};
	bool change = uart->fifos != (value & FCR_ENABLE);

	uart->fifos = value & FCR_ENABLE;
	if (change || (uart->fifos && (value & FCR_CLEAR_RECEIVER))) {
		fifo_clear(&uart->receiver);
		uart->timeout = false;
	}
	if (change || (uart->fifos && (value & FCR_CLEAR_TRANSMITTER))) {
		if (uart->transmitter.count)
			uart->thre_interrupt = true;
		fifo_clear(&uart->transmitter);
	}
	if (uart->fifos)
		uart->trigger = trigger[value >> 6];
}

static void write_mcr(struct uart *uart, uint8_t value)
{
	uint8_t before = modem_lines(uart), changed;

	uart->mcr = value & 0x1f;
	changed = before ^ modem_lines(uart);
	uart->msr_deltas |= (changed & (MSR_CTS | MSR_DSR | MSR_DCD)) >> 4;
	if ((before & MSR_RI) && (changed & MSR_RI))
		uart->msr_deltas |= MSR_TERI; /* the ring indicator tells of its end only */
}

void uart_out(struct uart *uart, unsigned reg, uint8_t value, cycle_t now)
{
	bool dlab = uart->lcr & LCR_DLAB;

	switch (reg & 7) {
	case REG_DATA:
		if (dlab)
			uart->divisor = (uint16_t)((uart->divisor & 0xff00) | value);
		else
			transmit(uart, value, ticks(uart, now));
		break;
	case REG_IER:
		if (dlab)
			uart->divisor = (uint16_t)((uart->divisor & 0xff) | value << 8);
		else
			write_ier(uart, value);
		break;
	case REG_IIR: write_fcr(uart, value); break;
	case REG_LCR: uart->lcr = value; break;
	case REG_MCR: write_mcr(uart, value); break;
	case REG_SCR: uart->scr = value; break;
	default: break; /* LSR and MSR are for the factory's tests */
	}
}

/* --- life and time --- */

void uart_init(struct uart *uart, uint64_t hertz, void (*console)(void *ctx, uint8_t byte), void *ctx)
{
	*uart = (struct uart){
		.hertz = hertz, .console = console, .ctx = ctx,
		.lcr = LCR_WORD, .divisor = 12, .trigger = 1,
	};
}

void uart_receive(struct uart *uart, uint8_t byte, cycle_t now)
{
	if (!(uart->mcr & MCR_LOOP)) /* in loopback the line is cut off */
		received(uart, byte, ticks(uart, now));
}

/* The receiver's time-out is looked for only where it can be seen. */
static bool timeout_runs(const struct uart *uart)
{
	return uart->fifos && (uart->ier & IER_RECEIVED) && uart->receiver.count && !uart->timeout;
}

void uart_sync(struct uart *uart, cycle_t now)
{
	uint64_t tick = ticks(uart, now);

	while (uart->shifting && uart->shift_end <= tick)
		frame_ends(uart);
	if (timeout_runs(uart) && timeout_tick(uart) <= tick)
		uart->timeout = true;
}

cycle_t uart_next(const struct uart *uart)
{
	uint64_t tick = UINT64_MAX;

	if (uart->shifting)
		tick = uart->shift_end;
	if (timeout_runs(uart) && timeout_tick(uart) < tick)
		tick = timeout_tick(uart);
	return tick == UINT64_MAX ? CYCLE_NEVER : clock_cycle(tick, UART_HERTZ, uart->hertz);
}

/* --- snapshots --- */

static void fifo_state(struct stream *stream, struct uart_fifo *fifo)
{
	stream_field(stream, fifo->byte);
	stream_field(stream, fifo->first);
	stream_field(stream, fifo->count);
	if (fifo->first >= UART_FIFO || fifo->count > UART_FIFO) {
		stream->failed = true;
		fifo_clear(fifo);
	}
}

void uart_state(struct stream *stream, struct uart *uart)
{
	uint8_t *const byte[] = {&uart->ier, &uart->lcr, &uart->mcr, &uart->scr, &uart->lsr_errors, &uart->msr_deltas,
	                         &uart->trigger, &uart->shift};
	bool *const flag[] = {&uart->fifos, &uart->shifting, &uart->thre_interrupt, &uart->timeout};

	for (size_t i = 0; i < sizeof byte / sizeof byte[0]; i++)
		stream_bytes(stream, byte[i], 1);
	for (size_t i = 0; i < sizeof flag / sizeof flag[0]; i++)
		stream_flag(stream, flag[i]);
	stream_field(stream, uart->divisor);
	fifo_state(stream, &uart->receiver);
	fifo_state(stream, &uart->transmitter);
	stream_field(stream, uart->shift_end);
	stream_field(stream, uart->receiver_quiet);
}
