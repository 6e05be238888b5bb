/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The witness itself: what is made different in one of two processors is noticed.  The long runs' claims rest on it. */
#include <criterion/criterion.h>
#include <string.h>
#include "duel.h"

static struct stage stage;
static struct duel duel;

enum { CYCLES = 20000, SEED = 17 };

static void begin(enum duel_way way, unsigned generation)
{
	stage_make(&stage, SEED, generation);
	stage.model.policy = ORACLE_RANDOM;
	stage.model.hardware_refill = stage.model.caches = false;
	cr_assert(duel_begin(&duel, &stage, way), "%s", duel.witness.report);
}

/* True: it went on without a difference. */
static bool goes_on(enum duel_way way)
{
	bool same = way == WAY_PERFORM ? duel_steps(&duel, CYCLES) : duel_run(&duel, CYCLES, 1);

	duel_end(&duel);
	return same;
}

Test(witness, says_nothing_where_nothing_differs)
{
	for (int way = WAY_PERFORM; way <= WAY_SUBSET; way++)
		for (unsigned generation = 2; generation <= 4; generation++) {
			begin((enum duel_way)way, generation);
			cr_expect(goes_on((enum duel_way)way), "%s", duel.witness.report);
		}
}

Test(witness, notices_each_cost_that_is_another)
{
	for (int way = WAY_PERFORM; way <= WAY_SUBSET; way++)
		for (unsigned n = 0; n < 5; n++) {
			struct oracle_costs *cost;

			begin((enum duel_way)way, 3);
			cost = &duel.oracle->model.cost;
			uint32_t *of[] = { &cost->issue, &cost->load_use, &cost->branch_taken, &cost->exception_entry,
				           &cost->cp0_move };
			++*of[n];
			cr_expect_not(goes_on((enum duel_way)way), "cost %u", n);
		}
}

Test(witness, notices_a_register_a_byte_of_memory_and_an_entry)
{
	begin(WAY_SUBSET, 3);
	duel.oracle->reg[9] ^= 1;
	cr_expect_not(goes_on(WAY_SUBSET));
	begin(WAY_SUBSET, 3);
	duel.ram[STAGE_MEMORY - 1] ^= 1;
	cr_expect_not(goes_on(WAY_SUBSET));
	begin(WAY_SUBSET, 3);
	duel.oracle->tlb[3].dirty[0] = true;
	cr_expect_not(goes_on(WAY_SUBSET));
}

Test(witness, notices_a_random_register_that_runs_otherwise)
{
	begin(WAY_SUBSET, 3);
	duel.oracle->model.wired++;
	cr_expect_not(goes_on(WAY_SUBSET));
}

Test(witness, shows_the_instructions_that_led_to_the_first_difference)
{
	begin(WAY_SUBSET, 3);
	duel.oracle->model.cost.exception_refill++;
	cr_expect_not(goes_on(WAY_SUBSET));
	const char *said = strstr(duel.witness.report, "clock: machine");
	unsigned lines = 0;

	cr_assert(said, "%s", duel.witness.report);
	for (const char *at = duel.witness.report; at < said; at++)
		lines += *at == '\n';
	cr_expect_geq(lines, 1);
}
