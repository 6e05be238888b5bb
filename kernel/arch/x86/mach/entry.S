/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways into the kernel and out of it.
 *
 *   1. An entry from user mode comes with the stack pointer at the end of the current thread's saved frame (TSS): its
 *      registers go there, and the kernel then runs on the thread's kernel stack, empty.  So a thread can give that
 *      stack away at any time, and user_exit finds everything in user_frame.
 *   2. The kernel runs with interrupts off.  The call gate does not do that: an interrupt may come between it and the
 *      first instruction of syscall_entry, and must find room below the frame (PCB_ROOM).
 *   3. DS and ES are USER_DATA in the kernel; who had others gets them back after a trap, and USER_DATA after a call.
 *      FS and GS stay the user's (pcb.c changes them with the thread).
 *   4. need_ast is looked at on each way to user mode, with interrupts off: none is missed.
 *
 * A null kernel call on this path, by symbol, so that each stage's cost can be told:
 *   syscall_entry      cli; the frame of the call gate made that of an interrupt; four registers; the other stack
 *   syscall_fetch      the arguments, a push each (none here)
 *   syscall_dispatch   the call through the table
 *   syscall_exit       need_ast; four registers; iret
 * A page fault: trap_common, trap_from_user, vm_fault, user_exit (thread_exception_return).
 */
#include "layout.h"
#include "pcb_layout.h"

	.text

/* --- Exceptions and interrupts --- */
	.macro ENTRY vector, has_error=0
entry_\vector:
	.if !\has_error
	pushl	$0
	.endif
	pushl	$\vector
	jmp	trap_common
	.endm

	.irp	v, 0, 1, 2, 3, 4, 5, 6, 7, 9, 16
	ENTRY	\v
	.endr
	.irp	v, 8, 10, 11, 12, 13, 14, 17
	ENTRY	\v, 1
	.endr
	.irp	v, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47
	ENTRY	\v
	.endr

trap_common:
	pushal
	pushl	%es
	pushl	%ds
	cmpw	$USER_DATA,FRAME_DS(%esp)
	jne	3f
	cmpw	$USER_DATA,FRAME_ES(%esp)
	jne	3f
1:	cld
	testb	$3,FRAME_CS(%esp)
	jz	2f
	movl	%esp,%eax
	movl	kernel_stack_top,%esp
	pushl	%eax
	call	trap_from_user
	jmp	user_exit
2:	cmpl	$syscall_entry,FRAME_EIP(%esp)
	je	4f
	pushl	%esp
	call	trap_from_kernel
	addl	$4 + 8,%esp
	popal
	addl	$8,%esp
	iret
3:	movl	$USER_DATA,%eax
	movl	%eax,%ds
	movl	%eax,%es
	jmp	1b
	/* between a call gate and its first instruction: the kernel stack is empty, and DS and ES need not come back */
4:	movl	%esp,%ebx
	movl	kernel_stack_top,%esp
	pushl	%ebx
	call	trap_from_kernel
	leal	8(%ebx),%esp
	popal
	addl	$8,%esp
	iret

/* --- Kernel calls: LCALL $7,$0 --- */
	.globl	syscall_entry, syscall_fetch, syscall_dispatch, syscall_exit, syscall_refuse
syscall_entry:
	cli
	pushl	(%esp)
	movl	$USER_CODE,4(%esp)
	pushfl
	popl	8(%esp)
	orl	$EFLAGS_IF,8(%esp)
	subl	$FRAME_EIP,%esp
	movl	%ebx,FRAME_EBX(%esp)
	movl	%ebp,FRAME_EBP(%esp)
	movl	%esi,FRAME_ESI(%esp)
	movl	%edi,FRAME_EDI(%esp)
	pushl	$EFLAGS_FIXED
	popfl
	movl	%ds,%ecx
	movl	%es,%edx
	cmpw	$USER_DATA,%cx
	jne	5f
	cmpw	$USER_DATA,%dx
	jne	5f
1:	movl	$USER_DATA,FRAME_DS(%esp)
	movl	$USER_DATA,FRAME_ES(%esp)
	movl	FRAME_ESP(%esp),%edx
	movl	kernel_stack_top,%esp
	cmpl	syscall_count,%eax
	jae	syscall_refuse
	movl	syscall_table + 4(,%eax,8),%ecx
	testl	%ecx,%ecx
	jz	syscall_dispatch
	cmpl	$(USER_END - 64),%edx
	ja	syscall_refuse
syscall_fetch:
	pushl	(%edx,%ecx,4)		/* may fault: trap.c knows this place */
	decl	%ecx
	jnz	syscall_fetch
syscall_dispatch:
	call	*syscall_table(,%eax,8)
syscall_exit:
	cmpb	$0,need_ast
	jne	6f
	movl	user_frame,%esp
	movl	FRAME_EBX(%esp),%ebx
	movl	FRAME_EBP(%esp),%ebp
	movl	FRAME_ESI(%esp),%esi
	movl	FRAME_EDI(%esp),%edi
	addl	$FRAME_EIP,%esp
	iret
5:	movl	$USER_DATA,%ecx
	movl	%ecx,%ds
	movl	%ecx,%es
	jmp	1b
6:	movl	user_frame,%ecx
	movl	%eax,FRAME_EAX(%ecx)
	jmp	user_exit
syscall_refuse:
	movl	$SYSCALL_REFUSED,%eax
	jmp	syscall_exit

	/* thread_syscall_return(result) */
	.globl	thread_syscall_return
thread_syscall_return:
	movl	4(%esp),%eax
	jmp	syscall_exit

/* --- Out, by the saved frame --- */
	.globl	user_exit, load_user_context, thread_exception_return
thread_exception_return:
user_exit:
	cmpb	$0,need_ast
	jne	2f
load_user_context:
	movl	user_frame,%esp
	cmpw	$USER_DATA,FRAME_DS(%esp)
	jne	1f
	cmpw	$USER_DATA,FRAME_ES(%esp)
	jne	1f
	addl	$8,%esp
	popal
	addl	$8,%esp
	iret
1:	movw	FRAME_ES(%esp),%es
	movl	%esp,%ebp
	movw	FRAME_DS(%esp),%ds
	leal	8(%ebp),%esp
	popal
	addl	$8,%esp
	iret
2:	movl	kernel_stack_top,%esp
	call	thread_ast_taken
	jmp	user_exit

/* --- Switching --- */
	.globl	switch_stacks, stack_begin, call_continuation
	/* switch_stacks(uint32_t *save, uint32_t load, struct thread *old): old, in the context that gave `load` */
switch_stacks:
	movl	4(%esp),%ecx
	movl	8(%esp),%edx
	movl	12(%esp),%eax
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	pushl	%ebp
	movl	%esp,(%ecx)
	movl	%edx,%esp
	popl	%ebp
	popl	%edi
	popl	%esi
	popl	%ebx
	ret

	/* what stack_attach leads to: EBX(old) */
stack_begin:
	pushl	%eax
	call	*%ebx
	ud2

call_continuation:
	movl	4(%esp),%eax
	movl	kernel_stack_top,%esp
	xorl	%ebp,%ebp
	call	*%eax
	ud2

/* --- Copying to and from users --- */
	.globl	copy_user, copy_user_words, copy_user_bytes, copy_user_failed
	/* bool copy_user(void *to, const void *from, size_t bytes): trap.c knows where it may fault */
copy_user:
	pushl	%esi
	pushl	%edi
	movl	12(%esp),%edi
	movl	16(%esp),%esi
	movl	20(%esp),%ecx
	movl	%ecx,%edx
	shrl	$2,%ecx
copy_user_words:
	rep movsl
	movl	%edx,%ecx
	andl	$3,%ecx
	jz	1f
copy_user_bytes:
	rep movsb
1:	movl	$1,%eax
	popl	%edi
	popl	%esi
	ret
copy_user_failed:
	xorl	%eax,%eax
	popl	%edi
	popl	%esi
	ret

/* --- The table of entries --- */
	.section .rodata
	.balign	4
	.globl	trap_entry
trap_entry:
	.irp	v, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
	.long	entry_\v
	.endr
	.long	0, entry_16, entry_17
	.rept	14
	.long	0
	.endr
	.irp	v, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47
	.long	entry_\v
	.endr

	.section .note.GNU-stack,"",@progbits
