/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coprocessor 0 of the R4000 in 32-bit mode ("MIPS R4000 Microprocessor User's Manual", ch. 4, 5): the bit EXL in
 * Status says that an exception is being handled, and eret clears it; entries of two pages, ASIDs of 8 bits; wired
 * entries as many as Wired says.
 *
 *   Status    ... BEV 22 | IM 15..8 | KSU 4..3 (2: user) | ERL 2 | EXL 1 | IE 0
 *   EntryHi   pair of pages 31..13 | ASID 7..0
 *   EntryLo0, EntryLo1  frame 29..6 | C 5..3 (2: uncached, 3: cached) | D 2 | V 1 | G 0
 *   Index, Random  number 0 and up
 */
#pragma once
#include "registers.h"

#define STATUS_KERNEL 0x00000402       /* kernel mode by EXL, so interrupts off; IM: the 8259 */
#define STATUS_IDLE 0x00000401         /* kernel mode, interrupts on */
#define STATUS_TO_USER (STATUS_KERNEL | 0x11) /* after eret: user mode, interrupts on */
#define STATUS_WAS_USER 0x10           /* the exception came from user mode */

#define ENTRY_HI_ASID_SHIFT 0
#define ENTRY_HI_ASID_MASK 0xff
#define ENTRY_HI_PAGE_SHIFT 13         /* of the pages that share one entry */
#define ENTRY_LO_UNCACHED (2 << 3)
#define ENTRY_LO_CACHED (3 << 3)
#define ENTRY_LO_DIRTY 0x4
#define ENTRY_LO_VALID 0x2
#define ENTRY_LO_GLOBAL 0x1
#define TLB_INDEX_SHIFT 0
#define TLB_USUAL_ENTRIES 48

/* General exceptions come here; those that no entry of the TLB matches, to REFILL_VECTOR if EXL is clear. */
#define REFILL_VECTOR 0x80000000
#define GENERAL_VECTOR 0x80000180

#define CONFIG_K0_MASK 7               /* how kseg0 is cached */
#define CONFIG_K0_CACHED 3

#define CP0_HAZARD "nop\n\tnop\n\tnop"

#ifdef __ASSEMBLER__
	/* As the loader left it -> STATUS_KERNEL; kseg0 cached, pages of 4 KiB, no timer. */
	.macro CPU_BEGIN
	li	$t0, STATUS_KERNEL
	mtc0	$t0, C0_STATUS
	mtc0	$zero, C0_CAUSE
	mfc0	$t0, C0_CONFIG
	li	$t1, ~CONFIG_K0_MASK
	and	$t0, $t0, $t1
	ori	$t0, $t0, CONFIG_K0_CACHED
	mtc0	$t0, C0_CONFIG
	mtc0	$zero, C0_PAGEMASK
	mtc0	$zero, C0_WIRED
	HAZARD
	.endm

	/* To the address in a register, in the mode before the exception. */
	.macro RETURN_TO register
	mtc0	\register, C0_EPC
	nop
	nop
	.set	push
	.set	mips3
	eret
	.set	pop
	.endm

	/* Between mtc0 and what depends on it. */
	.macro HAZARD
	nop
	nop
	nop
	.endm
	/* Between a load, or mfc0, and the use of what it loads: the processor itself sees to that. */
	.macro LOAD_SLOT
	.endm
#else
static inline uint32_t entry_lo(uint32_t frame_address, uint32_t bits) { return frame_address >> 6 | bits; }
static inline uint32_t entry_lo_address(uint32_t entry) { return (entry & ~0x3fu) << 6; }

CP0_REGISTER(cp0_index, 0)
CP0_REGISTER(cp0_random, 1)
CP0_REGISTER(cp0_entry_lo, 2)
CP0_REGISTER(cp0_entry_lo1, 3)
CP0_REGISTER(cp0_context, 4)
CP0_REGISTER(cp0_pagemask, 5)
CP0_REGISTER(cp0_wired, 6)
CP0_REGISTER(cp0_badvaddr, 8)
CP0_REGISTER(cp0_entry_hi, 10)
CP0_REGISTER(cp0_status, 12)
CP0_REGISTER(cp0_cause, 13)
CP0_REGISTER(cp0_config, 16)
CP0_OPERATION(tlbr)
CP0_OPERATION(tlbwi)
CP0_OPERATION(tlbp)
CP0_OPERATION(tlbwr)
CP0_TLB_WRITE

/* What tlbwi is to write: two pages that are not there. */
static inline void tlb_entry_clear(void)
{
	cp0_entry_lo_write(0);
	cp0_entry_lo1_write(0);
}
/* Random starts at its most, which is the number of the last entry. */
static inline void tlb_random_begin(void) { cp0_wired_write(0); }
#endif
