/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The restartable sequences of include/mips/l4/atomic_code.h, as they are copied to the end of the kernel info page;
 * trap.c has users begin them anew from where they say.
 */
	.set	noreorder
	.section .rodata
	.balign	16
	.globl	atomic_code, atomic_code_end
atomic_code:				/* exchange */
	lw	$v0, 0($a0)
	sw	$a1, 0($a0)
	jr	$ra
	nop
	.org	0x10			/* compare_exchange */
	lw	$v0, 0($a0)
	nop
	bne	$v0, $a1, 1f
	nop
	sw	$a2, 0($a0)
	jr	$ra
	li	$v0, 1
1:	jr	$ra
	move	$v0, $zero
atomic_code_end:
	.section .note.GNU-stack, "", @progbits
