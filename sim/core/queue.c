/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event queue: a handful of slots, searched linearly.
 *
 * A machine has some five of them, so a scan is shorter than keeping a heap, and
 * the order is plainly what the contract says: by (when, order).
 *
 * Invariants
 *   1. *deadline == queue_next(queue) whenever no function of this file is running.
 *   2. no two set slots have the same order.
 *   3. a slot is clear while its own event is being fired, so that it may set itself again.
 */
#include "sim/core/queue.h"

#include "sim/core/error.h"

static bool earlier(const struct queue_slot *a, const struct queue_slot *b)
{
	return a->when != b->when ? a->when < b->when : a->order < b->order;
}

/* The slot to fire first; NULL when none is set. */
static struct queue_slot *first(struct queue *queue)
{
	struct queue_slot *best = NULL;

	for (unsigned i = 0; i < queue->slots; i++) {
		struct queue_slot *slot = &queue->slot[i];

		if (slot->when != CYCLE_NEVER && (!best || earlier(slot, best)))
			best = slot;
	}
	return best;
}

static void publish(struct queue *queue)
{
	*queue->deadline = queue_next(queue);
}

void queue_init(struct queue *queue, cycle_t *deadline)
{
	*queue = (struct queue){.deadline = deadline};
	publish(queue);
}

unsigned queue_slot(struct queue *queue, queue_fire_fn *fire, void *ctx)
{
	muk_assert(queue->slots < QUEUE_SLOTS);
	queue->slot[queue->slots] = (struct queue_slot){.fire = fire, .ctx = ctx, .when = CYCLE_NEVER};
	return queue->slots++;
}

void queue_set(struct queue *queue, unsigned slot, cycle_t when)
{
	muk_assert(slot < queue->slots);
	queue->slot[slot].when = when;
	queue->slot[slot].order = queue->next_order++;
	publish(queue);
}

void queue_run(struct queue *queue, cycle_t now)
{
	for (;;) {
		struct queue_slot *slot = first(queue);
		cycle_t when = slot ? slot->when : CYCLE_NEVER;

		if (!slot || when > now)
			break;
		slot->when = CYCLE_NEVER;
		slot->fire(slot->ctx, when);
	}
	publish(queue);
}

cycle_t queue_next(const struct queue *queue)
{
	cycle_t next = CYCLE_NEVER;

	for (unsigned i = 0; i < queue->slots; i++)
		if (queue->slot[i].when < next)
			next = queue->slot[i].when;
	return next;
}

void queue_state(struct stream *stream, struct queue *queue)
{
	unsigned slots = queue->slots;

	stream_field(stream, slots);
	if (slots != queue->slots)
		stream->failed = true;
	for (unsigned i = 0; i < queue->slots; i++) {
		stream_field(stream, queue->slot[i].when);
		stream_field(stream, queue->slot[i].order);
	}
	stream_field(stream, queue->next_order);
	publish(queue);
}
