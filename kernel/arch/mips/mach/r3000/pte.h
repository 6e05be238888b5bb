/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An entry of a page table on the R3000 is what EntryLo takes; the lowest 8 bits, which it does not look at, are ours
 * (pmap_private.h).
 *
 *   frame 31..12 | N 11 D 10 V 9 G 8 | WIRED 2 WRITABLE 1 PRESENT 0
 */
#pragma once

#define PTE_UNCACHED 0x800
#define PTE_CACHED 0
#define PTE_DIRTY 0x400
#define PTE_ACCESSED 0x200
#define PTE_GLOBAL 0x100
#define PTE_BITS_SHIFT 8           /* so far to the right, PTE_ACCESSED and PTE_DIRTY fit a byte */

#define CONTEXT_BASE TABLE_WINDOW  /* Context: PTEBase 31..21 | page 20..2 */

#ifndef __ASSEMBLER__
#include "cp0.h"

/* What a TLB entry is to be for the page that an entry of a table is about. */
static inline void tlb_entry_load(const uint32_t *pte) { cp0_entry_lo_write(*pte); }
#endif
