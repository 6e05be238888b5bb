/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registers of the first IDE drive, and how a command is given to it: programmed I/O, sectors by LBA (ATA-1, ANSI
 * X3.221-1994).  Nothing here waits for long: what takes a turn of the disk ends with an interrupt on line 14.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { ATA_LINE = 14, ATA_SECTOR = 512, ATA_SECTORS_MAX = 256 };
enum ata_status { ATA_ERROR = 0x01, ATA_DATA = 0x08, ATA_FAULT = 0x20, ATA_READY = 0x40, ATA_BUSY = 0x80 };

/* Asks the drive what it is, and resets it if it does not answer: by polling, for boot, when the clock ticks. Result:
 * its sectors, 0 if there is no such drive, or none that answers in 31 s. */
uint32_t ata_identify(void);
/* Resets the drive; after some time it is not busy any more. */
void ata_reset(void);
/* The status, without an answer to the interrupt; with it. */
uint8_t ata_look(void);
uint8_t ata_status(void);
/* Begins to read or write `count` sectors, 1..256. */
void ata_read(uint32_t sector, uint32_t count);
void ata_write(uint32_t sector, uint32_t count);
/* Waits, not long, until the drive asks for a write's first sector. False: it does not. */
bool ata_wants_data(void);
/* A sector's data, from and to memory. */
void ata_in(void *sector);
void ata_out(const void *sector);
