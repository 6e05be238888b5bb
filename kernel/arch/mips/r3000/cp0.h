/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coprocessor 0 of the R2000 and R3000 (Kane, "MIPS RISC Architecture", ch. 5, 6): a stack of three pairs of mode and
 * interrupt enable in Status, popped by rfe; entries of one page, ASIDs of 6 bits; wired entries 0 to 7.
 *
 *   Status   ... BEV 22 TS 21 ... SwC 17 IsC 16 | IM 15..8 | KUo IEo KUp IEp KUc IEc
 *   EntryHi  page 31..12 | ASID 11..6
 *   EntryLo  frame 31..12 | N 11 D 10 V 9 G 8
 *   Index, Random  number 8 and up
 */
#pragma once
#include "registers.h"

#define STATUS_KERNEL 0x00000400       /* kernel mode, interrupts off; IM: the 8259 */
#define STATUS_IDLE (STATUS_KERNEL | 0x1) /* interrupts on */
#define STATUS_TO_USER (STATUS_KERNEL | 0xc) /* after one more rfe: user mode, interrupts on */
#define STATUS_ISOLATED 0x00030000     /* data accesses go to the instruction cache, and to nothing else */
#define STATUS_WAS_USER 0x8            /* the exception came from user mode */

#define ENTRY_HI_ASID_SHIFT 6
#define ENTRY_HI_ASID_MASK 0xfc0
#define ENTRY_HI_PAGE_SHIFT 12         /* of the pages that share one entry */
#define ENTRY_LO_UNCACHED 0x800
#define ENTRY_LO_CACHED 0
#define ENTRY_LO_DIRTY 0x400
#define ENTRY_LO_VALID 0x200
#define ENTRY_LO_GLOBAL 0x100
#define TLB_INDEX_SHIFT 8
#define TLB_WIRED 8
#define TLB_USUAL_ENTRIES 64

/* General exceptions come here; those of kuseg that no entry of the TLB matches, to REFILL_VECTOR. */
#define REFILL_VECTOR 0x80000000
#define GENERAL_VECTOR 0x80000080

#define CP0_HAZARD "nop"

#ifdef __ASSEMBLER__
	/* As the loader left it -> STATUS_KERNEL. */
	.macro CPU_BEGIN
	li	$t0, STATUS_KERNEL
	mtc0	$t0, C0_STATUS
	mtc0	$zero, C0_CAUSE
	.endm

	/* To the address in a register, which must be k0 or k1, in the mode before the exception. */
	.macro RETURN_TO register
	jr	\register
	rfe
	.endm

	/* Between mtc0 and what depends on it. */
	.macro HAZARD
	nop
	.endm
	/* Between a load, or mfc0, and the use of what it loads. */
	.macro LOAD_SLOT
	nop
	.endm
#else
static inline uint32_t entry_lo(uint32_t frame_address, uint32_t bits) { return frame_address | bits; }
static inline uint32_t entry_lo_address(uint32_t entry) { return entry & 0xfffff000u; }

CP0_REGISTER(cp0_index, 0)
CP0_REGISTER(cp0_random, 1)
CP0_REGISTER(cp0_entry_lo, 2)
CP0_REGISTER(cp0_context, 4)
CP0_REGISTER(cp0_badvaddr, 8)
CP0_REGISTER(cp0_entry_hi, 10)
CP0_REGISTER(cp0_status, 12)
CP0_REGISTER(cp0_cause, 13)
CP0_OPERATION(tlbr)
CP0_OPERATION(tlbwi)
CP0_OPERATION(tlbp)
CP0_OPERATION(tlbwr)
CP0_TLB_WRITE

/* What tlbwi is to write: a page that is not there. */
static inline void tlb_entry_clear(void)
{
	cp0_entry_lo_write(0);
}
/* Random starts at its most. */
static inline void tlb_random_begin(void) {}
#endif
