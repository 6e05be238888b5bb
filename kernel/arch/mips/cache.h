/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Caches.  Data needs nobody's care: what devices are given or give passes the processor, by programmed I/O.
 */
#pragma once
#include <stdint.h>

/* Code was written at an address of kseg0: the instruction cache forgets what it has of so many bytes there, and memory
 * has them. Room: r3000, r4000. */
void cache_code_written(uint32_t address, uint32_t bytes);
/* After the boot: memory has all that was written so far. (Nothing of it was fetched yet, but what ran.) */
void cache_all_written(void);
