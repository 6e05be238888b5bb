/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bool copy_user(void *to, const void *from, size_t bytes): between the kernel and a user, by the user's own
 * translations.  All of it may fault, from copy_user to copy_user_end: what cannot be had makes it go on at
 * copy_user_failed (trap.c).
 *
 * By words, four at a time, from where the target is at a word's beginning; a source that is not goes by unaligned
 * loads.
 */
	.set	noreorder
	.set	noat
	.text
	.globl	copy_user, copy_user_end, copy_user_failed
copy_user:
	sltiu	$t0, $a2, 8
	bnez	$t0, 6f
	or	$t1, $a0, $a1
1:	andi	$t0, $a0, 3		/* to a word's beginning */
	beqz	$t0, 2f
	lbu	$t0, 0($a1)
	addiu	$a1, $a1, 1
	addiu	$a2, $a2, -1
	sb	$t0, 0($a0)
	b	1b
	addiu	$a0, $a0, 1
2:	andi	$t1, $a2, 15
	subu	$t2, $a2, $t1
	beqz	$t2, 5f
	addu	$t2, $a1, $t2		/* where the groups of four end */
	andi	$t0, $a1, 3
	bnez	$t0, 4f
	move	$a2, $t1
3:	lw	$t0, 0($a1)
	lw	$t3, 4($a1)
	lw	$t4, 8($a1)
	lw	$t5, 12($a1)
	addiu	$a1, $a1, 16
	sw	$t0, 0($a0)
	sw	$t3, 4($a0)
	sw	$t4, 8($a0)
	sw	$t5, 12($a0)
	bne	$a1, $t2, 3b
	addiu	$a0, $a0, 16
	b	5f
	nop
4:	lwr	$t0, 0($a1)
	lwl	$t0, 3($a1)
	lwr	$t3, 4($a1)
	lwl	$t3, 7($a1)
	lwr	$t4, 8($a1)
	lwl	$t4, 11($a1)
	lwr	$t5, 12($a1)
	lwl	$t5, 15($a1)
	addiu	$a1, $a1, 16
	sw	$t0, 0($a0)
	sw	$t3, 4($a0)
	sw	$t4, 8($a0)
	sw	$t5, 12($a0)
	bne	$a1, $t2, 4b
	addiu	$a0, $a0, 16
5:	sltiu	$t0, $a2, 4		/* words that are left */
	bnez	$t0, 6f
	nop
	lwr	$t0, 0($a1)
	lwl	$t0, 3($a1)
	addiu	$a1, $a1, 4
	addiu	$a2, $a2, -4
	sw	$t0, 0($a0)
	b	5b
	addiu	$a0, $a0, 4
6:	beqz	$a2, 8f			/* bytes */
	addu	$a2, $a1, $a2
7:	lbu	$t0, 0($a1)
	addiu	$a1, $a1, 1
	sb	$t0, 0($a0)
	bne	$a1, $a2, 7b
	addiu	$a0, $a0, 1
copy_user_end:
8:	jr	$ra
	li	$v0, 1
copy_user_failed:
	jr	$ra
	move	$v0, $zero

	.section .note.GNU-stack, "", @progbits
