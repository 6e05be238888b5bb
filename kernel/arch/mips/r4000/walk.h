/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The refill of the TLB by a walk of two tables, for the vector at 0x80000000.  All tables lie in kseg0, so the walk
 * itself needs no translation; the two pages of an entry are neighbours in the second.  A page that is not there has an
 * entry without V: it is loaded like any other, and the next attempt comes through the general vector.
 */
#pragma once

	.macro	REFILL_BY_WALK root
	mfc0	$k1, C0_BADVADDR
	lui	$k0, %hi(\root)
	lw	$k0, %lo(\root)($k0)
	srl	$k1, $k1, 22
	sll	$k1, $k1, 2
	addu	$k0, $k0, $k1
	mfc0	$k1, C0_CONTEXT			/* number of the pair, times 16 */
	lw	$k0, 0($k0)			/* the table of 1024 pages */
	srl	$k1, $k1, 1
	andi	$k1, $k1, 0xff8
	addu	$k0, $k0, $k1
	lw	$k1, 4($k0)
	lw	$k0, 0($k0)
	mtc0	$k1, C0_ENTRYLO1
	mtc0	$k0, C0_ENTRYLO0
	nop
	nop
	tlbwr
	nop
	nop
	.set	push
	.set	mips3
	eret
	.set	pop
	.endm
