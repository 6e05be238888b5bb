/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The board: 8254, 16550, IDE at the ISA ports' addresses; the revision register. */
#include "trial.h"

enum { PIT_0 = 0x40, PIT_CONTROL = 0x43, LINE = 0x3fb, SCRATCH = 0x3ff };
enum { IDE = 0x1f0, IDE_COUNT = 0x1f2, IDE_DRIVE = 0x1f6, IDE_COMMAND = 0x1f7, IDE_CONTROL = 0x3f6 };
enum { BUSY = 0x80, READY = 0x40, REQUEST = 0x08, IDENTIFY = 0xec };

static uint32_t latched(void)
{
	uint32_t low;

	outb(PIT_CONTROL, 0x00);
	low = inb(PIT_0);
	return low | (uint32_t)inb(PIT_0) << 8;
}

static void timer(void)
{
	uint32_t before, now;

	chapter("8254");
	if (gxemul_cannot("counter 0 counts down", "it ends where a counter is read"))
		return;
	outb(PIT_CONTROL, 0x34); /* counter 0, mode 2 */
	outb(PIT_0, 0xff);
	outb(PIT_0, 0xff);
	for (volatile unsigned n = 0; n < 200; n++)
		;
	before = latched();
	for (volatile unsigned n = 0; n < 2000; n++)
		;
	now = latched();
	claim("counter 0 counts down", now < before && before > 0x100);
}

static void serial(void)
{
	chapter("16550");
	outb(SCRATCH, 0x5a);
	claim_equal("the scratch register keeps a byte", inb(SCRATCH), 0x5a);
	claim_equal("the line register says 8N1", inb(LINE), 3);
}

static void disk(void)
{
	uint16_t word[256];
	unsigned wait = 0;

	chapter("IDE");
	outb(IDE_DRIVE, 0xa0);
	outb(IDE_COUNT, 0x55);
	if (inb(IDE_COUNT) != 0x55) { /* nobody there */
		claim("without a disk nobody is ready", (inb(IDE_COMMAND) & (BUSY | READY)) != READY);
		return;
	}
	while ((inb(IDE_COMMAND) & (BUSY | READY)) != READY && wait < 1000000)
		wait++;
	outb(IDE_CONTROL, 2); /* no interrupts */
	outb(IDE_COMMAND, IDENTIFY);
	while ((inb(IDE_COMMAND) & (BUSY | REQUEST)) != REQUEST && wait < 1000000)
		wait++;
	for (unsigned n = 0; n < 256; n++)
		word[n] = inw(IDE);
	claim("a disk identifies itself", wait < 1000000 && word[1] > 0 && word[3] > 0 && word[6] > 0);
	claim_equal("and has said all", inb(IDE_COMMAND) & REQUEST, 0);
}

static void registers(void)
{
	chapter("Malta");
	claim("the revision register can be read", load(0xbfc00010) != 0xffffffff);
}

void chapter_board(void)
{
	timer();
	serial();
	disk();
	registers();
}
