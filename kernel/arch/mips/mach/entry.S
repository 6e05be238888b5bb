/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways into the kernel and out of it.
 *
 *   1. An entry from user mode saves the registers in the current thread's frame (user_frame); the kernel then runs on
 *      the thread's kernel stack, empty.  So a thread can give that stack away at any time, and user_exit finds
 *      everything in user_frame.
 *   2. The kernel runs with interrupts off, but for machine_idle and interrupt_window.  An entry from there, or a fault
 *      of the kernel's own, has its frame on the kernel stack: what a function of C does not keep, and Status.
 *   3. k0 and k1 are lost at each exception, a refill of the TLB too: nothing is kept in them where one may come.
 *   4. need_ast is looked at on each way to user mode, with interrupts off: none is missed.
 *
 * A null kernel call on this path, by symbol, so that each stage's cost can be told:
 *   general_vector     by its code to here (vectors.S)
 *   syscall_entry      the registers that a call keeps; the other stack
 *   syscall_fetch      the arguments on the user's stack (none here)
 *   syscall_dispatch   the call through the table
 *   syscall_exit       need_ast; the registers; back
 * A page fault: trap_common, trap_from_user, vm_fault, user_exit (thread_exception_return).
 */
#include "cp0.h"
#include "layout.h"
#include "mode.h"
#include "pcb_layout.h"

#define ARGUMENTS 32			/* room for a function's, 8 words */

	.set	noreorder
	.set	noat
	.text

	/* A global variable's value: two instructions, and the next one must not use it. */
	.macro LOAD register, symbol, how=lw
	lui	\register, %hi(\symbol)
	\how	\register, %lo(\symbol)(\register)
	.endm

	/* The registers that a function of C changes. */
	.macro CHANGED how, frame
	\how	$at, FRAME_AT(\frame)
	\how	$v0, FRAME_V0(\frame)
	\how	$v1, FRAME_V1(\frame)
	\how	$a0, FRAME_A0(\frame)
	\how	$a1, FRAME_A1(\frame)
	\how	$a2, FRAME_A2(\frame)
	\how	$a3, FRAME_A3(\frame)
	\how	$t0, FRAME_T0(\frame)
	\how	$t1, FRAME_T0 + 4(\frame)
	\how	$t2, FRAME_T0 + 8(\frame)
	\how	$t3, FRAME_T0 + 12(\frame)
	\how	$t4, FRAME_T0 + 16(\frame)
	\how	$t5, FRAME_T0 + 20(\frame)
	\how	$t6, FRAME_T0 + 24(\frame)
	\how	$t7, FRAME_T0 + 28(\frame)
	\how	$t8, FRAME_T8(\frame)
	\how	$t9, FRAME_T9(\frame)
	\how	$ra, FRAME_RA(\frame)
	.endm

	/* Those, and the exception's own. */
	.macro SAVE_CHANGED frame
	CHANGED	sw, \frame
	mflo	$t0
	mfhi	$t1
	mfc0	$t2, C0_EPC
	mfc0	$t3, C0_CAUSE
	mfc0	$t4, C0_BADVADDR
	sw	$t0, FRAME_LO(\frame)
	sw	$t1, FRAME_HI(\frame)
	sw	$t2, FRAME_PC(\frame)
	sw	$t3, FRAME_CAUSE(\frame)
	sw	$t4, FRAME_BADVADDR(\frame)
	.endm

	.macro RESTORE_CHANGED frame
	lw	$t0, FRAME_LO(\frame)
	lw	$t1, FRAME_HI(\frame)
	mtlo	$t0
	mthi	$t1
	CHANGED	lw, \frame
	.endm

	/* The registers that a function of C keeps. */
	.macro KEPT how, frame
	\how	$s0, FRAME_S0(\frame)
	\how	$s1, FRAME_S0 + 4(\frame)
	\how	$s2, FRAME_S0 + 8(\frame)
	\how	$s3, FRAME_S0 + 12(\frame)
	\how	$s4, FRAME_S0 + 16(\frame)
	\how	$s5, FRAME_S0 + 20(\frame)
	\how	$s6, FRAME_S0 + 24(\frame)
	\how	$s7, FRAME_S0 + 28(\frame)
	\how	$s8, FRAME_S8(\frame)
	\how	$gp, FRAME_GP(\frame)
	\how	$sp, FRAME_SP(\frame)
	.endm

/* --- Exceptions and interrupts --- */
	.globl	trap_common
trap_common:
	mfc0	$k0, C0_STATUS
	lui	$k1, %hi(user_frame)
	andi	$k0, $k0, STATUS_WAS_USER
	beqz	$k0, trap_in_kernel
	lw	$k1, %lo(user_frame)($k1)
	nop
	SAVE_CHANGED $k1
	KEPT	sw, $k1
	LOAD	$sp, kernel_stack_top
	move	$a0, $k1
	KERNEL_MODE $k0
	jal	trap_from_user
	addiu	$sp, $sp, -ARGUMENTS

/* --- Out, by the saved frame --- */
	.globl	user_exit, load_user_context, thread_exception_return
user_exit:
thread_exception_return:
	LOAD	$t0, need_ast, lbu
	nop
	bnez	$t0, 2f
	nop
load_user_context:
	LOAD	$k1, user_frame
	nop
	RESTORE_CHANGED $k1
	KEPT	lw, $k1
	lw	$k0, FRAME_PC($k1)
	li	$k1, STATUS_TO_USER
	mtc0	$k1, C0_STATUS
	RETURN_TO $k0
2:	LOAD	$sp, kernel_stack_top
	nop
	jal	thread_ast_taken
	addiu	$sp, $sp, -ARGUMENTS
	b	user_exit
	nop

/* --- Of the kernel --- */
trap_in_kernel:
	addiu	$k1, $sp, -FRAME_SIZE
	SAVE_CHANGED $k1
	mfc0	$t0, C0_STATUS
	move	$a0, $k1
	sw	$t0, FRAME_STATUS($k1)
	KERNEL_MODE $k0
	jal	trap_from_kernel
	addiu	$sp, $sp, -FRAME_SIZE - ARGUMENTS
	addiu	$sp, $sp, FRAME_SIZE + ARGUMENTS
	lw	$t0, -FRAME_SIZE + FRAME_STATUS($sp)
	addiu	$k1, $sp, -FRAME_SIZE
	mtc0	$t0, C0_STATUS
	RESTORE_CHANGED $k1
	lw	$k0, FRAME_PC($k1)
	nop
	RETURN_TO $k0

/* --- Kernel calls: syscall, number in v0 --- */
	.globl	syscall_entry, syscall_fetch, syscall_fetched, syscall_dispatch, syscall_exit, syscall_refuse
syscall_entry:
	LOAD	$k1, user_frame
	mfc0	$k0, C0_EPC
	KEPT	sw, $k1
	sw	$ra, FRAME_RA($k1)
	addiu	$k0, $k0, 4
	sw	$k0, FRAME_PC($k1)
	move	$t3, $sp
	LOAD	$sp, kernel_stack_top
	LOAD	$t0, syscall_count
	sll	$t4, $v0, 3
	KERNEL_MODE $k0
	sltu	$t0, $v0, $t0
	beqz	$t0, syscall_refuse
	lui	$t1, %hi(syscall_table)
	addu	$t1, $t1, $t4
	lw	$t2, %lo(syscall_table + 4)($t1)
	lw	$t1, %lo(syscall_table)($t1)
	sltiu	$t2, $t2, 5
	bnez	$t2, syscall_dispatch
	addiu	$sp, $sp, -ARGUMENTS
	/* More than four: the others are on the user's stack, if that is the user's. */
	addiu	$t0, $t3, 16 + 4 * (SYSCALL_WORDS_MOST - 4)
	or	$t0, $t0, $t3
	bltz	$t0, syscall_refuse
	nop
syscall_fetch:
	lw	$t0, 16($t3)			/* these three may fault: trap.c knows this place */
	lw	$t2, 20($t3)
	lw	$t3, 24($t3)
syscall_fetched:
	sw	$t0, 16($sp)
	sw	$t2, 20($sp)
	sw	$t3, 24($sp)
syscall_dispatch:
	jalr	$t1
	nop
syscall_exit:
	LOAD	$t0, need_ast, lbu
	LOAD	$k1, user_frame
	bnez	$t0, 3f
	lw	$ra, FRAME_RA($k1)
	KEPT	lw, $k1
	lw	$k0, FRAME_PC($k1)
	li	$k1, STATUS_TO_USER
	mtc0	$k1, C0_STATUS
	RETURN_TO $k0
3:	b	user_exit
	sw	$v0, FRAME_V0($k1)
syscall_refuse:
	b	syscall_exit
	li	$v0, SYSCALL_REFUSED

	/* thread_syscall_return(result) */
	.globl	thread_syscall_return
thread_syscall_return:
	b	syscall_exit
	move	$v0, $a0

/* --- Switching --- */
	.globl	switch_stacks, stack_begin, call_continuation
	/* switch_stacks(uint32_t *save, uint32_t load, struct thread *old): old, in the context that gave `load` */
switch_stacks:
	addiu	$sp, $sp, -40
	sw	$s0, 0($sp)
	sw	$s1, 4($sp)
	sw	$s2, 8($sp)
	sw	$s3, 12($sp)
	sw	$s4, 16($sp)
	sw	$s5, 20($sp)
	sw	$s6, 24($sp)
	sw	$s7, 28($sp)
	sw	$s8, 32($sp)
	sw	$ra, 36($sp)
	sw	$sp, 0($a0)
	move	$sp, $a1
	move	$v0, $a2
	lw	$s0, 0($sp)
	lw	$s1, 4($sp)
	lw	$s2, 8($sp)
	lw	$s3, 12($sp)
	lw	$s4, 16($sp)
	lw	$s5, 20($sp)
	lw	$s6, 24($sp)
	lw	$s7, 28($sp)
	lw	$s8, 32($sp)
	lw	$ra, 36($sp)
	nop
	jr	$ra
	addiu	$sp, $sp, 40

	/* what stack_attach leads to: s0(old) */
stack_begin:
	jalr	$s0
	move	$a0, $v0
	break	0

call_continuation:
	LOAD	$sp, kernel_stack_top
	move	$s8, $zero
	jalr	$a0
	addiu	$sp, $sp, -ARGUMENTS
	break	0

/* --- Interrupts let in --- */
	.globl	machine_idle, machine_idle_begin, machine_idle_end, interrupt_window
	/* An interrupt from the loop goes on behind it (trap.c). */
machine_idle:
machine_idle_begin:
	li	$t0, STATUS_IDLE
	mtc0	$t0, C0_STATUS
1:	b	1b
	nop
machine_idle_end:
	b	2f
	nop

interrupt_window:
	li	$t0, STATUS_IDLE
	mtc0	$t0, C0_STATUS
	HAZARD
2:	li	$t0, KERNEL_STATUS
	mtc0	$t0, C0_STATUS
	HAZARD
	jr	$ra
	nop

	.section .rodata
	.balign	4
	.globl	exception_table
exception_table:
	.word	trap_common			/* interrupt */
	.word	trap_common			/* modified */
	.word	tlb_miss, tlb_miss
	.word	trap_common, trap_common, trap_common, trap_common	/* addresses, buses */
	.word	syscall_entry
	.rept	32 - 9
	.word	trap_common
	.endr

	.section .note.GNU-stack, "", @progbits
