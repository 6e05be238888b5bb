/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disk's mechanics against a second model, which lets the medium turn cycle by cycle and watches what passes under
 * the head; and against what was measured on such disks.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/board/disk.h"
#include "tests/unit/random.h"

/* --- the second model --- */

struct naive {
	const struct disk_model *model;
	uint64_t hertz;
	cycle_t now;
	uint32_t cylinder, head;
	int64_t passed_at[64]; /* of the track under the head: when each sector was last read in this pass; -1: not */
	uint32_t pass_track;
	bool passing;
	uint32_t pass_left;    /* sectors that the pass may still bring */
	bool pass_waits;       /* for the sector asked for */
	uint32_t pass_from;
};

/* The slot that is under the head in the midst of a cycle's end: how many slots have begun since the beginning. */
static uint64_t slots_begun(const struct naive *naive, cycle_t cycle)
{
	/* slot n begins at n * 60 * hertz / (rpm * sectors) cycles */
	uint64_t turn_share = (uint64_t)naive->model->rpm * naive->model->sectors;

	return cycle * turn_share / (60 * naive->hertz);
}

/* Which sector of a track has the n-th slot: skews are added up track by track. */
static uint32_t sector_in_slot(const struct naive *naive, uint32_t track, uint64_t slot)
{
	uint64_t begin = 0;

	for (uint32_t t = 1; t <= track; t++)
		begin += t % naive->model->heads ? naive->model->head_skew : naive->model->cylinder_skew;
	uint32_t sectors = naive->model->sectors;
	return (uint32_t)((slot % sectors + sectors - begin % sectors) % sectors);
}

/* One cycle later: if a slot ends now, its sector has been read. */
static void tick(struct naive *naive)
{
	uint64_t before = slots_begun(naive, naive->now), after;

	naive->now++;
	after = slots_begun(naive, naive->now);
	if (after == before || !naive->passing)
		return;
	if (naive->pass_waits) {
		/* the slot that begins now is the first of the pass, if it is the right one */
		naive->pass_waits = sector_in_slot(naive, naive->pass_track, after) != naive->pass_from;
		return;
	}
	if (naive->pass_left) {
		naive->pass_left--;
		naive->passed_at[sector_in_slot(naive, naive->pass_track, before)] = (int64_t)naive->now;
	}
}

static void run_to(struct naive *naive, cycle_t cycle)
{
	while (naive->now < cycle)
		tick(naive);
}

static uint64_t naive_root(uint64_t square)
{
	uint64_t low = 0, high = 1ull << 32;

	while (high - low > 1) {
		uint64_t middle = (low + high) / 2;

		if (middle * middle <= square)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static cycle_t naive_seek(const struct naive *naive, uint32_t d)
{
	const cycle_t *time = naive->model->time;
	uint32_t third = naive->model->cylinders / 3;
	uint64_t one = 65536;

	if (d > third)
		return time[DISK_SEEK_AVERAGE] + (time[DISK_SEEK_FULL] - time[DISK_SEEK_AVERAGE]) * (d - third) /
		                                         (naive->model->cylinders - 1 - third);
	return d ? time[DISK_SEEK_TRACK] + (time[DISK_SEEK_AVERAGE] - time[DISK_SEEK_TRACK]) *
	                                           (naive_root(d * one * one) - one) / (naive_root(third * one * one) - one)
	         : 0;
}

static void forget_pass(struct naive *naive)
{
	naive->passing = false;
	for (unsigned n = 0; n < 64; n++)
		naive->passed_at[n] = -1;
}

/* The arm goes to a track: what the buffer has stays, but nothing more comes in until a new pass. */
static void naive_move(struct naive *naive, uint32_t track)
{
	uint32_t cylinder = track / naive->model->heads, head = track % naive->model->heads;
	uint32_t d = cylinder > naive->cylinder ? cylinder - naive->cylinder : naive->cylinder - cylinder;

	if (d || head != naive->head)
		naive->pass_left = 0;
	cycle_t takes = d ? naive_seek(naive, d) : head != naive->head ? naive->model->time[DISK_HEAD_SWITCH] : 0;
	naive->cylinder = cylinder;
	naive->head = head;
	run_to(naive, naive->now + takes);
}

static bool at_slot_begin(const struct naive *naive)
{
	return naive->now == 0 || slots_begun(naive, naive->now) != slots_begun(naive, naive->now - 1);
}

static bool will_pass(const struct naive *naive, uint32_t track, uint32_t sector)
{
	if (!naive->passing || naive->pass_track != track)
		return false;
	if (naive->passed_at[sector] >= 0)
		return true;
	/* the pass goes on: is the sector among those that it still brings? */
	struct naive copy = *naive;
	while (copy.pass_left)
		tick(&copy);
	return copy.passed_at[sector] >= 0;
}

static cycle_t naive_read(struct naive *naive, uint32_t number, cycle_t from)
{
	uint32_t sectors = naive->model->sectors, track = number / sectors, sector = number % sectors;

	run_to(naive, from);
	if (!will_pass(naive, track, sector)) {
		naive_move(naive, track);
		forget_pass(naive);
		naive->passing = true;
		naive->pass_track = track;
		naive->pass_from = sector;
		bool whole = naive->model->buffer == DISK_BUFFER_TRACK;
		naive->pass_left = whole ? sectors : sectors - sector;
		while (!at_slot_begin(naive))
			naive->now++;
		naive->pass_waits =
			!whole && sector_in_slot(naive, track, slots_begun(naive, naive->now)) != sector;
	}
	while (naive->passed_at[sector] < 0)
		tick(naive);
	if (naive->model->buffer == DISK_BUFFER_NONE)
		forget_pass(naive);
	return naive->now;
}

static cycle_t naive_write(struct naive *naive, uint32_t number, cycle_t from)
{
	uint32_t sectors = naive->model->sectors, track = number / sectors, sector = number % sectors;

	run_to(naive, from);
	naive_move(naive, track);
	if (naive->pass_track == track)
		forget_pass(naive);
	while (!at_slot_begin(naive) || sector_in_slot(naive, track, slots_begun(naive, naive->now)) != sector)
		tick(naive);
	do
		tick(naive);
	while (!at_slot_begin(naive));
	return naive->now;
}

/* --- the comparison --- */

static const struct disk_model small = {
	.present = true, .cylinders = 40, .heads = 3, .sectors = 17, .rpm = 3600, .head_skew = 2, .cylinder_skew = 5,
	.time = {[DISK_SEEK_TRACK] = 300, [DISK_SEEK_AVERAGE] = 1500, [DISK_SEEK_FULL] = 3000, [DISK_HEAD_SWITCH] = 70},
};

static void compare(enum disk_buffer buffer, uint64_t seed)
{
	struct disk_model model = small;
	struct random random = {seed};
	struct naive naive = {.model = &model, .hertz = 100003};
	struct disk disk;
	cycle_t now = 0;
	uint32_t sector = 0;

	model.buffer = buffer;
	disk_init(&disk, &model, naive.hertz);
	forget_pass(&naive);
	for (unsigned n = 0; n < 400; n++) {
		sector = random_below(&random, 3) ? (sector + random_below(&random, 4)) % disk_model_sectors(&model)
		                                  : random_below(&random, disk_model_sectors(&model));
		now += random_below(&random, 2) ? 0 : random_below(&random, 900);
		bool write = random_below(&random, 4) == 0;
		cycle_t is = write ? disk_write(&disk, sector, now) : disk_read(&disk, sector, now);
		cycle_t must = write ? naive_write(&naive, sector, now) : naive_read(&naive, sector, now);
		cr_assert_eq(is, must, "buffer %d, access %u: sector %u at %lu %s: %lu, not %lu", buffer, n, sector,
		             (unsigned long)now, write ? "written" : "read", (unsigned long)is, (unsigned long)must);
		now = is;
	}
}

Test(disk, is_as_the_second_model_without_a_buffer)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		compare(DISK_BUFFER_NONE, seed);
}

Test(disk, is_as_the_second_model_with_reading_ahead)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		compare(DISK_BUFFER_AHEAD, seed);
}

Test(disk, is_as_the_second_model_with_a_buffer_of_a_track)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		compare(DISK_BUFFER_TRACK, seed);
}

Test(disk, every_seek_is_as_the_second_model_and_none_is_shorter_than_a_nearer_one)
{
	struct naive naive = {.model = &small, .hertz = 100003};
	struct disk disk;
	cycle_t before = 0;

	disk_init(&disk, &small, naive.hertz);
	for (uint32_t d = 0; d < small.cylinders; d++) {
		cr_assert_eq(disk_seek_time(&disk, d), naive_seek(&naive, d), "over %u cylinders", d);
		cr_assert_geq(disk_seek_time(&disk, d), before);
		before = disk_seek_time(&disk, d);
	}
	cr_assert_eq(disk_seek_time(&disk, 1), small.time[DISK_SEEK_TRACK]);
	cr_assert_eq(disk_seek_time(&disk, small.cylinders / 3), small.time[DISK_SEEK_AVERAGE]);
	cr_assert_eq(disk_seek_time(&disk, small.cylinders - 1), small.time[DISK_SEEK_FULL]);
}

/* --- the class of disk --- */

enum { MS = 25000 /* cycles at 25 MHz */, PAGE_SECTORS = 8 };

static const struct disk_model of_1991 = {
	.present = true, .cylinders = 1224, .heads = 15, .sectors = 35, .rpm = 3600, .head_skew = 3, .cylinder_skew = 10,
	.time = {[DISK_SEEK_TRACK] = 4 * MS, [DISK_SEEK_AVERAGE] = 16 * MS, [DISK_SEEK_FULL] = 35 * MS,
	         [DISK_HEAD_SWITCH] = MS, [DISK_COMMAND] = 3 * MS / 2},
};

static cycle_t read_page(struct disk *disk, uint32_t page, cycle_t now)
{
	now += of_1991.time[DISK_COMMAND];
	for (unsigned n = 0; n < PAGE_SECTORS; n++)
		now = disk_read(disk, page * PAGE_SECTORS + n, now);
	return now;
}

/* The mean of 4 KB reads, in microseconds; so many cycles pass between them, which count. */
static uint64_t mean_read(uint32_t (*next)(void *ctx, uint32_t page), void *ctx, uint32_t page, cycle_t pause)
{
	enum { READS = 2000 };
	struct disk disk;
	cycle_t now = 0;

	disk_init(&disk, &of_1991, 25000000);
	now = read_page(&disk, page, now);
	cycle_t begin = now;
	for (unsigned n = 0; n < READS; n++) {
		page = next(ctx, page);
		now = read_page(&disk, page, now + pause);
	}
	return (now - begin) / READS / 25;
}

static uint32_t upward(void *ctx, uint32_t page) { (void)ctx; return page + 1; }
static uint32_t downward(void *ctx, uint32_t page) { (void)ctx; return page - 1; }
static uint32_t anywhere(void *ctx, uint32_t page)
{
	(void)page;
	return random_below(ctx, disk_model_sectors(&of_1991) / PAGE_SECTORS);
}

Test(disk, pages_read_one_after_the_other_miss_a_turn_each)
{
	/* 16.7 ms of a turn and 3.8 ms of media; more where a page lies on two tracks, for the skew */
	uint64_t us = mean_read(upward, NULL, 0, MS);

	cr_assert(us >= 20400 && us <= 21500, "%lu us", (unsigned long)us);
}

Test(disk, pages_read_downward_take_three_quarters_of_a_turn)
{
	uint64_t us = mean_read(downward, NULL, 4000, MS);

	cr_assert(us >= 12500 && us <= 14300, "%lu us", (unsigned long)us);
}

Test(disk, pages_read_anywhere_take_28_to_30_ms)
{
	struct random random = {1991};
	/* 16 ms of seek, 8.3 ms of half a turn, 3.8 ms of media, 1.5 ms of controller */
	uint64_t us = mean_read(anywhere, &random, 0, 0);

	cr_assert(us >= 28000 && us <= 30000, "%lu us", (unsigned long)us);
}

Test(disk, a_large_read_is_as_fast_as_the_medium_but_for_the_skews)
{
	struct disk disk;
	cycle_t now = 0;
	unsigned sectors = 35 * 15 * 4;

	disk_init(&disk, &of_1991, 25000000);
	for (unsigned n = 0; n < sectors; n++)
		now = disk_read(&disk, n, now);
	uint64_t slots = disk_ticks(&disk, now);
	/* 4 cylinders of 15 tracks: 14 head skews each, and 3 cylinder skews between */
	cr_assert_eq(slots, sectors + 4 * 14 * 3 + 3 * 10, "%lu", (unsigned long)slots);
}
