/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * speed on an R3000: vectors, the way into the kernel and out of it, the way to the user.
 *
 * The user's memory is where it is mapped (page n is frame n); the page table is words of EntryLo at PAGE_TABLE, where
 * Context points into it.  A user's call comes with the number in v0, and may lose what a call in C may lose.
 *
 *   syscall -> general -> speed_call_entry -> speed_kernel (kernel.c) -> speed_call_return -> behind the syscall
 */
#define CP0_ENTRYLO $2
#define CP0_CONTEXT $4
#define CP0_ENTRYHI $10
#define CP0_STATUS $12
#define CP0_CAUSE $13
#define CP0_EPC $14
#define EXC_SYSCALL (8 << 2)
#define CALL_END 4
#define STATUS_USER 0x08         /* previous: user mode, interrupts off */

	.set noreorder
	.set noat
	.section .refill,"ax"
	mfc0	$k1,CP0_CONTEXT
	nop
	lw	$k1,0($k1)
	mfc0	$k0,CP0_EPC
	mtc0	$k1,CP0_ENTRYLO
	nop
	tlbwr
	jr	$k0
	rfe

	.section .general,"ax"
	mfc0	$k0,CP0_CAUSE
	nop
	andi	$k0,$k0,0x7c
	xori	$k0,$k0,EXC_SYSCALL
	bnez	$k0,speed_failed
	sltiu	$k1,$v0,CALL_END
	beqz	$k1,speed_ended
	nop
	j	speed_call_entry
	nop

	.text
	.globl start
start:
	mtc0	$zero,CP0_STATUS         /* vectors in RAM, no interrupts */
	lui	$sp,%hi(kernel_stack_top)
	addiu	$sp,$sp,%lo(kernel_stack_top) - 16
	jal	speed_main               /* argc, argv */
	nop
speed_failed:
	jal	speed_exit
	li	$a0,1

	.globl speed_call_entry
speed_call_entry:
	move	$a2,$a1
	move	$a1,$a0
	move	$a0,$v0
	lui	$k1,%hi(kernel_stack_top)
	addiu	$k1,$k1,%lo(kernel_stack_top) - 32
	sw	$sp,28($k1)
	sw	$ra,24($k1)
	jal	speed_kernel
	move	$sp,$k1
	lw	$ra,24($sp)
	lw	$sp,28($sp)
	nop
	.globl speed_call_return
speed_call_return:
	mfc0	$k0,CP0_EPC
	nop
	addiu	$k0,$k0,4
	jr	$k0
	rfe

/* void speed_enter(void (*user)(void), uint32_t table, uint32_t stack) */
	.globl speed_enter
speed_enter:
	mtc0	$a1,CP0_CONTEXT
	mtc0	$zero,CP0_ENTRYHI
	li	$t0,STATUS_USER
	mtc0	$t0,CP0_STATUS
	move	$sp,$a2
	move	$k0,$a0
	jr	$k0
	rfe

/* The user has called with a number of no call: its checksum is in a0. */
speed_ended:
	lui	$sp,%hi(kernel_stack_top)
	j	speed_finish
	addiu	$sp,$sp,%lo(kernel_stack_top) - 16

/* The measured time ends at its first instruction; the checksum is in a0. */
	.section .user_text,"ax"
	.globl speed_end
speed_end:
	jr	$ra
	nop

	.bss
	.balign 16
	.space	4096
kernel_stack_top:
