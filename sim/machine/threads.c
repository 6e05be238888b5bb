/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watching the guest's threads for a deadlock (GD91 §4.3, §5).
 *
 *              threads_wait
 *   RUNNABLE ----------------> WAITING
 *            <----------------
 *               threads_run         threads_terminate: neither, and not told of any more
 *
 * Two rules, looked at whenever the kernel says that it found nothing runnable:
 *
 *   at once    it has no timeouts to come, no device works or asks for attention but the periodic clock: a clock
 *              alone wakes nobody
 *   in time    for so long no thread but daemons ran, and no device worked, and a thread that is no daemon waits.
 *              That is no proof (it may sleep for longer), and so the time is a key of the model: deadlock.after
 *
 * A daemon is a thread of the kernel's own that runs now and then whatever happens.  A kernel without an idle thread
 * idles as a thread that waits: to be switched to while waiting is not to run.  Thread 0 is nobody.
 */
#include "sim/machine/threads.h"

#include <stdlib.h>

static unsigned place(const struct machine_threads *threads, uint32_t id)
{
	unsigned at = id * 2654435761u & (threads->room - 1);

	while (threads->index[at] && threads->entry[threads->index[at] - 1].id != id)
		at = (at + 1) & (threads->room - 1);
	return at;
}

static bool grow(struct machine_threads *threads, unsigned room)
{
	unsigned *index = calloc(room, sizeof *index);
	void *entry = realloc(threads->entry, room / 2 * sizeof *threads->entry);

	if (entry)
		threads->entry = entry;
	if (!index || !entry) {
		free(index);
		return false;
	}
	free(threads->index);
	threads->index = index;
	threads->room = room;
	for (unsigned n = 0; n < threads->count; n++)
		index[place(threads, threads->entry[n].id)] = n + 1;
	return true;
}

/* The thread of a number, new if need be; NULL for nobody, or without memory. */
static struct machine_thread *find(struct machine_threads *threads, uint32_t id)
{
	unsigned at = threads->room ? place(threads, id) : 0;

	if (threads->room && threads->index[at])
		return &threads->entry[threads->index[at] - 1];
	if (id == 0)
		return NULL;
	if (2 * threads->count >= threads->room) {
		if (!grow(threads, threads->room ? 2 * threads->room : 64))
			return NULL;
		at = place(threads, id);
	}
	threads->entry[threads->count] = (struct machine_thread){ .id = id };
	threads->index[at] = ++threads->count;
	return &threads->entry[threads->count - 1];
}

static bool is_alive(const struct machine_thread *thread)
{
	return thread && !thread->waiting && !thread->daemon;
}

void threads_switch(struct machine_threads *threads, uint32_t task, uint32_t id, cycle_t now)
{
	bool was_alive = is_alive(find(threads, threads->current));
	struct machine_thread *thread = find(threads, id);

	if (was_alive || is_alive(thread))
		threads->last_alive = now;
	if (thread)
		thread->task = task;
	threads->current = id;
}

void threads_wait(struct machine_threads *threads, uint32_t id, uint32_t event, uint32_t text, cycle_t now)
{
	struct machine_thread *thread = find(threads, id);

	if (is_alive(thread))
		threads->last_alive = now;
	if (!thread)
		return;
	thread->waiting = true;
	thread->event = event;
	thread->text = text;
}

void threads_run(struct machine_threads *threads, uint32_t id, cycle_t now)
{
	struct machine_thread *thread = find(threads, id);

	if (!thread)
		return;
	thread->waiting = false;
	if (!thread->daemon)
		threads->last_alive = now;
}

void threads_daemon(struct machine_threads *threads, uint32_t id)
{
	struct machine_thread *thread = find(threads, id);

	if (thread)
		thread->daemon = true;
}

void threads_terminate(struct machine_threads *threads, uint32_t id)
{
	struct machine_thread *thread = find(threads, id);

	if (thread)
		thread->waiting = thread->daemon = false; /* its number may come again */
}

bool threads_dead(struct machine_threads *threads, uint32_t timeouts, bool working, cycle_t after, cycle_t now)
{
	if (working)
		threads->last_alive = now;
	if (working || (timeouts && now - threads->last_alive < after))
		return false;
	for (unsigned n = 0; timeouts && n < threads->count; n++)
		if (threads->entry[n].waiting && !threads->entry[n].daemon)
			return true;
	return timeouts == 0;
}

const struct machine_thread *threads_waiting(const struct machine_threads *threads, bool *first, uint32_t *from)
{
	const struct machine_thread *least = NULL;

	for (unsigned n = 0; n < threads->count; n++) {
		const struct machine_thread *thread = &threads->entry[n];

		if (thread->waiting && (*first || thread->id > *from) && (!least || thread->id < least->id))
			least = thread;
	}
	*first = false;
	if (least)
		*from = least->id;
	return least;
}

void threads_free(struct machine_threads *threads)
{
	free(threads->entry);
	free(threads->index);
}

void threads_state(struct stream *stream, struct machine_threads *threads)
{
	unsigned count = threads->count, room = 64;

	stream_field(stream, count);
	stream_field(stream, threads->current);
	stream_field(stream, threads->last_alive);
	if (stream->loading && !stream->failed) {
		threads->count = 0;
		while (room < 2 * count + 2 && room < 1u << 30)
			room *= 2;
		if (count > room / 2 || !grow(threads, room)) {
			stream->failed = true;
			return;
		}
	}
	for (unsigned n = 0; n < count && !stream->failed; n++) {
		struct machine_thread thread = { 0 };

		if (!stream->loading)
			thread = threads->entry[n];
		stream_field(stream, thread.id);
		stream_field(stream, thread.task);
		stream_field(stream, thread.event);
		stream_field(stream, thread.text);
		stream_flag(stream, &thread.waiting);
		stream_flag(stream, &thread.daemon);
		struct machine_thread *loaded = stream->loading && !stream->failed ? find(threads, thread.id) : NULL;
		if (loaded)
			*loaded = thread;
	}
}
