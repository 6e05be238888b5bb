/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The 8254's channel 0 as a one-shot timer: mode 0, one interrupt on line 0 at the end of the count.
 */
#pragma once
#include <stdint.h>

/* Interrupts once after this many ticks of 1.193182 MHz, 1..65535; forgets what it was armed for before. */
void pit_arm(uint32_t ticks);
/* Ticks gone since it was armed for `armed`, at most that many. */
uint32_t pit_elapsed(uint32_t armed);
