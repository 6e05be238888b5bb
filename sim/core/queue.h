/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event queue: what the devices will do, and when.
 *
 * Deterministic: events are ordered by cycle, ties by the order in which they
 * were set.  An event is a slot that its device owns for the machine's life, so
 * that a snapshot can name it by its index.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

enum { QUEUE_SLOTS = 32 };

typedef void queue_fire_fn(void *ctx, cycle_t when);

struct queue {
	struct queue_slot {
		queue_fire_fn *fire;
		void *ctx;
		cycle_t when;    /* CYCLE_NEVER: not set */
		uint64_t order;  /* ties: the smaller first */
	} slot[QUEUE_SLOTS];
	unsigned slots;
	uint64_t next_order;
	cycle_t *deadline;       /* where the earliest cycle is published (ledger.deadline) */
};

/* An empty queue that publishes its earliest cycle (CYCLE_NEVER for none) in *deadline. */
void queue_init(struct queue *queue, cycle_t *deadline);
/* A slot for a device; returns its number. fire(ctx, when) is called when it falls due. */
unsigned queue_slot(struct queue *queue, queue_fire_fn *fire, void *ctx);
/* Sets (or moves) a slot to an absolute cycle; CYCLE_NEVER clears it. */
void queue_set(struct queue *queue, unsigned slot, cycle_t when);
/* Fires everything due at or before now, in order; events set meanwhile and due fire too. */
void queue_run(struct queue *queue, cycle_t now);
/* The earliest cycle, CYCLE_NEVER for none. */
cycle_t queue_next(const struct queue *queue);
/* For snapshots: when and in which order each slot fires. The slots must be those of the machine that was saved; the
 * stream fails if their number differs.  Loading publishes the deadline. */
void queue_state(struct stream *stream, struct queue *queue);
