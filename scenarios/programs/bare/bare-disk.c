/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-disk: what an IDE disk promises, asked of the drive itself: commands, programmed I/O, interrupts (through the
 * 8259's poll), errors, reset (ATA-1, ANSI X3.221-1994).
 *
 * It says the same on any PC whose first disk holds the bytes that the test puts there.
 */
#include "scenarios/programs/bare/bare.h"

enum { DATA = 0x1f0, ERROR = 0x1f1, FEATURES = 0x1f1, COUNT = 0x1f2, SECTOR = 0x1f3, CYLINDER_LOW = 0x1f4,
       CYLINDER_HIGH = 0x1f5, DRIVE = 0x1f6, STATUS = 0x1f7, COMMAND = 0x1f7, ALTERNATE = 0x3f6, CONTROL = 0x3f6 };
enum { BUSY = 0x80, READY = 0x40, REQUEST = 0x08, FAILED = 0x01, ABORTED = 0x04 };
enum { READ = 0x20, WRITE = 0x30, PARAMETERS = 0x91, IDENTIFY = 0xec, NOTHING = 0x00 };
enum { SLAVE_8259 = 0xa0, SLAVE_MASK = 0xa1, POLL = 0x0c, END_OF_INTERRUPT = 0x20, DISK_LINE = 6 };
enum { WORDS = 256, RUN = 3, PLACE = 40 };

static uint16_t sector[RUN][WORDS], pattern[RUN][WORDS];

static void data_in(uint16_t *to)
{
	uint32_t words = WORDS;

	__asm__ volatile("cld; rep insw" : "+D"(to), "+c"(words) : "d"(DATA) : "memory");
}

static void data_out(const uint16_t *from)
{
	uint32_t words = WORDS;

	__asm__ volatile("cld; rep outsw" : "+S"(from), "+c"(words) : "d"(DATA) : "memory");
}

/* Takes the disk's interrupt from the 8259, if there is one. */
static bool interrupted(void)
{
	outb(SLAVE_8259, POLL);
	uint8_t answer = inb(SLAVE_8259);
	if (answer == (0x80 | DISK_LINE))
		outb(SLAVE_8259, END_OF_INTERRUPT);
	return answer == (0x80 | DISK_LINE);
}

static uint8_t wait_not_busy(void)
{
	while (inb(ALTERNATE) & BUSY)
		;
	return inb(STATUS);
}

static void command(uint8_t what, uint32_t lba, uint8_t count)
{
	outb(DRIVE, (uint8_t)(0xe0 | (lba >> 24 & 0xf)));
	outb(COUNT, count);
	outb(SECTOR, (uint8_t)lba);
	outb(CYLINDER_LOW, (uint8_t)(lba >> 8));
	outb(CYLINDER_HIGH, (uint8_t)(lba >> 16));
	outb(COMMAND, what);
}

static uint32_t sum(const uint16_t *words)
{
	uint32_t total = 0;

	for (unsigned n = 0; n < WORDS; n++)
		total = total * 31 + words[n];
	return total;
}

static bool same(const uint16_t *a, const uint16_t *b, unsigned words)
{
	while (words--)
		if (a[words] != b[words])
			return false;
	return true;
}

static void identify(void)
{
	command(IDENTIFY, 0, 0);
	uint8_t status = wait_not_busy();
	data_in(sector[0]);
	print("bare-disk: identify: data %u, LBA %u, after it %u\n", status >> 3 & 1, sector[0][49] >> 9 & 1,
	      wait_not_busy() >> 3 & 1);
}

static void read_polled(void)
{
	command(READ, 0, 2);
	for (unsigned n = 0; n < 2; n++) {
		wait_not_busy();
		data_in(sector[n]);
	}
	print("bare-disk: sectors 0 and 1: %x %x, then status %x\n", sum(sector[0]), sum(sector[1]), wait_not_busy());
}

/* Waits for an interrupt; its number among those of a command is what counts. */
static uint8_t wait_interrupt(unsigned *interrupts)
{
	while (!interrupted())
		;
	++*interrupts;
	return inb(STATUS);
}

static void write_by_interrupt(void)
{
	unsigned interrupts = 0;

	for (unsigned n = 0; n < RUN * WORDS; n++)
		pattern[n / WORDS][n % WORDS] = (uint16_t)(n * 40503u + 17);
	while (interrupted())
		;
	command(WRITE, PLACE, RUN);
	wait_not_busy();
	print("bare-disk: write: interrupts before the first sector %u\n", interrupted());
	for (unsigned n = 0; n < RUN; n++) {
		data_out(pattern[n]);
		wait_interrupt(&interrupts);
	}
	print("bare-disk: write of %u: %u interrupts, status %x\n", RUN, interrupts, inb(STATUS));
}

static void read_by_interrupt(void)
{
	unsigned interrupts = 0;

	command(READ, PLACE, RUN);
	for (unsigned n = 0; n < RUN; n++) {
		wait_interrupt(&interrupts);
		data_in(sector[n]);
	}
	print("bare-disk: read of %u: %u interrupts, same %u, more %u\n", RUN, interrupts,
	      same(sector[0], pattern[0], RUN * WORDS), interrupted());
}

static void errors(void)
{
	command(READ, 0x0ffffff0, 1);
	print("bare-disk: beyond the end: failed %u\n", wait_not_busy() & FAILED);
	command(NOTHING, 0, 0);
	print("bare-disk: unknown command: failed %u", wait_not_busy() & FAILED);
	print(" error %x\n", inb(ERROR));
	command(READ, 1, 1);
	uint8_t status = wait_not_busy();
	data_in(sector[0]);
	print("bare-disk: and then: failed %u, %x\n", status & FAILED, sum(sector[0]));
	while (interrupted())
		;
}

static void by_cylinder(void)
{
	outb(DRIVE, 0xa0 | 15);
	outb(COUNT, 63);
	outb(COMMAND, PARAMETERS);
	wait_not_busy();
	outb(DRIVE, 0xa0);
	outb(COUNT, 1);
	outb(SECTOR, 2);
	outb(CYLINDER_LOW, 0);
	outb(CYLINDER_HIGH, 0);
	outb(COMMAND, READ);
	wait_not_busy();
	data_in(sector[0]);
	print("bare-disk: cylinder 0, head 0, sector 2: %x\n", sum(sector[0]));
}

static void without_interrupts(void)
{
	while (interrupted())
		;
	outb(CONTROL, 2);
	command(READ, 0, 1);
	wait_not_busy();
	data_in(sector[0]);
	print("bare-disk: nIEN: interrupts %u, %x\n", interrupted(), sum(sector[0]));
	outb(CONTROL, 0);
}

static void no_slave(void)
{
	outb(DRIVE, 0xb0);
	print("bare-disk: slave: status %x\n", inb(STATUS));
	outb(DRIVE, 0xa0);
}

static void reset(void)
{
	outb(CONTROL, 4);
	for (unsigned n = 0; n < 100; n++)
		inb(ALTERNATE);
	outb(CONTROL, 0);
	uint8_t status = wait_not_busy();
	print("bare-disk: reset: ready %u, signature %u %u %u %u, error %x\n", status >> 6 & 1, inb(COUNT), inb(SECTOR),
	      inb(CYLINDER_LOW), inb(CYLINDER_HIGH), inb(ERROR));
}

int program_main(void)
{
	outb(SLAVE_MASK, (uint8_t)~(1u << DISK_LINE));
	if (inb(ALTERNATE) == 0xff) {
		print("bare-disk: no disk\nbare-disk: done\n");
		return 1;
	}
	identify();
	read_polled();
	write_by_interrupt();
	read_by_interrupt();
	errors();
	by_cylinder();
	without_interrupts();
	no_slave();
	reset();
	print("bare-disk: done\n");
	return 0;
}
