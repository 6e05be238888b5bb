/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's traps as functions (mach/syscalls.h): number in EAX, arguments where the caller put them. */
	.text
	.macro trap number, name
	.globl \name
	.type \name, @function
\name:
	movl $\number, %eax
	lcall $7, $0
	ret
	.size \name, . - \name
	.endm

	trap 17, mach_null
	trap 25, mach_msg_trap
	trap 26, mach_reply_port
	trap 27, mach_thread_self
	trap 28, mach_task_self
	trap 29, mach_host_self
	trap 59, swtch_pri
	trap 60, swtch
	trap 61, thread_switch
	.section .note.GNU-stack, "", @progbits
