/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A witness: looks at the machine's processor and at the oracle, and says what of one is not as of the other.
 *
 * The first difference is preceded by the instructions that led to it, as far as the oracle was watched.
 */
#pragma once
#include "sim/arch/mips/mips.h"
#include "tests/oracle/oracle.h"

enum { WITNESS_HISTORY = 24 };

struct witness {
	const struct mips *mips;
	struct ledger *ledger;       /* of the machine */
	struct oracle *oracle;
	unsigned reported;           /* sentences in report */
	char report[16384];
	struct { uint32_t pc, word; uint64_t now; bool slot, known; } history[WITNESS_HISTORY];
	uint64_t steps;
};

/* Adds a sentence to the report. */
void witness_differ(struct witness *witness, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Registers, coprocessor 0, clock and what it went to, counters, who was used last in the TLB; with_tlb: its entries.
 * True: all the same, and so were those before. */
bool witness_compare(struct witness *witness, bool with_tlb);
bool witness_compare_memory(struct witness *witness, const uint8_t *machine);
/* The oracle is about to take a step. */
void witness_remember(struct witness *witness);
/* As oracle_run, watched. */
void witness_follow(struct witness *witness, uint64_t until);
