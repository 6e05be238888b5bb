/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a run in which no thread can ever run again: who waits, and for what, as events and as a sentence.
 * Whether it is so, threads.c says.
 */
#include <stdio.h>
#include <string.h>

#include "sim/machine/private.h"

/* "thread 7 default_pager/1 waits for memory (event 0xc0123456)" */
static void describe(struct machine *machine, const struct machine_thread *thread, char *text, size_t size)
{
	const char *name = machine_thread_name(machine, thread->id), *task = machine_task_name(machine, thread->task);
	char what[PROBE_NAME] = "";

	if (!name)
		name = task;
	if (thread->text)
		machine_guest_string(machine, thread->text, what, sizeof what);
	snprintf(text, size, "thread %u%s%s%s waits for %s (event %#x)", thread->id, name ? " " : "", name ? name : "",
	         thread->daemon ? " (daemon)" : "", *what ? what : "something", thread->event);
}

static void tell(struct machine *machine, const struct machine_thread *thread)
{
	uint32_t arg[] = { thread->id, thread->event, thread->text };

	journal_append(&machine->journal, EVENT_WAITING, 0, 3, arg);
}

/* Appends to the reason; false: there was no room. */
static bool append(struct machine *machine, const char *text)
{
	size_t used = strlen(machine->reason);

	if (used + strlen(text) + sizeof "; ... and more" >= sizeof machine->reason)
		return false;
	memcpy(machine->reason + used, text, strlen(text) + 1);
	return true;
}

void machine_deadlock(struct machine *machine, bool timeouts)
{
	const struct machine_thread *thread;
	uint32_t arg[] = { MACHINE_DEADLOCK, 0 }, from = 0;
	bool first = true, room = true;
	char text[320];

	machine->reason[0] = 0;
	append(machine, timeouts ? "nothing but daemons has run for too long (deadlock.after): "
	                         : "nothing can ever run again: ");
	for (bool begin = true; (thread = threads_waiting(&machine->guest, &first, &from)); begin = false) {
		tell(machine, thread);
		describe(machine, thread, text, sizeof text);
		room = room && (begin || append(machine, "; ")) && append(machine, text);
	}
	if (!room)
		strcat(machine->reason, "; ... and more");
	journal_append(&machine->journal, EVENT_GUEST_FAULT, 0, 2, arg);
}
