/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mechanics of a disk: when a sector has passed under its head.
 *
 * The medium turns for ever, in step with simulated time: slot n of every track begins at tick n (modulo the sectors of
 * a track) of a clock that ticks once a sector.  The arm stands over a cylinder; a seek takes
 *
 *     track + (average - track) * (sqrt(d) - 1) / (sqrt(third) - 1)      d <= third, a third of the cylinders
 *     average + (full - average) * (d - third) / (all - third)           beyond
 *
 * for a distance of d cylinders: short seeks accelerate and brake all the way, long ones coast (Ruemmler and Wilkes, An
 * Introduction to Disk Drive Modeling, 1994).  Sectors follow each other on a track (interleave 1), tracks within a
 * cylinder, cylinders; each track begins some slots later than the one before it (skew), so that what follows is met in
 * time after a head switch or a seek to the next cylinder.
 *
 * Everything is in integers: a time is the first cycle of the processor at which it is so.
 *
 * What the drive keeps of what it read is one pass over one track, as an interval of ticks: the sectors whose slots
 * went by meanwhile are in the buffer.
 *
 * Invariants
 *   1. cylinder and head are those of the last sector accessed, or of the last seek.
 *   2. kept: every sector of the track whose slot has passed in ticks [first, end) is in the buffer; end - first is
 *      at most one turn.
 *   3. what was written since is not in the buffer.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/model/disk.h"

struct disk {
	const struct disk_model *model;
	uint64_t hertz;           /* the processor's clock */
	uint32_t cylinder, head;  /* where the arm stands, or goes */
	bool kept;                /* the buffer holds something */
	uint32_t track;           /* of it: cylinder * heads + head */
	uint64_t first, end;      /* ticks */
};

/* At cylinder 0. The model must outlive the disk. */
void disk_init(struct disk *disk, const struct disk_model *model, uint64_t hertz);
/* Ticks of the sector clock that have passed at a cycle; and the first cycle of a tick. */
uint64_t disk_ticks(const struct disk *disk, cycle_t cycle);
cycle_t disk_tick_cycle(const struct disk *disk, uint64_t tick);
/* The slot of a sector on its track: 0 .. sectors - 1. */
uint32_t disk_slot(const struct disk *disk, uint32_t sector);
/* How long a seek over so many cylinders takes, in cycles. */
cycle_t disk_seek_time(const struct disk *disk, uint32_t distance);

/* The arm begins to move to a sector's track at `from`; result: when it is there. */
cycle_t disk_move(struct disk *disk, uint32_t sector, cycle_t from);
/* Reads a sector, from the medium or the buffer, not before `from`; result: when all of it is in the buffer. */
cycle_t disk_read(struct disk *disk, uint32_t sector, cycle_t from);
/* Writes a sector whose data are there at `from`; result: when it is on the medium. */
cycle_t disk_write(struct disk *disk, uint32_t sector, cycle_t from);
/* So many turns more, from a cycle on. */
cycle_t disk_turns(const struct disk *disk, unsigned turns, cycle_t from);
/* Whether a sector is in one of the model's ranges. */
bool disk_in_ranges(const struct disk_ranges *ranges, uint32_t sector);
void disk_state(struct stream *stream, struct disk *disk);
