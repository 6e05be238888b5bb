/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock and the ledger: every simulated cycle is charged to a cause.
 *
 * One 64-bit cycle clock a machine.  It advances in two ways only:
 *   ledger_execute  instructions, on the hot path of every block
 *   ledger_charge   everything else, by cause
 *
 * Rows are kept by (cause, task, thread, function), so that any total can be
 * opened.  The hot path must not touch a row: the cycles of instructions are
 * booked late, as the time since the last booking that no other cause claimed.
 *
 * Invariants
 *   1. now == sum over all rows + (now - unbooked), after ledger_settle: now == sum.
 *   2. no cause but the running one is booked late; that is INSTRUCTION, but in a MIPS processor's refill handler
 *      (ledger_enter_cause).
 *   3. task, thread and function are those that ran when the cycle passed.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

/* X(name, "text"): the text is what users, JSON and the trace see. */
#define LEDGER_CAUSES(X)                                                                                          \
	X(INSTRUCTION, "instruction")                                                                             \
	X(TLB_WALK, "tlb_walk")                     /* the processor's own walk */                                \
	X(TLB_REFILL, "tlb_refill")                 /* entry to a software refill (MIPS) */                       \
	X(TRAP_ENTRY, "trap_entry")                                                                               \
	X(TRAP_RETURN, "trap_return")                                                                             \
	X(SEGMENT_LOAD, "segment_load")                                                                           \
	X(TASK_SWITCH, "task_switch")               /* the processor's TSS switch */                              \
	X(ADDRESS_SPACE_SWITCH, "address_space_switch") /* loading CR3 itself, not the misses after it */         \
	X(CACHE, "cache")                                                                                         \
	X(BUS_IO, "bus_io")                                                                                       \
	X(IDLE, "idle")                                                                                           \
	X(WRITE_BUFFER, "write_buffer")             /* a store waited for a full write buffer (MIPS) */

enum ledger_cause {
#define X(name, text) CAUSE_##name,
	LEDGER_CAUSES(X)
#undef X
	CAUSE_COUNT
};

/* The text of a cause. */
const char *ledger_cause_name(enum ledger_cause cause);

struct ledger_rows; /* the table of rows, private to ledger.c */

struct ledger {
	/* hot: read and written at every block */
	cycle_t now;
	uint64_t instructions;
	cycle_t deadline;      /* the next event of the queue: the run loop stops when now reaches it */
	uint32_t function;     /* of the running block: a symbol's index + 1, 0 for code without a symbol */
	/* cold */
	cycle_t booked;        /* all time before this is in rows */
	cycle_t charged;       /* charges by other causes since booked */
	enum ledger_cause running; /* what instructions' time is booked to */
	uint32_t task, thread; /* who runs, as the kernel's probes say; 0 before the first */
	uint64_t total[CAUSE_COUNT]; /* kept with the rows; total[INSTRUCTION] is right after ledger_settle */
	struct ledger_rows *rows;
};

/* One row, as ledger_each gives it. */
struct ledger_row {
	enum ledger_cause cause;
	uint32_t task, thread, function;
	cycle_t cycles;
};

/* Makes an empty ledger at cycle 0. Returns false when the host's memory is exhausted. */
bool ledger_init(struct ledger *ledger);
void ledger_free(struct ledger *ledger);

/* Instructions: count of them, and cycles.  The hot path; books nothing. */
static inline void ledger_execute(struct ledger *ledger, uint32_t count, uint32_t cycles)
{
	ledger->now += cycles;
	ledger->instructions += count;
}

/* Takes back what a block did not run (a fault in its midst): count and cycles as given to ledger_execute. */
static inline void ledger_refund(struct ledger *ledger, uint32_t count, uint32_t cycles)
{
	ledger->now -= cycles;
	ledger->instructions -= count;
}

/* Charges cycles to a cause, for the running task, thread and function; advances the clock. */
void ledger_charge(struct ledger *ledger, enum ledger_cause cause, cycle_t cycles);

/* The time that has passed and is in no row yet: it is the running cause's. */
static inline cycle_t ledger_outstanding(const struct ledger *ledger)
{
	return ledger->now - ledger->booked - ledger->charged;
}

/* The running function changes: books the instructions so far. */
void ledger_enter_function(struct ledger *ledger, uint32_t function);

/* The running task and thread change (ids of the guest's, 0 for none): books the instructions so far. */
void ledger_enter_thread(struct ledger *ledger, uint32_t task, uint32_t thread);

/* What instructions' time counts as from now on (INSTRUCTION; TLB_REFILL while a refill handler runs): books the
 * instructions so far. */
void ledger_enter_cause(struct ledger *ledger, enum ledger_cause cause);

/* Books all outstanding time and asserts invariant 1 on the totals (which move with the rows, in one function).
 * Charges nothing. */
void ledger_settle(struct ledger *ledger);

/* Calls visit for every row that is not zero, ordered by (cause, task, thread, function). Settles first, and asserts
 * invariant 1 on the rows themselves. */
void ledger_each(struct ledger *ledger, void (*visit)(void *ctx, const struct ledger_row *row), void *ctx);

/* For snapshots: all but the deadline, which the queue publishes again when it is restored. */
void ledger_state(struct stream *stream, struct ledger *ledger);
