/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways into the kernel and out of it, but for the vectors and the short IPC path (ipc_fast.S).
 *
 * In the vectors k0 becomes the current thread's block, k1 EPC.  The kernel runs with interrupts off, on the stack
 * of that block, and leaves Status alone (machine.c).
 */
#include "cp0.h"
#include "tcb_layout.h"
#include "tell.h"

	.set	noreorder
	.set	noat
	.text

/* --- Exceptions, interrupts and kernel calls: all registers into the frame --- */
/* k0: the block; k1: where the user goes on; Cause and BadVAddr are still those of this entry. */
	.globl	entry_from_user, entry_call
entry_call:				/* a kernel call: after its instruction */
	addiu	$k1, $k1, 4
entry_from_user:
	addiu	$k0, $k0, TCB_SIZE - FRAME_SIZE
	sw	$k1, FRAME_USER_PC($k0)
	mfc0	$k1, C0_CAUSE
	sw	$sp, FRAME_USER_SP($k0)
	sw	$at, FRAME_AT($k0)
	sw	$k1, FRAME_CAUSE($k0)
	andi	$k1, $k1, CAUSE_CODE_MASK
	srl	$k1, $k1, 2
	sw	$k1, FRAME_VECTOR($k0)
	mfc0	$k1, C0_BADVADDR
	sw	$v0, FRAME_V0($k0)
	sw	$k1, FRAME_ADDRESS($k0)
	mfhi	$k1
	sw	$v1, FRAME_V1($k0)
	sw	$a0, FRAME_A0($k0)
	sw	$k1, FRAME_HI($k0)
	mflo	$k1
	sw	$a1, FRAME_A1($k0)
	sw	$a2, FRAME_A2($k0)
	sw	$k1, FRAME_LO($k0)
	sw	$a3, FRAME_A3($k0)
	sw	$t0, FRAME_T0 + 0($k0)
	sw	$t1, FRAME_T0 + 4($k0)
	sw	$t2, FRAME_T0 + 8($k0)
	sw	$t3, FRAME_T0 + 12($k0)
	sw	$t4, FRAME_T0 + 16($k0)
	sw	$t5, FRAME_T0 + 20($k0)
	sw	$t6, FRAME_T0 + 24($k0)
	sw	$t7, FRAME_T0 + 28($k0)
	sw	$s0, FRAME_S0 + 0($k0)
	sw	$s1, FRAME_S0 + 4($k0)
	sw	$s2, FRAME_S0 + 8($k0)
	sw	$s3, FRAME_S0 + 12($k0)
	sw	$s4, FRAME_S0 + 16($k0)
	sw	$s5, FRAME_S0 + 20($k0)
	sw	$s6, FRAME_S0 + 24($k0)
	sw	$s7, FRAME_S0 + 28($k0)
	sw	$t8, FRAME_T8($k0)
	sw	$t9, FRAME_T9($k0)
	sw	$gp, FRAME_GP($k0)
	sw	$fp, FRAME_FP($k0)
	sw	$ra, FRAME_RA($k0)
	move	$a0, $k0
	jal	trap
	addiu	$sp, $k0, -ARGUMENT_AREA

/* The frame is at the stack's begin, whoever's stack that is by now. */
	addiu	$k0, $sp, ARGUMENT_AREA
	lw	$k1, FRAME_HI($k0)
	lw	$at, FRAME_LO($k0)
	mthi	$k1
	mtlo	$at
	lw	$at, FRAME_AT($k0)
	lw	$v0, FRAME_V0($k0)
	lw	$v1, FRAME_V1($k0)
	lw	$a0, FRAME_A0($k0)
	lw	$a1, FRAME_A1($k0)
	lw	$a2, FRAME_A2($k0)
	lw	$a3, FRAME_A3($k0)
	lw	$t0, FRAME_T0 + 0($k0)
	lw	$t1, FRAME_T0 + 4($k0)
	lw	$t2, FRAME_T0 + 8($k0)
	lw	$t3, FRAME_T0 + 12($k0)
	lw	$t4, FRAME_T0 + 16($k0)
	lw	$t5, FRAME_T0 + 20($k0)
	lw	$t6, FRAME_T0 + 24($k0)
	lw	$t7, FRAME_T0 + 28($k0)
	lw	$s0, FRAME_S0 + 0($k0)
	lw	$s1, FRAME_S0 + 4($k0)
	lw	$s2, FRAME_S0 + 8($k0)
	lw	$s3, FRAME_S0 + 12($k0)
	lw	$s4, FRAME_S0 + 16($k0)
	lw	$s5, FRAME_S0 + 20($k0)
	lw	$s6, FRAME_S0 + 24($k0)
	lw	$s7, FRAME_S0 + 28($k0)
	lw	$t8, FRAME_T8($k0)
	lw	$t9, FRAME_T9($k0)
	lw	$gp, FRAME_GP($k0)
	lw	$fp, FRAME_FP($k0)
	lw	$ra, FRAME_RA($k0)
	lw	$sp, FRAME_USER_SP($k0)
	lw	$k1, FRAME_USER_PC($k0)
	LOAD_SLOT
	RETURN_TO $k1

/* --- IPC that the short path leaves to C: registers to the block and back --- */
/* k0: the block; k1: EPC. */
	.globl	ipc_slow, ipc_resume, ipc_return
ipc_slow:
	addiu	$k1, $k1, 4
	sw	$k1, TCB_SIZE - FRAME_SIZE + FRAME_USER_PC($k0)
	sw	$sp, TCB_SIZE - FRAME_SIZE + FRAME_USER_SP($k0)
	sw	$a0, TCB_SEND($k0)
	sw	$a1, TCB_RECEIVE($k0)
	sw	$a2, TCB_TIMEOUTS($k0)
	sw	$t0, TCB_WORD0($k0)
	sw	$t1, TCB_WORD1($k0)
	sw	$t2, TCB_PARTNER_LOW($k0)
	sw	$t3, TCB_PARTNER_HIGH($k0)
	jal	ipc
	addiu	$sp, $k0, STACK_BEGIN
ipc_return:
	addiu	$k0, $sp, -STACK_BEGIN
	lw	$v0, TCB_DOPE($k0)
	lw	$t0, TCB_WORD0($k0)
	lw	$t1, TCB_WORD1($k0)
	lw	$t2, TCB_PARTNER_LOW($k0)
	lw	$t3, TCB_PARTNER_HIGH($k0)
	lw	$t4, TCB_MEANT_LOW($k0)
	lw	$t5, TCB_MEANT_HIGH($k0)
	lw	$k1, TCB_SIZE - FRAME_SIZE + FRAME_USER_PC($k0)
	lw	$sp, TCB_SIZE - FRAME_SIZE + FRAME_USER_SP($k0)
	TELL_NOTHING_BUT_RESULTS
	RETURN_TO $k1

/* A thread that was waiting with nothing on its stack, and has been sent something the long way. */
ipc_resume:
	jal	ipc_resumed
	nop
	b	ipc_return
	nop

/* --- Threads --- */
	.globl	switch_stack, thread_begin
switch_stack:
	addiu	$sp, $sp, -40
	sw	$s0, 0($sp)
	sw	$s1, 4($sp)
	sw	$s2, 8($sp)
	sw	$s3, 12($sp)
	sw	$s4, 16($sp)
	sw	$s5, 20($sp)
	sw	$s6, 24($sp)
	sw	$s7, 28($sp)
	sw	$fp, 32($sp)
	sw	$ra, 36($sp)
	sw	$sp, 0($a0)
	move	$sp, $a1
	lw	$ra, 36($sp)
	lw	$s0, 0($sp)
	lw	$s1, 4($sp)
	lw	$s2, 8($sp)
	lw	$s3, 12($sp)
	lw	$s4, 16($sp)
	lw	$s5, 20($sp)
	lw	$s6, 24($sp)
	lw	$s7, 28($sp)
	lw	$fp, 32($sp)
	jr	$ra
	addiu	$sp, $sp, 40

thread_begin:
	addiu	$k0, $sp, -STACK_BEGIN
	lw	$k1, TCB_SIZE - FRAME_SIZE + FRAME_USER_PC($k0)
	lw	$sp, TCB_SIZE - FRAME_SIZE + FRAME_USER_SP($k0)
	move	$v0, $zero
	move	$t0, $zero
	move	$t1, $zero
	move	$t2, $zero
	move	$t3, $zero
	move	$t4, $zero
	move	$t5, $zero
	TELL_NOTHING_BUT_RESULTS
	RETURN_TO $k1

/* --- Idle: the only place in the kernel where interrupts are on --- */
	.globl	cpu_wait, entry_from_kernel
cpu_wait:
	li	$t0, STATUS_IDLE
	mtc0	$t0, C0_STATUS
	HAZARD
1:	b	1b
	nop
cpu_wait_end:

/* The vector has changed nothing but k0, k1.  An interrupt comes from cpu_wait, whose caller expects no more of
 * registers than any call keeps: what deals with it returns there. */
entry_from_kernel:
	mfc0	$t0, C0_CAUSE
	mfc0	$a0, C0_EPC
	andi	$t0, $t0, CAUSE_CODE_MASK
	bnez	$t0, 2f
	lui	$t1, %hi(cpu_wait)
	addiu	$t1, $t1, %lo(cpu_wait)
	subu	$t1, $a0, $t1
	sltiu	$t1, $t1, cpu_wait_end - cpu_wait
	beqz	$t1, 2f
	li	$t0, STATUS_TO_USER
	mtc0	$t0, C0_STATUS
	j	trap_interrupt
	nop
2:	j	trap_in_kernel
	nop

	.section .note.GNU-stack, "", @progbits
