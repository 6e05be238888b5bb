/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vectors, and behind them the IPC path (L95 §5): a short call, or reply-and-wait, to a thread that waits for it, in
 * the same clan (or the other's chief), with nothing else to be looked after.  Everything is decided before anything is
 * changed; what does not fit goes to C.
 *
 * What makes it short:
 *   - both control blocks lie in kseg0: no TLB entry is needed, and none can be missed;
 *   - switching spaces is one write to EntryHi, where the partner's root has it ready;
 *   - a waiting thread's stack holds its user's pc and sp only, the message stays in registers, and Status is the same
 *     for all: the way out is a jump;
 *   - registers are nobody's across an IPC, so the stub that calls saves those that are in use, and the kernel none;
 *   - no queue is touched: a thread that runs, or waits, is in none (l4/schedule.c).
 * A partner that has no ASID is woken in C: it gets one on the way (all that an untagged TLB knows, if it has none to
 * give).
 *
 * In: v0 0, a0 send descriptor, a1 receive descriptor, a2 timeouts, t0, t1 words, t2, t3 partner.
 * Out: v0 dope, t0, t1 words, t2, t3 sender, t4, t5 whom it was meant for (0).
 */
#include "cp0.h"
#include "tcb_layout.h"
#include "tell.h"
#include "walk.h"

#define ID_TASK_FIELD 0x0ffe0000
#define USER_PC (TCB_SIZE - FRAME_SIZE + FRAME_USER_PC)
#define USER_SP (TCB_SIZE - FRAME_SIZE + FRAME_USER_SP)

/* A probe (probe.h): me is $26, the partner $3; numbers as text by the % of alternate macro syntax. */
	.macro PROBE_SITE name, count
	nop
	.pushsection .muk_probes,"",@progbits
	.4byte	9901f - 4
	.byte	\count
	.asciz	"\name"
	.popsection
9901:
	.endm
	.macro PROBE_WORD offset, register
	.pushsection .muk_probes,"",@progbits
	.asciz	"4@\offset\()($\register)"
	.popsection
	.endm

	.set	noreorder
	.set	noat
	.section .vectors, "ax", @progbits

	.globl	vector_refill
vector_refill:
	REFILL_BY_WALK space_current

	.org	GENERAL_VECTOR - REFILL_VECTOR
	.globl	vector_general, ipc_fast
vector_general:
	mfc0	$k0, C0_CAUSE
	li	$k1, CODE_SYSCALL << 2
	andi	$k0, $k0, CAUSE_CODE_MASK
	bne	$k0, $k1, no_call
	mfc0	$k1, C0_EPC
	bnez	$v0, other_call
	lui	$k0, %hi(thread_current)

/* --- Decide: from here to `perform` nothing is written, nor what C wants changed --- */
ipc_fast:
	lw	$k0, %lo(thread_current)($k0)
	andi	$v1, $a2, 0x0f			/* a receive that may take for ever, */
	or	$v1, $v1, $a0			/* two words, no map, no deceit */
	bnez	$v1, to_slow
	addiu	$v1, $a1, 1			/* and there is a receive */
	beqz	$v1, to_slow
	srl	$v1, $t2, 18			/* the partner's group, times 4 */
	andi	$v1, $v1, 0x3fc
	lui	$v0, %hi(tcb_group)
	addu	$v1, $v1, $v0
	lw	$v1, %lo(tcb_group)($v1)
	srl	$v0, $t2, 8			/* its number in it, times 4 */
	andi	$v0, $v0, 0xffc
	addu	$v1, $v1, $v0
	lw	$v1, 0($v1)
	lw	$t5, TCB_ID_LOW($k0)		/* whom the partner will see */
	lw	$t6, TCB_ID_LOW($v1)
	lw	$t7, TCB_ID_HIGH($v1)
	bne	$t6, $t2, to_slow
	lw	$t8, TCB_STATE($v1)
	bne	$t7, $t3, to_slow
	lw	$t4, TCB_ID_HIGH($k0)
	PROBE_SITE "clan_check:begin", 0
	bne	$t4, $t3, chiefs		/* same clan: L95 §2.2's two cycles */
	lw	$t9, TCB_ATTENTION($k0)
	PROBE_SITE "clan_check:end", 0
direct:	bnez	$t9, to_slow
	addiu	$t6, $t8, -STATE_RECEIVE_OPEN
	beqz	$t6, perform			/* it waits for anybody, */
	andi	$t6, $a1, 1
	bne	$t8, $t5, to_slow		/* or for me */
perform:
	lw	$t8, TCB_ROOT($v1)		/* (in the slot: harmless if it goes to C) */

/* --- Perform --- */
	.altmacro
	PROBE_SITE ipc_send, 3
	PROBE_WORD %TCB_NUMBER, 26
	PROBE_WORD %TCB_NUMBER, 3
	.noaltmacro
	.pushsection .muk_probes,"",@progbits
	.asciz	"4@$8"
	.popsection
	bnez	$t6, 1f				/* open: STATE_RECEIVE_OPEN, 1; else the partner's id */
	addiu	$k1, $k1, 4
	move	$t6, $t2
1:	sw	$a1, TCB_RECEIVE($k0)
	sw	$a2, TCB_TIMEOUTS($k0)		/* of page faults, should a long message come */
	sw	$t6, TCB_STATE($k0)
	sw	$k1, USER_PC($k0)
	sw	$sp, USER_SP($k0)
	li	$t6, STATE_READY
	sw	$t6, TCB_STATE($v1)
	lui	$t6, %hi(thread_current)
	sw	$v1, %lo(thread_current)($t6)
	lw	$t9, TCB_ROOT($k0)
	lw	$k1, USER_PC($v1)
	beq	$t8, $t9, leave
	lw	$t7, ROOT_ENTRY_HI($t8)
	lui	$t6, %hi(space_current)
	bltz	$t7, without_asid
	sw	$t8, %lo(space_current)($t6)
	mtc0	$t7, C0_ENTRYHI
leave:
	.altmacro
	PROBE_SITE thread_switch, 2
	PROBE_WORD %TCB_TASK, 3
	PROBE_WORD %TCB_NUMBER, 3
	.noaltmacro
	lw	$sp, USER_SP($v1)
	move	$v0, $zero			/* the dope: two words, all well */
	move	$t2, $t5
	move	$t3, $t4
	move	$t4, $zero			/* nil was meant */
	move	$t5, $zero
	TELL_NOTHING_BUT_RESULTS
	RETURN_TO $k1

/* --- Not of one clan: still direct if one is the other's chief --- */
/* An id's low word has the task where its high word has the chief. */
chiefs:
	lui	$t6, ID_TASK_FIELD >> 16
	xor	$t7, $t5, $t3
	and	$t7, $t7, $t6
	beqz	$t7, direct
	xor	$t7, $t4, $t2
	and	$t7, $t7, $t6
	beqz	$t7, direct
	nop
to_slow:
	j	ipc_slow
	nop

/* --- The partner's space has no ASID: its result goes into its block, and it goes on from there --- */
without_asid:
	sw	$zero, TCB_DOPE($v1)
	sw	$t0, TCB_WORD0($v1)
	sw	$t1, TCB_WORD1($v1)
	sw	$t5, TCB_PARTNER_LOW($v1)
	sw	$t4, TCB_PARTNER_HIGH($v1)
	sw	$zero, TCB_MEANT_LOW($v1)
	sw	$zero, TCB_MEANT_HIGH($v1)
	.altmacro
	PROBE_SITE thread_switch, 2
	PROBE_WORD %TCB_TASK, 3
	PROBE_WORD %TCB_NUMBER, 3
	.noaltmacro
	addiu	$sp, $v1, STACK_BEGIN
	jal	space_enter
	move	$a0, $t8
	j	ipc_return
	nop

/* --- Calls other than IPC, and exceptions --- */
/* id_nearest of nil: who am I?  The least that a kernel call can be. */
other_call:
	lw	$k0, %lo(thread_current)($k0)
	xori	$k1, $v0, 1
	or	$k1, $k1, $t2
	bnez	$k1, 2f
	mfc0	$k1, C0_EPC
	lw	$t2, TCB_ID_LOW($k0)
	lw	$t3, TCB_ID_HIGH($k0)
	addiu	$k1, $k1, 4
	move	$a0, $zero
	RETURN_TO $k1
2:	j	entry_call
	nop

no_call:
	mfc0	$k0, C0_STATUS
	LOAD_SLOT
	andi	$k0, $k0, STATUS_WAS_USER
	beqz	$k0, 3f
	lui	$k0, %hi(thread_current)
	lw	$k0, %lo(thread_current)($k0)
	j	entry_from_user
	nop
3:	j	entry_from_kernel
	nop

	.section .note.GNU-stack, "", @progbits
