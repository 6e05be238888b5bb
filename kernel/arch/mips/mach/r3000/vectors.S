/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The R3000's vectors (Kane, ch. 6), and its TLB misses, the level below the kernel: nothing but k0 and k1 is changed,
 * and the kernel's stack not touched.
 *
 *   kuseg, no entry matches    refill_vector: the entry is a word at the address that Context has.  If the page of the
 *                              table is not in the TLB itself, the load is a miss in kseg2, which must leave k1 alone
 *   kseg2, the tables' window  table_miss: the page of the table by the directory, which has an entry for each; then
 *                              the refill goes on, with EntryHi the user's again
 *   kseg2, the kernel's map    kernel_miss: through the kernel's tables, as physical memory.  What is not valid there
 *                              goes on to trap.c, and no such entry gets into the TLB
 *   all other exceptions       by their code to exception_table (entry.S)
 *
 * A table that a map does not have is one without any page (pmap_boot.c): the user's access is tried again then, and
 * comes as an invalid entry's, with all registers as a page fault has to have them.
 */
#include "cp0.h"
#include "layout.h"
#include "pcb_layout.h"
#include "pte.h"

#define REFILL_LOAD 8			/* of refill_vector */

	.set	noreorder
	.set	noat
	.text
	.globl	refill_vector, refill_vector_end, general_vector, general_vector_end
refill_vector:
	mfc0	$k0, C0_CONTEXT
	mfc0	$k1, C0_EPC
	lw	$k0, 0($k0)			/* REFILL_LOAD */
	nop
	mtc0	$k0, C0_ENTRYLO0
	nop
	tlbwr
	jr	$k1
	rfe
refill_vector_end:

general_vector:
	mfc0	$k0, C0_CAUSE
	nop
	andi	$k0, $k0, CAUSE_CODE_MASK & ~4	/* of CODE_TLB_LOAD and _STORE the same */
	xori	$k0, $k0, CODE_TLB_LOAD << 2
	beqz	$k0, 1f
	mfc0	$k0, C0_CAUSE
	lui	$k1, %hi(exception_table)
	andi	$k0, $k0, CAUSE_CODE_MASK
	addu	$k1, $k1, $k0
	lw	$k1, %lo(exception_table)($k1)
	nop
	jr	$k1
	nop
1:	j	tlb_miss
	mfc0	$k0, C0_BADVADDR
general_vector_end:

	.globl	tlb_miss
tlb_miss:
	nop
	bgez	$k0, 2f
	srl	$k0, $k0, 22
	xori	$k0, $k0, TABLE_WINDOW >> 22
	bnez	$k0, kernel_miss
	lui	$k0, %hi(refill_at)
table_miss:
	sw	$at, %lo(refill_at)($k0)
	mfc0	$at, C0_BADVADDR
	lui	$k0, %hi(loaded_directory)
	lw	$k0, %lo(loaded_directory)($k0)
	srl	$at, $at, 10
	andi	$at, $at, 0xffc
	addu	$k0, $k0, $at
	lw	$k0, 0($k0)
	mfc0	$at, C0_BADVADDR
	mtc0	$k0, C0_ENTRYLO0
	sll	$at, $at, 10			/* the user's address, of which this is the entry */
	tlbwr
	mfc0	$k0, C0_ENTRYHI
	nop
	andi	$k0, $k0, ENTRY_HI_ASID_MASK
	or	$k0, $k0, $at
	mtc0	$k0, C0_ENTRYHI
	lui	$k0, %hi(refill_at)
	lw	$at, %lo(refill_at)($k0)
	mfc0	$k0, C0_BADVADDR
	j	REFILL_VECTOR + REFILL_LOAD
	rfe

kernel_miss:
	mfc0	$k0, C0_BADVADDR
	lui	$k1, %hi(kernel_directory)
	srl	$k0, $k0, 20
	andi	$k0, $k0, 0xffc
	addu	$k1, $k1, $k0
	lw	$k1, %lo(kernel_directory)($k1)
	mfc0	$k0, C0_BADVADDR
	srl	$k1, $k1, 12
	sll	$k1, $k1, 12
	srl	$k0, $k0, 10
	andi	$k0, $k0, 0xffc
	or	$k1, $k1, $k0
	lui	$k0, WINDOW_BASE >> 16
	or	$k1, $k1, $k0
	lw	$k1, 0($k1)
	nop
	andi	$k0, $k1, PTE_ACCESSED
	beqz	$k0, 2f
	mtc0	$k1, C0_ENTRYLO0
	mfc0	$k0, C0_EPC
	tlbwr
	jr	$k0
	rfe
2:	j	trap_common
	nop

	.data
	.balign	8
refill_at:
	.word	0

	.section .note.GNU-stack, "", @progbits
