/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device/ata.h"
#include "cpu.h"
#include "kern/clock.h"
#include "machine/pcb.h"
#include "pio.h"

enum { DATA = 0x1f0, COUNT = 0x1f2, LBA_0 = 0x1f3, LBA_8 = 0x1f4, LBA_16 = 0x1f5, DRIVE = 0x1f6, STATUS = 0x1f7,
       COMMAND = 0x1f7, CONTROL = 0x3f6 };
enum { DRIVE_0_LBA = 0xe0, CONTROL_RESET = 0x04 };
enum { READ_SECTORS = 0x20, WRITE_SECTORS = 0x30, IDENTIFY = 0xec };
enum { IDENTITY_CAPABILITIES = 49, IDENTITY_SECTORS = 60, CAPABLE_OF_LBA = 0x0200 };
enum { NO_DRIVE = 0xff, LOOKS_FOR_DATA = 10000, LOOKS_A_RESET = 8 /* 5 us at least */ };
enum { SECONDS_AT_BOOT = 31 /* from a reset on: ATA-1 */ };

uint8_t ata_look(void) { return in8(CONTROL); }
uint8_t ata_status(void) { return in8(STATUS); }
void ata_in(void *sector) { in16_words(DATA, sector, ATA_SECTOR / 2); }
void ata_out(const void *sector) { out16_words(DATA, sector, ATA_SECTOR / 2); }

void ata_reset(void)
{
	out8(CONTROL, CONTROL_RESET);
	for (unsigned n = 0; n < LOOKS_A_RESET; n++)
		(void)ata_look();
	out8(CONTROL, 0);
}

static void command(uint8_t what, uint32_t sector, uint32_t count)
{
	out8(DRIVE, (uint8_t)(DRIVE_0_LBA | (sector >> 24 & 0x0f)));
	out8(COUNT, (uint8_t)count);
	out8(LBA_0, (uint8_t)sector);
	out8(LBA_8, (uint8_t)(sector >> 8));
	out8(LBA_16, (uint8_t)(sector >> 16));
	out8(COMMAND, what);
}

void ata_read(uint32_t sector, uint32_t count) { command(READ_SECTORS, sector, count); }
void ata_write(uint32_t sector, uint32_t count) { command(WRITE_SECTORS, sector, count); }

/* Looks until the drive is not busy, at most so many times. */
static bool await(unsigned looks)
{
	while (ata_look() & ATA_BUSY)
		if (!looks--)
			return false;
	return true;
}

bool ata_wants_data(void)
{
	return await(LOOKS_FOR_DATA) && (ata_look() & (ATA_DATA | ATA_ERROR)) == ATA_DATA;
}

/*
 * The same at boot, for as long as a drive may take: soon only once a tick of the clock, halted in between.  A drive
 * that its host emulates gets on while the processor leaves it alone, and a look that finds it busy may keep it from
 * that.
 */
static bool await_at_boot(void)
{
	const natural_t begin = elapsed_ticks;

	if (await(LOOKS_FOR_DATA))
		return true;
	while (elapsed_ticks - begin < SECONDS_AT_BOOT * HZ) {
		machine_idle();
		if (!(ata_look() & ATA_BUSY))
			return true;
	}
	return false;
}

static bool identify(uint16_t *identity)
{
	if (!await_at_boot())
		return false;
	command(IDENTIFY, 0, 0);
	if (!await_at_boot() || (ata_status() & (ATA_DATA | ATA_ERROR)) != ATA_DATA)
		return false;
	ata_in(identity);
	return true;
}

/*
 * Who booted the kernel has left the drive ready; it is reset only if it does not answer.  It must be selected before
 * anything else: the status is the selected drive's, and one that is not there is never busy.
 */
uint32_t ata_identify(void)
{
	uint16_t identity[ATA_SECTOR / 2];

	out8(DRIVE, DRIVE_0_LBA);
	if (ata_look() == NO_DRIVE)
		return 0; /* nobody drives the bus */
	if (!identify(identity)) {
		ata_reset();
		if (!identify(identity))
			return 0;
	}
	if (!(identity[IDENTITY_CAPABILITIES] & CAPABLE_OF_LBA))
		return 0;
	return identity[IDENTITY_SECTORS] | (uint32_t)identity[IDENTITY_SECTORS + 1] << 16;
}
