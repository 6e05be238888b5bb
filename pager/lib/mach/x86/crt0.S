/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where programs and threads begin.
 *
 * A program's first thread finds on its stack argc, argv[0] .. argv[argc - 1], 0.  Others (stack_prepare) find a
 * function, which never returns, and its frame.
 */
	.text
	.globl start
	.type start, @function
start:
	movl (%esp), %eax
	leal 4(%esp), %edx
	xorl %ebp, %ebp
	pushl %edx
	pushl %eax
	call program_begin
1:	jmp 1b
	.size start, . - start

	.globl thread_begin
	.type thread_begin, @function
thread_begin:
	xorl %ebp, %ebp
	ret
	.size thread_begin, . - thread_begin

/* stack_call(stack pointer, function): goes on in function, on another stack. */
	.globl stack_call
	.type stack_call, @function
stack_call:
	movl 8(%esp), %eax
	movl 4(%esp), %esp
	call *%eax
1:	jmp 1b
	.size stack_call, . - stack_call
	.section .note.GNU-stack, "", @progbits
