/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drive in snapshots. */
#include "sim/board/ide.h"

/* Whether what was loaded is a state that the drive can be in. */
static bool is_sound(const struct ide *ide, uint32_t phase, uint32_t then)
{
	bool data = phase == IDE_IN || phase == IDE_OUT;

	return phase <= IDE_STOPPED && then <= IDE_AWAKE && ide->word < DISK_SECTOR / 2 + !data && ide->logical_heads &&
	       ide->logical_sectors && (phase != IDE_BUSY || then != IDE_OFFER || ide->at < disk_model_sectors(ide->model));
}

static void phase_state(struct stream *stream, struct ide *ide)
{
	uint32_t phase = ide->phase, then = ide->then;

	stream_field(stream, phase);
	stream_field(stream, then);
	if (!is_sound(ide, phase, then)) {
		stream->failed = true;
		return;
	}
	ide->phase = (enum ide_phase)phase;
	ide->then = (enum ide_then)then;
}

void ide_state(struct stream *stream, struct ide *ide)
{
	uint8_t *const byte[] = {&ide->error, &ide->features, &ide->count, &ide->sector, &ide->cylinder_low,
	                         &ide->cylinder_high, &ide->drive, &ide->control, &ide->logical_heads,
	                         &ide->logical_sectors, &ide->command, &ide->fails_with};
	bool *const flag[] = {&ide->out_of_memory, &ide->failed, &ide->intrq};

	for (size_t i = 0; i < sizeof byte / sizeof byte[0]; i++)
		stream_bytes(stream, byte[i], 1);
	for (size_t i = 0; i < sizeof flag / sizeof flag[0]; i++)
		stream_flag(stream, flag[i]);
	stream_field(stream, ide->when);
	stream_field(stream, ide->at);
	stream_field(stream, ide->left);
	stream_field(stream, ide->medium);
	stream_field(stream, ide->written);
	stream_field(stream, ide->taken);
	stream_field(stream, ide->data);
	stream_field(stream, ide->word);
	stream_field(stream, ide->commands);
	phase_state(stream, ide);
	disk_state(stream, &ide->disk);
	store_state(stream, &ide->store);
}
