/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pair: a machine that runs a scenario, and the oracle on a second machine of the same making, whose processor never
 * runs: the oracle takes its place, on its memory and its board.  The board's clock is the oracle's.
 *
 *   pair_begin --pair_run--> ... --pair_end-->
 */
#pragma once
#include "sim/arch/mips/mips.h"
#include "sim/machine/machine.h"
#include "tests/oracle/oracle.h"

enum { PAIR_HISTORY = 32 };

struct pair {
	struct machine *machine, *stage; /* stage: the oracle's */
	struct mips *mips, *still;       /* their processors */
	struct oracle *oracle;
	uint32_t probed_frame;           /* of whose probes the stage was asked last */
	bool over;
	unsigned reported;
	char report[16384];
	struct { uint32_t pc, word; uint64_t now; bool slot; } history[PAIR_HISTORY];
	uint64_t steps;
};

/* Of a machine's configuration, of a MIPS model.  False: report says why. */
bool pair_begin(struct pair *pair, const struct machine_config *config);
void pair_end(struct pair *pair);
/*
 * Both go on to the clock `until`, and are compared each `interval` cycles (1: at every block): registers, coprocessor 0,
 * TLB, clock and what it went to, counters; memory at intervals of more than 1, and at the end.  True: no difference.
 */
bool pair_run(struct pair *pair, uint64_t until, uint64_t interval);
