/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's threads, as its probes tell of them, and whether any of them can ever run again: threads.c. */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

struct machine_thread {
	uint32_t id, task;
	uint32_t event, text;    /* while it waits: what for, and the address of a word for people */
	bool waiting, daemon;
};

struct machine_threads {
	struct machine_thread *entry; /* in the order of their appearance */
	unsigned count;
	unsigned *index;              /* hash table: number of an entry + 1, 0: free */
	unsigned room;                /* of index, a power of two, at least twice count */
	uint32_t current;             /* the thread that runs */
	cycle_t last_alive;           /* a thread that is no daemon ran then, or a device worked */
};

/* What the probes say. When the host has no memory for a thread, it is not watched. */
void threads_switch(struct machine_threads *threads, uint32_t task, uint32_t thread, cycle_t now);
void threads_wait(struct machine_threads *threads, uint32_t thread, uint32_t event, uint32_t text, cycle_t now);
void threads_run(struct machine_threads *threads, uint32_t thread, cycle_t now);
void threads_daemon(struct machine_threads *threads, uint32_t thread);
void threads_terminate(struct machine_threads *threads, uint32_t thread);
/*
 * Nothing is runnable.  timeouts: how many the kernel has still to come; working: a device will do something, or asks
 * for attention, beside the periodic clock; after: so long may nothing but daemons run.  True: nothing can ever run again, or
 * nothing but daemons has for so long.
 */
bool threads_dead(struct machine_threads *threads, uint32_t timeouts, bool working, cycle_t after, cycle_t now);
/* The waiting threads by number: of those above *from the least, which *from becomes; NULL for none. *first: no *from
 * yet. */
const struct machine_thread *threads_waiting(const struct machine_threads *threads, bool *first, uint32_t *from);
void threads_free(struct machine_threads *threads);
void threads_state(struct stream *stream, struct machine_threads *threads);
