/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel: mailboxes, names, a run queue.  Enough for a call to do what calls do: look up, copy, link. */
#include "scenarios/programs/speed/speed.h"

enum { MAILBOXES = 8, MAILBOX_DEPTH = 4, NAMES = 64, THREADS = 16 };

struct message {
	uint32_t word[MESSAGE_WORDS];
};

static struct mailbox {
	struct message message[MAILBOX_DEPTH];
	uint32_t first, count;
} mailbox[MAILBOXES] KERNEL_PAGE;

static struct thread {
	struct thread *next;
	uint32_t priority, runs;
} thread[THREADS] KERNEL_PAGE, *ready KERNEL_PAGE;

static void copy(uint32_t *to, const uint32_t *from)
{
	for (unsigned i = 0; i < MESSAGE_WORDS; i++)
		to[i] = from[i];
}

static uint32_t send(uint32_t to, const uint32_t *words)
{
	struct mailbox *box = &mailbox[to % MAILBOXES];

	if (box->count == MAILBOX_DEPTH)
		return 0;
	copy(box->message[(box->first + box->count++) % MAILBOX_DEPTH].word, words);
	return 1;
}

static uint32_t receive(uint32_t from, uint32_t *words)
{
	struct mailbox *box = &mailbox[from % MAILBOXES];

	if (box->count == 0)
		return 0;
	copy(words, box->message[box->first].word);
	box->first = (box->first + 1) % MAILBOX_DEPTH;
	box->count--;
	return 1;
}

/* A hash of a short name, found by probing. */
static uint32_t lookup(uint32_t name)
{
	static uint32_t names[NAMES] KERNEL_PAGE;
	uint32_t at = name * 2654435761u >> 26;

	for (unsigned i = 0; i < NAMES; i++, at = (at + 1) % NAMES) {
		if (names[at] == name)
			return at;
		if (names[at] == 0) {
			names[at] = name;
			return at;
		}
	}
	names[at] = name;
	return at;
}

static void make_threads(void)
{
	for (unsigned i = 0; i < THREADS; i++)
		thread[i] = (struct thread){ i + 1 < THREADS ? &thread[i + 1] : NULL, i * 7 % 5, 0 };
	ready = thread;
}

/* Takes the first thread off the queue and puts it behind the last of its priority or higher. */
static uint32_t yield(void)
{
	struct thread *self, **at;

	if (ready == NULL)
		make_threads();
	self = ready;
	ready = self->next;
	for (at = &ready; *at != NULL && (*at)->priority >= self->priority; at = &(*at)->next)
		;
	self->next = *at;
	*at = self;
	return ++self->runs;
}

uint32_t SPEED_CALLED speed_kernel(uint32_t number, uint32_t a, uint32_t b)
{
	MUK_PROBE("speed_call", number, a);
	switch (number) {
	case SPEED_SEND: return send(a, (const uint32_t *)(uintptr_t)b);
	case SPEED_RECEIVE: return receive(a, (uint32_t *)(uintptr_t)b);
	case SPEED_LOOKUP: return lookup(a);
	default: return yield();
	}
}
