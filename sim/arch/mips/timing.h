/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What time instructions take: the rules, in words that a second implementation can be written from (tests/oracle is
 * one).  Keys are those of sim/model/costs_mips.def.
 *
 *   t of an instruction is the clock when it begins: after everything before it, and after its own stalls.
 *
 *   T1  Each instruction takes `issue`; a probe's no-op takes nothing.  A nullified slot (branch-likely) takes `issue`.
 *   T2  Load-use: a load, or mfc0, at t makes its register ready at t + issue + load.use.  An instruction that reads a
 *       register begins no earlier than that register is ready.  Any other write makes it ready at once.
 *       An exception, rfe or eret makes all registers ready.
 *   T3  mult, multu at t make HI and LO ready at t + mult.latency; div, divu at t + div.latency.  Each instruction that
 *       reads or writes HI or LO (mfhi, mflo, mthi, mtlo, mult, div) begins no earlier.  mthi, mtlo make them ready at
 *       once.  Exceptions do not hurry it.
 *   T4  A branch that is taken, and each jump, takes branch.taken more, charged before its slot.
 *   T5  mfc0, mtc0, tlbr, tlbwi, tlbwr, tlbp, cache take cp0.move, tlb.read, tlb.write, tlb.probe, cache.op more.
 *   T6  An exception takes exception.refill (through the refill vector; cause tlb_refill) or exception.entry (all others,
 *       interrupts too; cause trap_entry), after what was done before.  rfe takes rfe more, eret takes eret more
 *       (cause trap_return).
 *   T7  The write buffer has write.depth entries (0: none modelled), each of which takes write.retire to leave, one after
 *       the other.  D is when it will be empty.  A store at t finds ceil((D - t) / write.retire) entries taken, 0 if D <= t;
 *       if that is write.depth it stalls until one has left, t = D - (write.depth - 1) * write.retire.  Then
 *       D = max(D, t) + write.retire.  Cause of the stall: write_buffer.  Stores to devices, and stores into isolated
 *       caches, do not take part.  No read waits for the buffer.
 *   T8  Where caches are modelled, an instruction's fetch and its data pass them in this order; a miss takes
 *       code.miss or data.miss (cause cache).  A load or store to kseg1 that is memory takes uncached.read,
 *       uncached.write, caches or not.
 *   T9  A load or store to a device takes bus.io8, bus.io16, bus.io32 by its size (cause bus_io).
 *   T10 Random: R2000, R3000: entries - 1 - t mod (entries - wired), t being tlbwr's or mfc0's; wired is 8.
 *       R4000: entries - 1 - n mod (entries - Wired), n being the instructions retired since Wired was last written.
 *       Where the model's policy is not random, tlbwr takes the policy's victim, of the wired entries none.
 *   T11 Stalls of T2, T3 are of cause instruction.  While a refill handler runs, from its vector to its rfe or eret (or to
 *       an exception in it), the cycles that would be of cause instruction are of cause tlb_refill.
 *   T12 Where the TLB's policy looks at hits (lru, pseudo-lru), the page of code is touched when a block begins (and a
 *       slot's, if it is another, when the slot is fetched), a page of data by each access.
 *
 * Blocks.  A block begins where control arrives: by a branch or jump, or after the slot of one that was not taken; by an
 * exception, rfe or eret; at a page's begin.  And before and after an instruction that the simulator performs: each for
 * which mips_operation_performed holds, and a load or store that does not go to cached memory (a device, kseg1,
 * EntryLo.N) or meets isolated caches, as the TLB is when it is reached.  But never between a branch and its slot: a
 * block that has a branch goes on through the slot, whatever and wherever that is, and ends after it.
 * Where a block begins, in this order: events whose time has come; an interrupt, if one is due; the fetch is translated.
 * Nowhere else is any of the three done (but for a slot's fetch in another page).
 */
#pragma once
#include "sim/core/types.h"

enum { BLOCK_MOST = PAGE_SIZE / 4 }; /* instructions of a block, but for a slot in the next page */
