/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A test bed for performing: a MIPS processor in kernel mode on 256 KiB of memory, with no engine, and a device.
 * Every constant of the model has a cost of its own; the write buffer and load-use delays are off until a test sets them.
 */
#pragma once
#include <criterion/criterion.h>
#include "code.h"
#include "sim/arch/mips/perform.h"

enum { BED_RAM = 0x40000, BED_PC = 0x80001000, BED_DATA = 0x80010000, BED_DEVICE = 0xb8000000 };

struct bed {
	struct mips mips;
	struct model model;
	struct ledger ledger;
	struct journal journal;
	uint8_t *ram;
	struct mips_fault fault;      /* of the last instruction */
	/* the device: physical 0x18000000 to 0x180000ff */
	uint32_t answer, written;
	paddr_t address;
	unsigned size, accesses;
	cycle_t seen;                 /* its clock at the last access */
	bool interrupt;
	/* what the engine was told */
	unsigned flushes, page_flushes, writes;
	uint32_t flushed_page;
};

/* A bed for a generation; adjust the model and call bed_power_on again for another TLB or caches. */
struct bed *bed_new(uint32_t generation);
void bed_power_on(struct bed *bed);
void bed_free(struct bed *bed);

uint32_t bed_word(const struct bed *bed, vaddr_t kseg0);
void bed_put(struct bed *bed, vaddr_t kseg0, uint32_t value);
/* Decodes and performs a word at pc, wherever that is; its exception's code, -1 for none. */
int bed_do(struct bed *bed, uint32_t word);
/* The same from memory: fetched, and an exception is taken; its code, -1 for none. */
int bed_step(struct bed *bed);
/* User mode, interrupts as they are. */
void bed_user(struct bed *bed);
/* Writes the entry of an index: page and frame of 4 KiB (R4000: even and odd frame), with V, D of the 3's bits. */
void bed_map(struct bed *bed, unsigned index, uint32_t page, unsigned asid, uint32_t frame, uint32_t bits);
static inline uint32_t *bed_cp0(struct bed *bed) { return bed->mips.cpu.cp0; }
static inline uint32_t *bed_reg(struct bed *bed) { return bed->mips.cpu.reg; }
/* Cycles of the clock so far; and the cost of a key. */
static inline cycle_t bed_now(const struct bed *bed) { return bed->ledger.now; }
#define COST(bed, key) ((bed)->model.cost[MIPS_COST_##key])
/* Deterministic random numbers. */
uint32_t bed_random(uint64_t *state);
