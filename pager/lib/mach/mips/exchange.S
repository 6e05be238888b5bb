/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * natural_t exchange(volatile natural_t *word, natural_t value): the task's restartable sequence (machine.h).  Another
 * thread that runs between its load and its store has the kernel set this one back from the second instruction to the
 * first (mips_restartable); the store is in the jump's slot, whose exceptions are the jump's.
 */
	.text
	.set noreorder
	.globl exchange
	.ent exchange
exchange:
	lw	$2, 0($4)
	jr	$31
	sw	$5, 0($4)
	.end exchange
	.section .note.GNU-stack, "", @progbits
