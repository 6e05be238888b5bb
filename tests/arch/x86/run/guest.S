/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of the run loop's tests, linked at 1 MiB; the rig (rig.c) makes descriptor and page tables.
 * A program begins at a symbol and ends in `done`, or in a user program by int $0x30.
 * Each trap is written to the log (LOG: count, then five words each: vector, error, eip, cs, cr2).
 */
#define LOG 0x20000
#define RESUME 0x20ff8      /* where a fault's handler returns to; 0: to the instruction */
#define MEND 0x20ffc        /* a page table entry that the fault handler sets present; 0: none */
#define DEMAND 0x20ff4      /* the table of user pages: each is made present and writable when it faults; 0: none */

	.text
	.globl done, handlers
done:
	cli
	hlt

/* Stubs of 16 bytes: vectors 0..63. Those without an error code push 0. */
	.balign 16
handlers:
	.set vector, 0
	.rept 64
	.balign 16
	.if (vector == 8) || (vector >= 10 && vector <= 14)
	.else
	push $0
	.endif
	push $vector
	jmp common
	.set vector, vector + 1
	.endr

	.balign 16
common:                         /* esp: vector error eip cs eflags */
	pusha
	push %ds
	mov $0x10, %eax
	mov %eax, %ds
	mov LOG, %eax
	incl LOG
	cmp $190, %eax           /* the log is full: its last entry is written over */
	jb 1f
	mov $190, %eax
1:	imul $20, %eax, %eax
	mov 36(%esp), %ecx
	mov %ecx, LOG+4(%eax)
	mov 40(%esp), %ecx
	mov %ecx, LOG+8(%eax)
	mov 44(%esp), %ecx
	mov %ecx, LOG+12(%eax)
	mov 48(%esp), %ecx
	mov %ecx, LOG+16(%eax)
	mov %cr2, %ecx
	mov %ecx, LOG+20(%eax)
	cmpl $0x30, 36(%esp)
	je done
	cmpl $0x33, 36(%esp)     /* forget all translations */
	jne 1f
	mov %cr3, %eax
	mov %eax, %cr3
	jmp 3f
1:	cmpl $0x20, 36(%esp)
	jne 1f
	mov $0x20, %al
	out %al, $0x20
	jmp 3f
1:	mov DEMAND, %eax
	test %eax, %eax
	jz 1f
	cmpl $14, 36(%esp)
	jne 1f
	mov %cr2, %ecx
	shr $12, %ecx
	and $0x3ff, %ecx
	orl $3, (%eax,%ecx,4)
	invlpg (%ecx)            /* another page: entries that were not present are in no TLB */
	mov %cr2, %ecx
	invlpg (%ecx)
	decl LOG                 /* not logged: there are many */
	jmp 3f
1:	mov MEND, %eax
	test %eax, %eax
	jz 2f
	orl $1, (%eax)
	movl $0, MEND
2:	mov RESUME, %eax
	test %eax, %eax
	jz 3f
	mov %eax, 44(%esp)
	movl $0, RESUME
3:	pop %ds
	popa
	add $8, %esp
	iret

/* --- sums: ecx loops over a table --- */
	.globl sums
sums:
	mov $1000, %ecx
	xor %eax, %eax
1:	add %ecx, %eax
	mov %eax, 0x30000(,%ecx,4)
	dec %ecx
	jnz 1b
	jmp done

/* --- a fault in the midst of a block; the handler mends the entry --- */
	.globl faulting, faulting_at
faulting:
	mov $5, %eax
	inc %eax
	inc %eax
faulting_at:
	incl 0x40003004
	inc %eax
	mov %eax, 0x30000
	jmp done

/* --- sti takes effect after the next instruction --- */
	.globl shadow, shadow_at
shadow:
	mov $7, %al
	out %al, $0x70           /* the interrupt line goes up */
	nop
	sti
	nop
shadow_at:
	cli
	nop
	jmp done

/* --- a loop under the timer --- */
	.globl timed
timed:
	sti
	mov $200000, %ecx
1:	dec %ecx
	jnz 1b
	jmp done

/* --- code that is written over: alone, and within the running block --- */
	.globl modifying, modified
modifying:
	mov $3, %esi
	xor %eax, %eax
1:	call modified
	incb modified+1
	dec %esi
	jnz 1b
	mov %eax, 0x30000
	xor %eax, %eax
	movb $9, 2f+1
2:	mov $1, %al
	mov %eax, 0x30004
	jmp done
	.balign 4096
modified:
	mov $1, %dl
	movzbl %dl, %edx
	add %edx, %eax
	ret

/* --- the same page holds code and data that it writes --- */
	.globl mixed
	.balign 4096
mixed:
	mov $300, %ecx
1:	incl mixed_data
	call 2f
	dec %ecx
	jnz 1b
	mov mixed_data, %eax
	mov %eax, 0x30000
	jmp done
2:	addl $2, mixed_data
	ret
mixed_data:
	.long 0

/* --- user programs --- */
	.globl user_short, user_short_at
user_short:
	mov $0x11, %eax
	mov %eax, 0x10
	mov $0x22, %ebx
user_short_at:
	mov %ebx, 0x2000
	int $0x30

	.globl user_calls
user_calls:
	mov $50, %esi
1:	int $0x31
	dec %esi
	jnz 1b
	int $0x30

/* --- strings compared --- */
	.globl strings
strings:
	cld
	mov $0x30000, %esi
	mov $0x31000, %edi
	mov $64, %ecx
	xor %eax, %eax
	repe cmpsb
	mov %ecx, 0x32000
	mov $0x30000, %edi
	mov $16, %ecx
	mov $0xff, %al
	repne scasb
	mov %ecx, 0x32004
	mov $0x30000, %esi
	mov $0x33000, %edi
	mov $16, %ecx
	rep movsb
	jmp done

/* --- an instruction across two pages, and a page that ends the mapping --- */
	.globl crossing, crossing_at
	.balign 4096
	.space 4096 - 14
crossing:
	mov $1, %eax             /* 5 */
	inc %eax                 /* 1 */
	inc %eax                 /* 1 */
	jmp 1f                   /* 2 */
	nop
1:
crossing_at:
	mov $0x12345678, %ebx    /* 5: two bytes in the next page */
	inc %ebx
	mov %ebx, 0x30000
	jmp done

/* --- single step by TF --- */
	.globl stepped
stepped:
	pushf
	orl $0x100, (%esp)
	popf
	nop
	nop
	pushf
	andl $~0x100, (%esp)
	popf
	nop
	jmp done

/* --- breakpoints: DR0 on breakpoint_at, DR1 on a write to 0x30008 --- */
	.globl breaking, breakpoint_at, breaking_after
breaking:
	mov $breakpoint_at, %eax
	mov %eax, %dr0
	mov $0x30008, %eax
	mov %eax, %dr1
	mov $0x00d0000a, %eax
	mov %eax, %dr7
	mov $1, %ecx
breakpoint_at:
	inc %ecx
	mov %ecx, 0x30008
breaking_after:
	xor %eax, %eax
	mov %eax, %dr7
	jmp done

/* --- division by zero, an undefined instruction --- */
	.globl dividing, dividing_at, undefined_at
dividing:
	movl $undefined_at, RESUME
	xor %ecx, %ecx
	mov $1, %eax
dividing_at:
	div %ecx
undefined_at:
	ud2
	jmp done
