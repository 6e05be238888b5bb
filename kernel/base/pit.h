/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The 8254's channel 0, of 1.193182 MHz: as a one-shot timer (mode 0, one interrupt on line 0 at the end of the count),
 * or as a periodic one (mode 2).
 */
#pragma once
#include <stdint.h>

enum { PIT_HZ = 1193182 };

/* Interrupts once after this many ticks, 1..65535; forgets what it was armed for before. */
void pit_arm(uint32_t ticks);
/* Ticks gone since it was armed for `armed`, at most that many. */
uint32_t pit_elapsed(uint32_t armed);
/* Interrupts every so many ticks, 2..65535, for good. */
void pit_repeat(uint32_t ticks);
