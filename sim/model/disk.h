/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disk of a model: geometry, times, a buffer, and what is wrong with it.
 *
 *   disk:
 *     cylinders, heads, sectors: the medium; sectors a track, of 512 bytes
 *     rpm: turns a minute
 *     head_skew, cylinder_skew: how many sectors later the next track of the cylinder, of the next cylinder, begins
 *     buffer: none | ahead | track
 *     write_buffer: 64            optional: sectors that a write may be ahead of the medium, 0 to 64; 0: it is over when
 *                                 all is on the medium
 *     seek.track, ...: times, each {time: 4ms, source: KEY, confidence: WORD}; by --set and set: just 4ms
 *     bad: "1000-1007 2000"       optional: sectors that cannot be read (UNC)
 *     lost: "3000"                optional: sectors that are not found, to read or to write (IDNF)
 *     stops_after: 1000           optional: so many commands are answered, and then none
 */
#pragma once
#include "sim/core/types.h"

struct yaml_node;
struct diagnostics;

/* X(NAME, "key", "what") */
#define DISK_TIMES(X)                                                                                           \
	X(SEEK_TRACK, "seek.track", "a seek to the next cylinder, settling included")                           \
	X(SEEK_AVERAGE, "seek.average", "a seek over a third of the cylinders")                                 \
	X(SEEK_FULL, "seek.full", "a seek over all cylinders")                                                  \
	X(HEAD_SWITCH, "head.switch", "another head of the same cylinder")                                      \
	X(COMMAND, "command", "the controller, from a command to the drive's first move")                       \
	X(SECTOR_GAP, "sector", "the controller, from one sector of a transfer to the next")                        \
	X(WRITE_OVERHEAD, "write.overhead",                                                                     \
	  "the controller, when a write is on the medium, or in the buffer, until it says so")

enum disk_time {
#define X(name, key, what) DISK_##name,
	DISK_TIMES(X)
#undef X
	DISK_TIME_COUNT
};

/* What the drive keeps of the track that it read last. X(NAME, "word") */
#define DISK_BUFFERS(X)                                                                              \
	X(NONE, "none")                                                                              \
	X(AHEAD, "ahead")       /* from the first sector asked for to the end of the track */        \
	X(TRACK, "track")       /* all of it, from the sector that comes first */

enum disk_buffer {
#define X(name, word) DISK_BUFFER_##name,
	DISK_BUFFERS(X)
#undef X
	DISK_BUFFER_COUNT
};

enum { DISK_SECTOR = 512, DISK_RANGES = 16, DISK_WRITE_BUFFER = 64, DISK_NEVER_STOPS = 0xffffffff };

/* Sectors with a fault. */
struct disk_ranges {
	struct { uint32_t first, last; } range[DISK_RANGES];
	unsigned count;
};

struct disk_model {
	bool present;             /* false: the model has no disk */
	uint32_t cylinders, heads, sectors, rpm;
	uint32_t head_skew, cylinder_skew;
	enum disk_buffer buffer;
	uint32_t write_buffer;    /* sectors, up to DISK_WRITE_BUFFER; 0: none */
	cycle_t time[DISK_TIME_COUNT]; /* cycles of the processor */
	struct disk_ranges bad, lost;
	uint32_t stops_after;     /* commands; DISK_NEVER_STOPS */
};

static inline uint32_t disk_model_sectors(const struct disk_model *disk)
{
	return disk->cylinders * disk->heads * disk->sectors;
}

/* Reads root's "disk", if it has one. hertz: the processor's clock; 0 if that was wrong. */
void disk_load(struct disk_model *disk, struct yaml_node *root, uint64_t hertz, struct diagnostics *diagnostics);
