/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where programs and threads begin.
 *
 * A program's first thread finds on its stack argc, argv[0] .. argv[argc - 1], 0.  Others (stack_prepare) find a
 * function, which never returns, and its frame: the address 0 to return to, and the argument.
 *
 * A function of C wants a stack pointer that is a multiple of 8, and 16 bytes above it for its arguments.
 */
	.text
	.set noreorder
	.globl start
	.ent start
start:
	lw	$4, 0($29)
	addiu	$5, $29, 4
	addiu	$29, $29, -16
	jal	program_begin
	move	$30, $0
1:	b	1b
	nop
	.end start

	.globl thread_begin
	.ent thread_begin
thread_begin:
	lw	$25, 0($29)
	lw	$4, 8($29)
	addiu	$29, $29, -20		/* 12 bytes below a multiple of 8 until now */
	move	$30, $0
	jr	$25
	move	$31, $0
	.end thread_begin

	/* stack_call(stack pointer, function): goes on in function, on another stack. */
	.globl stack_call
	.ent stack_call
stack_call:
	jalr	$5
	addiu	$29, $4, -16
1:	b	1b
	nop
	.end stack_call
	.section .note.GNU-stack, "", @progbits
