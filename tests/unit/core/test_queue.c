/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event queue against a naive one: a list kept sorted by (cycle, order of setting). */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/core/queue.h"
#include "tests/unit/random.h"

enum { DEVICES = 12, STEPS = 100000, FIRED_MAX = 1 << 16 };

static struct queue queue;
static cycle_t deadline;

/* What fired, in order. */
struct fired {
	unsigned device;
	cycle_t when;
};
static struct fired fired[FIRED_MAX];
static unsigned fired_count;

static void fire(void *ctx, cycle_t when)
{
	fired[fired_count++ % FIRED_MAX] = (struct fired){*(unsigned *)ctx, when};
}

static unsigned device[DEVICES];

static void begin(void)
{
	queue_init(&queue, &deadline);
	for (unsigned i = 0; i < DEVICES; i++) {
		device[i] = i;
		cr_assert_eq(queue_slot(&queue, fire, &device[i]), i);
	}
}

TestSuite(queue, .init = begin);

/* The naive queue: sorted by insertion; equal cycles stay in the order in which they came. */
static struct fired list[DEVICES];
static unsigned length;

static void list_remove(unsigned who)
{
	for (unsigned i = 0; i < length; i++)
		if (list[i].device == who) {
			memmove(&list[i], &list[i + 1], (--length - i) * sizeof list[0]);
			return;
		}
}

static void list_set(unsigned who, cycle_t when)
{
	unsigned at = 0;

	list_remove(who);
	if (when == CYCLE_NEVER)
		return;
	while (at < length && list[at].when <= when)
		at++;
	memmove(&list[at + 1], &list[at], (length++ - at) * sizeof list[0]);
	list[at] = (struct fired){who, when};
}

static void run_both(cycle_t now)
{
	unsigned due = 0, before = fired_count;

	queue_run(&queue, now);
	while (due < length && list[due].when <= now)
		due++;
	cr_assert_eq(fired_count - before, due);
	for (unsigned i = 0; i < due; i++) {
		struct fired *one = &fired[(before + i) % FIRED_MAX];

		cr_assert_eq(one->device, list[i].device);
		cr_assert_eq(one->when, list[i].when);
	}
	memmove(list, list + due, (length -= due) * sizeof list[0]);
}

Test(queue, fires_in_the_order_of_a_sorted_list)
{
	struct random random = {4};
	cycle_t now = 0;

	for (int step = 0; step < STEPS; step++) {
		unsigned who = random_below(&random, DEVICES);
		cycle_t when = random_below(&random, 10) ? now + random_below(&random, 20) : CYCLE_NEVER;

		queue_set(&queue, who, when);
		list_set(who, when);
		cr_assert_eq(deadline, length ? list[0].when : CYCLE_NEVER);
		cr_assert_eq(deadline, queue_next(&queue));
		if (!random_below(&random, 3))
			run_both(now += random_below(&random, 8));
	}
	cr_assert(fired_count > 10000);
}

/* An event that sets two others, one of them due at once. */
static void fire_chain(void *ctx, cycle_t when)
{
	fire(ctx, when);
	queue_set(&queue, 0, when);
	queue_set(&queue, 1, when + 100);
}

Test(queue, what_an_event_sets_for_now_fires_in_the_same_run)
{
	unsigned self = queue_slot(&queue, fire_chain, &device[5]);

	queue_set(&queue, self, 10);
	queue_run(&queue, 10);
	cr_assert_eq(fired_count, 2);
	cr_assert_eq(fired[0].device, 5);
	cr_assert_eq(fired[1].device, 0);
	cr_assert_eq(deadline, 110);
}

Test(queue, a_restored_queue_keeps_the_order_of_ties)
{
	struct stream stream;

	queue_set(&queue, 3, 50);
	queue_set(&queue, 1, 50);
	queue_set(&queue, 2, 50);
	stream_init(&stream);
	queue_state(&stream, &queue);
	queue_run(&queue, 1000);
	fired_count = 0;
	stream_rewind(&stream);
	queue_state(&stream, &queue);
	cr_assert(!stream.failed);
	cr_assert_eq(deadline, 50);
	queue_run(&queue, 50);
	cr_assert_eq(fired_count, 3);
	cr_assert_eq(fired[0].device, 3);
	cr_assert_eq(fired[1].device, 1);
	cr_assert_eq(fired[2].device, 2);
	stream_free(&stream);
}

Test(queue, a_queue_of_other_devices_is_not_restored)
{
	struct stream stream;

	stream_init(&stream);
	queue_state(&stream, &queue);
	queue_slot(&queue, fire, &device[0]);
	stream_rewind(&stream);
	queue_state(&stream, &queue);
	cr_assert(stream.failed);
	stream_free(&stream);
}
