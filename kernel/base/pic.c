/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/pic.h"
#include "cpu.h"

enum { MASTER = 0x20, MASTER_DATA = 0x21, SLAVE = 0xa0, SLAVE_DATA = 0xa1 };
enum { ICW1_EDGE_CASCADE_ICW4 = 0x11, ICW4_8086 = 0x01, OCW2_END = 0x20, OCW3_READ_IN_SERVICE = 0x0b };

static uint16_t masked = 0xffff & ~(1u << PIC_CASCADE);

static void write_masks(void)
{
	out8(MASTER_DATA, (uint8_t)masked);
	out8(SLAVE_DATA, (uint8_t)(masked >> 8));
}

void pic_init(void)
{
	out8(MASTER, ICW1_EDGE_CASCADE_ICW4);
	out8(MASTER_DATA, PIC_VECTOR);
	out8(MASTER_DATA, 1 << PIC_CASCADE);
	out8(MASTER_DATA, ICW4_8086);
	out8(SLAVE, ICW1_EDGE_CASCADE_ICW4);
	out8(SLAVE_DATA, PIC_VECTOR + 8);
	out8(SLAVE_DATA, PIC_CASCADE);
	out8(SLAVE_DATA, ICW4_8086);
	write_masks();
}

static void write_mask_of(unsigned line)
{
	if (line < 8)
		out8(MASTER_DATA, (uint8_t)masked);
	else
		out8(SLAVE_DATA, (uint8_t)(masked >> 8));
}

void pic_mask(unsigned line)
{
	masked |= (uint16_t)(1u << line);
	write_mask_of(line);
}

void pic_unmask(unsigned line)
{
	masked &= (uint16_t)~(1u << line);
	write_mask_of(line);
}

void pic_acknowledge(unsigned line)
{
	if (line >= 8)
		out8(SLAVE, OCW2_END);
	out8(MASTER, OCW2_END);
}

bool pic_is_spurious(unsigned line)
{
	if ((line & 7) != 7)
		return false;
	const uint16_t port = line < 8 ? MASTER : SLAVE;
	out8(port, OCW3_READ_IN_SERVICE);
	if (in8(port) & 0x80)
		return false;
	if (line >= 8)
		out8(MASTER, OCW2_END); /* the cascade's interrupt was real */
	return true;
}
