/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performing: instructions and transfers that the simulator carries out itself on struct mips_cpu.
 *
 * Everything is decoded and checked first, without effects; then what cannot fail is done.  A fault leaves the
 * processor as it was before the instruction.  All charge, by the rules of timing.h.
 */
#pragma once
#include "sim/arch/mips/decode.h"
#include "sim/arch/mips/mips.h"

/*
 * Executes any one instruction at cpu.pc, of all that decode: charges it, moves pc, and keeps in_slot and slot_target.
 * Who calls has fetched it (mips_fetch, or the engine).  A branch leaves in_slot set, taken or not (slot_target is pc + 8
 * then); the next call performs the slot and goes to the target.  A branch in a slot is a reserved instruction.
 * False: *fault says which exception; nothing was done.
 */
bool mips_perform(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault);

/* Whether one of tge ... tnei traps with these registers. */
bool mips_trap_taken(const struct mips_instruction *insn, const uint32_t reg[32]);

/* Takes an exception at cpu.pc (in_slot: EPC is the branch's, BD set): BadVAddr, Context and EntryHi, Cause, EPC, the
 * Status stack or EXL, the vector.  Charges exception.entry or exception.refill; emits the event trap.
 * Double faults: a fault under EXL goes to the general vector with EPC kept (R4000). */
void mips_trap(struct mips *mips, const struct mips_fault *fault);
void mips_interrupt(struct mips *mips);

/* watch.c.  A fault is about to be taken: if it is one of a refill that cannot end, cpu.shutdown and reason.  An
 * interrupt is about to be taken.  Charge nothing. */
void mips_watch_fault(struct mips *mips, const struct mips_fault *fault);
void mips_watch_interrupt(struct mips *mips);

/* The registers of coprocessor 0 as mfc0 and mtc0 see them: reserved bits, side effects, the engine told. */
uint32_t mips_cp0_read(const struct mips *mips, unsigned number);
void mips_cp0_write(struct mips *mips, unsigned number, uint32_t value);

/* --- cost.c --- */

/* T1 and T5: what an instruction takes itself (rfe and eret without T6's), 0 if it is absent. */
uint32_t mips_own_cost(const struct model *model, const struct mips_instruction *insn);
/* T2 and T3: when an instruction begins that could begin at now. */
cycle_t mips_begins(const struct mips_instruction *insn, const cycle_t ready[32], cycle_t hilo_ready, cycle_t now);
/* T2 and T3: what an instruction that began at t leaves behind. */
void mips_makes_ready(const struct model *model, const struct mips_instruction *insn, cycle_t t, cycle_t ready[32],
                      cycle_t *hilo_ready);
/* The static cost of a block of n instructions that begins with everything ready (T1 to T5 within it); prefix[i] receives
 * the cycles before instruction i and its own stalls, i in 0..n (without taken).  cycles: its branch not taken (its slot
 * nullified, if it is likely); taken: what it takes more if it is (T4, and what that changes in its slot).  Jumps are
 * taken.  What depends on the past (T2, T3, T7) is block.c's to add, with the same rules. */
struct mips_block_cost { uint32_t cycles, taken; };
void mips_block_cost(const struct model *model, const struct mips_instruction *insn, unsigned n, uint32_t *prefix,
                     struct mips_block_cost *out);
