/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An entry of a page table on the R4000 is what EntryLo takes, shifted left by 6; the lowest 6 bits are ours
 * (pmap_private.h).
 *
 *   frame 31..12 | C 11..9 D 8 V 7 G 6 | WIRED 2 WRITABLE 1 PRESENT 0
 */
#pragma once

#define PTE_ENTRY_LO_SHIFT 6
#define PTE_UNCACHED 0x400
#define PTE_CACHED 0x600
#define PTE_DIRTY 0x100
#define PTE_ACCESSED 0x80
#define PTE_GLOBAL 0x40
#define PTE_BITS_SHIFT 6           /* so far to the right, PTE_ACCESSED and PTE_DIRTY fit a byte */

/* Context: PTEBase 31..23 | pair of pages 22..4, for entries of 16 bytes.  Ours are of 8: shifted right by 1, with its
 * sign, it is an address in the window. */
#define CONTEXT_BASE (TABLE_WINDOW << 1 & 0xffffffff)

#ifndef __ASSEMBLER__
#include "cp0.h"

/* What a TLB entry is to be for the pair of pages that an entry of a table belongs to. */
static inline void tlb_entry_load(const uint32_t *pte)
{
	const uint32_t *pair = (const uint32_t *)((uintptr_t)pte & ~(uintptr_t)7);
	cp0_entry_lo_write(pair[0] >> PTE_ENTRY_LO_SHIFT);
	cp0_entry_lo1_write(pair[1] >> PTE_ENTRY_LO_SHIFT);
}
#endif
