/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/pit.h"
#include "cpu.h"

enum { CHANNEL_0 = 0x40, CONTROL = 0x43, MODE_0_BOTH_BYTES = 0x30, LATCH_0 = 0x00 };

void pit_arm(uint32_t ticks)
{
	out8(CONTROL, MODE_0_BOTH_BYTES);
	out8(CHANNEL_0, (uint8_t)ticks);
	out8(CHANNEL_0, (uint8_t)(ticks >> 8));
}

/* After the end of the count the counter goes on from 65535: a count above the start means that the end has passed. */
uint32_t pit_elapsed(uint32_t armed)
{
	out8(CONTROL, LATCH_0);
	uint32_t left = in8(CHANNEL_0);
	left |= (uint32_t)in8(CHANNEL_0) << 8;
	return left <= armed ? armed - left : armed;
}
