/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first instructions: the loader jumps here, in kseg0, with its four words in a0 to a3 (loader.h).  Whatever it
 * left in Status, from here on it is kernel mode, interrupts off, vectors in memory.
 */
#include "cp0.h"
#include "layout.h"

#ifndef BOOT_TABLES_SECTION		/* a kernel whose bss is not free yet has them in its data */
#define BOOT_TABLES_SECTION .bss
#endif

	.set	noreorder
	.set	noat
	.text
	.globl	boot
boot:
	CPU_BEGIN
	lui	$t0, %hi(boot_words)
	addiu	$t0, $t0, %lo(boot_words)
	sw	$a0, 0($t0)
	sw	$a1, 4($t0)
	sw	$a2, 8($t0)
	sw	$a3, 12($t0)
	move	$a0, $t0
	lui	$sp, %hi(boot_stack + BOOT_STACK_SIZE - 16)
	addiu	$sp, $sp, %lo(boot_stack + BOOT_STACK_SIZE - 16)
	move	$fp, $zero
	jal	kernel_begin_in_c
	move	$ra, $zero
1:	b	1b
	nop

	.data
	.balign	4
boot_words:
	.space	16

	.section BOOT_TABLES_SECTION, "aw", @nobits
	.balign	4096
	.globl	boot_stack
boot_stack:
	.space	BOOT_STACK_SIZE

	.section .note.GNU-stack, "", @progbits
