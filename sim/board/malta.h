/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a MIPS Malta has the board's devices: at physical addresses, since its processor has no ports ("MIPS Malta
 * User's Manual", MD00048; GT-64120's data sheet for the acknowledge).  The devices are the PC's own (board.h); Malta's south
 * bridge is one.
 *
 *     0x18000000 + port   the ISA bus: 8259s, 8254, 16550, IDE
 *     0x1be00c34          the GT-64120's interrupt acknowledge: a load of a word is an INTA cycle, and gives the vector
 *     0x1f000500          SOFTRES: a store of 0x42 resets the board
 *     0x1fc00010          the revision of the board, only to be read
 *
 * Nothing answers elsewhere: a bus error.
 */
#pragma once
#include "sim/board/board.h"

struct malta {
	struct board *board;
	/* SOFTRES was written, and the board is about to be reset. */
	void (*reset)(void *ctx);
	void *ctx;
};

/* An access of 1, 2 or 4 bytes, aligned, at the board's ledger's now.  False: nothing answers.  Charges nothing. */
bool malta_load(struct malta *malta, paddr_t address, unsigned size, uint32_t *value);
bool malta_store(struct malta *malta, paddr_t address, unsigned size, uint32_t value);
