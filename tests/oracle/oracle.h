/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle: a second MIPS processor, written to be believed and not to be fast.
 *
 * R2000 and R3000 (Kane, "MIPS RISC Architecture", 1988) and R4000 ("MIPS R4000 Microprocessor User's Manual", 1994) in
 * 32-bit mode, little-endian, one word at a time.  How long things take is the law of sim/arch/mips/timing.h, which is
 * words.  It shares no code and no header with the simulator: an error is in both only if it was made twice.
 *
 *   oracle_create --> set pc, registers --oracle_step--> ... --oracle_destroy-->
 *
 * All state stands open in struct oracle: who compares reads it, who sets a stage writes it.
 *
 * Invariants
 *   1. cause[] sums to now.
 *   2. reg[0] is 0.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ORACLE_TLB_MOST = 512, ORACLE_CACHE_MOST = 0x20000 };

/* What time went to. */
enum oracle_cause {
	ORACLE_INSTRUCTION, ORACLE_TLB_WALK, ORACLE_TLB_REFILL, ORACLE_TRAP_ENTRY, ORACLE_TRAP_RETURN, ORACLE_CACHE,
	ORACLE_BUS_IO, ORACLE_WRITE_BUFFER, ORACLE_IDLE, ORACLE_CAUSES
};

enum oracle_policy { ORACLE_RANDOM, ORACLE_ROUND_ROBIN, ORACLE_FIFO, ORACLE_LRU, ORACLE_PSEUDO_LRU };

/* What is counted. */
struct oracle_counts {
	uint64_t code_misses, data_misses;   /* no entry matched */
	uint64_t refill_vector, general_vector; /* of these: which vector */
	uint64_t code_cache_misses, data_cache_misses;
	uint64_t invalid, modified, writes, traps /* but interrupts */, interrupts, asid_changes;
};

/* Cycles, with the names of timing.h. */
struct oracle_costs {
	uint32_t issue, load_use, mult, div, branch_taken, cp0_move, tlb_read, tlb_write, tlb_probe, cache_op,
		exception_entry, exception_refill, rfe, eret, write_depth, write_retire, uncached_read, uncached_write,
		walk_hit, io8, io16, io32, code_miss, data_miss, write_back;
};

enum oracle_write { ORACLE_THROUGH, ORACLE_BACK, ORACLE_ALLOCATE };

struct oracle_cache {
	uint32_t size, ways, line;           /* bytes, powers of two; size 0: none */
	enum oracle_write write;
	void *lines;                         /* of the oracle's own: cache.c */
	uint64_t *trees;
};

struct oracle_model {
	uint32_t generation;                 /* 2, 3, 4 */
	uint32_t entries, ways;              /* ways == entries: fully associative */
	enum oracle_policy policy;
	uint32_t seed;                       /* of nothing but policies that draw */
	uint32_t asid_bits;
	bool global;                         /* entries have a global bit */
	uint32_t wired;                      /* R2000, R3000 */
	bool hardware_refill;
	struct oracle_cache cache[2];        /* data, code; modelled or not: isolation shows their size */
	bool caches, split_cache;            /* modelled; not split: [0] is both */
	struct oracle_costs cost;
};

/* What is not memory.  All calls are made at the oracle's now. */
struct oracle_board {
	void *ctx;
	bool (*load)(void *ctx, uint32_t address, unsigned size, uint32_t *value);
	bool (*store)(void *ctx, uint32_t address, unsigned size, uint32_t value);
	bool (*interrupt)(void *ctx);        /* the line to Cause.IP2 */
	uint64_t (*next_event)(void *ctx);   /* UINT64_MAX: none */
	void (*run_events)(void *ctx);
	bool (*probe)(void *ctx, uint32_t address); /* a probe's no-op stands at this physical address; may be NULL */
};

struct oracle_entry {
	uint32_t page;                       /* virtual address >> 12 */
	uint32_t mask;                       /* bits of page that do not count */
	uint32_t asid;
	bool global;
	uint32_t frame[2];                   /* even and odd page; R2000, R3000: the first */
	bool valid[2], dirty[2], uncached[2];
	uint32_t coherency[2];               /* R4000: EntryLo.C */
};

struct oracle {
	struct oracle_model model;
	struct oracle_board board;
	uint8_t *memory;
	uint32_t memory_size;
	uint8_t *isolated[2];                /* data, code: what isolated stores wrote */
	struct oracle_cache cache_of[2];

	uint32_t reg[32], hi, lo, pc;
	bool in_slot;                        /* pc is the slot of the branch at pc - 4 */
	uint32_t slot_target;
	uint32_t cp0[32];                    /* as last written; Random, Count and what comes from outside are computed */
	struct oracle_entry tlb[ORACLE_TLB_MOST];
	uint64_t touched[ORACLE_TLB_MOST], filled[ORACLE_TLB_MOST]; /* when last, in touches: LRU, FIFO */
	uint64_t touches;
	bool quiet;                          /* a translation changes nothing now */
	uint32_t next_way[ORACLE_TLB_MOST];  /* round-robin: a set's */
	uint64_t tree[ORACLE_TLB_MOST];      /* pseudo-LRU: a set's nodes, bit 1 the root, 1: the victim is above */
	bool linked;
	uint64_t timer;                      /* when Count meets Compare next */
	bool timer_rang;

	uint64_t now, cause[ORACLE_CAUSES];
	uint64_t ready[32], hilo_ready, drained;
	uint64_t retired;                    /* instructions */
	uint64_t wired_written;              /* retired when n of T10 was 0 */
	uint64_t count_base;                 /* Count = (now - count_base) / 2 */
	bool refilling;                      /* T11 */
	bool shutdown;                       /* two entries matched */
	bool waiting;
	uint64_t idle_until;                 /* time passes in wait no further than this; oracle_create: for ever */

	bool block_begins;                   /* events, interrupts and the fetch's translation are looked for */
	uint32_t code_frame;                 /* where the block's code lies: physical address >> 12 */
	bool code_cached;
	uint64_t blocks;

	struct oracle_counts count;
	uint64_t path;                       /* a hash of every address executed, in order */
};

/* All zero, memory too, in kernel mode, at address 0; the TLB's entries are of kseg0, which is not mapped.
 * NULL: memory exhausted. */
struct oracle *oracle_create(const struct oracle_model *model, uint32_t memory_size, const struct oracle_board *board);
void oracle_destroy(struct oracle *oracle);

/* One instruction, or one exception or interrupt instead. */
void oracle_step(struct oracle *oracle);
/* Steps until a block begins at `until` or later, or the processor gave up or waits for ever. */
void oracle_run(struct oracle *oracle, uint64_t until);

/* Quiet: the word at a virtual address as a fetch would see it; false: it would fault. */
bool oracle_peek(const struct oracle *oracle, uint32_t address, uint32_t *word);
bool oracle_user_mode(const struct oracle *oracle);
/* A register of coprocessor 0 as mfc0 reads it now. */
uint32_t oracle_cp0(const struct oracle *oracle, unsigned number);
void oracle_disassemble(uint32_t word, unsigned generation, uint32_t pc, char *text, size_t size);
