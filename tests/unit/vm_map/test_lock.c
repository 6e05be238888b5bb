/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks of readers and writers: who sleeps, and what must happen for it to go on.  While the thread sleeps, the others
 * do what the test lists; a sleep with nothing left to happen would be for ever.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "base/panic.h"
#include "kern/thread.h"
#include "vm/vm_map.h"

static struct thread self;
struct thread *current_thread_ = &self;
static struct lock lock;
static void (*happens[4])(struct lock *lock);
static unsigned sleeps, wakeups;

enum wait_result thread_sleep(event_t event, bool interruptible)
{
	cr_assert(event == &lock && !interruptible);
	cr_assert(happens[sleeps] != NULL, "it sleeps for ever");
	wakeups = 0;
	happens[sleeps++](&lock);
	return THREAD_AWAKENED;
}

void thread_wakeup(event_t event)
{
	cr_assert_eq(event, &lock);
	wakeups++;
}

void panic(const char *text)
{
	cr_assert_fail("%s", text);
	abort();
}

static void done_and_wakes(struct lock *held)
{
	lock_done(held);
	cr_assert_eq(wakeups, 1);
}

static void upgrade_fails(struct lock *held)
{
	cr_assert(!lock_read_to_write(held));
}

Test(lock, readers_share_it)
{
	lock_read(&lock);
	lock_read(&lock);
	cr_assert_eq(lock.readers, 2);
	lock_done(&lock);
	lock_done(&lock);
	cr_assert(lock.readers == 0 && wakeups == 0 && sleeps == 0);
}

Test(lock, a_writer_waits_for_all_readers)
{
	lock_read(&lock);
	lock_read(&lock);
	happens[0] = happens[1] = done_and_wakes;
	lock_write(&lock);
	cr_assert(lock.writer && sleeps == 2);
}

Test(lock, a_reader_waits_for_the_writer)
{
	lock_write(&lock);
	happens[0] = done_and_wakes;
	lock_read(&lock);
	cr_assert(lock.readers == 1 && !lock.writer && sleeps == 1);
}

Test(lock, the_only_reader_becomes_the_writer_at_once)
{
	lock_read(&lock);
	cr_assert(lock_read_to_write(&lock));
	cr_assert(lock.writer && lock.readers == 0 && sleeps == 0);
	lock_write_to_read(&lock);
	cr_assert(!lock.writer && lock.readers == 1);
}

Test(lock, one_of_two_that_want_to_write_gives_up_and_the_other_goes_on)
{
	lock_read(&lock);
	lock_read(&lock);
	happens[0] = upgrade_fails;
	cr_assert(lock_read_to_write(&lock));
	cr_assert(lock.writer && lock.readers == 0 && sleeps == 1);
}

static void stays_out(struct lock *held)
{
	cr_assert(held->upgrading);
	happens[1] = done_and_wakes;
	lock_done(held);
}

Test(lock, who_comes_while_a_reader_is_about_to_write_waits_for_him)
{
	lock_read(&lock);
	lock_read(&lock);
	happens[0] = stays_out;
	cr_assert(lock_read_to_write(&lock));
	cr_assert(lock.writer);
	lock_read(&lock);
	cr_assert(lock.readers == 1 && sleeps == 2);
}
