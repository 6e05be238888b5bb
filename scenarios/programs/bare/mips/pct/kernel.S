/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel: its start, the exception vectors, three calls.
 *
 * All that it touches is in kseg0; it uses k0, k1, v0 and v1.  Of the hazards of an R2000: what mfc0 and lw load may not
 * be used by the next instruction; EntryHi is two instructions old when the user's first is fetched.
 */
#include "pct.h"
#include "probe.h"

#define CP0_INDEX $0
#define CP0_ENTRYLO $2
#define CP0_ENTRYHI $10
#define CP0_STATUS $12
#define CP0_CAUSE $13
#define CP0_EPC $14
#define EXC_SYSCALL (8 << 2)
#define LO_VALID_DIRTY 0x600

	.set noreorder
	.set noat

/* --- Vectors. --- */
	.section .refill,"ax"        /* 0x80000000: every page is in the TLB for good */
	j	fail
	nop

	.section .general,"ax"       /* 0x80000080 */
	mfc0	$k0,CP0_CAUSE
	lui	$k1,%hi(calls)
	andi	$k0,$k0,0x7c
	xori	$k0,$k0,EXC_SYSCALL
	bnez	$k0,fail
	sltiu	$k0,$v0,CALLS
	beqz	$k0,fail
	sll	$k0,$v0,2
	addu	$k1,$k1,$k0
	lw	$k1,%lo(calls)($k1)
	nop
	jr	$k1
	mfc0	$k0,CP0_EPC

	.text
/* --- CALL_NULL. --- */
call_null:
	nop
	addiu	$k0,$k0,4
	jr	$k0
	rfe

/* --- CALL_PCT. --- */
call_pct:
	sltiu	$k0,$a0,ENVIRONMENTS
	beqz	$k0,fail
	sll	$k0,$a0,ENV_SHIFT
	lui	$k1,%hi(environment)
	addu	$k1,$k1,$k0
	lw	$k0,%lo(environment) + ENV_ENTRY($k1)
	lw	$v0,%lo(environment) + ENV_TAG($k1)
	beqz	$k0,fail
	lw	$v1,%lo(environment) + ENV_STATUS($k1)
	mtc0	$v0,CP0_ENTRYHI
	mtc0	$v1,CP0_STATUS
	lui	$k1,%hi(current)
	lw	$v1,%lo(current)($k1)
	sw	$a0,%lo(current)($k1)    /* the time slice is its own from now on */
	jr	$k0
	rfe

/* --- CALL_END, and what should not have happened. --- */
fail:
	li	$a0,1
call_end:
	.globl end
end:
990:	nop
	.pushsection .muk_probes,"",@progbits
	.4byte 990b
	.byte 1
	.asciz "shutdown"
	.asciz "4@$4"
	.popsection
	lui	$t0,0xbf00               /* SOFTRES */
	li	$t1,0x42
	sw	$t1,0x0500($t0)
0:	b	0b
	nop

/* --- The start: a0..a3 as the loader has them; all else is as after reset. --- */
	.globl start
start:
	mtc0	$zero,CP0_STATUS         /* BEV off: the vectors are ours */
	la	$t0,mapping
	la	$t1,mapping_end
	li	$t2,0                    /* the wired entries are the first */
0:	lw	$t3,0($t0)
	lw	$t4,4($t0)
	mtc0	$t3,CP0_ENTRYHI
	mtc0	$t4,CP0_ENTRYLO
	mtc0	$t2,CP0_INDEX
	addiu	$t2,$t2,0x100
	tlbwi
	addiu	$t0,$t0,8
	bne	$t0,$t1,0b
	nop
	li	$t0,STATUS_USER
	mtc0	$t0,CP0_STATUS
	li	$t0,1 << 6               /* the client's tag */
	mtc0	$t0,CP0_ENTRYHI
	la	$k0,client - 0x80000000
	jr	$k0
	rfe

	.data
	.balign 4
calls:	.4byte	call_null, call_pct, call_end
current: .4byte	CLIENT
	.balign 16
environment:
	.4byte	client_entry - 0x80000000, 1 << 6, STATUS_USER, 0
	.4byte	server_entry - 0x80000000, 2 << 6, STATUS_USER, 0
	.4byte	rpc_client_entry - 0x80000000, 3 << 6, STATUS_USER, 0
	.4byte	rpc_server_entry - 0x80000000, 4 << 6, STATUS_USER, 0
/* EntryHi and EntryLo of all pages that users have: the code is shared, stacks are one's own. */
#define MAPPED(page_, tag_, frame_) .4byte (page_) + ((tag_) << 6), (frame_) - 0x80000000 + LO_VALID_DIRTY
mapping:
	MAPPED(user_code - 0x80000000, 1, user_code)
	MAPPED(user_code - 0x80000000, 2, user_code)
	MAPPED(user_code - 0x80000000, 3, user_code)
	MAPPED(user_code - 0x80000000, 4, user_code)
	MAPPED(USER_STACK, 3, client_stack)
	MAPPED(USER_STACK, 4, server_stack)
mapping_end:
