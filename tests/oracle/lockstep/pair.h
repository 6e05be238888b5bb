/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pair: a machine that runs a scenario, and the oracle on a second machine of the same making, whose processor never
 * runs: the oracle stands in its place, on its memory and at its board, whose clock is the oracle's.
 *
 *   pair_begin --pair_run--> ... --pair_end-->
 */
#pragma once
#include "sim/machine/machine.h"
#include "tests/oracle/witness.h"

struct pair {
	struct machine *machine, *stage; /* stage: the oracle's */
	struct oracle *oracle;
	uint32_t frame;                  /* of whose probes the stage was asked last */
	bool over;                       /* the machine's run has ended, and the oracle came there */
	struct witness witness;
};

/* Of a machine's configuration, of a MIPS model.  False: the report says why. */
bool pair_begin(struct pair *pair, const struct machine_config *config);
void pair_end(struct pair *pair);
/*
 * Both go on to the clock `until`, and are compared each `interval` cycles (1: at every block): processors, and what
 * time went to; memory at intervals of more than 1, and at the end.  True: no difference.
 */
bool pair_run(struct pair *pair, uint64_t until, uint64_t interval);
/* The same in one go, and watched. */
bool pair_run_at_once(struct pair *pair, uint64_t until);
