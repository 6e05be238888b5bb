/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program begins with sp 0: the first thing that it needs is a stack, with room for a function's arguments. */
	.set	noreorder
	.text
	.globl	start
	.type	start, @function
start:
	lui	$sp, %hi(first_stack_top - 16)
	addiu	$sp, $sp, %lo(first_stack_top - 16)
	jal	program_begin
	move	$fp, $zero
1:	b	1b
	nop
	.size	start, . - start

/* Where threads and tasks of the program begin: function and argument lie on the stack. */
	.globl	thread_begin
	.type	thread_begin, @function
thread_begin:
	lw	$t9, 0($sp)
	lw	$a0, 4($sp)
	jalr	$t9
	addiu	$sp, $sp, -16
	jal	thread_end
	nop
1:	b	1b
	nop
	.size	thread_begin, . - thread_begin

	.bss
	.balign	4096
	.space	8192
first_stack_top:
	.section .note.GNU-stack, "", @progbits
