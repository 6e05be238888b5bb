/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots of a whole machine: everything on which the rest of a run depends.
 * Each part describes its state once, and the same description saves and loads.
 * A machine that is restored from a snapshot goes on to the same digest.
 *
 * Not in a snapshot: what the configuration gives (images, model), and what the
 * engine holds (it starts afresh and asks again).
 */
#include <stdlib.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/machine/private.h"

static const uint32_t snapshot_magic = 0x4b554d53; /* "SMUK" */

/* Memory: only the pages that hold something. */
static void memory_state(struct stream *stream, struct machine *machine)
{
	static const uint8_t nothing[PAGE_SIZE];
	uint32_t pages = machine->config.model->memory >> PAGE_SHIFT;

	for (uint32_t page = 0; page < pages && !stream->failed; page++) {
		uint8_t *bytes = machine->ram + ((size_t)page << PAGE_SHIFT);
		uint8_t full = !stream->loading && memcmp(bytes, nothing, PAGE_SIZE) != 0;

		stream_field(stream, full);
		if (full)
			stream_bytes(stream, bytes, PAGE_SIZE);
		else if (stream->loading)
			memset(bytes, 0, PAGE_SIZE);
	}
}

static void names_state(struct stream *stream, struct machine_names *names)
{
	unsigned count = names->count;

	stream_field(stream, count);
	if (stream->loading && !stream->failed) {
		void *entries = realloc(names->entry, (count + 1) * sizeof *names->entry);

		if (!entries) {
			stream->failed = true;
			return;
		}
		names->entry = entries;
		names->count = count;
	}
	stream_bytes(stream, names->entry, count * sizeof *names->entry);
}

static void console_state(struct stream *stream, struct machine *machine)
{
	size_t size = machine->console_size;

	stream_field(stream, size);
	if (stream->loading && !stream->failed) {
		char *text = realloc(machine->console, size + 1);

		if (!text) {
			stream->failed = true;
			return;
		}
		machine->console = text;
		machine->console_capacity = size + 1;
		machine->console_size = size;
		text[size] = 0;
	}
	stream_bytes(stream, machine->console, size);
}

static void machine_state(struct stream *stream, struct machine *machine)
{
	ledger_state(stream, &machine->ledger);
	journal_state(stream, &machine->journal);
	board_state(stream, &machine->board);
	memory_state(stream, machine);
	processor_class(machine->processor)->state(stream, machine->processor);
	stream_bytes(stream, machine->span, machine->spans * sizeof *machine->span);
	stream_bytes(stream, machine->open, machine->spans * sizeof *machine->open);
	stream_bytes(stream, machine->value, machine->values * sizeof *machine->value);
	for (unsigned n = 0; n < machine->probes; n++)
		stream_field(stream, machine->probe[n].fired);
	names_state(stream, &machine->tasks);
	names_state(stream, &machine->threads);
	threads_state(stream, &machine->guest);
	console_state(stream, machine);
	stream_field(stream, machine->status);
	stream_field(stream, machine->reason);
}

enum muk_err machine_snapshot(struct machine *machine, struct stream *stream, struct muk_error *error)
{
	uint32_t magic = snapshot_magic;

	muk_assert(!machine->finished);
	stream_field(stream, magic);
	machine_state(stream, machine);
	if (stream->failed)
		return error_set(error, MUK_ERR_NOMEM, "out of memory taking a snapshot");
	return MUK_OK;
}

enum muk_err machine_restore(struct machine *machine, struct stream *stream, struct muk_error *error)
{
	uint32_t magic = 0;

	stream_rewind(stream);
	stream_field(stream, magic);
	if (stream->failed || magic != snapshot_magic)
		return error_set(error, MUK_ERR_INPUT, "this is no snapshot of a machine");
	machine_state(stream, machine);
	if (stream->failed)
		return error_set(error, MUK_ERR_INPUT, "the snapshot ends early, or memory is exhausted");
	return MUK_OK;
}
