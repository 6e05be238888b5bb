/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The R4000's ways in trap.S (R4000, chapters 4, 5 and 11). */
#define GENERAL_VECTOR 0x180

	/* Nothing is taken between here and eret, whatever the trial's Status: EXL is set. */
	.macro prepare_return
	ori $t1, $t0, 2
	mtc0 $t1, $12
	mtc0 $k1, $14
	nop
	nop
	nop
	.endm
	.macro return_to_k1
	.set push
	.set mips3
	eret
	.set pop
	nop
	.endm

	/* Index Writeback Invalidate of the data cache, Index Invalidate of the code cache: lines of 16 bytes, 32 KiB. */
	.macro flush_caches
	.set push
	.set mips3
	lui $t0, 0x8000
	ori $t1, $t0, 0x8000
1:	cache 1, 0($t0)
	addiu $t0, $t0, 16
	bne $t0, $t1, 1b
	nop
	lui $t0, 0x8000
2:	cache 0, 0($t0)
	addiu $t0, $t0, 16
	bne $t0, $t1, 2b
	nop
	.set pop
	.endm
