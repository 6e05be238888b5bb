/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The R4000's vectors ("MIPS R4000 Microprocessor User's Manual", ch. 4, 5), and its TLB misses, the level below the
 * kernel: nothing but k0 and k1 is changed, and the kernel's stack not touched.
 *
 *   no entry matches        refill_vector: the pair of entries is at the address that Context is twice.  If the page of
 *                           the table is not in the TLB itself, the load is a miss in the tables' window, of which EPC
 *                           learns nothing, as EXL is set
 *   the tables' window      tlb_miss: its pair of pages by the directory, which has an entry for each; then the access
 *                           is tried again, and refilled
 *   all other exceptions    by their code to exception_table (entry.S)
 *
 * A table that a map does not have is one without any page (pmap_boot.c): so each miss ends in an entry, and if that is
 * invalid, in a page fault with all registers as it has to have them.
 */
#include "cp0.h"
#include "layout.h"
#include "pcb_layout.h"
#include "pte.h"

	.set	noreorder
	.set	noat
	.text
	.globl	refill_vector, refill_vector_end, general_vector, general_vector_end
refill_vector:
	mfc0	$k0, C0_CONTEXT
	nop
	sra	$k0, $k0, 1
	lw	$k1, 0($k0)
	lw	$k0, 4($k0)
	srl	$k1, $k1, PTE_ENTRY_LO_SHIFT
	mtc0	$k1, C0_ENTRYLO0
	srl	$k0, $k0, PTE_ENTRY_LO_SHIFT
	mtc0	$k0, C0_ENTRYLO1
	nop
	tlbwr
	nop
	.set	push
	.set	mips3
	eret
	.set	pop
refill_vector_end:

general_vector:
	mfc0	$k0, C0_CAUSE
	lui	$k1, %hi(exception_table)
	andi	$k0, $k0, CAUSE_CODE_MASK
	addu	$k1, $k1, $k0
	lw	$k1, %lo(exception_table)($k1)
	nop
	jr	$k1
	nop
general_vector_end:

	.globl	tlb_miss
tlb_miss:
	mfc0	$k0, C0_BADVADDR
	nop
	srl	$k1, $k0, 22
	xori	$k1, $k1, TABLE_WINDOW >> 22
	bnez	$k1, 1f
	lui	$k1, %hi(loaded_directory)
	lw	$k1, %lo(loaded_directory)($k1)
	srl	$k0, $k0, 10
	andi	$k0, $k0, 0xff8
	addu	$k1, $k1, $k0
	lw	$k0, 0($k1)
	lw	$k1, 4($k1)
	srl	$k0, $k0, PTE_ENTRY_LO_SHIFT
	mtc0	$k0, C0_ENTRYLO0
	srl	$k1, $k1, PTE_ENTRY_LO_SHIFT
	mtc0	$k1, C0_ENTRYLO1
	nop
	tlbwr
	nop
	.set	push
	.set	mips3
	eret
	.set	pop
1:	j	trap_common
	nop

	.section .note.GNU-stack, "", @progbits
