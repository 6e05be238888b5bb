/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entry, and the way into a trial and out of it: see cpu.h.
 *
 * A double fault comes by a task gate, since a trial may leave no stack to push to; so do faults that trials of
 * task switches provoke (fault_task).
 */
	.section .multiboot, "a"
	.balign 4
	.long 0x1BADB002, 0x00000003, -(0x1BADB002 + 0x00000003)

	.text
	.globl start
start:
	cld
	movl $boot_stack_top, %esp
	xorl %ebp, %ebp
	pushl %ebx                      /* the multiboot information */
	call cpu_main
1:	cli
	hlt
	jmp 1b

/* void load_tables(const void *gdt_register, const void *idt_register) */
	.globl load_tables
load_tables:
	movl 4(%esp), %eax
	lgdt (%eax)
	movl 8(%esp), %eax
	lidt (%eax)
	ljmp $0x08, $1f
1:	movw $0x10, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %fs
	movw %ax, %gs
	movw %ax, %ss
	movw $0x38, %ax
	ltr %ax
	ret

/*
 * void run_trial(const struct frame *frame): the trial's registers are put on the stack that it will have (ring 0) or
 * on ours (outer rings), and taken from there without another look at memory.
 */
	.globl run_trial
run_trial:
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl 20(%esp), %esi
	movl %esp, harness_esp
	testb $3, 60(%esi)              /* cs */
	jnz 1f
	movl 68(%esi), %esp             /* esp: iret within ring 0 takes no stack */
	movl $17, %ecx                  /* edi .. eflags */
	jmp 2f
1:	movl $19, %ecx                  /* .. esp, ss */
2:	leal (,%ecx,4), %edx
	subl %edx, %esp
	movl %esp, %edi
	rep movsl
	popal
	popl %gs
	popl %fs
	popl %es
	popl %ds
	addl $8, %esp                   /* vector, error */
	iret

/* The trap stubs: 16 bytes each, vectors 0 .. 0x5f. */
	.globl trap_stubs
	.balign 16, 0xcc
trap_stubs:
	.set vector, 0
	.rept 0x60
	.balign 16, 0xcc
	.if (vector == 8) || ((vector >= 10) && (vector <= 14)) || (vector == 17)
	.else
	pushl $0
	.endif
	pushl $vector
	jmp caught_here
	.set vector, vector + 1
	.endr

caught_here:
	cld
	pushl %ds
	pushl %es
	pushl %fs
	pushl %gs
	pushal
	movw $0x10, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %fs
	movw %ax, %gs
	movl %esp, %esi
	movl $outcome, %edi
	movl $19, %ecx
	rep movsl
	testb $3, outcome + 60
	jnz come_back
	leal 68(%esp), %eax             /* from ring 0: no stack pointer was pushed */
	movl %eax, outcome + 68
	movl %ss, %eax
	movl %eax, outcome + 72
come_back:
	movw $0x10, %ax
	movw %ax, %ss
	movl harness_esp, %esp
	pushl $2
	popfl
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	ret

/* Where a gate to any ring may lead: it ends the trial, with the stack of that ring seen in the outcome. */
	.globl gate_entry
gate_entry:
	int $0x40

/*
 * The task behind the task gates: it reads the outcome from the TSS of the task that faulted, which its back link
 * names, sets what is saved there to come_back, and returns.  An error code is on its stack; task_vector says of what.
 */
	.globl fault_task
fault_task:
	popl outcome + 52
	movl task_vector, %eax
	movl %eax, outcome + 48
	movl $tss_main, %ebx
	cmpw $0x38, tss_fault
	je 1f
	movl $tss_other, %ebx
1:	movl 32(%ebx), %eax             /* eip */
	movl %eax, outcome + 56
	movl 76(%ebx), %eax             /* cs */
	movl %eax, outcome + 60
	movl 36(%ebx), %eax             /* eflags */
	movl %eax, outcome + 64
	movl 56(%ebx), %eax             /* esp */
	movl %eax, outcome + 68
	movl 80(%ebx), %eax             /* ss */
	movl %eax, outcome + 72
	movl $come_back, 32(%ebx)
	movl $2, 36(%ebx)
	movl $0x08, 76(%ebx)
	movl $0x10, 80(%ebx)
	movl $0x10, 84(%ebx)            /* ds, es, fs, gs */
	movl $0x10, 72(%ebx)
	movl $0x10, 88(%ebx)
	movl $0x10, 92(%ebx)
	movl $0, 96(%ebx)               /* ldt */
	movl $boot_stack_top, 56(%ebx)
	iret                            /* NT is set: back to the task that faulted */
	jmp fault_task                  /* where this task goes on when it is entered again */

	.bss
	.balign 16
	.skip 8192
boot_stack_top:
harness_esp:
	.skip 4
	.globl outcome
outcome:
	.skip 76

	.section .note.GNU-stack, "", @progbits
