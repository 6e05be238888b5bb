/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB as a table: entries by index, matching, replacement.  It knows nothing of coprocessor 0's registers, of faults
 * or time: entries.c and mmu.c do.
 *
 *   index    way * sets + set, as Index and Random have it
 *   slot     set * ways + way, where an entry stands in the table
 *
 * Invariants
 *   1. an entry stands in the set of its page.
 *   2. conflicts is the number of pairs of entries that some access could match both (kseg0 and kseg1 match nothing).
 *      On an R4000 it is 0: tlb_conflict is asked before tlb_put.
 *   3. hint[] is only where to look first: what it says is checked.
 */
#pragma once
#include "sim/arch/mips/mips.h"
#include "sim/mmu/replacement.h"

enum { TLB_HINTS = 256 };

struct mips_tlb {
	uint32_t entries, ways, sets;
	bool pairs;              /* R4000: an entry is a pair of pages */
	uint32_t asid_mask;
	struct mips_tlb_entry *entry; /* by slot */
	uint64_t *key, *care;    /* by slot: (asid, page), and the bits of it that are compared */
	uint32_t conflicts;
	uint16_t hint[TLB_HINTS];
	struct replacement replacement;
};

/* A TLB of a geometry (tag_bits: of its ASIDs), of power on.  NULL: memory exhausted. */
struct mips_tlb *mips_tlb_create(const struct tlb_geometry *geometry, bool pairs);
void mips_tlb_destroy(struct mips_tlb *tlb);

/* The set of a page. */
static inline uint32_t mips_tlb_set(const struct mips_tlb *tlb, uint32_t page)
{
	return tlb_set_of(tlb->pairs ? page >> 1 : page, tlb->sets);
}
static inline uint32_t mips_tlb_index(const struct mips_tlb *tlb, uint32_t slot)
{
	return slot % tlb->ways * tlb->sets + slot / tlb->ways;
}
static inline uint32_t mips_tlb_slot(const struct mips_tlb *tlb, uint32_t index)
{
	return index % tlb->sets * tlb->ways + index / tlb->sets;
}

/* The slot that a page of an address space matches, the lowest way first; -1: none.  *second, if not NULL: another that
 * matches too, or -1. */
int mips_tlb_find(struct mips_tlb *tlb, uint32_t page, uint32_t asid, int *second);
/* The same, and not even a hint changes. */
int mips_tlb_peek(const struct mips_tlb *tlb, uint32_t page, uint32_t asid);
/* A slot other than `slot` whose entry some access could match together with this one; -1: none. */
int mips_tlb_conflict(const struct mips_tlb *tlb, uint32_t slot, const struct mips_tlb_entry *entry);
/* Writes an entry; its asid is cut to what there is. */
void mips_tlb_put(struct mips_tlb *tlb, uint32_t slot, const struct mips_tlb_entry *entry);
/* A translation used the entry of a slot. */
void mips_tlb_touch(struct mips_tlb *tlb, uint32_t slot);
/* How many ways of a set hold wired entries: indices below wired. */
uint32_t mips_tlb_wired_ways(const struct mips_tlb *tlb, uint32_t set, uint32_t wired);
/* For snapshots; fails on what no writes could have left, and is then as at power on. */
void mips_tlb_state(struct stream *stream, struct mips_tlb *tlb);

/* --- entries.c: the TLB of a processor --- */

/* The slot that a random write of a page replaces (T10). */
uint32_t tlb_victim(struct mips *mips, uint32_t page);
/* The entry that registers of these values describe.  lo[1], mask: R4000. */
struct mips_tlb_entry tlb_entry_of(const struct mips *mips, uint32_t hi, const uint32_t lo[2], uint32_t mask);
/* Writes an entry and tells the engine; R4000: shuts down if another matches too.  Counts nothing. */
void tlb_write_entry(struct mips *mips, uint32_t slot, const struct mips_tlb_entry *entry);
/* The slot that a page matches for the running address space, -1: none; two: shutdown, and none. */
int tlb_find_running(struct mips *mips, uint32_t page);
