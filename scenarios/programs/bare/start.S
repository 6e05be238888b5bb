/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entry of a program without a kernel: multiboot header, stack, and the trap
 * stubs.  The loader enters in protected mode with flat segments, paging off,
 * interrupts off, EBX the information structure.
 */
	.section .multiboot, "a"
	.balign 4
	.long 0x1BADB002
	.long 0x00000003                /* modules page-aligned, memory sizes wanted */
	.long -(0x1BADB002 + 0x00000003)

	.text
	.globl start
	.type start, @function
start:
	cld
	movl $boot_stack_top, %esp
	xorl %ebp, %ebp
	pushl %ebx
	call bare_main
1:	cli
	hlt
	jmp 1b
	.size start, . - start

/*
 * Faults end the program: each stub leaves its number and, where the processor
 * pushes none, an error code of 0.
 */
	.macro stub vector
	.balign 16, 0xcc
	.if (\vector == 8) || ((\vector >= 10) && (\vector <= 14)) || (\vector == 17)
	.else
	pushl $0
	.endif
	pushl $\vector
	jmp fault_common
	.endm

	.globl fault_stubs
	.balign 16, 0xcc
fault_stubs:
	.set v, 0
	.rept 32
	stub v
	.set v, v + 1
	.endr

	.type fault_common, @function
fault_common:
	movl %esp, %eax                 /* vector, error, eip, cs, eflags */
	pushl %eax
	movw $0x10, %ax
	movw %ax, %ds
	movw %ax, %es
	call bare_fault
1:	hlt
	jmp 1b
	.size fault_common, . - fault_common

/* The shortest handler there is: what a trap costs by itself (L95 §4.1.1). */
	.globl trap_return_at_once
	.type trap_return_at_once, @function
	.balign 16, 0xcc
trap_return_at_once:
	iret
	.size trap_return_at_once, . - trap_return_at_once

/* A user program's last call: back to ring 0, to bare_user_done on a fresh stack. */
	.globl trap_user_done
	.type trap_user_done, @function
trap_user_done:
	movw $0x10, %ax
	movw %ax, %ds
	movw %ax, %es
	movl user_return_stack, %esp
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	ret
	.size trap_user_done, . - trap_user_done

/* void bare_call_ring(void (*function)(void), uint32_t code, uint32_t data, uint32_t stack) */
	.globl bare_call_ring
	.type bare_call_ring, @function
bare_call_ring:
	movl 4(%esp), %eax
	movl 8(%esp), %ecx
	movl 12(%esp), %edx
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl %esp, user_return_stack
	movl 32(%esp), %ebx             /* the stack of the ring */
	movw %dx, %ds
	movw %dx, %es
	pushl %edx
	pushl %ebx
	pushl $2                        /* EFLAGS: interrupts off */
	pushl %ecx
	pushl %eax
	iret
	.size bare_call_ring, . - bare_call_ring

	.section .stack, "aw", @nobits
	.skip 4096
boot_stack_top:

	.bss
	.balign 4
user_return_stack:
	.skip 4

	.section .note.GNU-stack, "", @progbits
