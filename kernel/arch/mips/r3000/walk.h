/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The refill of the TLB by a walk of two tables, for the vector at 0x80000000: 18 instructions, two of them loads that
 * may miss the cache.  All tables lie in kseg0, so the walk itself needs no translation; a linear table, mapped in
 * kseg2, takes half the instructions, but its own pages are then missed too, and take entries from users (a space of L4
 * is a few pages here and there: each piece would have a page of that table).  A page that is not there has an entry
 * without V: it is loaded like any other, and the next attempt comes through the general vector.
 */
#pragma once

	.macro	REFILL_BY_WALK root
	mfc0	$k1, C0_BADVADDR
	lui	$k0, %hi(\root)
	lw	$k0, %lo(\root)($k0)
	srl	$k1, $k1, 22
	sll	$k1, $k1, 2
	addu	$k0, $k0, $k1
	lw	$k0, 0($k0)			/* the table of 1024 pages */
	mfc0	$k1, C0_CONTEXT			/* page number, times 4 */
	nop
	andi	$k1, $k1, 0xffc
	addu	$k0, $k0, $k1
	lw	$k0, 0($k0)
	mfc0	$k1, C0_EPC
	mtc0	$k0, C0_ENTRYLO0
	nop
	tlbwr
	jr	$k1
	rfe
	.endm
