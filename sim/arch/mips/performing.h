/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that perform instructions share among themselves (perform.h is what others see).
 *
 *   execute.c   any instruction: the table of handlers, arithmetic, branches, loads and stores
 *   system.c    coprocessor 0: its registers, TLB instructions, rfe, eret, cache, wait
 *   trap.c      exceptions and interrupts
 *   memory.c    memory, devices, the write buffer, caches and isolated caches
 *
 * Habits
 *   1. a handler checks first; it returns false with *fault set before it has changed anything.
 *   2. then begin() passes the stalls of T2 and T3, the effects happen at the clock t, and conclude() charges the
 *      instruction and moves pc.
 */
#pragma once
#include "sim/arch/mips/perform.h"

typedef bool perform_fn(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault);

/* --- faults: each returns false --- */

static inline bool fault_plain(struct mips_fault *fault, int code)
{
	*fault = (struct mips_fault){ .code = code };
	return false;
}

static inline bool fault_at(struct mips_fault *fault, int code, vaddr_t address)
{
	*fault = (struct mips_fault){ .code = code, .address = address };
	return false;
}

static inline bool fault_unusable(struct mips_fault *fault, unsigned unit)
{
	*fault = (struct mips_fault){ .code = EXC_CPU, .unit = unit };
	return false;
}

/* --- execute.c: time and pc --- */

/* Passes the stalls of T2 and T3: now is the instruction's t.  charges instruction. */
void begin(struct mips *mips, const struct mips_instruction *insn);
/* Charges the instruction itself (T1, T5: instruction) and notes what it makes ready; now was its t. */
void charge(struct mips *mips, const struct mips_instruction *insn);
/* pc goes to the next instruction: the slot's target after a slot. */
void go_on(struct mips_cpu *cpu);
/* charge and advance; returns true. */
bool conclude(struct mips *mips, const struct mips_instruction *insn);
/* A register's new value; register 0 stays 0. */
static inline void register_set(struct mips_cpu *cpu, unsigned number, uint32_t value)
{
	if (number)
		cpu->reg[number] = value;
}

/* --- memory.c --- */

/* T7: a store to memory begins: waits for a place in the write buffer, takes it.  charges write_buffer. */
void buffer_store(struct mips *mips);
/* T8: an instruction at a physical address that is cached passes the code's cache; memory's data the data's, or none.
 * charge cache. */
void pass_code(struct mips *mips, paddr_t address);
void pass_data(struct mips *mips, const struct mips_place *place, unsigned size, bool write);
/* True if loads and stores go to isolated caches. */
bool caches_isolated(const struct mips *mips);
/* A load from where it goes.  charges cache, bus_io (T8, T9).  False: nothing answers; *fault says DBE. */
bool place_load(struct mips *mips, const struct mips_place *place, unsigned size, uint32_t *value,
                struct mips_fault *fault);
bool place_store(struct mips *mips, const struct mips_place *place, unsigned size, uint32_t value,
                 struct mips_fault *fault);
/* Loads and stores of isolated caches (IsC): by the address's low bits, whatever is cached. */
uint32_t isolated_load(struct mips *mips, paddr_t address, unsigned size);
void isolated_store(struct mips *mips, paddr_t address, unsigned size, uint32_t value);

/* --- system.c --- */

/* Whether coprocessor 0 may be used: kernel mode, or Status.CU0. */
bool cp0_usable(const struct mips *mips);
perform_fn perform_mfc0, perform_mtc0, perform_tlb, perform_rfe, perform_eret, perform_cache, perform_await;

/* --- trap.c --- */

/* Modes as events have them: the numbers of the x86's rings, so that readers of traces need not ask. */
enum { MODE_KERNEL = 0, MODE_USER = 3 };

/* The refill handler, if one runs, has ended (T11). */
void refill_ends(struct mips *mips);
/* Counts a switch between user and kernel mode, if there was one. */
void note_mode(struct mips *mips, bool was_user);
