/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A 16550A serial line: COM1, ports 3F8h..3FFh, IRQ4.
 *
 * Frames take their real time, 1 start bit, 5 to 8 data bits, a parity bit, 1 to
 * 2 stop bits, by the divisor of the 1.8432 MHz clock; a byte is at the other
 * end when its last stop bit is out.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

enum { UART_HERTZ = 1843200, UART_FIFO = 16 };

struct uart_fifo {
	uint8_t byte[UART_FIFO];
	uint8_t first, count;
};

struct uart {
	uint64_t hertz;            /* the processor's clock */
	void (*console)(void *ctx, uint8_t byte);
	void *ctx;
	/* registers */
	uint8_t ier, lcr, mcr, scr, lsr_errors, msr_deltas;
	uint16_t divisor;
	bool fifos;
	uint8_t trigger;           /* of the receiver's FIFO: 1, 4, 8, 14 */
	/* data: without FIFOs they hold one byte */
	struct uart_fifo receiver, transmitter;
	bool shifting;             /* a frame is going out */
	uint8_t shift;
	uint64_t shift_end;        /* the tick at which its last stop bit is out */
	/* interrupts that do not follow from the above */
	bool thre_interrupt, timeout;
	uint64_t receiver_quiet;   /* the tick since which the receiver's FIFO was neither filled nor read */
};

/* As after a reset: 9600 baud, 8 data bits, no interrupts; console(ctx, byte) gets what is sent, and may be NULL. */
void uart_init(struct uart *uart, uint64_t hertz, void (*console)(void *ctx, uint8_t byte), void *ctx);
/* Registers 0..7. Call uart_sync first. */
uint8_t uart_in(struct uart *uart, unsigned reg, cycle_t now);
void uart_out(struct uart *uart, unsigned reg, uint8_t value, cycle_t now);
/* A byte has arrived, its stop bit at now. */
void uart_receive(struct uart *uart, uint8_t byte, cycle_t now);
/* Completes what has happened up to now: frames out, the receiver's time-out. */
void uart_sync(struct uart *uart, cycle_t now);
/* IRQ4 as the board has it: the interrupt, gated by OUT2; off in loopback, where OUT2 is. */
bool uart_line(const struct uart *uart);
/* When uart_sync will have something to do that can be seen; CYCLE_NEVER. */
cycle_t uart_next(const struct uart *uart);
void uart_state(struct stream *stream, struct uart *uart);
