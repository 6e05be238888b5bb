/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks of readers and writers whose holders may sleep (Mach kern/lock, its complex locks).
 *
 *   1. Either one writer or any number of readers hold it.
 *   2. At most one reader waits to become the writer (upgrading); nobody else enters before him.
 *   3. Who lets go wakes everybody if somebody waits: they look again.
 *
 * The kernel is not preempted: between a look at the lock and taking it nothing happens.
 */
#include "kern/thread.h"
#include "vm/vm_map.h"

void lock_wait(struct lock *lock)
{
	lock->wanted = true;
	current_thread()->wait_reason = "map lock";
	thread_sleep(lock, false);
}

void lock_wake(struct lock *lock)
{
	lock->wanted = false;
	thread_wakeup(lock);
}

/* Waits until nobody holds it. */
void lock_write(struct lock *lock)
{
	while (lock->writer || lock->upgrading || lock->readers != 0)
		lock_wait(lock);
	lock->writer = true;
}

/* A reader becomes the writer when the others have left: true. False, and it holds nothing, if another reader is
 * about to do the same, and will change what this one has read. */
bool lock_read_to_write(struct lock *lock)
{
	if (lock->upgrading) {
		lock_done(lock);
		return false;
	}
	lock->readers--;
	lock->upgrading = true;
	while (lock->readers != 0)
		lock_wait(lock);
	lock->upgrading = false;
	lock->writer = true;
	return true;
}

/* The writer becomes a reader, and nobody wrote in between. */
void lock_write_to_read(struct lock *lock)
{
	lock->writer = false;
	lock->readers = 1;
	if (lock->wanted)
		lock_wake(lock);
}
