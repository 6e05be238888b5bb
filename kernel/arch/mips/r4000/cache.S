/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By lines, with the instruction cache (R4000 user's manual, app. A): the data cache writes back what it has of the
 * address, the instruction cache drops it.
 */
#include "cp0.h"

#define HIT_WRITE_BACK_DATA 0x19
#define HIT_INVALIDATE_CODE 0x10
#define INDEX_WRITE_BACK_DATA 0x01
#define CONFIG_DATA_SHIFT 6		/* its size: 4 KiB << 3 bits of Config */
#define LINE 16				/* the smallest */

	.set	noreorder
	.set	noat
	.text
	.globl	cache_code_written
cache_code_written:
	addu	$a1, $a0, $a1
	.set	push
	.set	mips3
1:	cache	HIT_WRITE_BACK_DATA, 0($a0)
	cache	HIT_INVALIDATE_CODE, 0($a0)
	.set	pop
	addiu	$a0, $a0, LINE
	sltu	$t0, $a0, $a1
	bnez	$t0, 1b
	nop
	jr	$ra
	nop

	.globl	cache_all_written
cache_all_written:
	mfc0	$t0, C0_CONFIG
	li	$t1, 4096
	srl	$t0, $t0, CONFIG_DATA_SHIFT
	andi	$t0, $t0, 7
	sllv	$a1, $t1, $t0
	lui	$a0, %hi(0x80000000)
	addu	$a1, $a0, $a1
	.set	push
	.set	mips3
1:	cache	INDEX_WRITE_BACK_DATA, 0($a0)
	.set	pop
	addiu	$a0, $a0, LINE
	sltu	$t0, $a0, $a1
	bnez	$t0, 1b
	nop
	jr	$ra
	nop

	.section .note.GNU-stack, "", @progbits
