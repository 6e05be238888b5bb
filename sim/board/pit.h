/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The 8254 interval timer of a PC: three counters of 1193182 Hz at ports 40h..43h.
 * OUT of counter 0 is IRQ0, counter 1 paced the refresh of memory, counter 2's
 * gate and output are bits of port 61h.
 *
 * Nothing here ticks: a counter is a formula over the time since it was loaded,
 * computed when somebody looks.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

enum { PIT_HERTZ = 1193182, PIT_COUNTERS = 3 };

/* What of the interface to one byte at a time is in progress. */
enum pit_byte { PIT_LOW, PIT_HIGH };

struct pit_counter {
	/* the control word */
	uint8_t mode;             /* 0..5 */
	uint8_t access;           /* RW1 RW0: 1 low byte, 2 high byte, 3 low then high */
	bool bcd;
	/* the processor's side */
	uint8_t low;              /* the low byte of a count half written */
	enum pit_byte write_next, read_next; /* access 3 */
	bool count_latched, status_latched;
	uint16_t latch;
	uint8_t status;
	/* CR, the count register */
	bool written;             /* since the control word */
	bool null_count;          /* what was written last is not in CE yet */
	uint32_t next;            /* the count, 1..65536 */
	uint64_t load_at;         /* the tick that will bring it into the counting element; never: UINT64_MAX */
	bool load_low;            /* mode 3: that tick begins a low half */
	/* CE, the counting element */
	bool counting;            /* it was loaded, and OUT follows it */
	bool gate, paused;        /* paused: elapsed stands still */
	uint32_t count;           /* N, 1..65536 */
	uint64_t start;           /* the tick of loading (modulo 2^64) */
	uint64_t elapsed;         /* ticks since then; valid while paused */
	uint16_t held;            /* what a read sees while it is not counting */
};

struct pit {
	uint64_t hertz;           /* the processor's clock */
	uint64_t seen;            /* the tick up to which rises of counter 0 were looked for */
	bool rose;                /* there was one, and pit_edge has not told */
	struct pit_counter counter[PIT_COUNTERS];
};

/* What OUT of counter 0 did by itself since it was last asked, and where it stands. */
struct pit_edge {
	bool rose;                /* at least once, by counting; a rise by a write shows in level alone */
	bool level;
};

/* As a PC's firmware leaves it: counter 0 in mode 3 with 65536, counter 1 in mode 2 with 18, counter 2 silent. */
void pit_init(struct pit *pit, uint64_t hertz);
/* Ports 40h..43h (the last reads as open bus). */
uint8_t pit_in(struct pit *pit, uint16_t port, cycle_t now);
void pit_out(struct pit *pit, uint16_t port, uint8_t value, cycle_t now);
/* Counter 2's gate, bit 0 of port 61h; and its OUT, bit 5. */
void pit_gate(struct pit *pit, bool level, cycle_t now);
bool pit_speaker(struct pit *pit, cycle_t now);
/* Bit 4 of port 61h: toggles with each refresh that counter 1 asked for. */
bool pit_refresh(struct pit *pit, cycle_t now);
/* Counter 0's OUT: ask before and after each pit_out, so that no level is missed. */
struct pit_edge pit_edge(struct pit *pit, cycle_t now);
/* The cycle of the next rise of counter 0's OUT after now; CYCLE_NEVER if only a write could bring one. */
cycle_t pit_next_rise(struct pit *pit, cycle_t now);
void pit_state(struct stream *stream, struct pit *pit);
