/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What time instructions take: the rules, in words that a second implementation can be written from (tests/oracle is
 * one).  Keys are those of sim/model/costs_mips.def.
 *
 *   t of an instruction is the clock when it begins: after everything before it, and after its own stalls.
 *
 *   T1  Each instruction takes `issue`; a probe's no-op takes nothing.  A nullified slot (branch-likely) takes `issue`; it
 *       is not fetched, stalls for nothing, and is no instruction retired.
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
 *       code.miss or data.miss for each line that is read from memory, and write.back if a dirty line had to go (cause
 *       cache).  A load or store of memory that is uncached (kseg1, or the page's entry says so) takes uncached.read,
 *       uncached.write (cause cache), caches or not, and passes none; an uncached fetch takes nothing.
 *   T9  A load or store to a device takes bus.io8, bus.io16, bus.io32 by its size (cause bus_io).  The device sees the
 *       clock at the end of the access, t + issue + bus.io.  Where nothing answers, the stalls and bus.io were taken when
 *       the exception comes, issue was not.
 *   T10 Random: R2000, R3000: entries - 1 - t mod (entries - wired), t being tlbwr's or mfc0's; wired is 8.
 *       R4000: entries - 1 - n mod (entries - Wired), n being the instructions retired since Wired was last written
 *       (0 for the one after that mtc0); entries - 1 where Wired leaves none.
 *       Where the model's policy is not random, tlbwr takes the policy's victim, of the wired entries none.
 *       Entry (way, set) has index way * sets + set.  Where there are several sets, tlbwi writes the way of Index in the
 *       set of EntryHi's page; the wired entries of a set are its ways with an index below wired, W of them; tlbwr's
 *       way is ways - 1 - t mod (ways - W) (R4000: n), or the policy's victim of the others (pseudo-lru: a pointer to a
 *       half with wired ways alone counts as one to the other half; ways - 1 where all are wired).
 *   T11 Stalls of T2, T3 are of cause instruction.  While a refill handler runs, from its vector to its rfe or eret (or to
 *       an exception in it), the cycles that would be of cause instruction are of cause tlb_refill.
 *   T12 tlb.refill: hardware: before an exception through the refill vector for a page of kuseg is taken, the processor
 *       reads its entry in the linear table that Context points to, as a load of the kernel's, and writes it, as tlbwr
 *       would.  R2000, R3000: the word, an EntryLo, at the address that Context would have.  R4000: the two words at half
 *       of that address (an arithmetic shift by one: pairs of 8 bytes), each an EntryLo << 6.  That takes walk.hit (cause
 *       tlb_walk) and nothing else; t of T10 is the clock when the exception would have been taken.  Then the access is
 *       tried again.  If PTEBase is not an address of the kernel's (there is no table), or if the read would be an
 *       exception itself or is not memory, nothing has happened, and the exception comes as usual.
 *   T13 R4000: Count is (t - base) / 2, base being 2 * value before the t of the mtc0 that wrote it, or the cycle of power
 *       on.  IP7 is set from the cycle on in which Count comes to equal Compare, until Compare is written.
 *   T14 Where the TLB's policy looks at hits (lru, pseudo-lru), the page of code is touched when a block begins (and a
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
