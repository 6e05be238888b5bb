/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest is at a probe: the event is recorded in the thread that ran, and
 * then what the probe means (machine.h) happens.  All of it is quiet: no cycle,
 * no TLB, nothing that the guest could notice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/private.h"

static const struct {
	const char *name;
	enum probe_meaning meaning;
} whole_names[] = {
	{ "thread_switch", MEANS_THREAD_SWITCH },       { "thread_name", MEANS_THREAD_NAME },
	{ "task_name", MEANS_TASK_NAME },               { "thread_wait", MEANS_THREAD_WAIT },
	{ "thread_run", MEANS_THREAD_RUN },             { "thread_daemon", MEANS_THREAD_DAEMON },
	{ "thread_terminate", MEANS_THREAD_TERMINATE }, { "idle", MEANS_IDLE },
	{ "shutdown", MEANS_SHUTDOWN },                 { "panic", MEANS_PANIC },
	{ "own_thread_name", MEANS_OWN_THREAD_NAME },   { "own_task_name", MEANS_OWN_TASK_NAME },
}, endings[] = {
	{ ":begin", MEANS_SPAN_BEGIN }, { ":end", MEANS_SPAN_END }, { ":value", MEANS_VALUE },
};

/* What a probe's name means; *subject_length: of "rpc" in "rpc:begin". */
enum probe_meaning machine_probe_meaning(const char *name, size_t *subject_length)
{
	const char *colon = strrchr(name, ':');

	*subject_length = colon ? (size_t)(colon - name) : strlen(name);
	for (unsigned i = 0; i < sizeof whole_names / sizeof *whole_names; i++)
		if (strcmp(name, whole_names[i].name) == 0)
			return whole_names[i].meaning;
	for (unsigned i = 0; colon && i < sizeof endings / sizeof *endings; i++)
		if (strcmp(colon, endings[i].name) == 0)
			return endings[i].meaning;
	return MEANS_NOTHING;
}

/* What an image has at a virtual address. */
static bool image_byte(const struct image *image, vaddr_t address, uint8_t *byte)
{
	for (unsigned i = 0; image && i < image->segments; i++) {
		const struct image_segment *segment = &image->segment[i];

		if (address - segment->vaddr >= segment->file_size)
			continue;
		*byte = segment->data[address - segment->vaddr];
		return true;
	}
	return false;
}

/*
 * A byte as the processor sees it.  Where software has the page tables, nobody from outside knows where a page is that
 * the TLB does not hold; then it is what the image has that is speaking.
 */
static bool guest_byte(const struct machine *machine, laddr_t at, vaddr_t address, uint8_t *byte)
{
	const struct processor *processor = machine->processor;

	return processor_class(processor)->look_read(processor, at, byte, 1) == 1 ||
	       image_byte(machine->speaker, address, byte);
}

void machine_guest_string(struct machine *machine, uint32_t address, char *text, size_t size)
{
	const struct processor *processor = machine->processor;
	laddr_t at = processor_class(processor)->data_address(processor, address, PROBE_NO_REGISTER);
	size_t length = 0;
	uint8_t byte;

	while (length + 1 < size && guest_byte(machine, at + (uint32_t)length, address + (uint32_t)length, &byte) && byte)
		text[length++] = byte >= ' ' && byte < 0x7f ? (char)byte : '?';
	text[length] = 0;
}

void machine_name(struct machine_names *names, uint32_t id, const char *name)
{
	unsigned i = 0;

	while (i < names->count && names->entry[i].id != id)
		i++;
	if (i == names->count) {
		void *grown = realloc(names->entry, (names->count + 1) * sizeof *names->entry);

		if (!grown)
			return; /* a name only helps to read: the run goes on without it */
		names->entry = grown;
		names->count++;
	}
	names->entry[i].id = id;
	snprintf(names->entry[i].name, sizeof names->entry[i].name, "%s", name);
}

const char *machine_named(const struct machine_names *names, uint32_t id)
{
	for (unsigned i = 0; i < names->count; i++)
		if (names->entry[i].id == id)
			return names->entry[i].name;
	return NULL;
}

const char *machine_task_name(const struct machine *machine, uint32_t task)
{
	return machine_named(&machine->tasks, task);
}

const char *machine_thread_name(const struct machine *machine, uint32_t thread)
{
	return machine_named(&machine->threads, thread);
}

static void end_by_guest(struct machine *machine, enum machine_status status)
{
	machine->status = status;
	processor_class(machine->processor)->ask_stop(machine->processor);
}

static void shutdown(struct machine *machine, uint32_t code)
{
	if (code)
		snprintf(machine->reason, sizeof machine->reason, "the guest shut down with code %u", code);
	end_by_guest(machine, code ? MACHINE_FAILED : MACHINE_OK);
}

static void panic(struct machine *machine, uint32_t text)
{
	machine_guest_string(machine, text, machine->reason, sizeof machine->reason);
	end_by_guest(machine, MACHINE_PANIC);
}

static void idle(struct machine *machine, uint32_t timeouts)
{
	if (!threads_dead(&machine->guest, timeouts, board_working(&machine->board),
	                  machine->config.model->deadlock_after, machine->ledger.now))
		return;
	machine_deadlock(machine, timeouts != 0);
	end_by_guest(machine, MACHINE_DEADLOCK);
}

/* Named, numbered, measured: what a probe says of things; false: it says something else. */
static bool act_on_names(struct machine *machine, const struct machine_probe_name *probe, const uint32_t *arg)
{
	char text[PROBE_NAME];

	switch (probe->meaning) {
	case MEANS_THREAD_NAME:
		machine_guest_string(machine, arg[1], text, sizeof text);
		machine_name(&machine->threads, arg[0], text);
		return true;
	case MEANS_TASK_NAME:
		machine_guest_string(machine, arg[1], text, sizeof text);
		machine_name(&machine->tasks, arg[0], text);
		return true;
	case MEANS_OWN_THREAD_NAME:
		machine_guest_string(machine, arg[0], text, sizeof text);
		machine_name(&machine->threads, machine->ledger.thread, text);
		return true;
	case MEANS_OWN_TASK_NAME:
		machine_guest_string(machine, arg[0], text, sizeof text);
		machine_name(&machine->tasks, machine->ledger.task, text);
		return true;
	case MEANS_SPAN_BEGIN:
		machine_span_begin(machine, probe->subject);
		return true;
	case MEANS_SPAN_END:
		machine_span_end(machine, probe->subject);
		return true;
	case MEANS_VALUE:
		machine_value_set(machine, probe->subject, (int32_t)arg[0]);
		return true;
	default:
		return false;
	}
}

/* What becomes of threads, and of the run. */
static void act_on_threads(struct machine *machine, enum probe_meaning meaning, const uint32_t *arg)
{
	struct machine_threads *threads = &machine->guest;
	cycle_t now = machine->ledger.now;

	switch (meaning) {
	case MEANS_THREAD_SWITCH:
		ledger_enter_thread(&machine->ledger, arg[0], arg[1]);
		threads_switch(threads, arg[0], arg[1], now);
		break;
	case MEANS_THREAD_WAIT: threads_wait(threads, arg[0], arg[1], arg[2], now); break;
	case MEANS_THREAD_RUN: threads_run(threads, arg[0], now); break;
	case MEANS_THREAD_DAEMON: threads_daemon(threads, arg[0]); break;
	case MEANS_THREAD_TERMINATE: threads_terminate(threads, arg[0]); break;
	case MEANS_IDLE: idle(machine, arg[0]); break;
	case MEANS_SHUTDOWN: shutdown(machine, arg[0]); break;
	case MEANS_PANIC: panic(machine, arg[0]); break;
	default: break;
	}
}

void machine_fire(void *ctx, int number)
{
	struct machine *machine = ctx;
	const struct machine_site *site = &machine->site[number];
	const struct processor *processor = machine->processor;
	uint32_t arg[PROBE_ARGS] = { 0 };

	machine->speaker = site->image->image;
	machine->probe[site->name].fired++;
	machine_probe_arguments(machine, site, arg);
	journal_append(&machine->journal, EVENT_PROBE + site->name, processor_class(processor)->pc(processor),
	               site->probe->args, arg);
	const struct machine_probe_name *probe = &machine->probe[site->name];
	if (machine->status == MACHINE_RUNNING && !act_on_names(machine, probe, arg))
		act_on_threads(machine, probe->meaning, arg);
}
