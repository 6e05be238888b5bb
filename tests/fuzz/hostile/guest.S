/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hostile guest's fixed part: it starts the chunks one after another, and
 * takes every trap that they bring about.
 *
 *   start --> next --iret--> chunk --trap--> common --mended or ticked--> the same chunk
 *              ^                               |
 *              '--------anything else----------'--so many traps--> done
 */
#include "tests/fuzz/hostile/layout.h"
#define OFFSET_IRET 48 /* in the common handler's frame: eip, cs, eflags */

	.text
	.globl _start
	.balign 4
	.long 0x1badb002, 0, -0x1badb002

_start:
	mov $HOSTILE_STACK_0, %esp
	lgdt WORLD_GDTR
	lidt WORLD_IDTR
	ljmp $SELECT_CODE_0, $1f
1:	mov $SELECT_DATA_0, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %ss
	mov $SELECT_TSS, %eax
	ltr %ax
	mov $SELECT_LDT, %eax
	lldt %ax
	mov $0x11, %al           /* the interrupt controllers: vectors 0x20 and 0x28 */
	out %al, $0x20
	out %al, $0xa0
	mov $0x20, %al
	out %al, $0x21
	mov $0x28, %al
	out %al, $0xa1
	mov $4, %al
	out %al, $0x21
	mov $2, %al
	out %al, $0xa1
	mov $1, %al
	out %al, $0x21
	out %al, $0xa1
	mov WORLD_MASK, %al
	out %al, $0x21
	mov $0x34, %al           /* the timer */
	out %al, $0x43
	mov WORLD_TIMER, %al
	out %al, $0x40
	mov WORLD_TIMER + 1, %al
	out %al, $0x40
	mov WORLD_CR3, %eax
	mov %eax, %cr3
	mov WORLD_CR0, %eax
	mov %eax, %cr0
	jmp next

	. = HOSTILE_STUBS - HOSTILE_START
	.set vector, 0
	.rept 256
	.balign 16
	.if (vector != 8) && (vector < 10 || vector > 14) && vector != 17
	push $0
	.endif
	pushl $vector
	jmp common
	.set vector, vector + 1
	.endr

	. = HOSTILE_COMMON - HOSTILE_START
common:
	pusha
	push %ds
	push %es
	mov $SELECT_DATA_0, %eax
	mov %eax, %ds
	mov %eax, %es
	cld
	incl WORLD_TRAPS
	mov WORLD_TRAPS, %edx
	cmp WORLD_MOST, %edx
	jae done
	mov 40(%esp), %eax
	cmp $1, %eax
	je debug
	cmp $14, %eax
	je page_fault
	sub $0x20, %eax
	cmp $0x10, %eax
	jb interrupt
	jmp next

debug:                           /* the program keeps its traps for a while */
	test $15, %dl
	jz next
	orl $0x10000, OFFSET_IRET+8(%esp)
	jmp resume

page_fault:
	mov %cr2, %ecx
	shr $12, %ecx
	cmp $0x100, %ecx         /* what is below the guest stays away */
	jb next
	cmp $0x800, %ecx
	jae next
	test %edx, WORLD_MEND
	jnz next
	orl $7, HOSTILE_TABLES(,%ecx,4)
	mov %cr3, %eax
	mov %eax, %cr3
	jmp resume

interrupt:
	mov $0x20, %al
	out %al, $0x20
	out %al, $0xa0
	test $31, %dl
	jz next
resume:
	pop %es
	pop %ds
	popa
	add $8, %esp
	iret

	. = HOSTILE_FAULT - HOSTILE_START
/* The task of double faults is left for the first one again. */
double_fault:
	incl WORLD_TRAPS
	mov WORLD_TRAPS, %edx
	cmp WORLD_MOST, %edx
	jae done
	lgdt WORLD_GDTR
	andb $0xfd, HOSTILE_GDT + SELECT_TSS + 5
	andb $0xfd, HOSTILE_GDT + SELECT_TSS_FAULT + 5
	mov $SELECT_TSS, %eax
	ltr %ax
next:
	mov $HOSTILE_STACK_0, %esp
	pushl $2
	popf
	mov WORLD_NEXT, %ebx
	incl WORLD_NEXT
	and $(HOSTILE_CHUNKS - 1), %ebx
	shl $6, %ebx
	add $WORLD_CHUNK, %ebx
	cmpl $0, CHUNK_RESTORE(%ebx)
	je 1f
	lgdt WORLD_GDTR
	lidt WORLD_IDTR
	mov WORLD_CR3, %eax
	mov %eax, %cr3
	mov WORLD_CR0, %eax
	mov %eax, %cr0
	xor %eax, %eax
	mov %eax, %dr7
1:	testl $3, CHUNK_CS(%ebx)
	jnz 2f
	mov CHUNK_SS(%ebx), %ss
	mov CHUNK_ESP(%ebx), %esp
	jmp 3f
2:	pushl CHUNK_SS(%ebx)
	pushl CHUNK_ESP(%ebx)
3:	pushl CHUNK_EFLAGS(%ebx)
	pushl CHUNK_CS(%ebx)
	pushl CHUNK_EIP(%ebx)
	pushl CHUNK_GS(%ebx)
	pushl CHUNK_FS(%ebx)
	pushl CHUNK_ES(%ebx)
	pushl CHUNK_DS(%ebx)
	mov WORLD_REGISTERS, %eax
	mov WORLD_REGISTERS + 4, %ecx
	mov WORLD_REGISTERS + 8, %edx
	mov WORLD_REGISTERS + 12, %ebx
	mov WORLD_REGISTERS + 16, %ebp
	mov WORLD_REGISTERS + 20, %esi
	mov WORLD_REGISTERS + 24, %edi
	pop %ds
	pop %es
	pop %fs
	pop %gs
	iret

done:
	cli
	hlt
	jmp done

	. = HOSTILE_END - HOSTILE_START /* room for what world.c puts there */
