/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A processor on a bench: model, memory, tables, a timer and an interrupt line, and a program of guest.S.
 *
 *   0x1000 GDT   0x2000 IDT   0x3000 TSS   0x10000 page directory, tables after it
 *   0x20000 log of traps   0x30000 results   0x80000 user's stack   0x90000 kernel's stack   0x100000 programs
 * Linear 0..4 MiB is physical, for all rings.  0x40000000.. shows frames from 2 MiB on, user, one page table of them.
 */
#pragma once
#include "sim/arch/x86/perform.h"
#include "sim/arch/x86/x86.h"

enum { RIG_RAM = 8 << 20, RIG_LOG = 0x20000, RIG_RESULT = 0x30000, RIG_RESUME = 0x20ff8, RIG_MEND = 0x20ffc };
enum { RIG_DIRECTORY = 0x10000, RIG_TABLE_LOW = 0x11000, RIG_TABLE_USER = 0x13000, RIG_USER_FRAMES = 0x200000 };
#define RIG_USER 0x40000000u
enum { KERNEL_CODE = 0x08, KERNEL_DATA = 0x10, USER_CODE = 0x1b, USER_DATA = 0x23 };
enum { SMALL_CODE = 0x2b, SMALL_DATA = 0x33 };

struct rig {
	struct model model;
	struct ledger ledger;
	struct journal journal;
	struct x86 x86;
	cycle_t period, next_tick;  /* the timer; period 0: none */
	bool line;                  /* the interrupt line */
	unsigned ticks;
	int fired[64];              /* probes, in order */
	unsigned fires;
	cycle_t fired_at[64];
	uint32_t probe_at[4];
	unsigned probes;
};

/* A model whose constants are all different small numbers: 32 entries, 4 ways, pseudo-LRU. */
void rig_model(struct model *model);
/* Makes everything; the model may have been changed after rig_model. */
void rig_init(struct rig *rig, const struct model *model);
void rig_free(struct rig *rig);
/* The address of a symbol of guest.S. */
uint32_t rig_symbol(const char *name);
/* Sets the processor to begin a program, in ring 0 or 3. */
void rig_begin(struct rig *rig, uint32_t eip, bool user);
/* All segments of the user program that has begun show [base, base + limit], whole pages. */
void rig_small(struct rig *rig, uint32_t base, uint32_t limit);
/* Runs until it stops. */
enum processor_stop rig_run(struct rig *rig);
/* Begins and runs a program in ring 0. */
enum processor_stop rig_program(struct rig *rig, const char *name);
uint32_t rig_word(const struct rig *rig, paddr_t address);
void rig_put(struct rig *rig, paddr_t address, uint32_t word);
/* Word `word` (0 vector, 1 error, 2 eip, 3 cs, 4 cr2) of entry n of the log. */
uint32_t rig_log(const struct rig *rig, unsigned n, unsigned word);
unsigned rig_traps(const struct rig *rig);
/* Everything that must agree between two runs: memory and time, mixed into a number. */
uint64_t rig_print(const struct rig *rig);
