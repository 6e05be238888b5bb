/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways into the kernel and out of it, but for the short IPC path (ipc_fast.S).
 *
 * Every entry from a user comes with five words on the thread's own kernel stack, at its very end (ENTRY_FRAME).  The
 * kernel runs with interrupts off, and DS, ES flat; a user finds USER_DATA in DS and ES after an IPC, and what it had
 * after anything else.
 */
#include "arch/x86/l4/layout.h"
#include "arch/x86/l4/tcb_layout.h"

	.text

/* --- Exceptions, interrupts and kernel calls, by number --- */
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
	.irp	v, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 49, 50, 51, 52, 53, 54
	ENTRY	\v
	.endr

	.globl	trap_slow_49
	.set	trap_slow_49, entry_49

trap_common:
	pushal
	pushl	%ds
	pushl	%es
	pushl	%fs
	pushl	%gs
	movl	$KERNEL_DATA,%eax
	movl	%eax,%ds
	movl	%eax,%es
	cld
	pushl	%esp
	call	trap
	addl	$4,%esp
	popl	%gs
	popl	%fs
	popl	%es
	popl	%ds
	popal
	addl	$8,%esp
	.globl	trap_iret
trap_iret:
	iret

/* --- IPC that the short path leaves to C: registers to the TCB and back --- */
	.globl	ipc_slow, ipc_resume, ipc_iret
ipc_slow:
	pushl	%ebp
	pushl	%eax
	movl	$KERNEL_DATA,%eax
	movl	%eax,%ds
	movl	%eax,%es
	movl	%esp,%ebp
	andl	tcb_mask,%ebp
	popl	TCB_SEND(%ebp)
	popl	TCB_RECEIVE(%ebp)
	movl	%ecx,TCB_TIMEOUTS(%ebp)
	movl	%edx,TCB_WORD0(%ebp)
	movl	%ebx,TCB_WORD1(%ebp)
	movl	%esi,TCB_PARTNER_LOW(%ebp)
	movl	%edi,TCB_PARTNER_HIGH(%ebp)
	cld
	call	ipc
ipc_return:
	movl	%esp,%ebp
	andl	tcb_mask,%ebp
	movl	$USER_DATA,%eax
	movl	%eax,%es
	movl	%eax,%ds
	movl	%ss:TCB_DOPE(%ebp),%eax
	movl	%ss:TCB_WORD0(%ebp),%edx
	movl	%ss:TCB_WORD1(%ebp),%ebx
	movl	%ss:TCB_PARTNER_LOW(%ebp),%esi
	movl	%ss:TCB_PARTNER_HIGH(%ebp),%edi
	movl	%ss:TCB_MEANT_LOW(%ebp),%ecx
	movl	%ss:TCB_MEANT_HIGH(%ebp),%ebp
ipc_iret:
	iret

/* A thread that was waiting with nothing on its stack, and has been sent something the long way. */
ipc_resume:
	call	ipc_resumed
	jmp	ipc_return

/* --- Threads --- */
	.globl	switch_stack, thread_begin, thread_iret
switch_stack:
	movl	4(%esp),%eax
	movl	8(%esp),%edx
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	pushl	%ebp
	movl	%esp,(%eax)
	movl	%edx,%esp
	popl	%ebp
	popl	%edi
	popl	%esi
	popl	%ebx
	ret

thread_begin:
	movl	$USER_DATA,%eax
	movl	%eax,%ds
	movl	%eax,%es
	xorl	%eax,%eax
	xorl	%ebx,%ebx
	xorl	%ecx,%ecx
	xorl	%edx,%edx
	xorl	%esi,%esi
	xorl	%edi,%edi
	xorl	%ebp,%ebp
thread_iret:
	iret

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
	.long	0
	.irp	v, 49, 50, 51, 52, 53, 54
	.long	entry_\v
	.endr
	.rept	9
	.long	0
	.endr

	.section .note.GNU-stack,"",@progbits
