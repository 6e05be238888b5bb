/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two locks for threads that share memory.
 *
 * spin_lock: for a few instructions. Who finds it held gives the processor away.
 *
 * queue_lock: waiters sleep in a receive from the one before them, and are woken by its message: first come, first
 * served, and nobody polls.  The node is the caller's, and must live until the lock is released.
 *
 *   free --acquire--> held, alone --acquire by others--> held, with followers --release--> held by the first follower
 *     ^----------------release---'
 *
 * Invariants: 1. tail is the last of the queue, NULL when free.  2. a follower sends nothing and receives only from the
 * one before it until it holds the lock.
 */
#pragma once
#include "pager/lib/l4/program.h"

struct spin_lock {
	volatile uint32_t held;
};
void spin_acquire(struct spin_lock *lock);
void spin_release(struct spin_lock *lock);

struct queue_node {
	l4_threadid_t thread;
	struct queue_node *volatile next;
};
struct queue_lock {
	struct queue_node *volatile tail;
};
void queue_acquire(struct queue_lock *lock, struct queue_node *node);
void queue_release(struct queue_lock *lock, struct queue_node *node);
