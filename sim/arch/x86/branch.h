/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Pentium's branch target buffer (Alpert & Avnon 1993, "Branch prediction"):
 * a set-associative memory of branches that were taken, each with its target
 * and a two-bit counter.
 *
 *            taken            taken            taken
 *   0 ----------------> 1 ----------------> 2 ----------------> 3 (stays)
 *     <---------------- <------------------ <------------------
 *        not taken          not taken          not taken
 *
 * Counters 2 and 3 predict taken; a branch that is not in the buffer is predicted not taken.
 *
 * Invariants
 *   1. only a taken branch enters the buffer, with counter 3.
 *   2. at most one entry of a set has a given address.
 *   3. entry and replacement are functions of the sequence of updates alone.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

enum { BRANCH_MAX_ENTRIES = 1024 };

struct branch_entry {
	uint32_t address, target;
	uint8_t counter;       /* 0..3 */
	bool valid;
};

struct branch_buffer {
	uint32_t entries, ways;                        /* ways divides entries; sets is a power of two */
	uint32_t last_set;                             /* sets - 1 */
	struct branch_entry entry[BRANCH_MAX_ENTRIES]; /* set by set */
	uint8_t next[BRANCH_MAX_ENTRIES];              /* of each set: the way that is replaced next */
};

/* What is wrong with a geometry, as a sentence to print; NULL if nothing. */
const char *branch_geometry_error(uint32_t entries, uint32_t ways);
/* An empty buffer of a valid geometry. */
void branch_init(struct branch_buffer *buffer, uint32_t entries, uint32_t ways);
/*
 * A branch at a linear address went to target (taken) or fell through.  Learns it.
 * Returns whether it had been predicted wrong: direction, or the target of a taken one.
 * Charges nothing: the caller charges COST_JCC_MISPREDICT.
 */
bool branch_predict_update(struct branch_buffer *buffer, laddr_t address, bool taken, laddr_t target);
/* For snapshots. */
void branch_state(struct stream *stream, struct branch_buffer *buffer);
