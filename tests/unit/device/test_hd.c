/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disk driver (kernel/mach/device/hd.c) between requests at any time and a drive of whims: it answers well, or by
 * an error, or not at all; it comes back after a reset, or never; and there are interrupts that are nobody's.
 *
 * What must hold: every request ends once, in the order in which they came; one that ends well has moved all its bytes,
 * one with an error has moved those before its residual and none after; and no sector of the disk changes that no
 * request has written.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "device/ata.h"
#include "device/device.h"
#include "kern/clock.h"
#include "machine/pcb.h"
#include "tests/unit/random.h"

enum { SECTORS = 2000, SECTOR = 512, REQUESTS = 1000, PAGE = 4096, MOST = 700 * SECTOR };

/* --- the drive --- */

static struct {
	uint8_t disk[SECTORS][SECTOR];
	bool busy, writing, wants, error, silent, was_reset, mortal, dead, took;
	uint32_t sector, left;
	uint8_t given[SECTOR];
	unsigned resets, commands;
} drive;
static struct random whims;
static void (*interrupt)(unsigned line);

uint32_t ata_identify(void) { return SECTORS; }
uint8_t ata_look(void) { return drive.busy || drive.dead ? ATA_BUSY : ATA_READY; }

uint8_t ata_status(void)
{
	if (drive.busy || drive.dead)
		return ATA_BUSY;
	return (uint8_t)(ATA_READY | (drive.error ? ATA_ERROR : 0) | (drive.wants ? ATA_DATA : 0));
}

void ata_reset(void)
{
	drive.resets++;
	drive.was_reset = true;
	drive.busy = drive.wants = drive.error = drive.silent = false;
	drive.left = 0;
	drive.dead |= drive.mortal && random_below(&whims, 4) == 0;
}

static void command(uint32_t sector, uint32_t count, bool writing)
{
	cr_assert(!drive.left && !drive.busy, "one command at a time");
	cr_assert(count >= 1 && count <= 256 && sector + count <= SECTORS, "%u at %u", count, sector);
	drive.commands++;
	drive.sector = sector;
	drive.left = count;
	drive.writing = writing;
	drive.error = drive.took = false;
	drive.busy = !writing;
	drive.wants = writing;
}

void ata_read(uint32_t sector, uint32_t count) { command(sector, count, false); }
void ata_write(uint32_t sector, uint32_t count) { command(sector, count, true); }

/* Now and then a drive does not even take a write's first sector; then it says so by an interrupt, or says nothing. */
bool ata_wants_data(void)
{
	if (!drive.was_reset && random_below(&whims, 400) == 0)
		drive.wants = false;
	return drive.wants;
}

void ata_in(void *sector)
{
	cr_assert(drive.wants && !drive.writing && !drive.took, "data are there, once");
	memcpy(sector, drive.disk[drive.sector], SECTOR);
	drive.took = true;
}

void ata_out(const void *sector)
{
	cr_assert(drive.wants && drive.writing, "data are asked for");
	memcpy(drive.given, sector, SECTOR);
	drive.wants = false;
	drive.busy = drive.took = true;
}

/* --- the kernel around the driver --- */

static struct timer_elt *timer;

void interrupt_handler(unsigned line, void (*handler)(unsigned line))
{
	cr_assert_eq(line, 14);
	interrupt = handler;
}

void set_timeout(struct timer_elt *which, natural_t ticks)
{
	cr_assert_gt(ticks, 0);
	timer = which;
}

void reset_timeout(struct timer_elt *which)
{
	(void)which;
	timer = NULL;
}

void console_string(const char *text) { (void)text; }

/* --- requests --- */

struct asked {
	struct io_req request;
	uint8_t *data;
	bool done;
};
static struct asked asked[REQUESTS];
static unsigned first_open, asked_count;
static unsigned ended[3]; /* well, with an error, with a disk that is down */

/* What the disk must hold, and where it may hold anything: behind the last byte that a failed write has moved. */
static uint8_t must[SECTORS][SECTOR];
static bool unknown[SECTORS];

/* Data lie in pages with holes between, as they do in the kernel: a run ends at each page's end. */
void *io_req_data(const struct io_req *request, vm_offset_t at, vm_size_t *run)
{
	const struct asked *which = (const struct asked *)request;

	at += request->offset;
	*run = PAGE - at % PAGE;
	return which->data + at / PAGE * 2 * PAGE + at % PAGE;
}

static uint8_t *byte_of(const struct asked *which, vm_offset_t at)
{
	vm_size_t run;

	return io_req_data(&which->request, at, &run);
}

/* The request ends: as it should, by the drive's bytes. */
void io_done(io_req_t request)
{
	struct asked *which = (struct asked *)request;
	vm_size_t moved = request->bytes - request->residual;

	cr_assert_eq(which, &asked[first_open], "in their order");
	cr_assert(!which->done);
	which->done = true;
	drive.was_reset = false;
	first_open++;
	cr_assert(request->error == D_SUCCESS || request->error == D_IO_ERROR || request->error == D_DEVICE_DOWN);
	cr_assert(request->error != D_SUCCESS || request->residual == 0);
	cr_assert_eq(moved % SECTOR, 0);
	ended[request->error == D_SUCCESS ? 0 : request->error == D_IO_ERROR ? 1 : 2]++;
	for (vm_offset_t at = 0; at < moved; at++)
		cr_assert_eq(*byte_of(which, at), drive.disk[request->recnum + at / SECTOR][at % SECTOR], "byte %u", at);
	for (vm_offset_t at = 0; request->write && at < request->bytes; at++) {
		recnum_t sector = request->recnum + at / SECTOR;

		unknown[sector] = at >= moved;
		if (at < moved)
			must[sector][at % SECTOR] = *byte_of(which, at);
	}
	free(which->data);
}

static void ask(void)
{
	struct asked *which = &asked[asked_count++];
	vm_size_t sectors = random_below(&whims, 20) ? 1 + random_below(&whims, 9) : 1 + random_below(&whims, MOST / SECTOR);
	size_t room = (sectors * SECTOR / PAGE + 2) * 2 * PAGE;

	which->data = malloc(room);
	for (size_t n = 0; n < room; n++)
		which->data[n] = (uint8_t)random_next(&whims);
	which->request = (struct io_req){
		.write = random_below(&whims, 2), .recnum = random_below(&whims, SECTORS - (uint32_t)sectors),
		.bytes = sectors * SECTOR, .offset = random_below(&whims, 2) ? 0 : random_below(&whims, PAGE),
	};
	which->done = false;
	kern_return_t result = hd_ops.start(&which->request);
	if (result != D_IO_QUEUED) {
		which->request.error = result;
		io_done(&which->request);
	}
}

/* --- whims --- */

/* Some sectors are bad for good, others now and then. */
static bool fails(void)
{
	return drive.sector % 211 == 5 || random_below(&whims, 500) == 0;
}

static void fail(void)
{
	drive.busy = drive.wants = false;
	drive.error = true;
	drive.left = 0;
	interrupt(14);
}

static void step_drive(void)
{
	if (drive.dead || !drive.left || drive.silent)
		return;
	/* Never again, for this command: the driver puts up with that once a request. */
	if (!drive.was_reset && random_below(&whims, 300) == 0) {
		drive.silent = true;
		return;
	}
	if (fails()) {
		fail();
		return;
	}
	if (drive.writing && !drive.took) {
		drive.silent = true; /* it was not given anything */
		return;
	}
	drive.busy = false;
	if (drive.writing) {
		memcpy(drive.disk[drive.sector++], drive.given, SECTOR);
		drive.left--;
		drive.took = false;
		drive.wants = drive.left > 0;
		interrupt(14);
		return;
	}
	drive.wants = true;
	drive.took = false;
	if (drive.left == 1) {
		drive.left = 0; /* the data may be taken, and then another command given */
		interrupt(14);
		cr_assert(drive.took || drive.left, "the last sector was taken");
		return;
	}
	interrupt(14);
	cr_assert(drive.took);
	drive.sector++;
	drive.left--;
	drive.busy = true;
	drive.wants = false;
}

static void step_timer(void)
{
	struct timer_elt *which = timer;

	/* time does not pass while the drive has something to say */
	if (!which || !(drive.silent || drive.dead || !drive.left))
		return;
	timer = NULL;
	which->function(which->argument);
}

static void run(uint64_t seed, unsigned requests, bool mortal)
{
	static struct device device;

	whims = (struct random){seed};
	drive.mortal = mortal;
	for (unsigned n = 0; n < SECTORS; n++)
		for (unsigned at = 0; at < SECTOR; at++)
			must[n][at] = drive.disk[n][at] = (uint8_t)random_next(&whims);
	hd_init(&device);
	cr_assert(device.present && device.records == SECTORS && device.record_size == SECTOR);
	while (asked_count < requests || first_open < asked_count) {
		if (asked_count < requests && random_below(&whims, 12) == 0)
			ask();
		else if (random_below(&whims, 50) == 0 && !drive.left && !drive.busy)
			interrupt(14); /* nobody's */
		else if (random_below(&whims, 3))
			step_drive();
		else
			step_timer();
	}
	cr_assert_null(timer, "nothing is waited for any more");
	for (unsigned n = 0; n < SECTORS; n++)
		cr_assert(unknown[n] || !memcmp(drive.disk[n], must[n], SECTOR), "sector %u", n);
}

static void run_immortal(uint64_t seed)
{
	run(seed, REQUESTS, false);
	cr_assert_gt(ended[0], REQUESTS / 2);
	cr_assert_gt(ended[1], 0);
	cr_assert_gt(drive.resets, 3);
}

Test(hd, ends_every_request_once_and_in_order_1) { run_immortal(1); }
Test(hd, ends_every_request_once_and_in_order_2) { run_immortal(2); }
Test(hd, ends_every_request_once_and_in_order_3) { run_immortal(3); }

Test(hd, a_drive_that_dies_ends_all_that_wait_and_all_that_come)
{
	run(4, REQUESTS, true);
	cr_assert(drive.dead);
	cr_assert_gt(ended[0], 0);
	cr_assert_gt(ended[2], 10);
}

/* One read of one sector, by a drive that nothing happens to by itself. */
static struct io_req *one_read(uint32_t sector)
{
	static struct device device;
	struct asked *which = &asked[asked_count++];

	hd_init(&device);
	which->data = calloc(4, PAGE);
	which->request = (struct io_req){.recnum = sector, .bytes = SECTOR};
	cr_assert_eq(hd_ops.start(&which->request), D_IO_QUEUED);
	return &which->request;
}

Test(hd, a_sector_is_tried_three_times)
{
	struct io_req *request = one_read(5);

	for (unsigned n = 0; n < 3; n++) {
		cr_assert(!asked[0].done);
		fail();
	}
	cr_assert(asked[0].done);
	cr_assert_eq(request->error, D_IO_ERROR);
	cr_assert_eq(drive.commands, 3);
}

static void time_out(void)
{
	struct timer_elt *which = timer;

	timer = NULL;
	which->function(which->argument);
}

Test(hd, a_drive_is_reset_once_a_request)
{
	struct io_req *request = one_read(0);

	time_out(); /* it is reset */
	cr_assert_eq(drive.resets, 1);
	time_out(); /* it has come back, and gets the command again */
	cr_assert_eq(drive.commands, 2);
	cr_assert(!asked[0].done);
	time_out();
	cr_assert(asked[0].done);
	cr_assert_eq(request->error, D_DEVICE_DOWN);
	cr_assert_eq(drive.resets, 1);
	cr_assert_null(timer);
}
