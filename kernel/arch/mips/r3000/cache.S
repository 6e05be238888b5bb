/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The instruction cache is written by swapping it with the data cache and isolating that from memory (Kane, ch. 6): a
 * store of less than a word then makes a line invalid.  The data cache is written through.  The code that does so runs
 * uncached, in kseg1; nothing may come between, and no other data be touched.
 */
#include "cp0.h"

	.set	noreorder
	.set	noat
	.text
	.globl	cache_code_written
cache_code_written:
	lui	$t0, %hi(1f)
	addiu	$t0, $t0, %lo(1f)
	lui	$t1, 0x2000			/* kseg0 -> kseg1 */
	or	$t0, $t0, $t1
	addu	$a1, $a0, $a1
	mfc0	$t2, C0_STATUS
	li	$t3, STATUS_ISOLATED
	or	$t3, $t3, $t2
	jr	$t0
	nop
1:	mtc0	$t3, C0_STATUS
	nop
	nop
	nop
2:	sb	$zero, 0($a0)
	addiu	$a0, $a0, 4			/* the smallest line */
	sltu	$t0, $a0, $a1
	bnez	$t0, 2b
	nop
	mtc0	$t2, C0_STATUS
	nop
	nop
	nop
	jr	$ra
	nop

	.globl	cache_all_written
cache_all_written:			/* it is written through */
	jr	$ra
	nop

	.section .note.GNU-stack, "", @progbits
