/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Apart from the one-shot timer: no kernel needs both. */
#include "base/pit.h"
#include "cpu.h"

enum { CHANNEL_0 = 0x40, CONTROL = 0x43, MODE_2_BOTH_BYTES = 0x34 };

void pit_repeat(uint32_t ticks)
{
	out8(CONTROL, MODE_2_BOTH_BYTES);
	out8(CHANNEL_0, (uint8_t)ticks);
	out8(CHANNEL_0, (uint8_t)(ticks >> 8));
}
