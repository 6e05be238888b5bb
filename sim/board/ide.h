/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An IDE disk: one drive, the master, at ports 1F0h..1F7h and 3F6h, IRQ14, programmed I/O (ATA-1, ANSI X3.221-1994).
 *
 * Commands: READ and WRITE SECTORS with and without retries, RECALIBRATE, SEEK, EXECUTE DIAGNOSTIC, INITIALIZE DEVICE
 * PARAMETERS, IDENTIFY DEVICE; all others are aborted, SET FEATURES too. Sectors by cylinder, head and number, or LBA.
 */
#pragma once
#include "sim/board/disk.h"
#include "sim/board/store.h"

/* Registers by their port less 1F0h. */
enum {
	IDE_DATA, IDE_ERROR /* read */, IDE_FEATURES = 1 /* written */, IDE_COUNT, IDE_SECTOR, IDE_CYLINDER_LOW,
	IDE_CYLINDER_HIGH, IDE_DRIVE, IDE_STATUS /* read */, IDE_COMMAND = 7 /* written */
};

enum ide_phase {
	IDE_READY,     /* for a command */
	IDE_BUSY,      /* until `when`: then `then` */
	IDE_IN,        /* the host reads the buffer */
	IDE_OUT,       /* the host fills the buffer */
	IDE_HELD,      /* software reset, as long as the host holds it */
	IDE_STOPPED    /* answers no more */
};

/* What ends BUSY. */
enum ide_then { IDE_OFFER, IDE_ACCEPT, IDE_DONE, IDE_FAIL, IDE_AWAKE };

/* What the board's owner is told. */
struct ide_listener {
	void *ctx;
	void (*command)(void *ctx, uint8_t command, uint32_t sector, uint32_t count);
	void (*done)(void *ctx, uint8_t error); /* the error register; 0: none */
};

struct ide {
	const struct disk_model *model;
	struct disk disk;
	struct store store;
	struct ide_listener listener;
	bool out_of_memory;            /* the host's: something written was lost */

	/* registers */
	uint8_t error, features, count, sector, cylinder_low, cylinder_high, drive, control;
	uint8_t logical_heads, logical_sectors; /* INITIALIZE DEVICE PARAMETERS */
	bool failed;                   /* ERR */
	bool intrq;

	/* the command under way */
	enum ide_phase phase;
	enum ide_then then;
	cycle_t when;
	uint8_t command, fails_with;
	uint32_t at, left;             /* the sector of now, and how many there are with it */
	cycle_t medium;                /* when the medium is done with what it was given */
	cycle_t written[DISK_WRITE_BUFFER]; /* when each of the last sectors that were taken is on the medium: a ring */
	uint32_t taken;                /* sectors taken so far: written[taken % DISK_WRITE_BUFFER] is the next */
	uint8_t data[DISK_SECTOR];
	uint16_t word;                 /* of data: the next, 0..255 */
	uint32_t commands;             /* so far */
};

/* False: the host has no memory. image: see store.h. */
bool ide_init(struct ide *ide, const struct disk_model *model, uint64_t hertz, const void *image, uint64_t image_size,
              const struct ide_listener *listener);
void ide_free(struct ide *ide);
/* Registers 1..7; call ide_sync first. Reading the status clears the interrupt. */
uint8_t ide_in(struct ide *ide, unsigned reg, cycle_t now);
void ide_out(struct ide *ide, unsigned reg, uint8_t value, cycle_t now);
/* The data port, 16 bits. */
uint16_t ide_data_in(struct ide *ide, cycle_t now);
void ide_data_out(struct ide *ide, uint16_t value, cycle_t now);
/* Whether the next word of data changes nothing but the buffer: the drive need not be looked at before or after. */
static inline bool ide_mid_sector(const struct ide *ide)
{
	return (ide->phase == IDE_IN || ide->phase == IDE_OUT) && ide->word < DISK_SECTOR / 2 - 1;
}
/* Fills the buffer with the answer to IDENTIFY DEVICE (ide_identity.c). */
void ide_identify(struct ide *ide);
/* 3F6h. */
uint8_t ide_alternate_status(const struct ide *ide);
void ide_control(struct ide *ide, uint8_t value, cycle_t now);
/* Completes what has happened up to now. */
void ide_sync(struct ide *ide, cycle_t now);
/* IRQ14. */
bool ide_line(const struct ide *ide);
/* When ide_sync will have something to do; CYCLE_NEVER. */
cycle_t ide_next(const struct ide *ide);
void ide_state(struct stream *stream, struct ide *ide);
