/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The R2000's and R3000's ways in trap.S (KANE, chapters 5 and 6). */
#define GENERAL_VECTOR 0x80

	/* The trial's mode and interrupt bits are put where rfe takes them from. */
	.macro prepare_return
	andi $t1, $t0, 0x3f
	xor $t0, $t0, $t1
	andi $t1, $t1, 0x0f
	sll $t1, $t1, 2
	or $t0, $t0, $t1
	mtc0 $t0, $12
	nop
	nop
	.endm
	.macro return_to_k1
	jr $k1
	rfe
	.endm

	/* Isolated, a byte store to any address of the code cache drops its line; 64 KiB are more than any here. */
	.macro flush_caches
	lui $t0, %hi(1f)
	addiu $t0, $t0, %lo(1f)
	lui $t1, 0x2000
	or $t0, $t0, $t1                /* kseg1: the caches are about to be exchanged */
	lui $t2, 0x0003                 /* IsC, SwC */
	jr $t0
	nop
1:	mtc0 $t2, $12
	nop
	nop
	nop
	lui $t0, 0x8000
	lui $t1, 0x8001
2:	sb $0, 0($t0)
	addiu $t0, $t0, 4
	bne $t0, $t1, 2b
	nop
	nop
	nop
	mtc0 $0, $12
	nop
	nop
	nop
	.endm
