/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device's own clock, related exactly to the processor's: tick n of a clock of
 * f Hz is at the first cycle c of a processor of F Hz with c * f >= n * F.
 * Integers only; nothing is rounded twice, so nothing drifts.
 */
#pragma once
#include "sim/core/types.h"

/* Ticks that have passed at a cycle: floor(cycle * frequency / hertz). */
static inline uint64_t clock_ticks(cycle_t cycle, uint64_t frequency, uint64_t hertz)
{
	return (uint64_t)((unsigned __int128)cycle * frequency / hertz);
}

/* The first cycle at which that many ticks have passed; CYCLE_NEVER if beyond the clock's range. */
static inline cycle_t clock_cycle(uint64_t ticks, uint64_t frequency, uint64_t hertz)
{
	unsigned __int128 cycle = ((unsigned __int128)ticks * hertz + frequency - 1) / frequency;

	return cycle > CYCLE_NEVER ? CYCLE_NEVER : (cycle_t)cycle;
}
