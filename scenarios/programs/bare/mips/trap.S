/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entry, and the way into a trial and out of it: see cpu.h.
 *
 * The vectors are copied to 0x80000000 by main.c.  Of a trial's registers k0 and k1 are lost, as in any kernel.
 * Coprocessor 0 and loads are given their delay slots (KANE, chapter 5): no processor that needs them is offended.
 */
#include "generation_asm.h"

#define STATUS $12
#define CAUSE $13
#define EPC $14
#define BADVADDR $8
#define CONTEXT $4
#define ENTRY_HI $10

#define FRAME_HI 128
#define FRAME_LO 132
#define FRAME_PC 136
#define FRAME_STATUS 140
#define FRAME_ENTRY_HI 144
#define FRAME_VECTOR 148
#define FRAME_CAUSE 152
#define FRAME_ADDRESS 156
#define FRAME_CONTEXT 160
#define FRAME_SIZE 164

	.set noreorder
	.set noat
	.text
	.globl start
	.type start, @function
start:
	lui $sp, %hi(boot_stack_top)
	addiu $sp, $sp, %lo(boot_stack_top)
	addiu $sp, $sp, -16
	mtc0 $0, STATUS                 /* no interrupts, vectors in RAM */
	nop
	nop
	jal cpu_main                    /* argc, argv */
	nop
1:	b 1b
	nop
	.size start, . - start

/* The stubs at the vectors: 32 bytes each; k1 says which. */
	.globl vector_refill, vector_general
vector_refill:
	lui $k0, %hi(caught)
	addiu $k0, $k0, %lo(caught)
	jr $k0
	addiu $k1, $0, 0
	nop
	nop
	nop
	nop
vector_general:
	lui $k0, %hi(caught)
	addiu $k0, $k0, %lo(caught)
	jr $k0
	addiu $k1, $0, GENERAL_VECTOR
	nop
	nop
	nop
	nop

	.altmacro
	.macro save_one number
	sw $\number, (\number * 4)($k0)
	.endm
	.macro load_one number
	lw $\number, (\number * 4)($k0)
	.endm
	/* All registers but k0, k1 and, of `last` 30, ra. */
	.macro each what, first, last
	.set n, \first
	.rept \last - \first + 1
	\what %n
	.set n, n + 1
	.endr
	.endm

	.type caught, @function
caught:
	lui $k0, %hi(outcome)
	addiu $k0, $k0, %lo(outcome)
	sw $0, 0($k0)
	each save_one, 1, 25
	each save_one, 28, 31
	sw $k1, FRAME_VECTOR($k0)
	mfhi $t0
	mflo $t1
	sw $t0, FRAME_HI($k0)
	sw $t1, FRAME_LO($k0)
	mfc0 $t0, EPC
	mfc0 $t1, STATUS
	mfc0 $t2, ENTRY_HI
	mfc0 $t3, CAUSE
	mfc0 $t4, BADVADDR
	mfc0 $t5, CONTEXT
	nop
	sw $t0, FRAME_PC($k0)
	sw $t1, FRAME_STATUS($k0)
	sw $t2, FRAME_ENTRY_HI($k0)
	sw $t3, FRAME_CAUSE($k0)
	sw $t4, FRAME_ADDRESS($k0)
	sw $t5, FRAME_CONTEXT($k0)
	/* back to run()'s caller, in kernel mode without interrupts, whatever the exception has pushed */
	mtc0 $0, STATUS
	lui $k0, %hi(harness)
	addiu $k0, $k0, %lo(harness)
	each load_one, 16, 23
	lw $gp, 28*4($k0)
	lw $sp, 29*4($k0)
	lw $fp, 30*4($k0)
	lw $ra, 31*4($k0)
	nop
	jr $ra
	nop
	.size caught, . - caught

/* void run(const struct frame *frame) */
	.globl run
	.type run, @function
run:
	lui $k0, %hi(harness)
	addiu $k0, $k0, %lo(harness)
	each save_one, 16, 23
	each save_one, 28, 31
	move $k0, $a0
	lw $t0, FRAME_ENTRY_HI($k0)
	lw $t1, FRAME_HI($k0)
	mtc0 $t0, ENTRY_HI
	lw $t2, FRAME_LO($k0)
	mthi $t1
	mtlo $t2
	lw $t0, FRAME_STATUS($k0)
	lw $k1, FRAME_PC($k0)
	prepare_return                  /* t0: the trial's Status; t1, t2 are free */
	each load_one, 1, 25
	each load_one, 28, 31
	nop
	return_to_k1
	.size run, . - run

/* The whole of small caches is gone through: the R3000's by isolating them, the R4000's by its instruction. */
	.globl flush_code
	.type flush_code, @function
flush_code:
	flush_caches                    /* uses t0..t3 */
	jr $ra
	nop
	.size flush_code, . - flush_code

	.macro accessors what, register
	.globl read_\what, write_\what
read_\what:
	mfc0 $v0, \register
	nop
	jr $ra
	nop
write_\what:
	mtc0 $a0, \register
	nop
	nop
	nop
	jr $ra
	nop
	.endm
	accessors status, STATUS
	accessors cause, CAUSE

	.bss
	.balign 16
	.skip 8192
boot_stack_top:
harness:
	.skip 128
	.globl outcome
outcome:
	.skip FRAME_SIZE
