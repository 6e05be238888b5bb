/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PC's board: 8259 pair, 8254, 16550 (COM1), an IDE disk where there is one, keyboard controller's A20 and
 * system port bits as far as a boot needs them, at the PC's ports and IRQs.
 * One device a file pair, each with the same entry points:
 *     X_init, X_in, X_out, X_state
 * Devices live on the event queue; simulated time only.
 */
#pragma once
#include "sim/board/ide.h"
#include "sim/board/pic.h"
#include "sim/board/pit.h"
#include "sim/board/uart.h"
#include "sim/core/ledger.h"
#include "sim/core/queue.h"
#include "sim/core/stream.h"

struct board {
	struct ledger *ledger; /* whose now is the devices' time */
	struct queue queue;
	struct pic pic;
	struct pit pit;
	struct uart uart;
	struct ide ide;
	bool has_disk;
	unsigned pit_slot, uart_slot, ide_slot; /* of the queue */
	uint8_t a20;                  /* 1: address line 20 is let through, as a loader leaves it; memory does not care */
	uint8_t speaker;              /* bits 0 and 1 of port 61h */
	bool a20_follows;             /* the keyboard controller was told D1h: its output port comes next */
};

/* hertz: the processor's clock, to which the devices' own clocks are related exactly (integer arithmetic).
 * console(ctx, byte): a byte has left the serial line. */
void board_init(struct board *board, struct ledger *ledger, uint64_t hertz, void (*console)(void *ctx, uint8_t byte),
                void *ctx);
/* Connects a disk that holds an image (store.h), once, before anything runs. model and image must outlive the board.
 * False: the host has no memory; board_free all the same. */
bool board_connect_disk(struct board *board, const struct disk_model *model, uint64_t hertz, const void *image,
                        uint64_t size, const struct ide_listener *listener);
void board_free(struct board *board);
/* Port I/O of 1, 2 or 4 bytes. Unused ports read all ones and ignore writes. Charges nothing: the processor does. */
uint32_t board_in(struct board *board, uint16_t port, unsigned size);
void board_out(struct board *board, uint16_t port, unsigned size, uint32_t value);
/* The INT line to the processor, as of the last event run or access made. */
bool board_interrupt_pending(const struct board *board);
/* INTA: the vector. */
int board_acknowledge(struct board *board);
/* Fires what is due at the ledger's now. */
void board_run_events(struct board *board);
/* When the board will next do something by itself that can be seen; CYCLE_NEVER: nothing until it is accessed. */
cycle_t board_next_event(const struct board *board);
/* Whether a device but the clock will do something by itself, or an interrupt but the clock's is pending. */
bool board_working(const struct board *board);
/* A byte arrives on the serial line now (tests, scripts). */
void board_serial_input(struct board *board, uint8_t byte);
/* For snapshots: devices and queue. The ledger is restored before. */
void board_state(struct stream *stream, struct board *board);
