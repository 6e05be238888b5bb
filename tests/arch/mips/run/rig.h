/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A processor on a bench: model, memory, a page table, a device with an interrupt line, and a program of guest.S.
 *
 *   0x0000 vectors and programs   0x5000 log of exceptions   0x6000 results   0x100000 user pages' frames
 *   0x200000 page table: words of EntryLo by virtual page, as Context points to them; R4000: 0x800000
 * At 0x18000000 a device: +0x20 lowers its interrupt line, +0x40 counts loads, +0x80 does not answer.
 */
#pragma once
#include "sim/arch/mips/perform.h"
#include "sim/arch/mips/runner.h"

enum { RIG_RAM = 16 << 20, RIG_SAVED = 0x4f00, RIG_LOG = 0x5000, RIG_RESULT = 0x6000, RIG_FRAMES = 0x100000 };
enum { RIG_TABLE = 0x200000, RIG_TABLE4 = 0x800000 };
#define RIG_CODE 0x00400000u
#define RIG_DATA 0x10000000u
enum { RIG_USER_PAGES = 128 }; /* data pages that there are, from RIG_DATA on */

enum program {
#define PROGRAM(name) PROGRAM_##name,
#include "programs.def"
#undef PROGRAM
	PROGRAMS
};

struct rig {
	struct model model;
	struct ledger ledger;
	struct journal journal;
	struct mips mips;
	cycle_t period;             /* of the device's interrupts; 0: none */
	bool line;
	uint32_t loads;
	int fired[64];              /* probes, in order */
	unsigned fires;
	cycle_t fired_at[64];
	uint32_t probe_at[4];       /* physical */
	unsigned probes;
};

/* Maps a virtual page, for the refill handler. */
void rig_map(struct rig *rig, vaddr_t page, paddr_t frame, bool valid, bool writable);
/* An R3000 whose constants are all different small numbers: 64 entries, random. */
void rig_model(struct model *model);
/* Makes everything; the model may have been changed after rig_model.  engine false: performing alone, for rig_perform. */
void rig_init(struct rig *rig, const struct model *model, bool engine);
void rig_free(struct rig *rig);
uint32_t rig_address(enum program program);
/* Sets the processor to begin at an address, in kernel mode, interrupts off; or in user mode, interrupts on. */
void rig_begin(struct rig *rig, vaddr_t pc, bool user);
/* Runs with the engine until it stops, or for so many cycles. */
enum processor_stop rig_run(struct rig *rig, cycle_t cycles);
/* Begins and runs a program. */
enum processor_stop rig_program(struct rig *rig, enum program program);
/* The same by performing each instruction, by the law of timing.h alone (twin.c). */
void rig_perform(struct rig *rig, cycle_t cycles);
uint32_t rig_word(const struct rig *rig, paddr_t address);
void rig_put(struct rig *rig, paddr_t address, uint32_t word);
/* Word `word` (0 Cause, 1 EPC, 2 BadVAddr, 3 t9) of entry n of the log. */
uint32_t rig_log(const struct rig *rig, unsigned n, unsigned word);
unsigned rig_exceptions(const struct rig *rig);
/* Fails, by an assertion that says what differs, if two machines are not in the same state at the same time. */
void rig_agree(const struct rig *one, const struct rig *two, const char *what);
