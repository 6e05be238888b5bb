/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The drive's protocol (ATA-1 §8 and §9).
 *
 *            command                 when: IDE_OFFER
 *   READY ------------> BUSY ------------------------> IN     a sector is in the buffer: DRQ, interrupt
 *     ^  \ begin_write   ^ ^        word 255            |
 *     |   \              | '----------------------------'     after_in: the next sector, or READY after the last
 *     |    v   word 255  |   when: IDE_ACCEPT
 *     |    OUT --------> BUSY ------------> OUT               after_out: the next sector is asked for: DRQ, interrupt
 *     |                  |
 *     '------------------'   when: IDE_DONE, IDE_FAIL         interrupt; IDE_AWAKE (after a reset): none
 *
 *   any --SRST--> HELD --SRST off--> BUSY (IDE_AWAKE);   READY --command, too many--> STOPPED, for ever
 *
 * A read's sectors come off the medium one after the other, whatever the host does meanwhile: the buffer has room.  A
 * write's sectors are taken as fast as the host gives them, and go to the medium as they are met; the last interrupt
 * comes when all of them are there, and the controller has said so.  With a write buffer it comes when they are in the
 * buffer and it has room for one more; what else the medium is to do waits until it has got them.
 *
 * Invariants
 *   1. BUSY: when is ahead of the last ide_sync.
 *   2. IN, OUT: word is below 256, and left counts the sector in the buffer.
 *   3. registers are written only while READY: a busy drive does not listen, except to 3F6h.
 *
 * Simplified: the data of a write are in the store when the host has given them, though no one can see them before they
 * are on the medium; a soft reset forgets no data.
 */
#include "sim/board/ide.h"

enum { STATUS_ERROR = 0x01, STATUS_DATA = 0x08, STATUS_SEEK = 0x10, STATUS_READY = 0x40, STATUS_BUSY = 0x80 };
enum { ERROR_ABORTED = 0x04, ERROR_NO_ID = 0x10, ERROR_UNCORRECTABLE = 0x40, DIAGNOSTIC_PASSED = 0x01 };
enum { DRIVE_HEAD = 0x0f, DRIVE_SLAVE = 0x10, DRIVE_LBA = 0x40, DRIVE_ONES = 0xa0 };
enum { CONTROL_NO_INTERRUPT = 0x02, CONTROL_RESET = 0x04 };
enum { COMMAND_RECALIBRATE = 0x10, COMMAND_READ = 0x20, COMMAND_WRITE = 0x30, COMMAND_SEEK = 0x70,
       COMMAND_DIAGNOSTIC = 0x90, COMMAND_PARAMETERS = 0x91, COMMAND_IDENTIFY = 0xec, COMMAND_NO_RETRY = 0x01 };
static const uint32_t NOWHERE = UINT32_MAX;
enum { RETRY_TURNS = 8, LAST_WORD = DISK_SECTOR / 2 - 1 };

/* --- states --- */

static void busy(struct ide *ide, enum ide_then then, cycle_t when)
{
	ide->phase = IDE_BUSY;
	ide->then = then;
	ide->when = when;
}

static void fail(struct ide *ide, uint8_t error, cycle_t when)
{
	ide->fails_with = error;
	busy(ide, IDE_FAIL, when);
}

static void end_command(struct ide *ide, uint8_t error)
{
	ide->phase = IDE_READY;
	ide->error = error;
	ide->failed = error != 0;
	if (ide->listener.done)
		ide->listener.done(ide->listener.ctx, error);
}

static bool listens(const struct ide *ide)
{
	return ide->phase == IDE_READY;
}

/* --- addresses --- */

/* The sector that the registers name; false if it is not on the disk, and NOWHERE if it cannot be anywhere. */
static bool address(const struct ide *ide, uint32_t *sector)
{
	uint32_t cylinder = (uint32_t)(ide->cylinder_low | ide->cylinder_high << 8), head = ide->drive & DRIVE_HEAD;
	uint64_t number = (uint64_t)head << 24 | cylinder << 8 | ide->sector;

	*sector = NOWHERE;
	if (!(ide->drive & DRIVE_LBA)) {
		if (!ide->sector || ide->sector > ide->logical_sectors || head >= ide->logical_heads)
			return false;
		number = ((uint64_t)cylinder * ide->logical_heads + head) * ide->logical_sectors + ide->sector - 1u;
	}
	*sector = number < NOWHERE ? (uint32_t)number : NOWHERE;
	return number < disk_model_sectors(ide->model);
}

/* The registers name the sector of now: the last that was done, or the one that failed. */
static void tell_address(struct ide *ide)
{
	uint32_t track, cylinder = ide->at >> 8 & 0xffff, head = ide->at >> 24;

	if (ide->drive & DRIVE_LBA) {
		ide->sector = (uint8_t)ide->at;
	} else {
		track = ide->at / ide->logical_sectors;
		cylinder = track / ide->logical_heads;
		head = track % ide->logical_heads;
		ide->sector = (uint8_t)(ide->at % ide->logical_sectors + 1);
	}
	ide->cylinder_low = (uint8_t)cylinder;
	ide->cylinder_high = (uint8_t)(cylinder >> 8);
	ide->drive = (uint8_t)((ide->drive & ~DRIVE_HEAD) | head);
}

/* --- reading and writing --- */

/* What is wrong with the sector of now: an error, 0 for nothing. */
static uint8_t fault(const struct ide *ide, bool reading)
{
	if (ide->at >= disk_model_sectors(ide->model) || disk_in_ranges(&ide->model->lost, ide->at))
		return ERROR_NO_ID;
	return reading && disk_in_ranges(&ide->model->bad, ide->at) ? ERROR_UNCORRECTABLE : 0;
}

/* The drive has given up on the sector of now: at once beyond the disk's end, else after some turns. */
static void give_up(struct ide *ide, uint8_t error)
{
	bool exists = ide->at < disk_model_sectors(ide->model);
	unsigned turns = ide->command & COMMAND_NO_RETRY ? 1 : RETRY_TURNS;

	if (exists)
		ide->medium = disk_turns(&ide->disk, turns, disk_move(&ide->disk, ide->at, ide->medium));
	fail(ide, error, ide->medium);
}

/* The sector of now is read, and offered not before `from`. */
static void read_sector(struct ide *ide, cycle_t from)
{
	uint8_t error = fault(ide, true);

	if (error) {
		give_up(ide, error);
		return;
	}
	ide->medium = disk_read(&ide->disk, ide->at, ide->medium);
	busy(ide, IDE_OFFER, ide->medium > from ? ide->medium : from);
}

static void after_in(struct ide *ide, cycle_t now)
{
	if (ide->command == COMMAND_IDENTIFY || --ide->left == 0) {
		ide->count = 0;
		end_command(ide, 0);
		return;
	}
	ide->count = (uint8_t)ide->left;
	ide->at++;
	read_sector(ide, now + ide->model->time[DISK_SECTOR_GAP]);
}

static cycle_t later(cycle_t one, cycle_t other)
{
	return one > other ? one : other;
}

/* When the write buffer has room for another sector: when the one that was taken so many sectors before is written. */
static cycle_t room(const struct ide *ide)
{
	return ide->written[(ide->taken - ide->model->write_buffer) % DISK_WRITE_BUFFER];
}

static void end_write(struct ide *ide, cycle_t now)
{
	const cycle_t over = ide->model->write_buffer ? later(now, room(ide)) : ide->medium;

	busy(ide, IDE_DONE, over + ide->model->time[DISK_WRITE_OVERHEAD]);
}

static void ask_for_sector(struct ide *ide, cycle_t when)
{
	busy(ide, IDE_ACCEPT, ide->model->write_buffer ? later(when, room(ide)) : when);
}

/* A sector has been given: it goes to the medium; another is asked for, or the end is waited for. */
static void after_out(struct ide *ide, cycle_t now)
{
	uint8_t error = fault(ide, false);

	if (ide->medium < now)
		ide->medium = now;
	if (error) {
		give_up(ide, error);
		return;
	}
	if (!store_write(&ide->store, ide->at, ide->data))
		ide->out_of_memory = true;
	ide->medium = disk_write(&ide->disk, ide->at, ide->medium);
	ide->written[ide->taken++ % DISK_WRITE_BUFFER] = ide->medium;
	ide->count = (uint8_t)--ide->left;
	if (!ide->left) {
		end_write(ide, now);
		return;
	}
	ide->at++;
	ask_for_sector(ide, now + ide->model->time[DISK_SECTOR_GAP]);
}

/* --- commands --- */

static void native_parameters(struct ide *ide)
{
	ide->logical_heads = (uint8_t)ide->model->heads;
	ide->logical_sectors = (uint8_t)ide->model->sectors;
}

/* The registers after a reset or a diagnostic: the signature of a disk. */
static void sign(struct ide *ide)
{
	ide->count = ide->sector = 1;
	ide->cylinder_low = ide->cylinder_high = 0;
	ide->drive = DRIVE_ONES;
	ide->error = DIAGNOSTIC_PASSED;
	ide->failed = false;
}

static void begin_transfer(struct ide *ide, cycle_t start)
{
	bool reading = (ide->command & ~COMMAND_NO_RETRY) == COMMAND_READ;

	ide->left = ide->count ? ide->count : 256;
	ide->medium = start;
	if (!address(ide, &ide->at)) {
		fail(ide, ERROR_NO_ID, start);
	} else if (reading) {
		read_sector(ide, start);
	} else {
		ide->medium = disk_move(&ide->disk, ide->at, start);
		ide->phase = IDE_OUT;
		ide->word = 0;
	}
}

static void begin_seek(struct ide *ide, cycle_t start)
{
	if (address(ide, &ide->at))
		busy(ide, IDE_DONE, disk_move(&ide->disk, ide->at, start));
	else
		fail(ide, ERROR_NO_ID, start);
}

static void begin_parameters(struct ide *ide, cycle_t start)
{
	if (!ide->count) {
		fail(ide, ERROR_ABORTED, start);
		return;
	}
	ide->logical_heads = (uint8_t)((ide->drive & DRIVE_HEAD) + 1);
	ide->logical_sectors = ide->count;
	busy(ide, IDE_DONE, start);
}

static void begin_command(struct ide *ide, uint8_t command, cycle_t now)
{
	cycle_t start = now + ide->model->time[DISK_COMMAND];

	if (ide->model->write_buffer)
		start = later(start, ide->medium);
	ide->command = command;
	ide->at = 0;
	ide->error = 0;
	ide->failed = false;
	if ((command & 0xf0) == COMMAND_RECALIBRATE)
		busy(ide, IDE_DONE, disk_move(&ide->disk, 0, start));
	else if ((command & 0xf0) == COMMAND_SEEK)
		begin_seek(ide, start);
	else if ((command & ~COMMAND_NO_RETRY) == COMMAND_READ || (command & ~COMMAND_NO_RETRY) == COMMAND_WRITE)
		begin_transfer(ide, start);
	else if (command == COMMAND_PARAMETERS)
		begin_parameters(ide, start);
	else if (command == COMMAND_IDENTIFY || command == COMMAND_DIAGNOSTIC)
		busy(ide, command == COMMAND_IDENTIFY ? IDE_OFFER : IDE_DONE, start);
	else
		fail(ide, ERROR_ABORTED, start);
}

static void write_command(struct ide *ide, uint8_t command, cycle_t now)
{
	uint32_t sector = 0;

	if (!listens(ide) || ((ide->drive & DRIVE_SLAVE) && command != COMMAND_DIAGNOSTIC))
		return;
	ide->intrq = false;
	if (ide->commands == ide->model->stops_after) {
		ide->phase = IDE_STOPPED;
		return;
	}
	ide->commands++;
	if (ide->listener.command) {
		(void)address(ide, &sector);
		ide->listener.command(ide->listener.ctx, command, sector, ide->count ? ide->count : 256);
	}
	begin_command(ide, command, now);
}

/* --- time --- */

static void offer(struct ide *ide)
{
	if (ide->command == COMMAND_IDENTIFY) {
		ide_identify(ide);
	} else {
		store_read(&ide->store, ide->at, ide->data);
		tell_address(ide);
	}
	ide->phase = IDE_IN;
	ide->word = 0;
}

static void done(struct ide *ide)
{
	bool transfer = (ide->command & ~COMMAND_NO_RETRY) == COMMAND_WRITE;

	if (transfer)
		tell_address(ide);
	end_command(ide, 0);
	if (ide->command == COMMAND_DIAGNOSTIC) {
		native_parameters(ide);
		sign(ide);
	}
}

/* What BUSY was for. */
static void end_busy(struct ide *ide)
{
	bool transfer = ide->fails_with != ERROR_ABORTED && (ide->command & 0xf0) != COMMAND_SEEK;

	ide->intrq = ide->then != IDE_AWAKE;
	switch (ide->then) {
	case IDE_OFFER:
		offer(ide);
		break;
	case IDE_ACCEPT:
		ide->phase = IDE_OUT;
		ide->word = 0;
		break;
	case IDE_DONE:
		done(ide);
		break;
	case IDE_FAIL:
		if (transfer && ide->at < disk_model_sectors(ide->model))
			tell_address(ide);
		ide->count = (uint8_t)ide->left;
		end_command(ide, ide->fails_with);
		break;
	case IDE_AWAKE:
		ide->phase = IDE_READY;
		sign(ide);
		break;
	}
}

void ide_sync(struct ide *ide, cycle_t now)
{
	if (ide->phase == IDE_BUSY && ide->when <= now)
		end_busy(ide); /* which waits for the host, whatever it was */
}

cycle_t ide_next(const struct ide *ide)
{
	return ide->phase == IDE_BUSY ? ide->when : CYCLE_NEVER;
}

/* --- registers --- */

uint8_t ide_alternate_status(const struct ide *ide)
{
	if (ide->drive & DRIVE_SLAVE)
		return 0; /* nobody is there */
	if (ide->phase == IDE_BUSY || ide->phase == IDE_HELD || ide->phase == IDE_STOPPED)
		return STATUS_BUSY;
	return (uint8_t)(STATUS_READY | STATUS_SEEK | (ide->failed ? STATUS_ERROR : 0) |
	                 (ide->phase == IDE_READY ? 0 : STATUS_DATA));
}

bool ide_line(const struct ide *ide)
{
	return ide->intrq && !(ide->control & CONTROL_NO_INTERRUPT) && !(ide->drive & DRIVE_SLAVE);
}

uint8_t ide_in(struct ide *ide, unsigned reg, cycle_t now)
{
	(void)now;
	switch (reg & 7) {
	case IDE_ERROR: return ide->error;
	case IDE_COUNT: return ide->count;
	case IDE_SECTOR: return ide->sector;
	case IDE_CYLINDER_LOW: return ide->cylinder_low;
	case IDE_CYLINDER_HIGH: return ide->cylinder_high;
	case IDE_DRIVE: return ide->drive;
	case IDE_STATUS:
		if (!(ide->drive & DRIVE_SLAVE))
			ide->intrq = false;
		return ide_alternate_status(ide);
	default: return 0xff;
	}
}

void ide_out(struct ide *ide, unsigned reg, uint8_t value, cycle_t now)
{
	if ((reg & 7) == IDE_COMMAND) {
		write_command(ide, value, now);
		return;
	}
	if (!listens(ide))
		return;
	switch (reg & 7) {
	case IDE_FEATURES: ide->features = value; break;
	case IDE_COUNT: ide->count = value; break;
	case IDE_SECTOR: ide->sector = value; break;
	case IDE_CYLINDER_LOW: ide->cylinder_low = value; break;
	case IDE_CYLINDER_HIGH: ide->cylinder_high = value; break;
	case IDE_DRIVE: ide->drive = value | DRIVE_ONES; break;
	default: break;
	}
}

uint16_t ide_data_in(struct ide *ide, cycle_t now)
{
	if (ide->phase != IDE_IN)
		return 0xffff;
	uint16_t value = (uint16_t)(ide->data[2 * ide->word] | ide->data[2 * ide->word + 1] << 8);
	if (ide->word++ == LAST_WORD)
		after_in(ide, now);
	return value;
}

void ide_data_out(struct ide *ide, uint16_t value, cycle_t now)
{
	if (ide->phase != IDE_OUT)
		return;
	ide->data[2 * ide->word] = (uint8_t)value;
	ide->data[2 * ide->word + 1] = (uint8_t)(value >> 8);
	if (ide->word++ == LAST_WORD)
		after_out(ide, now);
}

/* SRST: the command under way is forgotten; the drive awakes some time after the host lets go. */
void ide_control(struct ide *ide, uint8_t value, cycle_t now)
{
	bool held = value & CONTROL_RESET;

	ide->control = value;
	if (ide->phase == IDE_STOPPED)
		return;
	if (held) {
		ide->phase = IDE_HELD;
		ide->intrq = false;
		ide->drive = DRIVE_ONES;
	} else if (ide->phase == IDE_HELD) {
		busy(ide, IDE_AWAKE, now + ide->model->time[DISK_COMMAND]);
	}
}

/* --- life --- */

bool ide_init(struct ide *ide, const struct disk_model *model, uint64_t hertz, const void *image, uint64_t image_size,
              const struct ide_listener *listener)
{
	*ide = (struct ide){.model = model};
	if (listener)
		ide->listener = *listener;
	disk_init(&ide->disk, model, hertz);
	native_parameters(ide);
	sign(ide);
	return store_init(&ide->store, image, image_size, (uint64_t)disk_model_sectors(model) * DISK_SECTOR);
}

void ide_free(struct ide *ide)
{
	store_free(&ide->store);
}
