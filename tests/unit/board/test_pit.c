/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The 8254, which computes, against a naive one that ticks: CE is decremented
 * pulse by pulse, as the data sheet tells it mode by mode.  The processor's
 * clock is that of the counters here, so that a cycle is a tick.
 */
#include <criterion/criterion.h>

#include "sim/board/pit.h"
#include "tests/unit/random.h"

/* --- the naive counter --- */

struct ticking {
	int mode;
	bool bcd, gate, out;
	bool running, load_due, armed, high, null;
	int32_t ce, cr;
	uint16_t shown; /* while not running */
	bool written;
};

static int32_t modulus(const struct ticking *t)
{
	return t->bcd ? 10000 : 65536;
}

static uint16_t digits(const struct ticking *t)
{
	int32_t value = t->ce % modulus(t);

	if (!t->running)
		return t->shown;
	if (!t->bcd)
		return (uint16_t)value;
	return (uint16_t)(value / 1000 * 4096 + value / 100 % 10 * 256 + value / 10 % 10 * 16 + value % 10);
}

static void naive_control(struct ticking *t, int mode, bool bcd)
{
	t->shown = digits(t);
	t->mode = mode;
	t->bcd = bcd;
	t->running = t->load_due = t->armed = t->written = false;
	t->null = true;
	t->out = mode != 0;
}

static void naive_write(struct ticking *t, int32_t count)
{
	t->cr = count;
	t->written = t->null = true;
	if (t->mode == 0) {
		t->shown = digits(t);
		t->running = t->out = false;
	}
	if (t->mode == 0 || t->mode == 4 || ((t->mode == 2 || t->mode == 3) && !t->running))
		t->load_due = true;
}

static void naive_gate(struct ticking *t, bool gate)
{
	if (gate && !t->gate && t->written && t->mode != 0 && t->mode != 4)
		t->load_due = true;
	if (!gate && (t->mode == 2 || t->mode == 3)) {
		t->out = true;
		if (t->running)
			t->load_due = false;
	}
	t->gate = gate;
}

static void naive_load(struct ticking *t)
{
	t->load_due = t->null = false;
	t->running = t->armed = t->high = true;
	t->ce = t->mode == 3 ? t->cr / 2 * 2 : t->cr;
	if (t->mode == 1)
		t->out = false;
	if (t->mode >= 2)
		t->out = true;
}

static void decrement(struct ticking *t)
{
	t->ce = (t->ce + modulus(t) - 1) % modulus(t);
}

static void tick_square(struct ticking *t)
{
	bool extra = t->high && t->cr % 2 && t->ce == 0;

	if (!extra) {
		t->ce -= 2;
		if (t->ce > 0 || (t->ce == 0 && t->high && t->cr % 2))
			return;
	}
	t->high = t->out = !t->high;
	t->null = false;
	t->ce = t->cr / 2 * 2;
}

/* The count that a half period was begun with decides its length, so mode 3 and 2 take CR only at its end. */
static void naive_tick(struct ticking *t, int32_t *square_count)
{
	if (t->load_due) {
		naive_load(t);
		*square_count = t->cr;
		return;
	}
	if (!t->running)
		return;
	if (!t->gate && t->mode != 1 && t->mode != 5)
		return;
	switch (t->mode) {
	case 0:
	case 1:
		decrement(t);
		if (t->ce == 0)
			t->out = true;
		break;
	case 2:
		if (t->ce == 1) {
			t->ce = t->cr;
			t->null = false;
			t->out = true;
		} else {
			decrement(t);
			if (t->ce == 1)
				t->out = false;
		}
		break;
	case 3: {
		int32_t cr = t->cr;
		bool high = t->high;

		t->cr = *square_count; /* the running half is the old count's */
		bool null = t->null;
		tick_square(t);
		t->cr = cr;
		if (t->high != high) {
			t->ce = cr / 2 * 2;
			*square_count = cr;
		} else {
			t->null = null;
		}
		break;
	}
	default:
		decrement(t);
		t->out = true;
		if (t->ce == 0 && t->armed)
			t->out = t->armed = false;
	}
}

/* --- the pair --- */

struct both {
	struct pit pit;
	struct ticking naive;
	int32_t square_count;
	unsigned counter;
	cycle_t now;
	bool rose; /* by counting */
};

static void both_begin(struct both *both, unsigned counter)
{
	*both = (struct both){.counter = counter};
	pit_init(&both->pit, PIT_HERTZ);
	both->naive.gate = counter != 2;
}

static void both_control(struct both *both, int mode, bool bcd, unsigned access)
{
	pit_out(&both->pit, 0x43, (uint8_t)(both->counter << 6 | access << 4 | (unsigned)mode << 1 | bcd), both->now);
	naive_control(&both->naive, mode, bcd);
}

/* A count of two bytes; BCD if the counter is. */
static void both_write(struct both *both, int32_t count)
{
	int32_t n = count;

	if (both->naive.bcd)
		n = count / 1000 % 10 * 4096 + count / 100 % 10 * 256 + count / 10 % 10 * 16 + count % 10;

	pit_out(&both->pit, (uint16_t)(0x40 + both->counter), (uint8_t)n, both->now);
	pit_out(&both->pit, (uint16_t)(0x40 + both->counter), (uint8_t)(n >> 8), both->now);
	naive_write(&both->naive, count);
}

static void both_gate(struct both *both, bool gate)
{
	pit_gate(&both->pit, gate, both->now);
	naive_gate(&both->naive, gate);
}

static void both_tick(struct both *both)
{
	bool before = both->naive.out;

	both->now++;
	naive_tick(&both->naive, &both->square_count);
	both->rose |= !before && both->naive.out;
}

/* Count and status, by read-back of both, are the naive one's. */
static void both_compare(struct both *both)
{
	uint16_t port = (uint16_t)(0x40 + both->counter);
	uint8_t status, low, high;

	pit_out(&both->pit, 0x43, (uint8_t)(0xc0 | 2u << both->counter), both->now);
	status = pit_in(&both->pit, port, both->now);
	low = pit_in(&both->pit, port, both->now);
	high = pit_in(&both->pit, port, both->now);
	cr_assert_eq(status >> 7, both->naive.out, "OUT in mode %d", both->naive.mode);
	cr_assert_eq(status >> 6 & 1, both->naive.null, "null count in mode %d", both->naive.mode);
	cr_assert_eq(status >> 1 & 7, both->naive.mode);
	cr_assert_eq(status & 1, both->naive.bcd);
	cr_assert_eq(low | high << 8, digits(&both->naive), "count in mode %d: %04x, not %04x", both->naive.mode,
	             low | high << 8, digits(&both->naive));
}

static int32_t random_count(struct random *random, bool bcd)
{
	uint32_t kind = random_below(random, 10);

	if (kind == 0)
		return bcd ? 10000 : 65536;
	if (kind == 1)
		return 2 + (int32_t)random_below(random, bcd ? 9998 : 65534);
	return 2 + (int32_t)random_below(random, 40);
}

static void random_operation(struct both *both, struct random *random)
{
	switch (random_below(random, both->counter == 2 ? 12 : 8)) {
	case 0: {
		int mode = (int)random_below(random, 6);
		bool bcd = random_below(random, 2);

		both_control(both, mode, bcd, 3);
		if (random_below(random, 8))
			both_write(both, random_count(random, bcd));
		break;
	}
	case 1:
		both_write(both, random_count(random, both->naive.bcd));
		break;
	case 2:
	case 3:
	case 4:
	case 5:
	case 6:
	case 7:
		break;
	default:
		both_gate(both, !both->naive.gate);
	}
}

static void stream(unsigned counter, uint64_t seed)
{
	struct random random = {seed};
	struct both both;

	both_begin(&both, counter);
	both_control(&both, 0, false, 3);
	for (int step = 0; step < 30000; step++) {
		uint32_t ticks = random_below(&random, 20) ? random_below(&random, 12) : random_below(&random, 3000);

		random_operation(&both, &random);
		both_compare(&both);
		while (ticks--)
			both_tick(&both);
		both_compare(&both);
	}
}

Test(pit, computes_what_a_ticking_counter_shows) { stream(0, 1); }
Test(pit, computes_what_a_ticking_counter_with_a_gate_shows) { stream(2, 2); }

/* Rises of counter 0: told after the fact, and foretold. */
Test(pit, rises_are_told_and_foretold)
{
	struct random random = {3};
	struct both both;
	unsigned rises = 0;

	both_begin(&both, 0);
	both_control(&both, 0, false, 3);
	for (int step = 0; step < 20000; step++) {
		uint32_t ticks = random_below(&random, 100);
		cycle_t next;
		struct pit_edge edge;

		random_operation(&both, &random);
		pit_edge(&both.pit, both.now);
		both.rose = false;
		next = pit_next_rise(&both.pit, both.now);
		cr_assert(next > both.now);
		for (uint32_t i = 0; i < ticks; i++) {
			bool before = both.naive.out;

			both_tick(&both);
			if (!before && both.naive.out && both.now <= next) {
				cr_assert_eq(both.now, next, "mode %d", both.naive.mode);
				rises++;
				next = 0;
			}
		}
		cr_assert(next == 0 || next > both.now, "a rise was foretold in mode %d, and did not come", both.naive.mode);
		edge = pit_edge(&both.pit, both.now);
		cr_assert_eq(edge.rose, both.rose, "mode %d", both.naive.mode);
		cr_assert_eq(edge.level, both.naive.out);
	}
	cr_assert(rises > 2000);
}

/* --- by hand --- */

static struct pit pit;

static void program(uint8_t control, unsigned counter, uint16_t count, cycle_t now)
{
	pit_out(&pit, 0x43, control, now);
	pit_out(&pit, (uint16_t)(0x40 + counter), (uint8_t)count, now);
	pit_out(&pit, (uint16_t)(0x40 + counter), (uint8_t)(count >> 8), now);
}

Test(pit, one_shots_come_at_the_exact_cycle_of_any_processor)
{
	static const uint64_t hertz[] = {25000000, 33333333, 50000000, 90000000, 1193182, 1000003};

	for (size_t i = 0; i < sizeof hertz / sizeof hertz[0]; i++) {
		pit_init(&pit, hertz[i]);
		program(0x30, 0, 1000, 0);
		/* 1000 + 1 ticks: at the first cycle c with c * 1193182 >= 1001 * hertz */
		cycle_t next = pit_next_rise(&pit, 0);

		cr_assert((unsigned __int128)next * PIT_HERTZ >= (unsigned __int128)1001 * hertz[i]);
		cr_assert((unsigned __int128)(next - 1) * PIT_HERTZ < (unsigned __int128)1001 * hertz[i]);
		cr_assert(!pit_edge(&pit, next - 1).level);
		cr_assert(pit_edge(&pit, next).level);
	}
}

Test(pit, a_periodic_timer_does_not_drift)
{
	cycle_t now = 0;

	pit_init(&pit, 33333333);
	program(0x34, 0, 11932, 0);
	for (int i = 1; i <= 1000; i++)
		now = pit_next_rise(&pit, now);
	cr_assert_eq(now, ((uint64_t)1000 * 11932 + 1) * 33333333 / PIT_HERTZ + 1);
}

Test(pit, a_latched_count_stands_until_read)
{
	pit_init(&pit, PIT_HERTZ);
	program(0x30, 0, 0x1234, 0);
	pit_out(&pit, 0x43, 0x00, 5);
	pit_out(&pit, 0x43, 0x00, 50); /* ignored: one is latched */
	cr_assert_eq(pit_in(&pit, 0x40, 100), 0x30);
	cr_assert_eq(pit_in(&pit, 0x40, 200), 0x12);
	cr_assert_eq(pit_in(&pit, 0x40, 0x235), 0x00, "1234h - (235h - 1)");
	cr_assert_eq(pit_in(&pit, 0x40, 0x235), 0x10);
}

Test(pit, single_byte_access_reads_and_writes_one_half)
{
	pit_init(&pit, PIT_HERTZ);
	pit_out(&pit, 0x43, 0x20, 0); /* high byte only */
	pit_out(&pit, 0x40, 0x12, 0);
	cr_assert_eq(pit_in(&pit, 0x40, 1), 0x12);
	cr_assert_eq(pit_in(&pit, 0x40, 2), 0x11);
	pit_out(&pit, 0x43, 0x10, 2); /* low byte only */
	pit_out(&pit, 0x40, 0x12, 2);
	cr_assert_eq(pit_in(&pit, 0x40, 3), 0x12);
	cr_assert_eq(pit_in(&pit, 0x40, 4), 0x11);
}

Test(pit, the_first_of_two_bytes_stops_mode_0)
{
	pit_init(&pit, PIT_HERTZ);
	program(0x30, 0, 3, 0);
	cr_assert(pit_edge(&pit, 4).level);
	pit_out(&pit, 0x40, 9, 10);
	cr_assert(!pit_edge(&pit, 10).level);
	cr_assert_eq(pit_next_rise(&pit, 10), CYCLE_NEVER);
	pit_out(&pit, 0x40, 0, 20);
	cr_assert_eq(pit_next_rise(&pit, 20), 30);
}

Test(pit, modes_6_and_7_are_2_and_3)
{
	pit_init(&pit, PIT_HERTZ);
	pit_out(&pit, 0x43, 0x3c, 0);
	pit_out(&pit, 0x43, 0xe2, 0);
	cr_assert_eq(pit_in(&pit, 0x40, 0) & 0x0e, 2 << 1);
	pit_out(&pit, 0x43, 0x3e, 0);
	pit_out(&pit, 0x43, 0xe2, 0);
	cr_assert_eq(pit_in(&pit, 0x40, 0) & 0x0e, 3 << 1);
}

Test(pit, a_snapshot_of_a_running_counter_runs_on)
{
	struct stream state;
	struct pit other;

	pit_init(&pit, 50000000);
	program(0x36, 0, 997, 12345);
	program(0xb4, 2, 333, 22222);
	pit_edge(&pit, 1000000);
	stream_init(&state);
	pit_state(&state, &pit);
	pit_init(&other, 50000000);
	stream_rewind(&state);
	pit_state(&state, &other);
	cr_assert(!state.failed && state.at == state.size);
	for (cycle_t now = 1000000; now < 2000000; now += 12347) {
		cr_assert_eq(pit_next_rise(&pit, now), pit_next_rise(&other, now));
		cr_assert_eq(pit_in(&pit, 0x42, now), pit_in(&other, 0x42, now));
		cr_assert_eq(pit_edge(&pit, now).rose, pit_edge(&other, now).rose);
	}
	stream_free(&state);
}
