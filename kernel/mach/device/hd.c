/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "hd0a": the first IDE disk as one partition, one request at a time, first come, first served.
 *
 *          hd_start, or next_request                 interrupt, all sectors moved
 *   IDLE ------------------------------> MOVING --------------------------------> IDLE, or MOVING with the next
 *                                         |  ^
 *                            timeout (1st)|  | timer: the drive has come back: the command again
 *                                         v  |
 *                                      RESETTING --timer: it has not--> DEAD     MOVING --timeout (2nd)--> DEAD
 *
 * A sector that the drive reports an error for is tried again some times; then the request ends with D_IO_ERROR, and
 * what of it was moved counts.  DEAD is for good: every request ends with D_DEVICE_DOWN.
 *
 * Invariants
 *   1. MOVING, RESETTING: queue.first is the request under way, and the timer runs.
 *   2. at: bytes of it that are done; left: sectors that the command has still to move.
 *   3. interrupts come upon user mode, the idle loop and the kernel's windows only: nothing here is entered twice.
 */
#include "base/console.h"
#include "base/memory.h"
#include "device/ata.h"
#include "device/device.h"
#include "kern/clock.h"
#include "machine/pcb.h"

enum { TRIES = 3, COMMAND_SECONDS = 5, RESET_SECONDS = 2 };

static struct {
	enum { HD_IDLE, HD_MOVING, HD_RESETTING, HD_DEAD } state;
	struct { io_req_t first, last; } queue;
	vm_size_t at;
	natural_t left;
	unsigned errors;       /* of the sector at hand */
	bool was_reset;        /* for the request under way */
	struct timer_elt timer;
} hd;

static void next_request(void);

/* --- data --- */

/* A sector that lies across two pages goes through this. */
static char bounce[ATA_SECTOR];

static void bounce_copy(const struct io_req *request, bool in)
{
	vm_size_t done = 0, run;

	for (; done < ATA_SECTOR; done += run) {
		void *data = io_req_data(request, hd.at + done, &run);

		if (run > ATA_SECTOR - done)
			run = ATA_SECTOR - done;
		if (in)
			memcpy(data, bounce + done, run);
		else
			memcpy(bounce + done, data, run);
	}
}

static void take_sector(const struct io_req *request)
{
	vm_size_t run;
	void *data = io_req_data(request, hd.at, &run);

	if (run >= ATA_SECTOR) {
		ata_in(data);
	} else {
		ata_in(bounce);
		bounce_copy(request, true);
	}
}

static void give_sector(const struct io_req *request)
{
	vm_size_t run;
	const void *data = io_req_data(request, hd.at, &run);

	if (run >= ATA_SECTOR) {
		ata_out(data);
	} else {
		bounce_copy(request, false);
		ata_out(bounce);
	}
}

/* --- the request under way --- */

/* It is over: whoever waits is told, and the next one begins. */
static void end_request(kern_return_t error)
{
	io_req_t request = hd.queue.first;

	reset_timeout(&hd.timer);
	hd.queue.first = request->next;
	request->error = error;
	request->residual = request->bytes - hd.at;
	io_done(request);
	if (hd.state == HD_DEAD)
		return;
	hd.state = HD_IDLE;
	if (hd.queue.first)
		next_request();
}

/* Gives the drive the rest of the request, as much as a command can name. */
static void give_command(void)
{
	io_req_t request = hd.queue.first;
	natural_t sectors = (request->bytes - hd.at) / ATA_SECTOR;
	recnum_t sector = request->recnum + hd.at / ATA_SECTOR;

	hd.state = HD_MOVING;
	hd.left = sectors < ATA_SECTORS_MAX ? sectors : ATA_SECTORS_MAX;
	set_timeout(&hd.timer, COMMAND_SECONDS * HZ);
	if (!request->write) {
		ata_read(sector, hd.left);
		return;
	}
	ata_write(sector, hd.left);
	if (ata_wants_data())
		give_sector(request);
	/* else it says why by an interrupt, or says nothing until the timeout */
}

static void next_request(void)
{
	hd.at = 0;
	hd.errors = 0;
	hd.was_reset = false;
	give_command();
}

static void sector_failed(void)
{
	if (++hd.errors < TRIES)
		give_command();
	else
		end_request(D_IO_ERROR);
}

/* The sector at hand is done. */
static void sector_moved(void)
{
	hd.errors = 0;
	hd.at += ATA_SECTOR;
	hd.left--;
}

/* A write's interrupt: the sector given last has been taken; after the last, all are on the medium. */
static void write_goes_on(io_req_t request)
{
	sector_moved();
	if (hd.left)
		give_sector(request);
}

static void read_goes_on(io_req_t request)
{
	take_sector(request);
	sector_moved();
}

static void hd_interrupt(unsigned line)
{
	uint8_t status = ata_status();
	io_req_t request = hd.queue.first;

	(void)line;
	if (hd.state != HD_MOVING || (status & ATA_BUSY))
		return; /* nobody's */
	if (status & (ATA_ERROR | ATA_FAULT)) {
		sector_failed();
		return;
	}
	if (!request->write && !(status & ATA_DATA))
		return;
	if (request->write)
		write_goes_on(request);
	else
		read_goes_on(request);
	if (hd.left)
		return;
	if (hd.at == request->bytes)
		end_request(D_SUCCESS);
	else
		give_command();
}

/* --- a drive that does not answer --- */

static void die(void)
{
	hd.state = HD_DEAD;
	console_string("hd0: does not answer\n");
	for (; hd.queue.first; hd.at = 0)
		end_request(D_DEVICE_DOWN);
}

static void hd_timeout(void *unused)
{
	(void)unused;
	if (hd.state == HD_MOVING && !hd.was_reset) {
		hd.was_reset = true;
		hd.state = HD_RESETTING;
		ata_reset();
		set_timeout(&hd.timer, RESET_SECONDS * HZ);
	} else if (hd.state == HD_RESETTING && !(ata_status() & ATA_BUSY)) {
		give_command();
	} else {
		die();
	}
}

/* --- the device --- */

static kern_return_t hd_start(io_req_t request)
{
	if (hd.state == HD_DEAD) {
		request->residual = request->bytes;
		return D_DEVICE_DOWN;
	}
	request->next = NULL;
	if (hd.queue.first) {
		hd.queue.last->next = request;
		hd.queue.last = request;
		return D_IO_QUEUED;
	}
	hd.queue.first = hd.queue.last = request;
	next_request();
	return D_IO_QUEUED;
}

const struct device_ops hd_ops = {.start = hd_start};

void hd_init(device_t device)
{
	hd.timer.function = hd_timeout;
	device->record_size = ATA_SECTOR;
	device->records = ata_identify();
	device->present = device->records != 0;
	if (device->present)
		interrupt_handler(ATA_LINE, hd_interrupt);
}
