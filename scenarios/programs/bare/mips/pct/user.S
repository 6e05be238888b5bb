/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The users.  Linked in kseg0 and run at the same offset in kuseg: within one page, and so without its upper bits.
 *
 * Spans: null, a call that comes back at once, from its syscall on; pct, a transfer and the one back; tlrpc, a
 * procedure call by transfers to a server that is trusted to keep the caller's registers (L95 Table 2: Exo-tlrpc),
 * which counts.
 */
#include "pct.h"

#define PROBE(name_)                         \
990:	nop;                                 \
	.pushsection .muk_probes,"",@progbits; \
	.4byte 990b;                         \
	.byte 0;                             \
	.asciz name_;                        \
	.popsection

#define ROUNDS 100
#define PROCEDURES 1

	.set noreorder
	.set noat
	.section .user,"ax"

/* --- Transfers alone. --- */
	.globl client, client_entry, server_entry
client:
	li	$s0,ROUNDS
0:	li	$v0,CALL_NULL
	PROBE("null:begin")
	syscall
	PROBE("null:end")
	PROBE("pct:begin")
	li	$a0,SERVER
	li	$v0,CALL_PCT
	syscall
client_entry:
	PROBE("pct:end")
	addiu	$s0,$s0,-1
	bnez	$s0,0b
	nop
	li	$a0,RPC_CLIENT
	li	$v0,CALL_PCT
	syscall

server_entry:
	move	$a0,$v1
	li	$v0,CALL_PCT
	syscall

/* --- Procedure calls. --- */
	.globl rpc_client_entry, rpc_server_entry
/* Nobody transfers to the client but the server that it called, and whoever began it: s0 tells them apart. */
rpc_client_entry:
	bnez	$s0,stub_returns
	nop
	li	$s0,ROUNDS
	li	$sp,USER_STACK + 4096
	li	$s1,0
0:	PROBE("tlrpc:begin")
	jal	stub
	li	$a1,1
	PROBE("tlrpc:end")
	addu	$s1,$s1,$v0              /* 1 + 2 + ... + ROUNDS */
	addiu	$s0,$s0,-1
	bnez	$s0,0b
	nop
	li	$t0,ROUNDS * (ROUNDS + 1) / 2
	xor	$a0,$s1,$t0
	sltu	$a0,$zero,$a0
	li	$v0,CALL_END
	syscall

/* v0 = count(a1): to its caller a function like others. */
stub:
	addiu	$sp,$sp,-24
	sw	$ra,20($sp)
	li	$a2,0                    /* the procedure's number */
	li	$a0,RPC_SERVER
	li	$v0,CALL_PCT
	syscall
stub_returns:
	lw	$ra,20($sp)
	move	$v0,$a1                  /* the result came in a1: v0 and v1 are the transfer's */
	jr	$ra
	addiu	$sp,$sp,24

/* The server has a stack of its own, and keeps where the caller's is. */
rpc_server_entry:
	li	$t0,USER_STACK + 4096
	sltiu	$t1,$a2,PROCEDURES
	beqz	$t1,no_procedure
	sll	$t1,$a2,2
	lui	$t2,%hi(procedure - 0x80000000)
	addu	$t2,$t2,$t1
	lw	$t2,%lo(procedure - 0x80000000)($t2)
	sw	$sp,-4($t0)
	sw	$v1,-8($t0)              /* who called */
	jalr	$t2
	addiu	$sp,$t0,-32
	lw	$a0,24($sp)
	lw	$sp,28($sp)
	move	$a1,$v0
	li	$v0,CALL_PCT
	syscall
no_procedure:
	move	$a0,$v1
	li	$a1,0
	li	$v0,CALL_PCT
	syscall

/* v0 = the count, a1 more than it was. */
count:
	li	$t0,USER_STACK
	lw	$v0,0($t0)
	nop
	addu	$v0,$v0,$a1
	jr	$ra
	sw	$v0,0($t0)


	.balign 4
procedure: .4byte count - 0x80000000
