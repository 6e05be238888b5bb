/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A duel: the machine's processor and the oracle on one stage, each with a board of its own.
 *
 *   duel_begin --duel_steps or duel_run--> ... --duel_end-->
 *
 * Whatever of one is not as of the other ends it: the witness's report says what first, and how it came to that.
 */
#pragma once
#include "tests/oracle/random/fake.h"
#include "tests/oracle/random/stage.h"
#include "tests/oracle/witness.h"

/* Who executes for the machine: mips_perform one by one, or the run loop with one of the engine's ways. */
enum duel_way { WAY_PERFORM, WAY_SUBSET, WAY_SET_MRU, WAY_EVERY_ACCESS, WAY_COUNT };
const char *duel_way_name(enum duel_way way);
/* Whether a way is exact for a model: subset is not where hits count, set-MRU only there; both not where caches are. */
bool duel_way_fits(enum duel_way way, const struct oracle_model *model);

struct duel {
	const struct stage *stage;
	enum duel_way way;
	struct oracle *oracle;
	struct model model;
	struct ledger ledger;
	struct journal journal;
	struct mips *mips;           /* of the run loop's class, or by itself */
	uint8_t *ram;
	uint32_t frame;              /* WAY_PERFORM: of the code */
	bool cached;
	struct fake board[2];        /* the machine's, the oracle's */
	bool over;                   /* shut down, or waits for ever: both */
	struct witness witness;
};

/* False: the host's memory, or the engine, failed; the report says so. */
bool duel_begin(struct duel *duel, const struct stage *stage, enum duel_way way);
void duel_end(struct duel *duel);
/* WAY_PERFORM: so many instructions, compared each.  True: no difference. */
bool duel_steps(struct duel *duel, uint64_t steps);
/* The others: until the clock is at `until`, compared every `interval` cycles (1: at every block), and then. */
bool duel_run(struct duel *duel, uint64_t until, uint64_t interval);
