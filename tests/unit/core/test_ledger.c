/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ledger against a naive one: a list of every cycle's owner, summed up at the end. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/core/error.h"
#include "sim/core/ledger.h"
#include "tests/unit/random.h"

enum { STEPS = 20000, ROWS_MAX = 4096 };

static struct ledger ledger;

static void begin(void)
{
	cr_assert(ledger_init(&ledger));
}

static void end(void)
{
	ledger_free(&ledger);
}

TestSuite(ledger, .init = begin, .fini = end);

/* The naive ledger: rows in the order of their first charge, found by looking at all of them. */
struct naive {
	struct ledger_row row[ROWS_MAX];
	unsigned rows;
	cycle_t now;
	uint32_t task, thread, function;
	enum ledger_cause running;
};

static void naive_charge(struct naive *naive, enum ledger_cause cause, cycle_t cycles)
{
	unsigned i = 0;

	naive->now += cycles;
	while (i < naive->rows && !(naive->row[i].cause == cause && naive->row[i].task == naive->task &&
	                            naive->row[i].thread == naive->thread && naive->row[i].function == naive->function))
		i++;
	if (i == naive->rows) {
		cr_assert(naive->rows < ROWS_MAX);
		naive->row[naive->rows++] = (struct ledger_row){cause, naive->task, naive->thread, naive->function, 0};
	}
	naive->row[i].cycles += cycles;
}

static void random_step(struct random *random, struct naive *naive)
{
	uint32_t cycles = random_below(random, 100);

	switch (random_below(random, 10)) {
	case 0:
		naive->function = random_below(random, 20);
		ledger_enter_function(&ledger, naive->function);
		break;
	case 1:
		naive->task = random_below(random, 3);
		naive->thread = random_below(random, 4);
		ledger_enter_thread(&ledger, naive->task, naive->thread);
		break;
	case 2:
	case 3: {
		enum ledger_cause cause = (enum ledger_cause)(1 + random_below(random, CAUSE_COUNT - 1));

		ledger_charge(&ledger, cause, cycles);
		naive_charge(naive, cause, cycles);
		break;
	}
	case 4: /* a block of which a part is not run */
		ledger_execute(&ledger, 10, cycles + 30);
		ledger_charge(&ledger, CAUSE_TLB_WALK, 7);
		ledger_refund(&ledger, 4, 30);
		naive_charge(naive, naive->running, cycles);
		naive_charge(naive, CAUSE_TLB_WALK, 7);
		break;
	case 5:
		naive->running = random_below(random, 2) ? CAUSE_INSTRUCTION : CAUSE_TLB_REFILL;
		ledger_enter_cause(&ledger, naive->running);
		break;
	default:
		ledger_execute(&ledger, 3, cycles);
		naive_charge(naive, naive->running, cycles);
	}
}

struct seen {
	struct ledger_row last;
	unsigned rows;
	const struct naive *naive;
};

static int compare(const struct ledger_row *a, const struct ledger_row *b)
{
	const uint32_t left[4] = {(uint32_t)a->cause, a->task, a->thread, a->function};
	const uint32_t right[4] = {(uint32_t)b->cause, b->task, b->thread, b->function};

	for (int i = 0; i < 4; i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

/* Every row is the naive ledger's, and comes after the row before. */
static void check_row(void *ctx, const struct ledger_row *row)
{
	struct seen *seen = ctx;
	bool found = false;

	if (seen->rows++)
		cr_assert(compare(&seen->last, row) < 0, "rows are ordered");
	seen->last = *row;
	for (unsigned i = 0; i < seen->naive->rows; i++)
		if (!compare(&seen->naive->row[i], row)) {
			found = true;
			cr_assert_eq(seen->naive->row[i].cycles, row->cycles);
		}
	cr_assert(found);
}

static unsigned naive_rows_not_zero(const struct naive *naive)
{
	unsigned rows = 0;

	for (unsigned i = 0; i < naive->rows; i++)
		rows += naive->row[i].cycles != 0;
	return rows;
}

Test(ledger, rows_are_those_of_a_list_of_all_charges)
{
	static struct naive naive;
	struct random random = {1};
	struct seen seen = {.naive = &naive};

	for (int step = 0; step < STEPS; step++) {
		random_step(&random, &naive);
		if (step % 1000 == 0)
			ledger_settle(&ledger);
	}
	cr_assert_eq(ledger.now, naive.now);
	ledger_each(&ledger, check_row, &seen);
	cr_assert_eq(seen.rows, naive_rows_not_zero(&naive));
	cr_assert(seen.rows > 500, "the table had to grow");
}

Test(ledger, totals_of_the_causes_sum_to_the_clock)
{
	static struct naive naive;
	struct random random = {2};
	cycle_t sum = 0;

	for (int step = 0; step < STEPS; step++)
		random_step(&random, &naive);
	ledger_settle(&ledger);
	for (int cause = 0; cause < CAUSE_COUNT; cause++)
		sum += ledger.total[cause];
	cr_assert_eq(sum, ledger.now);
}

Test(ledger, instructions_belong_to_the_function_that_ran_them)
{
	static struct naive naive;
	struct seen seen = {.naive = &naive};

	ledger_enter_function(&ledger, 7);
	ledger_execute(&ledger, 1, 10);
	ledger_charge(&ledger, CAUSE_TRAP_ENTRY, 50);
	ledger_enter_function(&ledger, 8);
	ledger_execute(&ledger, 1, 5);
	naive.function = 7;
	naive_charge(&naive, CAUSE_INSTRUCTION, 10);
	naive_charge(&naive, CAUSE_TRAP_ENTRY, 50);
	naive.function = 8;
	naive_charge(&naive, CAUSE_INSTRUCTION, 5);
	ledger_each(&ledger, check_row, &seen);
	cr_assert_eq(seen.rows, 3);
}

static void count_row(void *ctx, const struct ledger_row *row)
{
	(void)row;
	++*(int *)ctx;
}

Test(ledger, a_refill_handlers_instructions_are_the_refills)
{
	ledger_execute(&ledger, 1, 10);
	ledger_enter_cause(&ledger, CAUSE_TLB_REFILL);
	ledger_execute(&ledger, 9, 12);
	ledger_enter_function(&ledger, 5);
	ledger_execute(&ledger, 1, 3);
	cr_assert_eq(ledger_outstanding(&ledger), 3);
	ledger_enter_cause(&ledger, CAUSE_INSTRUCTION);
	ledger_execute(&ledger, 1, 1);
	ledger_settle(&ledger);
	cr_assert(ledger.total[CAUSE_INSTRUCTION] == 11 && ledger.total[CAUSE_TLB_REFILL] == 15);
	cr_assert_eq(ledger_outstanding(&ledger), 0);
}

Test(ledger, a_charge_of_nothing_leaves_no_row)
{
	int rows = 0;

	ledger_charge(&ledger, CAUSE_IDLE, 0);
	ledger_each(&ledger, count_row, &rows);
	cr_assert_eq(rows, 0);
	cr_assert_eq(ledger.now, 0);
}

Test(ledger, a_restored_ledger_goes_on_as_the_saved_one)
{
	static struct naive naive;
	struct random random = {3};
	struct stream stream;
	struct ledger other;
	struct seen seen = {.naive = &naive};

	for (int step = 0; step < 5000; step++)
		random_step(&random, &naive);
	stream_init(&stream);
	ledger_state(&stream, &ledger);
	cr_assert(ledger_init(&other));
	ledger_charge(&other, CAUSE_IDLE, 99); /* must be gone afterwards */
	stream_rewind(&stream);
	ledger_state(&stream, &other);
	cr_assert(!stream.failed);
	cr_assert_eq(stream.at, stream.size);
	ledger_free(&ledger);
	ledger = other;
	for (int step = 0; step < 5000; step++)
		random_step(&random, &naive);
	ledger_each(&ledger, check_row, &seen);
	cr_assert_eq(seen.rows, naive_rows_not_zero(&naive));
	stream_free(&stream);
}

Test(ledger, every_cause_has_its_own_name)
{
	for (int a = 0; a < CAUSE_COUNT; a++)
		for (int b = 0; b < a; b++)
			cr_assert_str_neq(ledger_cause_name((enum ledger_cause)a), ledger_cause_name((enum ledger_cause)b));
}

Test(ledger, a_refund_of_cycles_already_given_away_is_a_defect, .exit_code = 70)
{
	ledger_execute(&ledger, 1, 10);
	ledger_enter_thread(&ledger, 1, 1);
	ledger_refund(&ledger, 1, 10);
	ledger_settle(&ledger);
}
