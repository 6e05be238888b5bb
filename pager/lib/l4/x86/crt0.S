/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program begins with ESP 0: the first thing that it needs is a stack. */
	.text
	.globl start
	.type start, @function
start:
	movl $first_stack_top, %esp
	xorl %ebp, %ebp
	call program_begin
1:	jmp 1b
	.size start, . - start

/* Where threads and tasks of the program begin: function and argument lie on the stack. */
	.globl thread_begin
	.type thread_begin, @function
thread_begin:
	popl %eax
	call *%eax
	call thread_end
1:	jmp 1b
	.size thread_begin, . - thread_begin

	.bss
	.balign 4096
	.skip 8192
first_stack_top:
	.section .note.GNU-stack, "", @progbits
