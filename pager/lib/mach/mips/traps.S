/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's traps as functions (mach/syscalls.h): number in v0, arguments where the caller put them. */
	.text
	.set noreorder
	.macro trap number, name
	.globl \name
	.ent \name
\name:
	li	$2, \number
	syscall
	jr	$31
	nop
	.end \name
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
	trap 62, mips_restartable
	.section .note.GNU-stack, "", @progbits
