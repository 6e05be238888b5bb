/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that end each in its own way: -DEND=fine, failed, panics, loops, deadlocks, triple_faults. */
	.text
	.balign 4
	.long 0x1BADB002, 0, -0x1BADB002        /* the multiboot header */
	.globl start
start:
	jmp END

fine:
	xorl %eax, %eax
	jmp shut_down
failed:
	movl $7, %eax
shut_down:
1:	nop
	.pushsection .muk_probes, "", @progbits
	.long 1b
	.byte 1
	.asciz "shutdown", "4@%eax"
	.popsection
	hlt

panics:
	movl $sentence, %eax
1:	nop
	.pushsection .muk_probes, "", @progbits
	.long 1b
	.byte 1
	.asciz "panic", "4@%eax"
	.popsection
deadlocks:
	cli
	hlt
	jmp deadlocks

loops:
	jmp loops

triple_faults:
	lidt nowhere
	int $3

sentence:
	.asciz "the test gave up"
nowhere:
	.word 0
	.long 0
