/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes that move (pager/lib/string.h): by words, four at a time, from where the target is at a word's beginning; a
 * source that is not goes by unaligned loads.
 */
	.text
	.set noreorder
	.globl memcpy, memset, memmove

	/* memcpy(to, from, size): to */
	.ent memcpy
memcpy:
	sltiu	$8, $6, 8
	bnez	$8, 6f
	move	$2, $4
1:	andi	$8, $4, 3		/* to a word's beginning */
	beqz	$8, 2f
	addiu	$6, $6, -1
	lbu	$8, 0($5)
	addiu	$5, $5, 1
	sb	$8, 0($4)
	b	1b
	addiu	$4, $4, 1
2:	addiu	$6, $6, 1
	andi	$9, $6, 15
	subu	$10, $6, $9
	andi	$8, $5, 3
	bnez	$8, 4f
	addu	$10, $5, $10		/* where the groups of four end */
	beq	$5, $10, 5f
	move	$6, $9
3:	lw	$8, 0($5)
	lw	$11, 4($5)
	lw	$12, 8($5)
	lw	$13, 12($5)
	addiu	$5, $5, 16
	sw	$8, 0($4)
	sw	$11, 4($4)
	sw	$12, 8($4)
	sw	$13, 12($4)
	bne	$5, $10, 3b
	addiu	$4, $4, 16
	b	5f
	nop
4:	beq	$5, $10, 5f
	move	$6, $9
	lwr	$8, 0($5)
	lwl	$8, 3($5)
	lwr	$11, 4($5)
	lwl	$11, 7($5)
	lwr	$12, 8($5)
	lwl	$12, 11($5)
	lwr	$13, 12($5)
	lwl	$13, 15($5)
	addiu	$5, $5, 16
	sw	$8, 0($4)
	sw	$11, 4($4)
	sw	$12, 8($4)
	sw	$13, 12($4)
	b	4b
	addiu	$4, $4, 16
5:	sltiu	$8, $6, 4		/* words that are left */
	bnez	$8, 6f
	nop
	lwr	$9, 0($5)
	lwl	$9, 3($5)
	addiu	$5, $5, 4
	addiu	$6, $6, -4
	sw	$9, 0($4)
	b	5b
	addiu	$4, $4, 4
6:	beqz	$6, 8f			/* bytes */
	addu	$6, $5, $6
7:	lbu	$8, 0($5)
	addiu	$5, $5, 1
	sb	$8, 0($4)
	bne	$5, $6, 7b
	addiu	$4, $4, 1
8:	jr	$31
	nop
	.end memcpy

	/* memmove(to, from, size): to; from the end on where the target begins within the source */
	.ent memmove
memmove:
	subu	$8, $4, $5
	sltu	$8, $8, $6
	beqz	$8, memcpy
	move	$2, $4
	addu	$8, $4, $6
	addu	$9, $5, $6
9:	beq	$8, $4, 10f
	addiu	$8, $8, -1
	lbu	$10, -1($9)
	addiu	$9, $9, -1
	b	9b
	sb	$10, 0($8)
10:	jr	$31
	nop
	.end memmove

	/* memset(to, byte, size): to */
	.ent memset
memset:
	andi	$5, $5, 0xff
	sll	$8, $5, 8
	or	$5, $5, $8
	sll	$8, $5, 16
	or	$5, $5, $8
	sltiu	$8, $6, 8
	bnez	$8, 15f
	move	$2, $4
11:	andi	$8, $4, 3
	beqz	$8, 12f
	addiu	$6, $6, -1
	sb	$5, 0($4)
	b	11b
	addiu	$4, $4, 1
12:	addiu	$6, $6, 1
	andi	$9, $6, 15
	subu	$10, $6, $9
	beqz	$10, 14f
	addu	$10, $4, $10
13:	sw	$5, 0($4)
	sw	$5, 4($4)
	sw	$5, 8($4)
	addiu	$4, $4, 16
	bne	$4, $10, 13b
	sw	$5, -4($4)
14:	move	$6, $9
15:	beqz	$6, 17f
	addu	$6, $4, $6
16:	addiu	$4, $4, 1
	bne	$4, $6, 16b
	sb	$5, -1($4)
17:	jr	$31
	nop
	.end memset
	.section .note.GNU-stack, "", @progbits
