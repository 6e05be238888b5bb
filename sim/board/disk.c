/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/board/disk.h"

#include "sim/board/clock.h"

static const uint64_t SECONDS_A_MINUTE = 60;
enum { ROOT_BITS = 16 };

/* --- the medium --- */

/* The sector clock: sectors * rpm ticks in 60 seconds. */
uint64_t disk_ticks(const struct disk *disk, cycle_t cycle)
{
	return clock_ticks(cycle, (uint64_t)disk->model->sectors * disk->model->rpm, SECONDS_A_MINUTE * disk->hertz);
}

cycle_t disk_tick_cycle(const struct disk *disk, uint64_t tick)
{
	return clock_cycle(tick, (uint64_t)disk->model->sectors * disk->model->rpm, SECONDS_A_MINUTE * disk->hertz);
}

/* The first tick that begins at a cycle or later. */
static uint64_t next_tick(const struct disk *disk, cycle_t cycle)
{
	uint64_t tick = disk_ticks(disk, cycle);

	return disk_tick_cycle(disk, tick) < cycle ? tick + 1 : tick;
}

static uint32_t track_of(const struct disk *disk, uint32_t sector)
{
	return sector / disk->model->sectors;
}

/* Over the cylinders before, and the heads of this one, the skews add up. */
uint32_t disk_slot(const struct disk *disk, uint32_t sector)
{
	const struct disk_model *model = disk->model;
	uint32_t track = track_of(disk, sector), cylinder = track / model->heads, head = track % model->heads;
	uint32_t a_cylinder = (model->heads - 1) * model->head_skew + model->cylinder_skew;
	uint64_t skew = (uint64_t)cylinder * a_cylinder + (uint64_t)head * model->head_skew;

	return (uint32_t)((sector % model->sectors + skew) % model->sectors);
}

/* The first tick, at or after one, at which a slot begins. */
static uint64_t slot_tick(const struct disk *disk, uint32_t slot, uint64_t tick)
{
	uint32_t sectors = disk->model->sectors, at = (uint32_t)(tick % sectors);

	return tick + (slot + sectors - at) % sectors;
}

cycle_t disk_turns(const struct disk *disk, unsigned turns, cycle_t from)
{
	return disk_tick_cycle(disk, next_tick(disk, from) + (uint64_t)turns * disk->model->sectors);
}

/* --- the arm --- */

/* The root, rounded down, bit by bit from the highest. */
static uint64_t square_root(uint64_t square)
{
	uint64_t root = 0;

	for (uint64_t bit = 1ull << 31; bit; bit >>= 1)
		if ((root | bit) * (root | bit) <= square)
			root |= bit;
	return root;
}

/* The root of a distance less 1, with ROOT_BITS behind the point. */
static uint64_t root_above_1(uint32_t distance)
{
	return square_root((uint64_t)distance << 2 * ROOT_BITS) - (1u << ROOT_BITS);
}

cycle_t disk_seek_time(const struct disk *disk, uint32_t distance)
{
	const cycle_t *time = disk->model->time;
	uint32_t third = disk->model->cylinders / 3, all = disk->model->cylinders - 1;

	if (!distance)
		return 0;
	if (distance <= third)
		return time[DISK_SEEK_TRACK] + (cycle_t)((unsigned __int128)(time[DISK_SEEK_AVERAGE] - time[DISK_SEEK_TRACK]) *
		                                         root_above_1(distance) / root_above_1(third));
	return time[DISK_SEEK_AVERAGE] + (cycle_t)((unsigned __int128)(time[DISK_SEEK_FULL] - time[DISK_SEEK_AVERAGE]) *
	                                           (distance - third) / (all - third));
}

static uint32_t distance(uint32_t a, uint32_t b)
{
	return a < b ? b - a : a - b;
}

/* What goes by after the arm has left is not in the buffer. */
static void end_pass(struct disk *disk, cycle_t when)
{
	uint64_t tick = disk_ticks(disk, when);

	if (disk->kept && disk->end > tick)
		disk->end = tick;
	if (disk->kept && disk->end <= disk->first)
		disk->kept = false;
}

cycle_t disk_move(struct disk *disk, uint32_t sector, cycle_t from)
{
	uint32_t track = track_of(disk, sector), cylinder = track / disk->model->heads, head = track % disk->model->heads;
	uint32_t far = distance(disk->cylinder, cylinder);
	cycle_t takes = far ? disk_seek_time(disk, far) : head != disk->head ? disk->model->time[DISK_HEAD_SWITCH] : 0;

	if (far || head != disk->head)
		end_pass(disk, from);
	disk->cylinder = cylinder;
	disk->head = head;
	return from + takes;
}

/* --- reading and writing --- */

/* The tick at which a sector is in the buffer; false if this pass does not bring it. */
static bool kept_tick(const struct disk *disk, uint32_t sector, uint64_t *tick)
{
	if (!disk->kept || track_of(disk, sector) != disk->track)
		return false;
	*tick = slot_tick(disk, disk_slot(disk, sector), disk->first) + 1;
	return *tick <= disk->end;
}

/* A new pass over a sector's track, the arm there at `there`. */
static void begin_pass(struct disk *disk, uint32_t sector, cycle_t there)
{
	uint32_t sectors = disk->model->sectors;
	uint64_t tick = next_tick(disk, there), asked = slot_tick(disk, disk_slot(disk, sector), tick);
	bool whole = disk->model->buffer == DISK_BUFFER_TRACK;

	disk->kept = true;
	disk->track = track_of(disk, sector);
	disk->first = whole ? tick : asked;
	disk->end = whole ? tick + sectors : asked + (sectors - sector % sectors);
}

cycle_t disk_read(struct disk *disk, uint32_t sector, cycle_t from)
{
	uint64_t tick;

	if (!kept_tick(disk, sector, &tick)) {
		begin_pass(disk, sector, disk_move(disk, sector, from));
		(void)kept_tick(disk, sector, &tick);
	}
	if (disk->model->buffer == DISK_BUFFER_NONE)
		disk->kept = false;
	cycle_t when = disk_tick_cycle(disk, tick);
	return when > from ? when : from;
}

cycle_t disk_write(struct disk *disk, uint32_t sector, cycle_t from)
{
	cycle_t there = disk_move(disk, sector, from);

	if (disk->kept && disk->track == track_of(disk, sector))
		disk->kept = false;
	return disk_tick_cycle(disk, slot_tick(disk, disk_slot(disk, sector), next_tick(disk, there)) + 1);
}

bool disk_in_ranges(const struct disk_ranges *ranges, uint32_t sector)
{
	for (unsigned n = 0; n < ranges->count; n++)
		if (sector >= ranges->range[n].first && sector <= ranges->range[n].last)
			return true;
	return false;
}

/* --- life --- */

void disk_init(struct disk *disk, const struct disk_model *model, uint64_t hertz)
{
	*disk = (struct disk){.model = model, .hertz = hertz};
}

void disk_state(struct stream *stream, struct disk *disk)
{
	stream_field(stream, disk->cylinder);
	stream_field(stream, disk->head);
	stream_flag(stream, &disk->kept);
	stream_field(stream, disk->track);
	stream_field(stream, disk->first);
	stream_field(stream, disk->end);
}
