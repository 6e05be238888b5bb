/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mach_msg: the trap, with the arguments where the caller put them (mach/syscalls.h), and again if it was interrupted
 * and the caller did not ask to be told (MACH_SEND_INTERRUPT, MACH_RCV_INTERRUPT).  Interrupted while sending, the
 * message is the caller's as before: the same call once more.  Later only the receive is left (msg.c).
 */
	.set TRAP, 25
	.set OPTION, 8                          /* the second argument, above the return address */
	.set SEND_INTERRUPT, 0x40
	.set SEND_INTERRUPTED, 0x10000007
	.set RCV_INTERRUPTED, 0x10004005

	.text
	.globl mach_msg
	.type mach_msg, @function
mach_msg:
	movl $TRAP, %eax
	lcall $7, $0
	testl %eax, %eax
	jne 1f
	ret
1:	cmpl $RCV_INTERRUPTED, %eax
	je mach_msg_receive_again
	cmpl $SEND_INTERRUPTED, %eax
	jne 2f
	testl $SEND_INTERRUPT, OPTION(%esp)
	je mach_msg
2:	ret
	.size mach_msg, . - mach_msg
	.section .note.GNU-stack, "", @progbits
