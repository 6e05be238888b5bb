/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mach_msg: the trap, with the arguments where the caller put them (mach/syscalls.h), and again if it was interrupted
 * and the caller did not ask to be told (MACH_SEND_INTERRUPT, MACH_RCV_INTERRUPT).  Interrupted while sending, the
 * message is the caller's as before: the same call once more.  Later only the receive is left (msg.c).
 *
 * A call leaves nothing in a0 to a3: they are kept where the caller has left room for them.
 */
	.set TRAP, 25
	.set SEND_INTERRUPT, 0x40
	.set SEND_INTERRUPTED, 0x10000007
	.set RCV_INTERRUPTED, 0x10004005

	.text
	.set noreorder
	.globl mach_msg
	.ent mach_msg
mach_msg:
	sw	$4, 0($29)
	sw	$5, 4($29)
	sw	$6, 8($29)
	sw	$7, 12($29)
1:	li	$2, TRAP
	syscall
	bnez	$2, 2f
	nop
	jr	$31
	nop

2:	lw	$4, 0($29)
	lw	$5, 4($29)
	lw	$6, 8($29)
	lw	$7, 12($29)
	li	$8, RCV_INTERRUPTED
	beq	$2, $8, 4f
	nop
	li	$8, SEND_INTERRUPTED
	bne	$2, $8, 3f
	andi	$8, $5, SEND_INTERRUPT
	beqz	$8, 1b
	nop
3:	jr	$31
	nop
4:	j	mach_msg_receive_again
	nop
	.end mach_msg
	.section .note.GNU-stack, "", @progbits
