/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TLB's entries as the generation's registers show them. */
#pragma once
#include "cpu.h"

struct entry {
	uint32_t hi, lo[2];     /* R2000, R3000: lo[0] */
	uint32_t mask;          /* R4000 */
};

/* --- r3000/, r4000/ --- */
void entry_to_registers(const struct entry *entry);
void registers_to_entry(struct entry *entry);
/* How many entries there are, found out by looking at Random; the R4000 wires its first ones by this. */
uint32_t tlb_count(void);
/* What Random shows now, as an index. */
uint32_t random_now(void);

/* --- tlb.c; EntryHi is left as it was --- */
void write_entry(unsigned index, const struct entry *entry);
void read_entry(unsigned index, struct entry *entry);
/* tlbp with that EntryHi: the Index register. */
uint32_t probe(uint32_t hi);
